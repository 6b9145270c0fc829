//! Does with a FITS file that may carry a tree what only such a file allows.

use asdf_core::file::{EmbedOptions, strip_tree};
use asdf_core::inspect::{HduInfo, HduReport};
use asdf_core::{AsdfFile, Error, OpenOptions, WriteOptions};
use std::io::Cursor;

/// Lists and checks its HDUs, writes its tree into a FITS file and into a file of its own, and takes it away.
/// Gives all errors. What was written must be readable.
pub(crate) fn exercise(file: &AsdfFile) -> Vec<Error> {
    let Some(fits) = file.fits() else {
        return Vec::new();
    };
    for hdu in HduInfo::all(file) {
        assert!(!hdu.contents().is_empty());
    }
    let mut errors: Vec<Error> = HduReport::all(fits)
        .into_iter()
        .filter_map(|report| report.error)
        .collect();
    let open = |bytes: Vec<u8>| {
        let options = OpenOptions::default().limits(file.limits().clone());
        options.read_bytes(bytes, "written")
    };
    let mut carried = Vec::new();
    let embed = EmbedOptions::default();
    match file
        .to_draft()
        .embed(&mut carried, &embed, &WriteOptions::default())
    {
        Ok(()) => {
            let again = open(carried).unwrap_or_else(|error| panic!("{error}"));
            assert!(again.tree_hdu().is_some());
        }
        Err(error) => errors.push(error),
    }
    let mut own = Cursor::new(Vec::new());
    match file.to_draft().write(&mut own, &WriteOptions::default()) {
        Ok(()) => {
            let again = open(own.into_inner()).unwrap_or_else(|error| panic!("{error}"));
            assert!(again.fits().is_none());
        }
        Err(error) => errors.push(error),
    }
    let mut plain = Vec::new();
    if let Err(error) = strip_tree(fits, &mut plain) {
        errors.push(error);
    } else {
        let again = open(plain).unwrap_or_else(|error| panic!("{error}"));
        assert!(again.tree_hdu().is_none());
    }
    let _ = errors.iter().map(ToString::to_string).count();
    errors
}
