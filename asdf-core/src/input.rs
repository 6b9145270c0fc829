//! The bytes of a file: mapped, or owned.

mod cursor;
mod mapped;

pub(crate) use cursor::Cursor;

use crate::error::{Error, Locate, Malformed, Result};
use crate::limits::Limits;
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
}

enum Store {
    Mapped(memmap2::Mmap, File),
    Owned(Vec<u8>),
}

impl Input {
    /// Maps a regular file, or reads it whole when `mapping` is off or the file cannot be mapped.
    pub fn open(path: &Path, mapping: bool, limits: &Limits) -> Result<Self> {
        let file = File::open(path).map_err(Error::from).in_file(path)?;
        let metadata = file.metadata().map_err(Error::from).in_file(path)?;
        if metadata.is_dir() {
            let error = std::io::Error::from(std::io::ErrorKind::IsADirectory);
            return Err(Error::from(error).in_file(path));
        }
        if mapping && metadata.is_file() && metadata.len() > 0 {
            let map = mapped::map(&file).map_err(Error::from).in_file(path)?;
            let end = map.len();
            return Ok(Self {
                store: Arc::new(Store::Mapped(map, file)),
                end,
            });
        }
        Self::read(file, limits).in_file(path)
    }

    /// Reads a stream to its end, at most `limits.input_bytes`.
    pub fn read(stream: impl Read, limits: &Limits) -> Result<Self> {
        let allowed = limits.input_bytes;
        let mut bytes = Vec::new();
        stream
            .take(allowed.saturating_add(1))
            .read_to_end(&mut bytes)?;
        if bytes.len() as u64 > allowed {
            return Err(LimitExceeded {
                what: "input size in bytes",
                name: "input_bytes",
                needed: bytes.len() as u64,
                allowed,
            }
            .into());
        }
        Ok(bytes.into())
    }

    /// Everything.
    pub fn bytes(&self) -> &[u8] {
        let all: &[u8] = match &*self.store {
            Store::Mapped(map, _) => map,
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

    /// Copies bytes from that offset on into `out` and says how many; 0 at the end.
    ///
    /// One pass over a big block goes through here and not through the map: pages of a map stay
    /// in the process's memory once touched, and reading is as fast.
    pub(crate) fn read_at(&self, offset: u64, out: &mut [u8]) -> Result<usize> {
        #[cfg(unix)]
        if let Store::Mapped(_, file) = &*self.store {
            let left = self.len().saturating_sub(offset);
            let count = usize::try_from(left).map_or(out.len(), |left| left.min(out.len()));
            let out = out.get_mut(..count).unwrap_or_default();
            return Ok(std::os::unix::fs::FileExt::read_at(file, out, offset)?);
        }
        let rest = usize::try_from(offset)
            .ok()
            .and_then(|start| self.bytes().get(start..));
        Ok(rest.unwrap_or_default().read(out)?)
    }

    /// The file that is mapped.
    pub(crate) fn file(&self) -> Option<&File> {
        match &*self.store {
            Store::Mapped(_, file) => Some(file),
            Store::Owned(_) => None,
        }
    }

    /// A reader at that offset.
    pub(crate) fn cursor(&self, offset: u64) -> Cursor<'_> {
        Cursor::new(self, offset)
    }
}

impl From<Vec<u8>> for Input {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            end: bytes.len(),
            store: Arc::new(Store::Owned(bytes)),
        }
    }
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match *self.store {
            Store::Mapped(..) => "mapped",
            Store::Owned(_) => "owned",
        };
        f.debug_struct("Input")
            .field("store", &kind)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
