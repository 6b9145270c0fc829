//! The WCS of headers against astropy's (`test-data/generate/fits_wcs.py`).

use super::{back, bytes_of, example, folders, tree};
use asdf_core::AsdfFile;
use asdf_core::convert::FitsReadOptions;
use asdf_core::tree::Value as Node;
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

/// The distance in degrees, where a turn of either coordinate counts for nothing: which one is the longitude is up to
/// the header.
fn distance(found: [f64; 2], wanted: [f64; 2]) -> f64 {
    let turn = (found[0] - wanted[0]).rem_euclid(360.0);
    let second = (found[1] - wanted[1]).rem_euclid(360.0);
    let shrunk = |angle: f64| angle.to_radians().cos().abs();
    let (along, across) = (turn.min(360.0 - turn), second.min(360.0 - second));
    (along * shrunk(wanted[1])).hypot(across * shrunk(wanted[0]))
}

/// The largest distance of the pixels of an HDU.
fn largest(file: &AsdfFile, hdu: usize, points: &[([f64; 2], Option<[f64; 2]>)]) -> f64 {
    let wcs = file.wcs(format!("fits/{hdu}/wcs").as_str());
    let wcs = wcs.unwrap_or_else(|error| panic!("HDU {hdu}: {error}"));
    let column = |axis: usize| {
        points
            .iter()
            .map(|(pixel, _)| pixel[axis])
            .collect::<Vec<_>>()
    };
    let program = wcs.program().unwrap().clone().unbounded();
    let found = program.eval(&[&column(0), &column(1)]).unwrap();
    let each = points.iter().zip(found[0].iter().zip(&found[1]));
    each.map(|((_, wanted), (x, y))| match wanted {
        Some(wanted) => distance([*x, *y], *wanted),
        None if x.is_nan() && y.is_nan() => 0.0,
        None => f64::INFINITY,
    })
    .fold(0.0, |most: f64, next| {
        if next.is_nan() {
            f64::INFINITY
        } else {
            most.max(next)
        }
    })
}

#[test]
fn every_header_gives_the_positions_of_astropy_or_none() {
    let folder = folders::test_data("fits").join("wcs");
    let expected = std::fs::read(folder.join("headers.json")).unwrap();
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let pixels: Vec<[f64; 2]> = expected["pixels"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(numbers)
        .collect();
    let file = open(&folder.join("headers.fits.gz"));
    let mut wrong = Vec::new();
    let mut count = 0;
    for (hdu, case) in expected["cases"].as_array().unwrap().iter().enumerate() {
        let name = case["name"].as_str().unwrap();
        let node = file.node(format!("fits/{hdu}/wcs").as_str()).ok();
        let Some(world) = case["world"].as_array() else {
            if node.is_some_and(|node| !matches!(node.value(), Node::Null)) {
                wrong.push(format!("{name}: a WCS, though {}", case["none"]));
            }
            continue;
        };
        if node.is_none() {
            wrong.push(format!("{name}: no WCS"));
            continue;
        }
        let points: Vec<_> = pixels
            .iter()
            .copied()
            .zip(world.iter().map(numbers))
            .collect();
        let error = largest(&file, hdu, &points);
        // There wcslib takes the root of a difference that is all rounding.
        let is_rounding = name == "SIN at its centre";
        if error > if is_rounding { 1e-10 } else { TOLERANCE } {
            wrong.push(format!("{name}: {error} degrees off"));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count >= 160, "only {count} cases");
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
    let points: Vec<_> = rows
        .iter()
        .map(|row| (numbers(&row[0]).unwrap(), numbers(&row[1])))
        .collect();
    assert!(largest(&open(&path), 0, &points) < TOLERANCE);
}
