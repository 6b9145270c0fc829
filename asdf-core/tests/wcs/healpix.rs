//! Cells of `HEALPix` and polygons on the sky beside `astropy_healpix`: `test-data/healpix.json`.

use asdf_core::wcs::{SkyRegion, healpix_nested, sky_separation};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[derive(Deserialize)]
struct Known {
    longitudes: Vec<f64>,
    latitudes: Vec<f64>,
    cells: BTreeMap<u8, Vec<i64>>,
    polygons: Vec<Polygon>,
}

#[derive(Deserialize)]
struct Polygon {
    corners: Vec<[f64; 2]>,
    centre: [f64; 2],
    touched: BTreeSet<i64>,
    around: BTreeSet<i64>,
    inside: Vec<[f64; 2]>,
}

fn known() -> Known {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-data/healpix.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn region(polygon: &Polygon) -> SkyRegion {
    let (lon, lat): (Vec<f64>, Vec<f64>) = polygon
        .corners
        .iter()
        .map(|[lon, lat]| (*lon, *lat))
        .unzip();
    SkyRegion::new(&lon, &lat).unwrap()
}

#[test]
fn positions_lie_in_the_cells_of_the_reference() {
    let known = known();
    for (order, cells) in known.cells {
        let positions = known.longitudes.iter().zip(&known.latitudes);
        for ((lon, lat), wanted) in positions.zip(cells) {
            let found = healpix_nested(order, *lon, *lat);
            assert_eq!(found, Some(wanted), "order {order}, {lon} {lat}");
        }
    }
}

#[test]
fn what_is_no_position_has_no_cell() {
    for (order, lon, lat) in [
        (30, 0.0, 0.0),
        (9, f64::NAN, 0.0),
        (9, 0.0, 90.1),
        (9, f64::INFINITY, 1.0),
    ] {
        assert_eq!(healpix_nested(order, lon, lat), None);
    }
}

#[test]
fn a_polygon_has_all_cells_that_it_touches_and_none_beyond_their_neighbours() {
    for polygon in known().polygons {
        let cells: BTreeSet<i64> = region(&polygon).cells(9).unwrap().into_iter().collect();
        let missing: Vec<_> = polygon.touched.difference(&cells).collect();
        assert!(missing.is_empty(), "{:?}: {missing:?}", polygon.corners);
        let near: BTreeSet<i64> = polygon.touched.union(&polygon.around).copied().collect();
        assert!(cells.is_subset(&near), "{:?}", polygon.corners);
    }
}

#[test]
fn a_polygon_knows_its_middle_and_what_lies_in_it() {
    for polygon in known().polygons {
        let region = region(&polygon);
        assert!(sky_separation(region.centre(), polygon.centre) < 1e-9);
        for [lon, lat] in &polygon.inside {
            assert!(
                region.contains(*lon, *lat),
                "{lon} {lat} in {:?}",
                polygon.corners
            );
        }
        let [lon, lat] = region.centre();
        assert!(!region.contains(lon + 180.0, -lat));
        // Beyond the circle around the corners, towards the nearer pole.
        let beyond = lat - lat.signum() * region.radius() * 1.01;
        assert!(!region.contains(lon, beyond));
    }
}

#[test]
fn polygons_are_read_as_archives_have_them() {
    let region = SkyRegion::parse("POLYGON ICRS 10 -1 10 1 12 1 12 -1").unwrap();
    let [lon, lat] = region.centre();
    assert!((lon - 11.0).abs() < 1e-12 && lat.abs() < 1e-12);
    assert!((region.radius() - sky_separation([11.0, 0.0], [10.0, 1.0])).abs() < 1e-9);
    for wrong in [
        "POLYGON FK5 10 -1 10 1 12 1",
        "CIRCLE ICRS 10 -1 1",
        "POLYGON ICRS 10 -1 10 1",
        "POLYGON ICRS 10 -1 10 1 12",
        "POLYGON ICRS 10 -1 10 1 12 x",
        "POLYGON ICRS 0 0 90 0 180 0 270 0",
        "",
    ] {
        assert_eq!(SkyRegion::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn regions_know_how_far_they_are_from_positions_and_each_other() {
    let square = |lon: f64, lat: f64, half: f64| {
        let (west, east) = (lon - half, lon + half);
        SkyRegion::new(
            &[west, west, east, east],
            &[lat - half, lat + half, lat + half, lat - half],
        )
        .unwrap()
    };
    let region = square(180.0, 0.0, 1.0);
    assert!(region.distance(180.5, 0.5).abs() < f64::EPSILON);
    assert!((region.distance(183.0, 0.0) - 2.0).abs() < 1e-9);
    let corner = sky_separation([181.0, 1.0], [182.0, 3.0]);
    assert!((region.distance(182.0, 3.0) - corner).abs() < 1e-9);
    assert!(region.touches(&square(181.9, 0.0, 1.0)));
    assert!(!region.touches(&square(182.1, 0.0, 1.0)));
    // One within the other, and two that cross without a corner in common.
    assert!(region.touches(&square(180.0, 0.0, 0.1)) && square(180.0, 0.0, 0.1).touches(&region));
    let band = SkyRegion::new(&[178.0, 178.0, 182.0, 182.0], &[-0.2, 0.2, 0.2, -0.2]).unwrap();
    let pole = SkyRegion::new(&[179.8, 179.8, 180.2, 180.2], &[-2.0, 2.0, 2.0, -2.0]).unwrap();
    assert!(band.touches(&pole) && !pole.touches(&square(0.0, 0.0, 1.0)));
}
