//! A tree or an array that cannot be put into a FITS file like that.

use super::Usage;
use crate::error::Error;

/// A tree or an array that cannot be put into a FITS file like that.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EmbedFault {
    /// HDUs stand beside the keys of the root.
    #[error("the root of the tree is not a mapping, the HDUs have no place beside it")]
    RootNotMap,
    /// Arrays for files of their own.
    #[error("arrays of an embedded tree cannot go to files of their own")]
    OwnFiles,
    /// A FITS file and another base.
    #[error("the file is a FITS file itself, it cannot be put into another")]
    FitsIntoFits,
    /// There is no tree to change.
    #[error("the file is a FITS file without an ASDF tree, embedding makes one that has it")]
    NoTree,
    /// There is no tree to take out.
    #[error("there is no HDU with an ASDF tree")]
    NoTreeHdu,
    /// An array with elements of no value.
    #[error("FITS has no place for the nulls of an array in the tree")]
    Nulls,
    /// There is no list of HDUs.
    #[error("the tree has no list of HDUs under `{key}`")]
    NoHduList {
        /// The key.
        key: Box<str>,
    },
    /// A move that cannot be read.
    #[error("`{given}` is not PATH=NAME or PATH=NAME,VERSION")]
    Move {
        /// The text.
        given: Box<str>,
    },
    /// A move of nothing.
    #[error("there is no array")]
    NoArray,
    /// A move of all arrays that fit, which are none.
    #[error("no array fits `{path}`")]
    NoneFits {
        /// The path as given.
        path: Box<str>,
    },
    /// The array is in an HDU already.
    #[error("the array is HDU {hdu} already")]
    IsHdu {
        /// The HDU, from 0.
        hdu: usize,
    },
    /// Two moves of one array.
    #[error("the array is moved twice")]
    MovedTwice,
    /// The name of another HDU.
    #[error("there is an HDU {name},{version} already")]
    NameTaken {
        /// The name.
        name: Box<str>,
        /// The version.
        version: i64,
    },
    /// An array without axes.
    #[error("a FITS image has at least one axis, the array has none")]
    ImageAxes,
    /// An array without elements.
    #[error("an array of shape {shape:?} has no elements")]
    Empty {
        /// The shape.
        shape: Box<[u64]>,
    },
    /// An array of a type that FITS does not have.
    #[error("FITS has no HDU for {datatype} with {axes} axes")]
    NoHduType {
        /// The datatype.
        datatype: Box<str>,
        /// The number of axes.
        axes: usize,
    },
    /// A tree given as text that names HDUs.
    #[error("a tree given as text cannot be taken out of its FITS file")]
    TreeText,
}

impl From<EmbedFault> for Error {
    fn from(fact: EmbedFault) -> Self {
        Usage::from(fact).into()
    }
}
