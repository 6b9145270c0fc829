//! Folders for what is not complete, and those that processes have left that were killed.

use crate::fault::io;
use asdf_core::Result;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

const PREFIX: &str = ".incomplete-";
/// No run is silent for that long: what is older belongs to none, on whatever machine it was.
const OLD: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A folder for what is not complete, on the file system of the catalogue. Its name says whose it is.
pub(super) fn aside(folder: &Path) -> Result<TempDir> {
    let prefix = format!("{PREFIX}{}-{}-", machine(), std::process::id());
    let made = tempfile::Builder::new().prefix(&prefix).tempdir_in(folder);
    made.map_err(io(folder))
}

/// Removes folders whose process is gone; it does no harm when that fails.
pub(super) fn sweep(folder: &Path) {
    let own = format!("{PREFIX}{}-", machine());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name
            .strip_prefix(&own)
            .and_then(|rest| rest.split('-').next());
        let is_dead = process.is_some_and(|process| {
            let place = Path::new("/proc").join(process);
            Path::new("/proc/self").exists() && !place.exists()
        });
        let modified = entry.metadata().and_then(|found| found.modified()).ok();
        let age = modified.and_then(|time| time.elapsed().ok());
        let is_old = age.is_some_and(|age| age > OLD);
        if name.starts_with(PREFIX) && (is_dead || is_old) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// What no two machines, nor two containers of one, have in common: the numbers of their processes mean different ones.
fn machine() -> String {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let text = format!("{boot}{}", namespace.display());
    let digits: String = Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    digits.chars().take(12).collect()
}
