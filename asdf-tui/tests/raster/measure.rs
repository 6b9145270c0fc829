//! Apertures, regions and catalogues of `test-data/measure`, against photutils, regions and astropy.

use crate::expect::{json, test_data};
use asdf_core::AsdfFile;
use asdf_core::wcs::Wcs;
use asdf_tui::measure::{
    Aperture, Catalog, Coordinates, Held, Physical, Region, RegionFile, RegionShape, Shape,
    SkySystem, SkyToPixel, Source, photometry, radial_profile, read_regions, write_regions,
};
use asdf_tui::raster::{Layer, Plane};
use serde_json::Value;
use std::fs;

fn sky() -> AsdfFile {
    AsdfFile::open(test_data("image").join("sky.asdf")).unwrap()
}

fn errors() -> AsdfFile {
    AsdfFile::open(test_data("measure").join("errors.asdf")).unwrap()
}

fn plane<'f>(file: &'f AsdfFile, path: &str) -> Plane<'f> {
    Plane::new(file.array(path).unwrap(), &[], &Layer::Middle).unwrap()
}

fn wcs(file: &AsdfFile) -> Wcs {
    file.wcs("roman/meta/wcs").unwrap()
}

fn expected() -> Value {
    json(&test_data("measure").join("expected.json"))
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let values = value.as_array().unwrap().iter();
    values
        .map(|value| value.as_f64().unwrap_or(f64::NAN))
        .collect()
}

#[track_caller]
fn near(found: f64, expected: f64, what: &str) {
    let most = 1e-10 * expected.abs().max(1.0);
    assert!(
        (found - expected).abs() <= most,
        "{what}: {found} is not {expected}"
    );
}

#[test]
fn apertures_are_those_of_photutils() {
    let (file, other, expected) = (sky(), errors(), expected());
    let (values, errors) = (plane(&file, "roman/data"), plane(&other, "errors"));
    let cases = expected["apertures"].as_array().unwrap();
    assert!(cases.len() >= 6);
    for case in cases {
        let [center, radii] = ["center", "radii"].map(|name| numbers(&case[name]));
        let center = [center[0], center[1]];
        let aperture = Aperture {
            shape: Shape::Circle {
                center,
                radius: radii[0],
            },
            sky: Some([radii[1], radii[2]]),
        };
        let found = photometry(&values, Some(&errors), &aperture).unwrap();
        let what = format!("{center:?} {radii:?}");
        near(found.sum, number(&case["sum"]), &what);
        near(found.error.unwrap(), number(&case["error"]), &what);
        near(found.area, number(&case["area"]), &what);
        let level = found.sky.unwrap();
        near(level.median, number(&case["sky"][0]), &what);
        near(level.std, number(&case["sky"][1]), &what);
        near(found.net(), found.sum - level.median * found.area, &what);
        let centroid = numbers(&case["centroid"]);
        if centroid.iter().all(|place| place.is_finite()) {
            for (found, expected) in found.centroid.unwrap().into_iter().zip(centroid) {
                near(found, expected, &what);
            }
        }
        let edges = numbers(&case["edges"]);
        let found = radial_profile(&values, Some(&errors), center, &edges).unwrap();
        let spread = found.errors.clone().unwrap();
        for (name, found) in [("profile", &found.means), ("profile_errors", &spread)] {
            let wanted = case[name].as_array().unwrap();
            assert_eq!(found.len(), wanted.len());
            for (found, wanted) in found.iter().zip(wanted) {
                match wanted.as_f64() {
                    // Differences of sums have their rounding.
                    Some(wanted) => near(*found, wanted, &what),
                    None => assert!(found.is_nan(), "{what}"),
                }
            }
        }
    }
}

#[test]
fn ellipses_are_those_of_photutils() {
    let (file, expected) = (sky(), expected());
    let values = plane(&file, "roman/data");
    for case in expected["ellipses"].as_array().unwrap() {
        let shape = numbers(&case["shape"]);
        let aperture = Aperture {
            shape: Shape::Ellipse {
                center: [shape[0], shape[1]],
                axes: [shape[2], shape[3]],
                angle: shape[4],
            },
            sky: None,
        };
        let found = photometry(&values, None, &aperture).unwrap();
        near(found.sum, number(&case["sum"]), "ellipse");
        assert_eq!(found.error, None);
    }
}

