//! What is repaired is bounded by the limits that reading has.

use crate::file::{Codecs, lay, node};
use asdf_core::Limits;
use asdf_core::file::{Content, Input, salvage};

const LZ4: usize = 2;

#[test]
fn a_chunk_of_a_cut_block_is_not_larger_than_its_limit() {
    // Two chunks of 600 bytes, of which the second is cut.
    let mut block = Codecs::default().block(LZ4, 5, 150);
    block.stored.extend(block.stored.clone());
    block.data_size *= 2;
    let mut bytes = lay(&node("a", 0, "300", ""), 0, &[block], false).bytes;
    bytes.truncate(bytes.len() - 3);
    let mut limits = Limits::default();
    limits.chunk_bytes = 599;
    let error = salvage(Input::from(bytes.clone()), &limits).unwrap_err();
    assert!(error.is_limit(), "{error}");
    limits.chunk_bytes = 600;
    let found = salvage(Input::from(bytes), &limits).unwrap();
    let (size, there) = (1200, 600);
    assert_eq!(found.blocks[0].content, Content::Recovered { size, there });
}
