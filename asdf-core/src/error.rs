//! The one error of the crate: what went wrong ([`ErrorKind`]) and where ([`Place`]).
//!
//! The lowest frame states the fact, each frame above adds the one coordinate it knows through
//! `Locate`; a coordinate already set is never overwritten. Variants hold plain data only, so
//! that no upper layer is named here.
//!
//! A caller first asks what family an error is of, then what to show:
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/bad/bug06_invalid_utf8.asdf");
//! use asdf_core::AsdfFile;
//!
//! match AsdfFile::open(path) {
//!     Ok(_) => println!("fine"),
//!     Err(error) if error.is_io() => println!("the operating system says {error}"),
//!     Err(error) if error.is_corrupt() => println!("damaged at {:?}: {error}", error.place().span),
//!     Err(error) if error.is_limit() => println!("too much for the limits: {error}"),
//!     Err(error) => println!("{error}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Its text names the file, the offset or the path, what was found and what was expected.

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
pub use usage::{
    ArrayFault, ColumnFault, CutoutFault, EditFault, ElementsFault, EmbedFault, HeaderFault, Usage,
    WcsFault, WriteFault,
};
pub use warning::{Warning, WarningKind};

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// What every fallible call of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error with its kind and its place; one word wide, cheap to clone, `Send + Sync`.
///
/// `Debug` writes the same line as `Display`, so that `fn main() -> asdf_core::Result<()>` tells people what is wrong.
///
/// ```
/// use asdf_core::AsdfFile;
///
/// let error = AsdfFile::open("no-such-file.asdf").unwrap_err();
/// assert!(error.is_io());
/// assert!(error.place().file.is_some());
/// assert_eq!(format!("{error:?}"), error.clone().to_string());
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    place: Place,
}

/// Whose fault it is, and the facts.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An I/O error from the operating system.
    Io(Arc<io::Error>),
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
    /// The caller stopped the work.
    Cancelled,
    /// An object that is read by range is no longer the one that was opened.
    Changed,
    /// An error of the program that uses the library, from a function that it gave to one of its calls.
    Caller(Arc<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// An error of the program that uses the library, so that it can travel through the library's calls and get a place.
    #[must_use]
    pub fn of_caller(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        ErrorKind::Caller(Arc::from(error.into())).into()
    }

    /// What went wrong.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// use asdf_core::AsdfFile;
    /// use asdf_core::error::ErrorKind;
    ///
    /// let error = AsdfFile::open("no such file.asdf").unwrap_err();
    /// assert!(matches!(error.kind(), ErrorKind::Io(_)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Where it went wrong, as far as known.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/bad/bug06_invalid_utf8.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let error = AsdfFile::open(path).unwrap_err();
    /// assert!(error.is_corrupt());
    /// assert_eq!(error.place().span.as_ref().map(|range| range.start), Some(0x64)); // offset in the file
    /// # Ok(())
    /// # }
    /// ```
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// True when the operating system reported an error.
    pub fn is_io(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Io(_))
    }

    /// True when the file breaks the standard.
    pub fn is_corrupt(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Malformed(_))
    }

    /// True when a checksum does not fit the stored bytes, of a block or of an HDU.
    pub fn is_checksum(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Malformed(
                Malformed::Checksum { .. } | Malformed::Fits(FitsFault::Checksum { .. })
            )
        )
    }

    /// True when the file is legal but this build cannot read that part of it.
    pub fn is_unsupported(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Unsupported(_))
    }

    /// True when a limit stopped the work; raising it may help.
    pub fn is_limit(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Limit(_))
    }

    /// True when the tree or array is not what was asked for.
    pub fn is_mismatch(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Mismatch(_))
    }

    /// True when the caller's arguments cannot be used.
    pub fn is_usage(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Usage(_))
    }

    /// True when the caller stopped the work.
    pub fn is_cancelled(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Cancelled)
    }

    /// True when an object that is read by range is no longer the one that was opened.
    pub fn is_changed(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Changed)
    }

    /// True when bytes could not be got at, whatever they are.
    #[cfg_attr(
        not(any(feature = "fits", feature = "lz4")),
        expect(dead_code, reason = "HDUs are looked for")
    )]
    pub(crate) fn is_of_source(&self) -> bool {
        self.is_io() || self.is_changed() || self.is_cancelled()
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
        &mut Arc::make_mut(&mut self.0).place
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Arc::new(Inner {
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
            .unwrap_or_else(|error| ErrorKind::Io(Arc::new(error)).into())
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
            Self::Cancelled => f.write_str("stopped"),
            Self::Changed => f.write_str("the object changed while it was read"),
            Self::Caller(error) => error.fmt(f),
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
    /// As `Display`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            ErrorKind::Io(error) => Some(&**error),
            ErrorKind::Caller(error) => error.source(),
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
