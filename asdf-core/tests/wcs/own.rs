//! `test-data/wcs`: transforms of each kind, and the WCS of a Roman exposure.

use crate::expect::{Longitudes, evaluate, number, worst, worst_back};
use crate::folders;
use asdf_core::AsdfFile;
use asdf_core::wcs::Extent;
use serde_json::Value;
use std::fs;
use std::path::Path;

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn columns(value: &Value) -> Vec<Vec<f64>> {
    let column = |column: &Value| {
        let values = column.as_array().unwrap().iter();
        values.map(|value| number(value).unwrap()).collect()
    };
    value.as_array().unwrap().iter().map(column).collect()
}

/// The first two columns are longitude and latitude.
fn sphere(on_sphere: bool) -> Longitudes {
    on_sphere.then_some((0, 1)).into_iter().collect()
}

#[test]
fn transforms_of_each_kind_give_what_the_reference_gives() {
    let folder = folders::test_data("wcs/models");
    let mut count = 0;
    for path in folders::files(&folder, ".json") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let expected = read(&path);
        let file = AsdfFile::open(path.with_extension("asdf")).unwrap();
        let transform = file.transform("model").unwrap();
        let program = transform.program().unwrap();
        let (inputs, forward) = (columns(&expected["inputs"]), columns(&expected["forward"]));
        let turned = [
            "euler",
            "native2celestial",
            "tangent",
            "hammer_aitoff",
            "mollweide",
            "conic",
            "bonne",
            "polyconic",
            "cube",
            "cobe",
            "healpix",
            "perspective",
            "airy",
        ];
        let longitudes = sphere(turned.contains(&name.as_str()));
        // The reference computes this one in single precision.
        let (tolerance, tolerance_back) = if name == "cobe" {
            (1e-5, 1e-5)
        } else {
            (1e-12, 1e-11)
        };
        let found = evaluate(&program.clone().unbounded(), &inputs).unwrap();
        let error = worst(&inputs, &found, &forward, &longitudes);
        assert!(error < tolerance, "{name}: {error:e}");
        if let Some(bounded) = expected.get("bounded") {
            let found = evaluate(&program, &inputs).unwrap();
            let error = worst(&inputs, &found, &columns(bounded), &longitudes);
            assert!(error < 1e-12, "{name}, bounded: {error:e}");
        }
        assert_eq!(
            transform.inverse().is_some(),
            expected.get("back").is_some(),
            "{name}"
        );
        if let Some(back) = expected.get("back") {
            let inverse = transform.inverse().unwrap().program().unwrap();
            let found = evaluate(&inverse, &forward).unwrap();
            let wanted = [columns(back), inputs];
            let turned = [
                "euler",
                "native2celestial",
                "orthographic",
                "spherical_cartesian",
            ];
            let longitudes = sphere(turned.contains(&name.as_str()));
            let error = worst_back(&forward, &found, &wanted, &longitudes);
            assert!(error < tolerance_back, "{name}, back: {error:e}");
        }
        count += 1;
    }
    assert!(count >= 64, "{count}");
}

#[test]
fn an_exposure_has_the_coordinates_that_the_reference_finds() {
    let file = AsdfFile::open(folders::test_data("made/roman_exposure.asdf")).unwrap();
    let paths: Vec<_> = file.wcs_paths().iter().map(ToString::to_string).collect();
    assert_eq!(paths, ["/roman/meta/wcs"]);
    agrees(&file, &read(&folders::test_data("wcs/roman_exposure.json")));
}

#[test]
fn a_detector_of_roman_has_the_coordinates_that_the_reference_finds() {
    let file = AsdfFile::open(folders::test_data("wcs/detector.asdf")).unwrap();
    agrees(&file, &read(&folders::test_data("wcs/detector.json")));
}

