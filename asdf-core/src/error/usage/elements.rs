//! Elements of an array that cannot be set.

use super::Usage;
use crate::error::Error;

/// Elements of an array that cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ElementsFault {
    /// A slice beyond an axis.
    #[error("slice {slice} is outside of axis {axis}, which has {length}")]
    SliceOutside {
        /// The slice.
        slice: Box<str>,
        /// The axis, from 0.
        axis: usize,
        /// Its length.
        length: i64,
    },
    /// A new axis, which elements that are there have not.
    #[error("`None` makes an axis of what is read; elements are set without it")]
    NewAxis,
    /// A slice without elements.
    #[error("the slice takes no element of a shape of {shape:?}")]
    NoElement {
        /// The shape of the array.
        shape: Box<[u64]>,
    },
    /// Strides lay elements over each other.
    #[error("elements of the array share bytes with each other: none can be set alone")]
    Overlapping,
    /// Elements that are set share bytes with each other.
    #[error("the elements share bytes")]
    Shared,
    /// Records have no field of that name.
    #[error("no field `{name}`, expected one of {known}")]
    NoField {
        /// The name asked for, escaped.
        name: Box<str>,
        /// The names that there are.
        known: Box<str>,
    },
    /// A value whose lists do not have the shape of the selected elements.
    #[error("found {found}, expected {wanted} (one value, or lists of the shape {shape:?})")]
    Shape {
        /// What the value is.
        found: Box<str>,
        /// What it should be.
        wanted: Box<str>,
        /// The shape of the selected elements.
        shape: Box<[u64]>,
    },
    /// A value that the datatype cannot hold.
    #[error("found {found}, expected a value that {datatype} holds exactly")]
    Value {
        /// What the value is.
        found: Box<str>,
        /// The datatype.
        datatype: Box<str>,
    },
    /// The draft is not that of an open file.
    #[error("only elements of an open file's arrays can be set")]
    NoSource,
    /// The path leads through a merge key.
    #[error("the array comes from a merge key (`<<`): name it where it stands")]
    Merged,
    /// The array is not in the file yet.
    #[error("the array is new: its elements can be set when it is written")]
    New,
    /// The node of the array was changed in this draft.
    #[error("the array's description was changed: its elements can be set when that is written")]
    Redescribed,
    /// The array is in an HDU of a FITS file.
    #[error("the elements are in an HDU, where none can be set")]
    InHdu,
    /// The array is in another file.
    #[error("the elements are in another file: take them into this one first (implode)")]
    Elsewhere,
    /// The block holds other data in this draft.
    #[error("the array's block was replaced in this draft")]
    BlockReplaced,
    /// Records in the tree were changed in this draft.
    #[error("the records were changed already: write that first")]
    RecordsChanged,
}

impl From<ElementsFault> for Error {
    fn from(fact: ElementsFault) -> Self {
        Usage::from(fact).into()
    }
}
