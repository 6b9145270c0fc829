//! The fixed block header.

use crate::error::Error;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::Usage;
use crate::input::Cursor;
use crate::input::Input;
use std::fmt;
use std::str::FromStr;

/// What every block begins with.
pub(crate) const MAGIC: [u8; 4] = *b"\xd3BLK";

/// Magic and `header_size` field.
const PREFIX: u64 = 6;

/// The fields that every header has, and so the least `header_size`.
const FIELDS: u16 = 48;

/// No file system has positions beyond this; larger ones only come from damage.
const LAST_POSITION: u64 = i64::MAX.unsigned_abs();

/// A block header as found in the file, with where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockHeader {
    /// Number of the block, from 0.
    pub index: usize,
    /// Absolute offset of the block magic.
    pub offset: u64,
    /// Bytes after the `header_size` field that belong to the header (at least 48).
    pub header_size: u16,
    /// Flags; bit 0 is "streamed".
    pub flags: u32,
    /// The compression label as stored.
    pub label: [u8; 4],
    /// Bytes set aside for the data (as recorded, also for streamed blocks).
    pub allocated: u64,
    /// Bytes used of those (as recorded).
    pub used: u64,
    /// Bytes of the decoded data (as recorded).
    pub data_size: u64,
    /// MD5, or all zero.
    pub checksum: [u8; 16],
    /// Absolute offset of the first data byte.
    pub data_offset: u64,
    /// Bytes of data that are really in the file: `used`, or for a streamed block all to the end,
    /// or less than `used` when the file was cut.
    pub available: u64,
}

/// How a block's data is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Codec {
    /// Not at all.
    None,
    /// `zlib`
    Zlib,
    /// `bzp2`
    Bzip2,
    /// `lz4\0`: ASDF's own chunks.
    Lz4,
    /// `lz4f`: LZ4 frames.
    Lz4Frame,
    /// `zstd`
    Zstd,
    /// `blsc`: Blosc 1.
    Blosc,
    /// `bls2`: Blosc 2.
    Blosc2,
    /// Any other label.
    Unknown([u8; 4]),
}

impl BlockHeader {
    /// Reads the header after `cursor`, which stands on the magic; `size` is that of the file.
    pub(super) fn read(index: usize, mut cursor: Cursor<'_>, size: u64) -> Result<Self> {
        let offset = cursor.offset();
        cursor.take(MAGIC.len() as u64)?;
        let header_size = cursor.u16()?;
        if header_size < FIELDS {
            return Err(Malformed::HeaderSize { found: header_size }.into());
        }
        let mut header = Self {
            index,
            offset,
            header_size,
            flags: cursor.u32()?,
            label: cursor.array()?,
            allocated: cursor.u64()?,
            used: cursor.u64()?,
            data_size: cursor.u64()?,
            checksum: cursor.array()?,
            data_offset: offset
                .saturating_add(PREFIX)
                .saturating_add(header_size.into()),
            available: 0,
        };
        let Some(there) = size.checked_sub(header.data_offset) else {
            let needed = PREFIX.saturating_add(header_size.into());
            let available = size.saturating_sub(offset);
            return Err(Malformed::Truncated { needed, available }.into());
        };
        header.available = if header.is_streamed() {
            there
        } else {
            there.min(header.used)
        };
        if !header.is_streamed() {
            header.position_behind(header.allocated)?;
            header.position_behind(header.used)?;
        }
        Ok(header)
    }

    /// The header of raw data that has no file, and begins at offset 0.
    pub(crate) fn of_raw(size: u64) -> Self {
        Self {
            index: 0,
            offset: 0,
            header_size: FIELDS,
            flags: 0,
            label: [0; 4],
            allocated: size,
            used: size,
            data_size: size,
            checksum: [0; 16],
            data_offset: 0,
            available: size,
        }
    }

    /// The header of raw data in a file that is not an ASDF file, with as many bytes of it as are there.
    #[cfg(feature = "fits")]
    pub(crate) fn of_data(index: usize, span: std::ops::Range<u64>, there: u64) -> Self {
        let size = span.end.saturating_sub(span.start);
        Self {
            index,
            offset: span.start,
            data_offset: span.start,
            available: there.min(size),
            ..Self::of_raw(size)
        }
    }

    /// The fields at that offset whatever the magic and the sizes are; `None` when the file ends
    /// among them. With `header_size` the recorded one is not asked.
    pub(crate) fn read_anyhow(
        index: usize,
        input: &Input,
        offset: u64,
        header_size: Option<u16>,
    ) -> Option<Self> {
        let mut cursor = input.cursor(offset);
        cursor.take(MAGIC.len() as u64).ok()?;
        let recorded = cursor.u16().ok()?;
        let header_size = header_size.unwrap_or(recorded);
        let mut header = Self {
            index,
            offset,
            header_size,
            flags: cursor.u32().ok()?,
            label: cursor.array().ok()?,
            allocated: cursor.u64().ok()?,
            used: cursor.u64().ok()?,
            data_size: cursor.u64().ok()?,
            checksum: cursor.array().ok()?,
            data_offset: offset
                .saturating_add(PREFIX)
                .saturating_add(header_size.into()),
            available: 0,
        };
        let there = input.len().checked_sub(header.data_offset)?;
        header.available = if header.is_streamed() {
            there
        } else {
            there.min(header.used)
        };
        (header_size >= FIELDS).then_some(header)
    }

