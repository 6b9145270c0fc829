//! What asdf-astropy writes is read as astropy reads it, and written again as it was.

use super::*;
use crate::array::is_array;
use crate::file::{AsdfFile, OpenOptions, WriteOptions};
use crate::tree::{Node, Value};
use serde_json::Value as Json;
use std::io::Cursor;
use std::path::{Path, PathBuf};

fn path(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("../test-data/tagged").join(name)
}

fn read(bytes: Vec<u8>) -> AsdfFile {
    OpenOptions::default()
        .read_bytes(bytes, "made.asdf")
        .unwrap()
}

fn objects() -> (AsdfFile, Json) {
    let text = std::fs::read_to_string(path("objects.json")).unwrap();
    let expected = serde_json::from_str(&text).unwrap();
    (AsdfFile::open(path("objects.asdf")).unwrap(), expected)
}

/// Each object of a kind: its path, and what astropy says of it.
fn each<'j>(expected: &'j Json, kind: &str) -> Vec<(String, &'j Json)> {
    let map = expected[kind].as_object().unwrap().iter();
    let all: Vec<_> = map
        .map(|(name, about)| (format!("{kind}/{name}"), about))
        .collect();
    assert!(all.len() > 1, "{kind}");
    all
}

fn assert_close(found: &[f64], expected: &Json, what: &str) {
    let expected: Vec<f64> = expected
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_f64().unwrap())
        .collect();
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(&expected) {
        let error = (found - expected).abs();
        assert!(
            error <= 1e-15 * expected.abs(),
            "{what}: {found} {expected}"
        );
    }
}

fn assert_moment(time: &Time<'_>, expected: &Json, what: &str) {
    assert_close(&time.mjd().unwrap(), &expected["mjd"], what);
    assert_eq!(time.scale().name(), expected["scale"], "{what}");
}

#[test]
fn times_are_those_of_astropy() {
    let (file, expected) = objects();
    for (path, about) in each(&expected, "times") {
        assert_moment(&file.tagged(path.as_str()).unwrap(), about, &path);
    }
    let placed: Time<'_> = file.tagged("times/placed").unwrap();
    let location = placed.location.unwrap().map(|length| length.to_string());
    assert_eq!(location, ["1.0 m", "2.0 m", "3.0 m"]);
    let fits: Time<'_> = file.tagged("times/fits").unwrap();
    assert_eq!(fits.base_format, Some(TimeFormat::Fits));
}

#[test]
fn quantities_are_those_of_astropy() {
    let (file, expected) = objects();
    for (path, about) in each(&expected, "quantities") {
        let quantity: Quantity<'_> = file.tagged(path.as_str()).unwrap();
        let unit = about["unit"].as_str().unwrap();
        assert_close(&quantity.numbers_in(unit).unwrap(), &about["values"], &path);
    }
}

#[test]
fn positions_are_those_of_astropy() {
    let (file, expected) = objects();
    for (path, about) in each(&expected, "sky") {
        let sky: SkyCoord<'_> = file.tagged(path.as_str()).unwrap();
        assert_eq!(*sky.frame.name, *about["frame"].as_str().unwrap(), "{path}");
        let found = sky.degrees().unwrap();
        let pairs = about["degrees"].as_array().unwrap();
        assert_eq!(found.len(), pairs.len(), "{path}");
        for (found, expected) in found.iter().zip(pairs) {
            assert_close(found, expected, &path);
        }
        let distance = sky
            .distance
            .map(|distance| distance.numbers_in("pc").unwrap());
        assert_eq!(distance.is_some(), about.get("parsecs").is_some(), "{path}");
        if let Some(distance) = distance {
            assert_close(&distance, &about["parsecs"], &path);
        }
        for (key, time) in [
            ("equinox", sky.frame.equinox),
            ("obstime", sky.frame.obstime),
        ] {
            match time {
                Some(time) => assert_moment(&time, &about[key], &path),
                // The B1950 of FK4 is its default and stands in no file.
                None => assert!(about.get(key).is_none(), "{path} {key}"),
            }
        }
    }
}

#[test]
fn tables_are_those_of_astropy() {
    let (file, expected) = objects();
    for (path, about) in each(&expected, "tables") {
        let table: Table<'_> = file.tagged(path.as_str()).unwrap();
        assert_eq!(table.is_qtable, path.ends_with("qtable"));
        let about = about.as_object().unwrap();
        assert_eq!(table.columns.len(), about.len(), "{path}");
        for (name, about) in about {
            let column = table.column(name).unwrap();
            let unit = column.unit.as_ref().map(UnitName::as_str);
            assert_eq!(
                unit,
                about.get("unit").and_then(Json::as_str),
                "{path} {name}"
            );
            let description = about.get("description").and_then(Json::as_str);
            assert_eq!(column.description.as_deref(), description);
            let array = column.array();
            match about["kind"].as_str().unwrap() {
                "sky" => assert!(array.unwrap_err().is_mismatch()),
                "text" => {
                    let data = array.unwrap().load().unwrap();
                    let texts: Vec<String> = data.records().map(Result::unwrap).collect();
                    assert_eq!(Json::from(texts), about["values"]);
                }
                _ => {
                    let numbers = array.unwrap().load().unwrap().to_f64().unwrap();
                    assert_close(&numbers, &about["values"], name);
                }
            }
        }
    }
    let names: Vec<String> = file
        .column("tables/qtable", "name")
        .unwrap()
        .records()
        .map(Result::unwrap)
        .collect();
    assert_eq!(names, ["x", "yy"]);
}

