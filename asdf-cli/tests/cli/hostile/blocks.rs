//! Very many blocks, and very much behind them.

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
