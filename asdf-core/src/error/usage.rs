//! The caller's arguments contradict each other.

mod array;
mod column;
mod cutout;
mod edit;
mod elements;
mod embed;
mod header;
mod wcs;
mod write;

pub use array::ArrayFault;
pub use column::ColumnFault;
pub use cutout::CutoutFault;
pub use edit::EditFault;
pub use elements::ElementsFault;
pub use embed::EmbedFault;
pub use header::HeaderFault;
pub use wcs::WcsFault;
pub use write::WriteFault;

/// An argument that cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
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
    /// Brackets in a path that cannot be parsed.
    #[error("bad path `{path}`: in brackets: {reason}")]
    Brackets {
        /// The path as given.
        path: Box<str>,
        /// What is wrong with it.
        reason: Box<str>,
    },
    /// A path that fits several nodes where one is needed.
    #[error("`{path}` names {count} nodes, and one is needed here: {first}")]
    SeveralNodes {
        /// The path as given.
        path: Box<str>,
        /// How many nodes it names.
        count: u64,
        /// Paths of the first of them.
        first: Box<str>,
    },
    /// A path that fits no node.
    #[error("no node fits `{path}`")]
    NoNode {
        /// The path as given.
        path: Box<str>,
    },
    /// A path of elements of an array where a node is needed.
    #[error("`{path}` names elements of an array, and a node is needed here")]
    NotANode {
        /// The path as given.
        path: Box<str>,
    },
    /// A window that does not fit the array.
    #[error("bad window: {reason}")]
    Window {
        /// What is wrong with it.
        reason: Box<str>,
    },
    /// A change that the tree does not allow.
    #[error(transparent)]
    Edit(#[from] EditFault),
    /// Elements of an array that cannot be set.
    #[error(transparent)]
    Elements(#[from] ElementsFault),
    /// A file that cannot be written like that.
    #[error(transparent)]
    Write(#[from] WriteFault),
    /// A cutout that cannot be made.
    #[error(transparent)]
    Cutout(#[from] CutoutFault),
    /// An array whose parts do not fit each other.
    #[error(transparent)]
    Array(#[from] ArrayFault),
    /// A column or an image that FITS cannot hold.
    #[error(transparent)]
    Column(#[from] ColumnFault),
    /// A header or an HDU of a FITS file that cannot be written.
    #[error(transparent)]
    Header(#[from] HeaderFault),
    /// A tree or an array that cannot be put into a FITS file like that.
    #[error(transparent)]
    Embed(#[from] EmbedFault),
    /// A question that a WCS or a transform has no answer to.
    #[error(transparent)]
    Wcs(#[from] WcsFault),
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
    /// The data of a block to be written goes on after its announced size.
    #[error("data of more than the {announced} bytes that were announced")]
    DataLong {
        /// Bytes announced.
        announced: u64,
    },
}
