//! A file on disk with what may lie beside it.

use super::limits;
use asdf_core::{AsdfFile, Error, OpenOptions};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder with `x.asdf`, gone when it is dropped.
pub(super) struct Disk {
    _folder: tempfile::TempDir,
    pub(super) path: PathBuf,
    pub(super) journal: PathBuf,
}

impl Disk {
    /// In memory where that is possible: each write of a journal waits for the disk.
    pub(super) fn new(bytes: &[u8]) -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        let folder = folder.expect("a folder for temporary files");
        let path = folder.path().join("x.asdf");
        fs::write(&path, bytes).expect("a temporary file");
        Self {
            journal: folder.path().join(".x.asdf.asdf-journal"),
            path,
            _folder: folder,
        }
    }

    pub(super) fn open(&self, mapping: bool) -> Result<AsdfFile, Error> {
        let options = OpenOptions::default().limits(limits());
        options.mapping(mapping).open(&self.path)
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        fs::read(&self.path).expect("the file is there")
    }
}
