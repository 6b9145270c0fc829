//! Files replaced as a whole: the new one is complete before it takes the old one's name.

use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Names that are tried for the file under way.
const TRIES: u32 = 100;

/// Lets `write` fill a new file beside `path`, then gives it that name. Whatever goes wrong, what
/// stood under the name still stands there, and nothing else is left.
///
/// The new file may be read as well as written; its position is at its start.
///
/// A symbolic link keeps pointing where it points; permissions are those of the old file.
pub fn replace(path: &Path, write: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    complete(path, write)?.finish()
}

/// Lets `write` fill a new file beside `path`, which gets that name by [`Complete::finish`] and is removed without it.
/// It holds no open file: any number of them may wait for each other.
pub(super) fn complete(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<()>,
) -> Result<Complete> {
    let mut pending = Pending::create(path)?;
    write(&mut pending.file).in_file(path)?;
    pending.complete()
}

/// A file under way: it is removed unless it is finished.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) file: File,
    names: Complete,
}

/// A file that is all there and waits for its name: it is removed unless it gets it.
#[derive(Debug)]
pub(super) struct Complete {
    name: Option<PathBuf>,
    target: PathBuf,
    shown: PathBuf,
}

impl Pending {
    /// A new file in the folder of the one whose name it is to get.
    pub(super) fn create(path: &Path) -> Result<Self> {
        let target = match path.symlink_metadata() {
            Ok(found) if found.is_symlink() => {
                path.canonicalize().map_err(Error::from).in_file(path)?
            }
            _ => path.to_path_buf(),
        };
        let (file, name) = create(&target).map_err(Error::from).in_file(path)?;
        let (name, shown) = (Some(name), path.to_path_buf());
        let names = Complete {
            name,
            target,
            shown,
        };
        Ok(Self { file, names })
    }

    /// Gives the file its name.
    pub(super) fn finish(self) -> Result<()> {
        self.complete()?.finish()
    }

    /// Closes the file.
    fn complete(self) -> Result<Complete> {
        let Self { file, names } = self;
        // Without this a power cut may leave the name with a file that is not all there.
        let settled = match names.old() {
            Some(old) => file
                .set_permissions(old.permissions())
                .and_then(|()| file.sync_all()),
            None => Ok(()),
        };
        settled.map_err(Error::from).in_file(&names.shown)?;
        Ok(names)
    }
}

impl Complete {
    /// What stands under the name now.
    fn old(&self) -> Option<std::fs::Metadata> {
        let found = self.target.metadata().ok();
        found.filter(std::fs::Metadata::is_file)
    }

    /// Gives the file its name.
    pub(super) fn finish(mut self) -> Result<()> {
        self.rename().map_err(Error::from).in_file(&self.shown)
    }

    fn rename(&mut self) -> std::io::Result<()> {
        let old = self.old();
        if old.is_some() {
            forget_journal(&self.target)?;
        }
        if let Some(name) = &self.name {
            std::fs::rename(name, &self.target)?;
        }
        self.name = None;
        if old.is_some() {
            sync_folder(&self.target)?;
        }
        Ok(())
    }
}

impl Drop for Complete {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            // Nothing more can be done about a file that cannot be removed.
            let _ = std::fs::remove_file(name);
        }
    }
}

/// A journal belongs to the old file: it has served when the old file is whole, or when it cannot
/// be made whole.
fn forget_journal(target: &Path) -> std::io::Result<()> {
    let journal = super::journal::journal_path(target);
    if super::journal::recover(target).is_err() && journal.exists() {
        std::fs::remove_file(journal)?;
    }
    Ok(())
}

/// A new file in the folder of `target`.
fn create(target: &Path) -> std::io::Result<(File, PathBuf)> {
    let stem = target
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    for number in 0..TRIES {
        let name = format!(".{stem}.{}-{number}.part", std::process::id());
        let name = target.with_file_name(name);
        match options.open(&name) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(file) => return Ok((file, name)),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Makes a change of names in a folder last.
pub(crate) fn sync_folder(file: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    let _ = file;
    Ok(())
}
