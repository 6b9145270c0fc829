//! One test for each kind of damage.

use crate::file::{Block, Laid, lay, node, whole_file};
use crate::{numbers, repaired};
use asdf_core::file::{BlockState, LossKind};

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// The value of an array.
fn value(at: usize) -> i32 {
    i32::try_from(at + 1).unwrap() * 0x0001_0101
}

fn tree(counts: &[usize]) -> String {
    NAMES
        .iter()
        .zip(counts)
        .zip(0..)
        .map(|((name, count), at)| node(name, at, &count.to_string(), ""))
        .collect()
}

fn file(counts: &[usize], index: bool) -> Laid {
    let blocks: Vec<Block> = counts
        .iter()
        .enumerate()
        .map(|(at, &count)| Block::of(value(at), count))
        .collect();
    lay(&tree(counts), 0, &blocks, index)
}

/// The arrays that are right; others must not have anything of another one.
fn right(bytes: &[u8], counts: &[usize]) -> String {
    let (_, file) = repaired(bytes);
    let mut out = String::new();
    for (at, (name, &count)) in NAMES.iter().zip(counts).enumerate() {
        let found = numbers(&file, name).unwrap_or_default();
        if found == vec![value(at); count] {
            out.push_str(name);
        }
        for other in (0..counts.len()).filter(|other| *other != at) {
            assert!(
                !found.contains(&value(other)),
                "{name} has data of {}",
                NAMES[other]
            );
        }
    }
    out
}

const EQUAL: [usize; 6] = [40; 6];
const MIXED: [usize; 6] = [40, 17, 80, 5, 33, 64];

#[test]
fn bytes_inserted_into_and_deleted_from_blocks_leave_all_others_their_numbers() {
    for index in [true, false] {
        let laid = file(&EQUAL, index);
        let mut bytes = laid.bytes.clone();
        bytes.insert(laid.spans[3].start + 70, b'\r');
        bytes.remove(laid.spans[1].start + 70);
        assert_eq!(right(&bytes, &EQUAL), "acef", "index {index}");
    }
}

#[test]
fn a_header_that_is_gone_takes_only_its_own_array() {
    for (index, counts) in [(true, EQUAL), (false, EQUAL), (true, MIXED), (false, MIXED)] {
        let laid = file(&counts, index);
        let mut bytes = laid.bytes.clone();
        bytes[laid.spans[2].start..][..54].fill(b'x');
        assert_eq!(right(&bytes, &counts), "abdef");
    }
}

#[test]
fn a_block_that_was_taken_out_whole_is_known_by_the_sizes_or_not_at_all() {
    for (index, counts, wanted) in [
        (true, MIXED, "abdef"),
        (false, MIXED, "abdef"),
        (true, EQUAL, ""),
        (false, EQUAL, ""),
    ] {
        let laid = file(&counts, index);
        let mut bytes = laid.bytes.clone();
        bytes.drain(laid.spans[2].start..laid.spans[3].start);
        assert_eq!(right(&bytes, &counts), wanted);
    }
}

#[test]
fn a_file_that_ends_within_a_block_keeps_the_blocks_before_it() {
    let laid = file(&EQUAL, true);
    let bytes = &laid.bytes[..laid.spans[3].start + 100];
    assert_eq!(right(bytes, &EQUAL), "abc");
    let (found, file) = repaired(bytes);
    assert_eq!(found.blocks[3].state, BlockState::Truncated);
    assert_eq!(found.blocks.len(), 6);
    // The recorded checksum goes on saying that this is not the whole block.
    let block = file.block(3).unwrap();
    assert!(matches!(
        block.verify(),
        Ok(asdf_core::block::Verdict::Mismatch { .. })
    ));
}

