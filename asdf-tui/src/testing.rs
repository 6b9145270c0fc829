//! The files of the tests.

use std::path::PathBuf;

/// A file of `test-data`.
pub(crate) fn file(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data");
    PathBuf::from(folder).join(name)
}
