//! Which data of a draft are the same.

use std::path::PathBuf;

/// Data of a file that may be named several times, and become one block.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::file) enum DataKey {
    /// A block: the address of its file's bytes, which live as long as the draft, and its number.
    Block(usize, usize),
    /// The first block of a file.
    Part(PathBuf),
    /// What an array is of an HDU: the address of the file, and the number of the HDU.
    #[cfg(feature = "fits")]
    Hdu(usize, usize, crate::array::HduPart),
}
