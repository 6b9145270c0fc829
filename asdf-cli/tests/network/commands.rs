//! Every command that reads.

use crate::server::{Fault, Server};
use crate::{data, run, text};
use std::path::Path;
use std::time::Duration;

/// Output, errors and exit code, with the name of the file in place of its URL.
fn told(args: &[&str], name: &str) -> (String, String, Option<i32>) {
    let output = run(args);
    let plain = |bytes: &[u8]| text(bytes).replace(name, "FILE");
    (
        plain(&output.stdout),
        plain(&output.stderr),
        output.status.code(),
    )
}

fn same(server: &Server, path: &Path, words: &[&str]) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let (here, there) = (path.to_string_lossy().into_owned(), server.url(&name));
    let of = |file: &str| {
        let args: Vec<&str> = words
            .iter()
            .map(|word| if *word == "FILE" { file } else { word })
            .collect();
        told(&args, file)
    };
    let (found, expected) = (of(&there), of(&here));
    assert!(
        found == expected,
        "{name} {words:?}:\n{found:#?}\n{expected:#?}"
    );
}

#[test]
fn read_commands_of_an_exposure() {
    let server = Server::start();
    let path = data("made/roman_exposure.asdf");
    server.put("roman_exposure.asdf", std::fs::read(&path).unwrap());
    for words in [
        "info FILE",
        "info --json FILE",
        "info --blocks FILE",
        "ls FILE",
        "ls --json --digest FILE",
        "get FILE roman.meta.exposure.type",
        "get FILE roman.data[0:4,::16]",
        "get --json FILE roman.meta",
        "stats FILE roman.data",
        "stats --json FILE",
        "search --type float --path meta/.*expos FILE",
        "verify FILE",
        "verify --json FILE",
        "verify --checksums-only FILE",
        "validate FILE",
        "wcs info FILE",
        "wcs footprint FILE",
        "wcs eval FILE 10 20",
        "history FILE",
        "check FILE",
        "convert FILE - --to yaml",
        "convert FILE - --to json",
        "preview FILE --width 40",
        "table FILE roman.meta.exposure.exposure_time",
        "repair --dry-run FILE",
        "browse --snapshot 80x24 FILE",
        "get FILE no.such.node",
        "ls --plain FILE",
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        same(&server, &path, &words);
    }
}

#[test]
fn all_files_of_the_test_data() {
    let server = Server::start();
    for folder in ["made", "bad", "fits"] {
        let mut names = Vec::new();
        let mut urls = Vec::new();
        for entry in data(folder).read_dir().unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name.starts_with("exploded") {
                for part in path.read_dir().unwrap() {
                    let part = part.unwrap();
                    let file = part.file_name().to_string_lossy().into_owned();
                    let bytes = std::fs::read(part.path()).unwrap();
                    server.put(&format!("{folder}/{name}/{file}"), bytes);
                }
            }
            // What is missing is told in other words.
            if matches!(name.as_str(), "exploded_missing.asdf" | "ext_missing.asdf")
                || !path.is_file()
                || path.extension().is_some_and(|end| end == "json")
                || path.metadata().unwrap().len() > 2 << 20
            {
                continue;
            }
            server.put(&format!("{folder}/{name}"), std::fs::read(&path).unwrap());
            names.push(path.to_string_lossy().into_owned());
        }
        names.sort();
        let here = data(folder).to_string_lossy().into_owned();
        urls.extend(
            names
                .iter()
                .map(|name| name.replace(&here, &server.url(folder))),
        );
        for command in [&["info"][..], &["ls", "--digest"], &["verify"]] {
            let of = |files: &[String], place: &str| {
                let mut args = command.to_vec();
                args.extend(files.iter().map(String::as_str));
                told(&args, place)
            };
            let (found, expected) = (of(&urls, &server.url(folder)), of(&names, &here));
            let lines = found
                .0
                .lines()
                .chain(found.1.lines())
                .zip(expected.0.lines().chain(expected.1.lines()));
            let differs: Vec<_> = lines
                .filter(|(found, expected)| found != expected)
                .take(3)
                .collect();
            assert!(found == expected, "{folder} {command:?}: {differs:#?}");
        }
    }
}

#[test]
fn files_are_made_of_urls() {
    let server = Server::start();
    let path = data("made/roman_exposure.asdf");
    let url = server.url("x.asdf");
    server.put("x.asdf", std::fs::read(&path).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let done = run(&["convert", &url, &at("x.asdf")]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(
        run(&["diff", &at("x.asdf"), path.to_str().unwrap()])
            .status
            .success()
    );
    assert!(run(&["diff", &at("x.asdf"), &url]).status.success());
    assert!(run(&["diff", &url, &at("x.asdf")]).status.success());
    let done = run(&["cutout", &url, &at("cut.asdf"), "--window", "0:10,0:10"]);
    let local = run(&[
        "cutout",
        path.to_str().unwrap(),
        &at("local.asdf"),
        "--window",
        "0:10,0:10",
    ]);
    assert_eq!(
        done.status.code(),
        local.status.code(),
        "{}{}",
        text(&done.stderr),
        text(&local.stderr)
    );
    let done = run(&[
        "set",
        &url,
        "roman.meta.filename",
        "y.asdf",
        "-o",
        &at("y.asdf"),
    ]);
    assert!(done.status.success(), "{}", text(&done.stderr));
}

#[test]
fn what_a_command_cost_is_told_when_asked_for() {
    let server = Server::of(
        "x.asdf",
        std::fs::read(data("made/roman_exposure.asdf")).unwrap(),
    );
    let url = server.url("x.asdf").replace("http://", "http://me:SECRET@") + "?sig=SECRET";
    let output = run(&["info", "-v", &url]);
    let told = format!("asdf: {}: 2 requests, ", server.url("x.asdf"));
    let said = text(&output.stderr);
    assert!(
        said.contains(&told) && said.contains(", 1 round trip"),
        "{said}"
    );
    assert!(
        !said.contains("SECRET") && !text(&output.stdout).contains("SECRET"),
        "{said}"
    );
    server.fail(Fault::NoRanges);
    let output = run(&["info", &url]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        text(&output.stderr).contains("warning: "),
        "{}",
        text(&output.stderr)
    );
    server.fail(Fault::Status(403));
    let output = run(&["info", "-v", &url]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        !text(&output.stderr).contains("SECRET"),
        "{}",
        text(&output.stderr)
    );
}

/// Memory does not follow the size of an object.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let npy = folder.path().join("x.npy");
    let size = 200 << 20;
    let mut bytes =
        b"\x93NUMPY\x01\0\x76\0{'descr': '<f4', 'fortran_order': False, 'shape': (52428800,), }"
            .to_vec();
    bytes.resize(127, b' ');
    bytes.push(b'\n');
    bytes.resize(128 + size, 7);
    std::fs::write(&npy, bytes).unwrap();
    let path = folder.path().join("x.asdf");
    assert!(
        run(&["convert", npy.to_str().unwrap(), path.to_str().unwrap()])
            .status
            .success()
    );
    let server = Server::of("x.asdf", std::fs::read(&path).unwrap());
    server.slow_down(Duration::from_millis(5), 0);
    let url = server.url("x.asdf");
    let most = crate::peak_kilobytes(&mut crate::asdf(&["verify", &url]));
    assert!(most < 100_000, "{most} kB");
}
