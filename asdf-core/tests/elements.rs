//! Elements of arrays are set as numpy would set them, or the change is refused (spec-notes U-13 to U-17).
#![expect(clippy::unwrap_used, clippy::too_many_lines, reason = "a test")]

use asdf_core::array::{ByteOrder, Datatype, Field, NewArray, Scalar, Slice};
use asdf_core::block::{Compression, Verdict};
use asdf_core::file::{Storage, Updated};
use asdf_core::tree::Tree;
use asdf_core::{AsdfFile, Draft, OpenOptions, WriteOptions};
use std::io::Cursor;
use std::path::Path;

type Result = std::result::Result<(), Box<dyn std::error::Error>>;

fn written(draft: &Draft<'_>) -> AsdfFile {
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &WriteOptions::default()).unwrap();
    let options = OpenOptions::default();
    options.read_bytes(sink.into_inner(), "x.asdf").unwrap()
}

fn with_array(array: NewArray<'_>, storage: &Storage) -> AsdfFile {
    let mut draft = Draft::new();
    draft.set_array("a", array, storage).unwrap();
    written(&draft)
}

fn slices(text: &str) -> Vec<Slice> {
    Slice::parse_list(text).unwrap()
}

/// A value as a person types it.
fn value(text: &str) -> Tree {
    let text = format!("%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n---\nv: {text}\n...\n");
    Tree::parse(
        text.as_bytes(),
        0,
        &asdf_core::Limits::default(),
        &mut Vec::new(),
    )
    .unwrap()
}

/// The elements as JSON after a part of them was set.
fn after(file: &AsdfFile, part: &str, to: &str) -> std::result::Result<String, String> {
    let mut draft = file.to_draft();
    let value = value(to);
    draft
        .set_elements_to("a", &slices(part), value.node("v").unwrap())
        .map_err(|error| error.to_string())?;
    let after = written(&draft);
    json(&after, "a")
}

