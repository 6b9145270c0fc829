//! What two files store, byte by byte: for what cannot be read as an array, and for blocks that no array names.

use super::{Difference, DifferenceKind};
use crate::array::{is_array, is_ndarray};
use crate::block::{Block, Codec};
use crate::error::Result;
use crate::file::AsdfFile;
use crate::inspect::type_name;
use crate::tree::{Node, NodeKind, TreePath, Value};
use std::collections::HashSet;
use std::io::Read;
#[cfg(feature = "fits")]
use std::ops::Range;

/// Bytes compared at a time.
const PIECE: usize = 1 << 20;

/// True when two array nodes say the same and what they name is stored as the same bytes: then whatever is
/// wrong with the one is wrong with the other.
pub(super) fn are_same(files: (&AsdfFile, &AsdfFile), a: Node<'_>, b: Node<'_>) -> bool {
    let mut seen = HashSet::new();
    let mut waiting = vec![(a, b)];
    while let Some((a, b)) = waiting.pop() {
        if a.kind() != b.kind() || tag(a) != tag(b) {
            return false;
        }
        if a.kind() == NodeKind::Scalar {
            if a.text() != b.text() || type_name(a) != type_name(b) {
                return false;
            }
            continue;
        }
        if !seen.insert((a.id(), b.id())) {
            continue;
        }
        if is_array(a) && !is_source_same(files, a, b) {
            return false;
        }
        match (a.as_map(), b.as_map(), a.as_seq(), b.as_seq()) {
            (Some(a), Some(b), _, _) => {
                let (a, b): (Vec<_>, Vec<_>) = (a.iter().collect(), b.iter().collect());
                if a.len() != b.len() {
                    return false;
                }
                for ((key_a, value_a), (key_b, value_b)) in a.into_iter().zip(b) {
                    waiting.push((key_a, key_b));
                    // A block may have another number.
                    let number = key_a.text() == Some("source")
                        && matches!(
                            (value_a.value(), value_b.value()),
                            (Value::Int(_), Value::Int(_))
                        );
                    if !number {
                        waiting.push((value_a, value_b));
                    }
                }
            }
            (_, _, Some(a), Some(b)) if a.len() == b.len() => {
                waiting.extend(a.iter().zip(b.iter()));
            }
            _ => return false,
        }
    }
    true
}

fn tag(node: Node<'_>) -> Option<String> {
    node.tag().map(|tag| tag.as_str().to_owned())
}

/// Whether what a node names is stored alike; what neither file has is not a difference.
fn is_source_same(files: (&AsdfFile, &AsdfFile), a: Node<'_>, b: Node<'_>) -> bool {
    match (stored(files.0, a), stored(files.1, b)) {
        (Stored::Nothing, Stored::Nothing) => true,
        #[cfg(feature = "fits")]
        (Stored::Bytes(a, facts_a), Stored::Bytes(b, facts_b)) => facts_a == facts_b && a == b,
        (Stored::Block(a), Stored::Block(b)) => is_block_same(a, b),
        _ => false,
    }
}

