//! Single transforms beside the reference: `../shared/wcs/cases/models`, where it is there.
#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "support/folders.rs"]
#[expect(dead_code, reason = "shared with other tests")]
mod folders;

use asdf_core::{AsdfFile, Program, Transform};
use serde_json::Value;
use std::fs;

/// A number of the expectations: `null` is NaN.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Null => Some(f64::NAN),
        Value::String(text) if text == "inf" => Some(f64::INFINITY),
        Value::String(text) if text == "-inf" => Some(f64::NEG_INFINITY),
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        _ => value.as_f64(),
    }
}

/// Rows of points as columns; `None` for points that are no numbers.
fn columns(rows: &Value) -> Option<Vec<Vec<f64>>> {
    let rows = rows.as_array()?;
    let width = rows.first()?.as_array()?.len();
    let mut columns = vec![Vec::new(); width];
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row.as_array()?) {
            column.push(number(value)?);
        }
    }
    Some(columns)
}

/// The greatest error: relative to the greatest value but 1; of longitudes (the first column, when the
/// result is on the sphere) across the circle of latitude, so that at a pole every one is right.
/// Where an input is NaN, NaN is right: the reference gives 0 for profiles with an edge.
fn worst(input: &[Vec<f64>], found: &[Vec<f64>], wanted: &[Vec<f64>], sphere: bool) -> f64 {
    if found.len() != wanted.len() {
        return f64::INFINITY;
    }
    let mut worst: f64 = 0.0;
    for (number, (found, wanted_column)) in found.iter().zip(wanted).enumerate() {
        for (point, (found, expected)) in found.iter().zip(wanted_column).enumerate() {
            let unknown = input.iter().any(|column| column[point].is_nan());
            let error = match (found.is_nan(), expected.is_nan()) {
                (true, true) => 0.0,
                (true, false) if unknown => 0.0,
                (false, false) if found == expected => 0.0,
                (false, false) if sphere && number == 0 => {
                    let apart = (found - expected + 180.0).rem_euclid(360.0) - 180.0;
                    apart.abs() * wanted[1][point].to_radians().cos()
                }
                (false, false) => (found - expected).abs() / expected.abs().max(1.0),
                _ => f64::INFINITY,
            };
            worst = worst.max(error);
        }
    }
    worst
}

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

fn evaluate(program: &Program, points: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, String> {
    let points: Vec<&[f64]> = points.iter().map(Vec::as_slice).collect();
    program.eval(&points).map_err(|error| error.to_string())
}

/// The greatest error forward, with the bounding box and back; else why it is not compared.
fn compare(name: &str, transform: &Transform, expected: &Value) -> Result<f64, String> {
    let (sphere, sphere_back) = on_sphere(name);
    let points =
        |rows: &Value| columns(rows).ok_or_else(|| "points that are no numbers".to_owned());
    let program = transform.program().map_err(|error| error.to_string())?;
    let (inputs, forward) = (points(&expected["inputs"])?, points(&expected["forward"])?);
    let mut error = worst(
        &inputs,
        &evaluate(&program.clone().unbounded(), &inputs)?,
        &forward,
        sphere,
    );
    if let Some(rows) = expected.get("forward_with_bounding_box") {
        error = error.max(worst(
            &inputs,
            &evaluate(&program, &inputs)?,
            &points(rows)?,
            sphere,
        ));
    }
    let back = &expected["inverse"]["inverse_of_forward"];
    match (transform.inverse(), back.is_array()) {
        (Some(inverse), true) => {
            let program = inverse.program().map_err(|error| error.to_string())?;
            let found = evaluate(&program, &forward)?;
            Ok(error.max(worst(&forward, &found, &points(back)?, sphere_back)))
        }
        (None, true) => Err("an inverse that is not there".to_owned()),
        _ => Ok(error),
    }
}

#[test]
fn single_transforms_give_what_the_reference_gives() {
    let Some(corpus) = folders::corpus() else {
        return;
    };
    let folder = corpus.join("../wcs/cases/models");
    let mut lines = Vec::new();
    let mut wrong = 0;
    for path in folders::files(&folder, ".expected.json") {
        let name = path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .replace(".expected.json", "");
        let expected: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let file = AsdfFile::open(folder.join(format!("{name}.asdf"))).unwrap();
        let line = match file.transform("model") {
            Ok(transform) => compare(&name, &transform, &expected),
            Err(error) => Err(error.to_string()),
        };
        let line = match line {
            Ok(error) if error < 1e-9 => format!("{error:.1e}"),
            Ok(error) if REFERENCE_IS_WRONG.iter().any(|case| case.0 == name) => {
                format!("{error:.1e}, the reference is wrong")
            }
            Ok(error) => {
                wrong += 1;
                format!("WRONG {error:.1e}")
            }
            Err(why) => why,
        };
        lines.push(format!("{name}: {line}"));
    }
    println!("{}", lines.join("\n"));
    assert_eq!(wrong, 0);
}
