//! `set`, `cp`, `mv` and `rm` change what was asked for, and tell what else changes.

use crate::many::{copy, run};
use std::fs;
use std::path::Path;

const TREE: &str = "#ASDF 1.0.0
#ASDF_STANDARD 1.6.0
%YAML 1.1
%TAG ! tag:stsci.edu:asdf/
--- !core/asdf-1.1.0
meta:
  a: &x {b: 1, c: [1, 2]}
  d: *x
  name: n
  empty: {}
  flags: [1, 2, 3]
  rows:
  - {x: 1}
  - {x: 2}
  q: !unit/quantity-1.2.0 {unit: !unit/unit-1.0.0 Jy, value: 5.0}
refs:
  name: {$ref: '#/meta/name'}
  deep: {$ref: '#/meta/rows/1/x'}
  row: {$ref: '#/meta/rows/1'}
arr: !core/ndarray-1.1.0
  data: [1, 2, 3]
  datatype: int64
  shape: [3]
...
";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t.asdf"), TREE).unwrap();
    folder
}

fn get(folder: &Path, path: &str) -> String {
    run(folder, &["get", "t.asdf", path])
        .out
        .trim_end()
        .to_owned()
}

#[test]
fn set_replaces_one_value_and_a_subtree_only_when_asked() {
    for (path, value, what) in [
        ("meta", "5", "/meta is a mapping of 7"),
        ("meta.a", "{b: 2}", "/meta/a is a mapping of 2"),
        ("meta.q", "{b: 2}", "/meta/q is a mapping of 2"),
        ("meta.flags", "7", "/meta/flags is a list of 3"),
        ("meta.rows", "[1]", "/meta/rows is a list of 2"),
        ("arr", "7", "/arr is an array"),
        ("arr", "[1, 2, 3]", "/arr is an array"),
        ("/", "{a: 1}", "the root is a mapping of 3"),
    ] {
        let folder = folder();
        let words = ["set", "t.asdf", path, value];
        let done = run(folder.path(), &words);
        assert_eq!(done.code, Some(2), "{path}: {done:?}");
        assert!(done.err.contains(what), "{path}: {}", done.err);
        assert!(done.err.contains("--replace"), "{path}: {}", done.err);
        let after = fs::read_to_string(folder.path().join("t.asdf")).unwrap();
        assert_eq!(after, TREE, "{path}");
        let done = run(folder.path(), &[&words[..], &["--replace"]].concat());
        assert_eq!(done.code, Some(0), "{path}: {done:?}");
    }
    // In several assignments one is enough, and none is made.
    let folder = folder();
    let words = ["set", "-s", "meta.name=m", "-s", "arr=1", "t.asdf"];
    assert_eq!(run(folder.path(), &words).code, Some(2));
    assert_eq!(get(folder.path(), "meta.name"), "n");
}

#[test]
fn values_lists_of_them_and_empty_places_are_replaced_as_they_are() {
    for (path, value) in [
        ("meta.name", "other"),
        ("meta.name", "[1, 2]"),
        ("meta.flags", "[4]"),
        ("meta.flags[1]", "9"),
        ("meta.empty", "5"),
        ("meta.rows[0].x", "5"),
        ("arr[0]", "5"),
    ] {
        let folder = folder();
        let done = run(folder.path(), &["set", "t.asdf", path, value]);
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{path}");
    }
}

#[test]
fn an_array_takes_the_place_of_an_array() {
    let folder = folder();
    let words = ["convert", "t.asdf", "a.npy", "--path", "arr"];
    assert_eq!(run(folder.path(), &words).code, Some(0));
    for (path, code) in [("arr", 0), ("meta.name", 0), ("meta.a", 2)] {
        let words = ["set", "t.asdf", path, "--from-file", "a.npy"];
        let done = run(folder.path(), &words);
        assert_eq!(done.code, Some(code), "{path}: {done:?}");
    }
}