/// What a node names.
enum Stored<'f> {
    /// Nothing that is there.
    Nothing,
    Block(Block<'f>),
    /// The bytes of an HDU, with what its header says of them.
    #[cfg(feature = "fits")]
    Bytes(&'f [u8], Vec<u8>),
}

fn stored<'f>(file: &'f AsdfFile, node: Node<'f>) -> Stored<'f> {
    let block = |found: Result<Block<'f>>| found.map_or(Stored::Nothing, Stored::Block);
    if !is_ndarray(node) {
        return block(file.named_block(node));
    }
    match node.get("source").map(Node::value) {
        Some(Value::Int(number)) => block(file.block_by_source(number)),
        #[cfg(feature = "fits")]
        Some(Value::Str(uri)) if uri.starts_with("fits:") => match file.linked_hdu(uri) {
            Some(hdu) => {
                let input = hdu.file().input();
                // Of data that are cut what is there.
                let bytes = |span: Range<u64>| {
                    let end = span.end.min(input.len());
                    input.slice(span.start.min(end)..end)
                };
                match (bytes(hdu.data_span()), bytes(hdu.header_span())) {
                    (Ok(data), Ok(header)) => Stored::Bytes(data, header.to_vec()),
                    _ => Stored::Nothing,
                }
            }
            None => Stored::Nothing,
        },
        Some(Value::Str(_)) => block(file.named_block(node)),
        _ => Stored::Nothing,
    }
}

/// True when two blocks decode to the same, or are the same bytes in the same code.
fn is_block_same(a: Block<'_>, b: Block<'_>) -> bool {
    let (header_a, header_b) = (a.header(), b.header());
    let codes = [header_a, header_b].map(|header| {
        let streamed = header.is_streamed();
        (header.label_text(), streamed, header.decoded_size())
    });
    let [code_a, code_b] = &codes;
    if code_a == code_b
        && header_a.available == header_b.available
        && is_data_same(a.there(), b.there()).unwrap_or(false)
    {
        return true;
    }
    let known = |block: Block<'_>| !matches!(block.header().codec(), Codec::Unknown(_));
    if !known(a) || !known(b) || a.decoded_size() != b.decoded_size() {
        return false;
    }
    match (a.reader(), b.reader()) {
        (Ok(a), Ok(b)) => is_data_same(a, b).unwrap_or(false),
        _ => false,
    }
}

fn is_data_same(mut a: impl Read, mut b: impl Read) -> Result<bool> {
    let (mut piece_a, mut piece_b) = (Vec::with_capacity(PIECE), Vec::with_capacity(PIECE));
    loop {
        piece_a.clear();
        piece_b.clear();
        let limit = PIECE as u64;
        a.by_ref().take(limit).read_to_end(&mut piece_a)?;
        b.by_ref().take(limit).read_to_end(&mut piece_b)?;
        if piece_a != piece_b {
            return Ok(false);
        }
        if piece_a.is_empty() {
            return Ok(true);
        }
    }
}

/// Compares the blocks that no array of its file names, in their order.
pub(super) fn unnamed(a: &AsdfFile, b: &AsdfFile) -> Vec<Difference> {
    let (blocks_a, blocks_b) = (rest(a), rest(b));
    let mut out = Vec::new();
    for place in 0..blocks_a.len().max(blocks_b.len()) {
        let pair = (blocks_a.get(place), blocks_b.get(place));
        if let (Some(a), Some(b)) = pair
            && is_block_same(*a, *b)
        {
            continue;
        }
        out.push(Difference {
            path: TreePath::default(),
            kind: DifferenceKind::Block,
            a: pair.0.map(|block| shown(*block).into()),
            b: pair.1.map(|block| shown(*block).into()),
        });
    }
    out
}

/// The blocks of a file that no array names.
fn rest(file: &AsdfFile) -> Vec<Block<'_>> {
    let named: HashSet<usize> = file
        .tree()
        .nodes()
        .filter(|node| is_ndarray(*node))
        .filter_map(|node| match node.get("source")?.value() {
            Value::Int(number) => file.block_by_source(number).ok(),
            // A source that is this file itself.
            Value::Str(uri) if !uri.starts_with("fits:") => {
                let block = file.named_block(node).ok()?;
                std::ptr::eq(block.input(), file.input()).then_some(block)
            }
            _ => None,
        })
        .map(|block| block.header().index)
        .collect();
    file.blocks()
        .filter(|block| !named.contains(&block.header().index))
        .collect()
}

/// `block 3, 64 bytes`
fn shown(block: Block<'_>) -> String {
    let header = block.header();
    let size = header.decoded_size();
    let plural = if size == 1 { "" } else { "s" };
    match header.label_text() {
        Some(label) => format!("block {}, {size} byte{plural}, {label}", header.index),
        None => format!("block {}, {size} byte{plural}", header.index),
    }
}

impl AsdfFile {
    /// The block of another file that a node names.
    fn named_block<'f>(&'f self, node: Node<'f>) -> Result<Block<'f>> {
        match (
            node.get("source").map(Node::value),
            node.get("fileuri").map(Node::value),
        ) {
            (Some(Value::Str(uri)), _) => self.block_of(uri, 0),
            (_, Some(Value::Str(uri))) => match node.get("target").map(Node::value) {
                Some(Value::Int(number)) => self.block_of(uri, number),
                _ => self.block_of(uri, 0),
            },
            _ => self.block_by_source(i64::MIN),
        }
    }
}
