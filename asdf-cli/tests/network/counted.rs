//! What commands cost: round trips and bytes, as the server counts them.

use crate::server::Server;
use crate::{asdf, data, run, text};
use asdf_core::array::NewArray;
use asdf_core::file::Storage;
use asdf_core::{AsdfFile, WriteOptions};
use std::path::Path;
use std::time::Duration;

/// Greater than what lies between requests side by side, also on a machine with other work.
const LATENCY: Duration = Duration::from_millis(250);
/// Blocks of the file.
const BLOCKS: usize = 20;
/// Rows and columns of each array.
const SIDE: u64 = 1024;

/// Numbers that do not compress.
fn noise(count: u64, seed: u64) -> Vec<u32> {
    let mut state = seed;
    let next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 32) as u32
    };
    std::iter::repeat_with(next).take(count as usize).collect()
}

/// An exposure with its WCS and arrays of many blocks, at a path.
fn large(path: &Path, storage: &Storage, blocks: usize) {
    let file = AsdfFile::open(data("made/roman_exposure.asdf")).unwrap();
    let all: Vec<Vec<u32>> = (0..blocks as u64)
        .map(|seed| noise(SIDE * SIDE, seed))
        .collect();
    let mut draft = file.to_draft();
    for (number, values) in all.iter().enumerate() {
        let array = NewArray::from_slice(values, &[SIDE, SIDE]).unwrap();
        draft
            .set_array(&format!("more/x{number}"), array, storage)
            .unwrap();
    }
    draft.save(path, &WriteOptions::default()).unwrap();
}

/// Round trips, requests and bytes of a command that must go well.
fn cost(server: &Server, args: &[&str]) -> (u64, u64, u64) {
    let (_, _) = (server.round_trips(), server.asked());
    let mut words = args.to_vec();
    words.push("-v");
    let output = run(&words);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {told}");
    let (requests, bytes) = server.asked();
    let round_trips = server.round_trips();
    // What the command tells of itself is what the server has seen.
    let line = told.lines().find(|line| line.contains(" round trip"));
    let line = line.unwrap_or_else(|| panic!("{told}"));
    assert!(
        line.contains(&format!(": {requests} request")),
        "{requests}: {line}"
    );
    let own = line
        .split(", ")
        .find_map(|part| part.split_once(" round trip"));
    let own: u64 = own.unwrap().0.parse().unwrap();
    assert!(round_trips <= own, "{round_trips}: {line}");
    (own, requests, bytes)
}

#[test]
fn headers_values_and_places_cost_three_round_trips() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.asdf");
    large(&path, &Storage::compressed("lz4".parse().unwrap()), BLOCKS);
    let server = Server::of("x.asdf", std::fs::read(&path).unwrap());
    server.slow_down(LATENCY, 0);
    let url = server.url("x.asdf");
    for args in [
        &["info", &url][..],
        &["ls", &url],
        &["get", &url, "roman.meta.exposure.type"],
        &["wcs", "footprint", &url],
    ] {
        let (round_trips, requests, bytes) = cost(&server, args);
        println!(
            "{} {}: {round_trips} round trips, {requests} requests, {bytes} bytes",
            args[0], args[1]
        );
        assert!(
            round_trips <= 3 && bytes <= 300_000,
            "{args:?}: {round_trips}, {bytes}"
        );
    }
    // A window of a block in the middle: its chunks, and at most 32 MiB in front of them.
    let window = "more.x11[500:600, 500:600]";
    let (round_trips, _, bytes) = cost(&server, &["get", &url, window, "--json"]);
    println!("window: {round_trips} round trips, {bytes} bytes");
    let needed = 4 << 20;
    assert!(
        round_trips <= 4 && bytes <= needed + (32 << 20),
        "{round_trips}, {bytes}"
    );
}

#[test]
fn a_window_of_plain_numbers_costs_four_round_trips() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.asdf");
    large(&path, &Storage::internal(), BLOCKS);
    let server = Server::of("x.asdf", std::fs::read(&path).unwrap());
    server.slow_down(LATENCY, 0);
    let url = server.url("x.asdf");
    for window in [
        "more.x0[0:100, 0:100]",
        "more.x11[500:600, 500:600]",
        "more.x19[924:, 924:]",
    ] {
        let (round_trips, _, bytes) = cost(&server, &["get", &url, window, "--json"]);
        println!("window: {round_trips} round trips, {bytes} bytes");
        assert!(
            round_trips <= 4 && bytes <= 2_000_000,
            "{window}: {round_trips}, {bytes}"
        );
    }
}

#[test]
fn a_fits_file_costs_a_request_for_each_hdu() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.asdf");
    large(&path, &Storage::internal(), 8);
    let fits = folder.path().join("x.fits");
    let moves: Vec<String> = (0..8)
        .map(|number| format!("--move=more.x{number}=X{number}"))
        .collect();
    let mut args = vec!["embed", path.to_str().unwrap(), fits.to_str().unwrap()];
    args.extend(moves.iter().map(String::as_str));
    let output = run(&args);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let file = AsdfFile::open(&fits).unwrap();
    let hdus = file.fits().unwrap().len() as u64;
    assert!(hdus >= 10, "{hdus}");
    let server = Server::of("x.fits", std::fs::read(&fits).unwrap());
    server.slow_down(Duration::from_millis(50), 0);
    let (_, requests, _) = cost(&server, &["info", &server.url("x.fits")]);
    println!("info: {requests} requests, {hdus} HDUs");
    assert!(requests <= hdus + 2, "{requests} requests, {hdus} HDUs");
}

/// Statistics do not keep what they have read in memory.
#[cfg(target_os = "linux")]
#[test]
fn statistics_need_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.asdf");
    large(&path, &Storage::internal(), BLOCKS);
    let server = Server::of("x.asdf", std::fs::read(&path).unwrap());
    let most = crate::peak_kilobytes(&mut asdf(&["stats", &server.url("x.asdf")]));
    println!("stats: {most} kB");
    assert!(most < 100_000, "{most} kB");
}
