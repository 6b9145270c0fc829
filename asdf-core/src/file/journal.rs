//! An undo journal beside a file that is being changed in place.
//!
//! Before a byte of the file changes, what stands there and what is to stand there is saved in
//! `.NAME.asdf-journal`, and the first bytes of the file become a mark (`mark.rs`) that names this
//! journal. The mark is taken back when the change is on the disk; then the journal is removed. A file
//! without a mark is whole, whatever lies beside it. Readers see the old bytes in place of those that
//! are under way (`pending.rs`) and write nothing; the next writer completes or undoes the change
//! (`spec-notes/journal.md`, J-1 to J-8).

mod place;
#[cfg(test)]
mod tests;

use super::lock::{self, Access, Outcome};
use super::mark::{self, Mark};
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::error::WriteFault;
use crate::input::Overlay;
use md5::{Digest, Md5};
pub(super) use place::{Found, find, journal_beside, journal_path};
use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;

const MAGIC: &[u8; 16] = b"asdf-journal 2\r\n";

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

    fn old_end(&self) -> Option<u64> {
        self.offset.checked_add(self.old.len() as u64)
    }

    fn new_end(&self) -> Option<u64> {
        self.offset.checked_add(self.new.len() as u64)
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
        let marked = Marked::new(self, file)?;
        let journal = journal_path(path);
        place::create(&journal, file, &marked.bytes())?;
        if let Err(error) = marked.carry_out(file) {
            // What cannot be undone now stays in the journal and is undone by the next writer.
            if marked.settle(file).is_ok() {
                let _ = std::fs::remove_file(&journal);
            }
            return Err(error.into());
        }
        // The change is there and lasts; a journal that cannot be removed is removed by the next writer.
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
}

/// The changes of a journal with the mark that binds them to their file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marked {
    mark: Mark,
    old_len: u64,
    new_len: u64,
    /// The first bytes of the file, which the mark covers.
    head: Change,
    /// All other changes, none of which touches the mark's place.
    rest: Vec<Change>,
}

impl Marked {
    /// Takes the place of the mark out of the changes.
    fn new(journal: &Journal, file: &File) -> Result<Self> {
        let old = piece(file, 0, mark::LENGTH)?;
        let is_covered = |change: &Change| change.offset < mark::LENGTH as u64;
        let mut new = old.clone();
        let mut rest = Vec::with_capacity(journal.changes.len());
        for change in &journal.changes {
            if !is_covered(change) {
                rest.push(change.clone());
                continue;
            }
            let start = usize::try_from(change.offset).unwrap_or(mark::LENGTH);
            let room = mark::LENGTH.saturating_sub(start);
            let (covered, beyond) = change.new.split_at(room.min(change.new.len()));
            for (to, from) in new.iter_mut().skip(start).zip(covered) {
                *to = *from;
            }
            let old = change.old.get(room..).unwrap_or_default();
            if !old.is_empty() || !beyond.is_empty() {
                rest.push(Change::new(
                    mark::LENGTH as u64,
                    old.to_vec(),
                    beyond.to_vec(),
                ));
            }
        }
        rest.sort_by_key(|change| change.offset);
        let marked = Self {
            mark: Mark::new(),
            old_len: journal.old_len,
            new_len: journal.new_len,
            head: Change::new(0, old, new),
            rest,
        };
        if marked.is_sound() {
            Ok(marked)
        } else {
            // A file that is not even as long as the mark.
            Err(changed())
        }
    }

    /// True when the changes cover what they claim to change, each byte once.
    fn is_sound(&self) -> bool {
        let shorter = self.old_len.min(self.new_len);
        let head = (self.head.offset, self.head.old.len(), self.head.new.len());
        if head != (0, mark::LENGTH, mark::LENGTH) || shorter < mark::LENGTH as u64 {
            return false;
        }
        let mut from = mark::LENGTH as u64;
        let mut resized = self.old_len == self.new_len;
        for change in &self.rest {
            let (Some(old_end), Some(new_end)) = (change.old_end(), change.new_end()) else {
                return false;
            };
            let is_last = old_end == self.old_len && new_end == self.new_len;
            if change.offset < from || resized_twice(old_end, new_end, is_last) {
                return false;
            }
            if old_end > self.old_len || new_end > self.new_len {
                return false;
            }
            resized |= is_last;
            from = old_end.max(new_end);
        }
        resized
    }

