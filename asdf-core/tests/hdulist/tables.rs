//! Tables as astropy has them in FITS and as asdf-astropy has them in ASDF: the one becomes the other, both ways. The files were
//! written by astropy and asdf-astropy of the same table.

use super::{folders, written};
use asdf_core::convert::{read_fits_tables, table_nodes, write_fits_tables};
use asdf_core::fits::FitsFile;
use asdf_core::tree::{Map, Node, Value};
use asdf_core::{AsdfFile, Draft, OpenOptions};

fn example(name: &str) -> std::path::PathBuf {
    folders::test_data("fits").join(name)
}

fn read(name: &str) -> AsdfFile {
    let fits = FitsFile::open(example(name)).unwrap();
    let read = read_fits_tables(&fits, None).unwrap();
    assert!(read.warnings.is_empty(), "{:?}", read.warnings);
    let own: Draft<'_> = read.draft;
    written(own).unwrap()
}

/// The tables of a tree as FITS and back.
fn back(file: &AsdfFile) -> AsdfFile {
    let mut bytes = Vec::new();
    let warnings = write_fits_tables(&table_nodes(file).unwrap(), &[], &mut bytes).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    let fits = OpenOptions::default().read_bytes(bytes, "x.fits").unwrap();
    let read = read_fits_tables(fits.fits().unwrap(), None).unwrap();
    written(read.draft).unwrap()
}

/// Elements that have a value, and `null` for the others.
fn elements(file: &AsdfFile, node: Node<'_>) -> serde_json::Value {
    let data = file.array_at(node).unwrap().load().unwrap();
    let mut out = Vec::new();
    data.write_json(&mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

/// Compares nodes by what they are: arrays by type, shape and elements, times as moments.
fn same(one: (&AsdfFile, Node<'_>), two: (&AsdfFile, Node<'_>), place: &str) {
    let tag = |node: Node<'_>| node.tag().map(|tag| tag.base().to_owned());
    let (left, right) = (one.1, two.1);
    if tag(left).is_some_and(|tag| tag.ends_with("core/ndarray")) {
        let shape = |file: &AsdfFile, node| file.array_at(node).unwrap().shape().to_vec();
        assert_eq!(shape(one.0, left), shape(two.0, right), "{place}");
        assert_eq!(elements(one.0, left), elements(two.0, right), "{place}");
        return;
    }
    if tag(left).is_some_and(|tag| tag.ends_with("time/time")) {
        let mjd = |file: &AsdfFile, node: Node<'_>| {
            let time: asdf_core::tagged::Time<'_> = file.tagged(node.path()).unwrap();
            (time.scale(), time.location.is_some(), time.mjd().unwrap())
        };
        let (left, right) = (mjd(one.0, left), mjd(two.0, right));
        assert_eq!((left.0, left.1), (right.0, right.1), "{place}");
        for (left, right) in left.2.iter().zip(&right.2) {
            assert!((left - right).abs() < 1e-11, "{place}: {left} {right}");
        }
        return;
    }
    match (left.as_map(), right.as_map()) {
        (Some(left), Some(right)) => {
            for (key, value) in left {
                let key = key.key_text().into_owned();
                // How it is shown, what is said already, and what says nothing.
                if ["datatype", "format", "info"].contains(&key.as_str()) {
                    continue;
                }
                let other = Map::get(right, &key);
                let other = other.unwrap_or_else(|| panic!("{place}: no {key}"));
                same((one.0, value), (two.0, other), &format!("{place}.{key}"));
            }
        }
        (None, None) => match (left.as_seq(), right.as_seq()) {
            (Some(left), Some(right)) => {
                assert_eq!(left.len(), right.len(), "{place}");
                for (index, (left, right)) in left.iter().zip(right.iter()).enumerate() {
                    same((one.0, left), (two.0, right), &format!("{place}[{index}]"));
                }
            }
            _ => assert_eq!(scalar(left), scalar(right), "{place}"),
        },
        _ => panic!("{place}: {} and {}", left.describe(), right.describe()),
    }
}

fn scalar(node: Node<'_>) -> String {
    match node.value() {
        // 1 and 1.0 are one number.
        Value::Int(number) => format!("{number}.0"),
        Value::Float(number) => format!("{number:?}"),
        _ => node.key_text().into_owned(),
    }
}

fn units(node: Node<'_>) -> Option<String> {
    let unit = node.get("unit")?.text()?;
    // Factors may stand in any order.
    let mut factors: Vec<&str> = unit
        .split(['.', '/', ' '])
        .filter(|text| !text.is_empty())
        .collect();
    factors.sort_unstable();
    Some(factors.join("."))
}

/// Compares tables, in which a quantity is the same as a column with a unit.
fn same_tables(one: (&AsdfFile, &str), two: (&AsdfFile, &str)) {
    let (left, right) = (one.0.node(one.1).unwrap(), two.0.node(two.1).unwrap());
    let list = |node: Node<'_>, key: &str| -> Vec<String> {
        let list = node.get(key).unwrap().as_seq().unwrap();
        list.iter()
            .map(|name| name.key_text().into_owned())
            .collect()
    };
    assert_eq!(list(left, "colnames"), list(right, "colnames"));
    let columns = |node| Node::get(node, "columns").unwrap().as_seq().unwrap();
    let names = list(left, "colnames");
    for ((left, right), name) in columns(left).iter().zip(columns(right).iter()).zip(names) {
        let array = |node: Node<'_>| node.get("data").or(node.get("value")).map(Node::path);
        let is_plain = |node: Node<'_>| {
            let tag = node.tag().unwrap().base();
            tag.ends_with("/column") || tag.ends_with("/quantity")
        };
        if !is_plain(left) {
            same((one.0, left), (two.0, right), &name);
            continue;
        }
        assert_eq!(units(left).is_some(), units(right).is_some(), "{name}");
        for key in ["description", "meta"] {
            assert_eq!(
                left.get(key).is_some(),
                right.get(key).is_some(),
                "{name}.{key}"
            );
            if let (Some(left), Some(right)) = (left.get(key), right.get(key)) {
                same((one.0, left), (two.0, right), &format!("{name}.{key}"));
            }
        }
        let left = one.0.node(array(left).unwrap()).unwrap();
        let right = two.0.node(array(right).unwrap()).unwrap();
        same((one.0, left), (two.0, right), &name);
    }
    let meta = |node: Node<'_>| {
        let pairs = node.get("meta").unwrap().as_map().unwrap();
        let pairs = pairs
            .iter()
            .filter(|(key, _)| key.text() != Some("EXTNAME"));
        let mut names: Vec<String> = pairs.map(|(key, _)| key.key_text().into_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(meta(left), meta(right));
}

