//! Folders, searched to the bottom.

use super::FindArgs;
use asdf_core::file::open_file;
use asdf_core::fits::FitsFile;
use asdf_core::{Error, Result};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Ends of the names that are taken.
const ENDINGS: [&str; 4] = [".asdf", ".asdf.gz", ".fits", ".fits.gz"];
/// Bytes that tell a FITS file, gzipped or not.
const HEAD: u64 = 2880;

/// The files below a folder, sorted by name, those of a folder where its name stands. Hidden files and folders are
/// left out, and links to folders are not followed, so that no file is met twice.
pub(crate) fn search(top: &Path, args: &FindArgs) -> Vec<Result<PathBuf>> {
    let mut out = Vec::new();
    let top = Entry {
        path: top.to_path_buf(),
        kind: EntryKind::Folder,
    };
    let mut waiting = vec![(top, 0)];
    // The next one to look at is the last: what a folder holds comes before what stands after it.
    while let Some((Entry { path, kind }, depth)) = waiting.pop() {
        if kind != EntryKind::Folder {
            if is_wanted(&path, kind, args) {
                out.push(Ok(path));
            }
            continue;
        }
        if args.max_depth.is_some_and(|most| depth >= most) {
            continue;
        }
        match entries(&path) {
            Ok(entries) => waiting.extend(entries.into_iter().map(|entry| (entry, depth + 1))),
            Err(error) => out.push(Err(Error::from(error).at_file(&path))),
        }
    }
    out
}

/// Whether a search of a folder would find a file that lies below it.
pub(crate) fn is_searched(top: &Path, path: &Path, args: &FindArgs) -> bool {
    let Ok(below) = path.strip_prefix(top) else {
        return false;
    };
    let mut steps = below.components();
    let is_hidden =
        |step: std::path::Component<'_>| step.as_os_str().as_encoded_bytes().starts_with(b".");
    let is_near = args
        .max_depth
        .is_none_or(|most| below.components().count() <= most);
    is_near && !steps.any(is_hidden) && is_wanted(path, EntryKind::Other, args)
}

/// What a folder holds.
struct Entry {
    path: PathBuf,
    kind: EntryKind,
}

/// What the folder says of it, so that files need not be asked one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EntryKind {
    File,
    Folder,
    /// A link, which may lead to anything, or something else.
    Other,
}

impl EntryKind {
    fn of(entry: &fs::DirEntry) -> Self {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => Self::Folder,
            Ok(kind) if kind.is_file() => Self::File,
            _ => Self::Other,
        }
    }
}

/// What is in a folder, the last name first.
fn entries(folder: &Path) -> std::io::Result<Vec<Entry>> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if !name.as_encoded_bytes().starts_with(b".") {
            out.push(Entry {
                path: folder.join(name),
                kind: EntryKind::of(&entry),
            });
        }
    }
    out.sort_by(|a, b| b.path.file_name().cmp(&a.path.file_name()));
    Ok(out)
}

fn is_wanted(path: &Path, kind: EntryKind, args: &FindArgs) -> bool {
    let is_file = || fs::metadata(path).map(|found| found.is_file());
    if args.all_names {
        let is_file = kind == EntryKind::File || is_file().unwrap_or(false);
        return is_file && begins_as_ours(path);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_ascii_lowercase();
    // A link that leads nowhere is told of when it is opened; a link to a folder is not followed.
    // A pipe or a device would be waited for, or read without end; what cannot be looked at is told when it is opened.
    ENDINGS.iter().any(|ending| name.ends_with(ending))
        && (kind == EntryKind::File || is_file().unwrap_or(true))
}

fn begins_as_ours(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = open_file(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    // A file that cannot be read may be one.
    read.is_err() || head.starts_with(b"#ASDF") || FitsFile::is_fits(&head)
}
