//! One bad byte in the lines around the tree: every array is there, and it is told.

use crate::file::{Block, lay, node};
use crate::{numbers, repaired};
use asdf_core::file::LossKind;

/// In place of, in front of or without each byte of the first lines, and of the last one of the tree.
fn changes(bytes: &[u8], range: std::ops::Range<usize>) -> Vec<(usize, Vec<u8>)> {
    let mut out = Vec::new();
    for at in range {
        for bit in 0..8 {
            let mut other = bytes.to_vec();
            other[at] ^= 1 << bit;
            out.push((at, other));
        }
        for new in [b'x', b'{', b'\n', b'\r', b' ', 0xff] {
            let mut other = bytes.to_vec();
            other.insert(at, new);
            out.push((at, other));
        }
        let mut other = bytes.to_vec();
        other.remove(at);
        out.push((at, other));
    }
    out
}

#[test]
fn a_bad_byte_in_the_lines_around_the_tree_loses_no_array_and_is_told() {
    let tree = node("a", 0, "4", "") + &node("b", 1, "5", "");
    let blocks = [Block::of(7, 4), Block::of(8, 5)];
    let bytes = lay(&tree, 0, &blocks, true).bytes;
    let find = |wanted: &[u8]| {
        let mut places = bytes.windows(wanted.len());
        places.position(|found| found == wanted).unwrap()
    };
    let (head, end) = (find(b"\na: ") + 1, find(b"\n...\n") + 1);
    let all = [changes(&bytes, 0..head - 1), changes(&bytes, end..end + 4)].concat();
    let (mut mended, mut kept) = (0, 0);
    for (at, damaged) in &all {
        let (found, file) = repaired(damaged);
        let place = format!("byte {at}, {:?}", damaged[*at] as char);
        assert_eq!(numbers(&file, "a"), Some(vec![7; 4]), "{place}");
        assert_eq!(numbers(&file, "b"), Some(vec![8; 5]), "{place}");
        let is_line = |kind: &LossKind| {
            matches!(
                kind,
                LossKind::Line { .. } | LossKind::Version | LossKind::FirstLine
            )
        };
        let told = found.mended.iter().chain(&found.losses);
        let told = told.filter(|loss| is_line(&loss.kind)).count();
        // A line end may be of another kind, another known version looks like one, and the end of a line before the
        // blocks is not needed.
        if told == 0 {
            let text = found.tree_text.as_bytes();
            assert!(
                damaged.windows(text.len()).any(|found| found == text) || *at >= end,
                "{place}"
            );
            kept += 1;
        }
        mended += usize::from(found.losses.is_empty());
    }
    println!("{} files, {mended} mended, {kept} not told", all.len());
    assert!(mended * 10 > all.len() * 8, "{mended} of {}", all.len());
    assert!(kept * 20 < all.len(), "{kept} of {}", all.len());
}

#[test]
fn where_the_end_of_the_tree_is_lost_the_first_block_has_no_number_without_an_index() {
    let tree: String = (0..4)
        .map(|at| node(&format!("a{at}"), at, "9", ""))
        .collect();
    let blocks: Vec<Block> = (1..5).map(|value| Block::of(value, 9)).collect();
    for index in [true, false] {
        let laid = lay(&tree, 0, &blocks, index);
        let mut bytes = laid.bytes.clone();
        bytes.drain(laid.start - 30..laid.spans[1].end);
        let (_, file) = repaired(&bytes);
        for at in 0..4 {
            let found = numbers(&file, &format!("a{at}"));
            let right = Some(vec![at + 1; 9]);
            assert!(
                found.is_none() || (index && found == right),
                "a{at} {index}"
            );
        }
        assert_eq!(numbers(&file, "a2").is_some(), index);
    }
}
