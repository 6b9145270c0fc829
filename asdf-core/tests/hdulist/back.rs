//! FITS to ASDF to FITS: the same HDUs.

use super::{back, bytes_of, example, fits, folders, read, tree};
use asdf_core::AsdfFile;
use asdf_core::array::{ArrayData, ArrayRef};
use asdf_core::convert::FitsReadOptions;
use asdf_core::fits::{FitsFile, Hdu, HduKind};
use std::path::Path;

#[test]
fn hdus_of_the_project_come_back() {
    let (same, other) = compare(&folders::test_data("fits"));
    assert!(
        same >= 30,
        "only {same} HDUs byte for byte, {other} as what they mean"
    );
}

#[test]
fn hdus_of_the_shared_folder_come_back() {
    let corpus = folders::corpus().map(|corpus| corpus.join("../fits/files/plain"));
    let Some(folder) = corpus.filter(|folder| folder.is_dir()) else {
        return;
    };
    let (same, other) = compare(&folder);
    eprintln!("shared FITS files: {same} HDUs byte for byte, {other} as what they mean");
    assert!(same >= 60 && other < 50);
}

/// How many HDUs came back byte for byte, and how many as what they mean.
fn compare(folder: &Path) -> (usize, usize) {
    let (mut same, mut other) = (0, 0);
    let mut paths = folders::files(folder, ".fits");
    paths.extend(folders::files(folder, ".fits.gz"));
    for path in paths {
        let name = path.display();
        let file = fits(&path);
        let own = tree(&file, FitsReadOptions::default());
        let written = read(back(&own).unwrap_or_else(|error| panic!("{name}: {error}")));
        assert!(
            written.warnings().is_empty(),
            "{name}: {:?}",
            written.warnings()
        );
        assert_eq!(written.len(), file.len(), "{name}");
        for (ours, theirs) in written.hdus().zip(file.hdus()) {
            if all_bytes(ours) == all_bytes(theirs) {
                same += 1;
                continue;
            }
            let index = theirs.index();
            assert!(!is_exact(theirs), "{name}: HDU {index} is another one");
            // What the table of a compressed image is called when the image has no name.
            let is_nameless =
                theirs.kind() == HduKind::CompressedImage && theirs.name() == "COMPRESSED_IMAGE";
            let expected = if is_nameless { "" } else { theirs.name() };
            assert_eq!((ours.name(), ours.version()), (expected, theirs.version()));
            other += 1;
        }
        // What they mean is the same: it gives the same tree, but for the headers.
        let again = tree(&written, FitsReadOptions::default());
        same_arrays(&own, &again, &name.to_string());
        let raw = tree(&file, FitsReadOptions::default().raw_hdus(true));
        assert_eq!(
            back(&raw).unwrap(),
            bytes_of(&padded(&file)),
            "{name}: not the same bytes"
        );
    }
    (same, other)
}

/// Without what stands after the last HDU.
fn padded(file: &FitsFile) -> FitsFile {
    read(bytes_of(file))
}

fn all_bytes(hdu: Hdu<'_>) -> (Vec<u8>, Vec<u8>) {
    let header = hdu.file().input().slice(hdu.header_span()).unwrap();
    (header.to_vec(), hdu.data().unwrap().to_vec())
}

/// False for HDUs that come back as what they mean.
fn is_exact(hdu: Hdu<'_>) -> bool {
    let integer = |name: &str| name.contains("int");
    match hdu.kind() {
        HduKind::Image => {
            let image = hdu.image().unwrap();
            !image.is_scaled() || integer(image.physical_type().name())
        }
        HduKind::BinTable => hdu
            .table()
            .unwrap()
            .columns()
            .iter()
            .all(|column| !column.is_scaled() || integer(&column.physical_type().to_string())),
        HduKind::Groups | HduKind::Other => true,
        _ => false,
    }
}

fn same_arrays(one: &AsdfFile, two: &AsdfFile, name: &str) {
    let (first, second) = (one.arrays().unwrap(), two.arrays().unwrap());
    assert_eq!(first.len(), second.len(), "{name}");
    for ((path, one_node), (other_path, two_node)) in first.iter().zip(&second) {
        assert_eq!(path, other_path, "{name}");
        if path.to_string().ends_with("raw") {
            continue;
        }
        let one = one.array_at(*one_node).unwrap();
        let two = two.array_at(*two_node).unwrap();
        assert_eq!(one.shape(), two.shape(), "{name} {path}");
        let digests =
            |array: &ArrayRef<'_>| (array.digest().unwrap(), array.mask_digest().unwrap());
        if digests(&one) != digests(&two) {
            same_where_defined(&one, &two, &format!("{name} {path}"));
        }
    }
}

/// Masked numbers whose own number is another one, or which FITS cannot hold beside others: floats have none but NaN. What is
/// defined is the same, and nothing else is undefined.
fn same_where_defined(one: &ArrayRef<'_>, two: &ArrayRef<'_>, place: &str) {
    assert_eq!(
        one.datatype().to_string(),
        two.datatype().to_string(),
        "{place}"
    );
    let (one, two) = (one.load().unwrap(), two.load().unwrap());
    assert!(
        one.mask().is_some(),
        "{place}: nothing is masked, and elements differ"
    );
    let values = |data: &ArrayData<'_>| {
        let values = data.to_f64().unwrap().into_iter().enumerate();
        let is_masked = |at: usize| data.mask().is_some_and(|mask| mask[at]);
        values
            .map(|(at, value)| Some(value).filter(|value| !value.is_nan() && !is_masked(at)))
            .collect::<Vec<_>>()
    };
    assert_eq!(values(&one), values(&two), "{place}");
}

#[test]
fn sums_are_right_when_values_changed() {
    let file = example("checksum.fits");
    let own = tree(&file, FitsReadOptions::default());
    let mut draft = own.to_draft();
    draft
        .set("fits/0/header/4", ["OBJECT", "another", "changed"])
        .unwrap();
    let changed = super::written(draft).unwrap();
    let written = read(back(&changed).unwrap());
    for hdu in written.hdus() {
        let sums = hdu.checksums().unwrap();
        assert!(
            sums.hdu != Some(false) && sums.data != Some(false),
            "HDU {}",
            hdu.index()
        );
    }
    let object = written.hdu(0).unwrap().header().text("OBJECT").unwrap();
    assert_eq!(object.as_deref(), Some("another"));
}
