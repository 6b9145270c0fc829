//! Blosc 2 contiguous frames: a header, Blosc buffers, an index of their offsets, and a trailer.
//!
//! Header and trailer are `MessagePack` whose fields are always written in the same width, so that
//! they stand at fixed places (c-blosc2 `README_CFRAME_FORMAT`). The trailer holds nothing that
//! decoding needs.

use super::buffer;
use super::header::Content;
use super::header::Header;
use super::pieces::Pieces;
use super::run::Run;
use super::source::Source;
use super::source::within;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::Unsupported;
use std::ops::Range;

/// What every frame has behind its first byte.
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

/// Where the width of an element is.
const WIDTH: usize = 48;

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
    type_size: usize,
}

/// Adds the buffers and runs of the frame that `source`, at `at` of the stored bytes, begins with.
/// Returns the size of the frame.
pub(super) fn read(source: Source<'_>, at: usize, pieces: &mut Pieces<'_>) -> Result<usize> {
    let frame = Frame::parse(source, at)?;
    if frame.decoded > 0 {
        frame.buffers(pieces)?;
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
        let (chunk, type_size) = (half(58)?.into(), to_size(half(WIDTH)?.into()));
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
        let mut layers = self.source.part(0, self.header)?.from(FIXED + 4);
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

    fn buffers(&self, pieces: &mut Pieces<'_>) -> Result<()> {
        let source = self.source.from(self.header.saturating_add(self.stored));
        let header = Header::read(source)?;
        let source = source.part(0, header.stored)?;
        let count = self.count(&header, pieces).at(source.span())?;
        let list = source.span();
        if let Content::Fill(run) = header.content {
            let mut same = [0; 8];
            run.fill(&mut same);
            let offset = i64::from_le_bytes(same);
            if offset < 0 && self.chunk > 0 {
                return self.push_run(offset, self.decoded, pieces).at(list);
            }
            // More than one buffer at one offset comes to an end right away.
            return self.add(std::iter::repeat_n(offset, count), &list, pieces);
        }
        let mut offsets = vec![0; header.decoded];
        buffer::decode(source, &mut offsets)?;
        let offsets = offsets.as_chunks().0.iter();
        let offsets = offsets.map(|offset| i64::from_le_bytes(*offset));
        self.add(offsets, &list, pieces)
    }

    /// How many buffers there are, which the size of the index has to confirm.
    fn count(&self, header: &Header<'_>, pieces: &Pieces<'_>) -> Result<usize> {
        let found = header.decoded / 8;
        let expected = match self.chunk {
            0 => found,
            chunk => to_size(self.decoded.div_ceil(chunk)),
        };
        let size = expected.saturating_mul(8);
        within("size of the frame's index", header.decoded, size..=size)?;
        pieces.check_count(expected as u64)?;
        if !matches!(header.content, Content::Fill(_)) {
            let most = header.stored.saturating_mul(OFFSETS_PER_BYTE);
            let most = most.saturating_add(FREE_OFFSETS);
            within("number of buffers", expected, 1..=most)?;
        }
        Ok(expected)
    }

    /// Adds the buffers at these offsets, which stand at `list`.
    fn add(
        &self,
        offsets: impl Iterator<Item = i64>,
        list: &Range<u64>,
        pieces: &mut Pieces<'_>,
    ) -> Result<()> {
        let mut left = self.decoded;
        let mut room = self.stored;
        for offset in offsets {
            let (least, most) = match self.chunk {
                0 => (0, left),
                chunk => (chunk.min(left), chunk.min(left)),
            };
            let Ok(offset) = usize::try_from(offset) else {
                self.push_run(offset, most, pieces).at(list.clone())?;
                left = left.saturating_sub(most);
                continue;
            };
            let at = self.header.saturating_add(offset);
            let source = self.source.from(at);
            let header = Header::read(source)?;
            let span = source.part(0, header.stored)?.span();
            let sizes = to_size(least)..=to_size(most);
            within("decoded size", header.decoded, sizes).at(span.clone())?;
            // No buffer is used twice.
            within("stored size", header.stored, 0..=room).at(span.clone())?;
            room = room.saturating_sub(header.stored);
            super::push(self.at.saturating_add(at), &header, pieces).at(span)?;
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

    /// Adds the run that a negative offset stands for.
    fn push_run(&self, offset: i64, size: u64, pieces: &mut Pieces<'_>) -> Result<()> {
        let [.., code] = offset.to_le_bytes();
        match code & 0x7f {
            1 | 4 if self.chunk > 0 => pieces.push_run(&(self.at..self.at), size, 1),
            2 if self.chunk > 0 => {
                let width = self.at.saturating_add(WIDTH);
                let run = Run::nan(self.type_size)?;
                pieces.push_run(&(width..width.saturating_add(4)), size, run.element())
            }
            code => Err(Unsupported::Blosc {
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
