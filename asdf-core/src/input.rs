//! The bytes of a file: mapped, or owned.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

mod cursor;
mod mapped;
mod pass;
mod unpacked;
mod whole_codec;

pub(crate) use cursor::Cursor;
pub(crate) use pass::is_blank;
pub(crate) use unpacked::Unpacked;
pub(crate) use whole_codec::WholeCodec;

use crate::error::{Error, Locate, Malformed, Result};
use crate::limits::{Limit, Limits};
use std::fs::File;
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
    Mapped(memmap2::Mmap, File),
    /// A private copy of the pages that an overlay changes; the file itself says something else there.
    Overlaid(memmap2::Mmap, File),
    Owned(Vec<u8>),
    /// A temporary file with what was unpacked: mapped, and no file of anybody else.
    Unpacked(memmap2::Mmap, File),
}

impl Store {
    /// The file that one pass reads rather than the map.
    fn readable(&self) -> Option<&File> {
        match self {
            Self::Mapped(_, file) | Self::Unpacked(_, file) => Some(file),
            Self::Overlaid(..) | Self::Owned(_) => None,
        }
    }
}

/// How the bytes of a file are got at, and how many of them.
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
    let open = ["/dev/fd", "/dev/stdin", "/proc"];
    let is_open = open.iter().any(|open| path.starts_with(open));
    let found = path.metadata()?;
    if !is_open && !found.is_file() && !found.is_dir() {
        let text = "is a device or a pipe and not a file; `-` reads standard input";
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, text));
    }
    File::open(path)
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
        Self::of_file(open_file(path)?, options)
    }

    /// The same of a file that is open already.
    pub(crate) fn of_file(file: File, options: &InputOptions) -> Result<Self> {
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(std::io::Error::from(std::io::ErrorKind::IsADirectory).into());
        }
        if options.mapping && metadata.is_file() && metadata.len() > 0 {
            match mapped::map(&file) {
                Ok(map) => {
                    return Ok(Self {
                        end: map.len(),
                        store: Arc::new(Store::Mapped(map, file)),
                        is_overlaid: false,
                    });
                }
                // Some file systems cannot map; their files are read.
                Err(error) if cannot_map(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Self::read(file, &options.limits)
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

    /// Everything.
    pub fn bytes(&self) -> &[u8] {
        let all: &[u8] = match &*self.store {
            Store::Mapped(map, _) | Store::Overlaid(map, _) | Store::Unpacked(map, _) => map,
            Store::Owned(bytes) => bytes,
        };
        all.get(..self.end).unwrap_or(all)
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

    /// Size in bytes.
    pub fn len(&self) -> u64 {
        self.bytes().len() as u64
    }

    /// True when there is not a byte.
    pub fn is_empty(&self) -> bool {
        self.bytes().is_empty()
    }

    /// The bytes of an absolute range, or [`Malformed::Truncated`] at that range.
    ///
    /// # Errors
    /// [`Malformed::Truncated`]: the file is shorter.
    pub fn slice(&self, range: Range<u64>) -> Result<&[u8]> {
        let bytes = self.bytes();
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
        let all = self.bytes();
        let start = part.as_ptr().addr().checked_sub(all.as_ptr().addr())?;
        let end = start.checked_add(part.len())?;
        (end <= all.len()).then_some(start as u64..end as u64)
    }

    /// Copies bytes from that offset on into `out` and says how many; 0 at the end.
    ///
    /// One pass over a big block goes through here and not through the map: pages of a map stay
    /// in the process's memory once touched, and reading is as fast.
    pub(crate) fn read_at(&self, offset: u64, out: &mut [u8]) -> Result<usize> {
        #[cfg(unix)]
        if let Some(file) = self.store.readable() {
            let left = self.len().saturating_sub(offset);
            let count = usize::try_from(left).map_or(out.len(), |left| left.min(out.len()));
            let out = out.get_mut(..count).unwrap_or_default();
            loop {
                match std::os::unix::fs::FileExt::read_at(file, out, offset) {
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    done => return Ok(done?),
                }
            }
        }
        let rest = usize::try_from(offset)
            .ok()
            .and_then(|start| self.bytes().get(start..));
        Ok(rest.unwrap_or_default().read(out)?)
    }

    /// The file that is mapped.
    pub(crate) fn file(&self) -> Option<&File> {
        match &*self.store {
            Store::Mapped(_, file) | Store::Overlaid(_, file) => Some(file),
            Store::Owned(_) | Store::Unpacked(..) => None,
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
                Store::Overlaid(map.make_read_only()?, file.try_clone()?)
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
    pub(crate) fn up_to(&self, offset: u64, length: usize) -> &[u8] {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let rest = self.bytes().get(start..).unwrap_or_default();
        rest.get(..length).unwrap_or(rest)
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
        };
        f.debug_struct("Input")
            .field("store", &kind)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