    /// Bytes of magic, size field and fixed fields together.
    pub(crate) fn fixed_size() -> u64 {
        PREFIX.saturating_add(FIELDS.into())
    }

    /// The position `size` bytes after the first data byte.
    fn position_behind(&self, size: u64) -> Result<u64> {
        let start = self.data_offset;
        match start.checked_add(size) {
            Some(end) if end <= LAST_POSITION => Ok(end),
            _ => Err(Malformed::Overflow { start, size }.into()),
        }
    }

    /// Where the next block begins: after the allocated space, or at the end of a stream.
    pub(crate) fn end(&self) -> u64 {
        let size = if self.is_streamed() {
            self.available
        } else {
            self.allocated
        };
        self.data_offset.saturating_add(size)
    }

    /// What forbids to read the data, as far as the header alone tells.
    pub(crate) fn fault(&self) -> Option<Malformed> {
        let Self {
            used,
            allocated,
            data_size,
            available,
            ..
        } = *self;
        if self.is_streamed() {
            let label = escaped(self.label);
            return (self.codec() != Codec::None)
                .then_some(Malformed::StreamedCompressed { label });
        }
        if allocated < used {
            return Some(Malformed::Allocated { used, allocated });
        }
        if available < used {
            return Some(Malformed::Truncated {
                needed: used,
                available,
            });
        }
        (self.codec() == Codec::None && used != data_size)
            .then_some(Malformed::DataSize { used, data_size })
    }

    /// Bytes of the decoded data, as promised; of a streamed block all to the end of the file.
    pub fn decoded_size(&self) -> u64 {
        if self.is_streamed() {
            self.available
        } else {
            self.data_size
        }
    }

    /// The compression label, fit to be printed; `None` for data that is not compressed.
    pub fn label_text(&self) -> Option<Box<str>> {
        match self.codec() {
            Codec::None => None,
            codec => Some(codec.label()),
        }
    }

    /// True when the data runs to the end of the file.
    pub fn is_streamed(&self) -> bool {
        self.flags & 1 != 0
    }

    /// The codec that the label names.
    pub fn codec(&self) -> Codec {
        Codec::from_label(self.label)
    }
}

impl Codec {
    /// The codec of that label, compared byte for byte.
    pub fn from_label(label: [u8; 4]) -> Self {
        match &label {
            [0, 0, 0, 0] => Self::None,
            b"zlib" => Self::Zlib,
            b"bzp2" => Self::Bzip2,
            b"lz4\0" => Self::Lz4,
            b"lz4f" => Self::Lz4Frame,
            b"zstd" => Self::Zstd,
            b"blsc" => Self::Blosc,
            b"bls2" => Self::Blosc2,
            _ => Self::Unknown(label),
        }
    }

    /// All that are known here; which of them a build can read and write follows its features.
    pub const KNOWN: [Self; 8] = [
        Self::None,
        Self::Zlib,
        Self::Bzip2,
        Self::Lz4,
        Self::Lz4Frame,
        Self::Zstd,
        Self::Blosc,
        Self::Blosc2,
    ];

    /// The label as text (`lz4`, without its NUL); empty for [`Codec::None`], escaped when unknown.
    pub fn label(self) -> Box<str> {
        match self {
            Self::Unknown(label) => escaped(label),
            known => known.name().into(),
        }
    }

    /// The label as a header has it.
    pub(crate) fn stored_label(self) -> [u8; 4] {
        if let Self::Unknown(label) = self {
            return label;
        }
        let mut label = [0; 4];
        for (to, from) in label.iter_mut().zip(self.name().bytes()) {
            *to = from;
        }
        label
    }

    /// The label of a codec known here.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Zlib => "zlib",
            Self::Bzip2 => "bzp2",
            Self::Lz4 => "lz4",
            Self::Lz4Frame => "lz4f",
            Self::Zstd => "zstd",
            Self::Blosc => "blsc",
            Self::Blosc2 => "bls2",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl fmt::Display for Codec {
    /// The label as text; `none` without one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            codec => f.write_str(&codec.label()),
        }
    }
}

impl FromStr for Codec {
    type Err = Error;

    /// Reads `none` and the labels of the codecs that are known here.
    fn from_str(text: &str) -> Result<Self> {
        let found = Self::KNOWN
            .into_iter()
            .find(|codec| codec.to_string() == text);
        found.ok_or_else(|| {
            let given = text.escape_debug().to_string().into();
            let names = Self::KNOWN.map(|codec| codec.to_string()).join(", ");
            let reason = format!("it is one of {names}").into();
            Usage::Compression { given, reason }.into()
        })
    }
}

/// A label fit to be printed; NULs at its end are padding.
fn escaped(label: [u8; 4]) -> Box<str> {
    let end = label
        .iter()
        .rposition(|&byte| byte != 0)
        .map_or(0, |last| last.saturating_add(1));
    label
        .get(..end)
        .unwrap_or_default()
        .escape_ascii()
        .to_string()
        .into()
}
