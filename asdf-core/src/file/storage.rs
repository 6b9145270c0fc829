//! Where an array's data is put, and how it is compressed.

use crate::block::Compression;
use std::num::NonZeroU64;

/// Where the data of an array goes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Storage {
    pub(super) place: Place,
    pub(super) compression: Compression,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// A block of the file.
    Internal,
    /// The tree.
    Inline,
    /// The only block of another file, named relative to the folder of this one.
    External(Box<str>),
    /// The last block, which goes on to the end of the file.
    Streamed,
}

impl Storage {
    fn at(place: Place) -> Self {
        let compression = Compression::NONE;
        Self { place, compression }
    }

    /// In a block of the file, uncompressed.
    pub fn internal() -> Self {
        Self::at(Place::Internal)
    }

    /// In a block of the file, compressed.
    pub fn compressed(compression: Compression) -> Self {
        Self {
            place: Place::Internal,
            compression,
        }
    }

    /// In the tree, as lists of numbers.
    pub fn inline() -> Self {
        Self::at(Place::Inline)
    }

    /// In the first block of another ASDF file, whose URI is relative to the file that names it.
    /// It is written together with that file.
    pub fn external(uri: &str) -> Self {
        Self::at(Place::External(uri.into()))
    }

    /// In the last block, which has no length of its own and can be appended to. Only one array
    /// of a file can be there, and no compression.
    pub fn streamed() -> Self {
        Self::at(Place::Streamed)
    }
}

/// How many rows of its array a chunk of a compressed block has.
///
/// Chunks are what `lz4`, `zstd` and `blsc` can decode alone. When they are whole rows, and all of the same number, a part of the array
/// over the network is one request, and Zarr can name the chunks as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChunkRows {
    /// So many that chunks are about 4 MiB; where no such number divides the rows the codec cuts as it likes, and a warning says so.
    Auto,
    /// That many, which must divide the rows of every array with more.
    Count(NonZeroU64),
}

/// How a file is written.
///
/// # Examples
/// ```
/// # fn main() -> asdf_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
/// # let folder = tempfile::tempdir()?;
/// # let out = folder.path().join("out.asdf");
/// use asdf_core::block::{Codec, Compression};
/// use asdf_core::{AsdfFile, WriteOptions};
///
/// let file = AsdfFile::open(path)?;
/// let zstd = Compression::new(Codec::Zstd)?.level(9)?;
/// file.to_draft().save(&out, &WriteOptions::default().compression(zstd))?;
/// assert_eq!(AsdfFile::open(&out)?.block(0)?.header().codec(), Codec::Zstd);
/// # Ok(())
/// # }
/// ```
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a choice of its own, set by name"
)]
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct WriteOptions {
    pub(super) checksums: bool,
    pub(super) index: bool,
    pub(super) room: Option<f64>,
    pub(super) compression: Option<Compression>,
    pub(super) new_as_given: bool,
    pub(super) chunk_rows: Option<ChunkRows>,
    pub(super) keep_corrupt: bool,
    pub(super) verify: bool,
    pub(super) tree_room: bool,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self {
            checksums: true,
            index: true,
            room: None,
            compression: None,
            new_as_given: false,
            chunk_rows: None,
            keep_corrupt: false,
            verify: true,
            tree_room: false,
        }
    }
}

impl WriteOptions {
    /// Whether blocks get MD5 checksums (they do by default). Blocks that are copied keep theirs, or
    /// their lack of one; without checksums they lose it.
    pub fn checksums(mut self, wanted: bool) -> Self {
        self.checksums = wanted;
        self
    }

    /// Whether a block index is written after the blocks (it is by default).
    pub fn index(mut self, wanted: bool) -> Self {
        self.index = wanted;
        self
    }

    /// Sets aside room after the tree and each block, in percent of its size, rounded up to whole
    /// pages of 4096 bytes. Without it blocks that are copied keep their room, others get none.
    pub fn room(mut self, percent: f64) -> Self {
        self.room = Some(percent);
        self
    }

    /// Compresses all blocks alike, whatever the [`Storage`] of new ones says. Without it those of an open file stay as they are. A
    /// streamed block is never compressed: its size is not known when it begins.
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = Some(compression);
        self
    }

    /// Whether a codec was asked for that compresses.
    pub(super) fn is_compressed(&self) -> bool {
        self.compression
            .is_some_and(|codec| codec != Compression::NONE)
    }

    /// Leaves new data with the codec that their [`Storage`] says: [`compression`](Self::compression) is for the blocks of open
    /// files alone.
    pub fn new_as_given(mut self, wanted: bool) -> Self {
        self.new_as_given = wanted;
        self
    }

    /// The codec of new data that came with this one.
    pub(super) fn of_new(&self, own: Compression) -> Compression {
        self.compression
            .filter(|_| !self.new_as_given)
            .unwrap_or(own)
    }

    /// Makes the chunks of `lz4`, `zstd` and `blsc` data whole rows of their array. Blocks of other codecs have no chunks, and stay as
    /// they would be without.
    pub fn chunk_rows(mut self, rows: ChunkRows) -> Self {
        self.chunk_rows = Some(rows);
        self
    }

    /// Copies blocks whose checksum is wrong, with that checksum, instead of refusing.
    pub fn keep_corrupt(mut self, wanted: bool) -> Self {
        self.keep_corrupt = wanted;
        self
    }
}