/// Places, lengths and angle of a shape, as the expected values have them.
fn described(shape: &RegionShape) -> (Vec<[f64; 2]>, Vec<f64>, Option<f64>) {
    match shape {
        RegionShape::Point(center) => (vec![*center], vec![], None),
        RegionShape::Circle(center, radius) => (vec![*center], vec![*radius], None),
        RegionShape::Annulus(center, radii) => (vec![*center], radii.clone(), None),
        RegionShape::Ellipse(center, axes, angle) => (
            vec![*center],
            axes.map(|axis| axis * 2.0).to_vec(),
            Some(*angle),
        ),
        RegionShape::Box(center, sides, angle) => (vec![*center], sides.to_vec(), Some(*angle)),
        RegionShape::EllipseRings(center, rings, angle) => (
            vec![*center],
            rings.iter().flatten().map(|axis| axis * 2.0).collect(),
            Some(*angle),
        ),
        RegionShape::BoxRings(center, rings, angle) => (
            vec![*center],
            rings.iter().flatten().copied().collect(),
            Some(*angle),
        ),
        RegionShape::Polygon(corners) => (corners.clone(), vec![], None),
        RegionShape::Line(from, to) => (vec![*from, *to], vec![], None),
    }
}

#[track_caller]
fn same_shape(found: &RegionShape, expected: &Value, most: f64) {
    let (places, lengths, angle) = described(found);
    let wanted = expected["places"].as_array().unwrap();
    assert_eq!(places.len(), wanted.len(), "{found:?}");
    let close = |a: f64, b: f64| assert!((a - b).abs() <= most, "{found:?} {a} is not {b}");
    for (found, wanted) in places.iter().zip(wanted) {
        for (found, wanted) in found.iter().zip(numbers(wanted)) {
            close(*found, wanted);
        }
    }
    let wanted = numbers(&expected["lengths"]);
    assert_eq!(lengths.len(), wanted.len(), "{found:?}");
    for (found, wanted) in lengths.iter().zip(wanted) {
        close(*found, wanted);
    }
    if let Some(angle) = angle {
        close(angle, number(&expected["angle"]));
    }
}

fn regions(name: &str) -> Vec<Region> {
    let text = fs::read_to_string(test_data("measure").join(name)).unwrap();
    let read = read_regions(&text, &Physical::default()).unwrap();
    assert_eq!(read.skipped, []);
    read.regions
}

#[test]
fn region_files_are_read_as_by_regions() {
    let (found, expected) = (regions("simple.reg"), expected());
    let wanted = expected["regions"].as_array().unwrap();
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        same_shape(&found.shape, wanted, 1e-10);
        assert_eq!(found.label, wanted["text"].as_str().unwrap());
    }
    let colors: Vec<&str> = found.iter().map(|region| &*region.color).collect();
    assert_eq!(colors[..2], ["red", "green"]);
    assert!(found.iter().filter(|region| !region.is_included).count() == 1);
    // Rings of several radii are one region.
    let last = regions("regions.reg").pop().unwrap();
    assert_eq!(
        last.shape,
        RegionShape::Annulus([15.0, 10.0], vec![3.0, 5.0, 8.0])
    );
}

#[test]
fn regions_on_the_sky_are_where_regions_has_them() {
    let (file, expected) = (sky(), expected());
    let wcs = wcs(&file);
    let way = SkyToPixel::new(&wcs, None).unwrap();
    let wanted = expected["pixels"].as_array().unwrap();
    for (region, wanted) in regions("simple.reg").iter().zip(wanted) {
        // Its scale is that of a second of arc too, by differences of pixels.
        same_shape(&way.region(region).unwrap(), wanted, 1e-5);
    }
}

#[test]
fn what_is_written_is_read_again() {
    for name in ["regions.reg", "simple.reg"] {
        let first = regions(name);
        let text = write_regions(&first);
        let second = read_regions(&text, &Physical::default()).unwrap().regions;
        assert_eq!(first.len(), second.len());
        for (first, second) in first.iter().zip(&second) {
            let (places, lengths, _) = described(&first.shape);
            let (others, again, _) = described(&second.shape);
            let pairs = places.iter().flatten().zip(others.iter().flatten());
            for (a, b) in pairs.chain(lengths.iter().zip(&again)) {
                assert!((a - b).abs() < 1e-8, "{first:?} {second:?}");
            }
            assert_eq!(
                (&first.label, first.is_included),
                (&second.label, second.is_included)
            );
        }
        assert_eq!(write_regions(&second), text);
    }
}

