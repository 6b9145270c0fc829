//! What holds for transforms whatever their parameters are.

use crate::folders;
use asdf_core::transform::Transform;
use asdf_core::{AsdfFile, OpenOptions};
use proptest::prelude::*;

fn transform(nodes: &str) -> Transform {
    let text = format!(
        "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n---\nm: {nodes}\n...\n"
    );
    let file = OpenOptions::default()
        .read_bytes(text.into_bytes(), "t.asdf")
        .unwrap();
    file.transform("m").unwrap()
}

fn eval(transform: &Transform, point: &[f64]) -> Vec<f64> {
    let columns: Vec<[f64; 1]> = point.iter().map(|value| [*value]).collect();
    let columns: Vec<&[f64]> = columns.iter().map(<[f64; 1]>::as_slice).collect();
    let result = transform.program().unwrap().eval(&columns).unwrap();
    result.iter().map(|column| column[0]).collect()
}

/// Projections in all forms, with their parameters.
fn projections() -> impl Strategy<Value = String> {
    let plain = prop::sample::select(vec![
        "gnomonic",
        "stereographic",
        "slant_orthographic",
        "zenithal_equidistant",
        "zenithal_equal_area",
        "plate_carree",
        "mercator",
        "sanson_flamsteed",
        "parabolic",
        "molleweide",
        "hammer_aitoff",
        "polyconic",
        "tangential_spherical_cube",
        "quad_spherical_cube",
        "healpix_polar",
    ]);
    let plain = plain.prop_map(|name| format!("!transform/{name}-1.4.0 {{direction: sky2pix}}"));
    let conic = prop::sample::select(vec![
        "equal_area",
        "equidistant",
        "orthomorphic",
        "perspective",
    ]);
    let conic = (conic, 25.0..70.0, 0.5..15.0).prop_map(|(name, sigma, delta)| {
        format!("!transform/conic_{name}-1.5.0 {{direction: sky2pix, sigma: {sigma:?}, delta: {delta:?}}}")
    });
    let other = (0.1..0.9).prop_map(|lam: f64| {
        format!("!transform/cylindrical_equal_area-1.5.0 {{direction: sky2pix, lam: {lam:?}}}")
    });
    let bonne = (10.0..80.0).prop_map(|theta: f64| {
        format!("!transform/bonne_equal_area-1.5.0 {{direction: sky2pix, theta1: {theta:?}}}")
    });
    prop_oneof![4 => plain, 2 => conic, 1 => other, 1 => bonne]
}

/// Transforms of two numbers with an exact inverse.
fn invertible() -> impl Strategy<Value = String> {
    let number = || (-50.0..50.0_f64).prop_filter("not near 0", |value| value.abs() > 0.1);
    let shift = number().prop_map(|value| format!("!transform/shift-1.4.0 {{offset: {value:?}}}"));
    let scale = number().prop_map(|value| format!("!transform/scale-1.4.0 {{factor: {value:?}}}"));
    let line = (number(), number()).prop_map(|(slope, intercept)| {
        format!("!transform/linear1d-1.2.0 {{slope: {slope:?}, intercept: {intercept:?}}}")
    });
    let one = prop_oneof![shift, scale, line];
    let both = (one.clone(), one)
        .prop_map(|(a, b)| format!("!transform/concatenate-1.4.0 {{forward: [{a}, {b}]}}"));
    let turn = number().prop_map(|angle| format!("!transform/rotate2d-1.5.0 {{angle: {angle:?}}}"));
    let affine = (0.5..2.0, -0.4..0.4, -0.4..0.4, 0.5..2.0, number(), number());
    let affine = affine.prop_map(|(a, b, c, d, s, t)| {
        format!("!transform/affine-1.5.0 {{matrix: [[{a:?}, {b:?}], [{c:?}, {d:?}]], translation: [{s:?}, {t:?}]}}")
    });
    let swap = Just("!transform/remap_axes-1.5.0 {mapping: [1, 0]}".to_owned());
    let leaf = prop_oneof![both, turn, affine, swap];
    leaf.prop_recursive(4, 12, 2, |inner| {
        (inner.clone(), inner)
            .prop_map(|(a, b)| format!("!transform/compose-1.4.0 {{forward: [{a}, {b}]}}"))
    })
}

