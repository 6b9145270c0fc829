//! FITS to ASDF to FITS: the same arrays, and nothing changes when it is done again.

use super::limits;
use asdf_core::convert::{FitsReadOptions, hdu_list, read_fits, write_fits};
use asdf_core::file::{FileNode, Input};
use asdf_core::fits::FitsFile;
use asdf_core::limits::Limit;
use asdf_core::{AsdfFile, Error, Limits, OpenOptions, WriteOptions};
use std::io::Cursor;

/// A FITS file; its first byte chooses whether HDUs are kept as bytes.
pub(crate) fn fits_round(data: &[u8]) {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    let mut limits = limits();
    limits.set(Limit::TileBytes, 1 << 20);
    let options = FitsReadOptions::default().raw_hdus(choice & 1 == 1);
    let Ok(first) = FitsFile::new(Input::from(data.to_vec()), &limits) else {
        return;
    };
    let Ok(tree) = tree(&first, options, &limits) else {
        return;
    };
    let Ok(bytes) = back(&tree) else {
        return;
    };
    let second = match FitsFile::new(Input::from(bytes.clone()), &limits) {
        Ok(second) => second,
        Err(error) => {
            assert!(error.is_limit(), "what was written cannot be read: {error}");
            return;
        }
    };
    assert_eq!(second.len(), first.len().max(1), "HDUs");
    let again = match self::tree(&second, options, &limits) {
        Ok(again) => again,
        Err(error) => {
            assert!(error.is_limit(), "no tree of what was written: {error}");
            return;
        }
    };
    same_arrays(&tree, &again);
    match back(&again) {
        Ok(twice) => assert!(twice == bytes, "written twice it is another file"),
        Err(error) => assert!(error.is_limit(), "what was written once: {error}"),
    }
}

fn tree(fits: &FitsFile, options: FitsReadOptions, limits: &Limits) -> Result<AsdfFile, Error> {
    let mut sink = Cursor::new(Vec::new());
    read_fits(fits, &options)?.write(&mut sink, &WriteOptions::default())?;
    let options = OpenOptions::default().limits(limits.clone());
    options.read_bytes(sink.into_inner(), "x.asdf")
}

fn back(file: &AsdfFile) -> Result<Vec<u8>, Error> {
    let node = hdu_list(file.tree().root()).expect("the list that was written");
    let mut out = Vec::new();
    write_fits(FileNode { file, node }, &mut out)?;
    Ok(out)
}

fn same_arrays(one: &AsdfFile, two: &AsdfFile) {
    let (Ok(first), Ok(second)) = (one.arrays(), two.arrays()) else {
        return;
    };
    assert_eq!(first.len(), second.len(), "arrays");
    for ((path, one_node), (other, two_node)) in first.iter().zip(&second) {
        assert_eq!(path, other);
        if path.to_string().ends_with("raw") {
            continue;
        }
        let (Ok(one), Ok(two)) = (one.array_at(*one_node), two.array_at(*two_node)) else {
            continue;
        };
        assert_eq!(one.shape(), two.shape(), "{path}");
        if let (Ok(a), Ok(b)) = (one.digest(), two.digest()) {
            assert_eq!(a, b, "elements of {path}");
        }
        if let (Ok(a), Ok(b)) = (one.mask_digest(), two.mask_digest()) {
            assert_eq!(a, b, "mask of {path}");
        }
    }
}