#[test]
fn a_new_key_is_told_with_what_may_have_been_meant() {
    let folder = folder();
    for (path, told) in [
        ("meta.nme", "note: added /meta/nme (there is /meta/name)"),
        (
            "metta.x.y",
            "note: added /metta/x/y with /metta, which was not there (there is /meta)",
        ),
        ("meta.flags[3]", "note: added /meta/flags/3"),
    ] {
        let done = run(folder.path(), &["set", "t.asdf", path, "1"]);
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(done.err.contains(told), "{path}: {}", done.err);
    }
    let done = run(folder.path(), &["set", "t.asdf", "meta.nme", "2"]);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
    let done = run(folder.path(), &["mv", "t.asdf", "meta.nme", "m.e.t"]);
    assert!(done.err.contains("added /m/e/t with /m"), "{done:?}");
    let done = run(
        folder.path(),
        &["cp", "t.asdf:meta.name", "t.asdf:new.name"],
    );
    assert!(done.err.contains("added /new/name with /new"), "{done:?}");
}

#[test]
fn the_short_name_of_a_card_is_a_card_and_never_a_key() {
    let folder = folder();
    copy("test-data/fits/header.fits", &folder.path().join("h.fits"));
    copy(
        "test-data/fits/embedded/beside.fits",
        &folder.path().join("x.fits"),
    );
    for (file, short, long) in [
        ("h.fits", "0:OBSERVER", "fits/0/header/OBSERVER"),
        ("h.fits", "PRIMARY:OBSERVER", "fits/0/header/OBSERVER"),
        ("x.fits", "SCI:OBSERVER", "fits/1/header/OBSERVER"),
        ("x.fits", "WHT,3:OBSERVER", "fits/2/header/OBSERVER"),
    ] {
        let done = run(folder.path(), &["set", file, short, "Ada"]);
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{short}");
        assert_eq!(run(folder.path(), &["get", file, long]).out, "Ada\n");
        assert_eq!(run(folder.path(), &["rm", file, short]).code, Some(0));
        assert_eq!(run(folder.path(), &["get", file, long]).code, Some(2));
    }
    let done = run(folder.path(), &["set", "x.fits", "NONE:OBSERVER", "Ada"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("no such HDU"), "{done:?}");
    let done = run(folder.path(), &["set", "t.asdf", "SCI:EXPTIME", "5"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("[\"SCI:EXPTIME\"]"), "{done:?}");
    let words = ["set", "t.asdf", "[\"SCI:EXPTIME\"]", "5"];
    assert_eq!(run(folder.path(), &words).code, Some(0));
}

#[test]
fn the_history_of_a_card_is_shown() {
    let folder = folder();
    copy(
        "test-data/fits/embedded/beside.fits",
        &folder.path().join("x.fits"),
    );
    let words = [
        "set",
        "x.fits",
        "SCI:OBSERVER",
        "Ada",
        "--history",
        "by eye",
    ];
    assert_eq!(run(folder.path(), &words).code, Some(0));
    let words = ["set", "x.fits", "meta.name", "m", "--history", "the tree"];
    assert_eq!(run(folder.path(), &words).code, Some(0));
    let done = run(folder.path(), &["history", "x.fits"]);
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!(lines.first(), Some(&"-  by eye"), "{done:?}");
    assert!(lines[1].contains("the tree"), "{done:?}");
}

#[test]
fn an_array_in_a_block_does_not_come_from_a_text() {
    let folder = folder();
    copy(
        "test-data/made/record_simple.asdf",
        &folder.path().join("r.asdf"),
    );
    let yaml =
        "list:\n- !core/ndarray-1.1.0 {source: 0, datatype: int8, byteorder: little, shape: [3]}\n";
    let json = r#"{"$tag": "tag:stsci.edu:asdf/core/ndarray-1.1.0", "$value": {"source": 0, "datatype": "int8", "byteorder": "little", "shape": [3]}}"#;
    fs::write(folder.path().join("n.yaml"), yaml).unwrap();
    fs::write(folder.path().join("n.json"), json).unwrap();
    for name in ["n.yaml", "n.json"] {
        let before = fs::read(folder.path().join("r.asdf")).unwrap();
        let done = run(
            folder.path(),
            &["set", "r.asdf", "new", "--from-file", name],
        );
        assert_eq!(done.code, Some(2), "{name}: {done:?}");
        assert!(done.err.contains("asdf cp"), "{name}: {}", done.err);
        assert_eq!(fs::read(folder.path().join("r.asdf")).unwrap(), before);
    }
}

#[test]
fn a_node_is_not_moved_into_itself_by_an_alias() {
    let folder = folder();
    for to in ["meta.d.x", "meta.d.b.y", "meta.a.x"] {
        let done = run(folder.path(), &["mv", "t.asdf", "meta.a", to]);
        assert_eq!(done.code, Some(2), "{to}: {done:?}");
        assert_eq!(
            fs::read_to_string(folder.path().join("t.asdf")).unwrap(),
            TREE
        );
    }
    let done = run(folder.path(), &["mv", "t.asdf", "meta.d", "meta.e"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(get(folder.path(), "meta.e.b"), "1");
}

#[test]
fn other_paths_of_a_shared_node_are_told() {
    for words in [
        ["mv", "t.asdf", "meta.name", "meta.a.name"].as_slice(),
        &["cp", "t.asdf:meta.name", "t.asdf:meta.a.name"],
        &["set", "t.asdf", "meta.a.name", "n"],
    ] {
        let folder = folder();
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(0), "{words:?}: {done:?}");
        assert!(
            done.err.contains("changes `/meta/d/name` too"),
            "{words:?}: {}",
            done.err
        );
        assert_eq!(get(folder.path(), "meta.d.name"), "n");
    }
    let folder = folder();
    let done = run(folder.path(), &["mv", "t.asdf", "meta.a.b", "b"]);
    assert!(
        done.err.contains("is gone from `/meta/d/b` too"),
        "{done:?}"
    );
}

#[test]
fn references_into_the_file_follow_their_nodes_or_are_told() {
    let at = |folder: &Path, path: &str| {
        let done = run(folder, &["get", "t.asdf", path, "--resolve"]);
        (done.code, done.out.trim_end().to_owned())
    };
    // A scalar, a node above the target, an item in front of it.
    for (words, path, wanted) in [
        (
            ["mv", "t.asdf", "meta.name", "title"].as_slice(),
            "refs.name",
            "n",
        ),
        (&["mv", "t.asdf", "meta.rows", "lines"], "refs.deep", "2"),
        (&["mv", "t.asdf", "meta", "m/e t~a"], "refs.deep", "2"),
        (&["mv", "t.asdf", "meta.rows[0]", "first"], "refs.deep", "2"),
        (&["rm", "t.asdf", "meta.rows[0]"], "refs.row.x", "2"),
    ] {
        let folder = folder();
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(0), "{words:?}: {done:?}");
        assert!(
            done.err.contains("the reference at /refs/"),
            "{words:?}: {}",
            done.err
        );
        assert_eq!(
            at(folder.path(), path),
            (Some(0), wanted.to_owned()),
            "{words:?}"
        );
    }
    for words in [
        ["rm", "t.asdf", "meta.rows"].as_slice(),
        &["rm", "t.asdf", "meta.rows[1]"],
        &["set", "t.asdf", "meta.rows", "5", "--replace"],
        &["cp", "t.asdf:meta.name", "t.asdf:meta.rows", "--replace"],
    ] {
        let folder = folder();
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(0), "{words:?}: {done:?}");
        let told = "the reference at /refs/deep leads nowhere now: `#/meta/rows/1/x` is gone";
        assert!(done.err.contains(told), "{words:?}: {}", done.err);
    }
    // A new value is what the reference is to lead to.
    let folder = folder();
    let done = run(folder.path(), &["set", "t.asdf", "meta.name", "new"]);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
    assert_eq!(at(folder.path(), "refs.name").1, "new");
}
