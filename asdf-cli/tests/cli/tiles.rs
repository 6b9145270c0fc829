//! Arrays that lie in FITS files which a tree names. What is expected is what `test-data/generate/tiles.py` cut the files from.

use crate::bench::{Done, workspace};
use asdf_core::AsdfFile;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

const TILES: &str = "test-data/fits/tiles";

fn run(arguments: &[&str]) -> Done {
    crate::many::run(&workspace().join(TILES), arguments)
}

fn expected() -> Value {
    let text = fs::read_to_string(workspace().join(TILES).join("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Copies the folder, to be changed.
fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_all(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn many_files_are_one_array() {
    for (path, wanted) in expected().as_object().unwrap() {
        let listed = run(&["ls", "tiles.asdf", "--path", path, "--json"]);
        assert_eq!(listed.code, Some(0), "{path}: {listed:?}");
        let listed: Value = serde_json::from_str(&listed.out).unwrap();
        let array = &listed[0];
        assert_eq!(
            (&array["datatype"], &array["shape"]),
            (&wanted["datatype"], &wanted["shape"]),
            "{path}"
        );
        let file = AsdfFile::open(workspace().join(TILES).join("tiles.asdf")).unwrap();
        let bytes = file
            .array(path.as_str())
            .unwrap()
            .load()
            .unwrap()
            .to_le_bytes();
        let sum = asdf_core::block::hex(&Sha256::digest(&bytes));
        assert_eq!(Value::from(sum), wanted["sha256"], "{path}");
        let stats = run(&["stats", "tiles.asdf", path, "--json"]);
        assert_eq!(stats.code, Some(0), "{path}: {stats:?}");
    }
}

#[test]
fn missing_files_are_named_and_their_elements_have_no_value() {
    let done = run(&["stats", "tiles.asdf", "holes", "counts"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(
        done.err.contains("2 of 4 files are not there")
            && done.err.contains("gone/1.fits, gone/3.fits"),
        "{done:?}"
    );
    assert!(
        done.err.contains("1 of 3 files are not there") && done.err.contains("counts/1.fits"),
        "{done:?}"
    );
    let done = run(&["get", "tiles.asdf", "counts[0:2, 0]"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(
        done.out.contains("-4") && done.out.contains("--"),
        "{done:?}"
    );
    let done = run(&["get", "tiles.asdf", "holes[1, 0, 0:2]"]);
    assert!(done.out.to_lowercase().contains("nan nan"), "{done:?}");
    let sound = run(&["verify", "tiles.asdf"]);
    assert_eq!(sound.code, Some(0), "{sound:?}");
}

#[test]
fn a_window_reads_the_files_that_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    copy_all(&workspace().join(TILES), folder.path());
    for name in [
        "cube/0_0.fits",
        "cube/0_2.fits",
        "cube/1_0.fits",
        "cube/1_1.fits",
    ] {
        fs::write(folder.path().join(name), "not a FITS file").unwrap();
    }
    let window = |path: &str| crate::many::run(folder.path(), &["get", "tiles.asdf", path]);
    // 1/8 of the place: a*60 + b*20 + y*5 + x.
    let done = window("cube[0, 1, 2:4, 3]");
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(
        done.out.contains("4.125") && done.out.contains("4.75"),
        "{done:?}"
    );
    let done = window("cube[1, 2, 0, ::-2]");
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.out.contains("13.0 12.75  12.5]"), "{done:?}");
    let done = window("cube[0, 0:2, 0, 0]");
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(done.err.contains("0_0.fits"), "{done:?}");
}

#[test]
fn what_is_not_as_the_node_says_is_an_error() {
    for (path, facts) in [
        (
            "shape",
            &["float64 [1, 4, 5]", "float64 [4, 5]", "0_0.fits"][..],
        ),
        ("datatype", &["float64", "float32", "0_0.fits"]),
        ("target", &["no HDU", "3", "0_0.fits"]),
        ("outside", &["../secret.fits", "folder"]),
        ("external", &["float32 [6, 7]", "float64 [6, 7]", "3.fits"]),
    ] {
        for words in [
            &["get", "wrong.asdf", path][..],
            &["stats", "wrong.asdf", path],
        ] {
            let done = run(words);
            assert_eq!(done.code, Some(2), "{words:?}: {done:?}");
            for fact in facts {
                assert!(done.err.contains(fact), "{words:?}: {fact}: {done:?}");
            }
        }
    }
    let done = run(&["verify", "wrong.asdf"]);
    assert_eq!(done.code, Some(1), "{done:?}");
}

#[test]
fn a_change_of_the_tree_leaves_the_names_of_files_alone() {
    let folder = tempfile::tempdir().unwrap();
    copy_all(&workspace().join(TILES), folder.path());
    let run = |words: &[&str]| crate::many::run(folder.path(), words);
    let before = fs::read_to_string(folder.path().join("tiles.asdf")).unwrap();
    let done = run(&["set", "tiles.asdf", "note", "a word"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let after = fs::read_to_string(folder.path().join("tiles.asdf")).unwrap();
    assert!(after.contains("note: a word"), "{after}");
    for line in before.lines().filter(|line| line.contains("fits")) {
        assert!(after.contains(line), "{line}");
    }
    let done = run(&["convert", "tiles.asdf", "copy.asdf"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let done = run(&["diff", "tiles.asdf", "copy.asdf"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let done = run(&["set", "tiles.asdf", "cube[0, 0, 0, 0]", "5"]);
    assert_eq!(done.code, Some(2), "{done:?}");
}
