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
    let mut waiting = vec![(top.to_path_buf(), 0)];
    // The next one to look at is the last: what a folder holds comes before what stands after it.
    while let Some((path, depth)) = waiting.pop() {
        let is_folder = depth == 0 || is_own_folder(&path);
        if !is_folder {
            if is_wanted(&path, args) {
                out.push(Ok(path));
            }
            continue;
        }
        if args.max_depth.is_some_and(|most| depth >= most) {
            continue;
        }
        match entries(&path) {
            Ok(entries) => waiting.extend(entries.into_iter().map(|path| (path, depth + 1))),
            Err(error) => out.push(Err(Error::from(error).at_file(&path))),
        }
    }
    out
}

/// What is in a folder, the last name first.
fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if !name.as_encoded_bytes().starts_with(b".") {
            out.push(folder.join(name));
        }
    }
    out.sort_by(|a, b| b.file_name().cmp(&a.file_name()));
    Ok(out)
}

/// True for a folder, not for a link to one.
fn is_own_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

fn is_wanted(path: &Path, args: &FindArgs) -> bool {
    if args.all_names {
        return fs::metadata(path).is_ok_and(|found| found.is_file()) && begins_as_ours(path);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_ascii_lowercase();
    // A link that leads nowhere is told of when it is opened; a link to a folder is not followed.
    // A pipe or a device would be waited for, or read without end; what cannot be looked at is told when it is opened.
    let other = fs::metadata(path).is_ok_and(|found| !found.is_file());
    ENDINGS.iter().any(|ending| name.ends_with(ending)) && !other
}

fn begins_as_ours(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = open_file(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    // A file that cannot be read may be one.
    read.is_err() || head.starts_with(b"#ASDF") || FitsFile::is_fits(&head)
}
