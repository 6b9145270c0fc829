//! `asdf refs`, `ls --chunks` and `convert --chunk-rows`: where the bytes of arrays are.

use crate::bench::{Done, workspace};
use crate::many::{copy, run};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

const ROMAN: &str = "test-data/made/roman_exposure.asdf";

fn document(done: &Done) -> Value {
    serde_json::from_str(&done.out)
        .unwrap_or_else(|error| panic!("{error}: {:.300} {}", done.out, done.err))
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(ROMAN, &folder.path().join("a.asdf"));
    folder
}

/// Makes a file whose chunks are so many rows.
fn by_rows(folder: &Path, from: &str, to: &str, codec: &str, rows: &str) -> Done {
    run(
        folder,
        &[
            "convert",
            from,
            to,
            "--compress",
            codec,
            "--chunk-rows",
            rows,
        ],
    )
}

fn text(refs: &Value, key: &str) -> Value {
    serde_json::from_str(refs["refs"][key].as_str().unwrap()).unwrap()
}

/// The bytes that a reference names.
fn bytes(folder: &Path, reference: &Value) -> Vec<u8> {
    let number = |place: usize| usize::try_from(reference[place].as_u64().unwrap()).unwrap();
    let name = reference[0].as_str().unwrap().rsplit('/').next().unwrap();
    let all = fs::read(folder.join(name)).unwrap();
    all[number(1)..number(1) + number(2)].to_vec()
}

