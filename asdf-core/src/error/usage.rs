//! The caller's arguments contradict each other.

/// An argument that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Usage {
    /// A path that cannot be parsed.
    #[error("bad path `{path}`: {reason}")]
    Path {
        /// The path as given.
        path: Box<str>,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Points that do not fit a transform.
    #[error("{reason}")]
    Points {
        /// What does not fit.
        reason: Box<str>,
    },
    /// A window that does not fit the array.
    #[error("bad window: {reason}")]
    Window {
        /// What is wrong with it.
        reason: Box<str>,
    },
    /// A change that the tree does not allow.
    #[error("{reason}")]
    Edit {
        /// Why not.
        reason: Box<str>,
    },
    /// An array whose parts do not fit each other.
    #[error("{reason}")]
    Array {
        /// What does not fit.
        reason: Box<str>,
    },
    /// A header of a FITS file that cannot be written.
    #[error("{reason}")]
    Header {
        /// What is wrong with it.
        reason: Box<str>,
    },
    /// A tree or an array that cannot be put into a FITS file like that.
    #[error("{reason}")]
    Embed {
        /// Why not.
        reason: Box<str>,
    },
    /// A compression that cannot be used.
    #[error("bad compression `{given}`: {reason}")]
    Compression {
        /// The compression as given.
        given: Box<str>,
        /// What would be right.
        reason: Box<str>,
    },
    /// The data of a block to be written ends before its announced size is reached.
    #[error("data of {given} bytes, {announced} were announced")]
    DataShort {
        /// Bytes that came.
        given: u64,
        /// Bytes announced.
        announced: u64,
    },
    /// The data of a block to be written goes on behind its announced size.
    #[error("data of more than the {announced} bytes that were announced")]
    DataLong {
        /// Bytes announced.
        announced: u64,
    },
}
