//! A column or an image that FITS cannot hold.

use super::Usage;
use crate::error::Error;

/// A column or an image that FITS cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ColumnFault {
    /// An image without axes.
    #[error("an image needs at least one axis")]
    NoAxis,
    /// A column without rows.
    #[error("a column needs an axis of rows")]
    NoRows,
    /// A row that memory cannot hold.
    #[error("a row larger than memory")]
    WideRow,
    /// A column of variable length without arrays.
    #[error("a column of no arrays has no type")]
    NoType,
    /// Arrays of a column of variable length are of different types.
    #[error("the arrays of a column differ in type")]
    MixedTypes,
    /// Bits of something else than truth values.
    #[error("a column of bits needs truth values")]
    NotBits,
    /// Offsets that go back, or lead out of the array.
    #[error("offsets {start} to {end} of an array of {length} elements")]
    Offsets {
        /// The offset of a row.
        start: u64,
        /// That of the next one.
        end: u64,
        /// Elements of the array.
        length: u64,
    },
    /// Arrays of a column of variable length that need descriptors of 64 bits.
    #[error("descriptors of 32 bits do not reach through the arrays")]
    Descriptors,
    /// A number for no value that the type does not have.
    #[error("{null} is not a number from {least} to {most}, to stand for no value")]
    NullRange {
        /// The number.
        null: i128,
        /// The least that the type has.
        least: i128,
        /// The greatest.
        most: i128,
    },
    /// A number for no value that is a value.
    #[error("{null} stands for no value, but an element has it")]
    NullUsed {
        /// The number.
        null: i128,
    },
    /// Too many columns, or columns of different lengths.
    #[error("a table has at most 999 columns, all with as many rows")]
    Table,
}

impl From<ColumnFault> for Error {
    fn from(fact: ColumnFault) -> Self {
        Usage::from(fact).into()
    }
}
