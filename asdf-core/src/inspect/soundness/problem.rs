//! What is wrong at one place of a file.

use crate::block::BlockHeader;
use crate::error::{Error, ErrorKind, FitsFault, Malformed, Mismatch, Place, Warning, WarningKind};
use crate::file::AsdfFile;
use crate::tree::TreePath;
use std::fmt;
use std::path::PathBuf;

/// What keeps something from being read, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The file ends too early.
    Truncated,
    /// A checksum is not that of what is stored.
    Checksum,
    /// There is no such block.
    MissingBlock,
    /// Another file that is named is not there.
    MissingFile,
    /// There is no such HDU.
    MissingHdu,
    /// What is there cannot be read.
    Damaged,
    /// It is in order, and this build cannot read it.
    Unsupported,
}

impl ProblemKind {
    /// What kind of problem an error is.
    pub fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Io(_) => Self::MissingFile,
            ErrorKind::Unsupported(_) => Self::Unsupported,
            ErrorKind::Mismatch(Mismatch::NoHdu { .. } | Mismatch::NoLinkedHdu { .. }) => {
                Self::MissingHdu
            }
            ErrorKind::Malformed(fact) => Self::of_fact(fact),
            _ => Self::Damaged,
        }
    }

    fn of_fact(fact: &Malformed) -> Self {
        match fact {
            Malformed::Truncated { .. }
            | Malformed::TreeEnd
            | Malformed::Fits(FitsFault::NoEnd { .. }) => Self::Truncated,
            Malformed::Checksum { .. } | Malformed::Fits(FitsFault::Checksum { .. }) => {
                Self::Checksum
            }
            Malformed::NoBlock { .. } => Self::MissingBlock,
            Malformed::HduSource { .. } => Self::MissingHdu,
            _ => Self::Damaged,
        }
    }

    fn of_warning(kind: &WarningKind) -> Self {
        match kind {
            WarningKind::NoBlock { .. } => Self::MissingBlock,
            _ => Self::Truncated,
        }
    }
}

/// Something that keeps a file from being sound.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// In a word.
    pub kind: ProblemKind,
    /// The array that cannot be read; `None` for what concerns the file as a whole.
    pub path: Option<TreePath>,
    /// The other file in which it is wrong.
    pub file: Option<PathBuf>,
    /// The block of this file that is at fault, which is reported by itself, too.
    pub block: Option<usize>,
    /// The HDU of this file, likewise.
    pub hdu: Option<usize>,
    /// What is wrong and where, in one line without a full stop.
    pub message: String,
}

impl Problem {
    pub(super) fn new(kind: ProblemKind, path: TreePath, message: String) -> Self {
        Self {
            kind,
            path: Some(path),
            file: None,
            block: None,
            hdu: None,
            message,
        }
    }

    /// The same problem, whose reason is a block of the file.
    pub(super) fn in_block(self, block: usize) -> Self {
        Self {
            block: Some(block),
            ..self
        }
    }

    /// An error met at the array of that path.
    pub(super) fn of(file: &AsdfFile, path: TreePath, error: &Error) -> Self {
        let own = path.to_string();
        let mut place = error.place().clone();
        let other = place.file.take().filter(|other| other != file.name());
        // The bytes of the node are not of interest where its path is known, those of a block are.
        if place.block.is_none() && place.hdu.is_none() {
            place.span = None;
        }
        place.path = place.path.filter(|path| **path != *own);
        Self {
            kind: ProblemKind::of(error),
            message: format!("{place}{}", error.kind()),
            block: place.block.filter(|_| other.is_none()),
            hdu: place.hdu.filter(|_| other.is_none()),
            file: other,
            path: Some(path),
        }
    }

    /// An error about a block.
    pub(super) fn of_block(error: &Error, header: &BlockHeader) -> Self {
        Self {
            kind: ProblemKind::of(error),
            path: None,
            file: None,
            block: Some(header.index),
            hdu: None,
            message: format!("{}{}", in_block(header), error.kind()),
        }
    }

    /// The same problem at another array.
    pub(super) fn at(self, path: TreePath) -> Self {
        Self {
            path: Some(path),
            ..self
        }
    }

    pub(super) fn of_warning(warning: &Warning) -> Self {
        let place = Place {
            file: None,
            ..warning.place.clone()
        };
        Self {
            kind: ProblemKind::of_warning(&warning.kind),
            path: None,
            file: None,
            block: None,
            hdu: None,
            message: format!("{place}{}", warning.kind),
        }
    }
}

/// `block 3 at 0x2f40: `
pub(super) fn in_block(header: &BlockHeader) -> Place {
    Place {
        block: Some(header.index),
        span: Some(header.offset..header.offset),
        ..Place::default()
    }
}

impl fmt::Display for Problem {
    /// `/a: in obs0001.asdf: block 0 at 0x2f40: …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            let path = path.to_string();
            write!(f, "{}: ", if path.is_empty() { "/" } else { &path })?;
        }
        if let Some(file) = &self.file {
            write!(f, "in {}: ", file.display())?;
        }
        f.write_str(&self.message)
    }
}
