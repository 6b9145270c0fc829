//! Where a journal lies, and whether it may be believed.

use super::{MAGIC, Marked};
use crate::error::Result;
use crate::file::replace::sync_folder;
use std::ffi::OsString;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// The largest journal that is read back.
const MAX_BYTES: u64 = 64 << 20;

/// What lies under the name of a journal.
#[derive(Debug)]
pub(in crate::file) enum Found {
    /// Nothing.
    Nothing,
    /// A journal, complete, written by somebody who may write the file.
    Sound(Box<Marked>),
    /// What may be left of one that was cut short, by somebody who may write the file: it was never acted upon.
    Incomplete,
    /// Something else, which is left alone. Why it does not count.
    Stray(&'static str),
}

impl Found {
    /// Why it is of no use to a file that is marked.
    pub(in crate::file) fn reason(&self) -> &'static str {
        match self {
            Self::Nothing => "it is not there",
            Self::Sound(_) => "it belongs to another change",
            Self::Incomplete => "it is not complete",
            Self::Stray(reason) => reason,
        }
    }
}

/// `.NAME.asdf-journal` in the folder of the file, links resolved.
pub(in crate::file) fn journal_path(path: &Path) -> PathBuf {
    // Whatever links lead to the folder: only where the name itself is one does the file lie elsewhere.
    let path = match path.read_link() {
        Ok(_) => path.canonicalize().unwrap_or_else(|_| path.to_path_buf()),
        Err(_) => path.to_path_buf(),
    };
    journal_beside(&path)
}

/// The same of a file that is known to lie under its name, which is not that of a link.
pub(in crate::file) fn journal_beside(path: &Path) -> PathBuf {
    // Not as text: names that are not UTF-8 must not share a journal.
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".asdf-journal");
    path.with_file_name(name)
}

/// Looks at what lies under the name of a journal, without following a link and without waiting.
/// `of` is the file that it is to belong to.
pub(in crate::file) fn find(journal: &Path, of: &Metadata) -> std::io::Result<Found> {
    match journal.symlink_metadata() {
        Ok(found) if !found.is_file() => return Ok(Found::Stray("it is not a regular file")),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(error),
    }
    let file = match open(journal) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(_) => return Ok(Found::Stray("it cannot be opened")),
    };
    // Again: the name may lead elsewhere by now.
    let found = file.metadata()?;
    if !found.is_file() {
        return Ok(Found::Stray("it is not a regular file"));
    }
    if let Some(reason) = distrust(&found, of) {
        return Ok(Found::Stray(reason));
    }
    if found.len() > MAX_BYTES {
        return Ok(Found::Stray("it is larger than any journal"));
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(match Marked::read(&bytes) {
        Some(marked) => Found::Sound(Box::new(marked)),
        None if is_remainder(&bytes) => Found::Incomplete,
        None => Found::Stray("it does not begin as a journal"),
    })
}

/// True for what can be left of a journal whose writing was cut short: nothing, zeros where the system had given room and
/// written no bytes yet, or the beginning of one, of whatever version. Whatever else has such a name is not ours.
fn is_remainder(bytes: &[u8]) -> bool {
    let is_version = |byte: u8| byte.is_ascii_digit();
    let mut pairs = bytes.iter().zip(MAGIC);
    let begins = pairs.all(|(own, magic)| own == magic || is_version(*own) && is_version(*magic));
    begins || bytes.iter().all(|byte| *byte == 0)
}

/// Writes a new journal, with at most the permissions of the file that it is for; it is on the disk
/// afterwards, or not there.
pub(super) fn create(journal: &Path, of: &File, bytes: &[u8]) -> Result<()> {
    let mut file = open_new(journal)?;
    let written = file
        .write_all(bytes)
        .and_then(|()| share(&file, of))
        .and_then(|()| file.sync_all())
        .and_then(|()| sync_folder(journal));
    if let Err(error) = written {
        // The file has not been touched, so that a journal in part is worth nothing.
        let _ = std::fs::remove_file(journal);
        return Err(error.into());
    }
    Ok(())
}

#[cfg(unix)]
fn open(journal: &Path) -> std::io::Result<File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    OpenOptions::new()
        .read(true)
        .custom_flags(flags.cast_signed())
        .open(journal)
}

#[cfg(not(unix))]
fn open(journal: &Path) -> std::io::Result<File> {
    File::open(journal)
}

fn open_new(journal: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(journal)
}

/// Why a journal is not one of somebody who may write the file; `None` when it is.
#[cfg(unix)]
fn distrust(journal: &Metadata, of: &Metadata) -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt;
    let (writer, own) = (journal.uid(), rustix::process::geteuid().as_raw());
    let anybody_writes = of.mode() & 0o002 != 0;
    if writer != of.uid() && writer != own && writer != 0 && !anybody_writes {
        return Some("it was written by a user who does not own the file");
    }
    let same_group = journal.gid() == of.gid() && of.mode() & 0o020 != 0;
    if journal.mode() & 0o002 != 0 && !anybody_writes
        || journal.mode() & 0o020 != 0 && !same_group && !anybody_writes
    {
        return Some("users who may not write to the file may write to it");
    }
    None
}

#[cfg(not(unix))]
fn distrust(_journal: &Metadata, _of: &Metadata) -> Option<&'static str> {
    None
}

/// Lets those read the journal who may read the file: it holds a part of the file, and who finds the
/// file in the middle of a change needs it.
#[cfg(unix)]
fn share(journal: &File, of: &File) -> std::io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let of = of.metadata()?;
    let mut own = journal.metadata()?;
    if (own.uid(), own.gid()) != (of.uid(), of.gid()) {
        // Only an administrator may give a file away; a member of the group may give it to the group.
        if std::os::unix::fs::fchown(journal, Some(of.uid()), Some(of.gid())).is_err() {
            let _ = std::os::unix::fs::fchown(journal, None, Some(of.gid()));
        }
        own = journal.metadata()?;
    }
    let mut mode = of.mode() & 0o644;
    if own.gid() != of.gid() {
        // Another group: what its members may see is what everybody may see.
        mode &= 0o604 | (mode & 0o004) << 3;
    }
    if own.uid() == of.uid() {
        mode |= of.mode() & 0o600;
    } else {
        mode |= 0o600;
    }
    journal.set_permissions(Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn share(_journal: &File, _of: &File) -> std::io::Result<()> {
    Ok(())
}