    /// Journal, mark, changes, mark taken back: each is on the disk before the next is begun.
    fn carry_out(&self, file: &File) -> std::io::Result<()> {
        write_at(file, &self.mark.bytes(), 0)?;
        file.sync_data()?;
        self.put_rest(file, |change| &change.new)?;
        if self.new_len < self.old_len {
            // From here on there is no way back: what was cut off stands in the journal alone.
            file.set_len(self.new_len)?;
            file.sync_data()?;
        }
        Self::unmark(file, &self.head.new)
    }

    fn put_rest(&self, file: &File, which: fn(&Change) -> &Vec<u8>) -> std::io::Result<()> {
        for change in &self.rest {
            write_at(file, which(change), change.offset)?;
        }
        file.sync_data()
    }

    /// Puts the head where the mark stands; its first byte, which shows the mark, goes last.
    fn unmark(file: &File, head: &[u8]) -> std::io::Result<()> {
        let (first, rest) = head.split_at(1.min(head.len()));
        write_at(file, rest, 1)?;
        file.sync_data()?;
        write_at(file, first, 0)?;
        file.sync_data()
    }

    /// True when the change is to be completed: the end of the file is cut off already, which is the last
    /// thing that happens before the mark goes. Else it is undone.
    fn is_forward(&self, length: u64) -> bool {
        length < self.old_len
    }

    /// Completes or undoes what was begun.
    fn settle(&self, file: &File) -> std::io::Result<()> {
        let length = file.metadata()?.len();
        if self.is_forward(length) {
            self.put_rest(file, |change| &change.new)?;
            if length != self.new_len {
                // Not all of it was cut off.
                file.set_len(self.new_len)?;
                file.sync_data()?;
            }
            return Self::unmark(file, &self.head.new);
        }
        self.put_rest(file, |change| &change.old)?;
        if length != self.old_len {
            file.set_len(self.old_len)?;
            file.sync_data()?;
        }
        Self::unmark(file, &self.head.old)
    }

    /// The file as it is to be read: whole, before or after the change.
    pub(super) fn overlay(&self, length: u64) -> Overlay {
        let is_forward = self.is_forward(length);
        let pieces = [&self.head].into_iter().chain(&self.rest);
        let pieces = pieces.map(|change| {
            let bytes = if is_forward { &change.new } else { &change.old };
            (change.offset, bytes.clone())
        });
        Overlay {
            length: if is_forward {
                self.new_len
            } else {
                self.old_len
            },
            pieces: pieces.collect(),
        }
    }

    /// True when the first bytes are a mark of this journal, of which a part may be missing.
    pub(super) fn marks(&self, head: &[u8]) -> bool {
        let mark = self.mark.bytes();
        mark::is_flagged(head)
            && head.len() == mark::LENGTH
            && is_mix(head, &[&mark, &self.head.old, &self.head.new])
    }

