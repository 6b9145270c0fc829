//! Objects that commands write, and what is refused.

use crate::moto::Moto;
use crate::store::{Failure, Store};
use crate::{asdf, data, text};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

const IMAGE: &str = "image/sky.asdf";

fn path(name: &str) -> String {
    data("").join(name).to_string_lossy().into_owned()
}

/// Runs a command with a server of S3; gives exit code and what it tells.
fn run(endpoint: &str, args: &[&str]) -> (Option<i32>, String) {
    let mut command = asdf(args);
    command
        .args(["--endpoint", endpoint, "--no-config"])
        .env("AWS_ACCESS_KEY_ID", "SECRETID")
        .env("AWS_SECRET_ACCESS_KEY", "SECRETKEY");
    let output = command.output().unwrap();
    let told = text(&output.stderr);
    assert!(!told.contains("SECRET"), "{told}");
    (output.status.code(), told)
}

#[test]
fn every_command_that_makes_a_file_makes_an_object() {
    let Some(moto) = Moto::start() else {
        return;
    };
    moto.put("night", b"");
    let endpoint = moto.endpoint();
    let folder = tempfile::tempdir().unwrap();
    let (image, exposure) = (path(IMAGE), path("made/roman_exposure.asdf"));
    let (tree, exploded) = (
        path("fits/embedded/product.fits"),
        path("made/exploded.asdf"),
    );
    let damaged = path("bad/trunc_in_block_data.asdf");
    for (args, name) in [
        (vec!["convert", &exposure, "OUT"], "x.asdf"),
        (
            vec!["convert", &exposure, "OUT", "--compress", "lz4"],
            "lz4.asdf",
        ),
        (vec!["convert", &exposure, "OUT"], "x.asdf.gz"),
        (vec!["convert", &exposure, "OUT"], "x.yaml"),
        (vec!["convert", &exposure, "OUT"], "x.json"),
        (
            vec!["convert", &exposure, "OUT", "--path", "roman.data"],
            "x.npy",
        ),
        (vec!["convert", &image, "OUT"], "x.png"),
        (vec!["convert", &exposure, "OUT"], "x.fits"),
        (vec!["convert", &tree, "OUT"], "tree.asdf"),
        (
            vec![
                "cutout", &image, "-o", "OUT", "--pixel", "9,9", "--size", "5px",
            ],
            "cut.asdf",
        ),
        (
            vec![
                "cutout", &image, "-o", "OUT", "--pixel", "9,9", "--size", "5px",
            ],
            "cut.fits",
        ),
        (vec!["strip", &tree, "OUT"], "plain.fits"),
        (vec!["embed", &exposure, "OUT"], "embedded.fits"),
        (vec!["implode", &exploded, "-o", "OUT"], "whole.asdf"),
        (
            vec!["set", &exposure, "-s", "new=1", "-o", "OUT"],
            "set.asdf",
        ),
        (vec!["preview", &image, "-o", "OUT"], "preview.png"),
        (vec!["refs", &exposure, "-o", "OUT"], "refs.json"),
        (vec!["repair", &damaged, "-o", "OUT"], "repaired.asdf"),
        (vec!["check", &exposure, "--junit", "OUT"], "junit.xml"),
    ] {
        let local = folder.path().join(name).to_string_lossy().into_owned();
        let object = format!("s3://night/made/{name}");
        let with = |out: &str, more: &[&str]| {
            let words = args
                .iter()
                .map(|word| if *word == "OUT" { out } else { word });
            let words: Vec<&str> = words.chain(more.iter().copied()).collect();
            run(&endpoint, &words)
        };
        let (here, there) = (with(&local, &[]), with(&object, &[]));
        let plain =
            |(code, told): &(Option<i32>, String), name: &str| (*code, told.replace(name, "OUT"));
        assert_eq!(plain(&there, &object), plain(&here, &local), "{args:?}");
        assert!(here.0 < Some(2), "{args:?}: {}", here.1);
        let found = moto.get(&format!("night/made/{name}"));
        let expected = std::fs::read(&local).unwrap();
        assert!(found.as_deref() == Some(expected.as_slice()), "{args:?}");
        // What is there is not replaced unless that is asked for.
        let (code, told) = with(&object, &[]);
        assert_eq!(code, Some(2), "{args:?}");
        let wanted = format!("{object}: the object exists already; --force replaces it");
        assert!(told.contains(&wanted), "{args:?}: {told}");
        let again = with(&object, &["--force"]);
        assert_eq!(plain(&again, &object), plain(&here, &local), "{args:?}");
    }
}

