//! WCS that wrap others against astropy and ndcube (`test-data/generate/wrapped_wcs.py`).

use crate::folders;
use asdf_core::AsdfFile;
use asdf_core::array::Slice;
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
    assert_eq!(expected.len(), 22);
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

#[test]
fn coordinates_that_a_slice_has_taken_away_are_kept_with_their_values() {
    let (file, expected) = wrapped();
    let mut count = 0;
    for (name, expected) in expected.as_object().unwrap() {
        let wcs = file.wcs(format!("{name}/wcs").as_str()).unwrap();
        let rows = expected["dropped"].as_array().unwrap();
        let mut found: Vec<_> = wcs.dropped().iter().collect();
        // The reference says those of the innermost slice first or last; they are few.
        found.sort_by(|one, two| one.value.total_cmp(&two.value));
        let mut rows: Vec<_> = rows.iter().collect();
        rows.sort_by(|one, two| {
            let value = |row: &Value| row[0].as_f64().unwrap();
            value(one).total_cmp(&value(two))
        });
        // What parts of a compound have dropped the reference does not say.
        if name == "compound_of_slices" {
            assert_eq!(found.len(), 1, "{name}");
            continue;
        }
        assert_eq!(found.len(), rows.len(), "{name}");
        for (own, row) in found.iter().zip(rows) {
            let value = row[0].as_f64().unwrap();
            close(&[own.value], &[value], 1e-12 * value.abs().max(1e-9), name);
            assert_eq!(&*own.unit, row[1].as_str().unwrap(), "{name}");
            let kind = row[2].as_str().unwrap();
            assert!(
                kind.is_empty() || &*own.physical_type == kind,
                "{name}: {own:?} {kind}"
            );
            count += 1;
        }
    }
    assert!(count >= 5, "{count}");
}

#[test]
fn indices_among_slices_fix_the_coordinates_that_a_slice_drops() {
    let (file, _) = wrapped();
    let wcs = file.wcs("header_radio/wcs").unwrap();
    let shape = [4, 7, 8];
    let plane = file.wcs("sliced_radio_plane/wcs").unwrap();
    assert_eq!(
        wcs.fixed_by(&shape, &Slice::parse_list("2").unwrap())
            .unwrap(),
        plane.dropped()
    );
    assert_eq!(
        wcs.fixed_by(&shape, &Slice::parse_list("-2, 1:6").unwrap())
            .unwrap(),
        plane.dropped()
    );
    let spectrum = file.wcs("sliced_radio_spectrum/wcs").unwrap();
    let slices = Slice::parse_list("1:4, 3, 2").unwrap();
    assert_eq!(wcs.fixed_by(&shape, &slices).unwrap(), spectrum.dropped());
    assert!(wcs.fixed_by(&shape, &[]).unwrap().is_empty());
    // Further axes come first.
    let found = wcs.fixed_by(&[3, 4, 7, 8], &Slice::parse_list("1, 2").unwrap());
    assert_eq!(found.unwrap(), plane.dropped());
    assert_eq!(
        wcs.fixed_by(&shape, &Slice::parse_list("0, 1, 2").unwrap())
            .unwrap()
            .len(),
        3
    );
}

#[test]
#[cfg(feature = "fits")]
fn wrapped_wcs_have_headers_that_say_the_same() {
    use asdf_core::wcs::{Fidelity, SipOptions};
    let (file, expected) = wrapped();
    for name in expected.as_object().unwrap().keys() {
        // Without whole pixels there is no image.
        if matches!(
            name.as_str(),
            "resampled" | "resampled_header" | "three_deep"
        ) {
            continue;
        }
        let wcs = file.wcs(format!("{name}/wcs").as_str()).unwrap();
        let header = file.wcs_header(&wcs, &SipOptions::default()).unwrap();
        match header.fidelity {
            Fidelity::Exact(error) => assert!(error <= 1e-10, "{name}: {error}"),
            Fidelity::Given => {}
            other => panic!("{name}: {other:?}"),
        }
    }
}
