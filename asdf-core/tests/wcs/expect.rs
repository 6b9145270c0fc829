//! The expectations beside `../shared/wcs/cases`, and how far results are from them.

use asdf_core::transform::Program;
use serde_json::Value;

/// A number of the expectations: `null` is NaN.
pub(crate) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Null => Some(f64::NAN),
        Value::String(text) if text == "inf" => Some(f64::INFINITY),
        Value::String(text) if text == "-inf" => Some(f64::NEG_INFINITY),
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        _ => value.as_f64(),
    }
}

/// Rows of points as columns; `None` for points that are not numbers.
pub(crate) fn columns(rows: &Value) -> Option<Vec<Vec<f64>>> {
    let rows = rows.as_array()?;
    let width = rows.iter().find_map(Value::as_array)?.len();
    let mut columns = vec![Vec::new(); width];
    for row in rows {
        // A point at which the reference stops has no result.
        let row = row.as_array();
        for (number_of, column) in columns.iter_mut().enumerate() {
            column.push(match row {
                Some(row) => number(row.get(number_of)?)?,
                None => f64::NAN,
            });
        }
    }
    Some(columns)
}

/// The columns of the results that are longitudes, each with that of its latitude.
pub(crate) type Longitudes = Vec<(usize, usize)>;

/// The greatest error: relative to the greatest value but 1; of longitudes across the circle of
/// latitude, so that at a pole every one is right. Where an input is NaN, NaN is right: the reference gives
/// 0 for profiles with an edge.
pub(crate) fn worst(
    input: &[Vec<f64>],
    found: &[Vec<f64>],
    wanted: &[Vec<f64>],
    longitudes: &Longitudes,
) -> f64 {
    if found.len() != wanted.len() {
        return f64::INFINITY;
    }
    let mut worst: f64 = 0.0;
    for (number, (found, wanted_column)) in found.iter().zip(wanted).enumerate() {
        let latitude = longitudes.iter().find(|pair| pair.0 == number);
        for (point, (found, expected)) in found.iter().zip(wanted_column).enumerate() {
            let unknown = input.iter().any(|column| column[point].is_nan());
            let error = match (found.is_nan(), expected.is_nan(), latitude) {
                (true, true, _) => 0.0,
                (true, false, _) if unknown => 0.0,
                #[expect(clippy::float_cmp, reason = "infinities are equal or not")]
                (false, false, _) if found == expected => 0.0,
                (false, false, Some((_, latitude))) => {
                    let apart = (found - expected + 180.0).rem_euclid(360.0) - 180.0;
                    apart.abs() * wanted[*latitude][point].to_radians().cos().abs()
                }
                (false, false, None) => (found - expected).abs() / expected.abs().max(1.0),
                _ => f64::INFINITY,
            };
            worst = worst.max(error);
        }
    }
    worst
}

pub(crate) fn evaluate(program: &Program, points: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, String> {
    let points: Vec<&[f64]> = points.iter().map(Vec::as_slice).collect();
    program.eval(&points).map_err(|error| error.to_string())
}

/// The greatest error of an inverse, point by point from whichever is closer: what the reference gives,
/// or what the points came from. Native longitudes beyond 180 are off by 360 in the reference.
pub(crate) fn worst_back(
    input: &[Vec<f64>],
    found: &[Vec<f64>],
    wanted: &[Vec<Vec<f64>>; 2],
    longitudes: &Longitudes,
) -> f64 {
    let count = found.first().map_or(0, Vec::len);
    let row = |columns: &[Vec<f64>], point: usize| -> Vec<Vec<f64>> {
        columns.iter().map(|column| vec![column[point]]).collect()
    };
    (0..count)
        .map(|point| {
            let far = |wanted: &[Vec<f64>]| {
                worst(
                    &row(input, point),
                    &row(found, point),
                    &row(wanted, point),
                    longitudes,
                )
            };
            far(&wanted[0]).min(far(&wanted[1]))
        })
        .fold(0.0, f64::max)
}

/// Holds a table of `docs/` against the lines that were found: all cases are in it. It is written anew when
/// `ASDF_WRITE_TABLES` is set.
pub(crate) fn table(path: &str, head: &str, lines: &[String]) {
    let table = crate::folders::workspace().join(path);
    let text = format!("{head}{}\n", lines.join("\n"));
    if std::env::var_os("ASDF_WRITE_TABLES").is_some() {
        std::fs::write(&table, &text).unwrap();
    }
    let names = |text: &str| -> Vec<String> {
        let rows = text.lines().filter(|line| line.starts_with("| "));
        rows.filter_map(|line| Some(line.split('|').nth(1)?.trim().to_owned()))
            .collect()
    };
    let kept = std::fs::read_to_string(&table).unwrap();
    assert_eq!(names(&kept), names(&text), "{path} is stale");
}
