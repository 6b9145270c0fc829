//! An undo journal beside a file that is being changed in place.
//!
//! Before a byte of the file changes, what stands there is saved in `.NAME.asdf-journal`, and the
//! journal is removed when the change is complete. Whoever opens the file and finds a journal
//! completes the removal or brings the old bytes back, so that a file is always the old one or the
//! new one (`spec-notes/update.md`).

use super::replace::sync_folder;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Usage;
use crate::limits::Limits;
use md5::{Digest, Md5};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 16] = b"asdf-journal 1\r\n";
/// The largest journal that is read back.
const MOST: u64 = 64 << 20;

/// A piece of a file with what stands there and what is to stand there; both equally long, except
/// at the end of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) offset: u64,
    pub(super) old: Vec<u8>,
    pub(super) new: Vec<u8>,
}

impl Change {
    pub(super) fn new(offset: u64, old: Vec<u8>, new: Vec<u8>) -> Self {
        Self { offset, old, new }
    }
}

/// The changes that turn a file of `old_len` bytes into one of `new_len`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Journal {
    pub(super) old_len: u64,
    pub(super) new_len: u64,
    pub(super) changes: Vec<Change>,
}

impl Journal {
    /// True when the file is already as it is to be.
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.old_len == self.new_len
    }

    /// Bytes that the journal holds.
    pub(super) fn size(&self) -> u64 {
        let one =
            |change: &Change| (change.old.len() as u64).saturating_add(change.new.len() as u64);
        self.changes.iter().map(one).fold(0, u64::saturating_add)
    }

    /// Makes the changes in a file that the caller has locked: all of them, or none if something
    /// goes wrong.
    pub(super) fn apply(&self, file: &File, path: &Path) -> Result<()> {
        self.check_old(file)?;
        let journal = journal_path(path);
        let saved = write_new(&journal, &self.bytes()).and_then(|()| sync_folder(&journal));
        if let Err(error) = saved {
            // The file has not been touched, so that a journal in part is worth nothing.
            let _ = std::fs::remove_file(&journal);
            return Err(error.into());
        }
        if let Err(error) = self.put(file, |change| &change.new, self.new_len) {
            // What cannot be undone now stays in the journal and is undone on the next opening.
            if self.put(file, |change| &change.old, self.old_len).is_ok() {
                let _ = std::fs::remove_file(&journal);
            }
            return Err(error.into());
        }
        // The change is there and lasts; a journal that cannot be removed is removed on opening.
        let _ = std::fs::remove_file(&journal);
        Ok(())
    }

    /// The file must be the one that the changes were made for.
    fn check_old(&self, file: &File) -> Result<()> {
        let same = file.metadata()?.len() == self.old_len;
        for change in &self.changes {
            if !same || piece(file, change.offset, change.old.len())? != change.old {
                return Err(changed());
            }
        }
        Ok(())
    }

    fn put(&self, file: &File, which: fn(&Change) -> &Vec<u8>, length: u64) -> std::io::Result<()> {
        for change in &self.changes {
            write_at(file, which(change), change.offset)?;
        }
        if file.metadata()?.len() != length {
            file.set_len(length)?;
        }
        file.sync_data()
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        let number = |out: &mut Vec<u8>, value: u64| out.extend(value.to_le_bytes());
        number(&mut out, self.old_len);
        number(&mut out, self.new_len);
        number(&mut out, self.changes.len() as u64);
        for change in &self.changes {
            number(&mut out, change.offset);
            number(&mut out, change.old.len() as u64);
            number(&mut out, change.new.len() as u64);
            out.extend(&change.old);
            out.extend(&change.new);
        }
        let digest: [u8; 16] = Md5::digest(&out).into();
        out.extend(digest);
        out
    }

    /// `None` when the bytes are no complete journal.
    fn read(bytes: &[u8]) -> Option<Self> {
        let (body, digest) = bytes.split_last_chunk::<16>()?;
        let computed: [u8; 16] = Md5::digest(body).into();
        let mut rest = body.strip_prefix(MAGIC).filter(|_| computed == *digest)?;
        let number = |rest: &mut &[u8]| -> Option<u64> {
            let (value, after) = rest.split_first_chunk::<8>()?;
            *rest = after;
            Some(u64::from_le_bytes(*value))
        };
        let take = |rest: &mut &[u8], count: u64| -> Option<Vec<u8>> {
            let (taken, after) = rest.split_at_checked(usize::try_from(count).ok()?)?;
            *rest = after;
            Some(taken.to_vec())
        };
        let (old_len, new_len) = (number(&mut rest)?, number(&mut rest)?);
        let mut changes = Vec::new();
        for _ in 0..number(&mut rest)? {
            let (offset, old, new) = (number(&mut rest)?, number(&mut rest)?, number(&mut rest)?);
            let (old, new) = (take(&mut rest, old)?, take(&mut rest, new)?);
            changes.push(Change { offset, old, new });
        }
        Some(Self {
            old_len,
            new_len,
            changes,
        })
    }

    /// True when every piece of the file is as it was or as it was to become.
    fn fits(&self, file: &File) -> std::io::Result<bool> {
        let length = file.metadata()?.len();
        let most = self.old_len.max(self.new_len);
        if length < self.old_len.min(self.new_len) || length > most {
            return Ok(false);
        }
        for change in &self.changes {
            let now = piece(file, change.offset, change.old.len().max(change.new.len()))?;
            if !is_mix(&now, &change.old, &change.new) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn is_done(&self, file: &File) -> std::io::Result<bool> {
        if file.metadata()?.len() != self.new_len {
            return Ok(false);
        }
        for change in &self.changes {
            if piece(file, change.offset, change.new.len())? != change.new {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// True when every byte is the old or the new one: writes may have been cut short, going forward and
/// going back.
fn is_mix(now: &[u8], old: &[u8], new: &[u8]) -> bool {
    let is_one = |(index, byte): (usize, &u8)| {
        [old, new]
            .iter()
            .any(|bytes| bytes.get(index) == Some(byte))
    };
    now.iter().enumerate().all(is_one)
}

/// Completes what a program that was stopped has left of a change.
pub(super) fn recover(path: &Path) -> Result<()> {
    let journal = journal_path(path);
    if journal.exists() {
        complete(path, &journal).in_file(path)?;
    }
    Ok(())
}

fn complete(path: &Path, journal: &Path) -> Result<()> {
    let file = match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(error) => return check_only(path, journal, &error),
    };
    // The journal of a change that is under way is gone when the lock is free.
    lock(&file)?;
    let Some(bytes) = read_journal(journal)? else {
        return Ok(());
    };
    // A journal that is not complete was never acted upon.
    if let Some(found) = Journal::read(&bytes)
        && !found.is_done(&file)?
    {
        if !found.fits(&file)? {
            let detail = "the file has been changed by another program since";
            return Err(unfinished(journal, detail));
        }
        found.put(&file, |change| &change.old, found.old_len)?;
    }
    Ok(std::fs::remove_file(journal)?)
}

/// Who may not write can still read a file that is whole.
fn check_only(path: &Path, journal: &Path, error: &std::io::Error) -> Result<()> {
    let file = File::open(path)?;
    let found = read_journal(journal)?.and_then(|bytes| Journal::read(&bytes));
    match found {
        Some(found) if !found.is_done(&file)? && found.check_old(&file).is_err() => {
            Err(unfinished(journal, &error.to_string()))
        }
        _ => Ok(()),
    }
}

/// The bytes that a file had before a change that was not completed; `None` when there is no such change.
/// Nothing is written.
///
/// # Errors
/// The file is neither the old nor the new one in parts, or is larger than `input_bytes`.
pub(super) fn before_change(path: &Path, limits: &Limits) -> Result<Option<Vec<u8>>> {
    let journal = journal_path(path);
    let is_file = std::fs::symlink_metadata(&journal).is_ok_and(|found| found.is_file());
    let found = if is_file {
        read_journal(&journal)?.and_then(|bytes| Journal::read(&bytes))
    } else {
        None
    };
    let Some(found) = found else {
        return Ok(None);
    };
    let file = File::open(path)?;
    if found.is_done(&file)? {
        return Ok(None);
    }
    if !found.fits(&file)? {
        let detail = "the file has been changed by another program since; remove the journal to repair the file as it is";
        return Err(unfinished(&journal, detail));
    }
    let (name, what) = (
        "input_bytes",
        "size of a file whose change was not completed",
    );
    LimitExceeded::check(what, name, found.old_len, limits.input_bytes)?;
    let mut bytes = Vec::new();
    file.take(limits.input_bytes).read_to_end(&mut bytes)?;
    let length = usize::try_from(found.old_len).unwrap_or(usize::MAX);
    bytes.resize(length, 0);
    for change in &found.changes {
        let start = usize::try_from(change.offset).unwrap_or(usize::MAX);
        let place = start.checked_add(change.old.len());
        let place = place.and_then(|end| bytes.get_mut(start..end));
        match place {
            Some(place) => place.copy_from_slice(&change.old),
            None => return Err(unfinished(&journal, "it does not cover what it changes")),
        }
    }
    Ok(Some(bytes))
}

fn read_journal(path: &Path) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
        Ok(file) => file.take(MOST).read_to_end(&mut bytes).map(|_| Some(bytes)),
    }
}

/// The file was not the one that was opened any more.
pub(super) fn changed() -> Error {
    let reason = "the file has been changed by another program meanwhile";
    Usage::Edit {
        reason: reason.into(),
    }
    .into()
}

/// Keeps others from reading the tree of the file and from changing it as long as what is returned
/// lives; no change of another program is left half done.
pub(super) fn writing(path: &Path) -> Result<File> {
    recover(path)?;
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    lock(&file)?;
    if journal_path(path).exists() {
        return Err(changed());
    }
    Ok(file)
}

/// Keeps others from changing the file in place as long as what is returned lives.
pub(super) fn reading(path: &Path) -> Option<File> {
    // A file that cannot be opened or locked is the business of who reads it.
    let file = File::open(path).ok()?;
    file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    file.lock_shared().ok()?;
    Some(file)
}

fn unfinished(journal: &Path, detail: &str) -> Error {
    let name = journal.display();
    let reason =
        format!("a change was not completed, and `{name}` cannot bring it to an end: {detail}");
    Usage::Edit {
        reason: reason.into(),
    }
    .into()
}

/// `.NAME.asdf-journal` in the folder of the file, links resolved.
pub(super) fn journal_path(path: &Path) -> PathBuf {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    path.with_file_name(format!(".{name}.asdf-journal"))
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Up to `length` bytes at `offset`; fewer at the end of the file.
fn piece(file: &File, offset: u64, length: usize) -> std::io::Result<Vec<u8>> {
    let mut out = vec![0; length];
    let mut filled = 0;
    while let Some(rest) = out.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match read_at(file, rest, offset.saturating_add(filled as u64)) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    out.truncate(filled);
    Ok(out)
}

#[cfg(unix)]
fn read_at(file: &File, out: &mut [u8], offset: u64) -> std::io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, out, offset)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(not(unix))]
fn read_at(mut file: &File, out: &mut [u8], offset: u64) -> std::io::Result<usize> {
    std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(offset))?;
    file.read(out)
}

