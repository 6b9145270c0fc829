//! Files without a tree that are looked at as if they had one.

use super::values::{check, each_file, shared};
use super::{bytes_of, example, fits, folders, tree};
use asdf_core::convert::{FitsHeaders, FitsReadOptions};
use asdf_core::{ArrayData, AsdfFile, OpenOptions};
use serde_json::Value;
use std::path::Path;

fn open(path: &Path) -> AsdfFile {
    let file = AsdfFile::open(path).and_then(AsdfFile::with_hdu_tree);
    file.unwrap_or_else(|error| panic!("{error}"))
}

fn load<'f>(file: &'f AsdfFile, index: usize, place: &str) -> ArrayData<'f> {
    let array = file.array(format!("fits/{index}/data").as_str());
    array
        .and_then(|array| array.load())
        .unwrap_or_else(|error| panic!("{place}: {error}"))
}

#[test]
fn files_of_the_project_show_what_astropy_reads() {
    let count = compare(&folders::test_data("fits"));
    assert!(count >= 50, "only {count} arrays");
}

#[test]
fn files_of_the_shared_folder_show_what_astropy_reads() {
    let Some(folder) = shared() else {
        return;
    };
    let count = compare(&folder);
    assert!(count >= 70, "only {count} arrays");
    eprintln!("{count} arrays of shared FITS files agree");
}

/// Images and columns of fixed length; gives their number.
fn compare(folder: &Path) -> usize {
    each_file(folder, |path, hdus| {
        let file = open(path);
        let looked_at = hdus
            .iter()
            .enumerate()
            .filter(|_| file.tree_hdu().is_none());
        looked_at
            .map(|(index, hdu)| {
                let place = format!("{}: HDU {index}", path.display());
                compare_hdu(&file, index, hdu, &place)
            })
            .sum()
    })
}

fn compare_hdu(file: &AsdfFile, index: usize, expected: &Value, place: &str) -> usize {
    if !expected["image"].is_null() {
        check(&load(file, index, place), &expected["image"], place);
        return 1;
    }
    let columns = expected["table"]["columns"].as_array();
    let columns = columns.map(Vec::as_slice).unwrap_or_default();
    if columns.iter().any(|column| !column["vla"].is_null()) {
        return 0;
    }
    let fixed = columns.iter().filter(|column| !column["array"].is_null());
    fixed
        .map(|column| {
            let place = format!("{place}, column {}", column["name"]);
            let rows = load(file, index, &place);
            let field = rows.field(column["name"].as_str().unwrap()).unwrap();
            check(&field, &column["array"], &place);
        })
        .count()
}

#[test]
fn headers_are_those_that_a_conversion_writes() {
    let path = folders::test_data("fits").join("header.fits");
    let options = FitsReadOptions::default().headers(FitsHeaders::Mapping);
    let (shown, written) = (open(&path), tree(&fits(&path), options));
    let json = |file: &AsdfFile| -> Value { file.node("fits/0/header").unwrap().read().unwrap() };
    let (mut shown, mut written) = (json(&shown), json(&written));
    // Looked at it is the number that it is; written it is one that the reference can write again.
    let take = |header: &mut Value| header.as_object_mut().unwrap().remove("BIGINT").unwrap();
    assert_eq!(take(&mut shown).to_string(), "12345678901234567890");
    assert_eq!(take(&mut written), "12345678901234567890");
    assert_eq!(shown, written);
    assert_eq!(shown["BITPIX"], 8);
}

#[test]
fn no_data_are_null_and_data_that_are_no_array_say_so() {
    let folder = folders::test_data("fits");
    let tables = open(&folder.join("tables.fits"));
    let first = tables.node("fits/0/data").unwrap();
    assert!(matches!(first.value(), asdf_core::tree::Value::Null));
    let groups = open(&folder.join("groups.fits"));
    let error = groups.array("fits/0/data").unwrap_err().to_string();
    assert!(
        error.contains("HDU 0 at 0x0..") && error.contains("random groups"),
        "{error}"
    );
}

#[test]
fn a_tree_that_is_there_stays_as_it_is() {
    let embedded = folders::test_data("fits").join("embedded/product.fits");
    let plain = AsdfFile::open(&embedded).unwrap();
    let shown = open(&embedded);
    let own = plain.tree().text().strip_suffix("...\n").unwrap();
    assert!(shown.tree().text().starts_with(own));
    let hdus = shown.node("fits").unwrap().as_seq().unwrap().len();
    assert_eq!(hdus, fits(&embedded).hdus().len());
    let made = folders::test_data("made").join("roman_exposure.asdf");
    let plain = AsdfFile::open(&made).unwrap();
    assert_eq!(open(&made).tree().text(), plain.tree().text());
}

#[test]
fn cut_data_are_an_error_of_their_array_only() {
    let mut bytes = bytes_of(&example("images.fits"));
    bytes.truncate(bytes.len() - 4000);
    let file = OpenOptions::default().read_bytes(bytes, "cut.fits");
    let file = file.and_then(AsdfFile::with_hdu_tree).unwrap();
    let arrays: Vec<_> = file.arrays().unwrap();
    let readable = |node| file.array_at(node).and_then(|array| array.load()).is_ok();
    let good = arrays.iter().filter(|(_, node)| readable(*node)).count();
    assert!(0 < good && good < arrays.len(), "{good}");
}
