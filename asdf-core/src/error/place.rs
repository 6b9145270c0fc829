//! Where in which file something is.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

/// The coordinates of an error or a warning; each is filled in by the layer that knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The file, as the caller named it.
    pub file: Option<PathBuf>,
    /// The bytes concerned, as absolute file offsets.
    pub span: Option<Range<u64>>,
    /// The block, counted from 0.
    pub block: Option<usize>,
    /// The HDU of a FITS file, counted from 0.
    pub hdu: Option<usize>,
    /// The tree node, as a JSON Pointer.
    pub path: Option<Box<str>>,
}

impl fmt::Display for Place {
    /// Writes the coordinates with their trailing `: `, or nothing when none is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", file.display())?;
        }
        if let Some(path) = &self.path {
            write!(f, "{}: ", if path.is_empty() { "/" } else { path })?;
        }
        if let Some(hdu) = self.hdu {
            let at = if self.block.is_none() && self.span.is_some() {
                " "
            } else {
                ": "
            };
            write!(f, "HDU {hdu}{at}")?;
        }
        match (self.block, &self.span) {
            (Some(block), Some(span)) => write!(f, "block {block} at {}: ", Hex(span)),
            (Some(block), None) => write!(f, "block {block}: "),
            (None, Some(span)) => write!(f, "at {}: ", Hex(span)),
            (None, None) => Ok(()),
        }
    }
}

struct Hex<'a>(&'a Range<u64>);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.end <= self.0.start.saturating_add(1) {
            write!(f, "{:#x}", self.0.start)
        } else {
            write!(f, "{:#x}..{:#x}", self.0.start, self.0.end)
        }
    }
}
