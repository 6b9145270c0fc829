//! What is wrong at one place of a file.

use crate::error::{Error, Place, Warning};
use crate::file::AsdfFile;
use crate::tree::TreePath;
use std::fmt;
use std::path::PathBuf;

/// Something that keeps a file from being sound.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The array that cannot be read; `None` for what concerns the file as a whole.
    pub path: Option<TreePath>,
    /// The other file in which it is wrong.
    pub file: Option<PathBuf>,
    /// What is wrong and where, in one line without a full stop.
    pub message: String,
}

impl Problem {
    pub(super) fn new(path: TreePath, message: String) -> Self {
        Self {
            path: Some(path),
            file: None,
            message,
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
            message: format!("{place}{}", error.kind()),
            file: other,
            path: Some(path),
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
            path: None,
            file: None,
            message: format!("{place}{}", warning.kind),
        }
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
