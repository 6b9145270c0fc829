//! WCS that wrap others against astropy and ndcube (`test-data/generate/wrapped_wcs.py`).

use crate::folders;
use asdf_core::AsdfFile;
use asdf_core::wcs::{ArrayWcs, NoWcs, Wcs};
use serde_json::Value;

fn wrapped() -> (AsdfFile, Value) {
    let file = AsdfFile::open(folders::test_data("wcs/wrapped.asdf")).unwrap();
    let text = std::fs::read_to_string(folders::test_data("wcs/wrapped.json")).unwrap();
    (file, serde_json::from_str(&text).unwrap())
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().unwrap().iter();
    list.map(|number| number.as_f64().unwrap()).collect()
}

fn evaluated(wcs: &Wcs, point: &[f64]) -> Vec<f64> {
    let columns: Vec<[f64; 1]> = point.iter().map(|value| [*value]).collect();
    let columns: Vec<&[f64]> = columns.iter().map(<[f64; 1]>::as_slice).collect();
    let world = wcs
        .program()
        .unwrap()
        .clone()
        .unbounded()
        .eval(&columns)
        .unwrap();
    world.into_iter().map(|column| column[0]).collect()
}

fn back(wcs: &Wcs, world: &[f64]) -> Vec<f64> {
    let columns: Vec<[f64; 1]> = world.iter().map(|value| [*value]).collect();
    let columns: Vec<&[f64]> = columns.iter().map(<[f64; 1]>::as_slice).collect();
    let backward = wcs.backward_program().unwrap().unwrap();
    let pixels = backward.eval(&columns).unwrap();
    pixels.into_iter().map(|column| column[0]).collect()
}

fn close(found: &[f64], wanted: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (found, wanted) in found.iter().zip(wanted) {
        assert!(
            (found - wanted).abs() < tolerance,
            "{what}: {found} {wanted}"
        );
    }
}

#[test]
fn every_wrapper_gives_what_the_reference_gives_both_ways() {
    let (file, expected) = wrapped();
    let expected = expected.as_object().unwrap();
    assert_eq!(expected.len(), 13);
    for (name, expected) in expected {
        let wcs = file.wcs(format!("{name}/wcs").as_str()).unwrap();
        for row in expected["points"].as_array().unwrap() {
            let (pixel, world) = (numbers(&row["pixel"]), numbers(&row["world"]));
            close(
                &evaluated(&wcs, &pixel),
                &world,
                1e-12 * world[0].abs().max(1.0),
                name,
            );
            close(&back(&wcs, &world), &numbers(&row["back"]), 1e-9, name);
        }
        let shape = wcs.pixel_shape().map(<[u64]>::to_vec);
        let wanted = &expected["pixel_shape"];
        let wanted = wanted.as_array().map(|lengths| {
            lengths
                .iter()
                .map(|length| length.as_u64().unwrap())
                .collect::<Vec<_>>()
        });
        assert_eq!(
            shape,
            wanted.filter(|lengths| !lengths.is_empty()),
            "{name}"
        );
    }
}

#[test]
fn a_wrapped_wcs_stands_once_among_all_and_belongs_to_the_array_beside_it() {
    let (file, expected) = wrapped();
    let paths: Vec<String> = file.wcs_paths().iter().map(ToString::to_string).collect();
    assert_eq!(paths.len(), expected.as_object().unwrap().len() + 1);
    for path in paths.iter().filter(|path| *path != "/unknown/wcs") {
        let array = path.replace("/wcs", "/data");
        match file.wcs_at_array(array.as_str()).unwrap() {
            ArrayWcs::One(wcs) => assert_eq!(wcs.path().to_string(), *path),
            ArrayWcs::None(why) => panic!("{path}: {why}"),
        }
    }
}

#[test]
fn a_wrapper_that_is_not_known_is_refused_by_its_tag() {
    let (file, _) = wrapped();
    let error = file.wcs("unknown/wcs").unwrap_err().to_string();
    assert!(
        error.contains("tag:example.org:wrap/turned-1.0.0"),
        "{error}"
    );
    let found = file.wcs_at_array("unknown/data").unwrap();
    let ArrayWcs::None(NoWcs::Unreadable(path, reason)) = found else {
        panic!("{found:?}");
    };
    assert_eq!(path.to_string(), "/unknown/wcs");
    assert!(reason.contains("turned-1.0.0"), "{reason}");
}

#[test]
fn the_bounding_box_of_a_sliced_image_counts_from_its_first_pixel() {
    let (file, _) = wrapped();
    let wcs = file.wcs("sliced_image/wcs").unwrap();
    let world = |x: f64, y: f64| wcs.pixel_to_world(&[&[x], &[y]]).unwrap()[0][0];
    // The whole image is 20 × 24 pixels from -0.5 on; the slice begins at (6, 4).
    assert!(world(-6.5, -4.5).is_finite() && world(13.5, 19.5).is_finite());
    assert!(world(-6.6, 0.0).is_nan() && world(0.0, 19.6).is_nan());
}

#[test]
fn a_cutout_through_each_wrapper_has_the_positions_of_the_whole() {
    let (file, _) = wrapped();
    let mut count = 0;
    for (wcs, array) in file.images().unwrap() {
        let whole = file.wcs(wcs.clone()).unwrap();
        let [width, height] = file.image_shape(&whole).unwrap();
        if width < 3 || height < 2 {
            continue;
        }
        let window = [1..width, 1..height];
        let cutout = file.cutout(&whole, &window).unwrap();
        assert_eq!(cutout.arrays, std::slice::from_ref(&array));
        let mut bytes = std::io::Cursor::new(Vec::new());
        cutout
            .draft
            .write(&mut bytes, &asdf_core::WriteOptions::default())
            .unwrap();
        let part = asdf_core::OpenOptions::default();
        let part = part.read_bytes(bytes.into_inner(), "part.asdf").unwrap();
        let shape = part.array(array.clone()).unwrap().shape().to_vec();
        assert!(
            shape.ends_with(&[height - 1, width - 1]),
            "{wcs}: {shape:?}"
        );
        let cut = part.wcs(wcs.clone()).unwrap();
        let inputs = whole.program().unwrap().n_inputs();
        let mut pixel = vec![0.5, 0.25];
        pixel.resize(inputs, 1.0);
        let mut there = pixel.clone();
        there[0] += 1.0;
        there[1] += 1.0;
        close(
            &evaluated(&cut, &pixel),
            &evaluated(&whole, &there),
            1e-4,
            &wcs.to_string(),
        );
        let world = evaluated(&cut, &pixel);
        close(
            &back(&cut, &world)[..1],
            &pixel[..1],
            1e-8,
            &wcs.to_string(),
        );
        assert_eq!(part.wcs_of_array(&array, &shape).unwrap().path(), &wcs);
        count += 1;
    }
    assert!(count >= 9, "{count}");
}
