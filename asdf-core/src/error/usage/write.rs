//! A file that is not written, or not like that.

use super::Usage;
use crate::error::Error;

/// A file that is not written, or not like that.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteFault {
    /// A file with data of the draft is not what it was.
    #[error("`{uri}` was changed by another program")]
    OtherProgram {
        /// The file, as the tree names it.
        uri: Box<str>,
    },
    /// The file is not the one that was opened any more.
    #[error("the file has been changed by another program meanwhile")]
    Changed,
    /// A file that is compressed as a whole is not changed.
    #[error("the file is compressed as a whole by {codec}, it has to be unpacked to be changed")]
    Compressed {
        /// `gzip` or `bzip2`.
        codec: &'static str,
    },
    /// A change was begun, and what would bring it to an end is not there.
    #[error(
        "the file is in the middle of a change in place, and its journal `{journal}` cannot be used: {detail}; give file and journal the names that they had, then run any `asdf` command that writes to the file; if the journal is lost, `asdf repair --without-journal` writes what is left to a new file"
    )]
    Unfinished {
        /// The name of the journal, escaped.
        journal: Box<str>,
        /// Why the journal cannot be used.
        detail: &'static str,
    },
    /// Another program has the file locked.
    #[error("the file is locked by {holder}, nothing was changed")]
    Locked {
        /// Who holds the lock.
        holder: Box<str>,
    },
    /// A file of several names cannot be replaced under all of them.
    #[error(
        "the file has {names} names (hard links), and only this one would get the new contents; write to another file, or remove the link first"
    )]
    HardLinks {
        /// How many names the file has.
        names: u64,
    },
    /// A link that leads to nothing does not say what is to be written.
    #[error(
        "the name is a symbolic link to `{target}`, and nothing is there; make what it leads to, or remove the link"
    )]
    DanglingLink {
        /// Where it leads, as it says so, escaped.
        target: Box<str>,
    },
    /// Two keys of a mapping that are equal for other readers.
    #[error("nothing is written: two keys of a mapping are one for Python, the second is `{key}`")]
    DoubledKey {
        /// The second key, escaped.
        key: Box<str>,
    },
    /// Something was put into the description of an array.
    #[error(
        "nothing is written: `{key}` would stand within the description of an array, where readers do not look"
    )]
    WithinArray {
        /// The new key, escaped.
        key: Box<str>,
    },
    /// An array of the result could not be read.
    #[error("nothing is written: the array `{path}` could not be read: {detail}")]
    Unreadable {
        /// The array.
        path: Box<str>,
        /// What reading it would say.
        detail: Box<str>,
    },
    /// Chunks of that many rows would not all be full.
    #[error("nothing is written: {asked} does not divide the {rows} rows of the array{near}")]
    ChunkRows {
        /// Rows of the array.
        rows: u64,
        /// Rows of a chunk that were asked for.
        asked: u64,
        /// A number that does, in brackets, or nothing.
        near: Box<str>,
    },
    /// Chunks of that many rows would be too large for readers.
    #[error("nothing is written: a chunk would have {size} bytes, {most} at most are expected")]
    ChunkLarge {
        /// Bytes of a chunk.
        size: u64,
        /// The most that one may have.
        most: u64,
    },
    /// A number of a block that is not there would come to mean new data.
    #[error(
        "an array names block {number}, which is not there, and new data would get that number: mend or remove the array first"
    )]
    NumberTaken {
        /// The number that the array names.
        number: i64,
    },
    /// A relative name that leads elsewhere from another folder.
    #[error("`{uri}` names a file that cannot be named so from the place of the new one")]
    Unnameable {
        /// The URI, escaped.
        uri: Box<str>,
    },
    /// A node that may name blocks which would not come along.
    #[error(
        "the node {path} has the tag `{tag}`, which is not known, and may name {blocks} of its file: they cannot be copied with it"
    )]
    UnknownTag {
        /// The node.
        path: Box<str>,
        /// Its tag, escaped.
        tag: Box<str>,
        /// The blocks.
        blocks: Box<str>,
    },
    /// Blocks that no array names have no place in the output.
    #[error(
        "no array names {blocks}: {format} has no place for them (--drop-unknown-blocks leaves them out)"
    )]
    UnknownBlocks {
        /// The blocks.
        blocks: Box<str>,
        /// The output.
        format: Box<str>,
    },
    /// Blocks that perhaps a node of an unknown tag names have no place in the output.
    #[error(
        "no array names {blocks}, but the node {path} of the unknown tag `{tag}` may: {format} has no place for them (--drop-unknown-blocks leaves them out)"
    )]
    UnknownBlocksOf {
        /// The blocks.
        blocks: Box<str>,
        /// The node that may name them.
        path: Box<str>,
        /// Its tag, escaped.
        tag: Box<str>,
        /// The output.
        format: Box<str>,
    },
}

impl From<WriteFault> for Error {
    fn from(fact: WriteFault) -> Self {
        Usage::from(fact).into()
    }
}
