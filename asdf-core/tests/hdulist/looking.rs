//! Files without a tree that are looked at as if they had one.

use super::values::{check, check_cells_at, each_file, shared};
use super::{bytes_of, example, fits, folders, tree};
use asdf_core::array::Slice;
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

/// Images, columns and random groups; gives their number.
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
    if let Some(parameters) = expected["groups"]["pars"].as_array() {
        let names = expected["groups"]["parnames"].as_array().unwrap();
        for (name, expected) in names.iter().zip(parameters) {
            let path = format!("fits/{index}/data/{}", name.as_str().unwrap());
            check(&load_at(file, &path, place), expected, place);
        }
        let pixels = load_at(file, &format!("fits/{index}/data/DATA"), place);
        check(&pixels, &expected["groups"]["data"], place);
        return parameters.len() + 1;
    }
    let columns = expected["table"]["columns"].as_array();
    let columns = columns.map(Vec::as_slice).unwrap_or_default();
    if columns.iter().any(|column| !column["vla"].is_null()) {
        return compare_parts(file, index, columns, place);
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

/// The columns of a table that is not one array.
fn compare_parts(file: &AsdfFile, index: usize, columns: &[Value], place: &str) -> usize {
    for column in columns {
        let name = column["name"].as_str().unwrap();
        let place = format!("{place}, column {name}");
        let path = format!("fits/{index}/data/{name}");
        match column["vla"].as_array() {
            Some(cells) => check_cells_at(file, &path, cells, &place),
            None => check(&load_at(file, &path, &place), &column["array"], &place),
        }
    }
    columns.len()
}

fn load_at<'f>(file: &'f AsdfFile, path: &str, place: &str) -> ArrayData<'f> {
    let array = file.array(path);
    array
        .and_then(|array| array.load())
        .unwrap_or_else(|error| panic!("{place}: {error}"))
}

#[test]
fn parts_of_an_hdu_are_read_in_windows() {
    let file = open(&folders::test_data("fits").join("tables.fits"));
    let mut count = 0;
    for (path, node) in file.arrays().unwrap() {
        let array = file.array_at(node).unwrap();
        let whole = array.load().unwrap();
        let Some(length) = whole.shape().first().copied() else {
            continue;
        };
        for start in 0..length.min(5) {
            let range = Slice::Range {
                start: Some(i64::try_from(start).unwrap()),
                stop: Some(i64::try_from(start + 2).unwrap()),
                step: 1,
            };
            let part = array.load_slices(&[range]).unwrap();
            let wanted = whole.part(&[range]).unwrap();
            assert_eq!(part.to_le_bytes(), wanted.to_le_bytes(), "{path}");
            count += 1;
        }
    }
    assert!(count > 20, "only {count} windows");
}

#[test]
fn a_column_is_selected_by_its_name() {
    let file = open(&folders::test_data("fits").join("tables.fits"));
    let names = |text: &str| {
        let part = file.select(text).unwrap().part.unwrap();
        (part.fields().join("/"), part.slices().len())
    };
    assert_eq!(names("fits/1/data/VEC"), ("VEC".to_owned(), 0));
    assert_eq!(names("fits/1/data.VEC[0:2]"), ("VEC".to_owned(), 1));
    assert_eq!(names("fits/1/data[0:2].VEC"), ("VEC".to_owned(), 1));
    assert_eq!(names("fits/1/data[2].VEC"), ("VEC".to_owned(), 1));
    // Case does not count where one column only is meant (FITS 4.0, section 7.3.2).
    assert_eq!(names("fits/1/data/vec"), ("VEC".to_owned(), 0));
    assert!(file.select("fits/1/data/no such column").is_err());
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
fn no_data_are_null() {
    let folder = folders::test_data("fits");
    let tables = open(&folder.join("tables.fits"));
    let first = tables.node("fits/0/data").unwrap();
    assert!(matches!(first.value(), asdf_core::tree::Value::Null));
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
