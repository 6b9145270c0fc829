//! Files under way whose writer was killed.

use super::prefix;
use crate::file::lock::{self, Access, Outcome};
use std::ffi::OsStr;
use std::fs::File;
use std::path::Path;

/// With which the names of files under way end.
pub(super) const SUFFIX: &str = ".part";

/// Removes what writers of this file have left: what is under way is locked by its writer, what is left
/// over is not. What cannot be looked at or removed stays.
pub(super) fn remove(target: &Path) {
    let folder = target
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let Ok(entries) = std::fs::read_dir(folder.unwrap_or(Path::new("."))) else {
        return;
    };
    let prefix = prefix(target);
    for entry in entries.flatten() {
        let is_part = is_of(&entry.file_name(), &prefix);
        if !is_part || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let path = entry.path();
        let Ok(file) = File::open(&path) else {
            continue;
        };
        if lock::ask(&file, Access::Write).is_ok_and(|asked| asked == Outcome::Held) {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// `PREFIX` + process + `-` + number + `.part`
fn is_of(name: &OsStr, prefix: &OsStr) -> bool {
    let rest = name
        .as_encoded_bytes()
        .strip_prefix(prefix.as_encoded_bytes());
    let middle = rest.and_then(|rest| rest.strip_suffix(SUFFIX.as_bytes()));
    middle.is_some_and(|middle| {
        let is_number = |byte: &u8| byte.is_ascii_digit() || *byte == b'-';
        middle.contains(&b'-') && middle.iter().all(is_number)
    })
}