proptest! {
    #[test]
    fn an_inverse_leads_back(nodes in invertible(), x in -100.0..100.0_f64, y in -100.0..100.0_f64) {
        let forward = transform(&nodes);
        let there = eval(&forward, &[x, y]);
        let back = eval(&forward.inverse().unwrap(), &there);
        let size = there.iter().chain(&[x, y]).fold(1.0_f64, |most, value| most.max(value.abs()));
        prop_assert!((back[0] - x).abs() < 1e-7 * size && (back[1] - y).abs() < 1e-7 * size, "{nodes} {back:?}");
    }

    #[test]
    fn a_projection_leads_back(nodes in projections(), phi in -60.0..60.0_f64, theta in 20.0..80.0_f64) {
        let forward = transform(&nodes);
        let plane = eval(&forward, &[phi, theta]);
        prop_assume!(plane.iter().all(|value| value.is_finite()));
        let back = eval(&forward.inverse().unwrap(), &plane);
        prop_assert!((back[0] - phi).abs() < 1e-7 && (back[1] - theta).abs() < 1e-7, "{nodes} {back:?}");
    }

    #[test]
    fn rotations_keep_angles_and_lead_back(
        phi in -180.0..180.0_f64, theta in -89.0..89.0_f64, psi in -180.0..180.0_f64,
        longitude in 1.0..359.0_f64, latitude in -85.0..85.0_f64,
    ) {
        let turn = transform(&format!(
            "!transform/rotate3d-1.5.0 {{phi: {phi:?}, theta: {theta:?}, psi: {psi:?}, direction: celestial2native}}"
        ));
        let there = eval(&turn, &[longitude, latitude]);
        let back = eval(&turn.inverse().unwrap(), &there);
        let apart = (back[0] - longitude + 180.0).rem_euclid(360.0) - 180.0;
        prop_assert!(apart.abs() * latitude.to_radians().cos() < 1e-10 && (back[1] - latitude).abs() < 1e-10);
    }

    #[test]
    fn projections_that_are_the_same_agree(phi in -180.0..180.0_f64, theta in 5.0..89.0_f64) {
        for (one, other) in [
            ("gnomonic-1.4.0 {direction: sky2pix}", "zenithal_perspective-1.5.0 {direction: sky2pix, mu: 0, gamma: 0}"),
            ("stereographic-1.4.0 {direction: sky2pix}", "zenithal_perspective-1.5.0 {direction: sky2pix, mu: 1, gamma: 0}"),
            ("gnomonic-1.4.0 {direction: sky2pix}", "slant_zenithal_perspective-1.4.0 {direction: sky2pix, mu: 0}"),
            ("slant_orthographic-1.4.0 {direction: sky2pix}", "slant_orthographic-1.4.0 {direction: sky2pix, xi: 1.0e-13}"),
        ] {
            let [one, other] = [one, other].map(|nodes| eval(&transform(&format!("!transform/{nodes}")), &[phi, theta]));
            for (one, other) in one.iter().zip(&other) {
                prop_assert!((one - other).abs() < 1e-9 * one.abs().max(1.0), "{one} {other}");
            }
        }
    }
}

#[test]
fn nan_in_gives_nan_out() {
    for path in folders::files(&folders::test_data("wcs/models"), ".asdf") {
        let transform = AsdfFile::open(&path).unwrap().transform("model").unwrap();
        let (inputs, _) = transform.arity().unwrap();
        let result = eval(&transform, &vec![f64::NAN; inputs]);
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        // A constant does not depend on anything, nor do points that are in no region.
        let independent = ["constant", "regions", "label", "selector", "logical"];
        if !independent.iter().any(|kind| name.contains(kind)) {
            assert!(
                result.iter().all(|value| value.is_nan()),
                "{name}: {result:?}"
            );
        }
    }
}
