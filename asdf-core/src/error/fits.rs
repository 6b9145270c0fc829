//! The FITS container breaks the FITS standard 4.0.

/// A fact about a FITS file that its standard does not allow; which HDU and which bytes stand in
/// the error's place.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FitsFault {
    /// The first card is not a `SIMPLE  =`.
    #[error("not a FITS file, begins with {found}")]
    NotFits {
        /// The first bytes, escaped.
        found: Box<str>,
    },
    /// The file ends before the header does.
    #[error("the header has no END card in the {bytes} bytes up to the end of the file")]
    NoEnd {
        /// Bytes from the start of the header on.
        bytes: u64,
    },
    /// A keyword that the HDU must have.
    #[error("keyword {keyword} is missing, {wanted}")]
    KeywordMissing {
        /// The keyword.
        keyword: Box<str>,
        /// What needs it.
        wanted: &'static str,
    },
    /// A keyword whose value cannot be.
    #[error("{keyword} is {found}, expected {wanted}")]
    Keyword {
        /// The keyword.
        keyword: Box<str>,
        /// The value as it stands there.
        found: Box<str>,
        /// What it should be.
        wanted: Box<str>,
    },
    /// Axes whose product leaves 64 bits.
    #[error("the axes {axes:?} with BITPIX {bitpix} have more bytes than 64 bits can count")]
    DataSize {
        /// `NAXISn`, in the order of the header.
        axes: Box<[u64]>,
        /// `BITPIX`.
        bitpix: i64,
    },
    /// A field of an ASCII table that cannot be read.
    #[error("row {row} of column {column} is {found}, expected {wanted}")]
    Field {
        /// The row, from 0.
        row: u64,
        /// The column, from 1 as in the header.
        column: u64,
        /// What stands there, escaped.
        found: Box<str>,
        /// What it should be.
        wanted: &'static str,
    },
    /// A variable-length array that leads out of the heap.
    #[error(
        "row {row} of column {column}: {count} elements at {offset} lead out of a heap of {heap} bytes"
    )]
    Descriptor {
        /// The row, from 0.
        row: u64,
        /// The column, from 1 as in the header.
        column: u64,
        /// Elements named by the descriptor.
        count: i64,
        /// Where they begin in the heap.
        offset: i64,
        /// Bytes of the heap.
        heap: u64,
    },
    /// A tile of a compressed image that cannot be decoded.
    #[error("tile {tile}: bad {codec} data: {detail}")]
    Tile {
        /// The tile, from 0.
        tile: u64,
        /// `ZCMPTYPE`, or the fallback of the tile.
        codec: &'static str,
        /// What is wrong with it.
        detail: Box<str>,
    },
    /// A header that gives no WCS on the sky.
    #[error("no WCS of the sky: {keyword} {reason}")]
    NoWcs {
        /// The keyword that stands in the way.
        keyword: Box<str>,
        /// What it is, or what it does.
        reason: Box<str>,
    },
    /// `CHECKSUM` or `DATASUM` does not fit.
    #[error("{keyword} is {found}, expected {wanted}")]
    Checksum {
        /// The keyword.
        keyword: &'static str,
        /// The value of the header.
        found: Box<str>,
        /// What the bytes give.
        wanted: Box<str>,
    },
}
