//! Large pieces of memory: borrowed from a file, or owned. The system is asked for huge pages where they are worth it,
//! as the first touch of memory page by page takes longer than most of what is done with it.

use crate::error::Error;
use crate::error::Result;
use std::fmt;
use std::ops::Deref;
use std::ops::DerefMut;
use std::ops::Range;
use std::sync::Arc;

/// Bytes from which on huge pages are asked for: a few of them.
const HUGE: usize = 4 << 20;

/// Bytes of a file, or decoded ones. Reads as `[u8]`. A clone shares the memory.
#[derive(Clone)]
pub struct Bytes<'f>(Store<'f>);

#[derive(Clone)]
enum Store<'f> {
    Borrowed(&'f [u8]),
    /// What is used of a buffer.
    Owned(Arc<Buffer>, Range<usize>),
}

impl<'f> Bytes<'f> {
    /// The bytes when they are those of the file.
    pub fn as_borrowed(&self) -> Option<&'f [u8]> {
        match self.0 {
            Store::Borrowed(bytes) => Some(bytes),
            Store::Owned(..) => None,
        }
    }

    /// The bytes as a vector; copied unless they are one that nobody else holds.
    pub fn into_vec(self) -> Vec<u8> {
        let (buffer, used) = match self.0 {
            Store::Borrowed(bytes) => return bytes.to_vec(),
            Store::Owned(buffer, used) => (buffer, used),
        };
        match Arc::try_unwrap(buffer) {
            Ok(Buffer(Memory::Heap(bytes))) if used == (0..bytes.len()) => bytes,
            Ok(buffer) => buffer.get(used).unwrap_or_default().to_vec(),
            Err(buffer) => buffer.get(used).unwrap_or_default().to_vec(),
        }
    }

    /// The bytes for any life where they belong to no file, else those of the file.
    pub(crate) fn detached(self) -> std::result::Result<Bytes<'static>, &'f [u8]> {
        match self.0 {
            Store::Owned(buffer, used) => Ok(Bytes(Store::Owned(buffer, used))),
            Store::Borrowed(bytes) => Err(bytes),
        }
    }

    /// A part of the bytes, which shares their memory; none where there are none.
    pub(crate) fn cut(self, part: Range<usize>) -> Self {
        match self.0 {
            Store::Borrowed(bytes) => bytes.get(part).unwrap_or_default().into(),
            Store::Owned(buffer, used) => {
                let at = |position: usize| used.start.saturating_add(position).min(used.end);
                let used = at(part.start)..at(part.end);
                Self(Store::Owned(buffer, used))
            }
        }
    }
}

impl Deref for Bytes<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Store::Borrowed(bytes) => bytes,
            Store::Owned(buffer, used) => buffer.get(used.clone()).unwrap_or_default(),
        }
    }
}

impl AsRef<[u8]> for Bytes<'_> {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl fmt::Debug for Bytes<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whose = match self.0 {
            Store::Borrowed(_) => "borrowed",
            Store::Owned(..) => "owned",
        };
        write!(formatter, "{} {whose} bytes", self.len())
    }
}

impl<'f> From<&'f [u8]> for Bytes<'f> {
    fn from(bytes: &'f [u8]) -> Self {
        Self(Store::Borrowed(bytes))
    }
}

impl From<Vec<u8>> for Bytes<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Buffer(Memory::Heap(bytes)).into()
    }
}

impl From<Buffer> for Bytes<'_> {
    fn from(buffer: Buffer) -> Self {
        let used = 0..buffer.len();
        buffer.part(used)
    }
}

/// Memory that is being filled. Reads and writes as `[u8]`.
pub(crate) struct Buffer(Memory);

enum Memory {
    Heap(Vec<u8>),
    Pages(memmap2::MmapMut),
}

impl Buffer {
    /// Zeroed memory that the system gives page by page as it is written to.
    ///
    /// # Errors
    /// There is not enough.
    pub(crate) fn zeroed(size: usize) -> Result<Self> {
        if size >= HUGE {
            let pages = memmap2::MmapMut::map_anon(size)?;
            // Small pages do as well.
            #[cfg(target_os = "linux")]
            let _ = pages.advise(memmap2::Advice::HugePage);
            return Ok(Self(Memory::Pages(pages)));
        }
        // Asking first is enough: `vec!` then gets its zeros from the system.
        let asked = Vec::<u8>::new().try_reserve_exact(size);
        asked.map_err(|error| {
            Error::from(std::io::Error::new(std::io::ErrorKind::OutOfMemory, error))
        })?;
        Ok(Self(Memory::Heap(vec![0; size])))
    }

    /// The bytes of a range; none where there are none.
    pub(crate) fn part<'f>(self, used: Range<usize>) -> Bytes<'f> {
        Bytes(Store::Owned(Arc::new(self), used))
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Memory::Heap(bytes) => bytes,
            Memory::Pages(pages) => pages,
        }
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        match &mut self.0 {
            Memory::Heap(bytes) => bytes,
            Memory::Pages(pages) => pages,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_zeroed_and_can_be_written_whatever_its_size() {
        for size in [0, 1, HUGE - 1, HUGE, HUGE + 5000] {
            let mut buffer = Buffer::zeroed(size).unwrap();
            assert_eq!(buffer.len(), size);
            assert!(buffer.iter().all(|byte| *byte == 0));
            buffer.iter_mut().for_each(|byte| *byte = 7);
            let bytes: Bytes<'_> = buffer.into();
            assert!(bytes.as_borrowed().is_none());
            assert_eq!(bytes.clone().into_vec(), vec![7; size]);
            assert_eq!(bytes.into_vec(), vec![7; size]);
        }
    }

    #[test]
    fn a_part_is_what_was_asked_for() {
        let mut buffer = Buffer::zeroed(HUGE).unwrap();
        buffer[1000] = 5;
        let part = buffer.part(999..1002);
        assert_eq!(&*part, [0, 5, 0]);
        assert_eq!(&*part.clone().cut(1..2), [5]);
        assert_eq!(&*part.clone().cut(1..9), [5, 0]);
        assert!(part.clone().cut(4..5).is_empty());
        assert_eq!(part.into_vec(), [0, 5, 0]);
        let buffer = Buffer::zeroed(HUGE).unwrap();
        assert!(buffer.part(HUGE..HUGE + 1).is_empty());
    }

    #[test]
    fn a_clone_is_the_same_memory() {
        let bytes: Bytes<'_> = vec![1_u8, 2, 3].into();
        let clone = bytes.clone();
        assert_eq!(bytes.as_ptr(), clone.as_ptr());
        assert_eq!(bytes.into_vec(), [1, 2, 3]); // a copy
        // Nobody else holds the memory any more, so that it is not copied.
        let held = clone.as_ptr();
        let alone = clone.into_vec();
        assert_eq!(alone.as_ptr(), held);
    }
}
