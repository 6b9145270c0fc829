//! Broken and hostile files over the network: what is said of them is what is said of the file, and no byte comes more than there are.

use crate::server::Server;
use crate::{asdf, data, text};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What the first two requests bring, which may be the same bytes.
const ENDS: u64 = 2 * (64 << 10);
/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Exit code, output and messages, with the name of the file taken out.
fn told(command: &[&str], name: &str) -> (Option<i32>, String, String) {
    let mut args = command.to_vec();
    args.push(name);
    let mut child = asdf(&args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let start = Instant::now();
    let reader = child.stdout.take().map(|mut out| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut out, &mut bytes).unwrap();
            bytes
        })
    });
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("{args:?} takes too long");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    let plain = |bytes: &[u8]| text(bytes).replace(name, "FILE");
    let out = reader.unwrap().join().unwrap();
    (output.status.code(), plain(&out), plain(&output.stderr))
}

fn compare(path: &Path) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let bytes = std::fs::read(path).unwrap();
    let size = bytes.len() as u64;
    for command in [&["info"][..], &["verify"]] {
        // One that nothing else is asked for.
        let server = Server::of(&name, bytes.clone());
        let found = told(command, &server.url(&name));
        let (requests, came) = server.asked();
        let expected = told(command, &path.to_string_lossy());
        assert!(
            found == expected,
            "{name} {command:?}: {found:#?}\n{expected:#?}"
        );
        assert!(
            came <= size + ENDS,
            "{name} {command:?}: {came} of {size} bytes"
        );
        assert!(
            requests <= 3 + size.div_ceil(4096),
            "{name} {command:?}: {requests} requests"
        );
    }
}

/// The broken files of a folder that do not name others.
fn broken(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_alone = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // What a name leads to is another matter for a server.
        if name.starts_with("ext_") {
            return false;
        }
        let is_file = path
            .extension()
            .is_some_and(|end| end == "asdf" || end == "fits");
        let text = std::fs::read(path).unwrap_or_default();
        let names = |word: &[u8]| text.windows(word.len()).any(|part| part == word);
        is_file && text.len() <= 8 << 20 && !names(b".asdf") && !names(b"$ref")
    };
    paths.filter(is_alone).collect()
}

#[test]
fn broken_files_are_told_as_those_of_the_disk() {
    let files = broken(&data("bad"));
    assert!(files.len() > 60, "{}", files.len());
    compare_all(files);
}

#[test]
#[ignore = "it takes minutes: run by `.ci/full`, with a larger corpus where there is one"]
fn those_of_a_larger_corpus_too() {
    let corpus = std::env::var_os("ASDF_CORPUS").map(PathBuf::from);
    let corpus = corpus.unwrap_or_else(|| data("").join("../../shared/corpus"));
    if !corpus.join("bad").is_dir() {
        eprintln!("SKIPPED: there is no corpus (ASDF_CORPUS)");
        return;
    }
    compare_all(broken(&corpus.join("bad")));
}

fn compare_all(files: Vec<PathBuf>) {
    let next = Mutex::new(files.into_iter());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(path) = next.lock().unwrap().next() else {
                        return;
                    };
                    compare(&path);
                }
            });
        }
    });
}