fn agrees(file: &AsdfFile, expected: &Value) {
    let wcs = file.wcs(expected["path"].as_str().unwrap()).unwrap();
    let frames: Vec<_> = wcs.steps().iter().map(|step| step.frame.name()).collect();
    assert_eq!(serde_json::json!(frames), expected["frames"]);
    let pixels = columns(&expected["pixels"]);
    let borrowed: Vec<_> = pixels.iter().map(Vec::as_slice).collect();
    let world = wcs.pixel_to_world(&borrowed).unwrap();
    let error = worst(&pixels, &world, &columns(&expected["world"]), &sphere(true));
    assert!(error < 1e-11, "{error:e}");
    let unbounded = evaluate(&wcs.program().unwrap().clone().unbounded(), &pixels).unwrap();
    let wanted = columns(&expected["world_unbounded"]);
    assert!(worst(&pixels, &unbounded, &wanted, &sphere(true)) < 1e-11);
    let between = wcs.between(frames[0], frames[frames.len() - 1]).unwrap();
    assert_eq!(
        evaluate(&between.program().unwrap().unbounded(), &pixels).unwrap(),
        unbounded
    );
    let borrowed: Vec<_> = unbounded.iter().map(Vec::as_slice).collect();
    let back = wcs
        .backward()
        .unwrap()
        .unwrap()
        .program()
        .unwrap()
        .eval(&borrowed)
        .unwrap();
    let error = worst(
        &unbounded,
        &back,
        &columns(&expected["back"]),
        &Longitudes::new(),
    );
    assert!(error < 1e-8, "{error:e}");
    let corners = wcs.corners(Extent::Edges).unwrap();
    let found = wcs.footprint(Extent::Edges).unwrap();
    let wanted = columns(&expected["footprint"]);
    assert!(worst(&corners, &found, &wanted, &sphere(true)) < 1e-11);
    let inside = |point: usize| world.iter().all(|column| column[point].is_finite());
    let iterated = wcs.world_to_pixel_numerical(&borrowed).unwrap();
    for point in (0..pixels[0].len()).filter(|point| inside(*point)) {
        for (found, wanted) in iterated.iter().zip(&pixels) {
            assert!((found[point] - wanted[point]).abs() < 1e-8, "{point}");
        }
    }
}

/// A file with these nodes in its tree.
fn file(nodes: &str) -> AsdfFile {
    let text = format!(
        "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n%TAG !jwst! tag:stsci.edu:jwst_pipeline/\n---\n{nodes}\n...\n"
    );
    let options = asdf_core::OpenOptions::default();
    options.read_bytes(text.into_bytes(), "t.asdf").unwrap()
}

fn results(nodes: &str, points: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let transform = file(nodes).transform("m").unwrap();
    evaluate(&transform.program().unwrap(), points).unwrap()
}

#[test]
fn transforms_of_old_jwst_files_are_read() {
    let shift = |by: i32| format!("!transform/shift-1.2.0 {{offset: {by}}}");
    let two = |by: i32| {
        let (x, y) = (shift(by), shift(-by));
        format!("!transform/concatenate-1.1.0 {{forward: [{x}, {y}]}}")
    };
    let list = format!("[{}, {}, {}]", two(1), two(2), two(3));
    let nan = f64::NAN;
    // Names that are numbers, and the place of the one that is not; another slit has no result.
    let names = [vec![1.0, 7.0, 2.0, 0.0], vec![0.5; 4], vec![0.25; 4]];
    let wanted = [vec![2.5, 1.5, 3.5, nan], vec![-1.75, -0.75, -2.75, nan]];
    let row = |name: &str| format!("[{name}, 0, 0, 0, 0]");
    for slits in [
        "['7', S200A1, 2]".to_owned(),
        format!("[{}, {}, {}]", row("7"), row("S200A1"), row("'2'")),
    ] {
        let legacy = format!(
            "m: !jwst!slit_to_msa-0.7.0 {{outputs: [x_msa, y_msa], slits: {slits}, models: {list}}}"
        );
        let error = worst(&[], &results(&legacy, &names), &wanted, &Longitudes::new());
        assert!(error < 1e-15, "{slits}: {error}");
    }
    // The whole part of an order counts.
    let sky = |by| {
        format!(
            "!transform/concatenate-1.1.0 {{forward: [{}, !transform/constant-1.2.0 {{value: {by}, dimensions: 1}}]}}",
            two(by)
        )
    };
    let split = |by| {
        format!(
            "!transform/compose-1.1.0 {{forward: [!transform/remap_axes-1.1.0 {{mapping: [0, 1, 0]}}, {}]}}",
            sky(by)
        )
    };
    let soss = format!(
        "m: !jwst!niriss-soss-0.7.0 {{spectral_orders: [1, 2], models: [{}, {}]}}",
        split(1),
        split(2)
    );
    let orders = [vec![0.5; 3], vec![0.25; 3], vec![2.0, 1.5, 3.0]];
    let wanted = [
        vec![2.5, 1.5, nan],
        vec![-1.75, -0.75, nan],
        vec![2.0, 1.0, nan],
    ];
    let error = worst(&[], &results(&soss, &orders), &wanted, &Longitudes::new());
    assert!(error < 1e-15, "{error}");
    let angles = [0.125, -0.5, 12.0, 40.0, 200.0];
    let turned = angles.map(|angle| -angle);
    let old = format!("m: !jwst!v23tosky-0.7.0 {{angles: {angles:?}, axes_order: zyxyz}}");
    let new = format!(
        "m: !transform/rotate_sequence_3d-1.0.0 {{angles: {turned:?}, axes_order: zyxyz, rotation_type: spherical}}"
    );
    let points = [vec![0.1, -0.02], vec![-0.1, 0.3]];
    let found = results(&old, &points);
    assert_eq!(found, results(&new, &points));
    assert!((found[0][0] + 160.0).abs() < 1.0, "{found:?}");
}

