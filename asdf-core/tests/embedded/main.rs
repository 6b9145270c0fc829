//! FITS files that carry an ASDF tree: read, taken apart, put together, changed.
#![cfg(feature = "fits")]
#![expect(clippy::unwrap_used, reason = "tests")]

mod corpus;
mod damaged;
#[path = "../support/exercise.rs"]
mod exercise;
#[path = "../support/exercise_carried.rs"]
mod exercise_carried;
#[path = "../support/folders.rs"]
mod folders;
#[path = "../support/mutate.rs"]
mod mutate;
mod reading;
mod writing;

use asdf_core::AsdfFile;
use std::path::PathBuf;

/// A file of `test-data/fits/embedded`.
fn path_of(name: &str) -> PathBuf {
    folders::test_data("fits").join("embedded").join(name)
}

fn open(name: &str) -> AsdfFile {
    AsdfFile::open(path_of(name)).unwrap_or_else(|error| panic!("{error}"))
}

/// What is told about a file on opening it.
fn warnings(file: &AsdfFile) -> Vec<String> {
    file.warnings()
        .map(|warning| warning.kind.to_string())
        .collect()
}
