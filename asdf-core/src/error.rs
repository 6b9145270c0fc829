//! The one error of the crate: what went wrong ([`ErrorKind`]) and where ([`Place`]).
//!
//! The lowest frame states the fact, each frame above adds the one coordinate it knows through
//! `Locate`; a coordinate already set is never overwritten. Variants hold plain data only, so
//! that no upper layer is named here.

mod fits;
mod limit;
mod malformed;
mod mismatch;
mod place;
mod unsupported;
mod usage;
mod warning;

pub use fits::FitsFault;
pub use limit::LimitExceeded;
pub use malformed::Malformed;
pub use mismatch::Mismatch;
pub use place::Place;
pub use unsupported::Unsupported;
pub use usage::Usage;
pub use warning::{Warning, WarningKind};

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;

/// What every fallible call of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error with its kind and its place; one word wide, `Send + Sync`.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    place: Place,
}

/// Whose fault it is, and the facts.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system said no.
    Io(io::Error),
    /// The file breaks the standard.
    Malformed(Malformed),
    /// The file is legal, this build cannot.
    Unsupported(Unsupported),
    /// A budget of [`crate::Limits`] was exceeded.
    Limit(LimitExceeded),
    /// The tree or array is not what was asked for.
    Mismatch(Mismatch),
    /// The caller's arguments contradict each other or cannot be read.
    Usage(Usage),
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Where it went wrong, as far as known.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// True when the file breaks the standard.
    pub fn is_corrupt(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Malformed(_))
    }

    /// True when the file is legal but this build cannot read that part of it.
    pub fn is_unsupported(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Unsupported(_))
    }

    /// True when a limit stopped the work; raising it may help.
    pub fn is_limit(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Limit(_))
    }

    /// The same error about that file, unless it names one already.
    #[must_use]
    pub fn at_file(self, path: &std::path::Path) -> Self {
        self.in_file(path)
    }

    /// The same error about that node of the tree, unless it names one already.
    #[must_use]
    pub fn at_node(self, path: impl fmt::Display) -> Self {
        self.at_path(|| path)
    }

    fn place_mut(&mut self) -> &mut Place {
        &mut self.0.place
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            place: Place::default(),
        }))
    }
}

impl From<io::Error> for Error {
    /// An error of this crate that travelled through an [`io::Read`] comes out as it went in.
    fn from(error: io::Error) -> Self {
        error
            .downcast::<Self>()
            .unwrap_or_else(|error| ErrorKind::Io(error).into())
    }
}

impl From<Malformed> for Error {
    fn from(fact: Malformed) -> Self {
        ErrorKind::Malformed(fact).into()
    }
}

impl From<FitsFault> for Error {
    fn from(fact: FitsFault) -> Self {
        Malformed::Fits(fact).into()
    }
}

impl From<Unsupported> for Error {
    fn from(fact: Unsupported) -> Self {
        ErrorKind::Unsupported(fact).into()
    }
}

impl From<LimitExceeded> for Error {
    fn from(fact: LimitExceeded) -> Self {
        ErrorKind::Limit(fact).into()
    }
}

impl From<Mismatch> for Error {
    fn from(fact: Mismatch) -> Self {
        ErrorKind::Mismatch(fact).into()
    }
}

impl From<Usage> for Error {
    fn from(fact: Usage) -> Self {
        ErrorKind::Usage(fact).into()
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Malformed(fact) => fact.fmt(f),
            Self::Unsupported(fact) => fact.fmt(f),
            Self::Limit(fact) => fact.fmt(f),
            Self::Mismatch(fact) => fact.fmt(f),
            Self::Usage(fact) => fact.fmt(f),
        }
    }
}

impl fmt::Display for Error {
    /// One line, coordinates first: `obs.asdf: block 3 at 0x2f40: header promises …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.place.fmt(f)?;
        self.0.kind.fmt(f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("place", &self.0.place)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            ErrorKind::Io(error) => Some(error),
            _ => None,
        }
    }
}

/// Adds one coordinate to an error on its way out; a coordinate already set stays (inner wins).
pub(crate) trait Locate: Sized {
    /// The bytes concerned, as absolute file offsets.
    fn at(self, span: Range<u64>) -> Self;
    /// The block concerned.
    fn in_block(self, index: usize) -> Self;
    /// The HDU of a FITS file concerned.
    #[cfg(feature = "fits")]
    fn in_hdu(self, index: usize) -> Self;
    /// The tree node concerned, as a JSON Pointer. The closure runs only when there is an error.
    fn at_path<P: fmt::Display>(self, path: impl FnOnce() -> P) -> Self;
    /// The file concerned.
    fn in_file(self, file: &Path) -> Self;
}

impl Locate for Error {
    fn at(mut self, span: Range<u64>) -> Self {
        self.place_mut().span.get_or_insert(span);
        self
    }

    fn in_block(mut self, index: usize) -> Self {
        self.place_mut().block.get_or_insert(index);
        self
    }

    #[cfg(feature = "fits")]
    fn in_hdu(mut self, index: usize) -> Self {
        self.place_mut().hdu.get_or_insert(index);
        self
    }

    fn at_path<P: fmt::Display>(mut self, path: impl FnOnce() -> P) -> Self {
        self.place_mut()
            .path
            .get_or_insert_with(|| path().to_string().into());
        self
    }

    fn in_file(mut self, file: &Path) -> Self {
        self.place_mut()
            .file
            .get_or_insert_with(|| file.to_path_buf());
        self
    }
}

impl<T> Locate for Result<T> {
    fn at(self, span: Range<u64>) -> Self {
        self.map_err(|error| error.at(span))
    }

    fn in_block(self, index: usize) -> Self {
        self.map_err(|error| error.in_block(index))
    }

    #[cfg(feature = "fits")]
    fn in_hdu(self, index: usize) -> Self {
        self.map_err(|error| error.in_hdu(index))
    }

    fn at_path<P: fmt::Display>(self, path: impl FnOnce() -> P) -> Self {
        self.map_err(|error| error.at_path(path))
    }

    fn in_file(self, file: &Path) -> Self {
        self.map_err(|error| error.in_file(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inner_coordinate_is_never_overwritten() {
        let error = Error::from(Malformed::Truncated {
            needed: 48,
            available: 12,
        })
        .at(10..58)
        .in_block(3)
        .in_block(4)
        .at(0..1)
        .in_file(Path::new("obs.asdf"));
        assert_eq!(
            error.to_string(),
            "obs.asdf: block 3 at 0xa..0x3a: needs 48 bytes, only 12 are there"
        );
    }

    #[test]
    fn an_error_is_one_word_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
