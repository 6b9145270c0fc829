//! Files that were made to be bad: nothing panics, and what is written can be opened.

use asdf_core::file::{Input, salvage};
use asdf_core::{Limits, OpenOptions};
use std::io::Cursor;
use std::path::Path;

/// Salvages every file of a folder; gives how many there were.
fn all_of(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let mut limits = Limits::default();
    limits.decoded_bytes = 64 << 20;
    let mut count = 0;
    for entry in entries {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "asdf") || !path.is_file() {
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        count += 1;
        let Ok(found) = salvage(Input::from(bytes), &limits) else {
            continue;
        };
        let mut out = Cursor::new(Vec::new());
        found.write_to(&mut out).unwrap();
        let options = OpenOptions::default().limits(limits.clone());
        if let Err(error) = options.read_bytes(out.into_inner(), "repaired") {
            panic!("{}: {error}", path.display());
        }
    }
    count
}

#[test]
fn what_is_made_of_a_bad_file_can_be_opened() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(all_of(&here.join("../test-data/bad")) > 100);
    if let Ok(folder) = std::env::var("ASDF_BAD_FILES") {
        assert!(all_of(Path::new(&folder)) > 0);
    }
}

#[test]
fn a_good_file_comes_out_byte_for_byte() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-data/made");
    let mut same = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(file) = OpenOptions::default().open(&path) else {
            continue;
        };
        let bytes = std::fs::read(&path).unwrap();
        let Ok(found) = salvage(Input::from(bytes), &Limits::default()) else {
            continue;
        };
        let mut out = Cursor::new(Vec::new());
        found.write_to(&mut out).unwrap();
        let again = OpenOptions::default()
            .read_bytes(out.into_inner(), "repaired")
            .unwrap();
        assert_eq!(
            file.blocks().len(),
            again.blocks().len(),
            "{}",
            path.display()
        );
        for (one, two) in file.blocks().zip(again.blocks()) {
            assert_eq!(one.stored().ok(), two.stored().ok(), "{}", path.display());
        }
        same += 1;
    }
    assert!(same > 50);
}