#[test]
fn region_files_that_are_wrong_are_refused() {
    for (text, reason) in [
        ("circle(1,2)", "line 1: circle of 2 numbers"),
        ("image\ncircle(1,2,x)", "line 2: `x` is not a number"),
        ("image\ncircle(1,2,-3)", "line 2: `-3` is less than 0"),
        ("ecliptic\ncircle(1,2,3)", "line 2: regions in `ecliptic`"),
        ("image\nwcsb; circle(1,2,3)", "line 2: regions in `wcsb`"),
        ("image\nspiral(1,2,3)", "line 2: `spiral` is not a shape"),
        (
            "icrs\nellipse(1,2,3p,1\",0)",
            "line 2: `3p`: a length in pixels",
        ),
        (
            "image\nellipse(1,2,3,4,5,0)",
            "line 2: ellipse of 6 numbers",
        ),
        (
            "image\ncircle(1,2,3\")",
            "line 2: `3\"`: a length on the sky",
        ),
    ] {
        let error = read_regions(text, &Physical::default()).unwrap_err();
        assert!(error.starts_with(reason), "{text}: {error}");
    }
    let nothing = read_regions("# nothing\n\nimage\n", &Physical::default());
    assert_eq!(nothing, Ok(RegionFile::default()));
}

#[test]
fn lines_that_cannot_be_drawn_do_not_hide_the_others() {
    // As `regions` writes them: the half axes and the sides of both ends of the rings.
    let text = "# Region file format: DS9\nimage\ncircle(201,151,5) # text={one}\n\
        ellipse(81,181,2,3,4,6,20)\nbox(181,41,5,6,10,12,10)\npanda(1,2,0,90,1,0,3,1)\n\
        # vector(1,2,3,45)\ntext(281,201) # text={hi}\nphysical\ncircle(201,151,4)\n\
        circle(10i,20i,4i)\nlinear\ncircle(1,2,3)\nimage;point(3,4)\n\
        fk4;circle(149.45,2.44,5i)\n";
    let physical = Physical {
        scale: [0.5, 0.5],
        offset: [-10.0, 20.0],
    };
    let read = read_regions(text, &physical).unwrap();
    let skipped: Vec<usize> = read.skipped.iter().map(|line| line.0).collect();
    assert_eq!(skipped, [6, 7, 13]);
    assert_eq!(
        read.told().unwrap(),
        "3 lines are not drawn, first line 6: `panda` is not a shape that is known"
    );
    let shapes: Vec<&RegionShape> = read.regions.iter().map(|region| &region.shape).collect();
    let turn = |degrees: f64| degrees.to_radians();
    let expected = [
        RegionShape::Circle([200.0, 150.0], 5.0),
        // EllipseAnnulusPixelRegion(PixCoord(80, 180), 4, 8, 6, 12, 20 deg) has whole axes.
        RegionShape::EllipseRings([80.0, 180.0], vec![[2.0, 3.0], [4.0, 6.0]], turn(20.0)),
        RegionShape::BoxRings([180.0, 40.0], vec![[5.0, 6.0], [10.0, 12.0]], turn(10.0)),
        RegionShape::Point([280.0, 200.0]),
        // LTM 0.5, LTV -10 and 20: 0.5 * 201 - 10 and 0.5 * 151 + 20, from 1.
        RegionShape::Circle([89.5, 94.5], 2.0),
        RegionShape::Circle([9.0, 19.0], 4.0),
        RegionShape::Point([2.0, 3.0]),
        RegionShape::Circle([149.45, 2.44], 5.0),
    ];
    assert_eq!(shapes, expected.iter().collect::<Vec<_>>());
    assert!(read.regions[3].is_text && read.regions[7].in_pixels);
    let text = write_regions(&read.regions);
    assert!(text.contains("# text(281,201) text={hi}\n"), "{text}");
    assert!(
        text.contains("fk4\ncircle(149.450000000,2.440000000,5i)\n"),
        "{text}"
    );
    let again = read_regions(&text, &physical).unwrap();
    assert_eq!(again.regions.len(), read.regions.len());
    assert_eq!(again.regions[1], read.regions[1]);
    assert_eq!(again.regions[3], read.regions[3]);
}

