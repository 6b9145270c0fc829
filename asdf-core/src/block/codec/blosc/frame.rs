//! Blosc 2 contiguous frames: a header, Blosc buffers, an index of their offsets, and a trailer.
//!
//! Header and trailer are `MessagePack` whose fields are always written in the same width, so that
//! they stand at fixed places (c-blosc2 `README_CFRAME_FORMAT`). The trailer holds nothing that
//! decoding needs.

use super::buffer;
use super::header::Content;
use super::header::Fill;
use super::header::Header;
use super::index::Index;
use super::source::Source;
use super::source::within;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::Unsupported;
use crate::limits::{Limit, Limits};
use std::ops::Range;

/// What every frame has after its first byte.
const MAGIC: &[u8] = b"\xa8b2frame\0";

/// Where the type bytes of the fixed fields are, and what they are.
const TYPES: [(usize, u8); 8] = [
    (10, 0xd2),
    (15, 0xcf),
    (24, 0xa4),
    (29, 0xd3),
    (38, 0xd3),
    (47, 0xd2),
    (52, 0xd2),
    (57, 0xd2),
];

/// Bytes of the fixed fields.
const FIXED: usize = 87;

/// Offsets that an index may have at least, and how many more per stored byte. Equal offsets take
/// next to no room.
const FREE_OFFSETS: usize = 1 << 16;
const OFFSETS_PER_BYTE: usize = 1 << 11;

/// True when a frame begins here.
pub(super) fn begins(source: Source<'_>) -> bool {
    source
        .bytes()
        .get(1..)
        .is_some_and(|bytes| bytes.starts_with(MAGIC))
}

/// The checked header of a frame.
struct Frame<'s> {
    /// The whole frame.
    source: Source<'s>,
    /// Where it begins in the stored bytes.
    at: usize,
    /// Bytes of the header.
    header: usize,
    /// Decoded bytes of all buffers.
    decoded: u64,
    /// Stored bytes of all buffers.
    stored: usize,
    /// Decoded bytes of every buffer but possibly the last; 0 when each has its own.
    chunk: u64,
    type_size: u32,
}

/// Adds the pieces of the frame that `source`, at `at` of the stored bytes, begins with. Returns
/// the size of the frame.
pub(super) fn read(
    source: Source<'_>,
    at: usize,
    limits: &Limits,
    index: &mut Index<'_>,
) -> Result<usize> {
    let frame = Frame::parse(source, at)?;
    if frame.decoded > 0 {
        frame.buffers(limits, index)?;
    }
    Ok(frame.source.len())
}

impl<'s> Frame<'s> {
    fn parse(source: Source<'s>, at: usize) -> Result<Self> {
        let fixed = source.part(0, FIXED)?;
        let span = fixed.span();
        if TYPES
            .iter()
            .any(|(at, kind)| fixed.bytes().get(*at) != Some(kind))
        {
            return Err(Malformed::NotBlosc {
                found: fixed.array(0)?,
            }
            .into())
            .at(span);
        }
        let [flags, kind] = fixed.array(25)?;
        let (version, width, kind) = (flags & 15, flags >> 4 & 3, kind & 15);
        for (feature, code, known) in [
            ("frame version", version, version <= 3),
            ("frame with offsets of width", width, width == 1),
            ("frame type", kind, kind == 0),
        ] {
            if !known {
                return Err(Unsupported::Blosc { feature, code }.into()).at(span);
            }
        }
        let size = |at: usize| {
            fixed
                .array(at)
                .map(|field| to_size(u64::from_be_bytes(field)))
        };
        let half = |at: usize| fixed.array(at).map(u32::from_be_bytes);
        let whole = size(16)?;
        let source = source.part(0, whole)?;
        let header = to_size(half(11)?.into());
        let header = within("frame header size", header, FIXED..=whole).at(span.clone())?;
        let stored = within(
            "frame stored size",
            size(39)?,
            0..=whole.saturating_sub(header),
        )
        .at(span.clone())?;
        let decoded = u64::from_be_bytes(fixed.array(30)?);
        let (chunk, type_size) = (half(58)?.into(), half(48)?);
        let frame = Self {
            source,
            at,
            header,
            decoded,
            stored,
            chunk,
            type_size,
        };
        frame.check_layers().at(span)?;
        Ok(frame)
    }

    /// A frame of an n-dimensional array has its elements in tiles.
    fn check_layers(&self) -> Result<()> {
        let layers = self.source.part(0, self.header)?;
        let mut layers = layers.from(FIXED + 4);
        let Ok([0xde, high, low]) = layers.array(0) else {
            return Ok(());
        };
        layers = layers.from(3);
        for _ in 0..u16::from_be_bytes([high, low]) {
            let [length] = layers.array(0)?;
            let length = usize::from(length & 31);
            let name = layers.part(1, length)?.bytes();
            if name == b"b2nd" || name == b"caterva" {
                let feature = "frame of an n-dimensional array, flag";
                return Err(Unsupported::Blosc { feature, code: 1 }.into());
            }
            layers = layers.from(length.saturating_add(6));
        }
        Ok(())
    }