#[test]
fn slits_within_slits_are_inverted_once() {
    let repeat = "!transform/remap_axes-1.2.0 {mapping: [0, 0, 1, 2]}";
    let drop = format!(
        "!transform/remap_axes-1.2.0 {{mapping: [1, 2, 3], n_inputs: 4, inverse: {repeat}}}"
    );
    let compose = |left: &str, right: &str| {
        format!("!transform/compose-1.2.0 {{forward: [{left}, {right}]}}")
    };
    let mut nodes = "m0: &m0 !transform/identity-1.2.0 {n_dims: 3}\n".to_owned();
    for number in 1..40 {
        let before = number - 1;
        let wrapped = compose(&format!("*m{before}"), "*m0");
        let slits =
            format!("!jwst!gwa_to_slit-1.2.0 {{slits: [1, 2], models: [*m{before}, {wrapped}]}}");
        let whole = compose(repeat, &compose(&slits, &drop));
        nodes.push_str(&format!("m{number}: &m{number} {whole}\n"));
    }
    nodes.push_str("m: *m39\n");
    let transform = file(&nodes).transform("m").unwrap();
    let points = [vec![2.0, 1.0, 3.0], vec![1.0; 3], vec![0.5; 3]];
    let nan = f64::NAN;
    let wanted = [
        vec![2.0, 1.0, nan],
        vec![1.0, 1.0, nan],
        vec![0.5, 0.5, nan],
    ];
    for transform in [&transform, &transform.inverse().unwrap()] {
        let found = evaluate(&transform.program().unwrap(), &points).unwrap();
        let error = worst(&[], &found, &wanted, &Longitudes::new());
        assert!(error < 1e-15, "{found:?}");
    }
}

/// The error of the transform `m`, from reading it or making it ready.
fn say(nodes: &str) -> String {
    let transform = file(nodes).transform("m");
    let program = transform.and_then(|transform| transform.program());
    program.unwrap_err().to_string()
}

#[test]
fn parameters_that_do_not_fit_are_told() {
    for (nodes, wanted) in [
        (
            "m: !transform/tabular-1.4.0 {method: splinef2d, lookup_table: [[1, 2], [3, 4]], points: [[0, 1], [0, 1]]}",
            "t.asdf: /m: transform: `points` is a list of 2, expected at least 4 points for each of two axes",
        ),
        (
            "m: !transform/spline1d-1.2.0 {knots: [0, 0, 1, 1], coefficients: [1], degree: 1}",
            "t.asdf: /m: transform: `coefficients` is a list of 1, expected at least 2 numbers",
        ),
        (
            "m: !jwst!logical-1.2.0 {condition: GT, compareto: [1, 2], value: 5}",
            "t.asdf: /m: transform with a list as compareto is not supported",
        ),
        (
            "m: !jwst!gwa_to_slit-1.2.0 {slits: [1, 2], models: []}",
            "t.asdf: /m: transform: `models` is a list of 0, expected 2 transforms, one for each of `slits`",
        ),
    ] {
        assert_eq!(say(nodes), wanted);
    }
}

#[test]
fn what_is_wrong_with_a_transform_is_told_with_its_place() {
    let shift = "!transform/shift-1.4.0 {offset: 1}";
    for (nodes, wanted) in [
        (
            "m: !transform/shift-1.4.0 {offset: far}",
            "t.asdf: /m: transform: `offset` is the string \"far\", expected a number",
        ),
        (
            "m: !transform/rotate2d-1.5.0 {}",
            "t.asdf: /m: transform: the key `angle` is missing",
        ),
        (
            "m: !transform/strange-1.0.0 {}",
            "/m: the transform `tag:stsci.edu:asdf/transform/strange-1.0.0` is not known",
        ),
        (
            "m: &m !transform/compose-1.4.0 {forward: [*m, *m]}",
            "t.asdf: /m: transform: it is a part of itself",
        ),
        (
            "m: 5",
            "t.asdf: /m: transform: a node without a tag is not a transform",
        ),
    ] {
        assert_eq!(say(nodes), wanted);
    }
    let misfit = format!(
        "m: !transform/compose-1.4.0 {{forward: [!transform/concatenate-1.4.0 {{forward: [{shift}, {shift}]}}, {shift}]}}"
    );
    assert_eq!(
        say(&misfit),
        "/m: transform: the numbers of inputs and outputs of its parts do not fit"
    );
    let mut shared = "m0: &m0 !transform/shift-1.4.0 {offset: 1}\n".to_owned();
    for number in 1..40 {
        let before = number - 1;
        shared.push_str(&format!("m{number}: &m{number} !transform/concatenate-1.4.0 {{forward: [*m{before}, *m{before}]}}\n"));
    }
    shared.push_str("m: *m39\n");
    assert!(
        say(&shared).contains("more than 100000 inputs"),
        "{}",
        say(&shared)
    );
}
