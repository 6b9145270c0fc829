//! What was lost or mended, one fact a line.

use crate::error::Place;
use std::fmt;
use std::ops::Range;

/// One thing that `salvage` found wrong, with its place in the damaged file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loss {
    /// Where: the bytes concerned as absolute offsets, the block, the tree node.
    pub place: Place,
    /// What.
    pub kind: LossKind,
}

/// The kinds of damage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LossKind {
    /// The first line is not `#ASDF 1.0.0`.
    #[error("the first line is not `#ASDF 1.0.0`, taken for it")]
    FirstLine,
    /// One bad byte in a line that can only have been this one.
    #[error("a bad byte in the line `{line}`, mended")]
    Line {
        /// As it was.
        line: Box<str>,
    },
    /// One bad byte in the version of the standard, or in that of the tree.
    #[error("a bad byte in a version, which may have been any: kept as it is")]
    Version,
    /// Bytes that belong to nothing.
    #[error("{bytes} bytes belong to no part of the file, left out")]
    Stray {
        /// How many.
        bytes: u64,
    },
    /// The tree has no line `...`.
    #[error("the tree has no end marker; if it went on, that part is lost")]
    TreeEnd,
    /// The tree has no `%YAML` or `---` line.
    #[error("the tree does not begin with `%YAML` and `---`, added")]
    TreeStart,
    /// Bytes that are not text.
    #[error("{count} characters that cannot stand in YAML, replaced by U+FFFD")]
    Characters {
        /// How many.
        count: usize,
    },
    /// Part of the tree cannot be read.
    #[error("{lines} lines of the tree from line {line} on are lost: {why}")]
    TreeLines {
        /// The first of them within the tree, from 1.
        line: usize,
        /// How many.
        lines: usize,
        /// What the parser said.
        why: Box<str>,
    },
    /// Nothing of the tree can be read.
    #[error("nothing of the tree can be read: {why}")]
    TreeLost {
        /// What the parser said.
        why: Box<str>,
    },
    /// Brackets were closed after the cut.
    #[error("closed what was open at the end of the tree: `{closers}`")]
    Closed {
        /// The brackets.
        closers: Box<str>,
    },
    /// A block header was damaged, and what it should be is certain.
    #[error("damaged block header mended: {what}")]
    HeaderMended {
        /// The fields.
        what: Box<str>,
    },
    /// The bytes are there, but they are not what was written.
    #[error("block is damaged, kept as it is: {why}")]
    Damaged {
        /// How that is known.
        why: Box<str>,
    },
    /// The data was cut; the rest is zeros.
    #[error("block was cut: {there} of {promised} decoded bytes are there, the rest is zeros")]
    Truncated {
        /// Decoded bytes that are there.
        there: u64,
        /// Decoded bytes that the header promises.
        promised: u64,
    },
    /// The data was cut, and what is promised is beyond reason.
    #[error(
        "block was cut: {there} of {promised} decoded bytes are there, too few to fill up with zeros"
    )]
    Cut {
        /// Decoded bytes that are there.
        there: u64,
        /// Decoded bytes that the header promises.
        promised: u64,
    },
    /// A block of which nothing is left.
    #[error("block is lost: {why}; an empty block keeps its number")]
    BlockLost {
        /// How it is known that there was one.
        why: Box<str>,
    },
    /// A block whose number is not certain.
    #[error(
        "block is whole, but its number is not certain; kept under a number that no array names"
    )]
    Unnumbered,
    /// A damaged block whose number is not certain.
    #[error("what seems to be a damaged block is kept under a number that no array names")]
    Unproven,
    /// A block whose number is not certain, while arrays count from the last block.
    #[error("block is left out: its number is not certain, and arrays count from the last block")]
    LeftOut,
    /// A change in place that was not completed.
    #[error("a change in place was not completed; taken back, with the old bytes of its journal")]
    Unfinished,
    /// A change in place that was not completed, and cannot be taken back.
    #[error(
        "a change in place was not completed, and its journal is lost: what it was to change may be old, new, or half of each"
    )]
    JournalLost,
    /// A node of the tree names a block that is not there.
    #[error("source {source_number} names a block that is not there, {count} are")]
    Dangling {
        /// The number.
        source_number: i64,
        /// How many blocks there are.
        count: usize,
    },
    /// The index is missing, cut or wrong where it can be told.
    #[error("the block index does not fit the blocks, written anew")]
    Index,
    /// There is something of an index, and it cannot be read.
    #[error("the block index is damaged, written anew")]
    IndexDamaged,
    /// There is no index.
    #[error("there is no block index, one is written")]
    IndexMissing,
}

impl LossKind {
    /// True for an oddity that was mended without any loss of data.
    pub fn is_mended(&self) -> bool {
        matches!(
            self,
            Self::FirstLine
                | Self::Line { .. }
                | Self::TreeStart
                | Self::HeaderMended { .. }
                | Self::Index
                | Self::IndexDamaged
                | Self::IndexMissing
                | Self::Unfinished
        )
    }
}

impl Loss {
    pub(super) fn new(kind: LossKind) -> Self {
        let place = Place::default();
        Self { place, kind }
    }

    pub(super) fn at(mut self, span: Range<u64>) -> Self {
        self.place.span = Some(span);
        self
    }

    pub(super) fn in_block(mut self, index: usize) -> Self {
        self.place.block = Some(index);
        self
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.fmt(f)?;
        self.kind.fmt(f)
    }
}
