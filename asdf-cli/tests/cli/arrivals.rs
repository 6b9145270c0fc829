//! `asdf check --watch`: files are checked when they are complete.

use crate::bench::{asdf, workspace};
use crate::many::{copy, run};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::time::Duration;

const ROMAN: &str = "test-data/made/roman_exposure.asdf";

fn watch(folder: &Path, words: &[&str]) -> Child {
    let mut command = asdf("check").command();
    command
        .args(["--watch", "in", "--no-schemas"])
        .args(words)
        .current_dir(folder);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn pause(seconds: f64) {
    std::thread::sleep(Duration::from_secs_f64(seconds));
}

/// A file that grows in three steps, one that is renamed into the folder, one in a folder that is moved there, and others that
/// are none of ours.
fn deliver(folder: &Path) {
    let whole = fs::read(workspace().join(ROMAN)).unwrap();
    let mut slow = fs::File::create(folder.join("in/slow.asdf")).unwrap();
    for piece in whole.chunks(whole.len().div_ceil(3)) {
        slow.write_all(piece).unwrap();
        slow.flush().unwrap();
        pause(0.3);
    }
    drop(slow);
    fs::write(folder.join("in/.quick.asdf.part"), &whole).unwrap();
    fs::rename(
        folder.join("in/.quick.asdf.part"),
        folder.join("in/quick.asdf"),
    )
    .unwrap();
    copy(
        "test-data/made/record_simple.asdf",
        &folder.join("made/below.asdf"),
    );
    fs::rename(folder.join("made"), folder.join("in/made")).unwrap();
    fs::write(folder.join("in/notes.txt"), "none of ours").unwrap();
    fs::write(folder.join("in/cut.asdf"), &whole[..whole.len() / 2]).unwrap();
}

fn lines(done: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    text.lines().map(str::to_owned).collect()
}

fn check(words: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    copy(
        "test-data/made/datatype_floats.asdf",
        &folder.path().join("in/first.asdf"),
    );
    let child = watch(
        folder.path(),
        &[&["--settle", "1", "--until-idle", "4"], words].concat(),
    );
    pause(1.0);
    deliver(folder.path());
    let done = child.wait_with_output().unwrap();
    let lines = lines(&done);
    assert_eq!(done.status.code(), Some(1), "{lines:?}");
    assert_eq!(
        lines.first().map(String::as_str),
        Some("in/first.asdf: ok"),
        "{lines:?}"
    );
    let of = |name: &str| {
        let start = format!("in/{name}: ");
        let own = lines.iter().filter_map(|line| line.strip_prefix(&start));
        own.collect::<Vec<&str>>()
    };
    // It was never looked at while it grew; the two are the same, and the later one is the duplicate.
    let twins = [of("slow.asdf"), of("quick.asdf")];
    assert!(twins.iter().all(|told| told.len() == 1), "{lines:?}");
    let is_later = |told: &Vec<&str>| told[0].starts_with("duplicate: the same content as in/");
    assert_eq!(twins.iter().filter(|told| is_later(told)).count(), 1);
    assert_eq!(of("made/below.asdf"), ["ok"], "{lines:?}");
    let cut = of("cut.asdf");
    assert!(cut[0].starts_with("truncated: "), "{lines:?}");
    let others = ["notes", "part"];
    assert!(
        !lines
            .iter()
            .any(|line| others.iter().any(|other| line.contains(other)))
    );
    assert!(lines.last().unwrap().starts_with("5 files, "), "{lines:?}");
}

#[test]
fn files_that_arrive_are_checked_when_they_are_complete() {
    check(&[]);
}

#[test]
fn folders_are_looked_at_where_nobody_tells() {
    check(&["--poll", "0.4"]);
}

#[test]
fn a_delivery_is_over_when_all_files_of_its_manifest_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    copy(ROMAN, &at("out/a.asdf"));
    copy("test-data/made/record_simple.asdf", &at("out/sub/b.asdf"));
    let written = run(
        folder.path(),
        &["check", "out", "--write-manifest", "list.csv"],
    );
    assert_eq!(written.code, Some(0), "{}", written.err);
    fs::create_dir(at("in")).unwrap();
    let child = watch(
        folder.path(),
        &[
            "--expect",
            "list.csv",
            "--settle",
            "0.3",
            "--until-idle",
            "60",
        ],
    );
    pause(0.5);
    fs::create_dir(at("in/sub")).unwrap();
    fs::copy(at("out/a.asdf"), at("in/a.asdf")).unwrap();
    fs::copy(at("out/sub/b.asdf"), at("in/sub/b.asdf")).unwrap();
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(0));
    let lines = lines(&done);
    assert_eq!(
        lines.last().map(String::as_str),
        Some("2 files, 2 ok, 0 failed"),
        "{lines:?}"
    );
}

#[test]
fn only_folders_are_watched() {
    let folder = tempfile::tempdir().unwrap();
    copy(ROMAN, &folder.path().join("a.asdf"));
    let done = run(folder.path(), &["check", "--watch", "a.asdf"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("watches folders"), "{}", done.err);
    let done = run(folder.path(), &["check", "a.asdf", "--poll", "1"]);
    assert_eq!(done.code, Some(2));
}

#[test]
fn a_folder_that_goes_is_told() {
    for news in [&[][..], &["--poll", "0.1"]] {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("in")).unwrap();
        let words = [&["--until-idle", "30"][..], news].concat();
        let child = watch(folder.path(), &words);
        pause(1.0);
        fs::remove_dir(folder.path().join("in")).unwrap();
        let done = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(2), "{told}");
        assert_eq!(
            told,
            "asdf: in: the folder that was watched is not there any more\n"
        );
    }
}
