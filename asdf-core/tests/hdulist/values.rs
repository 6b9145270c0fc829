//! The arrays of the trees against `NAME.expected.json`.

use super::{fits, folders, tree};
use asdf_core::array::{Datatype, Scalar};
use asdf_core::convert::FitsReadOptions;
use asdf_core::{ArrayData, AsdfFile};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

#[test]
fn arrays_of_the_project_are_those_of_astropy() {
    let count = compare(&folders::test_data("fits"));
    assert!(count >= 60, "only {count} arrays");
}

#[test]
fn arrays_of_the_shared_folder_are_those_of_astropy() {
    let Some(folder) = shared() else {
        return;
    };
    let count = compare(&folder);
    assert!(count >= 80, "only {count} arrays");
    eprintln!("{count} arrays of shared FITS files agree");
}

fn compare(folder: &Path) -> usize {
    each_file(folder, |path, hdus| {
        let file = fits(path);
        let mut count = 0;
        for native in [false, true] {
            let tree = tree(&file, FitsReadOptions::default().native(native));
            for (index, hdu) in hdus.iter().enumerate() {
                let place = format!("{}: HDU {index}", path.display());
                count += compare_hdu(&tree, index, hdu, &place);
            }
        }
        count
    })
}

/// The shared files without a tree.
pub(super) fn shared() -> Option<PathBuf> {
    let corpus = folders::corpus().map(|corpus| corpus.join("../fits/files/plain"));
    corpus.filter(|folder| folder.is_dir())
}

/// Calls with each file and what is expected of its HDUs; gives the sum of the counts.
pub(super) fn each_file(folder: &Path, mut check: impl FnMut(&Path, &[Value]) -> usize) -> usize {
    let mut count = 0;
    for sidecar in folders::files(folder, folders::SUFFIX) {
        let expected: Value = serde_json::from_slice(&std::fs::read(&sidecar).unwrap()).unwrap();
        if let Some(hdus) = expected["hdus"].as_array() {
            count += check(&folders::described(&sidecar), hdus);
        }
    }
    count
}

fn compare_hdu(tree: &AsdfFile, index: usize, expected: &Value, place: &str) -> usize {
    let data = |rest: &str| {
        let array = tree.array(format!("fits/{index}/data{rest}").as_str());
        array
            .and_then(|array| array.load())
            .unwrap_or_else(|error| panic!("{place}: {error}"))
    };
    if !expected["image"].is_null() {
        check(&data(""), &expected["image"], place);
        return 1;
    }
    if let Some(parameters) = expected["groups"]["pars"].as_array() {
        for (number, expected) in parameters.iter().enumerate() {
            check(&data(&format!("/columns/{number}/data")), expected, place);
        }
        let rest = format!("/columns/{}/data", parameters.len());
        check(&data(&rest), &expected["groups"]["data"], place);
        return parameters.len() + 1;
    }
    let mut count = 0;
    let (mut fixed, mut variable) = (0, 0);
    for column in expected["table"]["columns"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let place = format!("{place}, column {}", column["name"]);
        if let Some(cells) = column["vla"].as_array() {
            check_cells(tree, index, variable, cells, &place);
            variable += 1;
            count += 1;
            continue;
        }
        if !column["array"].is_null() {
            check(
                &data(&format!("/columns/{fixed}/data")),
                &column["array"],
                &place,
            );
            count += 1;
        }
        fixed += 1;
    }
    count
}

fn check_cells(tree: &AsdfFile, hdu: usize, column: usize, cells: &[Value], place: &str) {
    let path = format!("fits/{hdu}/variable_columns/{column}");
    check_cells_at(tree, &path, cells, place);
}

/// Arrays of different lengths: `offsets` and `values` below a path.
pub(super) fn check_cells_at(tree: &AsdfFile, path: &str, cells: &[Value], place: &str) {
    let array = |key: &str| {
        let path = format!("{path}/{key}");
        tree.array(path.as_str()).unwrap().load().unwrap()
    };
    let (values, offsets) = (array("values"), array("offsets"));
    let offsets: Vec<usize> = offsets
        .view::<i64>()
        .unwrap()
        .iter()
        .map(|offset| usize::try_from(offset).unwrap())
        .collect();
    let size = usize::try_from(values.datatype().size()).unwrap();
    let bytes = values.to_le_bytes();
    assert_eq!(offsets.len(), cells.len() + 1, "{place}");
    for (range, cell) in offsets.windows(2).zip(cells) {
        let part = &bytes[range[0] * size..range[1] * size];
        assert_eq!(cell["sha256"], sha256(part).as_str(), "{place}");
    }
}

pub(super) fn check(data: &ArrayData<'_>, expected: &Value, place: &str) {
    assert_eq!(Value::from(data.shape()), expected["shape"], "{place}");
    let name = expected["dtype"].as_str().unwrap();
    assert_eq!(
        dtype(data.datatype()),
        name.trim_start_matches(['<', '>', '|']),
        "{place}"
    );
    let found = sha256(&data.to_le_bytes());
    let normal = sha256(&normal(data));
    let wanted = expected["sha256"].as_str().unwrap();
    assert!(wanted == found || wanted == normal, "{place}: other values");
}

fn dtype(datatype: &Datatype) -> String {
    let Datatype::Scalar(scalar) = datatype else {
        return datatype.to_string();
    };
    let letter = match scalar {
        Scalar::Bool8 => 'b',
        Scalar::Complex64 | Scalar::Complex128 => 'c',
        Scalar::Float16 | Scalar::Float32 | Scalar::Float64 => 'f',
        other if other.name().starts_with('u') => 'u',
        _ => 'i',
    };
    format!("{letter}{}", scalar.size())
}

/// Little-endian bytes with every NaN as numpy makes it.
fn normal(data: &ArrayData<'_>) -> Vec<u8> {
    let mut bytes = data.to_le_bytes();
    let single = *data.datatype() == Scalar::Float32.into();
    if single {
        for place in bytes.chunks_exact_mut(4) {
            if f32::from_le_bytes(place.try_into().unwrap()).is_nan() {
                place.copy_from_slice(&0x7fc0_0000_u32.to_le_bytes());
            }
        }
    }
    bytes
}

fn sha256(bytes: &[u8]) -> String {
    asdf_core::block::hex(&Sha256::digest(bytes))
}
