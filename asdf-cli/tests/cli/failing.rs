//! A file that fails leaves no hole: the others are done, and it is told under its name.

use crate::many::{copy, run};
use serde_json::Value;
use std::fs;
use std::path::Path;

const SOUND: &str = "test-data/made/record_simple.asdf";

fn folders(folder: &Path, names: &[&str]) {
    for name in names {
        copy(SOUND, &folder.join(name));
    }
}

fn lines(text: &str) -> Vec<Value> {
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_file_that_is_not_there_stops_no_comparison() {
    let folder = tempfile::tempdir().unwrap();
    folders(folder.path(), &["a.asdf", "b.asdf"]);
    let words = ["diff", "a.asdf", "a.asdf", "nope.asdf", "b.asdf"];
    let done = run(folder.path(), &words);
    assert_eq!(done.code, Some(2));
    assert_eq!(done.out, "a.asdf: equal\nb.asdf: equal\n");
    assert_eq!(
        done.err,
        "asdf: nope.asdf: No such file or directory (os error 2)\n"
    );
    let done = run(folder.path(), &[&words[..], &["--jsonl"]].concat());
    let told = lines(&done.out);
    assert_eq!(told.len(), 3, "{}", done.out);
    assert_eq!(
        (&told[0]["equal"], &told[2]["equal"]),
        (&Value::Bool(true), &Value::Bool(true))
    );
    let wrong = &told[1];
    assert_eq!(
        (&wrong["file"], &wrong["a"], &wrong["b"]),
        (&"nope.asdf".into(), &"a.asdf".into(), &"nope.asdf".into())
    );
    assert_eq!(wrong["error"]["kind"], "io");
    // The first file is missing in each comparison.
    let done = run(
        folder.path(),
        &["diff", "nope.asdf", "a.asdf", "b.asdf", "--jsonl"],
    );
    let told = lines(&done.out);
    assert_eq!(told.len(), 2);
    assert!(
        told.iter().all(|line| line["file"] == "nope.asdf"),
        "{}",
        done.out
    );
    assert_eq!(told[1]["b"], "b.asdf");
}

#[test]
fn the_file_that_is_at_fault_is_named_in_diffs_of_folders() {
    let folder = tempfile::tempdir().unwrap();
    folders(folder.path(), &["x/a.asdf", "y/a.asdf", "y/z.asdf"]);
    fs::write(folder.path().join("x/z.asdf"), "no file of ours").unwrap();
    let done = run(folder.path(), &["diff", "x", "y", "--jsonl"]);
    assert_eq!(done.code, Some(2));
    let told = lines(&done.out);
    assert_eq!(told[0]["equal"], true);
    assert_eq!(
        (&told[1]["file"], &told[1]["b"]),
        (&"x/z.asdf".into(), &"y/z.asdf".into())
    );
    assert!(done.err.starts_with("asdf: x/z.asdf: "), "{}", done.err);
}

#[test]
fn folders_without_files_are_not_equal() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("none")).unwrap();
    folders(folder.path(), &["x/a.asdf"]);
    let done = run(folder.path(), &["diff", "none", "none"]);
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""));
    assert!(
        done.err.starts_with("asdf: none: the folder has no file"),
        "{}",
        done.err
    );
    assert_eq!(done.err.lines().count(), 1);
    let done = run(folder.path(), &["diff", "x", "none"]);
    assert_eq!(done.code, Some(2));
    assert_eq!(done.out, "x/a.asdf: only in a\n");
}

#[test]
fn a_list_may_name_all_that_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    folders(folder.path(), &["a.asdf", "d/b.asdf", "d/c.asdf"]);
    fs::write(folder.path().join("list"), "a.asdf\n").unwrap();
    for words in [["diff", "@list", "d"], ["diff", "a.asdf", "d"]] {
        let done = run(folder.path(), &words);
        assert_eq!(
            done.out, "d/b.asdf: equal\nd/c.asdf: equal\n",
            "{}",
            done.err
        );
    }
}

#[test]
fn a_manifest_has_all_files_or_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    folders(folder.path(), &["n/a.asdf"]);
    let words = [
        "check",
        "n/a.asdf",
        "n/none.asdf",
        "--write-manifest",
        "m.csv",
    ];
    let done = run(folder.path(), &words);
    assert_eq!(done.code, Some(2));
    assert!(done.out.contains("n/a.asdf: ok\n"), "{}", done.out);
    assert_eq!(
        done.err,
        "asdf: m.csv: not written, as n/none.asdf could not be read\n"
    );
    assert!(!folder.path().join("m.csv").exists());
}

#[test]
fn a_file_that_is_named_twice_is_changed_once() {
    let folder = tempfile::tempdir().unwrap();
    folders(folder.path(), &["a.asdf", "b.asdf"]);
    let words = [
        "set",
        "-s",
        "added=1",
        "a.asdf",
        "b.asdf",
        "./a.asdf",
        "--history",
        "once",
    ];
    let done = run(folder.path(), &words);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let entries = run(
        folder.path(),
        &["get", "a.asdf", "history.entries", "--json"],
    );
    let entries: Value = serde_json::from_str(&entries.out).unwrap();
    assert_eq!(entries.as_array().map(Vec::len), Some(1), "{entries}");
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_text_stay_apart() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let names: [&[u8]; 3] = [b"bad\xfe.asdf", b"bad\xff.asdf", b"bad\\xff.asdf"];
    for name in names {
        copy(
            SOUND,
            &folder.path().join("n").join(OsStr::from_bytes(name)),
        );
    }
    let done = run(folder.path(), &["info", "n", "--jsonl"]);
    let files: Vec<Value> = lines(&done.out)
        .into_iter()
        .map(|mut line| line["file"].take())
        .collect();
    // In the order of their bytes.
    let wanted = [
        "n/bad\\xff.asdf",
        "$'n/bad\\xfe.asdf'",
        "$'n/bad\\xff.asdf'",
    ];
    assert_eq!(files, wanted);
    let done = run(
        folder.path(),
        &["table", "-k", "x=none", "-q", "n", "--to", "csv"],
    );
    for name in wanted {
        assert!(done.out.contains(&format!("\n{name},")), "{}", done.out);
    }
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_asdf"))
        .args(["table", "--urls", "-0", "n"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let wanted = b"n/bad\\xff.asdf\0n/bad\xfe.asdf\0n/bad\xff.asdf\0";
    assert_eq!(output.stdout, wanted);
}
