//! Files replaced as a whole: the new one is complete, and on the disk, before it takes the old one's name.

mod keep;
mod leftover;
mod under_way;

pub use under_way::{before_files_under_way, remove_files_under_way};

use super::lock::{self, Access};
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Warning;
use crate::error::WriteFault;
use std::ffi::OsString;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{ErrorKind, Seek};
use std::path::{Path, PathBuf};

/// Names that are tried for the file under way.
const TRIES: u32 = 100;

/// Lets `write` fill a new file beside `path`, then gives it that name. Whatever goes wrong, what
/// stood under the name still stands there, and nothing else is left.
///
/// The new file may be read as well as written; its position is at its start.
///
/// A symbolic link keeps pointing where it points. Owner, group, permissions, access control lists and
/// extended attributes are those of the old file, as far as the system permits. What is not a regular
/// file (a device, a pipe, `/dev/stdout`) is written to and stays what it is.
///
/// # Errors
/// `write` fails; the file has further names (hard links), which would keep the old contents.
pub fn replace(path: &Path, write: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    replace_and_tell(path, write).map(drop)
}

/// As [`replace`]; tells what of the old file could not be kept.
///
/// # Errors
/// As [`replace`].
pub fn replace_and_tell(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<()>,
) -> Result<Vec<Warning>> {
    complete(path, write)?.finish()
}

/// Lets `write` fill a new file beside `path`, which gets that name by [`Complete::finish`] and is removed without it.
pub(super) fn complete(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<()>,
) -> Result<Complete> {
    if is_written_to(path) {
        through(path, write)?;
        return Ok(Complete::written(path));
    }
    let mut pending = Pending::create(path)?;
    write(&mut pending.file).in_file(path)?;
    pending.complete()
}

/// True for what is there and is not a regular file that could be replaced.
fn is_written_to(path: &Path) -> bool {
    // A shell may have directed these to a regular file, which it goes on writing to.
    let streams = ["/dev/stdout", "/dev/stderr", "/dev/fd", "/proc"];
    let is_stream = streams.iter().any(|stream| path.starts_with(stream));
    is_stream
        || path
            .metadata()
            .is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Writes to something that keeps its name; only when all is there, since it cannot be taken back.
fn through(path: &Path, write: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    let mut spool = tempfile::tempfile()?;
    write(&mut spool).in_file(path)?;
    let mut copy = || -> std::io::Result<()> {
        spool.rewind()?;
        let mut target = OpenOptions::new().write(true).open(path)?;
        std::io::copy(&mut spool, &mut target).map(drop)
    };
    copy().map_err(Error::from).in_file(path)
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
    warnings: Vec<Warning>,
    /// The open file, whose lock shows that it is not left over.
    lock: Option<File>,
}

impl Pending {
    /// A new file in the folder of the one whose name it is to get.
    pub(super) fn create(path: &Path) -> Result<Self> {
        let target = match path.symlink_metadata() {
            Ok(found) if found.is_symlink() => path
                .canonicalize()
                .map_err(|error| dangling(path, error))
                .in_file(path)?,
            _ => path.to_path_buf(),
        };
        let old = target.metadata().ok();
        if let Some(old) = &old {
            check_names(old).in_file(path)?;
        }
        leftover::remove(&target);
        let (file, name) = create(&target, old.is_some())
            .map_err(Error::from)
            .in_file(path)?;
        let (name, shown) = (Some(name), path.to_path_buf());
        let names = Complete {
            name,
            target,
            shown,
            warnings: Vec::new(),
            lock: None,
        };
        Ok(Self { file, names })
    }

    /// Gives the file its name; tells what of the old file could not be kept.
    pub(super) fn finish(self) -> Result<Vec<Warning>> {
        self.complete()?.finish()
    }

    /// Brings the file to the disk, with what it keeps of the old one.
    fn complete(self) -> Result<Complete> {
        let Self { file, mut names } = self;
        let mut settle = || -> std::io::Result<()> {
            if let Some(old) = names.old() {
                names.warnings = keep::attributes(&names.target, &old, &file)?;
            }
            // Without this a power cut may leave the name with a file that is not all there.
            file.sync_all()
        };
        settle().map_err(Error::from).in_file(&names.shown)?;
        names.lock = Some(file);
        Ok(names)
    }
}

impl Complete {
    /// What was written to directly and has its name.
    fn written(path: &Path) -> Self {
        Self {
            name: None,
            target: path.to_path_buf(),
            shown: path.to_path_buf(),
            warnings: Vec::new(),
            lock: None,
        }
    }

    /// Closes the file, when there are more of them than a program may have open. Another writer of the
    /// same name may then take it for left over, and finishing fails.
    pub(super) fn close(&mut self) {
        self.lock = None;
    }

    /// What stands under the name now.
    fn old(&self) -> Option<Metadata> {
        self.target.metadata().ok().filter(Metadata::is_file)
    }

    /// Gives the file its name; tells what of the old file could not be kept.
    pub(super) fn finish(mut self) -> Result<Vec<Warning>> {
        self.rename().map_err(Error::from).in_file(&self.shown)?;
        let told = std::mem::take(&mut self.warnings);
        let place = |warning: Warning| warning.in_file(&self.shown);
        Ok(told.into_iter().map(place).collect())
    }

    fn rename(&mut self) -> std::io::Result<()> {
        let Some(name) = &self.name else {
            return Ok(());
        };
        let is_new = self.old().is_none();
        std::fs::rename(name, &self.target)?;
        under_way::forget(name);
        self.name = None;
        sync_folder(&self.target)?;
        if !is_new {
            // The journal of the old file has served: the new one has no mark.
            super::journal::forget(&self.target);
        }
        Ok(())
    }
}

impl Drop for Complete {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            // Nothing more can be done about a file that cannot be removed.
            let _ = std::fs::remove_file(name);
            under_way::forget(name);
        }
    }
}

/// Why a link cannot be followed to the file that it stands for.
fn dangling(link: &Path, error: std::io::Error) -> Error {
    match link.read_link() {
        Ok(target) if error.kind() == ErrorKind::NotFound => {
            let target = target.display().to_string();
            let target = target.escape_debug().to_string().into();
            WriteFault::DanglingLink { target }.into()
        }
        _ => error.into(),
    }
}

/// A file with several names would be replaced under one of them only.
fn check_names(old: &Metadata) -> Result<()> {
    #[cfg(unix)]
    {
        let names = std::os::unix::fs::MetadataExt::nlink(old);
        if old.is_file() && names > 1 {
            return Err(WriteFault::HardLinks { names }.into());
        }
    }
    let _ = old;
    Ok(())
}

/// `.NAME.`, with which the names of files under way begin.
fn prefix(target: &Path) -> OsString {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(".");
    name
}

/// A new file in the folder of `target`, locked so that others see that it is in use. Where it replaces a
/// file nobody else may look into it before it has that file's permissions.
fn create(target: &Path, is_private: bool) -> std::io::Result<(File, PathBuf)> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    if is_private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let _ = is_private;
    under_way::begin();
    for number in 0..TRIES {
        let mut name = prefix(target);
        name.push(format!(
            "{}-{number}{}",
            std::process::id(),
            leftover::SUFFIX
        ));
        let name = target.with_file_name(name);
        match options.open(&name) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(file) => {
                under_way::note(&name);
                // File systems without locks keep what is left over.
                let _ = lock::ask(&file, Access::Write);
                // Another writer may have taken it for left over just before.
                if name.symlink_metadata().is_ok() {
                    return Ok((file, name));
                }
                under_way::forget(&name);
            }
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
