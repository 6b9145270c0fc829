//! Many files: folders, lists, and outputs for each.

use crate::bench::{Done, asdf, workspace};
use serde_json::Value;
use std::fs;
use std::path::Path;

const MADE: &str = "test-data/made";

pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Done {
    let mut run = asdf(arguments.first().copied().unwrap());
    run.command.args(arguments.get(1..).unwrap_or_default());
    run.command.current_dir(folder);
    run.run()
}

pub(crate) fn copy(name: &str, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::copy(workspace().join(name), to).unwrap();
}

/// `night/` with a sound file in it and below it, a damaged one, one that cannot be read, and others.
fn night() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let night = folder.path().join("night");
    copy(
        &format!("{MADE}/roman_exposure.asdf"),
        &night.join("b.asdf"),
    );
    copy(
        &format!("{MADE}/roman_exposure.asdf"),
        &night.join("sub/a.asdf"),
    );
    copy(
        &format!("{MADE}/checksum_wrong.asdf"),
        &night.join("c.asdf"),
    );
    copy(
        "test-data/bad/bug06_invalid_utf8.asdf",
        &night.join("d.asdf"),
    );
    copy(&format!("{MADE}/record_simple.asdf"), &night.join("e.dat"));
    copy(
        &format!("{MADE}/record_simple.asdf"),
        &night.join(".hidden.asdf"),
    );
    fs::write(night.join("notes.txt"), "no file of ours").unwrap();
    folder
}

/// The first word of each line that tells how a file is.
fn verdicts(done: &Done) -> Vec<String> {
    let lines = done.out.lines().filter(|line| line.contains("checksums "));
    lines
        .map(|line| line.split(':').next().unwrap().to_owned())
        .collect()
}

#[test]
fn a_folder_is_searched_to_the_bottom_in_the_order_of_names() {
    let folder = night();
    for threads in ["1", "2", "7"] {
        let done = run(folder.path(), &["verify", "night", "--threads", threads]);
        assert_eq!(done.code, Some(2), "{done:?}");
        let wanted = ["night/b.asdf", "night/c.asdf", "night/sub/a.asdf"];
        assert_eq!(verdicts(&done), wanted, "{threads} threads");
        assert_eq!(
            done.err,
            "asdf: night/d.asdf: at 0x64: byte 0xff is not UTF-8\n"
        );
    }
    let done = run(folder.path(), &["verify", "night", "--max-depth", "1"]);
    assert_eq!(verdicts(&done), ["night/b.asdf", "night/c.asdf"]);
    let done = run(folder.path(), &["verify", "night", "--all-names"]);
    let wanted = [
        "night/b.asdf",
        "night/c.asdf",
        "night/e.dat",
        "night/sub/a.asdf",
    ];
    assert_eq!(verdicts(&done), wanted);
}

#[test]
fn a_folder_without_files_of_ours_is_an_error_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    let done = run(folder.path(), &["info", "empty"]);
    assert_eq!(done.code, Some(2));
    assert!(
        done.err.starts_with("asdf: empty: the folder has no file"),
        "{}",
        done.err
    );
}

#[cfg(unix)]
#[test]
fn links_to_files_are_taken_and_those_to_folders_are_not_followed() {
    let folder = night();
    let night = folder.path().join("night");
    std::os::unix::fs::symlink("..", night.join("sub/up")).unwrap();
    std::os::unix::fs::symlink("b.asdf", night.join("z.asdf")).unwrap();
    let done = run(folder.path(), &["verify", "night"]);
    let wanted = [
        "night/b.asdf",
        "night/c.asdf",
        "night/sub/a.asdf",
        "night/z.asdf",
    ];
    assert_eq!(verdicts(&done), wanted);
}

#[test]
fn a_list_names_files_a_line_each_or_ended_by_nul() {
    let folder = night();
    fs::write(folder.path().join("list"), "night/sub\r\n\nnight/b.asdf\n").unwrap();
    let done = run(folder.path(), &["verify", "@list"]);
    assert_eq!(
        verdicts(&done),
        ["night/sub/a.asdf", "night/b.asdf"],
        "{done:?}"
    );
    let mut piped = asdf("verify @-").stdin(b"night/c.asdf\0night/b.asdf\0".to_vec());
    piped.command.current_dir(folder.path());
    let done = piped.run();
    assert_eq!(
        verdicts(&done),
        ["night/c.asdf", "night/b.asdf"],
        "{done:?}"
    );
    let done = run(folder.path(), &["verify", "@nolist", "night/b.asdf"]);
    assert_eq!((done.code, verdicts(&done).len()), (Some(2), 1), "{done:?}");
    assert!(done.err.starts_with("asdf: nolist: "), "{}", done.err);
}

