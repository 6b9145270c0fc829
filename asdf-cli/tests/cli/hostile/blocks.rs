//! Very many blocks, and very much after them.

use super::{Place, block, tree};
use std::fs::OpenOptions;

#[test]
fn a_sparse_tail_behind_the_index_is_read_in_pieces() {
    let mut file =
        tree("a: !core/ndarray-1.1.0 {source: 0, datatype: uint8, byteorder: big, shape: [2]}");
    let start = file.len();
    file.extend(block([0; 4], b"12", 2));
    file.extend(format!("#ASDF BLOCK INDEX\n%YAML 1.1\n---\n- {start}\n...\n").into_bytes());
    let place = Place::new().with("tail.asdf", file);
    let tail = OpenOptions::new()
        .write(true)
        .open(place.path("tail.asdf"))
        .unwrap();
    tail.set_len(4 << 30).unwrap();
    let done = place.run("info tail.asdf");
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
}

#[test]
fn streams_without_data_cost_no_more_than_they_are() {
    let stream = b"BZh9\x17\x72\x45\x38\x50\x90\0\0\0\0";
    let mut file =
        tree("a: !core/ndarray-1.1.0 {source: 0, datatype: uint8, byteorder: big, shape: [0]}");
    file.extend(block(*b"bzp2", &stream.repeat(200_000), 0));
    let place = Place::new().with("streams.asdf", file);
    for command in ["verify", "ls --digest", "stats"] {
        let done = place.run(&format!("{command} streams.asdf"));
        assert_eq!(done.code, Some(0), "{command}: {}", done.err);
    }
}

#[test]
fn many_blocks_are_told_one_after_the_other() {
    let mut file = tree("a: 1");
    file.extend(block([0; 4], b"", 0).repeat(100_000));
    let place = Place::new().with("many.asdf", file);
    for command in ["info", "info --json", "ls", "verify"] {
        place.run(&format!("{command} many.asdf"));
    }
    let done = place.run("info --json many.asdf");
    let document: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(document["blocks"].as_array().unwrap().len(), 100_000);
    assert_eq!(document["index"], "absent");
}

/// An LZ4 block of so many zeros, in the framing of ASDF: one literal, a match that repeats it, five literals.
fn lz4_zeros(size: u32) -> Vec<u8> {
    let repeated = size - 6;
    let (full, rest) = ((repeated - 19) / 255, (repeated - 19) % 255);
    let mut data = vec![0x1f, 0, 1, 0];
    data.extend(vec![255; usize::try_from(full).unwrap()]);
    data.extend([u8::try_from(rest).unwrap(), 0x50, 0, 0, 0, 0, 0]);
    let mut chunk = u32::try_from(data.len() + 4)
        .unwrap()
        .to_be_bytes()
        .to_vec();
    chunk.extend(size.to_le_bytes());
    chunk.extend(data);
    chunk
}

#[test]
fn a_chunk_that_is_large_when_decoded_is_refused_by_a_limit() {
    let file = |size: u32| {
        let node = format!(
            "a: !core/ndarray-1.1.0 {{source: 0, datatype: uint8, byteorder: big, shape: [{size}]}}"
        );
        let mut file = tree(&node);
        file.extend(block(*b"lz4\0", &lz4_zeros(size), size.into()));
        file
    };
    let place = Place::new()
        .with("small.asdf", file(100_000_000))
        .with("large.asdf", file(700_000_000));
    for command in ["verify", "ls --digest", "stats"] {
        let done = place.run(&format!("{command} small.asdf"));
        assert_eq!(done.code, Some(0), "{command}: {}", done.err);
        let done = place.run(&format!("{command} large.asdf"));
        assert!(matches!(done.code, Some(1 | 2)), "{command}: {}", done.err);
        let told = format!("{}{}", done.out, done.err);
        assert!(
            told.contains("limit `chunk_bytes` is 268435456"),
            "{command}: {told}"
        );
    }
    let done = place.run("get large.asdf a[0:3] --limit chunk_bytes=100000000");
    assert_eq!(done.code, Some(2), "{}", done.out);
}