#[test]
fn history_has_its_software() {
    let (file, _) = objects();
    let tool = Software {
        author: Some("nobody".to_owned()),
        homepage: Some("http://example.org".to_owned()),
        ..Software::new("tool", "1.0")
    };
    let entry = HistoryEntry {
        description: Some("made".to_owned()),
        time: Some("2026-11-23T08:15:00".to_owned()),
        software: vec![tool],
    };
    let found: HistoryEntry = file.tagged("history/entries/0").unwrap();
    assert_eq!(found, entry);
    assert_eq!(file.history(), [entry]);
}

/// What is written must say what was read: the same tags, keys and values. Left out may be the datatype of a single number, which
/// astropy writes, and motions, which are not read.
fn assert_same(new: Node<'_>, old: Node<'_>, files: (&AsdfFile, &AsdfFile)) {
    let what = new.path();
    assert_eq!(new.tag(), old.tag(), "{what}");
    if is_array(new) {
        let digest = |file: &AsdfFile, path| file.array(&path).unwrap().digest().unwrap();
        assert_eq!(
            digest(files.0, new.path()),
            digest(files.1, old.path()),
            "{what}"
        );
        return;
    }
    match (new.value(), old.value()) {
        (Value::Map(new), Value::Map(old)) => {
            for (key, value) in new {
                let key = key.key_text();
                let before = old
                    .get(&key)
                    .unwrap_or_else(|| panic!("{what}: {key} is new"));
                assert_same(value, before, files);
            }
            let left_out = ["datatype", "pm_dec", "pm_ra_cosdec", "differential_type"];
            for (key, _) in old {
                let key = key.key_text();
                assert!(
                    new.get(&key).is_some() || left_out.contains(&&*key),
                    "{what}: no {key}"
                );
            }
        }
        (Value::Seq(new), Value::Seq(old)) => {
            assert_eq!(new.len(), old.len(), "{what}");
            for (new, old) in new.iter().zip(old) {
                assert_same(new, old, files);
            }
        }
        _ => assert_eq!(new.key_text(), old.key_text(), "{what}"),
    }
}

#[test]
fn what_is_written_says_what_was_read() {
    fn again<'f, T: Tagged<'f>>(draft: &mut Draft<'f>, file: &'f AsdfFile, path: &str) {
        let value: T = file.tagged(path).unwrap();
        draft.set_tagged(path, &value).unwrap();
    }
    let (file, expected) = objects();
    let mut draft = Draft::new();
    let mut paths = Vec::new();
    for kind in ["times", "quantities", "sky", "tables"] {
        for (path, _) in each(&expected, kind) {
            match kind {
                "times" => again::<Time<'_>>(&mut draft, &file, &path),
                "quantities" => again::<Quantity<'_>>(&mut draft, &file, &path),
                "tables" => again::<Table<'_>>(&mut draft, &file, &path),
                // A frame with a position becomes a coordinate.
                _ if path.contains("frame") => continue,
                _ => again::<SkyCoord<'_>>(&mut draft, &file, &path),
            }
            paths.push(path);
        }
    }
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &WriteOptions::default()).unwrap();
    let new = read(sink.into_inner());
    for path in paths {
        let (node, old) = (
            new.node(path.as_str()).unwrap(),
            file.node(path.as_str()).unwrap(),
        );
        assert_same(node, old, (&new, &file));
    }
}

#[test]
fn tags_follow_the_standard_of_the_draft() {
    let mut draft = Draft::new();
    draft.set_standard("1.5.0").unwrap();
    draft.set_tagged("q", &Quantity::new(1.0, "m")).unwrap();
    draft
        .set_tagged("table", &Table::new(vec![Column::new("a", 1.5)]))
        .unwrap();
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &WriteOptions::default()).unwrap();
    let file = read(sink.into_inner());
    // By asdf 6 with version="1.5.0".
    for (path, tag) in [
        ("q", "tag:stsci.edu:asdf/unit/quantity-1.1.0"),
        ("table", "tag:astropy.org:astropy/table/table-1.1.0"),
        ("table/columns/0", "tag:stsci.edu:asdf/core/column-1.0.0"),
    ] {
        assert_eq!(file.node(path).unwrap().tag().unwrap().as_str(), tag);
    }
    let mut old = Draft::new();
    old.set_standard("1.0.0").unwrap();
    let error = old
        .tagged(&Quantity::new(1.0, "m"))
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "version 1.0.0 of the standard has no tag `unit/quantity`"
    );
}

#[test]
fn what_is_something_else_is_told_with_its_place() {
    let (file, _) = objects();
    let error = file.tagged::<Time<'_>>("quantities/speed").unwrap_err();
    assert_eq!(error.place().path.as_deref(), Some("/quantities/speed"));
    let text = error.to_string();
    assert!(
        text.contains("expected the tag `tag:stsci.edu:asdf/time/time-1.4.0`"),
        "{text}"
    );
    let cut = "a: !unit/quantity-1.3.0 {value: 3.0}\nb: !time/time-1.4.0 {format: mjd}\n\
               c: !<tag:astropy.org:astropy/coordinates/skycoord-1.0.0> {frame: icrs, x: 1}\n\
               d: !<tag:astropy.org:astropy/table/table-1.3.0> {colnames: []}\n";
    let text = format!("#ASDF 1.0.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n---\n{cut}...\n");
    let file = read(text.into_bytes());
    let errors = [
        file.tagged::<Quantity<'_>>("a").unwrap_err(),
        file.tagged::<Time<'_>>("b").unwrap_err(),
        file.tagged::<SkyCoord<'_>>("c").unwrap_err(),
        file.tagged::<Table<'_>>("d").unwrap_err(),
    ];
    for (error, path) in errors.iter().zip(["/a", "/b", "/c", "/d"]) {
        assert!(error.is_mismatch(), "{error}");
        assert_eq!(error.place().path.as_deref(), Some(path), "{error}");
    }
}
