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
    assert!(
        manual.out.starts_with(".TH \"ASDF\" \"1\" "),
        "{:.200}",
        manual.out
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_or_closed_standard_output_is_exit_2() {
    let small = "test-data/made/record_simple.asdf";
    for command in [
        "info",
        "info --json",
        "ls",
        "stats",
        "verify",
        "validate",
        "search -e .",
        "convert - --to yaml",
        "--version",
        "--help",
        "info --help",
    ] {
        let mut words: Vec<&str> = command.split(' ').collect();
        words.insert(1, small);
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let asdf = env!("CARGO_BIN_EXE_asdf");
        let mut to_full = std::process::Command::new(asdf);
        to_full.args(&words).stdout(full);
        let mut to_nothing = std::process::Command::new("sh");
        to_nothing.args(["-c", "exec \"$@\" >&-", "sh", asdf]);
        to_nothing.args(&words);
        for (mut process, wanted) in [
            (to_full, "No space left"),
            (to_nothing, "standard output: it is closed"),
        ] {
            let done = process.current_dir(workspace()).output().unwrap();
            let message = String::from_utf8_lossy(&done.stderr).into_owned();
            assert_eq!(done.status.code(), Some(2), "{command}: {message}");
            assert!(message.contains(wanted), "{command}: {message}");
        }
    }
    // What prints nothing needs nobody who listens, and a device that throws all away was asked for.
    let quiet = format!(
        "exec {} convert {small} /dev/null --to asdf -f >&-",
        env!("CARGO_BIN_EXE_asdf")
    );
    let thrown = format!(
        "exec {} info {small} <>/dev/null 1<>/dev/null",
        env!("CARGO_BIN_EXE_asdf")
    );
    for line in [quiet, thrown] {
        let mut process = std::process::Command::new("sh");
        let done = process
            .args(["-c", &line])
            .current_dir(workspace())
            .output();
        assert_eq!(done.unwrap().status.code(), Some(0), "{line}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn devices_and_fifos_are_written_to_and_never_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let small = "test-data/made/record_simple.asdf";
    let done = asdf(&format!("convert {small} /dev/null --to asdf --force")).run();
    assert_eq!(done.code, Some(0), "{}", done.err);
    let null = std::fs::metadata("/dev/null").unwrap();
    assert!(null.file_type().is_char_device());
    let done = asdf(&format!("convert {small} /dev/full --to asdf --force")).run();
    assert_eq!(done.code, Some(2), "{}", done.err);
    let done = asdf(&format!("convert {small} /dev/stdout --to yaml --force")).run();
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(done.out.starts_with("#ASDF 1.0.0"), "{}", done.out);

    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo.asdf");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    let name = fifo.clone();
    let reader = std::thread::spawn(move || std::fs::read(name).unwrap());
    let done = asdf(&format!("convert {small} {} --force", fifo.display())).run();
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(reader.join().unwrap().starts_with(b"#ASDF 1.0.0\n"));
    assert!(fifo.metadata().unwrap().file_type().is_fifo());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// Runs a command whose reader is gone before anything is printed.
fn unread(folder: &std::path::Path, words: &[&str]) -> std::process::Output {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = asdf(words[0]).command();
    command
        .args(&words[1..])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(Stdio::piped());
    command.spawn().unwrap().wait_with_output().unwrap()
}

/// Commands, their exit codes, and the files that they write.
const UNREAD: &[(&[&str], i32, &[&str])] = &[
    (
        &[
            "check",
            "a.asdf",
            "b.asdf",
            "--junit",
            "r.xml",
            "--write-manifest",
            "m.csv",
            "--no-schemas",
        ],
        1,
        &["r.xml", "m.csv"],
    ),
    (
        &[
            "check",
            "a.asdf",
            "--jsonl",
            "--junit",
            "one.xml",
            "--no-schemas",
        ],
        0,
        &["one.xml"],
    ),
    (
        &[
            "preview",
            "a.asdf",
            "b.asdf",
            "c.asdf",
            "--path",
            "roman.data",
            "--out-dir",
            "p",
            "--sheet",
            "s.png",
        ],
        0,
        &["p/a.png", "p/b.png", "p/c.png", "s.png"],
    ),
    (
        &[
            "convert",
            "a.asdf",
            "b.asdf",
            "c.asdf",
            "--out-dir",
            "y",
            "--to",
            "yaml",
        ],
        0,
        &["y/a.yaml", "y/b.yaml", "y/c.yaml"],
    ),
    (&["verify", "a.asdf", "wrong.asdf", "b.asdf"], 1, &[]),
    (&["verify", "--json", "wrong.asdf"], 1, &[]),
    (&["verify", "a.asdf", "none.asdf"], 2, &[]),
    (&["diff", "a.asdf", "wrong.asdf"], 1, &[]),
    (&["diff", "a.asdf", "b.asdf"], 0, &[]),
    (&["validate", "--jsonl", "a.asdf", "wrong.asdf"], 1, &[]),
    // Nothing but what is printed was asked for.
    (&["info", "a.asdf", "b.asdf"], 0, &[]),
    (&["get", "a.asdf", "/"], 0, &[]),
    (&["get", "a.asdf", "/", "--plain"], 0, &[]),
    (&["ls", "--jsonl", "a.asdf", "b.asdf"], 0, &[]),
    (
        &["table", "-k", "roman.meta.filename", "a.asdf", "b.asdf"],
        0,
        &[],
    ),
    (&["--help"], 0, &[]),
    (&["--version"], 0, &[]),
    (&["man"], 0, &[]),
];

#[test]
fn a_reader_that_leaves_takes_no_file_and_no_verdict_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for name in ["a.asdf", "b.asdf", "c.asdf"] {
        std::fs::copy(workspace().join(ROMAN), at(name)).unwrap();
    }
    let wrong = workspace().join("test-data/made/checksum_wrong.asdf");
    std::fs::copy(wrong, at("wrong.asdf")).unwrap();
    for (words, code, files) in UNREAD {
        let done = unread(folder.path(), words);
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(*code), "{words:?}: {told}");
        assert!(!told.contains("ipe"), "{words:?}: {told}");
        for file in *files {
            assert!(at(file).is_file(), "{words:?}: {file}: {told}");
        }
    }
}

/// Sends a signal, which ends the process.
#[cfg(target_os = "linux")]
fn ends_by(mut child: std::process::Child, name: &str, number: i32) {
    let done = std::process::Command::new("kill")
        .args([format!("-{name}"), child.id().to_string()])
        .status();
    assert!(done.unwrap().success());
    let ended = child.wait().unwrap();
    let by = std::os::unix::process::ExitStatusExt::signal(&ended);
    assert_eq!(by, Some(number), "{name}: {ended:?}");
}

/// A command that only reads has no part in signals: they end it as they end any program.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_ends_a_command_that_reads() {
    for (name, number) in [("TERM", 15), ("HUP", 1), ("INT", 2)] {
        if crate::signals::is_ignored(number) {
            continue;
        }
        let mut child = asdf("info -").command();
        let child = child.stdin(Stdio::piped()).spawn().unwrap();
        let status = format!("/proc/{}/status", child.id());
        let is_begun = || {
            let told = std::fs::read_to_string(&status).unwrap_or_default();
            told.starts_with("Name:\tasdf\n") && told.contains("State:\tS")
        };
        while !is_begun() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        ends_by(child, name, number);
    }
}

/// A signal that ends a command leaves no file that is not complete.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_leaves_no_file_under_way() {
    let folder = tempfile::tempdir().unwrap();
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (16000000,), }";
    let mut bytes = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    bytes.extend(format!("{header:<117}\n").bytes());
    let mut state = 1_u64;
    for _ in 0..16_000_000 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        bytes.extend(state.to_le_bytes());
    }
    std::fs::write(folder.path().join("x.npy"), bytes).unwrap();
    let parts = || {
        let names = std::fs::read_dir(folder.path()).unwrap();
        names
            .filter(|entry| {
                let name = entry.as_ref().unwrap().file_name();
                name.to_string_lossy().ends_with(".part")
            })
            .count()
    };
    for (name, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        if crate::signals::is_ignored(number) {
            eprintln!("SIG{name} is not tried: it is ignored here");
            continue;
        }
        let mut child = asdf("convert x.npy y.asdf --compress bzp2 --threads 1 --no-progress")
            .command()
            .current_dir(folder.path())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while parts() == 0 && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert_eq!(parts(), 1, "{name}: it was too fast");
        ends_by(child, name, number);
        assert_eq!(parts(), 0, "{name}");
        assert!(!folder.path().join("y.asdf").exists());
    }
}