#[test]
fn a_block_within_the_data_of_another_is_no_block() {
    for inner_index in [true, false] {
        for damage in [0..54_usize, 2..3, 0..70, 20..60] {
            for index in [true, false] {
                let inner = whole_file(0x0077_7777, 40, inner_index);
                let tree = tree(&[40, 1, 40, 40])
                    .replace("shape: [1]", &format!("shape: [{}]", inner.len() / 4));
                let mut blocks: Vec<Block> = (0..4).map(|at| Block::of(value(at), 40)).collect();
                blocks[1] = Block::raw(inner);
                let laid = lay(&tree, 0, &blocks, index);
                let mut bytes = laid.bytes.clone();
                let start = laid.spans[1].start;
                bytes.drain(start + damage.start..start + damage.end);
                let (_, file) = repaired(&bytes);
                for (name, at) in [("a", 0), ("b", 1), ("c", 2), ("d", 3)] {
                    let found = numbers(&file, name).unwrap_or_default();
                    assert!(!found.contains(&0x0077_7777) || at == 1 && found.len() > 40);
                }
                assert_eq!(numbers(&file, "a"), Some(vec![value(0); 40]));
            }
        }
    }
}

#[test]
fn a_block_without_number_is_kept_where_no_array_names_it() {
    let laid = file(&EQUAL, false);
    let mut bytes = laid.bytes.clone();
    bytes.drain(laid.spans[2].start..laid.spans[3].start);
    let (found, _) = repaired(&bytes);
    assert_eq!(found.blocks.len(), 11);
    let lost = found
        .blocks
        .iter()
        .filter(|block| block.state == BlockState::Lost);
    assert_eq!(lost.count(), 6);
    let kept = found
        .losses
        .iter()
        .filter(|loss| loss.kind == LossKind::Unnumbered);
    assert_eq!(kept.count(), 5);
}

#[test]
fn an_array_that_counts_from_the_end_never_gets_another_block() {
    let tree = node("a", 0, "40", "") + &node("z", -1, "40", "");
    let blocks: Vec<Block> = (0..4).map(|at| Block::of(value(at), 40)).collect();
    for index in [true, false] {
        let laid = lay(&tree, 0, &blocks, index);
        for cut in [
            laid.spans[3].start,
            laid.spans[3].start + 60,
            laid.spans[2].end - 3,
        ] {
            let (_, file) = repaired(&laid.bytes[..cut]);
            let found = numbers(&file, "z").unwrap_or_default();
            assert!((0..3).all(|at| !found.contains(&value(at))) || cut == laid.spans[3].start);
        }
        let mut bytes = laid.bytes.clone();
        bytes[laid.spans[1].start..][..54].fill(0);
        let (_, file) = repaired(&bytes);
        assert_eq!(numbers(&file, "z"), Some(vec![value(3); 40]));
        assert_eq!(numbers(&file, "a"), Some(vec![value(0); 40]));
    }
}

#[test]
fn the_last_block_of_an_index_has_its_number_without_a_checksum_unless_a_lost_one_is_as_long() {
    // What is left of the header in front of it, and a header whose data end with those of the last one.
    for (counts, left, expected) in [([17, 30, 40], 2, "ac"), ([17, 40, 40], 74, "a")] {
        let mut blocks: Vec<Block> = counts
            .iter()
            .enumerate()
            .map(|(at, &count)| Block::of(value(at), count))
            .collect();
        blocks[1].checksum = false;
        blocks[2].checksum = false;
        let laid = lay(&tree(&counts), 0, &blocks, true);
        let mut bytes = laid.bytes.clone();
        let same = if left > 54 { left } else { 0 };
        bytes.drain(laid.spans[1].start + left..laid.spans[2].start + same);
        assert_eq!(right(&bytes, &counts), expected, "{counts:?}");
    }
}

#[test]
fn sizes_put_together_of_damage_do_not_pass_for_a_cut_file() {
    let counts = [1; 4];
    let laid = file(&counts, true);
    let mut bytes = laid.bytes.clone();
    // The end of the last header, its data and the first letters of the index; and as many bytes as a block has.
    bytes.drain(laid.spans[3].start + 28..laid.spans[3].end + 19);
    bytes.drain(laid.spans[0].start + 12..laid.spans[1].start + 12);
    assert_eq!(right(&bytes, &counts), "");
}