#[cfg(not(unix))]
fn write_at(mut file: &File, bytes: &[u8], offset: u64) -> std::io::Result<()> {
    std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(offset))?;
    file.write_all(bytes)
}

/// Waits until no other program reads the tree of the file or changes it in this way.
fn lock(file: &File) -> std::io::Result<()> {
    match file.lock() {
        // Some file systems have no locks.
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal() -> Journal {
        let change = |offset, old: &[u8], new: &[u8]| Change {
            offset,
            old: old.to_vec(),
            new: new.to_vec(),
        };
        Journal {
            old_len: 10,
            new_len: 12,
            changes: vec![change(2, b"cd", b"CD"), change(8, b"ij", b"IJKL")],
        }
    }

    #[test]
    fn a_journal_reads_back_and_no_part_of_it_does() {
        let bytes = journal().bytes();
        assert_eq!(Journal::read(&bytes), Some(journal()));
        for length in 0..bytes.len() {
            assert_eq!(Journal::read(&bytes[..length]), None);
        }
    }

    #[test]
    fn whatever_part_of_a_change_was_made_the_file_becomes_the_old_or_the_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.asdf");
        let states: [&[u8]; 6] = [
            b"abcdefghij",
            b"abCdefghij",
            b"abCDefghij",
            b"abCDefghIJ",
            b"abCDefghIJK",
            b"abCDefghIJKL",
        ];
        for state in states {
            std::fs::write(&path, state).unwrap();
            std::fs::write(journal_path(&path), journal().bytes()).unwrap();
            recover(&path).unwrap();
            let found = std::fs::read(&path).unwrap();
            let wanted: &[u8] = if state.len() == 12 {
                state
            } else {
                b"abcdefghij"
            };
            assert_eq!(found, wanted);
            assert!(!journal_path(&path).exists());
        }
        std::fs::write(&path, b"abCDefghij").unwrap();
        std::fs::write(journal_path(&path), &journal().bytes()[..40]).unwrap();
        recover(&path).unwrap();
        assert!(!journal_path(&path).exists());
    }

    #[test]
    fn a_file_that_was_changed_since_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.asdf");
        std::fs::write(&path, b"abXXefghij").unwrap();
        std::fs::write(journal_path(&path), journal().bytes()).unwrap();
        assert!(
            recover(&path)
                .unwrap_err()
                .to_string()
                .contains("another program")
        );
        assert_eq!(std::fs::read(&path).unwrap(), b"abXXefghij");
    }

    #[test]
    fn the_old_bytes_of_a_half_made_change_are_known_without_writing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.asdf");
        std::fs::write(&path, b"abCDefghIJK").unwrap();
        let limits = Limits::default();
        assert_eq!(before_change(&path, &limits).unwrap(), None);
        std::fs::write(journal_path(&path), journal().bytes()).unwrap();
        let old = before_change(&path, &limits).unwrap();
        assert_eq!(old.as_deref(), Some(&b"abcdefghij"[..]));
        assert_eq!(std::fs::read(&path).unwrap(), b"abCDefghIJK");
        assert!(journal_path(&path).exists());
        std::fs::write(&path, b"abCDefghIJKL").unwrap();
        assert_eq!(before_change(&path, &limits).unwrap(), None);
        std::fs::write(&path, b"abXXefghij").unwrap();
        assert!(before_change(&path, &limits).is_err());
    }

    #[test]
    fn a_change_is_made_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.asdf");
        std::fs::write(&path, b"abcdefghij").unwrap();
        let file = writing(&path).unwrap();
        journal().apply(&file, &path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"abCDefghIJKL");
        assert!(journal().apply(&file, &path).is_err());
        assert!(!journal_path(&path).exists());
    }
}
