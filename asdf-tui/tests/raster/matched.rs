//! Second images and cubes of `test-data/image/matched.asdf`, against reproject and numpy.

use crate::expect::test_data;
use asdf_core::AsdfFile;
use asdf_core::TreePath;
use asdf_tui::measure::{Matched, OnSky};
use asdf_tui::pane::chart::{ChartAsk, ChartKind};
use asdf_tui::pane::image::content::{Collapsed, Content};
use asdf_tui::pane::image::cut::Cut;
use asdf_tui::pane::image::subject::Subject;
use asdf_tui::raster::{
    Collapse, Image, Interpolation, Layer, Operation, Plane, Resampled, Second,
};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

fn file() -> AsdfFile {
    AsdfFile::open(test_data("image").join("matched.asdf")).unwrap()
}

fn plane<'f>(file: &'f AsdfFile, path: &str) -> Plane<'f> {
    Plane::new(file.array(path).unwrap(), &[], &Layer::Middle).unwrap()
}

fn numbers(file: &AsdfFile, path: &str) -> Vec<f64> {
    file.array(path).unwrap().load().unwrap().to_f64().unwrap()
}

#[track_caller]
fn same(found: &[f64], expected: &[f64], most: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
        let near = (found - expected).abs() <= most * expected.abs().max(1.0);
        let missing = found.is_nan() && expected.is_nan();
        assert!(near || missing, "{what} {place}: {found} is not {expected}");
    }
}

fn resampled<'f>(sky: &AsdfFile, file: &'f AsdfFile, how: Interpolation) -> Resampled<'f> {
    let on_sky = |file: &AsdfFile, path: &str| OnSky {
        wcs: Arc::new(file.wcs(path).unwrap()),
        pixel: vec![0.0, 0.0],
    };
    let way = Matched {
        from: on_sky(sky, "roman/meta/wcs"),
        to: on_sky(file, "second/meta/wcs"),
    };
    Resampled::new(plane(file, "second/data"), Box::new(way), how)
}

#[test]
fn a_second_image_is_resampled_as_reproject_does() {
    let sky = AsdfFile::open(test_data("image").join("sky.asdf")).unwrap();
    let file = file();
    for (how, name) in [
        (Interpolation::Nearest, "nearest"),
        (Interpolation::Linear, "linear"),
    ] {
        let expected = numbers(&file, &format!("resampled/{name}"));
        let first = plane(&sky, "roman/data");
        let own = first.values(&(0..40), &(0..60)).unwrap();
        let image = Image::from(first);
        let second = || Second::Resampled(resampled(&sky, &file, how));
        let image = image.with(Operation::Second, second()).unwrap();
        let found = image.values(&(0..40), &(0..60)).unwrap();
        // Places differ by 1e-8 pixels, since inverses do.
        same(&found, &expected, 1e-7, name);
        let part = image.values(&(10..20), &(30..50)).unwrap();
        let wanted: Vec<f64> = (10..20)
            .flat_map(|row| expected[row * 60 + 30..row * 60 + 50].to_vec())
            .collect();
        same(&part, &wanted, 1e-7, "a part");
        for (operation, of) in [
            (Operation::Difference, (|a, b| a - b) as fn(f64, f64) -> f64),
            (Operation::Ratio, |a, b| a / b),
        ] {
            let image = Image::from(plane(&sky, "roman/data"));
            let image = image.with(operation, second()).unwrap();
            let found = image.values(&(0..40), &(0..60)).unwrap();
            let wanted: Vec<f64> = own.iter().zip(&expected).map(|(a, b)| of(*a, *b)).collect();
            same(&found, &wanted, 1e-6, name);
        }
    }
}

fn cube(file: &AsdfFile) -> Content {
    let path = TreePath::parse("cube/data").unwrap();
    Content::of(Arc::new(Subject::find(file, &path).unwrap()))
}