#[test]
fn a_table_of_fits_is_that_of_the_tree() {
    let (found, theirs) = (
        read("astropy_table.fits"),
        AsdfFile::open(example("astropy_table.asdf")),
    );
    same_tables((&found, "table"), (&theirs.unwrap(), "catalogue"));
}

#[test]
fn a_table_of_a_tree_comes_back_from_fits() {
    let theirs = AsdfFile::open(example("astropy_table.asdf")).unwrap();
    let found = back(&theirs);
    same_tables((&theirs, "catalogue"), (&found, "catalogue"));
    let again = back(&found);
    same_tables((&found, "catalogue"), (&again, "catalogue"));
}

/// Values by the generator: `x` as often as the number of the row, and so on.
#[test]
fn what_only_fits_has_becomes_what_a_table_of_a_tree_has() {
    let file = read("astropy_more.fits");
    let data = |path: &str| elements(&file, file.node(path).unwrap());
    let none = serde_json::Value::Null;
    assert_eq!(
        data("EVENTS/columns/0/data"),
        serde_json::json!([
            [none, none, none],
            [1.0, none, none],
            [2.0, 3.0, none],
            [3.0, 4.0, 5.0]
        ])
    );
    assert_eq!(
        data("EVENTS/columns/1/data"),
        serde_json::json!(["", "x", "xx", "xxx"])
    );
    assert_eq!(
        data("EVENTS/columns/0/meta/variable_lengths"),
        serde_json::json!([0, 1, 2, 3])
    );
    let time: asdf_core::tagged::Time<'_> = file.tagged("EVENTS/columns/2").unwrap();
    assert_eq!(time.scale(), asdf_core::tagged::TimeScale::Tt);
    let error = time.mjd().unwrap()[1] - (50814.0 + 5.25e8 / 86400.0);
    assert!(error.abs() < 1e-11, "{error}");
    let angles = file.node("ANGLES/columns/0").unwrap();
    assert_eq!(angles.get("unit").and_then(Node::text), Some("deg"));
    let lengths = back(&file);
    let cells = lengths.node("EVENTS/columns/0/data").unwrap();
    assert_eq!(elements(&lengths, cells), data("EVENTS/columns/0/data"));
}

#[test]
fn damaged_comments_leave_the_columns_as_fits_has_them() {
    let bytes = std::fs::read(example("astropy_table.fits")).unwrap();
    let at = bytes
        .windows(10)
        .position(|part| part == b"meta: !!om")
        .unwrap();
    let mut changed = bytes.clone();
    changed[at..at + 10].copy_from_slice(b"meta: [[[[");
    let file = OpenOptions::default()
        .read_bytes(changed, "x.fits")
        .unwrap();
    let read = read_fits_tables(file.fits().unwrap(), None).unwrap();
    assert_eq!(read.warnings.len(), 1);
    assert!(
        read.warnings[0]
            .to_string()
            .contains("taken as FITS has them")
    );
    let plain = written(read.draft).unwrap();
    let names = plain.node("table/colnames").unwrap().as_seq().unwrap();
    assert!(names.iter().any(|name| name.text() == Some("icrs.ra")));
}
