//! One bad bit in the fields of a header: all arrays come back where a checksum shows what it was.

use crate::file::{Block, Codecs, lay, node};
use crate::{numbers, repaired};
use asdf_core::file::LossKind;

const COUNTS: [usize; 3] = [40, 17, 64];

fn value(at: usize) -> i32 {
    i32::try_from(at).unwrap() * 0x0101 + 3
}

/// Three blocks of that codec.
fn blocks(codec: Option<usize>, padding: usize) -> Vec<Block> {
    let mut codecs = Codecs::default();
    let block = |(at, &count): (usize, &usize)| {
        let mut block = match codec {
            Some(codec) => codecs.block(codec, value(at), count),
            None => Block::of(value(at), count),
        };
        block.padding = padding;
        block
    };
    COUNTS.iter().enumerate().map(block).collect()
}

#[test]
fn a_bad_bit_in_a_label_a_size_or_a_checksum_is_mended() {
    let tree: String = COUNTS
        .iter()
        .zip(0..)
        .map(|(count, at)| node(&format!("a{at}"), at, &count.to_string(), ""))
        .collect();
    let mut count = 0;
    for codec in std::iter::once(None).chain((0..6).map(Some)) {
        for padding in [0, 24] {
            for index in [true, false] {
                let laid = lay(&tree, 0, &blocks(codec, padding), index);
                for (place, span) in laid.spans.iter().enumerate() {
                    // Some bits of label, sizes and checksum; the size of the last block without index has no end.
                    for bit in (80..54 * 8).step_by(11) {
                        let last = place == 2 && !index && (112..176).contains(&bit);
                        if last {
                            continue;
                        }
                        let mut bytes = laid.bytes.clone();
                        bytes[span.start + bit / 8] ^= 1 << (bit % 8);
                        let (found, file) = repaired(&bytes);
                        for (at, &count) in COUNTS.iter().enumerate() {
                            assert_eq!(
                                numbers(&file, &format!("a{at}")),
                                Some(vec![value(at); count]),
                                "a{at}, codec {codec:?}, padding {padding}, index {index}, bit {bit} of block {place}"
                            );
                        }
                        assert!(found.losses.is_empty(), "{:?}", found.losses);
                        let told = |kind: &LossKind| matches!(kind, LossKind::HeaderMended { .. });
                        assert!(found.mended.iter().any(|loss| told(&loss.kind)));
                        count += 1;
                    }
                }
            }
        }
    }
    println!("{count} files");
}
