//! Parts of a catalogue that jobs make, together and after accidents.

use crate::bench::{contents, night, run, runs};
use std::fs;
use std::path::Path;

/// The parts of `count` jobs over `night/`.
fn parts(at: &Path, count: usize, catalogue: &str) {
    for number in (1..=count).rev() {
        let shard = format!("{number}/{count}");
        let done = run(
            at,
            &[
                "index",
                "night",
                "-o",
                catalogue,
                "--shard",
                &shard,
                "--threads",
                "1",
            ],
        );
        assert_eq!(done.code, Some(0), "{}", done.err);
    }
}

#[test]
fn merged_parts_are_the_catalogue_of_one_run() {
    let folder = night(9);
    let at = folder.path();
    assert_eq!(run(at, &["index", "night", "-o", "one"]).code, Some(2));
    let one = contents(&at.join("one"));
    for count in [1, 3, 20] {
        let name = format!("cat{count}");
        parts(at, count, &name);
        runs(at, &["index", "--merge", "-o", &name]);
        let merged = contents(&at.join(&name));
        let names = |all: &[(String, Vec<u8>)]| -> Vec<String> {
            all.iter().map(|file| file.0.clone()).collect()
        };
        assert_eq!(names(&merged), names(&one), "{count}");
        assert!(merged == one, "{count}");
    }
}

#[test]
fn a_part_that_is_there_is_not_made_again() {
    let folder = night(4);
    let at = folder.path();
    let job = ["index", "night", "-o", "cat", "--shard", "2/3"];
    runs(at, &job);
    let part = at.join("cat/files/part-0002-of-0003.parquet");
    let made = fs::read(&part).unwrap();
    assert_eq!(
        runs(at, &job),
        "part-0002-of-0003.parquet: is there already\n"
    );
    // One that is cut is not there.
    fs::write(&part, &made[..made.len() / 2]).unwrap();
    let again = runs(at, &job);
    assert!(again.contains("read"), "{again}");
    assert_eq!(fs::read(&part).unwrap(), made);
    assert!(
        contents(&at.join("cat"))
            .iter()
            .all(|file| !file.0.contains("incomplete"))
    );
}

#[test]
fn a_job_that_is_killed_leaves_no_part_or_a_whole_one() {
    let folder = night(30);
    let at = folder.path();
    runs(at, &["index", "night/r0000.asdf", "-o", "warm"]);
    for wait in [5, 20, 40, 80, 160] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_asdf"));
        command
            .args(["index", "night", "-o", "cat", "--shard", "1/1", "--force"])
            .current_dir(at);
        command
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null());
        let mut job = command.spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        let _ = job.kill();
        job.wait().unwrap();
        let part = at.join("cat/files/part-0001-of-0001.parquet");
        if part.exists() {
            let rows = runs(
                at,
                &["table", "--from", "cat", "-k", "status", "--to", "csv"],
            );
            assert!(rows.lines().count() > 30, "{rows}");
        }
    }
    runs(at, &["index", "night", "-o", "cat", "--shard", "1/1"]);
    let list: Vec<String> = fs::read_dir(at.join("night"))
        .unwrap()
        .map(|entry| entry.unwrap().path().display().to_string())
        .collect();
    fs::write(at.join("list"), list.join("\n")).unwrap();
    assert_eq!(runs(at, &["index", "--missing", "@list", "-o", "cat"]), "");
}
