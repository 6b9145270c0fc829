//! Points that are read and written: rows of numbers, or a JSON list of lists.

use crate::context::{Context, Failure};
use crate::usage;
use asdf_core::tree::float_text;
use asdf_core::{Error, Result};
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;

/// Points as columns: one for each coordinate.
pub(super) type Columns = Vec<Vec<f64>>;

/// Points as they were given, before it is known how many coordinates they have.
pub(super) enum Given {
    /// The numbers of the command line.
    Words(Vec<f64>),
    /// The text of a file, and its name.
    Text(String, String),
}

impl Given {
    /// The points of the command line, or of a file.
    pub(super) fn read(
        numbers: &[String],
        file: Option<&Path>,
    ) -> std::result::Result<Self, Failure> {
        let Some(path) = file else {
            let values: Result<Vec<f64>> = numbers.iter().map(|text| number(text, None)).collect();
            return Ok(Self::Words(values?));
        };
        let text = if path == Path::new("-") {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            text
        } else {
            fs::read_to_string(path).map_err(|error| Error::from(error).at_file(path))?
        };
        Ok(Self::Text(text, path.display().to_string()))
    }

    /// The points, as columns of that many coordinates.
    pub(super) fn columns(&self, width: usize) -> Result<Columns> {
        match self {
            Self::Words(values) => columns(values, width, "the command line"),
            Self::Text(text, name) if text.trim_start().starts_with('[') => json(text, width, name),
            Self::Text(text, name) => rows(text, width, name),
        }
    }
}

/// Points as rows of numbers.
fn rows(text: &str, width: usize, name: &str) -> Result<Columns> {
    let mut columns = vec![Vec::new(); width];
    for (line, row) in text.lines().enumerate() {
        let row = row.split('#').next().unwrap_or_default();
        let mut count = 0;
        for field in row
            .split([' ', '\t', ',', ';'])
            .filter(|field| !field.is_empty())
        {
            if let Some(column) = columns.get_mut(count) {
                column.push(number(field, Some((name, line + 1)))?);
            }
            count += 1;
        }
        if count != 0 && count != width {
            let place = format!("{name}:{}", line + 1);
            return Err(wrong(&format!(
                "{place}: {count} numbers, a point has {width}"
            )));
        }
    }
    Ok(columns)
}

fn number(text: &str, place: Option<(&str, usize)>) -> Result<f64> {
    text.parse().ok().ok_or_else(|| {
        let place = place.map(|(name, line)| format!("{name}:{line}: "));
        wrong(&format!(
            "{}`{}` is not a number",
            place.unwrap_or_default(),
            text.escape_debug()
        ))
    })
}

/// Numbers one after the other as points.
fn columns(values: &[f64], width: usize, from: &str) -> Result<Columns> {
    if values.is_empty() || !values.len().is_multiple_of(width.max(1)) {
        return Err(wrong(&format!(
            "{} numbers on {from}, a point has {width} (or name a file with --points)",
            values.len()
        )));
    }
    let column = |place: usize| values.iter().skip(place).step_by(width).copied().collect();
    Ok((0..width).map(column).collect())
}

fn json(text: &str, width: usize, name: &str) -> Result<Columns> {
    let bad = |what: &str| {
        wrong(&format!(
            "{name}: {what}, expected a JSON list of points of {width} numbers"
        ))
    };
    let document: Value = serde_json::from_str(text).map_err(|error| bad(&error.to_string()))?;
    let rows = document.as_array().ok_or_else(|| bad("no list"))?;
    let mut columns = vec![Vec::with_capacity(rows.len()); width];
    for row in rows {
        let row = row.as_array().filter(|row| row.len() == width);
        let row = row.ok_or_else(|| bad("a point that is none"))?;
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(match value {
                Value::Null => f64::NAN,
                Value::String(text) if text == "inf" => f64::INFINITY,
                Value::String(text) if text == "-inf" => f64::NEG_INFINITY,
                value => value
                    .as_f64()
                    .ok_or_else(|| bad("something that is not a number"))?,
            });
        }
    }
    Ok(columns)
}

/// Writes points: a row for each, or JSON.
pub(super) fn write(
    context: &mut Context,
    columns: &[Vec<f64>],
    json: bool,
) -> std::result::Result<(), Failure> {
    let count = columns.first().map_or(0, Vec::len);
    let row = |point: usize| {
        columns
            .iter()
            .filter_map(move |column| column.get(point).copied())
    };
    if json {
        write!(context.out, "[")?;
        for point in 0..count {
            let values: Vec<Value> = row(point).map(json_number).collect();
            let comma = if point == 0 { "" } else { ", " };
            write!(context.out, "{comma}{}", Value::Array(values))?;
        }
        write!(context.out, "]")?;
        return Ok(());
    }
    for point in 0..count {
        let values: Vec<String> = row(point).map(float_text).collect();
        writeln!(context.out, "{}", values.join(" "))?;
    }
    Ok(())
}

/// A number; NaN is `null`.
pub(super) fn json_number(value: f64) -> Value {
    if value.is_nan() {
        Value::Null
    } else if value.is_infinite() {
        Value::from(if value > 0.0 { "inf" } else { "-inf" })
    } else {
        Value::from(value)
    }
}

pub(super) fn wrong(reason: &str) -> Error {
    usage::refused(reason)
}