#[test]
fn every_file_has_a_document_and_one_that_cannot_be_read_says_why() {
    let folder = night();
    for command in ["info", "ls", "verify", "validate", "stats"] {
        let done = run(folder.path(), &[command, "night", "--jsonl"]);
        let lines: Vec<Value> = done
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let files: Vec<_> = lines
            .iter()
            .map(|line| line["file"].as_str().unwrap())
            .collect();
        let wanted = [
            "night/b.asdf",
            "night/c.asdf",
            "night/d.asdf",
            "night/sub/a.asdf",
        ];
        assert_eq!(files, wanted, "{command}");
        let error = &lines[2]["error"];
        assert_eq!(error["kind"], "malformed", "{command}");
        assert_eq!(error["message"], "byte 0xff is not UTF-8", "{command}");
        assert_eq!(error["offset"], 100, "{command}");
        assert_eq!(error["path"], Value::Null, "{command}");
        let array = run(folder.path(), &[command, "night", "--json"]);
        let array: Value = serde_json::from_str(&array.out).unwrap();
        assert_eq!(array[2], lines[2], "{command}");
        assert_eq!(array.as_array().map(Vec::len), Some(4), "{command}");
    }
    let done = run(folder.path(), &["info", "--json", "night/d.asdf"]);
    // One file has the document that was asked for, or none.
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""));
}

#[test]
fn what_search_finds_is_one_list_over_all_files() {
    let folder = night();
    let words = ["search", "night", "--key", "^exposure_time$"];
    let list = run(folder.path(), &[&words[..], &["--json"]].concat());
    let list: Value = serde_json::from_str(&list.out).unwrap();
    let files: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| &hit["file"])
        .collect();
    assert_eq!(files, ["night/b.asdf", "night/d.asdf", "night/sub/a.asdf"]);
    let lines = run(folder.path(), &[&words[..], &["--jsonl"]].concat());
    assert_eq!(lines.out.lines().count(), 3);
}

#[test]
fn a_path_is_asked_of_many_files() {
    let folder = night();
    let path = "roman.meta.exposure.type";
    let done = run(
        folder.path(),
        &["get", "--path", path, "night/b.asdf", "night/sub"],
    );
    assert_eq!(
        done.out,
        "night/b.asdf: WFI_IMAGE\nnight/sub/a.asdf: WFI_IMAGE\n"
    );
    let done = run(
        folder.path(),
        &["get", "night/b.asdf", path, "roman.meta.telescope"],
    );
    assert_eq!(
        done.out,
        format!("{path}: WFI_IMAGE\nroman.meta.telescope: ROMAN\n")
    );
    let done = run(
        folder.path(),
        &["get", "--jsonl", "--path", path, "night/b.asdf"],
    );
    assert_eq!(
        done.out,
        format!("{{\"file\":\"night/b.asdf\",\"values\":{{\"{path}\":\"WFI_IMAGE\"}}}}\n")
    );
    for command in ["get", "stats", "rm"] {
        let done = run(folder.path(), &[command, "night/b.asdf", "night/c.asdf"]);
        assert_eq!(done.code, Some(2), "{command}");
        assert!(
            done.err.contains("`night/c.asdf` is a file") && done.err.contains("--path PATH"),
            "{}",
            done.err
        );
    }
}

#[test]
fn a_path_that_leads_nowhere_may_have_meant_another() {
    let folder = night();
    for (words, wanted) in [
        (
            &["get", "night/b.asdf", "roman.meta.exposur"][..],
            "/roman/meta/exposure",
        ),
        (&["stats", "night/b.asdf", "data"], "/roman/data"),
        (
            &["rm", "night/b.asdf", "roman.mta.filename"],
            "/roman/meta/filename",
        ),
        (
            &["preview", "night/b.asdf", "roman.dta", "-o", "x.png"],
            "/roman/data",
        ),
    ] {
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(2), "{words:?}");
        let last = done.err.lines().last().unwrap();
        assert_eq!(last, format!("asdf: did you mean `{wanted}`?"), "{words:?}");
        assert_eq!(done.err.lines().count(), 2, "{words:?}");
    }
}

