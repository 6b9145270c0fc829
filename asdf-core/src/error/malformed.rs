//! The file breaks the standard.

/// A fact about the file that the standard does not allow.
///
/// Messages are lowercase, without a full stop, with the numbers found and expected.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// Fewer bytes than a structure needs.
    #[error("needs {needed} bytes, only {available} are there")]
    Truncated {
        /// Bytes that the structure needs.
        needed: u64,
        /// Bytes that are there.
        available: u64,
    },
    /// Position arithmetic leaves 64 bits.
    #[error("position {start} plus size {size} overflows")]
    Overflow {
        /// Where the structure starts.
        start: u64,
        /// Its declared size.
        size: u64,
    },

    // --- file header ---
    /// The first line is not `#ASDF` and a version.
    #[error("not an ASDF file: {found}")]
    NotAsdf {
        /// What the file seems to be, or its first bytes.
        found: Box<str>,
    },
    /// The file format version is not 1.0.0.
    #[error("file format version is {found}, expected 1.0.0")]
    FormatVersion {
        /// The version as written.
        found: Box<str>,
    },
    /// Something between header comments and tree that is neither.
    #[error("expected a comment, `%YAML` or a block, found {found}")]
    Preamble {
        /// What stands there.
        found: Box<str>,
    },

    // --- tree ---
    // --- blocks ---
    // --- arrays ---
    // --- references ---
}
