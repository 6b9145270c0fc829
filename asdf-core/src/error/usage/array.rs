//! An array whose parts do not fit each other.

use super::Usage;
use crate::error::Error;
use std::ops::Range;

/// An array whose parts do not fit each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArrayFault {
    /// Text that names no byte order.
    #[error("`{given}` is not a byte order, expected little or big")]
    ByteOrder {
        /// The text, escaped.
        given: Box<str>,
    },
    /// Text that names no datatype.
    #[error("`{given}` is not a datatype, expected one of {known}, ascii[N] or ucs4[N]")]
    Datatype {
        /// The text, escaped.
        given: Box<str>,
        /// The scalars that there are.
        known: Box<str>,
    },
    /// A stream gives its data once.
    #[error("the data of an array come from a stream that was read already")]
    StreamTaken,
    /// Bytes that are not as many as the shape needs.
    #[error("a shape of {shape:?} needs {needed} bytes, there are {found}")]
    ByteCount {
        /// The shape.
        shape: Box<[u64]>,
        /// Bytes that it needs.
        needed: u64,
        /// Bytes that are there.
        found: u64,
    },
    /// A window beyond the array.
    #[error("the window {window:?} does not lie within a shape of {shape:?}")]
    Window {
        /// The window.
        window: Box<[Range<u64>]>,
        /// The shape.
        shape: Box<[u64]>,
    },
    /// Flags that are not integers, or that do not belong to the elements of an array.
    #[error(
        "flags of {datatype} with a shape of {flags:?} do not belong to an array with a shape of {shape:?}, expected integers with its shape or that of its last axes"
    )]
    Flags {
        /// The datatype of the flags.
        datatype: Box<str>,
        /// Their shape.
        flags: Box<[u64]>,
        /// The shape of the array.
        shape: Box<[u64]>,
    },
    /// Flags for the fields of records.
    #[error("flags leave out elements of arrays of numbers, and this is one of records")]
    FlagsOfRecords,
    /// Strides that lead out of the bytes.
    #[error("strides {strides:?} do not fit a shape of {shape:?}")]
    Strides {
        /// The strides.
        strides: Box<[i64]>,
        /// The shape.
        shape: Box<[u64]>,
    },
    /// A shape of more than 64 bits of bytes.
    #[error("a shape of {shape:?} has more bytes than can be counted")]
    TooLarge {
        /// The shape.
        shape: Box<[u64]>,
    },
    /// Rows that come one by one cannot be compressed.
    #[error(
        "rows are written as they come and cannot be compressed; write them without a codec, then the file with one"
    )]
    RowsCompressed,
    /// A second streamed block.
    #[error("a file has one streamed block at most, and this one has it already")]
    SecondStream,
    /// A streamed array is given no place.
    #[error("a streamed array needs its place in the tree when it is taken in")]
    StreamPlace,
    /// An array for a file of its own is written to something that is not a file.
    #[error("the array in `{uri}` needs a file to be written beside")]
    NeedsFile {
        /// The file of the array.
        uri: Box<str>,
    },
    /// Data that is not of the size of the array.
    #[error("the data of the array has {found} bytes or more, its shape needs {size}")]
    DataSize {
        /// Bytes that came, or a lower bound.
        found: u64,
        /// Bytes that the shape needs.
        size: u64,
    },
    /// Rows of another type.
    #[error("the rows are not {datatype} in this machine's byte order")]
    RowType {
        /// The type that was given.
        datatype: &'static str,
    },
    /// Bytes that are not whole rows.
    #[error("{found} bytes are not whole rows of {row} bytes")]
    PartRow {
        /// Bytes that were given.
        found: u64,
        /// Bytes of a row.
        row: u64,
    },
    /// More rows than announced.
    #[error("more than the {announced} rows that were announced")]
    TooManyRows {
        /// Rows announced.
        announced: u64,
    },
    /// Fewer rows than announced.
    #[error("{found} of {announced} rows were written")]
    TooFewRows {
        /// Rows written.
        found: u64,
        /// Rows announced.
        announced: u64,
    },
}

impl From<ArrayFault> for Error {
    fn from(fact: ArrayFault) -> Self {
        Usage::from(fact).into()
    }
}
