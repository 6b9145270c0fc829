//! `lz4f`: one or more LZ4 frames.

use super::decoder::Decoder;
use crate::error::Error;
use crate::error::Malformed;
use lz4_flex::frame::FrameDecoder;
use std::io;
use std::io::Read;

/// What a frame begins with.
const MAGIC: [u8; 4] = 0x184D_2204_u32.to_le_bytes();

/// The lowest of 16 numbers that a frame to be skipped begins with.
const SKIPPABLE: u32 = 0x184D_2A50;

/// True when that is the begin of a frame.
pub(super) fn begins(stored: &[u8]) -> bool {
    stored.starts_with(&MAGIC)
}

/// A decoder from the start of `stored`.
pub(super) fn decoder(stored: &[u8]) -> Box<dyn Decoder + '_> {
    Box::new(Frames {
        current: FrameDecoder::new(without_skippable(stored)),
    })
}

struct Frames<'a> {
    current: FrameDecoder<&'a [u8]>,
}

impl Read for Frames<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            match self.current.read(out) {
                Ok(0) => {}
                Ok(count) => return Ok(count),
                Err(error) => return Err(io::Error::other(bad(error.to_string()))),
            }
            // The end of a frame, or a block of nothing.
            let rest = *self.current.get_ref();
            if rest.is_empty() {
                return Ok(0);
            }
            let next = without_skippable(rest);
            if next.len() < rest.len() {
                self.current = FrameDecoder::new(next);
            }
        }
    }
}

impl Decoder for Frames<'_> {}

/// What follows the skippable frames at the front.
fn without_skippable(mut stored: &[u8]) -> &[u8] {
    while let Some((magic, rest)) = stored.split_first_chunk::<4>() {
        let Some((size, rest)) = rest.split_first_chunk::<4>() else {
            break;
        };
        let end = usize::try_from(u32::from_le_bytes(*size)).ok();
        match end.and_then(|end| rest.get(end..)) {
            Some(next) if u32::from_le_bytes(*magic) & !0xF == SKIPPABLE => stored = next,
            _ => break,
        }
    }
    stored
}

fn bad(detail: String) -> Error {
    Malformed::Compressed {
        codec: "lz4f",
        detail: detail.into(),
    }
    .into()
}
