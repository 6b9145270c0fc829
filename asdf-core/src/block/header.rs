//! The fixed block header.

/// A block header as found in the file, with where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockHeader {
    /// Number of the block, from 0.
    pub index: usize,
    /// Absolute offset of the block magic.
    pub offset: u64,
    /// Bytes behind the `header_size` field that belong to the header (at least 48).
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
    /// True when the data runs to the end of the file.
    pub fn is_streamed(&self) -> bool {
        self.flags & 1 != 0
    }

    /// The codec that the label names.
    pub fn codec(&self) -> Codec {
        todo!()
    }
}
