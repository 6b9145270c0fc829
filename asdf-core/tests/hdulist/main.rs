//! FITS files as trees of HDUs, against what astropy reads from them, and back.
#![cfg(feature = "fits")]
#![expect(clippy::unwrap_used, reason = "tests")]

mod back;
#[path = "../support/folders.rs"]
mod folders;
mod looking;
mod masks;
mod tables;
mod trees;
mod values;
#[cfg(feature = "wcs")]
mod ways_back;
#[cfg(feature = "wcs")]
mod wcs;

use asdf_core::convert::{FitsReadOptions, hdu_list, read_fits, write_fits};
use asdf_core::file::{FileNode, Input};
use asdf_core::fits::FitsFile;
use asdf_core::{AsdfFile, Draft, Limits, OpenOptions, Result, WriteOptions};
use std::io::Cursor;
use std::path::Path;

fn fits(path: &Path) -> FitsFile {
    FitsFile::open(path).unwrap_or_else(|error| panic!("{error}"))
}

/// A file of `test-data/fits`.
fn example(name: &str) -> FitsFile {
    fits(&folders::test_data("fits").join(name))
}

/// A file without gzip around it, with the fill that other software has left out at the end.
fn bytes_of(fits: &FitsFile) -> Vec<u8> {
    let end = fits.hdus().last().unwrap().end();
    let mut bytes = fits.input().whole().unwrap().to_vec();
    bytes.resize(usize::try_from(end).unwrap(), 0);
    bytes
}

#[expect(clippy::needless_pass_by_value, reason = "a draft that was just made")]
fn written(draft: Draft<'_>) -> Result<AsdfFile> {
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &WriteOptions::default())?;
    OpenOptions::default().read_bytes(sink.into_inner(), "x.asdf")
}

fn tree(fits: &FitsFile, options: FitsReadOptions) -> AsdfFile {
    let draft = read_fits(fits, &options);
    draft
        .and_then(written)
        .unwrap_or_else(|error| panic!("{error}"))
}

fn back(file: &AsdfFile) -> Result<Vec<u8>> {
    let node = hdu_list(file.tree().root()).unwrap_or_else(|| file.node("fits").unwrap());
    let mut out = Vec::new();
    write_fits(FileNode { file, node }, &mut out)?;
    Ok(out)
}

/// An ASDF file of a tree as text.
fn file(text: &str) -> AsdfFile {
    let mut draft = Draft::new();
    let text = format!("%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n{text}");
    draft.set_text(&text).unwrap();
    written(draft).unwrap()
}

fn read(bytes: Vec<u8>) -> FitsFile {
    FitsFile::new(Input::from(bytes), &Limits::default()).unwrap()
}
