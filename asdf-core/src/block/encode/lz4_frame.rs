//! `lz4f`: one LZ4 frame of blocks that do not look back on each other.

use super::chunked;
use super::chunked::Cut;
use super::lz4;
use super::source::Source;
use crate::error::Result;
use std::io::Write;
use twox_hash::XxHash32;

const MAGIC: [u8; 4] = 0x184D_2204_u32.to_le_bytes();

/// Decoded bytes of a block, the most that a frame can have.
const BLOCK: usize = 4 << 20;

/// The code of that in the frame's descriptor.
const BLOCK_CODE: u8 = 7 << 4;

/// Version 1 of the format, and blocks that do not look back.
const FLAGS: u8 = 1 << 6 | 1 << 5;

/// The flag for a size of the content in the descriptor.
const HAS_SIZE: u8 = 1 << 3;

/// In the size of a block that is stored as it is.
const PLAIN: u32 = 1 << 31;

/// Bytes of the size before a block.
const SIZE: usize = 4;

/// Writes the frame.
pub(super) fn encode(source: &mut Source<'_>, sink: &mut impl Write) -> Result<()> {
    sink.write_all(&MAGIC)?;
    sink.write_all(&descriptor(source.size))?;
    let cut = Cut {
        chunk: BLOCK,
        before: 0,
    };
    chunked::run(
        cut,
        source,
        |chunk, out| {
            let mut size = lz4::compress(chunk.data, SIZE, out)?;
            let plain = size >= chunk.data.len();
            if plain {
                size = chunk.data.len();
                let place = out.iter_mut().skip(SIZE);
                place
                    .zip(chunk.data)
                    .for_each(|(place, byte)| *place = *byte);
            }
            let flag = if plain { PLAIN } else { 0 };
            let field = u32::try_from(size).unwrap_or(u32::MAX) | flag;
            for (place, byte) in out.iter_mut().zip(field.to_le_bytes()) {
                *place = byte;
            }
            Ok(size.saturating_add(SIZE))
        },
        |out, size| Ok(sink.write_all(out.get(..size).unwrap_or_default())?),
    )?;
    // The end mark: a block of nothing.
    Ok(sink.write_all(&[0; SIZE])?)
}

/// What stands between magic and blocks. A size of zero would mean that it is not known.
fn descriptor(size: u64) -> Vec<u8> {
    let mut fields = if size == 0 {
        vec![FLAGS, BLOCK_CODE]
    } else {
        [&[FLAGS | HAS_SIZE, BLOCK_CODE][..], &size.to_le_bytes()].concat()
    };
    let [_, check, ..] = XxHash32::oneshot(0, &fields).to_le_bytes();
    fields.push(check);
    fields
}