#[test]
fn a_folder_of_outputs_may_be_a_prefix() {
    let Some(moto) = Moto::start() else {
        return;
    };
    moto.put("night", b"");
    let endpoint = moto.endpoint();
    let folder = tempfile::tempdir().unwrap();
    let local = folder.path().join("out").to_string_lossy().into_owned();
    let files = [
        "made/roman_exposure.asdf",
        "made/codec_lz4.asdf",
        "made/bug11_masks.asdf",
    ]
    .map(path);
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    for (out, more) in [
        ("s3://night/small/", &[][..]),
        ("s3://night/other", &["--name", "a/{stem}.{ext}"]),
    ] {
        let with = |out: &str| {
            let mut words = vec!["convert", "--compress", "zlib", "--out-dir", out];
            words.extend(more);
            words.extend(&files);
            run(&endpoint, &words)
        };
        let (here, there) = (with(&local), with(out));
        assert_eq!(
            (there.0, here.0),
            (Some(0), Some(0)),
            "{}{}",
            there.1,
            here.1
        );
    }
    for file in &files {
        let name = Path::new(file).file_name().unwrap().to_str().unwrap();
        let expected = std::fs::read(Path::new(&local).join(name)).unwrap();
        for prefix in ["small", "other/a"] {
            let found = moto.get(&format!("night/{prefix}/{name}"));
            assert!(
                found.as_deref() == Some(expected.as_slice()),
                "{prefix}/{name}"
            );
        }
    }
    // And from bucket to bucket.
    let (code, told) = run(
        &endpoint,
        &[
            "convert",
            "--out-dir",
            "s3://night/again/",
            "s3://night/small/",
        ],
    );
    assert_eq!(code, Some(0), "{told}");
    let (code, told) = run(&endpoint, &["verify", "s3://night/again/"]);
    assert_eq!(code, Some(0), "{told}");
    let here = ["diff", files[0], "s3://night/again/roman_exposure.asdf"];
    assert_eq!(run(&endpoint, &here), (Some(0), String::new()));
}

#[test]
fn what_is_not_written_is_refused_with_a_reason() {
    let store = Store::start();
    let endpoint = store.endpoint();
    let exposure = path("made/roman_exposure.asdf");
    store.put("/b/x.asdf", &std::fs::read(&exposure).unwrap());
    for (args, text) in [
        (
            &["convert", &exposure, "https://host/x.asdf?sig=SECRET"][..],
            "https://host/x.asdf: a web server takes no files",
        ),
        (
            &["convert", &exposure, "http://me:SECRET@127.0.0.1:1/x.asdf"],
            "http://127.0.0.1:1/x.asdf: a web server takes no files",
        ),
        (
            &["convert", &exposure, "--out-dir", "https://host/"],
            "a web server takes no files",
        ),
        (
            &["convert", &exposure, "s3://b/", "--to", "asdf"],
            "s3://b/: it is a folder",
        ),
        (
            &["convert", &exposure, "s3://b/y.asdf", "--explode"],
            "--explode makes files beside OUT",
        ),
        (
            &["explode", &exposure, "-o", "s3://b/y.asdf"],
            "s3://b/y.asdf: the result of `asdf explode` is made of files beside each other",
        ),
        (
            &["set", "s3://b/x.asdf", "a", "1"],
            "s3://b/x.asdf: files of URLs are not changed",
        ),
        (
            &["rm", "s3://b/x.asdf", "roman"],
            "files of URLs are not changed",
        ),
        (
            &["convert", &exposure, "s3://b/y.bz2", "--to", "asdf"],
            "files are not written as .bz2",
        ),
    ] {
        let (code, told) = run(&endpoint, args);
        assert_eq!(code, Some(2), "{args:?}: {told}");
        assert!(told.contains(text), "{args:?}: {told}");
    }
    let shelf = store.shelf.lock().unwrap();
    assert_eq!(shelf.objects.len(), 1);
    let writes = shelf
        .requests
        .iter()
        .filter(|told| !told.starts_with("HEAD") && !told.starts_with("GET"));
    assert_eq!(writes.count(), 0);
}