#[test]
fn planes_are_collapsed_as_numpy_does() {
    let file = file();
    let mut content = cube(&file);
    let cut = Cut::new(&content.subject.shape).unwrap();
    for (how, name) in Collapse::ALL {
        content.collapsed = Some(Collapsed {
            axis: 0,
            planes: 0..7,
            how,
        });
        let image = content.image(&file, &cut).unwrap();
        let found = image.values(&(0..12), &(0..16)).unwrap();
        let expected = numbers(&file, &format!("collapsed/{name}"));
        same(&found, &expected, 1e-10, name);
        let part = content.part(&file, &cut, &[3..9, 4..10], 2).unwrap();
        let found = part.values(&(0..3), &(0..3)).unwrap();
        let wanted: Vec<f64> = [3, 5, 7]
            .into_iter()
            .flat_map(|row| [4, 6, 8].map(|column| expected[row * 16 + column]))
            .collect();
        same(&found, &wanted, 1e-10, name);
    }
    content.collapsed = Some(Collapsed {
        axis: 0,
        planes: 2..5,
        how: Collapse::Mean,
    });
    let image = content.image(&file, &cut).unwrap();
    let found = image.values(&(0..12), &(0..16)).unwrap();
    same(&found, &numbers(&file, "collapsed/part"), 1e-10, "part");
}

#[test]
fn any_axis_is_collapsed_whatever_the_order_of_axes() {
    // Planes made one along the last axis of a compressed cube: the sums of rows.
    let file = AsdfFile::open(test_data("image").join("cube.asdf")).unwrap();
    let path = TreePath::parse("data").unwrap();
    let subject = Subject::find(&file, &path).unwrap();
    let all = numbers(&file, "data");
    let mut content = Content::of(Arc::new(subject));
    for (axis, turns) in [(2, 1), (1, 2)] {
        let mut cut = Cut::new(&[9, 12, 16]).unwrap();
        for _ in 0..turns {
            cut.turn(true);
        }
        let length = [9, 12, 16][axis];
        content.collapsed = Some(Collapsed {
            axis,
            planes: 0..length,
            how: Collapse::Sum,
        });
        let [rows, columns] = cut.lengths();
        let image = content.image(&file, &cut).unwrap();
        let found = image.values(&(0..rows), &(0..columns)).unwrap();
        let at = |z: u64, y: u64, x: u64| all[usize::try_from((z * 12 + y) * 16 + x).unwrap()];
        let mut wanted = Vec::new();
        for row in 0..rows {
            for column in 0..columns {
                let line = (0..length).map(|own| match axis {
                    2 => at(row, column, own),
                    _ => at(row, own, column),
                });
                wanted.push(line.sum::<f64>());
            }
        }
        same(&found, &wanted, 1e-12, "sum");
    }
}

#[test]
fn the_unit_of_a_moment_has_that_of_the_wavelength() {
    let file = file();
    let mut content = cube(&file);
    let cut = Cut::new(&content.subject.shape).unwrap();
    let mut units = Vec::new();
    for how in [
        Collapse::Mean,
        Collapse::Moment0,
        Collapse::Moment1,
        Collapse::Moment2,
    ] {
        content.collapsed = Some(Collapsed {
            axis: 0,
            planes: 0..7,
            how,
        });
        units.push(content.unit(&cut));
    }
    assert_eq!(units, ["MJy/sr", "MJy/sr um", "um", "um**2"]);
}

#[test]
fn spectra_are_those_of_numpy_against_the_wavelength() {
    let file = file();
    let content = cube(&file);
    let ask = ChartAsk {
        kind: ChartKind::Along(0),
        cut: Cut::new(&content.subject.shape).unwrap(),
        content,
        pixel: [8, 6],
        limits: None,
        unit: "MJy/sr".to_owned(),
        center: None,
        reach: 5.0,
        region: Some([2..6, 4..9]),
        in_world: true,
    };
    let series = ask.find(&file, &AtomicBool::new(false)).unwrap();
    let wave = numbers(&file, "spectra/wavelength");
    for (curve, name) in series.curves.iter().zip(["pixel", "region"]) {
        same(&curve.places(), &wave, 1e-12, "wavelength");
        same(
            &curve.values,
            &numbers(&file, &format!("spectra/{name}")),
            1e-10,
            name,
        );
    }
    assert_eq!(series.curves.len(), 2);
    assert_eq!(series.across, "wavelength [um]");
}
