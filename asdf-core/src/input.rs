//! The bytes of a file: mapped, or owned.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

mod cursor;
mod mapped;
mod pass;
mod ranged;
mod reader;
mod runs;
mod sparse;
mod ticket;
mod unpacked;
mod whole_codec;
mod work;

pub(crate) use cursor::Cursor;
pub(crate) use pass::is_blank;
pub use ranged::{RangeSource, TakePiece};
pub use reader::InputReader;
pub use sparse::temporary_file;
pub use ticket::{check_expected, unless_dropped};
pub(crate) use unpacked::Unpacked;
pub(crate) use whole_codec::WholeCodec;
pub use work::bytes_opened_and_read;

use crate::error::{Error, Locate, Malformed, Result};
use crate::limits::{Limit, Limits};
use ranged::Ranged;
use std::fs::{File, Metadata};
use std::io::Read;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::error::LimitExceeded;

/// The bytes of one file up to some end, addressed by absolute offset. Never changes after opening.
///
/// A clone shares the bytes.
#[derive(Clone)]
pub struct Input {
    store: Arc<Store>,
    end: usize,
    /// Whether the file itself says something else in some places.
    is_overlaid: bool,
}

enum Store {
    Mapped(memmap2::Mmap, Arc<File>),
    /// A private copy of the pages that an overlay changes; the file itself says something else there.
    Overlaid(memmap2::Mmap, Arc<File>),
    Owned(Vec<u8>),
    /// A temporary file with what was unpacked: mapped, and no file of anybody else.
    Unpacked(memmap2::Mmap, File),
    /// What comes by range when it is asked for.
    Ranged(Arc<Ranged>),
}

impl Store {
    /// The file that one pass reads rather than the map.
    fn readable(&self) -> Option<&File> {
        match self {
            Self::Mapped(_, file) => Some(file),
            Self::Unpacked(_, file) => Some(file),
            Self::Ranged(ranged) => Some(ranged.file()),
            Self::Overlaid(..) | Self::Owned(_) => None,
        }
    }
}

/// How the bytes of a file are accessed, and how many of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputOptions {
    /// Whether to map the file (default) or to read it whole. Read when another process may
    /// truncate the file meanwhile: an access to a mapped page that is gone ends the process.
    pub mapping: bool,
    /// Budgets against hostile files.
    pub limits: Limits,
}

impl Default for InputOptions {
    fn default() -> Self {
        Self {
            mapping: true,
            limits: Limits::default(),
        }
    }
}

/// Bytes that stand in place of those of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Overlay {
    /// The length that the file is to have, at most its own.
    pub(crate) length: u64,
    /// Offsets with the bytes from there on; what lies beyond the length is left out.
    pub(crate) pieces: Vec<(u64, Vec<u8>)>,
}

/// Opens a file to be read. What may have no end under the name of a file is refused: a device, or a pipe that nobody may
/// ever write to. A shell's own names of open files (`/dev/fd/63`, `/dev/stdin`) are read.
///
/// # Errors
/// See above; the file cannot be opened.
pub fn open_file(path: &Path) -> std::io::Result<File> {
    open_named(path).map(|(file, _)| file)
}

/// What is under a name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named {
    pub(crate) is_link: bool,
    /// Whether it is, or leads to, a regular file.
    pub(crate) is_file: bool,
}

/// As [`open_file`], with what was under the name: many files are opened in a run, and each question to the system takes its time.
///
/// # Errors
/// As [`open_file`].
pub(crate) fn open_named(path: &Path) -> std::io::Result<(File, Named)> {
    let open = ["/dev/fd", "/dev/stdin", "/proc"];
    let is_open = open.iter().any(|open| path.starts_with(open));
    let own = path.symlink_metadata()?;
    let is_link = own.is_symlink();
    let found = if is_link { path.metadata()? } else { own };
    let is_file = found.is_file();
    if !is_open && !is_file && !found.is_dir() {
        let text = "is a device or a pipe and not a file; `-` reads standard input";
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, text));
    }
    Ok((File::open(path)?, Named { is_link, is_file }))
}

impl Input {
    /// Maps a regular file, or reads it whole when `mapping` is off or the file cannot be mapped.
    ///
    /// # Errors
    /// The operating system refuses; the path is a folder; a stream has more than `input_bytes`.
    pub fn open(path: &Path, options: &InputOptions) -> Result<Self> {
        Self::load(path, options).in_file(path)
    }

    /// As [`open`](Self::open); the caller adds the name of the file to errors.
    pub(crate) fn load(path: &Path, options: &InputOptions) -> Result<Self> {
        let file = Arc::new(open_file(path)?);
        let metadata = file.metadata()?;
        Self::of_file(&file, &metadata, options)
    }

