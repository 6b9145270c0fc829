//! Lists of file names: `@FILE`, `@-`.

use crate::usage::refused;
use asdf_core::file::open_file;
use asdf_core::{Error, Result};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The list that an argument names; a file whose own name begins with `@` is written `./@name`.
pub(super) fn named(argument: &Path) -> Option<&Path> {
    let name = argument.to_str()?.strip_prefix('@')?;
    (!name.is_empty()).then_some(Path::new(name))
}

/// The names: one a line, or ended by NUL as `find -print0` writes them.
pub(super) fn read(list: &Path) -> Result<Vec<PathBuf>> {
    let mut bytes = Vec::new();
    if list == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        let read = open_file(list).and_then(|mut file| file.read_to_end(&mut bytes));
        read.map_err(|error| Error::from(error).at_file(list))?;
    }
    let end = if bytes.contains(&0) { 0 } else { b'\n' };
    // Some editors begin a text with the mark of its encoding, which is no part of the first name.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let names = text.split(|byte| *byte == end);
    let names = names.map(|name| match end {
        0 => name,
        _ => name.strip_suffix(b"\r").unwrap_or(name),
    });
    let paths = names.filter(|name| !name.is_empty()).map(path);
    let paths: Option<Vec<PathBuf>> = paths.collect();
    paths.ok_or_else(|| refused("a name in the list is not UTF-8").at_file(list))
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere names are text")]
fn path(name: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(name)))
}

#[cfg(not(unix))]
fn path(name: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(name).ok().map(PathBuf::from)
}