fn json(file: &AsdfFile, path: &str) -> std::result::Result<String, String> {
    let mut out = Vec::new();
    let data = file.array(path).and_then(|array| array.load());
    data.and_then(|data| data.write_json(&mut out))
        .map_err(|error| error.to_string())?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn any_storage_has_its_elements_set() {
    let numbers: Vec<i16> = (0..12).collect();
    let mut storages = vec![Storage::internal(), Storage::inline(), Storage::streamed()];
    for codec in ["zlib", "bzp2", "lz4", "lz4f", "zstd", "blsc"] {
        let compression: Compression = codec.parse().unwrap();
        storages.push(Storage::compressed(compression));
    }
    for storage in &storages {
        let array = NewArray::from_slice(&numbers, &[3, 4]).unwrap();
        let file = with_array(array, storage);
        // numpy: a = np.arange(12).reshape(3, 4); a[1:, ::-2] = 7; a[0, -1] = -1
        assert_eq!(
            after(&file, "1:, ::-2", "7").unwrap(),
            "[[0,1,2,3],[4,7,6,7],[8,7,10,7]]",
            "{storage:?}"
        );
        assert_eq!(
            after(&file, "::-1, 1", "[10, 20, 30]").unwrap(),
            "[[0,30,2,3],[4,20,6,7],[8,10,10,11]]",
            "{storage:?}"
        );
        assert_eq!(
            after(&file, "0, -1", "-1").unwrap(),
            "[[0,1,2,-1],[4,5,6,7],[8,9,10,11]]",
            "{storage:?}"
        );
    }
}

#[test]
fn any_datatype_takes_what_it_holds_and_nothing_else() {
    let scalar = Datatype::Scalar;
    let cases: [(Datatype, &str, &str, &[&str]); 12] = [
        (
            scalar(Scalar::Int8),
            "-128",
            "-128",
            &["128", "1.5", "nan", "true", "'1'", "null", "[1]"],
        ),
        (
            scalar(Scalar::Uint16),
            "65535",
            "65535",
            &["-1", "65536", "x", "{a: 1}"],
        ),
        (
            scalar(Scalar::Uint64),
            "18446744073709551615",
            "{\"$int\":\"18446744073709551615\"}",
            &["18446744073709551616", "1e30"],
        ),
        (
            scalar(Scalar::Int64),
            "9007199254740993",
            "{\"$int\":\"9007199254740993\"}",
            &["9223372036854775808"],
        ),
        (scalar(Scalar::Int32), "5.0", "5", &["5.5", ".inf"]),
        (
            scalar(Scalar::Float16),
            "0.5",
            "0.5",
            &["70000", "2049", "1.0e-9", "x"],
        ),
        (
            scalar(Scalar::Float32),
            ".nan",
            "{\"$float\":\"nan\"}",
            &["1.0e+39", "16777217", "true", "1.0e-50"],
        ),
        (
            scalar(Scalar::Float64),
            "-inf",
            "{\"$float\":\"-inf\"}",
            &["9007199254740993", "2001-01-01", "''"],
        ),
        (scalar(Scalar::Bool8), "true", "true", &["1", "0", "'true'"]),
        (
            scalar(Scalar::Complex64),
            "1-2.5j",
            "{\"$tag\":\"tag:stsci.edu:asdf/core/complex-1.0.0\",\"$value\":\"1.0-2.5j\"}",
            &["1e39", "x", "true"],
        ),
        (
            Datatype::Ascii(3),
            "abc",
            "\"abc\"",
            &["abcd", "é", "1", "null"],
        ),
        (Datatype::Ucs4(2), "é", "\"é\"", &["abc", "5"]),
    ];
    for (datatype, good, wanted, bad) in cases {
        for order in [ByteOrder::Little, ByteOrder::Big] {
            let size = usize::try_from(datatype.size()).unwrap();
            let array = NewArray::from_bytes(vec![0_u8; 3 * size], datatype.clone(), order, &[3]);
            let file = with_array(array.unwrap(), &Storage::internal());
            let found = after(&file, "1", good).unwrap();
            assert!(
                found.contains(&format!(",{wanted},")),
                "{datatype} {good}: {found}"
            );
            for bad in bad {
                let error = after(&file, "1", bad).expect_err(bad);
                assert!(
                    error.contains("/a") && error.contains("found"),
                    "{datatype} {bad}: {error}"
                );
            }
        }
    }
}

#[test]
fn a_slice_must_lie_within_the_array_and_take_something() {
    let file = with_array(
        NewArray::from_slice(&[1_u8; 6], &[2, 3]).unwrap(),
        &Storage::internal(),
    );
    for part in ["2", "-3", "0, 3", "0:3", "5:", "0, 1:1", "0, 0, 0", ":-4"] {
        let error = after(&file, part, "1").expect_err(part);
        assert!(error.contains("/a"), "{part}: {error}");
    }
    for (part, to) in [
        ("0", "[1, 2]"),
        ("0:2", "[1, 2, 3]"),
        (":", "[[1, 2], [3, 4]]"),
        ("0, 0", "[1]"),
        ("0", "[[1, 2, 3]]"),
    ] {
        let error = after(&file, part, to).expect_err(to);
        assert!(
            error.contains("expected") && error.contains("shape"),
            "{part} {to}: {error}"
        );
    }
}

#[test]
fn fields_of_records_are_set_by_name() {
    let field = |name: &str, datatype, shape: &[u64]| Field {
        name: Some(name.into()),
        datatype,
        byteorder: ByteOrder::Big,
        shape: shape.to_vec(),
        null: None,
    };
    let record = Datatype::Record(vec![
        field("x", Datatype::Scalar(Scalar::Int16), &[]),
        field("name", Datatype::Ascii(2), &[]),
        field("y", Datatype::Scalar(Scalar::Uint8), &[2]),
    ]);
    for storage in [Storage::internal(), Storage::inline()] {
        let array = NewArray::from_bytes(vec![0_u8; 18], record.clone(), ByteOrder::Big, &[3]);
        let file = with_array(array.unwrap(), &storage);
        let zero = r#"{"x":0,"name":"","y":[0,0]}"#;
        assert_eq!(
            after(&file, "1", "{x: -2, y: [3, 4]}").unwrap(),
            format!(r#"[{zero},{{"x":-2,"name":"","y":[3,4]}},{zero}]"#)
        );
        assert_eq!(
            after(&file, "1:", "{name: ab, y: 1}").unwrap(),
            format!(r#"[{zero},{{"x":0,"name":"ab","y":[1,1]}},{{"x":0,"name":"ab","y":[1,1]}}]"#)
        );
        assert_eq!(
            after(
                &file,
                ":2",
                "[{x: 1, name: a, y: [1, 1]}, {x: 2, name: b, y: 2}]"
            )
            .unwrap(),
            format!(r#"[{{"x":1,"name":"a","y":[1,1]}},{{"x":2,"name":"b","y":[2,2]}},{zero}]"#)
        );
        for bad in ["{z: 1}", "{x: 1.5}", "5", "{name: abc}", "[{x: 1}, {x: 2}]"] {
            assert!(after(&file, ":2", bad).is_err(), "{bad}");
        }
    }
}

fn text_file(tree: &str, blocks: &[&[u8]]) -> AsdfFile {
    let mut bytes = format!(
        "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n{tree}...\n"
    )
    .into_bytes();
    for data in blocks {
        bytes.extend(b"\xd3BLK\x00\x30\x00\x00\x00\x00\x00\x00\x00\x00");
        for _ in 0..3 {
            bytes.extend((data.len() as u64).to_be_bytes());
        }
        bytes.extend([0; 16]);
        bytes.extend(*data);
    }
    OpenOptions::default().read_bytes(bytes, "x.asdf").unwrap()
}

#[test]
fn arrays_that_have_the_same_bytes_are_named() -> Result {
    let file = text_file(
        "a: &a !core/ndarray-1.1.0 {source: 0, datatype: uint8, byteorder: little, shape: [4, 2]}\nalias: *a\neven: !core/ndarray-1.1.0 {source: 0, datatype: uint8, byteorder: little, shape: [4], strides: [2]}\nodd: !core/ndarray-1.1.0 {source: 0, datatype: uint8, byteorder: little, shape: [4], strides: [2], offset: 1}\nother: !core/ndarray-1.1.0 {source: 1, datatype: uint8, byteorder: little, shape: [4]}\n",
        &[&[0, 1, 2, 3, 4, 5, 6, 7], &[9; 4]],
    );
    let mut draft = file.to_draft();
    let done = draft.set_elements("a", &slices("1:, 1"), 50)?;
    let also: Vec<String> = done.also.iter().map(ToString::to_string).collect();
    assert_eq!(
        (done.count, also),
        (3, vec!["/alias".to_owned(), "/odd".to_owned()])
    );
    let after = written(&draft);
    assert_eq!(json(&after, "odd").unwrap(), "[1,50,50,50]");
    assert_eq!(json(&after, "even").unwrap(), "[0,2,4,6]");
    assert_eq!(json(&after, "other").unwrap(), "[9,9,9,9]");
    Ok(())
}

#[test]
fn elements_that_share_bytes_within_an_array_are_not_set() {
    for strides in ["[0]", "[1]"] {
        let tree = format!(
            "a: !core/ndarray-1.1.0 {{source: 0, datatype: uint16, byteorder: little, shape: [3], strides: {strides}}}\n"
        );
        let file = text_file(&tree, &[&[0; 8]]);
        assert!(after(&file, "0", "1").unwrap_err().contains("share"));
    }
}

#[test]
fn the_type_of_an_untyped_list_stays_and_shared_rows_are_parted() -> Result {
    let file = text_file(
        "r: &r [1.5, 2.5]\na: !core/ndarray-1.1.0 {data: [*r, *r]}\nb: !core/ndarray-1.1.0 [1, 2, 3]\n",
        &[],
    );
    let mut draft = file.to_draft();
    draft.set_elements("a", &slices("0, :"), 7)?;
    draft.set_elements("b", &slices("2"), 9.0)?;
    assert!(draft.set_elements("b", &slices("2"), 1.5).is_err());
    assert!(draft.set_elements("b", &slices("2"), "x").is_err());
    let after = written(&draft);
    assert_eq!(json(&after, "a").unwrap(), "[[7.0,7.0],[1.5,2.5]]");
    assert_eq!(json(&after, "b").unwrap(), "[1,2,9]");
    assert_eq!(after.tree().node("r")?.read::<Vec<f64>>()?, [1.5, 2.5]);
    Ok(())
}

fn saved(folder: &Path, values: &[f32], storage: &Storage) -> std::path::PathBuf {
    let path = folder.join("x.asdf");
    let mut draft = Draft::new();
    draft
        .set_array(
            "a",
            NewArray::from_slice(values, &[values.len() as u64]).unwrap(),
            storage,
        )
        .unwrap()
        .set_array(
            "b",
            NewArray::from_slice(&[1_u8, 2], &[2]).unwrap(),
            &Storage::internal(),
        )
        .unwrap();
    draft.save(&path, &WriteOptions::default()).unwrap();
    path
}

#[test]
fn a_raw_block_is_changed_where_it_stands_and_its_checksum_with_it() -> Result {
    let folder = tempfile::tempdir()?;
    let values: Vec<f32> = (0..4000_u16).map(f32::from).collect();
    let path = saved(folder.path(), &values, &Storage::internal());
    let before = std::fs::read(&path)?;
    let file = AsdfFile::open(&path)?;
    let mut draft = file.to_draft();
    draft.set_elements("a", &slices("10:3000:7"), f32::NAN)?;
    draft.set_elements("a", &slices("17"), 0.5)?;
    assert_eq!(
        draft.update(&path, &WriteOptions::default())?,
        Updated::InPlace
    );
    let mut wanted = values.clone();
    (10..3000).step_by(7).for_each(|at| wanted[at] = f32::NAN);
    wanted[17] = 0.5;
    let after = AsdfFile::open(&path)?;
    let found = after.array("a")?.load()?.view::<f32>()?.to_vec();
    assert!(
        found
            .iter()
            .zip(&wanted)
            .all(|(one, two)| one.to_bits() == two.to_bits())
    );
    for block in after.blocks() {
        assert_eq!(block.verify()?, Verdict::Match);
    }
    assert_eq!(std::fs::read(&path)?.len(), before.len());

    // Nothing changes when the value is there already.
    let mut draft = after.to_draft();
    draft.set_elements("a", &slices("17"), 0.5)?;
    assert_eq!(
        draft.update(&path, &WriteOptions::default())?,
        Updated::Unchanged
    );
    Ok(())
}

#[test]
fn a_compressed_block_is_written_anew_with_its_codec() -> Result {
    let folder = tempfile::tempdir()?;
    let values: Vec<f32> = (0..4000_u16).map(f32::from).collect();
    for codec in ["zlib", "lz4", "zstd", "blsc"] {
        let storage = Storage::compressed(codec.parse()?);
        let path = saved(folder.path(), &values, &storage);
        let file = AsdfFile::open(&path)?;
        let codec = file.block(0)?.header().codec();
        let mut draft = file.to_draft();
        draft.set_elements("a", &slices("-1"), -1)?;
        assert_ne!(
            draft.update(&path, &WriteOptions::default())?,
            Updated::Unchanged
        );
        let after = AsdfFile::open(&path)?;
        assert_eq!(after.block(0)?.header().codec(), codec);
        let found = after.array("a")?.load()?.view::<f32>()?.to_vec();
        assert!(found[3999] < 0.0 && found[..3999] == values[..3999]);
        assert_eq!(json(&after, "b").unwrap(), "[1,2]");
        assert_eq!(after.block(0)?.verify()?, Verdict::Match);
    }
    Ok(())
}

#[test]
fn a_wrong_checksum_is_not_made_right() -> Result {
    let folder = tempfile::tempdir()?;
    for storage in [Storage::internal(), Storage::compressed("zlib".parse()?)] {
        let path = saved(folder.path(), &[1.0; 64], &storage);
        let place = AsdfFile::open(&path)?.block(0)?.header().data_offset;
        let mut bytes = std::fs::read(&path)?;
        bytes[usize::try_from(place)? + 9] ^= 1;
        std::fs::write(&path, &bytes)?;
        let file = AsdfFile::open(&path)?;
        let mut draft = file.to_draft();
        let error = draft
            .set_elements("a", &slices("0"), 5)
            .unwrap_err()
            .to_string();
        assert!(error.contains("checksum"), "{error}");
        assert_eq!(std::fs::read(&path)?, bytes);
    }
    Ok(())
}

#[test]
fn elements_elsewhere_are_refused() -> Result {
    let folder = tempfile::tempdir()?;
    let path = saved(folder.path(), &[1.0; 4], &Storage::external("part.asdf"));
    let file = AsdfFile::open(&path)?;
    let mut draft = file.to_draft();
    let error = draft
        .set_elements("a", &slices("0"), 5)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("another file") && error.contains("/a"),
        "{error}"
    );
    let error = draft
        .set_elements("asdf_library", &slices("0"), 5)
        .unwrap_err()
        .to_string();
    assert!(error.contains("asdf_library"), "{error}");
    Ok(())
}

#[test]
fn rows_of_a_streamed_block_are_changed_in_place() -> Result {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("s.asdf");
    let mut draft = Draft::new();
    let array = NewArray::from_slice(&[1_u16, 2, 3, 4, 5, 6], &[3, 2])?;
    draft.set_array("s", array, &Storage::streamed())?;
    draft.save(&path, &WriteOptions::default())?;
    let file = AsdfFile::open(&path)?;
    let mut draft = file.to_draft();
    draft.set_elements("s", &slices("2"), [50, 60])?;
    assert_eq!(
        draft.update(&path, &WriteOptions::default())?,
        Updated::InPlace
    );
    assert_eq!(
        json(&AsdfFile::open(&path)?, "s").unwrap(),
        "[[1,2],[3,4],[50,60]]"
    );
    Ok(())
}
