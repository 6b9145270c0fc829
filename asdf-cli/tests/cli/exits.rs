//! Exit codes and standard streams.

use crate::bench::{asdf, workspace};
use std::io::Read;
use std::process::Stdio;

const ROMAN: &str = "test-data/made/roman_exposure.asdf";

#[test]
fn an_answer_of_no_is_exit_1() {
    let commands = [
        format!("search {ROMAN} --key nosuchkey"),
        "verify test-data/made/checksum_wrong.asdf".to_owned(),
    ];
    for command in commands {
        let done = asdf(&command).run();
        assert_eq!(done.code, Some(1), "{command}: {done:?}");
        assert_eq!(done.err, "", "{command}");
    }
}

#[test]
fn trouble_is_exit_2_with_one_line_that_says_where() {
    let done = asdf("info test-data/bad/bug06_invalid_utf8.asdf").run();
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""));
    assert_eq!(
        done.err,
        "asdf: test-data/bad/bug06_invalid_utf8.asdf: at 0x64: byte 0xff is not UTF-8\n"
    );
    let done = asdf("ls test-data/made/nosuchfile.asdf").run();
    assert_eq!(done.code, Some(2));
    assert!(
        done.err
            .starts_with("asdf: test-data/made/nosuchfile.asdf: "),
        "{}",
        done.err
    );
    assert_eq!(done.err.lines().count(), 1);
    assert_eq!(asdf("nosuchcommand").run().code, Some(2));
}

#[test]
fn trouble_with_one_file_does_not_keep_others_from_their_answer() {
    let done = asdf(&format!(
        "verify test-data/bad/bug06_invalid_utf8.asdf {ROMAN}"
    ))
    .run();
    assert_eq!(done.code, Some(2));
    assert!(done.out.contains("roman_exposure.asdf: ok"), "{}", done.out);
    assert!(done.err.contains("bug06_invalid_utf8.asdf"), "{}", done.err);
}

#[test]
fn a_dash_is_standard_input() {
    let bytes = std::fs::read(workspace().join(ROMAN)).unwrap();
    let (piped, named) = (
        asdf("ls --json --digest -").stdin(bytes).run(),
        asdf(&format!("ls --json --digest {ROMAN}")).run(),
    );
    assert_eq!(piped.code, Some(0), "{}", piped.err);
    assert!(piped.out.len() > 100);
    let arrays = |text: &str| text.replace(ROMAN, "-");
    assert_eq!(arrays(&piped.out), arrays(&named.out));
}

#[test]
fn a_reader_that_leaves_early_is_no_trouble() {
    let mut command = asdf("get test-data/made/bug03_bzip2_zeros.asdf a --raw").command();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut start = [1; 16];
    // Dropping the pipe closes it.
    child.stdout.take().unwrap().read_exact(&mut start).unwrap();
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(0));
    assert_eq!(String::from_utf8(done.stderr).unwrap(), "");
    assert_eq!(start, [0; 16]);
}

#[test]
fn a_limit_can_be_lowered_and_is_named() {
    let done = asdf(&format!("info {ROMAN} --limit depth=2")).run();
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("depth"), "{}", done.err);
    let done = asdf(&format!("info {ROMAN} --limit nonsense=2")).run();
    assert_eq!(done.code, Some(2));
}

#[test]
fn warnings_go_to_standard_error_unless_quiet() {
    let loud = asdf("info test-data/made/yaml_duplicate_keys.asdf").run();
    assert_eq!(loud.code, Some(0));
    assert!(
        loud.err
            .lines()
            .all(|line| line.starts_with("asdf: warning: "))
            && !loud.err.is_empty(),
        "{}",
        loud.err
    );
    let quiet = asdf("info --quiet test-data/made/yaml_duplicate_keys.asdf").run();
    assert_eq!((quiet.code, quiet.err.as_str()), (Some(0), ""));
    assert_eq!(quiet.out, loud.out);
}

#[test]
fn completions_and_manual_pages_are_written() {
    let completions = asdf("completions bash").run();
    assert_eq!(completions.code, Some(0));
    for command in ["info", "ls", "get", "stats", "search", "verify"] {
        assert!(completions.out.contains(command), "{command}");
    }
    let manual = asdf("man").run();
    assert_eq!(manual.code, Some(0));
    assert!(manual.out.contains(".TH asdf"), "{:.200}", manual.out);
}
