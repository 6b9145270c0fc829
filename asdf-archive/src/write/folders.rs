//! The folders of a catalogue, which go again when nothing comes to stand in them.

use crate::fault::io;
use asdf_core::Result;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders that were made; those that are empty in the end are removed.
#[derive(Debug, Default)]
pub(super) struct Folders(Vec<PathBuf>);

impl Folders {
    /// Makes a folder, with those above it.
    ///
    /// # Errors
    /// It cannot be made.
    pub(super) fn make(&mut self, folder: &Path) -> Result<()> {
        let missing = folder.ancestors().take_while(|folder| {
            !folder.as_os_str().is_empty() && folder.symlink_metadata().is_err()
        });
        let missing: Vec<PathBuf> = missing.map(Path::to_path_buf).collect();
        // The inner ones first, and before those that were made earlier.
        self.0.splice(0..0, missing);
        fs::create_dir_all(folder).map_err(io(folder))
    }

    /// They stay, whatever is in them.
    pub(super) fn keep(&mut self) {
        self.0.clear();
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        for folder in &self.0 {
            // One that holds something stays.
            let _ = fs::remove_dir(folder);
        }
    }
}
