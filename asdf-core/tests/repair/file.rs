//! Files of constants, laid out by hand.

use crate::support::Dice;
use asdf_core::array::NewArray;
use asdf_core::file::Storage;
use asdf_core::{Draft, WriteOptions};
use md5::{Digest, Md5};
use std::collections::HashMap;
use std::io::Cursor;
use std::ops::Range;

/// A block as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) label: [u8; 4],
    pub(crate) stored: Vec<u8>,
    pub(crate) data_size: u64,
    pub(crate) checksum: bool,
    pub(crate) padding: usize,
    pub(crate) longer: u16,
    pub(crate) streamed: bool,
}

impl Block {
    pub(crate) fn raw(data: Vec<u8>) -> Self {
        Self {
            label: [0; 4],
            data_size: data.len() as u64,
            stored: data,
            checksum: true,
            padding: 0,
            longer: 0,
            streamed: false,
        }
    }

    pub(crate) fn of(value: i32, count: usize) -> Self {
        Self::raw(value.to_le_bytes().repeat(count))
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = b"\xd3BLK".to_vec();
        out.extend((48 + self.longer).to_be_bytes());
        out.extend(u32::from(self.streamed).to_be_bytes());
        out.extend(self.label);
        let used = self.stored.len() as u64;
        let allocated = used + self.padding as u64;
        let sizes = [allocated, used, self.data_size];
        for size in sizes {
            let size = if self.streamed { 0 } else { size };
            out.extend(size.to_be_bytes());
        }
        let digest: [u8; 16] = Md5::digest(&self.stored).into();
        let checksum = self.checksum && !self.streamed;
        out.extend(if checksum { digest } else { [0; 16] });
        out.extend(vec![7; self.longer.into()]);
        out.extend(&self.stored);
        if !self.streamed {
            out.extend(vec![0; self.padding]);
        }
        out
    }
}

/// A file with the places of its blocks.
#[derive(Debug, Clone)]
pub(crate) struct Laid {
    pub(crate) bytes: Vec<u8>,
    /// Where the tree ends.
    pub(crate) start: usize,
    /// Header and stored bytes of each block.
    pub(crate) spans: Vec<Range<usize>>,
    /// Where the space of each block ends.
    pub(crate) ends: Vec<usize>,
}

/// The line of an array of int32.
pub(crate) fn node(name: &str, source: i64, shape: &str, more: &str) -> String {
    format!(
        "{name}: !core/ndarray-1.1.0 {{source: {source}, datatype: int32, byteorder: little, shape: [{shape}]{more}}}\n"
    )
}

/// Lays a file out.
pub(crate) fn lay(tree: &str, padding: usize, blocks: &[Block], index: bool) -> Laid {
    let mut bytes = b"#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n".to_vec();
    bytes.extend(tree.as_bytes());
    bytes.extend(b"...\n");
    let start = bytes.len();
    bytes.extend(vec![0; padding]);
    let (mut spans, mut ends) = (Vec::new(), Vec::new());
    for block in blocks {
        let begin = bytes.len();
        bytes.extend(block.bytes());
        let end = if block.streamed {
            bytes.len()
        } else {
            bytes.len() - block.padding
        };
        spans.push(begin..end);
        ends.push(bytes.len());
    }
    if index {
        bytes.extend(b"#ASDF BLOCK INDEX\n%YAML 1.1\n---\n");
        for span in &spans {
            bytes.extend(format!("- {}\n", span.start).bytes());
        }
        bytes.extend(b"...\n");
    }
    Laid {
        bytes,
        start,
        spans,
        ends,
    }
}

/// Arrays compressed once and used again.
#[derive(Debug, Default)]
pub(crate) struct Codecs(HashMap<(usize, i32, usize), Block>);

const CODECS: [&str; 6] = ["zlib", "bzp2", "lz4", "lz4f", "zstd", "blsc"];

impl Codecs {
    /// A compressed block of constants.
    pub(crate) fn block(&mut self, codec: usize, value: i32, count: usize) -> Block {
        let codec = codec % CODECS.len();
        let made = self.0.entry((codec, value, count)).or_insert_with(|| {
            let values = vec![value; count];
            let array = NewArray::from_slice(&values, &[count as u64]).unwrap();
            let storage = Storage::compressed(CODECS[codec].parse().unwrap());
            let mut draft = Draft::new();
            draft.set_array("a", array, &storage).unwrap();
            let mut out = Cursor::new(Vec::new());
            draft.write(&mut out, &WriteOptions::default()).unwrap();
            let bytes = out.into_inner();
            let at = bytes
                .windows(4)
                .position(|word| word == b"\xd3BLK")
                .unwrap();
            let size = |at: usize| u64::from_be_bytes(bytes[at..at + 8].try_into().unwrap());
            let used = usize::try_from(size(at + 22)).unwrap();
            Block {
                label: bytes[at + 10..at + 14].try_into().unwrap(),
                stored: bytes[at + 54..at + 54 + used].to_vec(),
                data_size: size(at + 30),
                ..Block::raw(Vec::new())
            }
        });
        made.clone()
    }
}

/// A small file that is the data of a block.
pub(crate) fn whole_file(value: i32, count: usize, index: bool) -> Vec<u8> {
    let tree = node("inner", 0, &count.to_string(), "");
    lay(&tree, 0, &[Block::of(value, count)], index).bytes
}

/// One of these.
pub(crate) fn choose<T: Copy>(dice: &mut Dice, from: &[T]) -> T {
    from[dice.below(from.len())]
}