    /// The same of a file that is open already, of which the system says this now.
    pub(crate) fn of_file(
        file: &Arc<File>,
        metadata: &Metadata,
        options: &InputOptions,
    ) -> Result<Self> {
        if metadata.is_dir() {
            return Err(std::io::Error::from(std::io::ErrorKind::IsADirectory).into());
        }
        if metadata.is_file() {
            work::note_opened(metadata.len());
        }
        if options.mapping && metadata.is_file() && metadata.len() > 0 {
            match mapped::map(file, metadata.len()) {
                Ok(map) => {
                    return Ok(Self {
                        end: map.len(),
                        store: Arc::new(Store::Mapped(map, Arc::clone(file))),
                        is_overlaid: false,
                    });
                }
                // Some file systems cannot map; their files are read.
                Err(error) if cannot_map(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Self::read(&**file, &options.limits)
    }

    /// Reads a stream to its end, at most `limits.input_bytes`.
    ///
    /// # Errors
    /// The stream fails, or has more than `input_bytes`.
    pub fn read(stream: impl Read, limits: &Limits) -> Result<Self> {
        let allowed = limits.input_bytes;
        let mut bytes = Vec::new();
        stream
            .take(allowed.saturating_add(1))
            .read_to_end(&mut bytes)?;
        if bytes.len() as u64 > allowed {
            return Err(LimitExceeded::new(
                "input size in bytes",
                Limit::InputBytes,
                bytes.len() as u64,
                allowed,
            )
            .into());
        }
        Ok(bytes.into())
    }

    /// Bytes that are elsewhere, and come when they are asked for; `known` pieces, each with its offset, are here already. What has
    /// come is kept in a temporary file without a name, at most `input_bytes` of [`Limits`].
    ///
    /// # Errors
    /// There can be no such file, or none of that size.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::file::{Input, RangeSource, TakePiece};
    /// use asdf_core::{Limits, OpenOptions};
    /// use std::io;
    /// use std::ops::Range;
    /// use std::sync::Arc;
    ///
    /// #[derive(Debug)]
    /// struct Memory(Vec<u8>); // or a client of some storage
    ///
    /// impl RangeSource for Memory {
    ///     fn size(&self) -> u64 {
    ///         self.0.len() as u64
    ///     }
    ///
    ///     fn fetch(&self, ranges: &[Range<u64>], take: TakePiece<'_>) -> io::Result<()> {
    ///         for range in ranges {
    ///             take(range.start, &self.0[range.start as usize..range.end as usize])?;
    ///         }
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let source = Arc::new(Memory(std::fs::read(path)?));
    /// let input = Input::ranged(source, &[], &Limits::default())?;
    /// let file = OpenOptions::default().read_input(input, "an object")?;
    /// assert_eq!(file.blocks().len(), 20);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ranged(
        source: Arc<dyn RangeSource>,
        known: &[(u64, &[u8])],
        limits: &Limits,
    ) -> Result<Self> {
        let ranged = Ranged::new(source, known, limits.input_bytes)?;
        Ok(Self {
            end: ranged.mapped().len(),
            store: Arc::new(Store::Ranged(Arc::new(ranged))),
            is_overlaid: false,
        })
    }

    /// Reads a stream to its end, at most `limits.input_bytes`: few bytes into memory, many into a temporary file.
    ///
    /// # Errors
    /// The stream fails, or has more than `input_bytes`.
    #[doc(hidden)]
    pub fn spooled(stream: impl Read, limits: &Limits) -> Result<Self> {
        let limit = (Limit::InputBytes, limits.input_bytes);
        let mut bytes = Unpacked::new(stream, "input size in bytes", limit);
        bytes.fill(u64::MAX)?;
        bytes.into_input()
    }

    /// Everything; what is elsewhere is fetched.
    ///
    /// # Errors
    /// Some of it cannot be fetched, or is more than may be kept.
    pub fn whole(&self) -> Result<&[u8]> {
        self.slice(0..self.len())
    }

    /// All bytes up to the end; of what is elsewhere only those that have come may be looked at.
    fn all(&self) -> &[u8] {
        let all: &[u8] = match &*self.store {
            Store::Mapped(map, _) | Store::Overlaid(map, _) | Store::Unpacked(map, _) => map,
            Store::Owned(bytes) => bytes,
            Store::Ranged(ranged) => ranged.mapped(),
        };
        all.get(..self.end).unwrap_or(all)
    }

    fn ranges(&self) -> Option<&Arc<Ranged>> {
        match &*self.store {
            Store::Ranged(ranged) => Some(ranged),
            _ => None,
        }
    }

    /// True for bytes that are elsewhere until they are asked for.
    pub fn is_ranged(&self) -> bool {
        self.ranges().is_some()
    }

    /// True when none of these bytes has to be fetched.
    pub(crate) fn is_here(&self, range: &Range<u64>) -> bool {
        self.ranges().is_none_or(|ranged| ranged.has(range))
    }

    /// True where the bytes lie in memory, or in a file that was made for them here.
    pub(crate) fn is_own(&self) -> bool {
        self.file().is_none() && !self.is_ranged()
    }

    /// Says what will be asked for soon, so that it comes in one go. Never needed for a right result.
    ///
    /// # Errors
    /// It cannot be fetched.
    pub(crate) fn want(&self, spans: &[Range<u64>]) -> Result<()> {
        let Some(ranged) = self.ranges() else {
            return Ok(());
        };
        let inside = |span: &Range<u64>| span.start..span.end.min(self.len());
        let spans: Vec<Range<u64>> = spans.iter().map(inside).collect();
        ranged.fill(&spans)
    }

    /// The same of a part of one pass over the bytes up to `end`.
    pub(crate) fn want_pass(&self, range: &Range<u64>, end: u64) -> Result<()> {
        match self.ranges() {
            Some(ranged) => ranged.fill_ahead(range, end.min(self.len())),
            None => Ok(()),
        }
    }

    /// The same of what is needed some time later: nobody waits for it.
    pub(crate) fn want_later(&self, range: &Range<u64>) {
        if let Some(ranged) = self.ranges() {
            ranged.want_later(&(range.start..range.end.min(self.len())));
        }
    }

    /// The bytes from an offset on, as many as it takes until they are enough: all where they are here.
    pub(crate) fn beginning(&self, start: u64, is_enough: &dyn Fn(&[u8]) -> bool) -> Result<&[u8]> {
        const FIRST: u64 = 64 << 10;
        let size = self.len();
        let start = start.min(size);
        if !self.is_ranged() {
            return self.slice(start..size);
        }
        let mut length = FIRST;
        loop {
            let end = start.saturating_add(length).min(size);
            let bytes = self.slice(start..end)?;
            if end == size || is_enough(bytes) {
                return Ok(bytes);
            }
            length = length.saturating_mul(4);
        }
    }

    /// The same bytes, but none from that offset on: what is carried within another file ends there.
    #[cfg(feature = "fits")]
    pub(crate) fn until(&self, end: u64) -> Self {
        Self {
            store: Arc::clone(&self.store),
            end: usize::try_from(end).map_or(self.end, |end| end.min(self.end)),
            is_overlaid: self.is_overlaid,
        }
    }

    /// All bytes in one pass.
    pub fn reader(&self) -> InputReader {
        InputReader::new(self.clone())
    }

    /// Size in bytes.
    pub fn len(&self) -> u64 {
        self.all().len() as u64
    }

    /// True when there is not a byte.
    pub fn is_empty(&self) -> bool {
        self.all().is_empty()
    }

    /// The bytes of an absolute range, or [`Malformed::Truncated`] at that range.
    ///
    /// # Errors
    /// [`Malformed::Truncated`]: the file is shorter. What is elsewhere cannot be fetched.
    pub fn slice(&self, range: Range<u64>) -> Result<&[u8]> {
        let bytes = self.all();
        if let Some(ranged) = self.ranges()
            && range.end <= bytes.len() as u64
        {
            ranged.fill(std::slice::from_ref(&range))?;
        }
        let found = match (usize::try_from(range.start), usize::try_from(range.end)) {
            (Ok(start), Ok(end)) => bytes.get(start..end),
            _ => None,
        };
        found.ok_or_else(|| {
            let needed = range.end.saturating_sub(range.start);
            let available = self.len().saturating_sub(range.start);
            Error::from(Malformed::Truncated { needed, available }).at(range)
        })
    }

    /// Where bytes that lie in memory within those of the file are; `None` for any others.
    pub(crate) fn range_of(&self, part: &[u8]) -> Option<Range<u64>> {
        let all = self.all();
        let start = part.as_ptr().addr().checked_sub(all.as_ptr().addr())?;
        let end = start.checked_add(part.len())?;
        (end <= all.len()).then_some(start as u64..end as u64)
    }

    /// Copies bytes from that offset on into `out` and says how many; 0 at the end.
    ///
    /// One pass over a big block goes through here and not through the map: pages of a map stay
    /// in the process's memory once touched, and reading is as fast.
    pub(crate) fn read_at(&self, offset: u64, out: &mut [u8]) -> Result<usize> {
        if let Some(ranged) = self.ranges() {
            ranged.fill(&[self.span_of(offset, out)])?;
        }
        self.copy_at(offset, out)
    }

    /// The same within one pass over the bytes up to `end`: more of what is elsewhere comes meanwhile.
    pub(crate) fn read_pass(&self, offset: u64, end: u64, out: &mut [u8]) -> Result<usize> {
        if let Some(ranged) = self.ranges() {
            ranged.fill_ahead(&self.span_of(offset, out), end.min(self.len()))?;
        }
        self.copy_at(offset, out)
    }

    fn span_of(&self, offset: u64, out: &[u8]) -> Range<u64> {
        let end = offset.saturating_add(out.len() as u64);
        offset..end.min(self.len()).max(offset)
    }

    fn copy_at(&self, offset: u64, out: &mut [u8]) -> Result<usize> {
        #[cfg(unix)]
        if let Some(file) = self.store.readable() {
            let left = self.len().saturating_sub(offset);
            let count = usize::try_from(left).map_or(out.len(), |left| left.min(out.len()));
            let out = out.get_mut(..count).unwrap_or_default();
            loop {
                match std::os::unix::fs::FileExt::read_at(file, out, offset) {
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    done => {
                        let count = done?;
                        work::note_read(count);
                        return Ok(count);
                    }
                }
            }
        }
        let rest = usize::try_from(offset)
            .ok()
            .and_then(|start| self.all().get(start..));
        let count = rest.unwrap_or_default().read(out)?;
        work::note_read(count);
        Ok(count)
    }

    /// The file that is mapped.
    pub(crate) fn file(&self) -> Option<&File> {
        match &*self.store {
            Store::Mapped(_, file) | Store::Overlaid(_, file) => Some(file),
            Store::Owned(_) | Store::Unpacked(..) | Store::Ranged(_) => None,
        }
    }

    /// The same file with other bytes in some places; the file itself does not change.
    pub(crate) fn overlaid(&self, overlay: &Overlay) -> std::io::Result<Self> {
        let length = usize::try_from(overlay.length).unwrap_or(usize::MAX);
        let end = self.end.min(length);
        let put = |bytes: &mut [u8]| {
            for (offset, piece) in &overlay.pieces {
                let start = usize::try_from(*offset).unwrap_or(usize::MAX);
                let place = bytes.get_mut(start..end).unwrap_or_default();
                for (to, from) in place.iter_mut().zip(piece) {
                    *to = *from;
                }
            }
        };
        let store = match &*self.store {
            Store::Mapped(_, file) | Store::Overlaid(_, file) => {
                let mut map = mapped::map_private(file)?;
                put(&mut map);
                Store::Overlaid(map.make_read_only()?, Arc::clone(file))
            }
            Store::Owned(bytes) => {
                let mut bytes = bytes.clone();
                put(&mut bytes);
                Store::Owned(bytes)
            }
            Store::Unpacked(_, file) => {
                let mut map = mapped::map_private(file)?;
                put(&mut map);
                Store::Unpacked(map.make_read_only()?, file.try_clone()?)
            }
            // Changes that are pending are those of local files.
            Store::Ranged(_) => return Err(std::io::ErrorKind::Unsupported.into()),
        };
        Ok(Self {
            store: Arc::new(store),
            end,
            is_overlaid: true,
        })
    }

    /// True when the file itself says something else in some places.
    pub(crate) fn is_overlaid(&self) -> bool {
        self.is_overlaid
    }

    /// At most `length` bytes from that offset on.
    pub(crate) fn up_to(&self, offset: u64, length: usize) -> Result<&[u8]> {
        let start = offset.min(self.len());
        let end = start.saturating_add(length as u64).min(self.len());
        self.slice(start..end)
    }

    /// A reader at that offset.
    pub(crate) fn cursor(&self, offset: u64) -> Cursor<'_> {
        Cursor::new(self, offset)
    }
}

/// True when the file system, and not the state of the file, is the reason.
fn cannot_map(error: &std::io::Error) -> bool {
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        let none = [Errno::NODEV, Errno::NOSYS, Errno::OPNOTSUPP];
        let code = error.raw_os_error();
        if none.iter().any(|errno| Some(errno.raw_os_error()) == code) {
            return true;
        }
    }
    error.kind() == std::io::ErrorKind::Unsupported
}

impl From<Vec<u8>> for Input {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            end: bytes.len(),
            store: Arc::new(Store::Owned(bytes)),
            is_overlaid: false,
        }
    }
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match *self.store {
            Store::Mapped(..) => "mapped",
            Store::Overlaid(..) => "mapped, with an overlay",
            Store::Owned(_) => "owned",
            Store::Unpacked(..) => "unpacked",
            Store::Ranged(_) => "ranged",
        };
        f.debug_struct("Input")
            .field("store", &kind)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