#[test]
fn outputs_of_many_files_go_to_a_folder() {
    let folder = night();
    let at = |name: &str| folder.path().join(name);
    let done = run(
        folder.path(),
        &["convert", "night", "--out-dir", "out/yaml", "--to", "yaml"],
    );
    // Neither a block with a wrong checksum nor a file that cannot be read keeps the others from it.
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(at("out/yaml/a.yaml").is_file() && at("out/yaml/b.yaml").is_file());
    assert!(!at("out/yaml/c.yaml").exists() && !at("out/yaml/d.yaml").exists());
    fs::copy(at("night/b.asdf"), at("night/sub/b.asdf")).unwrap();
    let words = [
        "convert",
        "night/b.asdf",
        "night",
        "--max-depth",
        "2",
        "--out-dir",
        "two",
    ];
    let done = run(folder.path(), &words);
    assert!(
        done.err.contains("is already the output of night/b.asdf"),
        "{}",
        done.err
    );
    let pattern = "{dir}/{stem}_small.{ext}";
    let words = [
        "convert",
        "night",
        "--out-dir",
        "out",
        "--name",
        pattern,
        "-q",
    ];
    run(folder.path(), &words);
    assert!(at("out/b_small.asdf").is_file() && at("out/sub/b_small.asdf").is_file());
    let words = [
        "convert",
        "night",
        "--out-dir",
        "out",
        "--name",
        "../{stem}.asdf",
    ];
    assert_eq!(run(folder.path(), &words).code, Some(2));
    assert_eq!(
        run(folder.path(), &["convert", "night", "out.asdf"]).code,
        Some(2)
    );
}

#[test]
fn pictures_of_many_files_and_a_sheet_of_all() {
    let folder = night();
    let at = |name: &str| folder.path().join(name);
    let words = [
        "preview",
        "--out-dir",
        "pictures",
        "--sheet",
        "sheet.png",
        "night",
    ];
    let done = run(folder.path(), &words);
    assert_eq!(done.out, "1 night/b.asdf\n4 night/sub/a.asdf\n");
    assert_eq!(done.code, Some(2));
    assert!(at("pictures/a.png").is_file() && at("pictures/b.png").is_file());
    let reader = png::Decoder::new(std::io::BufReader::new(
        fs::File::open(at("sheet.png")).unwrap(),
    ));
    let info = reader.read_info().unwrap();
    // Four tiles of 240 pixels in two columns, a line of text below each.
    assert_eq!(info.info().size(), (492, 518));
}

#[test]
fn a_file_is_compared_with_many_and_a_folder_with_a_folder() {
    let folder = night();
    let at = |name: &str| folder.path().join(name);
    let done = run(
        folder.path(),
        &[
            "diff",
            "night/b.asdf",
            "night/sub",
            "night/c.asdf",
            "--no-arrays",
        ],
    );
    assert_eq!(done.code, Some(1));
    assert!(
        done.out
            .starts_with("night/sub/a.asdf: equal\nnight/c.asdf: differs\n"),
        "{}",
        done.out
    );
    for name in ["x/1.asdf", "x/s/2.asdf", "y/1.asdf", "y/s/3.asdf"] {
        fs::create_dir_all(at(name).parent().unwrap()).unwrap();
        fs::copy(at("night/b.asdf"), at(name)).unwrap();
    }
    let done = run(folder.path(), &["diff", "x", "y"]);
    assert_eq!(done.code, Some(1));
    assert_eq!(
        done.out,
        "y/1.asdf: equal\nx/s/2.asdf: only in a\ny/s/3.asdf: only in b\n"
    );
    let done = run(folder.path(), &["diff", "x", "y", "--jsonl"]);
    let lines: Vec<Value> = done
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["equal"], true);
    assert_eq!(
        (&lines[1]["file"], &lines[1]["b"]),
        (&"x/s/2.asdf".into(), &Value::Null)
    );
    fs::create_dir(at("none")).unwrap();
    assert_eq!(
        run(folder.path(), &["diff", "x", "none"])
            .out
            .lines()
            .count(),
        2
    );
    assert_eq!(
        run(folder.path(), &["diff", "x", "night/b.asdf"]).code,
        Some(2)
    );
}

