//! The WCS of headers against astropy's (`test-data/generate/fits_wcs.py`).

use super::{back, bytes_of, example, folders, tree};
use asdf_core::convert::FitsReadOptions;
use asdf_core::inspect::frame_text;
use asdf_core::tree::IntoTreePath;
use asdf_core::wcs::{EvalOptions, HeaderDescription, Inverse, Wcs};
use asdf_core::{AsdfFile, OpenOptions};
use serde_json::Value;
use std::path::Path;

/// Degrees on the sky.
const TOLERANCE: f64 = 1e-11;

fn open(path: &Path) -> AsdfFile {
    let file = AsdfFile::open(path).and_then(AsdfFile::with_hdu_tree);
    file.unwrap_or_else(|error| panic!("{error}"))
}

fn numbers(value: &Value) -> Option<[f64; 2]> {
    Some([value[0].as_f64()?, value[1].as_f64()?])
}

/// A row of numbers, NaN where there is none.
fn row(value: &Value) -> Vec<f64> {
    let numbers = value.as_array().unwrap().iter();
    numbers
        .map(|number| number.as_f64().unwrap_or(f64::NAN))
        .collect()
}

/// The distance of two positions in degrees.
fn distance(found: [f64; 2], wanted: [f64; 2]) -> f64 {
    let turn = (found[0] - wanted[0]).rem_euclid(360.0);
    let along = turn.min(360.0 - turn) * wanted[1].to_radians().cos().abs();
    along.hypot(found[1] - wanted[1])
}

/// How far coordinates are from those of astropy: positions in degrees, others by their size.
pub(super) fn error(found: &[f64], wanted: &[f64], sky: Option<[usize; 2]>) -> f64 {
    if found.len() != wanted.len() {
        return f64::INFINITY;
    }
    if wanted.iter().any(|value| value.is_nan()) {
        // What has no position has no other coordinate in astropy.
        let is_nan = found.iter().any(|value| value.is_nan());
        return if is_nan { 0.0 } else { f64::INFINITY };
    }
    let mut worst = 0.0_f64;
    for (axis, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        if sky.is_none_or(|sky| !sky.contains(&axis)) {
            let scale = if *wanted == 0.0 { 1.0 } else { wanted.abs() };
            worst = worst.max(((found - wanted) / scale).abs());
        }
    }
    if let Some([longitude, latitude]) = sky {
        let pick = |values: &[f64]| [values[longitude], values[latitude]];
        worst = worst.max(distance(pick(found), pick(wanted)));
    }
    if found.iter().any(|value| value.is_nan()) {
        return f64::INFINITY;
    }
    worst
}

/// The pixels of a case, a column for each axis.
fn columns(case: &Value) -> Vec<Vec<f64>> {
    let pixels: Vec<Vec<f64>> = case["pixels"].as_array().unwrap().iter().map(row).collect();
    (0..pixels[0].len())
        .map(|axis| pixels.iter().map(|pixel| pixel[axis]).collect())
        .collect()
}

fn evaluated(wcs: &Wcs, columns: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let found = wcs.program().unwrap().clone().unbounded().eval(&columns);
    let found = found.unwrap_or_else(|error| panic!("{error}"));
    (0..columns[0].len())
        .map(|point| found.iter().map(|column| column[point]).collect())
        .collect()
}

fn sky_of(case: &Value) -> Option<[usize; 2]> {
    let place = |axis: usize| usize::try_from(case["sky"][axis].as_u64()?).ok();
    Some([place(0)?, place(1)?])
}

/// The largest error of a case.
pub(super) fn largest(wcs: &Wcs, case: &Value) -> f64 {
    let found = evaluated(wcs, &columns(case));
    let wanted = case["world"].as_array().unwrap().iter().map(row);
    let errors = found.iter().zip(wanted);
    let errors = errors.map(|(found, wanted)| error(found, &wanted, sky_of(case)));
    errors.fold(0.0, f64::max)
}

pub(super) fn cases(name: &str) -> (AsdfFile, Vec<Value>) {
    let folder = folders::test_data("fits").join("wcs");
    let expected = std::fs::read(folder.join(format!("{name}.json"))).unwrap();
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let file = open(&folder.join(format!("{name}.fits.gz")));
    (file, expected["cases"].as_array().unwrap().clone())
}

pub(super) fn path_of(hdu: usize, case: &Value) -> String {
    match case["key"].as_str() {
        Some(key) => format!("fits/{hdu}/wcs/{key}"),
        None => format!("fits/{hdu}/wcs"),
    }
}