#[test]
fn raw_elements_are_found_where_references_say() {
    let folder = folder();
    let at = folder.path();
    let done = run(at, &["convert", "a.asdf", "raw.asdf", "--compress", "none"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let done = run(at, &["refs", "raw.asdf"]);
    let refs = document(&done);
    assert_eq!(refs["version"], 1);
    let array = text(&refs, "roman/data/.zarray");
    assert_eq!(
        array,
        json!({
            "zarr_format": 2, "shape": [64, 64], "chunks": [64, 64], "dtype": "<f4", "compressor": null,
            "fill_value": null, "order": "C", "filters": null,
        })
    );
    assert_eq!(
        text(&refs, "roman/data/.zattrs")["_ARRAY_DIMENSIONS"],
        json!(["n64", "n64_2"])
    );
    assert_eq!(text(&refs, "roman/.zgroup"), json!({ "zarr_format": 2 }));
    // The digests are those that the reference gives of the elements.
    let expected = fs::read(workspace().join(format!("{ROMAN}.expected.json"))).unwrap();
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let known = |path: &str| {
        let arrays = expected["arrays"].as_array().unwrap();
        let found = arrays.iter().find(|array| array["path"] == path).unwrap();
        found["sha256"].as_str().unwrap().to_owned()
    };
    for path in ["roman/data", "roman/dq", "roman/err", "roman/amp33"] {
        let axes = text(&refs, &format!("{path}/.zarray"))["shape"]
            .as_array()
            .unwrap()
            .len();
        let key = vec!["0"; axes].join(".");
        let own = bytes(at, &refs["refs"][format!("{path}/{key}")]);
        let digest: String = Sha256::digest(own)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(digest, known(&format!("/{path}")), "{path}");
    }
}

#[test]
fn chunks_of_lz4_are_what_numcodecs_takes() {
    let folder = folder();
    let at = folder.path();
    let done = by_rows(at, "a.asdf", "rows.asdf", "lz4", "auto");
    assert_eq!(done.code, Some(0), "{}", done.err);
    let refs = document(&run(
        at,
        &["refs", "rows.asdf", "--url", "s3://bucket/night"],
    ));
    let array = text(&refs, "roman/data/.zarray");
    assert_eq!(array["filters"][0]["id"], "lz4");
    assert_eq!(array["compressor"], Value::Null);
    let reference = &refs["refs"]["roman/data/0.0"];
    assert_eq!(reference[0], "s3://bucket/night/rows.asdf");
    // Four bytes, little-endian, are the decoded size: 64 x 64 elements of 4 bytes.
    let own = bytes(at, reference);
    assert_eq!(own[..4], 16_384_u32.to_le_bytes());
    let list = document(&run(at, &["ls", "--json", "--chunks", "rows.asdf"]));
    let entry = |path: &str| {
        let arrays = list.as_array().unwrap();
        arrays
            .iter()
            .find(|entry| entry["path"] == path)
            .unwrap()
            .clone()
    };
    let data = entry("/roman/data");
    assert_eq!(
        data["chunks"],
        json!([[reference[1], reference[2], 16_384]])
    );
    // ASDF's own length of the chunk stands before it.
    assert_eq!(
        data["offset"].as_u64().unwrap() + 4,
        reference[1].as_u64().unwrap()
    );
    assert_eq!(
        (&data["strides"], &data["array_offset"]),
        (&json!([256, 4]), &json!(0))
    );
}

#[test]
fn rows_of_chunks_must_divide_those_of_the_array() {
    let folder = folder();
    let at = folder.path();
    let done = by_rows(at, "a.asdf", "b.asdf", "lz4", "16");
    assert_eq!(done.code, Some(2), "{}", done.err);
    assert!(
        done.err.contains("16 does not divide the 72 rows"),
        "{}",
        done.err
    );
    assert!(!at.join("b.asdf").exists());
}

#[test]
fn chunks_have_the_rows_that_were_asked_for() {
    let folder = folder();
    let at = folder.path();
    let done = run(
        at,
        &["convert", "a.asdf", "part.asdf", "--path", "roman.data"],
    );
    assert_eq!(done.code, Some(0), "{}", done.err);
    let before = document(&run(at, &["ls", "--json", "--digest", "part.asdf"]));
    for codec in ["lz4", "zstd", "blsc"] {
        let name = format!("{codec}.asdf");
        let done = by_rows(at, "part.asdf", &name, codec, "16");
        assert_eq!(done.code, Some(0), "{codec}: {}", done.err);
        let list = document(&run(at, &["ls", "--json", "--digest", "--chunks", &name]));
        assert_eq!(list[0]["sha256"], before[0]["sha256"], "{codec}");
        let chunks = list[0]["chunks"].as_array().unwrap().clone();
        let decoded: Vec<u64> = chunks
            .iter()
            .map(|chunk| chunk[2].as_u64().unwrap())
            .collect();
        assert_eq!(decoded, [4096; 4], "{codec}");
        let refs = document(&run(at, &["refs", &name]));
        let (key, _) = refs["refs"]
            .as_object()
            .unwrap()
            .iter()
            .find(|(key, _)| key.ends_with("/3.0"))
            .unwrap();
        assert_eq!(refs["refs"][key][2], chunks[3][1], "{codec}");
    }
    let done = by_rows(at, "part.asdf", "z.asdf", "zlib", "16");
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("zlib has no chunks"), "{}", done.err);
}

#[test]
fn what_cannot_be_referenced_is_named() {
    let folder = folder();
    let at = folder.path();
    for name in ["mask_number", "record_simple"] {
        copy(
            &format!("test-data/made/{name}.asdf"),
            &at.join(format!("{name}.asdf")),
        );
    }
    let done = run(at, &["refs", "mask_number.asdf"]);
    assert_eq!(done.code, Some(1), "{}", done.err);
    assert!(done.err.contains("left out: it has a mask"), "{}", done.err);
    // Version 3 has no records.
    let done = run(at, &["refs", "record_simple.asdf", "--v3"]);
    assert_eq!(done.code, Some(1), "{}", done.err);
    assert!(
        done.err.contains("Zarr 3 has no datatype for it"),
        "{}",
        done.err
    );
    let done = run(at, &["refs", "record_simple.asdf"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let done = run(at, &["refs", "no-such.asdf"]);
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""));
}

#[test]
fn several_files_are_groups_of_one_document() {
    let folder = folder();
    let at = folder.path();
    copy(ROMAN, &at.join("night/sub/b.asdf"));
    let done = run(
        at,
        &[
            "refs",
            "a.asdf",
            "night",
            "--url",
            "https://x.org/d/",
            "--v3",
            "-o",
            "refs.json",
        ],
    );
    assert_eq!(done.code, Some(0), "{}", done.err);
    let refs: Value = serde_json::from_slice(&fs::read(at.join("refs.json")).unwrap()).unwrap();
    assert_eq!(
        refs["refs"]["sub/b/roman/data/c/0/0"][0],
        "https://x.org/d/sub/b.asdf"
    );
    let array = text(&refs, "a/roman/data/zarr.json");
    assert_eq!(
        (&array["data_type"], &array["shape"]),
        (&json!("float32"), &json!([64, 64]))
    );
    assert_eq!(text(&refs, "zarr.json")["node_type"], "group");
    let done = run(at, &["refs", "a.asdf", "-o", "refs.json"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("--force overwrites it"), "{}", done.err);
}
