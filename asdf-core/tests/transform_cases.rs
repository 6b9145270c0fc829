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

/// The greatest error, relative to the greatest value of a row.
fn worst(found: &[Vec<f64>], wanted: &[Vec<f64>]) -> f64 {
    let mut worst: f64 = if found.len() == wanted.len() { 0.0 } else { f64::INFINITY };
    for (found, wanted) in found.iter().zip(wanted) {
        for (found, wanted) in found.iter().zip(wanted) {
            let error = match (found.is_nan(), wanted.is_nan()) {
                (true, true) => 0.0,
                (false, false) if found == wanted => 0.0,
                (false, false) => (found - wanted).abs() / wanted.abs().max(1.0),
                _ => f64::INFINITY,
            };
            worst = worst.max(error);
        }
    }
    worst
}

fn evaluate(program: &Program, points: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, String> {
    let points: Vec<&[f64]> = points.iter().map(Vec::as_slice).collect();
    program.eval(&points).map_err(|error| error.to_string())
}

/// The greatest error forward, with the bounding box and back; else why it is not compared.
fn compare(transform: &Transform, expected: &Value) -> Result<f64, String> {
    let points = |rows: &Value| columns(rows).ok_or_else(|| "points that are no numbers".to_owned());
    let program = transform.program().map_err(|error| error.to_string())?;
    let (inputs, forward) = (points(&expected["inputs"])?, points(&expected["forward"])?);
    let mut error = worst(&evaluate(&program.clone().unbounded(), &inputs)?, &forward);
    if let Some(rows) = expected.get("forward_with_bounding_box") {
        error = error.max(worst(&evaluate(&program, &inputs)?, &points(rows)?));
    }
    let back = &expected["inverse"]["inverse_of_forward"];
    match (transform.inverse(), back.is_array()) {
        (Some(inverse), true) => {
            let program = inverse.program().map_err(|error| error.to_string())?;
            let found = evaluate(&program, &forward)?;
            Ok(error.max(worst(&found, &points(back)?)))
        }
        (None, true) => Err("an inverse that is not there".to_owned()),
        _ => Ok(error),
    }
}

#[test]
fn single_transforms_give_what_the_reference_gives() {
    let Some(corpus) = folders::corpus() else { return };
    let folder = corpus.join("../wcs/cases/models");
    let mut lines = Vec::new();
    let mut wrong = 0;
    for path in folders::files(&folder, ".expected.json") {
        let name = path.file_name().unwrap().to_string_lossy().replace(".expected.json", "");
        let expected: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let file = AsdfFile::open(folder.join(format!("{name}.asdf"))).unwrap();
        let line = match file.transform("model") {
            Ok(transform) => compare(&transform, &expected),
            Err(error) => Err(error.to_string()),
        };
        let line = match line {
            Ok(error) if error < 1e-9 => format!("{error:.1e}"),
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