#[test]
fn many_files_are_changed_and_one_that_cannot_be_stays() {
    let folder = night();
    let words = [
        "set",
        "-s",
        "roman.meta.note=x=y",
        "-s",
        "roman.meta.n=5",
        "night/b.asdf",
        "night/sub",
        "night/d.asdf",
    ];
    let done = run(folder.path(), &words);
    assert_eq!(done.code, Some(2), "{done:?}");
    let done = run(
        folder.path(),
        &[
            "get",
            "--path",
            "roman.meta.note",
            "--path",
            "roman.meta.n",
            "night/b.asdf",
            "night/sub",
        ],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(
        done.out.lines().last(),
        Some("night/sub/a.asdf: roman.meta.n: 5")
    );
    // All of them or none.
    let words = [
        "set",
        "-s",
        "roman.meta.n=6",
        "-s",
        "roman.data[9999]=1",
        "night/b.asdf",
    ];
    assert_eq!(run(folder.path(), &words).code, Some(2));
    assert_eq!(
        run(folder.path(), &["get", "night/b.asdf", "roman.meta.n"]).out,
        "5\n"
    );
    let done = run(
        folder.path(),
        &["rm", "--path", "roman.meta.n", "night/b.asdf", "night/sub"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(
        run(folder.path(), &["get", "night/b.asdf", "roman.meta.n"]).code,
        Some(2)
    );
    let words = ["set", "-s", "a=1", "night", "-o", "out.asdf"];
    assert_eq!(run(folder.path(), &words).code, Some(2));
}

#[test]
fn the_world_of_a_pixel_in_many_files() {
    let folder = night();
    let one = run(
        folder.path(),
        &["wcs", "eval", "night/b.asdf", "31.5", "20"],
    )
    .out;
    let done = run(
        folder.path(),
        &[
            "wcs",
            "eval",
            "night/b.asdf",
            "--path",
            "roman.meta.wcs",
            "night/sub",
            "31.5",
            "20",
        ],
    );
    assert_eq!(
        done.out,
        format!("night/b.asdf:\n{one}night/sub/a.asdf:\n{one}")
    );
    let done = run(
        folder.path(),
        &["wcs", "footprint", "night", "--jsonl", "--s-region"],
    );
    let lines: Vec<Value> = done
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["s_region"], lines[3]["s_region"]);
    assert_eq!(lines[1]["error"]["kind"], "usage");
}

/// More is said than is held: the files wait for each other, and all of it comes.
#[test]
fn files_that_say_much_wait_for_their_turn() {
    let folder = tempfile::tempdir().unwrap();
    for file in 0..6 {
        let zeros = folder.path().join(format!("{file}.asdf"));
        copy(&format!("{MADE}/bug03_bzip2_zeros.asdf"), &zeros);
    }
    let words = ["get", "--path", "a", "--raw", ".", "--threads", "6"];
    let done = run(folder.path(), &words);
    assert_eq!(
        (done.code, done.out.len()),
        (Some(0), 6 * 20_000_000),
        "{}",
        done.err
    );
}

#[test]
fn no_output_takes_the_place_of_data_of_another_one() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["in/x.asdf", "in/x0000.asdf"] {
        copy(
            "test-data/made/record_simple.asdf",
            &folder.path().join(name),
        );
    }
    let words = ["convert", "in", "--out-dir", "out", "--explode", "--force"];
    let done = run(folder.path(), &words);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(done.err.contains("x0000.asdf"), "{}", done.err);
    assert_eq!(run(folder.path(), &["verify", "out/x.asdf"]).code, Some(0));
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_in_a_folder_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    copy(
        "test-data/made/record_simple.asdf",
        &folder.path().join("in/x.asdf"),
    );
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("in/zero.asdf")).unwrap();
    let pipe = folder.path().join("in/pipe.asdf");
    let made = std::process::Command::new("mkfifo").arg(pipe).status();
    assert!(made.unwrap().success());
    let done = run(folder.path(), &["verify", "in"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(!done.out.contains("zero"), "{}", done.out);
}
