//! Requests, bytes and time.

use crate::server::Server;
use crate::{exposure, options};
use asdf_core::array::NewArray;
use asdf_core::file::Storage;
use asdf_core::{Draft, WriteOptions};
use std::time::{Duration, Instant};

/// A file of one block of that many mebibytes, which does not compress.
fn large(mebibytes: usize, storage: &Storage) -> Vec<u8> {
    let mut state = 1_u64;
    let next = std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as u32
    });
    let values: Vec<u32> = next.take(mebibytes << 18).collect();
    let shape = [values.len() as u64 / 1024, 1024];
    let mut draft = Draft::new();
    let array = NewArray::from_slice(&values, &shape).unwrap();
    draft.set_array("data", array, storage).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.asdf");
    draft.save(&path, &WriteOptions::default()).unwrap();
    std::fs::read(path).unwrap()
}

#[test]
fn a_small_file_comes_with_the_first_two_requests() {
    let server = Server::of("x.asdf", exposure());
    let (open, remote) = options();
    let file = open.open(server.url("x.asdf")).unwrap();
    file.array("roman/data").unwrap().load().unwrap();
    assert_eq!(server.asked().0, 2);
    let traffic = &remote.traffic()[0];
    assert_eq!((traffic.requests, traffic.rounds), (2, 1), "{traffic:?}");
}

/// Round trips as the slope of the time over the latency.
#[test]
fn the_latency_is_paid_for_few_times() {
    let server = Server::of(
        "x.asdf",
        large(48, &Storage::compressed("lz4".parse().unwrap())),
    );
    let mut times = Vec::new();
    for latency in [20, 220] {
        server.slow_down(Duration::from_millis(latency), 0);
        let (open, remote) = options();
        let start = Instant::now();
        let file = open.open(server.url("x.asdf")).unwrap();
        let opened = start.elapsed();
        let array = file.array("data").unwrap();
        array.load_window(&[11_000..11_100, 0..100]).unwrap();
        times.push((opened, start.elapsed()));
        let traffic = &remote.traffic()[0];
        assert!(traffic.rounds <= 4, "{traffic:?}");
        assert!(latency < 200 || server.round_trips() <= 4);
        server.round_trips();
        server.asked();
        array.load_window(&[11_000..11_100, 0..100]).unwrap();
        assert_eq!(server.asked(), (0, 0), "a second look asks for nothing");
    }
    let slope = |a: Duration, b: Duration| b.saturating_sub(a).as_secs_f64() / 0.2;
    let opened = slope(times[0].0, times[1].0);
    let window = slope(times[0].1, times[1].1);
    // Half a round trip more, for a machine with other work.
    assert!(opened <= 3.5, "{opened} round trips to open");
    assert!(window <= 4.5, "{window} round trips to a window");
}

#[test]
fn statistics_run_at_the_speed_of_the_line() {
    const SPEED: u64 = 16 << 20;
    for storage in [
        Storage::internal(),
        Storage::compressed("lz4".parse().unwrap()),
    ] {
        let bytes = large(48, &storage);
        let ideal = bytes.len() as f64 / SPEED as f64;
        let server = Server::of("x.asdf", bytes);
        server.slow_down(Duration::from_millis(20), SPEED);
        let (open, _) = options();
        let file = open.open(server.url("x.asdf")).unwrap();
        let block = file.block(0).unwrap();
        let start = Instant::now();
        let mut reader = block.reader().unwrap();
        std::io::copy(&mut reader, &mut std::io::sink()).unwrap();
        let time = start.elapsed().as_secs_f64();
        assert!(time <= ideal / 0.8 + 0.5, "{time} s, {ideal} s at best");
        file.array("data").unwrap().stats().unwrap();
        let (_, bytes) = server.asked();
        assert!(bytes <= 50 << 20, "{bytes}: nothing comes twice");
    }
}

/// Empty blocks, one after the other, and no index: a walk from header to header.
#[test]
fn a_walk_in_small_steps_takes_longer_ones() {
    let mut bytes = b"#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n".to_vec();
    for _ in 0..40_000 {
        bytes.extend_from_slice(b"\xd3BLK\0\x30");
        bytes.extend_from_slice(&[0; 48]);
    }
    let size = bytes.len() as u64;
    let server = Server::of("x.asdf", bytes);
    let (open, remote) = options();
    let file = open.open(server.url("x.asdf")).unwrap();
    assert_eq!(file.blocks().len(), 40_000);
    let traffic = &remote.traffic()[0];
    // Doubled from a granule to a mebibyte, and the begin and the end.
    assert!(traffic.rounds <= 16, "{traffic:?}");
    assert!(traffic.bytes <= size + (128 << 10), "{traffic:?}");
}