    fn buffers(&self, limits: &Limits, index: &mut Index<'_>) -> Result<()> {
        let at = self.header.saturating_add(self.stored);
        let source = self.source.from(at);
        let header = Header::read(source)?;
        let source = source.part(0, header.stored)?;
        let start = self.at.saturating_add(at);
        let place = start..start.saturating_add(header.stored);
        let count = self.count(&header, limits).at(source.span())?;
        if let Content::Fill(kind) = header.content {
            let mut same = [0; 8];
            buffer::fill(kind, source.from(header.size).bytes(), 0, &mut same);
            let offset = i64::from_le_bytes(same);
            if offset < 0 && self.chunk > 0 {
                let fill = self.special(offset).at(source.span())?;
                return index.push_run(&place, self.decoded, fill).at(source.span());
            }
            // More than one buffer at one offset comes to an end right away.
            let offsets = std::iter::repeat_n(offset, count);
            return self.add(offsets, &place, index);
        }
        let mut offsets = vec![0; header.decoded];
        buffer::decode(source, 0, &mut offsets)?;
        let offsets = offsets
            .as_chunks()
            .0
            .iter()
            .map(|offset| i64::from_le_bytes(*offset));
        self.add(offsets, &place, index)
    }

    /// How many buffers there are, which the size of the index has to confirm.
    fn count(&self, header: &Header, limits: &Limits) -> Result<usize> {
        let found = header.decoded / 8;
        let expected = match self.chunk {
            0 => found,
            chunk => to_size(self.decoded.div_ceil(chunk)),
        };
        within(
            "size of the frame's index",
            header.decoded,
            bytes(expected)..=bytes(expected),
        )?;
        let (needed, allowed) = (expected as u64, limits.chunks);
        if needed > allowed {
            let what = "compressed chunks in a block";
            return Err(LimitExceeded::new(what, Limit::Chunks, needed, allowed).into());
        }
        if !matches!(header.content, Content::Fill(_)) {
            let most = header.stored.saturating_mul(OFFSETS_PER_BYTE);
            let most = most.saturating_add(FREE_OFFSETS);
            within("number of buffers", expected, 1..=most)?;
        }
        Ok(expected)
    }

    /// Adds the buffers at these offsets, which `place` lists.
    fn add(
        &self,
        offsets: impl Iterator<Item = i64>,
        place: &Range<usize>,
        index: &mut Index<'_>,
    ) -> Result<()> {
        let mut left = self.decoded;
        let mut room = self.stored;
        let list = self.source.from(place.start.saturating_sub(self.at));
        for offset in offsets {
            let expected = if self.chunk == 0 {
                left
            } else {
                self.chunk.min(left)
            };
            let Ok(offset) = usize::try_from(offset) else {
                let fill = self.special(offset).at(list.span())?;
                index.push_run(place, expected, fill).at(list.span())?;
                left = left.saturating_sub(expected);
                continue;
            };
            let at = self.header.saturating_add(offset);
            let source = self.source.from(at);
            let header = Header::read(source)?;
            let least = if self.chunk == 0 { 0 } else { expected };
            within(
                "decoded size",
                header.decoded,
                to_size(least)..=to_size(expected),
            )
            .at(source.span())?;
            // No buffer is used twice.
            within("stored size", header.stored, 0..=room).at(source.span())?;
            room = room.saturating_sub(header.stored);
            index
                .push(self.at.saturating_add(at), &header)
                .at(source.span())?;
            left = left.saturating_sub(header.decoded as u64);
        }
        if left == 0 {
            return Ok(());
        }
        let (delivered, promised) = (self.decoded.saturating_sub(left), self.decoded);
        Err(Malformed::DecodedShort {
            delivered,
            promised,
        }
        .into())
        .at(self.source.span())
    }

    /// The value that a negative offset stands for.
    fn special(&self, offset: i64) -> Result<Fill> {
        let [.., code] = offset.to_le_bytes();
        match (code & 0x7f, self.type_size) {
            (1 | 4, _) if self.chunk > 0 => Ok(Fill::Zeros),
            (2, 4) if self.chunk > 0 => Ok(Fill::Nan32),
            (2, 8) if self.chunk > 0 => Ok(Fill::Nan64),
            (code, _) => Err(Unsupported::Blosc {
                feature: "special value",
                code,
            }
            .into()),
        }
    }
}

/// A size that no memory can have becomes the greatest one.
fn to_size(size: u64) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}

/// Bytes of so many offsets.
fn bytes(offsets: usize) -> usize {
    offsets.saturating_mul(8)
}