    /// True when every piece of the file is as it was or as it was to become.
    ///
    /// `length` is that of the file, `read` gives up to so many of its bytes at an offset.
    pub(super) fn fits(
        &self,
        length: u64,
        read: impl Fn(u64, usize) -> std::io::Result<Vec<u8>>,
    ) -> std::io::Result<bool> {
        let most = self.old_len.max(self.new_len);
        if length < self.old_len.min(self.new_len) || length > most {
            return Ok(false);
        }
        for change in &self.rest {
            let now = read(change.offset, change.old.len().max(change.new.len()))?;
            if !is_mix(&now, &[&change.old, &change.new]) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        let number = |out: &mut Vec<u8>, value: u64| out.extend(value.to_le_bytes());
        number(&mut out, self.mark.number);
        number(&mut out, self.old_len);
        number(&mut out, self.new_len);
        number(&mut out, self.rest.len() as u64);
        for change in [&self.head].into_iter().chain(&self.rest) {
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

    /// `None` when the bytes are not a complete journal, or one that does not cover what it changes.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (body, digest) = bytes.split_last_chunk::<16>()?;
        let computed: [u8; 16] = Md5::digest(body).into();
        let mut rest = body.strip_prefix(MAGIC).filter(|_| computed == *digest)?;
        let number = number(&mut rest)?;
        let (old_len, new_len) = (self::number(&mut rest)?, self::number(&mut rest)?);
        let count = self::number(&mut rest)?;
        let head = change(&mut rest)?;
        let mut changes = Vec::new();
        for _ in 0..count {
            changes.push(change(&mut rest)?);
        }
        let marked = Self {
            mark: Mark { number },
            old_len,
            new_len,
            head,
            rest: changes,
        };
        (rest.is_empty() && marked.is_sound()).then_some(marked)
    }
}

/// Only the change at the end of the file may have old and new bytes of different length.
fn resized_twice(old_end: u64, new_end: u64, is_last: bool) -> bool {
    old_end != new_end && !is_last
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    let (value, after) = rest.split_first_chunk::<8>()?;
    *rest = after;
    Some(u64::from_le_bytes(*value))
}

fn change(rest: &mut &[u8]) -> Option<Change> {
    let (offset, old, new) = (number(rest)?, number(rest)?, number(rest)?);
    let mut take = |count: u64| -> Option<Vec<u8>> {
        let (taken, after) = rest.split_at_checked(usize::try_from(count).ok()?)?;
        *rest = after;
        Some(taken.to_vec())
    };
    let (old, new) = (take(old)?, take(new)?);
    Some(Change { offset, old, new })
}

/// True when every byte is one of those that may stand there: writes may have been cut short, going
/// forward and going back.
fn is_mix(now: &[u8], choices: &[&[u8]]) -> bool {
    let is_one =
        |(index, byte): (usize, &u8)| choices.iter().any(|bytes| bytes.get(index) == Some(byte));
    now.iter().enumerate().all(is_one)
}

/// Completes or undoes what a program that was stopped has left of a change, in a file that the caller
/// has locked, and removes a journal that has served.
fn recover(file: &File, path: &Path) -> Result<()> {
    let journal = journal_path(path);
    let head = piece(file, 0, mark::LENGTH)?;
    let found = find(&journal, &file.metadata()?)?;
    if !mark::is_flagged(&head) {
        // The file is whole. What lies there and is not ours stays.
        if matches!(found, Found::Sound(_) | Found::Incomplete) {
            let _ = std::fs::remove_file(journal);
        }
        return Ok(());
    }
    match found {
        Found::Sound(marked) if marked.marks(&head) => {
            let read = |offset: u64, length: usize| piece(file, offset, length);
            if !marked.fits(file.metadata()?.len(), read)? {
                let detail = "the file has been changed by another program since";
                return Err(unfinished(&journal, detail));
            }
            marked.settle(file)?;
            Ok(std::fs::remove_file(journal)?)
        }
        found if mark::is_mark(&head) => Err(unfinished(&journal, found.reason())),
        // It begins with this byte for another reason.
        _ => Ok(()),
    }
}

/// True when nothing lies where the journal of a file is to be written. What is not ours stays there, and
/// the file is replaced as a whole instead.
pub(super) fn is_free(path: &Path) -> bool {
    journal_path(path).symlink_metadata().is_err()
}

/// Removes the journal of a file that was replaced as a whole, if one of ours lies there.
pub(super) fn forget(path: &Path) {
    let journal = journal_path(path);
    let found = path.metadata().and_then(|of| find(&journal, &of));
    if matches!(found, Ok(Found::Sound(_) | Found::Incomplete)) {
        // What stays there does no harm: the new file has no mark.
        let _ = std::fs::remove_file(journal);
    }
}

/// The file was not the one that was opened any more.
pub(super) fn changed() -> Error {
    WriteFault::Changed.into()
}

/// A change was begun, and what would bring it to an end is not there.
pub(super) fn unfinished(journal: &Path, detail: &'static str) -> Error {
    let name = journal.display().to_string();
    WriteFault::Unfinished {
        journal: name.escape_debug().to_string().into(),
        detail,
    }
    .into()
}

/// A file that is open for changes and locked, if the file system has locks.
#[derive(Debug)]
pub(super) struct Writing {
    pub(super) file: File,
    /// False when other programs cannot be kept out.
    pub(super) is_locked: bool,
}

/// Keeps others from reading the tree of the file and from changing it as long as what is returned
/// lives; no change of another program is left half done.
pub(super) fn writing(path: &Path) -> Result<Writing> {
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    let is_locked = match lock::lock(&file, Access::Write)? {
        Outcome::Held => true,
        Outcome::NoLocks => false,
        Outcome::Busy => {
            let holder = lock::holder(&file).into();
            return Err(WriteFault::Locked { holder }.into());
        }
    };
    recover(&file, path).in_file(path)?;
    Ok(Writing { file, is_locked })
}

/// Up to `length` bytes at `offset`; fewer at the end of the file.
fn piece(file: &File, offset: u64, length: usize) -> std::io::Result<Vec<u8>> {
    let mut out = vec![0; length];
    let mut filled = 0;
    while let Some(rest) = out.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match read_at(file, rest, offset.saturating_add(filled as u64)) {
            Ok(0) => break,
            Ok(count) => filled = filled.saturating_add(count),
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
    std::io::Read::read(&mut file, out)
}

#[cfg(not(unix))]
fn write_at(mut file: &File, bytes: &[u8], offset: u64) -> std::io::Result<()> {
    std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(offset))?;
    std::io::Write::write_all(&mut file, bytes)
}
