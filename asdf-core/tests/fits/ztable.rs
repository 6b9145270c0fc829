//! Compressed tables, and compressed images with masks (`test-data/generate/ztable.py`).

use super::expected::compare_table;
use super::{bytes_of, open, read};
use asdf_core::Limits;
use asdf_core::file::Input;
use asdf_core::fits::{FitsFile, HduKind};
use serde_json::Value;

fn sidecar(name: &str) -> Value {
    serde_json::from_slice(&bytes_of(name)).unwrap()
}

#[test]
fn compressed_tables_are_what_astropy_reads_of_those_that_they_were_made_of() {
    for (name, least) in [("ztable", 6), ("fpack", 2)] {
        let expected = sidecar(&format!("{name}.json"));
        let file = open(&format!("{name}.fits"));
        let mut compressed = 0;
        for expected in expected.as_array().unwrap() {
            let index = usize::try_from(expected["index"].as_u64().unwrap()).unwrap();
            let hdu = file.hdu(index).unwrap();
            compressed += usize::from(hdu.kind() == HduKind::CompressedTable);
            let mut differences = Vec::new();
            compare_table(hdu, &expected["table"], &mut differences);
            assert!(differences.is_empty(), "{name} {index}: {differences:#?}");
            // Columns and rows are known without the data.
            let (outline, whole) = (hdu.table_outline().unwrap(), hdu.table().unwrap());
            assert_eq!(outline.rows(), whole.rows());
            let names = |table: &asdf_core::fits::FitsTable<'_>| {
                let columns = table.columns().iter();
                columns
                    .map(|column| (column.name().map(str::to_owned), column.form()))
                    .collect::<Vec<_>>()
            };
            assert_eq!(names(&outline), names(&whole));
            assert!(hdu.image_header().get("ZTABLE").is_none());
        }
        assert!(compressed >= least, "{name}: {compressed}");
    }
}

#[test]
fn cards_of_a_compressed_table_are_those_of_the_table() {
    let file = open("ztable.fits");
    let header = file.hdu(1).unwrap().image_header();
    assert_eq!(header.integer("NAXIS2").unwrap(), Some(23));
    assert_eq!(header.text("TFORM4").unwrap().as_deref(), Some("I"));
    assert_eq!(header.float("HELLO").unwrap(), Some(1.5));
    assert_eq!(
        header.get("HELLO").unwrap().comment(),
        "[s] a card of its own"
    );
    for keyword in [
        "ZTABLE", "ZTILELEN", "ZFORM1", "ZCTYP1", "ZNAXIS1", "ZPCOUNT",
    ] {
        assert!(header.get(keyword).is_none(), "{keyword}");
    }
}

#[test]
fn pixels_under_a_mask_have_no_value() {
    let expected = sidecar("null_pixels.json");
    let file = open("null_pixels.fits");
    assert_eq!(file.len(), 6);
    for (hdu, expected) in file.hdus().skip(1).zip(expected.as_array().unwrap()) {
        let found = hdu.image().unwrap().load().unwrap().to_f64().unwrap();
        let rows = expected.as_array().unwrap().iter();
        let wanted: Vec<Option<f64>> = rows
            .flat_map(|row| row.as_array().unwrap().iter().map(Value::as_f64))
            .collect();
        assert_eq!(found.len(), wanted.len());
        assert!(wanted.iter().any(Option::is_none));
        for (found, wanted) in found.iter().zip(wanted) {
            match wanted {
                Some(wanted) => assert_eq!(found.to_bits(), wanted.to_bits(), "{}", hdu.name()),
                None => assert!(found.is_nan(), "{}: {found}", hdu.name()),
            }
        }
    }
}

/// Bytes with another text, as often as it stands there.
fn changed(from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes_of("ztable.fits");
    let places: Vec<usize> = bytes
        .windows(from.len())
        .enumerate()
        .filter(|(_, window)| *window == from.as_bytes())
        .map(|(place, _)| place)
        .collect();
    assert!(!places.is_empty(), "{from}");
    for place in places {
        bytes[place..place + to.len()].copy_from_slice(to.as_bytes());
    }
    bytes
}

fn fault(bytes: Vec<u8>) -> String {
    let file = read(bytes).unwrap();
    let fault = file.hdus().skip(1).find_map(|hdu| hdu.table().err());
    fault.map_or_else(|| "none".to_owned(), |error| error.to_string())
}

#[test]
fn bad_compressed_tables_are_told() {
    for (from, to, wanted) in [
        (
            "ZTILELEN=                   10",
            "ZTILELEN=                    9",
            "column 1",
        ),
        (
            "ZTILELEN=                   10",
            "ZTILELEN=                    0",
            "ZTILELEN",
        ),
        (
            "ZNAXIS2 =                   23",
            "ZNAXIS2 =                   24",
            "column",
        ),
        (
            "ZNAXIS1 =                   78",
            "ZNAXIS1 =                   68",
            "ZFORM",
        ),
        ("ZFORM4  = 'I", "ZFORM4  = 'W", "ZFORM4"),
        ("ZCTYP4  = 'RICE_1", "ZCTYP4  = 'RICE_9", "ZCTYP4"),
        ("ZFORM9  = 'D", "ZFORM9  = 'E", "ZNAXIS1"),
        ("ZNAXIS1 ", "YNAXIS1 ", "ZNAXIS1"),
    ] {
        let error = fault(changed(from, to));
        assert!(error.contains(wanted), "{from} -> {to}: {error}");
    }
}

#[test]
fn a_table_that_promises_more_than_the_limit_is_refused() {
    let bytes = changed(
        "ZNAXIS2 =                   23",
        "ZNAXIS2 =        2300000000000",
    );
    let bytes = {
        let mut bytes = bytes;
        let from = b"ZTILELEN=                   10";
        let at = bytes
            .windows(from.len())
            .position(|own| own == from)
            .unwrap();
        bytes[at..at + from.len()].copy_from_slice(b"ZTILELEN=        1000000000000");
        bytes
    };
    let error = fault(bytes);
    assert!(error.contains("bytes of a compressed table"), "{error}");
    let mut limits = Limits::default();
    limits.decoded_bytes = 1000;
    let file = FitsFile::new(Input::from(bytes_of("ztable.fits")), &limits).unwrap();
    let error = file.hdu(1).unwrap().table().unwrap_err().to_string();
    assert!(error.contains("bytes of a compressed table"), "{error}");
}

#[test]
fn changed_bytes_of_a_compressed_table_never_stop_the_reader() {
    let whole = bytes_of("ztable.fits");
    let mut seed = 7_u64;
    for _ in 0..100 {
        let mut bytes = whole.clone();
        for _ in 0..3 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let place = usize::try_from(seed >> 33).unwrap() % bytes.len();
            bytes[place] = u8::try_from(seed >> 24 & 0xff).unwrap();
        }
        let Ok(file) = read(bytes) else { continue };
        for hdu in file.hdus() {
            let Ok(table) = hdu.table() else { continue };
            for column in table.columns() {
                let _ = column.load();
            }
        }
    }
}
