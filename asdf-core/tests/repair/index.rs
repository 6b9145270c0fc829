//! What is told about the index, and files that have none.

use crate::file::{Block, lay, node};
use crate::{numbers, repaired};
use asdf_core::file::{LossKind, Salvaged};

fn two(index: bool) -> Vec<u8> {
    let tree = node("a", 0, "4", "") + &node("b", 1, "5", "");
    lay(&tree, 0, &[Block::of(7, 4), Block::of(8, 5)], index).bytes
}

fn told(found: &Salvaged) -> Vec<&LossKind> {
    assert!(found.losses.is_empty(), "{:?}", found.losses);
    found.mended.iter().map(|loss| &loss.kind).collect()
}

#[test]
fn it_is_told_what_was_wrong_with_the_index() {
    let bytes = two(true);
    assert!(told(&repaired(&bytes).0).is_empty());
    assert_eq!(told(&repaired(&two(false)).0), [&LossKind::IndexMissing]);
    let start = two(false).len();
    let mut other = bytes.clone();
    // A digit of an entry, the first line, and the end.
    *other.iter_mut().rev().nth(5).unwrap() ^= 1;
    assert_eq!(told(&repaired(&other).0), [&LossKind::Index]);
    let mut other = bytes.clone();
    other[start + 3] = b'_';
    assert_eq!(told(&repaired(&other).0), [&LossKind::IndexDamaged]);
    let cut = &bytes[..bytes.len() - 9];
    assert_eq!(told(&repaired(cut).0), [&LossKind::Index]);
}

#[test]
fn a_streamed_block_that_no_array_names_leaves_the_others_their_numbers() {
    let tree = node("a", 0, "4", "");
    let mut stream = Block::of(8, 5);
    stream.streamed = true;
    let bytes = lay(&tree, 0, &[Block::of(7, 4), stream], false).bytes;
    let (found, file) = repaired(&bytes);
    assert!(told(&found).is_empty());
    assert_eq!(numbers(&file, "a"), Some(vec![7; 4]));
    assert_eq!(file.blocks().len(), 2);
}

#[test]
fn blocks_behind_a_streamed_one_are_no_data_of_it() {
    // Two of the first three are gone; which of them is left is not known, but the streamed one is the last.
    let tree: String = (0..4)
        .map(|at| node(&format!("a{at}"), at, "9", ""))
        .collect();
    let mut blocks: Vec<Block> = (1..5).map(|value| Block::of(value, 9)).collect();
    blocks[3].streamed = true;
    let laid = lay(&tree, 0, &blocks, false);
    let mut bytes = laid.bytes.clone();
    bytes.drain(laid.spans[1].start..laid.spans[2].start);
    bytes.drain(laid.spans[0].start..laid.spans[0].start + 20);
    let (found, file) = repaired(&bytes);
    assert_eq!(file.blocks().len(), found.blocks.len());
    assert_eq!(numbers(&file, "a3"), Some(vec![4; 9]));
}
