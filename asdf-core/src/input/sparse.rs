//! A file without a name that takes as much of the disk as was written to it.

use std::fs::File;
use std::io;
use std::path::PathBuf;

/// A new file of that length, in which nothing is written yet.
pub(super) fn create(length: u64) -> io::Result<File> {
    let file = match folder() {
        Some(folder) => tempfile::tempfile_in(folder)?,
        None => tempfile::tempfile()?,
    };
    file.set_len(length)?;
    Ok(file)
}

/// A new file without a name, empty, for what is too large for memory: it lies where temporary files are, or in `/var/tmp` where
/// these are in memory.
///
/// # Errors
/// It cannot be made.
pub fn temporary_file() -> io::Result<File> {
    create(0)
}

/// Where temporary files are, unless these are in memory and `/var/tmp`, which outlives the system, is not.
fn folder() -> Option<PathBuf> {
    let usual = std::env::temp_dir();
    let other = PathBuf::from("/var/tmp");
    (is_in_memory(&usual) && other.is_dir() && !is_in_memory(&other)).then_some(other)
}

#[cfg(target_os = "linux")]
fn is_in_memory(folder: &std::path::Path) -> bool {
    /// `tmpfs` and `ramfs`.
    const MAGIC: [i128; 2] = [0x0102_1994, 0x8584_58f6];
    // The type of the number differs between processors.
    rustix::fs::statfs(folder).is_ok_and(|found| MAGIC.contains(&i128::from(found.f_type)))
}

#[cfg(not(target_os = "linux"))]
fn is_in_memory(_folder: &std::path::Path) -> bool {
    false
}

/// Writes at an offset, whatever else is written meanwhile.
#[cfg(unix)]
pub(super) fn write(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

/// Writes at an offset, whatever else is written meanwhile.
#[cfg(windows)]
pub(super) fn write(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let count = std::os::windows::fs::FileExt::seek_write(file, bytes, offset)?;
        if count == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = bytes.get(count..).unwrap_or_default();
        offset = offset.saturating_add(count as u64);
    }
    Ok(())
}

/// Writes at an offset, whatever else is written meanwhile.
#[cfg(not(any(unix, windows)))]
pub(super) fn write(_file: &File, _bytes: &[u8], _offset: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
