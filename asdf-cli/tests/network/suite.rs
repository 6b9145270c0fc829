//! The commands that read, on files of many kinds: over the network they print what they print of the file, byte for byte.

use crate::moto::Moto;
use crate::server::Server;
use crate::{asdf, data, text};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

/// Each command, FILE in the place of the file.
const COMMANDS: [&str; 44] = [
    "info FILE",
    "info --json FILE",
    "info --blocks FILE",
    "ls FILE",
    "ls --plain FILE",
    "ls --json --digest FILE",
    "get FILE roman.meta.exposure.type",
    "get FILE roman.data[0:4,::16]",
    "get --json FILE roman.meta",
    "get FILE no.such.node",
    "stats FILE",
    "stats --json FILE",
    "search --type float FILE",
    "search --path meta FILE",
    "verify FILE",
    "verify --json FILE",
    "verify --checksums-only FILE",
    "validate FILE",
    "validate --json FILE",
    "check FILE",
    "check --json FILE",
    "wcs info FILE",
    "wcs footprint FILE",
    "wcs eval FILE 10 20",
    "wcs to-fits FILE",
    "history FILE",
    "history --json FILE",
    "table FILE roman.meta.exposure.exposure_time",
    "diff FILE FILE",
    "convert FILE - --to yaml",
    "convert FILE - --to json",
    "convert FILE - --to asdf",
    "convert FILE - --to asdf --compress zlib",
    "convert FILE - --to fits",
    "convert FILE - --to npy",
    "convert FILE - --to csv",
    "preview FILE --width 40",
    "cutout FILE --pixel 9,9 --size 5px -o - --keep-corrupt",
    "embed FILE -",
    "strip FILE -",
    "implode FILE -o -",
    "refs FILE -o - --url https://host/",
    "repair --dry-run --json FILE",
    "browse --snapshot 80x24 FILE",
];

/// Files that everyone runs, and those of `.ci/full` beside them.
const SOME: [&str; 5] = [
    "made/roman_exposure.asdf",
    "made/exploded.asdf",
    "image/sky.asdf",
    "fits/embedded/product.fits",
    "bad/trunc_in_block_data.asdf",
];
const OTHERS: [&str; 17] = [
    "made/codec_mixed.asdf",
    "made/codec_lz4.asdf",
    "made/codec_zstd_frames.asdf",
    "made/codec_blsc_chunks.asdf",
    "made/bug11_masks.asdf",
    "made/checksum_wrong.asdf",
    "made/header_gwcs.asdf",
    "made/header_only.asdf",
    "image/cube.asdf",
    "tagged/objects.asdf",
    "measure/errors.asdf",
    "wcs/detector.asdf",
    "fits/images.fits",
    "fits/tables.fits",
    "fits/compressed_rice_1.fits",
    "fits/whole.fits.gz",
    "fits/embedded/views.fits",
];

/// Where files lie in the bucket: so long that the browser leaves it out, as it does with the folder of the tests.
const PREFIX: &str = "data/a-place-with-a-name-that-is-quite-long";

/// The files beside one, which it may name.
fn siblings(name: &str) -> Vec<(String, PathBuf)> {
    let path = data("").join(name);
    let folder = path.parent().unwrap();
    let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
    let (place, _) = name.rsplit_once('/').unwrap();
    let mut found = vec![(name.to_owned(), path.clone())];
    for entry in folder.read_dir().unwrap() {
        let entry = entry.unwrap();
        let own = entry.file_name().to_string_lossy().into_owned();
        if own.starts_with(&stem)
            && entry.path().extension() == path.extension()
            && entry.path() != path
        {
            found.push((format!("{place}/{own}"), entry.path()));
        }
    }
    found
}

/// Output, messages and exit code, with FILE in place of the name.
fn told(command: &str, name: &str, options: &[String]) -> (Vec<u8>, String, Option<i32>) {
    let words = command
        .split(' ')
        .map(|word| if word == "FILE" { name } else { word });
    let mut args: Vec<&str> = words.collect();
    args.extend(options.iter().map(String::as_str));
    let output = asdf(&args).output().unwrap();
    let out = match String::from_utf8(output.stdout) {
        Ok(text) => text.replace(name, "FILE").into_bytes(),
        Err(error) => error.into_bytes(),
    };
    (
        out,
        text(&output.stderr).replace(name, "FILE"),
        output.status.code(),
    )
}

/// Runs all commands on all files, on several threads, as most of the time is spent waiting.
fn compare(files: &[&str], url: impl Fn(&str) -> String + Sync, options: &[String]) {
    let jobs = files
        .iter()
        .flat_map(|file| COMMANDS.map(|command| (*file, command)));
    let next = Mutex::new(jobs);
    let failures = Mutex::new(Vec::new());
    let work = || {
        loop {
            let Some((file, command)) = next.lock().unwrap().next() else {
                return;
            };
            let here = told(command, &data("").join(file).to_string_lossy(), options);
            let there = told(command, &url(file), options);
            // A file alone is asked for what lies beside it, and a server for what it has.
            if there != here {
                let shown = |(out, err, code): &(Vec<u8>, String, _)| {
                    let out: String = text(out).chars().take(300).collect();
                    format!("{code:?} {err}{out}")
                };
                let failure = format!(
                    "{file} `{command}`:\n{}\n--\n{}",
                    shown(&there),
                    shown(&here)
                );
                failures.lock().unwrap().push(failure);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(work);
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(
        failures.is_empty(),
        "{}:\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

fn over_ranges(files: &[&str]) {
    let server = Server::start();
    for (name, path) in files.iter().flat_map(|file| siblings(file)) {
        server.put(&name, std::fs::read(path).unwrap());
    }
    server.slow_down(Duration::from_millis(50), 0);
    compare(files, |file| server.url(file), &[]);
}

fn over_s3(files: &[&str]) {
    let Some(moto) = Moto::start() else {
        return;
    };
    moto.put("data", b"");
    for (name, path) in files.iter().flat_map(|file| siblings(file)) {
        moto.put(
            &format!("{PREFIX}/{name}"),
            &std::fs::read(Path::new(&path)).unwrap(),
        );
    }
    let options = ["--no-sign-request", "--endpoint", &moto.endpoint()].map(str::to_owned);
    compare(files, |file| format!("s3://{PREFIX}/{file}"), &options);
}

#[test]
fn a_server_of_ranges_with_a_latency() {
    over_ranges(&SOME);
}

#[test]
fn a_bucket() {
    over_s3(&SOME[..3]);
}

#[test]
#[ignore = "it takes minutes: run by `.ci/full`"]
fn all_of_it_over_both() {
    over_ranges(&OTHERS);
    let all: Vec<&str> = SOME.into_iter().chain(OTHERS).collect();
    over_s3(&all);
}
