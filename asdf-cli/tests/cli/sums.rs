//! A wrong checksum, of a block or an HDU, gets into no output, and is told where the data are read.

use crate::bench::workspace;
use crate::many::{copy, run};
use std::fs;
use std::path::Path;

const BESIDE: &str = "test-data/fits/embedded/beside.fits";

/// A FITS file with one byte changed: its HDUs have both checksums.
fn damaged(folder: &Path, name: &str, at: usize) {
    let mut bytes = fs::read(workspace().join(BESIDE)).unwrap();
    bytes[at] ^= 1;
    fs::write(folder.join(name), bytes).unwrap();
}

/// The byte that is changed, the HDU, and the card that tells it.
const DAMAGE: [(usize, &str, &str); 5] = [
    (5763, "HDU 1", "DATASUM"),
    (11521, "HDU 2", "DATASUM"),
    (17290, "HDU 3", "DATASUM"),
    (23050, "HDU 4", "DATASUM"),
    // In the name of the HDU: the data are right, the header is not.
    (2880 + 80 * 8 + 11, "HDU 1", "CHECKSUM"),
];

#[test]
fn an_hdu_with_a_wrong_checksum_goes_into_no_output() {
    let folder = tempfile::tempdir().unwrap();
    copy(
        "test-data/made/record_simple.asdf",
        &folder.path().join("t.asdf"),
    );
    let target = fs::read(folder.path().join("t.asdf")).unwrap();
    for (at, hdu, card) in DAMAGE {
        damaged(folder.path(), "x.fits", at);
        assert_eq!(run(folder.path(), &["verify", "x.fits"]).code, Some(1));
        let number = hdu.trim_start_matches("HDU ");
        let data = format!("fits/{number}/data");
        let (source, path) = (format!("x.fits:{data}"), format!("--path={data}"));
        let mut commands = vec![
            vec!["convert", "x.fits", "out.asdf"],
            vec!["convert", "x.fits", "out.asdf", "--as", "fits"],
            vec!["convert", "x.fits", "out.yaml"],
            vec!["convert", "x.fits", "out.json"],
            vec!["convert", "x.fits", "-", "--to", "asdf"],
            vec!["strip", "x.fits", "out.fits"],
            vec!["explode", "x.fits", "-o", "out.asdf"],
            vec!["cp", &source, "t.asdf:copied"],
            vec!["embed", "t.asdf", "out.fits", "--base", "x.fits"],
        ];
        if number == "3" {
            commands.push(vec!["convert", "x.fits", "out.csv", &path]);
        } else {
            commands.push(vec!["convert", "x.fits", "out.npy", &path]);
            commands.push(vec!["convert", "x.fits", "out.png", &path]);
            commands.push(vec!["preview", "x.fits", &data, "-o", "out.png"]);
            commands.push(vec!["preview", "x.fits", "--sheet", "out.png", &path]);
        }
        for words in commands {
            let done = run(folder.path(), &words);
            assert_eq!(
                (done.code, done.out.as_str()),
                (Some(2), ""),
                "{words:?}: {done:?}"
            );
            for text in [hdu, card, "--keep-corrupt"] {
                assert!(done.err.contains(text), "{words:?}: {text}: {}", done.err);
            }
            let outputs = fs::read_dir(folder.path()).unwrap();
            let outputs = outputs.map(|entry| entry.unwrap().file_name());
            let made: Vec<_> = outputs
                .filter(|name| name != "x.fits" && name != "t.asdf")
                .collect();
            assert_eq!(made, Vec::<std::ffi::OsString>::new(), "{words:?}");
            assert_eq!(fs::read(folder.path().join("t.asdf")).unwrap(), target);
        }
    }
}

