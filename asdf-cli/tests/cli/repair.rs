//! `repair` of files that name others.

use crate::bench::{Done, asdf};
use md5::{Digest, Md5};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const FIRST: &str = "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n";

fn block(data: &[u8]) -> Vec<u8> {
    let mut out = b"\xd3BLK\x00\x30".to_vec();
    out.extend([0; 8]);
    for _ in 0..3 {
        out.extend((data.len() as u64).to_be_bytes());
    }
    out.extend(Md5::digest(data));
    out.extend(data);
    out
}

fn array(source: &str) -> String {
    format!(
        "!core/ndarray-1.1.0 {{source: {source}, datatype: uint8, byteorder: little, shape: [3]}}\n"
    )
}

/// A file whose first array is in itself, damaged, and whose other arrays are in two other files.
fn exploded() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("in");
    fs::create_dir(&inside).unwrap();
    fs::create_dir(folder.path().join("out")).unwrap();
    let tree = format!(
        "{FIRST}a: {}b: {}c: {}again: {}...\n",
        array("0"),
        array("x0000.asdf"),
        array("more/x.asdf"),
        array("x0000.asdf")
    );
    let mut bytes = tree.into_bytes();
    bytes.extend(block(b"\x01\x02\x03"));
    *bytes.last_mut().unwrap() = 9;
    fs::write(inside.join("x.asdf"), bytes).unwrap();
    fs::create_dir(inside.join("more")).unwrap();
    for (name, data) in [
        ("x0000.asdf", b"\x04\x05\x06"),
        ("more/x.asdf", b"\x07\x08\x09"),
    ] {
        let mut part = format!("{FIRST}a: {}...\n", array("0")).into_bytes();
        part.extend(block(data));
        fs::write(inside.join(name), part).unwrap();
    }
    folder
}

fn run(arguments: &str, folder: &Path) -> Done {
    let mut asdf = asdf(arguments);
    asdf.command.current_dir(folder);
    asdf.run()
}

fn value(folder: &Path, file: &str, at: &str) -> String {
    let done = run(&format!("get {file} {at}"), folder);
    assert_eq!(done.code, Some(0), "{}", done.err);
    done.out.trim().to_owned()
}

#[test]
fn what_other_files_hold_comes_along_into_another_folder() {
    let folder = exploded();
    let here = folder.path();
    let done = run("repair in/x.asdf -o out/y.asdf", here);
    assert_eq!(done.code, Some(1), "{}{}", done.out, done.err);
    assert!(done.out.contains("written out/y0001.asdf"), "{}", done.out);
    // Nothing is left that could be read from where it was.
    fs::remove_dir_all(here.join("in")).unwrap();
    for (at, wanted) in [
        ("b[0]", "4"),
        ("again[1]", "5"),
        ("c[2]", "9"),
        ("a[2]", "9"),
    ] {
        assert_eq!(value(here, "out/y.asdf", at), wanted);
    }
    let verified = run("verify out/y.asdf", here);
    assert_eq!(
        verified.code,
        Some(1),
        "the damaged block stays so: {}",
        verified.out
    );
}

#[test]
fn in_the_same_folder_the_names_stay() {
    let folder = exploded();
    let here = folder.path();
    assert_eq!(run("repair in/x.asdf -o in/y.asdf", here).code, Some(1));
    assert!(!here.join("in/y0000.asdf").exists());
    assert_eq!(value(here, "in/y.asdf", "c[0]"), "7");
}

#[test]
fn a_part_that_is_to_be_replaced_is_not_lost() {
    let folder = exploded();
    let here = folder.path();
    let done = run("repair in/x.asdf -o in/x0000.asdf --force", here);
    assert_eq!(done.code, Some(1), "{}{}", done.out, done.err);
    assert_eq!(value(here, "in/x0000.asdf", "b[1]"), "5");
    assert_eq!(value(here, "in/x0000.asdf", "c[1]"), "8");
}

#[test]
fn what_cannot_come_along_is_refused_and_the_way_out_is_named() {
    let folder = exploded();
    let here = folder.path();
    fs::remove_file(here.join("in/more/x.asdf")).unwrap();
    let done = run("repair in/x.asdf -o out/y.asdf", here);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("more/x.asdf"), "{}", done.err);
    assert!(done.err.contains("-o in/y.asdf"), "{}", done.err);
    assert_eq!(fs::read_dir(here.join("out")).unwrap().count(), 0);
    assert_eq!(run("repair in/x.asdf -o in/y.asdf", here).code, Some(1));
}

#[test]
fn parts_that_are_there_are_not_replaced_without_force() {
    let folder = exploded();
    let here = folder.path();
    fs::write(here.join("out/y0001.asdf"), "mine").unwrap();
    let done = run("repair in/x.asdf -o out/y.asdf", here);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("--force"), "{}", done.err);
    assert_eq!(fs::read(here.join("out/y0001.asdf")).unwrap(), b"mine");
    assert_eq!(
        run("repair in/x.asdf -o out/y.asdf --force", here).code,
        Some(1)
    );
    assert_eq!(value(here, "out/y.asdf", "c[0]"), "7");
}

#[test]
fn what_is_wrong_in_other_files_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let whole = place("e.asdf");
    let done = asdf(&format!(
        "explode test-data/made/roman_exposure.asdf -o {whole}"
    ))
    .run();
    assert_eq!(done.code, Some(0), "{}", done.err);
    let done = asdf(&format!("repair {whole} -o {}", place("r.asdf"))).run();
    assert_eq!(done.code, Some(0), "{} {}", done.out, done.err);
    let part = place("e0000.asdf");
    let mut bytes = fs::read(&part).unwrap();
    let header = bytes.windows(4).position(|word| word == b"\xd3BLK");
    bytes[header.unwrap() + 60] ^= 1;
    fs::write(&part, bytes).unwrap();
    for form in ["", " --json"] {
        let out = place("r.asdf");
        let done = asdf(&format!("repair {whole} -o {out} --force{form}")).run();
        assert_eq!(done.code, Some(1), "{} {}", done.out, done.err);
        assert!(done.out.contains("e0000.asdf"), "{}", done.out);
    }
}
