//! The names of all files under way, for a process that is asked to end.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, OnceLock, PoisonError};

/// What the process does before there is a file under way.
static BEFORE: OnceLock<fn()> = OnceLock::new();
static BEGUN: Once = Once::new();
static NAMES: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn names() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    NAMES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets `prepare` run before the first file under way is made, as a process does that removes them when it is asked to end.
pub fn before_files_under_way(prepare: fn()) {
    // The first one stays.
    let _ = BEFORE.set(prepare);
}

/// A file under way is about to be made.
pub(super) fn begin() {
    if let Some(prepare) = BEFORE.get() {
        BEGUN.call_once(prepare);
    }
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