#[test]
fn lengths_in_pixels_are_kept_about_places_on_the_sky() {
    let file = sky();
    let wcs = wcs(&file);
    let way = SkyToPixel::new(&wcs, None).unwrap();
    let text = "icrs\ncircle(80.5,-69.5,1\")\ncircle(80.5,-69.5,7i)\n";
    let read = read_regions(text, &Physical::default()).unwrap();
    let shapes = read
        .regions
        .iter()
        .map(|region| way.region(region).unwrap());
    let shapes: Vec<RegionShape> = shapes.collect();
    let [
        RegionShape::Circle(first, _),
        RegionShape::Circle(second, radius),
    ] = &shapes[..]
    else {
        panic!("{shapes:?}");
    };
    assert_eq!((first, *radius), (second, 7.0));
}

#[test]
fn catalogues_lead_to_the_pixels_that_they_were_made_of() {
    let (file, expected) = (sky(), expected());
    let wcs = wcs(&file);
    let way = SkyToPixel::new(&wcs, None).unwrap();
    let [x, y] = ["x", "y"].map(|axis| numbers(&expected["sources"][axis]));
    for name in ["sources.csv", "sources.ecsv", "sources.vot"] {
        let text = fs::read_to_string(test_data("measure").join(name)).unwrap();
        let catalog = Catalog::read(&text).unwrap();
        assert!(catalog.is_sky, "{name}");
        let labels: Vec<&str> = catalog.rows.iter().map(|row| &*row.label).collect();
        assert_eq!(labels, ["a", "b", "c", "d", "out"], "{name}");
        let places: Vec<[f64; 2]> = catalog.rows.iter().map(|row| row.place).collect();
        for (found, wanted) in way
            .pixels(&places, SkySystem::Icrs)
            .iter()
            .zip(x.iter().zip(&y))
        {
            let apart = (found[0] - wanted.0).hypot(found[1] - wanted.1);
            assert!(apart < 1e-6, "{name} {found:?} {wanted:?}");
        }
    }
}

#[test]
fn systems_are_those_of_astropy() {
    let expected = expected();
    let position = |name: &str| numbers(&expected["systems"][name]);
    for (from, own) in [
        ("icrs", SkySystem::Icrs),
        ("fk5", SkySystem::Fk5),
        ("galactic", SkySystem::Galactic),
    ] {
        assert_eq!(own.name().parse(), Ok(own));
        for (to, other) in [
            ("icrs", SkySystem::Icrs),
            ("fk5", SkySystem::Fk5),
            ("galactic", SkySystem::Galactic),
        ] {
            let start = position(from);
            let found = own.convert([start[0], start[1]], other);
            for (found, wanted) in found.into_iter().zip(position(to)) {
                assert!(
                    (found - wanted).abs() < 1e-9,
                    "{from} {to} {found} {wanted}"
                );
            }
        }
    }
    assert!(Coordinates::Pixels != Coordinates::Sky(SkySystem::Icrs));
}

/// An image that counts how often it is read.
struct Counted {
    times: std::cell::Cell<u32>,
}

impl Source for Counted {
    fn shape(&self) -> [u64; 2] {
        [60, 50]
    }

    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    fn values(
        &self,
        rows: &std::ops::Range<u64>,
        columns: &std::ops::Range<u64>,
    ) -> asdf_core::Result<Vec<f64>> {
        self.times.set(self.times.get() + 1);
        let columns = columns.clone();
        let values = rows.clone().flat_map(|row| {
            columns
                .clone()
                .map(move |column| (row * 50 + column) as f64)
        });
        Ok(values.collect())
    }
}

#[test]
fn a_profile_reads_an_image_once_and_sees_what_is_there() {
    let image = Counted {
        times: std::cell::Cell::new(0),
    };
    let edges: Vec<f64> = (0..40).map(f64::from).collect();
    let center = [4.25, 30.5];
    radial_profile(&image, None, center, &edges).unwrap();
    assert_eq!(image.times.get(), 1);
    // A window that was read gives what the image gives.
    let held = Held::read(&image, center, 9.0).unwrap();
    assert_eq!(held.shape(), image.shape());
    let (rows, columns) = (24..37, 0..12);
    assert_eq!(
        held.values(&rows, &columns).unwrap(),
        image.values(&rows, &columns).unwrap()
    );
    let outside = held.values(&(0..1), &(49..50)).unwrap();
    assert!(outside.iter().all(|value| value.is_nan()));
}
