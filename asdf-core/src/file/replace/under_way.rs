//! The names of all files under way, for a process that is asked to end.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

static NAMES: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn names() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    NAMES.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn note(name: &Path) {
    names().insert(name.to_path_buf());
}

pub(super) fn forget(name: &Path) {
    names().remove(name);
}

/// Removes the files under way of this process, which is about to end: their writers find them gone.
pub fn remove_files_under_way() {
    // Held until the end, so that no other file begins.
    let names = names();
    for name in names.iter() {
        // Nothing more can be done about a file that cannot be removed.
        let _ = std::fs::remove_file(name);
    }
    std::mem::forget(names);
}