/// A file of so many mebibytes, in a folder.
fn large(folder: &Path, mebibytes: usize) -> PathBuf {
    let path = folder.join("x.npy");
    let count = mebibytes << 18;
    let dict = format!("{{'descr': '<u4', 'fortran_order': False, 'shape': ({count},), }}");
    let mut bytes = format!("\u{0}{dict:117}\n").into_bytes();
    bytes.splice(..1, *b"\x93NUMPY\x01\0\x76\0");
    for number in 0..count as u32 {
        bytes.extend(number.wrapping_mul(2_654_435_761).to_le_bytes());
    }
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_failure_in_the_middle_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = large(folder.path(), 20);
    let file = file.to_str().unwrap();
    for (failure, wanted) in [
        (
            Failure::Part(2, 403),
            "s3://b/x.asdf: access is refused (403): the credentials that were found do not allow it",
        ),
        (
            Failure::Completion(503),
            "s3://b/x.asdf: the server answers with status 503",
        ),
        (
            Failure::Race,
            "s3://b/x.asdf: the object exists already; --force replaces it",
        ),
    ] {
        let store = Store::start();
        store.fail(failure);
        let (code, told) = run(&store.endpoint(), &["convert", file, "s3://b/x.asdf"]);
        assert_eq!(code, Some(2), "{failure:?}: {told}");
        assert!(told.contains(wanted), "{failure:?}: {told}");
        assert_eq!(store.pending(), 0, "{failure:?}");
        let left = store.object("/b/x.asdf");
        assert_eq!(
            left.as_deref(),
            (failure == Failure::Race).then_some(&b"other"[..])
        );
    }
    let store = Store::start();
    let (code, told) = run(&store.endpoint(), &["convert", file, "s3://b/x.asdf", "-v"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("s3://b/x.asdf: 5 requests, 21.0 MB sent, 1 round trip"),
        "{told}"
    );
    let found = store.object("/b/x.asdf").unwrap();
    let local = folder.path().join("x.asdf");
    assert_eq!(
        run(
            "http://127.0.0.1:1",
            &["convert", file, local.to_str().unwrap()]
        )
        .0,
        Some(0)
    );
    assert!(found == std::fs::read(&local).unwrap());
}

/// Ctrl-C, and being told to end: what was sent is taken back.
#[cfg(unix)]
#[test]
fn an_interrupted_command_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = large(folder.path(), 20);
    for signal in ["INT", "TERM"] {
        if signal == "INT" && crate::signals::is_ignored(2) {
            eprintln!("skipped: SIGINT is ignored by what started the tests");
            continue;
        }
        let store = Store::start();
        store.fail(Failure::SilentPart(2));
        let mut command = asdf(&["convert", file.to_str().unwrap(), "s3://b/x.asdf"]);
        let child = command
            .args(["--endpoint", &store.endpoint(), "--no-sign-request"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let start = Instant::now();
        while store.pending() == 0 {
            assert!(start.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(300));
        let id = child.id().to_string();
        let sent = std::process::Command::new("kill")
            .args(["-s", signal, &id])
            .status();
        assert!(sent.unwrap().success());
        let output = child.wait_with_output().unwrap();
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{signal}: {told}");
        let wanted = "asdf: s3://b/x.asdf: interrupted: the object was not written\n";
        assert_eq!(told, wanted, "{signal}");
        assert_eq!(
            (store.pending(), store.object("/b/x.asdf")),
            (0, None),
            "{signal}"
        );
    }
}

/// Memory does not follow the size of what is written.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let file = large(folder.path(), 160);
    let store = Store::start();
    let mut command = asdf(&["convert", file.to_str().unwrap(), "s3://b/x.asdf"]);
    command.args(["--endpoint", &store.endpoint(), "--no-sign-request"]);
    let most = crate::peak_kilobytes(&mut command);
    assert!(store.object("/b/x.asdf").is_some());
    assert!(most < 110_000, "{most} kB");
}