/// How far a case may be off where it is not rounding alone.
pub(super) fn tolerance(name: &str) -> f64 {
    match name {
        // There wcslib takes the root of a difference that is all rounding (spec-notes F-99).
        "SIN at its centre" | "SZP at its centre" | "NCP" => 1e-10,
        // wcslib stops to solve the equation at 1e-13 radians.
        name if name.starts_with("ZP") || name.starts_with("AIR") => 1e-10,
        _ => TOLERANCE,
    }
}

#[test]
fn every_header_gives_the_coordinates_of_astropy_or_a_reason() {
    let (file, cases) = cases("headers");
    let mut wrong = Vec::new();
    let mut count = 0;
    for (hdu, case) in cases.iter().enumerate() {
        let name = case["name"].as_str().unwrap();
        let path = path_of(hdu, case);
        let wcs = file.wcs(path.as_str());
        if case["world"].is_null() {
            if wcs.is_ok() {
                wrong.push(format!("{name}: a WCS, though {}", case["none"]));
            }
            let told = file.missing_wcs(Some(&path.as_str().into_tree_path().unwrap()));
            if told.is_none_or(|told| !told.to_string().contains("no WCS: ")) {
                wrong.push(format!("{name}: no reason"));
            }
            continue;
        }
        match wcs {
            Ok(wcs) => {
                let error = largest(&wcs, case);
                if error > tolerance(name) {
                    wrong.push(format!("{name}: {error:e} off"));
                }
                count += 1;
            }
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count >= 310, "only {count} cases");
}

#[test]
fn tables_of_other_hdus_distort_as_in_astropy() {
    let (file, cases) = cases("tables");
    for (hdu, case) in cases.iter().enumerate() {
        let wcs = file.wcs(path_of(hdu, case).as_str());
        let error = largest(&wcs.unwrap_or_else(|error| panic!("{error}")), case);
        assert!(error < TOLERANCE, "{}: {error:e}", case["name"]);
    }
    assert_eq!(cases.len(), 4);
}

#[test]
fn coordinates_in_tables_are_those_of_astropy() {
    let (file, cases) = cases("coordinates");
    for (hdu, case) in cases.iter().enumerate() {
        let wcs = file.wcs(path_of(hdu, case).as_str());
        let wcs = wcs.unwrap_or_else(|error| panic!("{}: {error}", case["name"]));
        let error = largest(&wcs, case);
        assert!(error < TOLERANCE, "{}: {error:e}", case["name"]);
    }
    assert_eq!(cases.len(), 12);
}

#[test]
fn each_description_of_a_header_is_told_with_its_frame_or_its_reason() {
    let (file, cases) = cases("headers");
    let descriptions = file.header_descriptions();
    for (hdu, case) in cases.iter().enumerate() {
        let alternate = case["key"].as_str().unwrap_or_default();
        let is_own = |own: &&HeaderDescription| own.hdu == hdu && own.alternate == alternate;
        let own = descriptions.iter().find(is_own);
        // A header that says nothing of any axis has none.
        let Some(own) = own else {
            assert_eq!(case["name"], "none");
            continue;
        };
        let frame = file.header_world(own);
        assert_eq!(frame.is_ok(), !case["world"].is_null(), "{}", case["name"]);
        if let Ok(frame) = frame {
            assert!(!frame_text(&frame).contains("[]"), "{}", case["name"]);
        }
    }
}

/// Polynomials may have the same coordinates at two pixels.
fn leads_to(
    wcs: &Wcs,
    pixels: &[Vec<f64>],
    point: usize,
    world: &[f64],
    sky: Option<[usize; 2]>,
) -> bool {
    let pixel: Vec<Vec<f64>> = pixels.iter().map(|column| vec![column[point]]).collect();
    error(&evaluated(wcs, &pixel)[0], world, sky) < 1e-9
}

#[test]
fn coordinates_lead_back_to_their_pixels() {
    let (file, cases) = cases("headers");
    let mut wrong = Vec::new();
    let mut count = 0;
    for (hdu, case) in cases.iter().enumerate() {
        let name = case["name"].as_str().unwrap();
        // The inverse of CSC is another polynomial, good to a thousandth.
        if case["world"].is_null() || name.starts_with("CSC") {
            continue;
        }
        let Ok(wcs) = file.wcs(path_of(hdu, case).as_str()) else {
            continue;
        };
        let pixels = columns(case);
        let world = evaluated(&wcs, &pixels);
        let by_axis: Vec<Vec<f64>> = (0..world[0].len())
            .map(|axis| world.iter().map(|point| point[axis]).collect())
            .collect();
        let by_axis: Vec<&[f64]> = by_axis.iter().map(Vec::as_slice).collect();
        let options = EvalOptions {
            bounds: false,
            inverse: Some(Inverse::Given),
            ..EvalOptions::default()
        };
        let back = wcs.eval(&by_axis, &options);
        let back = back.unwrap_or_else(|error| panic!("{name}: {error}"));
        for (point, world) in world.iter().enumerate() {
            if world.iter().any(|value| value.is_nan()) {
                continue;
            }
            let apart =
                |(axis, back): (usize, &Vec<f64>)| (back[point] - pixels[axis][point]).abs();
            let worst = back
                .iter()
                .enumerate()
                .map(apart)
                .fold(0.0, |most: f64, own| {
                    if own.is_nan() {
                        f64::INFINITY
                    } else {
                        most.max(own)
                    }
                });
            if worst > 1e-6 && !leads_to(&wcs, &back, point, world, sky_of(case)) {
                wrong.push(format!("{name}: point {point} is {worst:e} pixels off"));
            }
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{} {wrong:#?}", wrong.len());
    assert!(count > 1500, "only {count} points");
}

#[test]
fn it_is_written_beside_the_header_and_does_not_come_back() {
    let original = example("wcs/headers.fits.gz");
    let written = tree(&original, FitsReadOptions::default().wcs(true));
    let nodes = |file: &AsdfFile| {
        let is_wcs = |node: &asdf_core::Node<'_>| {
            let tag = node.tag().map(asdf_core::tree::Tag::base);
            tag == Some("tag:stsci.edu:gwcs/wcs")
        };
        file.tree().nodes().filter(is_wcs).count()
    };
    let count = nodes(&written);
    assert!(count >= 160, "only {count}");
    assert!(back(&written).unwrap() == bytes_of(&original));
    let without = tree(&original, FitsReadOptions::default());
    assert_eq!(nodes(&without), 0);
}

#[test]
fn the_shared_image_has_the_positions_of_astropy() {
    let corpus =
        folders::corpus().map(|corpus| corpus.join("../fits/files/plain/wcs_tan_sip.fits"));
    let Some(path) = corpus.filter(|path| path.is_file()) else {
        return;
    };
    let sidecar = path.with_extension("fits.expected.json");
    let expected: Value = serde_json::from_slice(&std::fs::read(sidecar).unwrap()).unwrap();
    let rows = expected["world"].as_array().unwrap();
    let file = open(&path);
    let wcs = file.wcs("fits/0/wcs").unwrap();
    for pair in rows {
        let (pixel, wanted) = (numbers(&pair[0]).unwrap(), numbers(&pair[1]).unwrap());
        let found = evaluated(&wcs, &[vec![pixel[0]], vec![pixel[1]]]);
        assert!(error(&found[0], &wanted, Some([0, 1])) < TOLERANCE);
    }
}

/// Readers differ in which of two cards they take.
#[test]
fn a_keyword_that_stands_twice_with_two_values_gives_no_wcs() {
    let header = |second: &str| {
        let cards = [
            "SIMPLE  =                    T",
            "BITPIX  =                    8",
            "NAXIS   =                    2",
            "NAXIS1  =                    4",
            "NAXIS2  =                    3",
            "CTYPE1  = 'RA---TAN'",
            "CTYPE2  = 'DEC--TAN'",
            "CRVAL1  =                 10.0",
            second,
            "END",
        ];
        let mut bytes = cards
            .map(|card| format!("{card:<80}"))
            .concat()
            .into_bytes();
        bytes.resize(2880, b' ');
        bytes.resize(5760, 0);
        let file = OpenOptions::default().read_bytes(bytes, "twice.fits");
        file.and_then(AsdfFile::with_hdu_tree).unwrap()
    };
    let same = header("CRVAL1  =                   1E1");
    assert!(same.wcs("fits/0/wcs").is_ok());
    for second in ["CRVAL1  =                 12.0", "CTYPE1  = 'RA---SIN'"] {
        let file = header(second);
        let error = file.wcs("fits/0/wcs").unwrap_err().to_string();
        assert!(error.contains("stands twice"), "{error}");
        assert!(file.header_world(&file.header_descriptions()[0]).is_err());
    }
}

#[test]
fn columns_of_tables_have_the_coordinates_of_astropy() {
    let folder = folders::test_data("fits").join("wcs");
    let expected = std::fs::read(folder.join("columns.json")).unwrap();
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let file = open(&folder.join("columns.fits"));
    for case in expected["cases"].as_array().unwrap() {
        let wcs = file.wcs(case["path"].as_str().unwrap());
        let wcs = wcs.unwrap_or_else(|error| panic!("{}: {error}", case["name"]));
        let error = largest(&wcs, case);
        assert!(error < TOLERANCE, "{}: {error:e}", case["name"]);
    }
}
