//! What `asdf check` says of files that were cut, of folders without files, and at which paths.

use crate::bench::workspace;
use crate::check::file;
use crate::many::{copy, run};
use serde_json::Value;
use std::fs;

/// All that is missing from a file that was cut is so for that reason, wherever it was cut.
#[test]
fn what_was_cut_is_truncated() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace().join("test-data/made/roman_exposure.asdf");
    let whole = fs::read(path).unwrap();
    let first = whole
        .windows(4)
        .position(|found| found == b"\xd3BLK")
        .unwrap();
    let last = whole
        .windows(17)
        .position(|found| found == b"#ASDF BLOCK INDEX")
        .unwrap_or(0);
    let cuts = [
        100,
        1000,
        first - 2,
        first,
        first + 2,
        first + 70,
        30_000,
        60_000,
        last,
        last + 5,
    ];
    for cut in cuts.into_iter().filter(|cut| *cut > 0) {
        fs::write(folder.path().join("x.asdf"), &whole[..cut]).unwrap();
        for depth in [
            &["check", "x.asdf", "--no-schemas", "--json"][..],
            &["check", "x.asdf", "--no-blocks", "--no-schemas", "--json"],
        ] {
            let done = run(folder.path(), depth);
            let report: Value = serde_json::from_str(&done.out).unwrap();
            let kinds = report["summary"]["kinds"].as_object().unwrap();
            let kinds: Vec<&String> = kinds.keys().collect();
            assert!(
                kinds.iter().all(|kind| *kind == "truncated"),
                "{cut} {kinds:?}"
            );
            assert!(!kinds.is_empty() || cut >= last, "{cut}");
        }
    }
}

#[test]
fn a_folder_without_files_is_an_error_and_not_a_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    file(&folder.path().join("a.asdf"), 1, "");
    let done = run(folder.path(), &["check", "empty", "a.asdf"]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert_eq!(done.out, "a.asdf: ok\n1 file, 1 ok, 0 failed\n");
    assert!(
        done.err
            .starts_with("asdf: empty: the folder has no file named"),
        "{done:?}"
    );
    let done = run(folder.path(), &["check", "empty", "a.asdf", "--jsonl"]);
    let lines: Vec<Value> = done
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["file"], "empty");
    assert_eq!(lines[0]["error"]["kind"], "usage");
    assert_eq!(lines[2]["summary"]["files"], 1);
}

#[test]
fn paths_of_problems_are_pointers_and_patterns_are_of_all_that_fit() {
    let folder = tempfile::tempdir().unwrap();
    copy("test-data/paths.asdf", &folder.path().join("p.asdf"));
    let profile = "[[node]]\npath = \"items[*].name\"\none_of = [\"first\", \"third\"]\n\
                   [[node]]\npath = \"items[-1].nope\"\n[[node]]\npath = \"items[*].nope\"\n\
                   [[array]]\npath = \"meta.exposure\"\n[[array]]\npath = \"c*\"\nndim = 3\n\
                   [[array]]\npath = \"data[0]\"\n";
    fs::write(folder.path().join("p.toml"), profile).unwrap();
    let words = [
        "check",
        "p.asdf",
        "--no-schemas",
        "--profile",
        "p.toml",
        "--json",
    ];
    let done = run(folder.path(), &words);
    let report: Value = serde_json::from_str(&done.out).unwrap();
    let problems = report["files"][0]["problems"].as_array().unwrap();
    let found: Vec<(&str, &str)> = problems
        .iter()
        .map(|problem| {
            (
                problem["kind"].as_str().unwrap(),
                problem["path"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("value", "/items/1/name"),
            ("missing-path", "/items[-1]/nope"),
            ("missing-path", "/items[*]/nope"),
            ("value", "/meta/exposure"),
            ("shape", "/cat"),
            ("value", "/data[0]"),
        ]
    );
}