#[test]
fn keep_corrupt_lets_an_hdu_through() {
    let folder = tempfile::tempdir().unwrap();
    copy(
        "test-data/made/record_simple.asdf",
        &folder.path().join("t.asdf"),
    );
    for (at, ..) in DAMAGE {
        damaged(folder.path(), "x.fits", at);
        for words in [
            ["convert", "x.fits", "out.asdf", "--force"].as_slice(),
            &["strip", "x.fits", "out.fits", "--force"],
            &["explode", "x.fits", "-o", "parts.asdf", "--force"],
            &["cp", "x.fits:fits/1/data", "t.asdf:copied", "--replace"],
            &[
                "preview",
                "x.fits",
                "fits/1/data",
                "-o",
                "out.png",
                "--force",
            ],
        ] {
            let words = [words, &["--keep-corrupt"]].concat();
            let done = run(folder.path(), &words);
            assert_eq!(done.code, Some(0), "{words:?}: {done:?}");
        }
        // What is copied byte for byte keeps its wrong sum.
        let done = run(folder.path(), &["verify", "out.fits"]);
        assert_eq!(done.code, Some(1), "{done:?}");
    }
}

#[test]
fn commands_that_read_such_data_tell_it() {
    let folder = tempfile::tempdir().unwrap();
    damaged(folder.path(), "x.fits", 5763);
    let asdf = workspace().join("test-data/made/checksum_wrong.asdf");
    fs::copy(asdf, folder.path().join("x.asdf")).unwrap();
    for (file, path, wanted) in [
        ("x.fits", "sci", "DATASUM is '3052404740', expected"),
        ("x.asdf", "a1", "the header says"),
    ] {
        for words in [
            ["stats", file, path].as_slice(),
            &["stats", file, path, "--json"],
            &["ls", file, "--digest"],
            &["get", file, path],
            &["get", file, path, "--raw"],
        ] {
            let mut command = crate::bench::asdf(words[0]);
            command.command.args(&words[1..]).current_dir(folder.path());
            let done = command.command.output().unwrap();
            let told = String::from_utf8(done.stderr).unwrap();
            assert_eq!(done.status.code(), Some(0), "{words:?}: {told}");
            // The ASDF file has two such blocks, and a digest looks at both.
            let count = 1 + usize::from(words[0] == "ls" && file == "x.asdf");
            assert_eq!(told.matches(wanted).count(), count, "{words:?}: {told}");
            assert!(told.contains("read as they are"), "{words:?}: {told}");
        }
        // Which is nothing to be told where no data are read.
        for words in [["ls", file].as_slice(), &["info", file]] {
            let done = run(folder.path(), words);
            assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{words:?}");
        }
    }
    let done = run(folder.path(), &["preview", "x.fits", "sci", "--term"]);
    assert!(done.err.contains("DATASUM"), "{done:?}");
}

#[test]
fn a_change_keeps_the_wrong_sum_of_what_it_leaves_alone() {
    let folder = tempfile::tempdir().unwrap();
    damaged(folder.path(), "x.fits", 11521);
    let done = run(folder.path(), &["set", "x.fits", "meta.name", "other"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let done = run(folder.path(), &["verify", "x.fits"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(
        format!("{}{}", done.out, done.err).contains("HDU 2"),
        "{done:?}"
    );
}

#[test]
fn only_the_hdu_that_is_taken_must_be_in_order() {
    let folder = tempfile::tempdir().unwrap();
    for (at, hdu, _) in DAMAGE {
        damaged(folder.path(), "x.fits", at);
        let bad: usize = hdu.trim_start_matches("HDU ").parse().unwrap();
        for good in [1_usize, 2].into_iter().filter(|good| *good != bad) {
            let path = format!("--path=fits/{good}/data");
            for words in [
                ["convert", "x.fits", "out.npy", &path, "--force"].as_slice(),
                &["convert", "x.fits", "out.asdf", &path, "--force"],
                &[
                    "convert",
                    "x.fits",
                    "out.json",
                    &format!("--path=fits/{good}/header"),
                    "--force",
                ],
            ] {
                let done = run(folder.path(), words);
                assert_eq!(done.code, Some(0), "{hdu} {words:?}: {}", done.err);
            }
        }
    }
}
