//! `asdf cp`, `mv`, `history`, and values that come from files.

use crate::bench::workspace;
use crate::many::{copy, run};
use serde_json::Value;
use std::fs;
use std::path::Path;

const ROMAN: &str = "test-data/made/roman_exposure.asdf";

fn digest(folder: &Path, file: &str, path: &str) -> (String, Value) {
    let done = run(folder, &["ls", "--json", "--digest", file]);
    let list: Value = serde_json::from_str(&done.out).unwrap();
    let entry = list
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["path"] == path);
    let entry = entry.unwrap_or_else(|| panic!("{path} in {list}"));
    (
        entry["sha256"].as_str().unwrap().to_owned(),
        entry["compression"].clone(),
    )
}

#[test]
fn an_array_is_copied_with_its_block() {
    let folder = tempfile::tempdir().unwrap();
    copy(ROMAN, &folder.path().join("r.asdf"));
    copy(
        "test-data/made/record_simple.asdf",
        &folder.path().join("t.asdf"),
    );
    let words = [
        "cp",
        "r.asdf:roman.data",
        "r.asdf:roman.dq",
        "t.asdf:",
        "--history",
        "two arrays",
    ];
    let done = run(folder.path(), &words);
    assert_eq!(done.code, Some(0), "{done:?}");
    for path in ["/roman/data", "/roman/dq"] {
        // The same elements, in the codec that they had.
        assert_eq!(
            digest(folder.path(), "t.asdf", path),
            digest(folder.path(), "r.asdf", path)
        );
    }
    assert_eq!(run(folder.path(), &["verify", "t.asdf"]).code, Some(0));
    let entries = run(folder.path(), &["history", "t.asdf", "--json"]).out;
    let entries: Value = serde_json::from_str(&entries).unwrap();
    assert_eq!(
        entries.as_array().unwrap().last().unwrap()["description"],
        "two arrays"
    );

    let before = fs::read(folder.path().join("t.asdf")).unwrap();
    let words = ["cp", "r.asdf:roman.err", "r.asdf:roman.data", "t.asdf:"];
    let done = run(folder.path(), &words);
    assert_eq!(done.code, Some(2));
    assert!(
        done.err
            .contains("there is a node /roman/data already; --replace"),
        "{}",
        done.err
    );
    // All or nothing.
    assert_eq!(fs::read(folder.path().join("t.asdf")).unwrap(), before);
    let done = run(
        folder.path(),
        &["cp", "r.asdf:roman.data", "t.asdf:roman.data", "--replace"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
}

#[test]
fn data_whose_checksum_is_wrong_go_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    // A byte of /roman/chisq is another one.
    let mut bytes = fs::read(workspace().join(ROMAN)).unwrap();
    bytes[50_000] ^= 16;
    fs::write(folder.path().join("r.asdf"), bytes).unwrap();
    let target = folder.path().join("t.asdf");
    copy("test-data/made/record_simple.asdf", &target);
    let before = fs::read(&target).unwrap();
    let done = run(folder.path(), &["cp", "r.asdf:roman.chisq", "t.asdf:c"]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(done.err.contains("checksum"), "{}", done.err);
    assert_eq!(fs::read(&target).unwrap(), before);
    let done = run(folder.path(), &["cp", "r.asdf:roman.err", "t.asdf:c"]);
    assert_eq!(done.code, Some(0), "{done:?}");
}

#[test]
fn a_wcs_goes_into_many_files() {
    let folder = tempfile::tempdir().unwrap();
    copy(ROMAN, &folder.path().join("ref.asdf"));
    for name in ["night/a.asdf", "night/sub/b.asdf"] {
        copy(
            "test-data/made/record_simple.asdf",
            &folder.path().join(name),
        );
    }
    fs::write(folder.path().join("night/c.asdf"), "nothing").unwrap();
    let words = ["cp", "ref.asdf:roman.meta.wcs", "--into", "night"];
    let done = run(folder.path(), &words);
    // The broken one does not keep the others from it.
    let is_note = |line: &&str| {
        line.starts_with("asdf: note: night/")
            && line.contains(": added /roman/meta/wcs with /roman")
    };
    let (notes, errors): (Vec<&str>, Vec<&str>) = done.err.lines().partition(is_note);
    assert_eq!(
        (done.code, notes.len(), errors.len()),
        (Some(2), 2, 1),
        "{done:?}"
    );
    let wanted = run(folder.path(), &["wcs", "eval", "ref.asdf", "3", "4"]).out;
    for file in ["night/a.asdf", "night/sub/b.asdf"] {
        assert_eq!(
            run(folder.path(), &["wcs", "eval", file, "3", "4"]).out,
            wanted,
            "{file}"
        );
    }
}

#[test]
fn an_hdu_and_a_header_are_copied_from_fits_files() {
    let folder = tempfile::tempdir().unwrap();
    copy("test-data/fits/images.fits", &folder.path().join("i.fits"));
    copy(
        "test-data/made/record_simple.asdf",
        &folder.path().join("t.asdf"),
    );
    let done = run(folder.path(), &["cp", "i.fits:fits/1/data", "t.asdf:image"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let own = run(folder.path(), &["get", "i.fits", "fits/1/data", "--json"]).out;
    assert_eq!(
        run(folder.path(), &["get", "t.asdf", "image", "--json"]).out,
        own
    );
    let done = run(
        folder.path(),
        &["cp", "i.fits:fits/0/header", "t.asdf:header"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
}

#[test]
fn what_is_no_copy_is_told() {
    let folder = tempfile::tempdir().unwrap();
    copy(ROMAN, &folder.path().join("r.asdf"));
    for (words, error) in [
        (&["cp", "r.asdf:roman.meta"][..], "two places are needed"),
        (&["cp", "r.asdf", "r.asdf:x"], "`r.asdf` is not a place"),
        (&["cp", "r.asdf:nothing", "r.asdf:x"], "no `nothing`"),
        (
            &["cp", "r.asdf:roman", "r.asdf:asdf_library", "r.asdf:x"],
            "`DST:` without a path",
        ),
        (&["cp", "none.asdf:roman", "r.asdf:x"], "none.asdf: "),
        (
            &["mv", "r.asdf", "roman.meta", "roman.meta.exposure.x"],
            "lies in it",
        ),
        (&["mv", "r.asdf", "roman.nothing", "x"], "no `nothing`"),
        (
            &["mv", "r.asdf", "roman.dq", "roman.data"],
            "there is a node /roman/data already",
        ),
        (&["mv", "r.asdf", "roman"], "three words are needed"),
    ] {
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(2), "{words:?}");
        assert!(done.err.contains(error), "{words:?}: {}", done.err);
    }
}

#[test]
fn a_node_moves_and_its_block_stays() {
    let folder = tempfile::tempdir().unwrap();
    copy(
        "test-data/made/checksum_match.asdf",
        &folder.path().join("t.asdf"),
    );
    let list = run(folder.path(), &["ls", "--json", "--digest", "t.asdf"]).out;
    let list: Value = serde_json::from_str(&list).unwrap();
    let path = list[0]["path"].as_str().unwrap().to_owned();
    let done = run(
        folder.path(),
        &[
            "mv",
            "t.asdf",
            &path,
            "science.image",
            "--history",
            "renamed",
        ],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    let moved = digest(folder.path(), "t.asdf", "/science/image");
    assert_eq!(moved.0, list[0]["sha256"].as_str().unwrap());
    assert_eq!(run(folder.path(), &["get", "t.asdf", &path]).code, Some(2));
    assert_eq!(run(folder.path(), &["verify", "t.asdf"]).code, Some(0));
    let done = run(
        folder.path(),
        &["mv", "--from", "science.image", "--to", "back", "t.asdf"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(digest(folder.path(), "t.asdf", "/back"), moved);
}

/// Python leaves out keys that say nothing about an array, and with them whatever array they hold.
#[test]
fn nothing_goes_into_the_description_of_an_array() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.asdf");
    copy(ROMAN, &path);
    let before = fs::read(&path).unwrap();
    for words in [
        &["mv", "r.asdf", "roman.dq", "roman.data.x"][..],
        &["cp", "r.asdf:roman.dq", "r.asdf:roman.data.q"],
        &["set", "r.asdf", "roman.data.foo", "5"],
    ] {
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(2), "{words:?}: {done:?}");
        let wanted = "would stand within the description of an array";
        assert!(done.err.contains(wanted), "{words:?}: {done:?}");
        assert_eq!(fs::read(&path).unwrap(), before, "{words:?}");
    }
}

#[test]
fn the_history_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    copy(
        "test-data/made/history_mapping.asdf",
        &folder.path().join("h.asdf"),
    );
    copy(
        "test-data/made/history_list.asdf",
        &folder.path().join("l.asdf"),
    );
    copy(
        "test-data/made/record_simple.asdf",
        &folder.path().join("t.asdf"),
    );
    for file in ["h.asdf", "l.asdf"] {
        let done = run(folder.path(), &["history", file]);
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(!done.out.is_empty(), "{file}");
    }
    let mut run_set = crate::bench::asdf("set t.asdf note 5 --history checked");
    run_set
        .command
        .current_dir(folder.path())
        .env("SOURCE_DATE_EPOCH", "1795420800");
    assert_eq!(run_set.run().code, Some(0));
    let out = run(folder.path(), &["history", "t.asdf"]).out;
    let version = env!("CARGO_PKG_VERSION");
    let last = out.lines().last().unwrap();
    assert_eq!(
        last,
        format!("2026-11-23T08:00:00  checked  (asdf-core {version})")
    );
    let lines = run(folder.path(), &["history", "--jsonl", "h.asdf", "t.asdf"]).out;
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        (&lines[0]["file"], &lines[1]["file"]),
        (&"h.asdf".into(), &"t.asdf".into())
    );
}

/// An array of numpy's format, made by hand after its description (numpy.lib.format).
fn npy(folder: &Path) {
    let mut header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }".to_owned();
    while !(10 + header.len() + 1).is_multiple_of(64) {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend((1..=6_i16).flat_map(i16::to_le_bytes));
    fs::write(folder.join("x.npy"), bytes).unwrap();
}

#[test]
fn values_come_from_files() {
    let folder = tempfile::tempdir().unwrap();
    copy(
        "test-data/made/record_simple.asdf",
        &folder.path().join("t.asdf"),
    );
    npy(folder.path());
    fs::write(
        folder.path().join("x.json"),
        r#"{"a": [1, 2.5, null], "b": "0042"}"#,
    )
    .unwrap();
    fs::write(
        folder.path().join("x.yaml"),
        "unit: !unit/unit-1.0.0 Jy\nlist: [1, 2]\n",
    )
    .unwrap();
    for name in ["npy", "json", "yaml"] {
        let done = run(
            folder.path(),
            &[
                "set",
                "t.asdf",
                &format!("new.{name}"),
                "--from-file",
                &format!("x.{name}"),
            ],
        );
        assert_eq!(done.code, Some(0), "{done:?}");
    }
    let get = |path: &str| run(folder.path(), &["get", "t.asdf", path, "--json"]).out;
    assert_eq!(get("new.npy"), "[[1,2,3],[4,5,6]]\n");
    assert_eq!(get("new.json"), "{\"a\":[1,2.5,null],\"b\":\"0042\"}\n");
    assert!(
        get("new.yaml").contains("unit/unit-1.0.0"),
        "{}",
        get("new.yaml")
    );
    assert_eq!(run(folder.path(), &["verify", "t.asdf"]).code, Some(0));
    fs::write(folder.path().join("x.csv"), "a\n1\n").unwrap();
    for source in ["x.csv", "none.npy"] {
        let done = run(
            folder.path(),
            &["set", "t.asdf", "y", "--from-file", source],
        );
        assert_eq!(done.code, Some(2));
        assert!(done.err.contains(source), "{}", done.err);
    }
}
