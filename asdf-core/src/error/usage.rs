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
    /// A file that is in the way.
    #[error("the file exists already")]
    Exists,
}
