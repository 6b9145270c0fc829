//! A change that a tree or a draft does not allow.

use super::Usage;
use crate::error::Error;

/// A change that a tree or a draft does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditFault {
    /// The root stays; only what is below it can be removed.
    #[error("the root cannot be removed")]
    RootRemoved,
    /// A step of an index into nested lists leads nowhere.
    #[error("there is no list `{step}`")]
    NoList {
        /// The step.
        step: Box<str>,
    },
    /// An index without a list that it could be into.
    #[error("there is no list of elements")]
    NoElements,
    /// An index after the end of a list, and not the next one.
    #[error("the list has {count} items, {step} is after its end")]
    BehindList {
        /// Items of the list.
        count: usize,
        /// The index asked for.
        step: Box<str>,
    },
    /// A key for a list.
    #[error("expected an index into a list of {count}, found `{step}`")]
    NotAnIndex {
        /// Items of the list.
        count: usize,
        /// The step.
        step: Box<str>,
    },
    /// An index for a mapping.
    #[error(
        "index {step} into {found}, which has no such key (a new key of digits stands in quotes: [\"{step}\"])"
    )]
    IndexIntoMap {
        /// The index.
        step: Box<str>,
        /// What the node is.
        found: Box<str>,
    },
    /// A path that goes on below a scalar.
    #[error("nothing can stand below {found}")]
    BelowScalar {
        /// What the node is.
        found: Box<str>,
    },
    /// An index into a list that would have to be made.
    #[error(
        "there is no list for the index {index} (a key of digits stands in quotes: [\"{index}\"])"
    )]
    ListMissing {
        /// The index.
        index: Box<str>,
    },
    /// A key that comes from a merge key.
    #[error("`{step}` comes from a merge key (`<<`): change it where it stands")]
    Merged {
        /// The key.
        step: Box<str>,
    },
    /// The text of the changed tree would not give the same tree.
    #[error("the tree cannot be written such that it reads back as it is")]
    NotReadBack,
    /// The text of the changed tree cannot be read.
    #[error("the changed tree is not valid: {detail}")]
    Invalid {
        /// What reading it says.
        detail: Box<str>,
    },
    /// There is no node to keep.
    #[error("there is nothing at {path}")]
    NothingAt {
        /// The path.
        path: Box<str>,
    },
    /// A version of the standard that is not known.
    #[error("no version `{asked}` of the standard; there are {known}")]
    Standard {
        /// The version asked for, escaped.
        asked: Box<str>,
        /// The versions that there are.
        known: Box<str>,
    },
    /// A version of the standard that does not have a tag.
    #[error("version {standard} of the standard has no tag `{tag}`")]
    NoTag {
        /// The version.
        standard: Box<str>,
        /// The tag's name.
        tag: Box<str>,
    },
    /// A draft that is not of a file has no arrays to cut.
    #[error("only the arrays of an open file are cut")]
    NoSource,
    /// The draft has no transform where its file has one.
    #[error("the transform is not there any more")]
    TransformGone,
}

impl From<EditFault> for Error {
    fn from(fact: EditFault) -> Self {
        Usage::from(fact).into()
    }
}
