//! The unsafe calls of the crate: mapping a file.

use std::fs::File;
use std::io;

/// Maps a regular, non-empty file of that many bytes for reading.
#[expect(
    unsafe_code,
    reason = "mapping a file is unsafe by nature; the limits are stated below"
)]
pub(super) fn map(file: &File, length: u64) -> io::Result<memmap2::Mmap> {
    let Ok(length) = usize::try_from(length) else {
        return Err(io::ErrorKind::OutOfMemory.into());
    };
    // SAFETY: the map is read-only and only ever handed out as bytes; text is copied before it is
    // checked as UTF-8, so a writer who changes the file under us can give wrong numbers but never
    // an invalid `str`. A writer who truncates it makes the access a bus error: who shares files
    // with such writers opens with `OpenOptions::mapping(false)`, which reads instead. The sparse file of
    // `ranged.rs` has no name and never shrinks, and nothing is written to bytes of it that were handed out.
    unsafe { memmap2::MmapOptions::new().len(length).map(file) }
}

/// Maps a regular, non-empty file so that its bytes can be changed here and nowhere else.
#[expect(
    unsafe_code,
    reason = "mapping a file is unsafe by nature; the limits are stated above"
)]
pub(super) fn map_private(file: &File) -> io::Result<memmap2::MmapMut> {
    // SAFETY: as in `map`; the pages that are written to are private copies.
    unsafe { memmap2::MmapOptions::new().map_copy(file) }
}
