//! Files that are read while a change in place is pending: readers see them whole and write nothing.

use super::journal::{Found, changed, find, journal_beside, journal_path, unfinished};
use super::lock::{self, Access, Outcome};
use super::mark;
use crate::error::{Error, Locate, Result};
use crate::error::{Warning, WarningKind};
use crate::input::Input;
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// Keeps others from changing the file in place as long as it lives.
#[derive(Debug)]
pub(super) struct Reading {
    file: Option<Arc<File>>,
    outcome: Option<Outcome>,
}

impl Reading {
    /// Waits a few seconds for a program that changes the file, which is open to be read; after that it is read all the same.
    pub(super) fn begin(file: &Arc<File>, is_file: bool) -> Self {
        // A file that cannot be locked is the business of who reads it. What has no end is not locked: a pipe of a shell.
        let file = is_file.then(|| Arc::clone(file));
        let ask = |file: &Arc<File>| lock::lock(file, Access::Read).ok();
        let outcome = file.as_ref().and_then(ask);
        Self { file, outcome }
    }

    /// True when no other program can change the file meanwhile.
    pub(super) fn is_alone(&self) -> bool {
        self.outcome == Some(Outcome::Held)
    }

    /// The program that has the lock, when that is why there is none here.
    pub(super) fn warning(&self) -> Option<Warning> {
        let is_busy = self.outcome == Some(Outcome::Busy);
        let file = self.file.as_ref().filter(|_| is_busy)?;
        let holder = lock::holder(file).into();
        Some(Warning::new(WarningKind::Locked { holder }))
    }
}

impl Drop for Reading {
    /// The file stays open for as long as it is read from; the lock does not last that long.
    fn drop(&mut self) {
        if let Some(file) = self.file.as_ref().filter(|_| self.is_alone()) {
            // It ends with the file in any case.
            let _ = file.unlock();
        }
    }
}

/// What tells that a file was changed, as far as anything does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Snapshot {
    path: PathBuf,
    length: u64,
    modified: Option<SystemTime>,
    head: Vec<u8>,
}

impl Snapshot {
    /// Of a regular file as it stands under its name; `None` of anything else.
    pub(super) fn of(input: &Input, path: &Path) -> Option<Self> {
        let found = path.metadata().ok().filter(Metadata::is_file)?;
        Some(Self {
            path: path.to_path_buf(),
            length: found.len(),
            modified: found.modified().ok(),
            head: input.up_to(0, mark::LENGTH).ok()?.to_vec(),
        })
    }

    /// Compares with the file as it stands there now.
    pub(super) fn check(&self) -> Result<()> {
        let same = || -> std::io::Result<bool> {
            let found = self.path.metadata()?;
            let mut head = Vec::new();
            let file = File::open(&self.path)?;
            file.take(mark::LENGTH as u64).read_to_end(&mut head)?;
            Ok(found.len() == self.length
                && found.modified().ok() == self.modified
                && head == self.head)
        };
        match same() {
            Ok(true) => Ok(()),
            Ok(false) => Err(changed()),
            Err(error) => Err(error.into()),
        }
        .in_file(&self.path)
    }
}

/// The bytes as they are to be read, of a file whose name may be that of a link: with those that a change under way has put aside.
pub(super) fn whole(
    input: Input,
    (path, is_link): (&Path, bool),
    of: &Metadata,
    warnings: &mut Vec<Warning>,
) -> Result<Input> {
    let head = input.up_to(0, mark::LENGTH)?;
    let journal = if is_link {
        journal_path(path)
    } else {
        journal_beside(path)
    };
    if !mark::is_flagged(head) {
        // Nothing is pending. What lies there is left alone, and said when it is not a mere leftover.
        if let Found::Stray(reason) = find(&journal, of)? {
            let name = journal.file_name().unwrap_or_default().to_string_lossy();
            let journal = name.escape_debug().to_string().into();
            warnings.push(Warning::new(WarningKind::StrayJournal { journal, reason }));
        }
        return Ok(input);
    }
    match find(&journal, of)? {
        Found::Sound(marked) if marked.marks(head) => {
            let piece = |offset: u64, length: usize| {
                let bytes = input.up_to(offset, length).map_err(std::io::Error::other)?;
                Ok(bytes.to_vec())
            };
            if !marked.fits(input.len(), piece)? {
                let detail = "the file has been changed by another program since";
                return Err(unfinished(&journal, detail));
            }
            let overlay = marked.overlay(input.len());
            warnings.push(Warning::new(WarningKind::ChangePending));
            input.overlaid(&overlay).map_err(Error::from).in_file(path)
        }
        found if mark::is_mark(head) => Err(unfinished(&journal, found.reason())),
        // The file begins with this byte for another reason.
        _ => Ok(input),
    }
}
