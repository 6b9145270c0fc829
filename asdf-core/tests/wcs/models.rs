//! Single transforms: `cases/models`.

use crate::expect::{columns, evaluate, worst, worst_back};
use crate::folders;
use asdf_core::AsdfFile;
use asdf_core::transform::Transform;
use serde_json::Value;
use std::fs;

/// True when the result of such a case is longitude and latitude, forward and backward.
fn on_sphere(name: &str) -> (bool, bool) {
    let rotation = name.starts_with("rotate3d") || name == "rotate_sequence_3d_spherical";
    (
        rotation || name.ends_with("_pix2sky"),
        rotation || name.ends_with("_sky2pix"),
    )
}

/// Cases in which the reference is wrong.
const REFERENCE_IS_WRONG: &[(&str, &str)] = &[
    (
        "ortho_hermite2d",
        "the recurrence in y counts from the degree in x",
    ),
    (
        "ortho_hermite2d_domain",
        "the recurrence in y counts from the degree in x",
    ),
];

/// Cases in which the reference is less exact, with its error.
const REFERENCE_IS_ROUGH: &[(&str, f64, &str)] = &[
    (
        "proj_cobe_quad_spherical_cube_pix2sky",
        1e-5,
        "wcslib computes it in single precision",
    ),
    (
        "proj_cobe_quad_spherical_cube_sky2pix",
        1e-5,
        "wcslib computes it in single precision",
    ),
];

/// The greatest errors forward, with the bounding box and back, and what else is to be said.
struct Row {
    errors: [Option<f64>; 3],
    note: String,
}

fn compare(name: &str, transform: &Transform, expected: &Value) -> Result<Row, String> {
    let pair = |sphere| if sphere { vec![(0, 1)] } else { Vec::new() };
    let (sphere, back_on_sphere) = on_sphere(name);
    let (sphere, sphere_back) = (pair(sphere), pair(back_on_sphere));
    let points =
        |rows: &Value| columns(rows).ok_or_else(|| "points that are not numbers".to_owned());
    let program = transform.program().map_err(|error| error.to_string())?;
    let (inputs, forward) = (points(&expected["inputs"])?, points(&expected["forward"])?);
    let found = evaluate(&program.clone().unbounded(), &inputs)?;
    let mut row = Row {
        errors: [Some(worst(&inputs, &found, &forward, &sphere)), None, None],
        note: String::new(),
    };
    if let Some(rows) = expected.get("forward_with_bounding_box") {
        let found = evaluate(&program, &inputs)?;
        row.errors[1] = Some(worst(&inputs, &found, &points(rows)?, &sphere));
    }
    let back = &expected["inverse"]["inverse_of_forward"];
    let inverse = transform.inverse();
    let Some(rows) = back.as_array() else {
        if inverse.is_some() {
            row.note.push_str("the reference has no inverse");
        }
        return Ok(row);
    };
    let inverse = inverse.ok_or("an inverse that is not there")?;
    let program = inverse.program().map_err(|error| error.to_string())?;
    let found = evaluate(&program, &forward)?;
    let wanted = if rows.iter().any(Value::is_array) {
        points(back)?
    } else {
        row.note
            .push_str("the reference's inverse stops; compared with where the points came from");
        inputs.clone()
    };
    row.errors[2] = Some(worst_back(
        &forward,
        &found,
        &[wanted, inputs],
        &sphere_back,
    ));
    Ok(row)
}

const HEAD: &str = "# Single transforms

How far what this library finds is from what the reference finds (astropy 8.0.2, gwcs 1.0.3, stdatamodels 6.0.0): the greatest error of each
case, in degrees for angles, else relative. Made by `ASDF_WRITE_TABLES=1 cargo test -p asdfkit-core --test wcs`.

| case | forward | with box | inverse | notes |
|---|---|---|---|---|
";

#[test]
fn single_transforms_give_what_the_reference_gives() {
    let Some(corpus) = folders::corpus() else {
        return;
    };
    let folder = corpus.join("../wcs/cases/models");
    let mut lines = Vec::new();
    let mut wrong = Vec::new();
    for path in folders::files(&folder, ".expected.json") {
        let name = path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .replace(".expected.json", "");
        let expected: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let file = AsdfFile::open(folder.join(format!("{name}.asdf"))).unwrap();
        let transform = file.transform("model").unwrap();
        let mut row =
            compare(&name, &transform, &expected).unwrap_or_else(|why| panic!("{name}: {why}"));
        let worst = row.errors.iter().flatten().copied().fold(0.0, f64::max);
        let differs = REFERENCE_IS_WRONG.iter().find(|case| case.0 == name);
        let rough = REFERENCE_IS_ROUGH.iter().find(|case| case.0 == name);
        if let Some((_, reason)) = differs {
            row.note = format!("the reference is wrong: {reason}");
        } else if let Some((_, limit, reason)) = rough {
            row.note = format!("the reference is rough: {reason}");
            if worst > *limit {
                wrong.push(format!("{name}: {worst:e}"));
            }
        } else if worst > 1e-9 {
            wrong.push(format!("{name}: {worst:e}"));
        }
        let errors = row
            .errors
            .map(|error| error.map_or(String::new(), |error| format!("{error:.0e} ")));
        lines.push(format!(
            "| {name} | {}| {}| {}| {} |",
            errors[0], errors[1], errors[2], row.note
        ));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    crate::expect::table("docs/wcs-models.md", HEAD, &lines);
}
