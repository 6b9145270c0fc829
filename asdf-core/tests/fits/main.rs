//! FITS files against what astropy reads, hostile ones, and what the writer makes.
#![cfg(feature = "fits")]
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../support/exercise_fits.rs"]
mod exercise;
mod expected;
#[path = "../support/folders.rs"]
mod folders;
mod hostile;
mod reading;
mod writing;
mod ztable;

use asdf_core::Limits;
use asdf_core::Result;
use asdf_core::file::Input;
use asdf_core::fits::FitsFile;

/// A file of `test-data/fits`.
fn open(name: &str) -> FitsFile {
    let path = folders::test_data("fits").join(name);
    FitsFile::open(&path).unwrap_or_else(|error| panic!("{error}"))
}

fn bytes_of(name: &str) -> Vec<u8> {
    std::fs::read(folders::test_data("fits").join(name)).unwrap()
}

fn read(bytes: Vec<u8>) -> Result<FitsFile> {
    FitsFile::new(Input::from(bytes), &Limits::default())
}
