//! `--shard I/N`: the parts of a run are the run.

use crate::bench::{Done, asdf};
use crate::many::{copy, run};
use serde_json::Value;
use std::fs;
use std::path::Path;

const MADE: [&str; 5] = [
    "roman_exposure",
    "checksum_wrong",
    "record_simple",
    "mask_number",
    "writer_astropy",
];

/// Five files, one of them damaged, and one that cannot be read.
fn night() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in MADE {
        let to = folder.path().join(format!("night/{name}.asdf"));
        copy(&format!("test-data/made/{name}.asdf"), &to);
    }
    let bad = folder.path().join("night/bad.asdf");
    copy("test-data/bad/bug06_invalid_utf8.asdf", &bad);
    folder
}

fn parts(folder: &Path, command: &[&str], count: usize, by: &[&str]) -> Vec<Done> {
    let part = |number: usize| {
        let shard = format!("{number}/{count}");
        run(folder, &[command, &["--shard", &shard], by].concat())
    };
    (1..=count).map(part).collect()
}

#[test]
fn the_lines_of_all_parts_are_those_of_one_run() {
    let folder = night();
    for command in [
        &["validate", "--jsonl", "--no-blocks", "night"] as &[&str],
        &["stats", "--jsonl", "night"],
        &["verify", "night"],
    ] {
        let whole = run(folder.path(), command);
        for (count, by) in [(3, &[] as &[&str]), (2, &["--shard-by", "size"])] {
            let parts = parts(folder.path(), command, count, by);
            let lines: String = parts.iter().map(|part| part.out.as_str()).collect();
            assert_eq!(lines, whole.out, "{command:?} {count} {by:?}");
        }
    }
}

#[test]
fn a_part_with_bad_files_is_done_and_says_so() {
    let folder = night();
    let whole = run(folder.path(), &["verify", "night"]);
    assert_eq!(whole.code, Some(2), "{}", whole.err);
    let parts = parts(folder.path(), &["verify", "night"], 2, &[]);
    let codes: Vec<_> = parts.iter().map(|part| part.code).collect();
    assert_eq!(codes, [Some(0), Some(0)]);
    let told: String = parts.iter().map(|part| part.err.as_str()).collect();
    assert!(told.contains("bad.asdf"), "{told}");
    let check = run(
        folder.path(),
        &["check", "night", "--no-schemas", "--shard", "1/1"],
    );
    assert_eq!(check.code, Some(0), "{}", check.err);
    assert!(check.out.contains("checksum_wrong.asdf"), "{}", check.out);
}

#[test]
fn documents_of_a_part_are_a_whole_list() {
    let folder = night();
    let parts = parts(folder.path(), &["verify", "--json", "night"], 3, &[]);
    let mut files = 0;
    for part in parts {
        let list: Value = serde_json::from_str(&part.out).unwrap();
        files += list.as_array().unwrap().len();
    }
    assert_eq!(files, MADE.len() + 1);
}

#[test]
fn files_of_parts_are_converted_once_each() {
    let folder = night();
    let convert = ["convert", "night", "--out-dir", "out", "--to", "json"];
    let done = parts(folder.path(), &convert, 3, &[]);
    assert!(done.iter().all(|part| part.code == Some(0)));
    let mut names: Vec<String> = fs::read_dir(folder.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    // The blocks of a file whose checksum is wrong go into no output.
    let wanted = [
        "mask_number.json",
        "record_simple.json",
        "roman_exposure.json",
        "writer_astropy.json",
    ];
    assert_eq!(names, wanted);
    // Names that two files of different parts would have are told in the second.
    copy(
        "test-data/made/mask_number.asdf",
        &folder.path().join("night/z/mask_number.asdf"),
    );
    let done = parts(
        folder.path(),
        &[&convert[..], &["--force"]].concat(),
        7,
        &[],
    );
    let told: Vec<&str> = done.iter().map(|part| part.err.as_str()).collect();
    assert!(told[6].contains("is already the output of"), "{told:?}");
}

#[test]
fn what_cannot_be_written_is_not_done() {
    let folder = night();
    fs::create_dir_all(folder.path().join("out/mask_number.json/taken")).unwrap();
    let done = run(
        folder.path(),
        &[
            "convert",
            "night/mask_number.asdf",
            "--out-dir",
            "out",
            "--to",
            "json",
            "--force",
            "--shard",
            "1/1",
        ],
    );
    assert_eq!(done.code, Some(2), "{}", done.err);
}

#[test]
fn what_is_about_all_files_has_no_parts() {
    for arguments in [
        "check test-data/made --shard 1/2 --expect nothing.csv",
        "convert a.asdf b.asdf --shard 1/2",
        "preview a.asdf -o b.png --shard 1/2",
        "verify a.asdf --shard 3/2",
        "verify a.asdf --shard-by size",
    ] {
        let done = asdf(arguments).run();
        assert_eq!(done.code, Some(2), "{arguments}: {}", done.err);
        assert!(done.out.is_empty(), "{arguments}: {}", done.out);
    }
}
