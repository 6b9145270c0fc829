//! Many blocks in linear time.

use crate::file::{Block, lay, node};
use crate::repaired;
use std::time::{Duration, Instant};

/// Generous, as this is a build without optimisation on whatever machine.
const MOST: Duration = Duration::from_secs(60);

#[test]
fn many_blocks_are_numbered_in_linear_time() {
    let count = 100_000;
    let blocks = vec![Block::of(7, 4); count];
    let tree: String = (0..4)
        .map(|at| node(&format!("a{at}"), i64::from(at) * 20_000, "4", ""))
        .collect();
    let mut bytes = lay(&tree, 0, &blocks, true).bytes;
    let begun = Instant::now();
    let (found, _) = repaired(&bytes);
    assert!(found.losses.is_empty());
    assert_eq!(found.blocks.len(), count);
    // Damage in many places, and magics all over the data.
    let middle = bytes.len() / 2;
    bytes.drain(middle..middle + 7);
    let at = bytes.len() / 3;
    for place in (at..at + 200_000).step_by(16) {
        bytes[place..place + 4].copy_from_slice(b"\xd3BLK");
    }
    let (found, _) = repaired(&bytes);
    assert!(!found.losses.is_empty());
    assert!(begun.elapsed() < MOST, "{:?}", begun.elapsed());
}
