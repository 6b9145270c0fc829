//! Outputs that are compressed as a whole, and one output for each of many files.

use crate::many::{copy, run};
use std::fs;
use std::io::Read;
use std::path::Path;

const ROMAN: &str = "test-data/made/roman_exposure.asdf";

fn gunzipped(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    assert!(bytes.starts_with(b"\x1f\x8b"), "{}", path.display());
    let mut out = Vec::new();
    flate2::read::MultiGzDecoder::new(&*bytes)
        .read_to_end(&mut out)
        .unwrap();
    out
}

#[test]
fn what_is_named_gz_is_compressed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    copy(ROMAN, &at("x.asdf"));
    copy("test-data/fits/images.fits", &at("i.fits"));
    for words in [
        ["convert", "x.asdf", "out.asdf.gz"].as_slice(),
        &["convert", "x.asdf", "out.asdf"],
        &["convert", "x.asdf", "out.fits.gz"],
        &["convert", "x.asdf", "out.fits"],
        &["embed", "x.asdf", "e.fits.gz"],
        &["embed", "x.asdf", "e.fits"],
        &[
            "set",
            "x.asdf",
            "roman.meta.filename",
            "y",
            "-o",
            "set.asdf.gz",
        ],
        &[
            "set",
            "x.asdf",
            "roman.meta.filename",
            "y",
            "-o",
            "set.asdf",
        ],
        &["set", "i.fits", "0:OBSERVER", "Ada", "-o", "card.fits.gz"],
        &["set", "i.fits", "0:OBSERVER", "Ada", "-o", "card.fits"],
        &["strip", "e.fits", "s.fits.gz"],
        &["strip", "e.fits", "s.fits"],
    ] {
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(0), "{words:?}: {}", done.err);
    }
    for name in [
        "out.asdf",
        "out.fits",
        "e.fits",
        "set.asdf",
        "card.fits",
        "s.fits",
    ] {
        let packed = gunzipped(&at(&format!("{name}.gz")));
        assert!(packed == fs::read(at(name)).unwrap(), "{name}");
    }
    let done = run(
        folder.path(),
        &["get", "out.asdf.gz", "roman.meta.telescope"],
    );
    assert_eq!(done.out, "ROMAN\n");
}

#[test]
fn what_cannot_be_compressed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    copy(ROMAN, &folder.path().join("x.asdf"));
    for words in [
        ["convert", "x.asdf", "o.asdf.bz2", "--to", "asdf"].as_slice(),
        &["convert", "x.asdf", "o.asdf.xz", "--to", "asdf"],
        &["convert", "x.asdf", "o.asdf.gz", "--explode"],
        &["explode", "x.asdf", "-o", "o.asdf.gz"],
        &["implode", "x.asdf", "-o", "o.asdf.gz"],
        &["repair", "x.asdf", "-o", "o.asdf.gz"],
    ] {
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(2), "{words:?}: {}", done.err);
        assert!(done.err.contains("written"), "{words:?}: {}", done.err);
    }
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

/// Commands over a folder, and what they make.
const MADE: [(&[&str], &str); 8] = [
    (
        &["embed", "night", "--out-dir", "fits"],
        "fits/a.fits fits/b.fits",
    ),
    (
        &["strip", "fits", "--out-dir", "plain"],
        "plain/a.fits plain/b.fits",
    ),
    (
        &[
            "cutout",
            "night",
            "--pixel",
            "20,20",
            "--size",
            "9px",
            "--out-dir",
            "cut",
        ],
        "cut/a.asdf cut/b.asdf",
    ),
    (
        &[
            "cutout",
            "night",
            "--pixel",
            "20,20",
            "--size",
            "9px",
            "--out-dir",
            "cut",
            "--name",
            "{stem}.npy",
        ],
        "cut/a.npy cut/b.npy",
    ),
    (
        &["explode", "night", "--out-dir", "parts"],
        "parts/a.asdf parts/a0000.asdf parts/b0019.asdf",
    ),
    (
        &["implode", "@list", "--out-dir", "whole"],
        "whole/a.asdf whole/b.asdf",
    ),
    (
        &["repair", "night", "--out-dir", "repaired"],
        "repaired/a.asdf repaired/b.asdf",
    ),
    (
        &["explode", "night"],
        "night/a_exploded.asdf night/b_exploded.asdf",
    ),
];

#[test]
fn each_of_many_files_has_an_output() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    copy(ROMAN, &at("night/a.asdf"));
    copy(ROMAN, &at("night/b.asdf"));
    fs::write(at("list"), "parts/a.asdf\nparts/b.asdf\n").unwrap();
    for (words, made) in MADE {
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(0), "{words:?}: {}", done.err);
        for name in made.split(' ') {
            assert!(at(name).exists(), "{words:?}: {name}");
        }
    }
    let done = run(folder.path(), &["diff", "night/a.asdf", "whole/a.asdf"]);
    assert_eq!(done.code, Some(0), "{}", done.out);
}

#[test]
fn many_files_do_not_go_into_one() {
    let folder = tempfile::tempdir().unwrap();
    copy(ROMAN, &folder.path().join("night/a.asdf"));
    for words in [
        ["strip", "night", "x.fits"].as_slice(),
        &["explode", "night", "-o", "x.asdf"],
        &["repair", "night", "-o", "x.asdf"],
        &[
            "cutout", "night", "--pixel", "2,2", "--size", "3px", "-o", "x.asdf",
        ],
    ] {
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(2), "{words:?}");
        assert!(done.err.contains("--out-dir"), "{words:?}: {}", done.err);
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_says_where_it_leads() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    crate::many::copy("test-data/made/record_simple.asdf", &at("in/x.asdf"));
    fs::create_dir(at("o")).unwrap();
    std::os::unix::fs::symlink("/nowhere/x.yaml", at("o/x.yaml")).unwrap();
    let words = ["convert", "in", "--out-dir", "o", "--to", "yaml", "--force"];
    let done = crate::many::run(folder.path(), &words);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(
        done.err.contains(
            "o/x.yaml: the name is a symbolic link to `/nowhere/x.yaml`, and nothing is there"
        ),
        "{done:?}"
    );
    assert!(at("o/x.yaml").is_symlink());
}

#[test]
fn folders_that_nothing_was_written_into_go_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    crate::many::copy("test-data/fits/checksum.fits", &at("in/sub/x.fits"));
    fs::create_dir(at("own")).unwrap();
    for out in ["new/inner", "own", "own/new"] {
        let words = [
            "explode",
            "in",
            "--out-dir",
            out,
            "--name",
            "{dir}/{stem}.asdf",
        ];
        let done = crate::many::run(folder.path(), &words);
        assert_eq!(done.code, Some(2), "{out}: {done:?}");
        assert_eq!(fs::read_dir(at("own")).unwrap().count(), 0, "{out}");
        assert!(!at("new").exists(), "{out}");
    }
    // What was written stays, with the folders that it is in.
    crate::many::copy("test-data/made/record_simple.asdf", &at("in/sub/y.asdf"));
    let words = [
        "explode",
        "in",
        "--out-dir",
        "new",
        "--name",
        "{dir}/{stem}.asdf",
    ];
    let done = crate::many::run(folder.path(), &words);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(at("new/sub/y.asdf").exists());
}
