//! Values of a profile that make sense: what no file could ever fit, or every one does, was mistyped.

use asdf_core::array::Datatype;
use asdf_core::inspect::PathPattern;
use serde::de::{Deserialize, Deserializer, Error};

/// Axes that an array may have.
const AXES: usize = 64;

/// A path, or a pattern of paths, that is not the root.
pub(super) fn parse_path(text: &str) -> Result<PathPattern, String> {
    match text.parse::<PathPattern>() {
        Ok(path) if path.as_path().is_some_and(|path| path.steps().is_empty()) => {
            Err(format!("`{text}` is the root, expected the path of a node"))
        }
        Ok(path) => Ok(path),
        Err(error) => Err(error.kind().to_string()),
    }
}

pub(super) fn path<'de, D: Deserializer<'de>>(from: D) -> Result<PathPattern, D::Error> {
    let text = String::deserialize(from)?;
    parse_path(&text).map_err(|reason| D::Error::custom(format!("path: {reason}")))
}

pub(super) fn scalar<'de, D: Deserializer<'de>>(from: D) -> Result<Option<toml::Value>, D::Error> {
    let value = toml::Value::deserialize(from)?;
    match value {
        toml::Value::Array(_) | toml::Value::Table(_) => Err(D::Error::custom(
            "equals: expected a number, a text or a truth value",
        )),
        value => Ok(Some(value)),
    }
}

pub(super) fn scalars<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Vec<toml::Value>>, D::Error> {
    let values = Vec::<toml::Value>::deserialize(from)?;
    let is_scalar =
        |value: &toml::Value| !matches!(value, toml::Value::Array(_) | toml::Value::Table(_));
    if values.is_empty() || !values.iter().all(is_scalar) {
        return Err(D::Error::custom(
            "one_of: expected a list of numbers, texts or truth values",
        ));
    }
    Ok(Some(values))
}

pub(super) fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let value = f64::deserialize(from)?;
    if value.is_nan() {
        return Err(D::Error::custom("min: expected a number, found nan"));
    }
    Ok(Some(value))
}

pub(super) fn datatypes<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let names = Vec::<String>::deserialize(from)?;
    for name in &names {
        // Records are told as they are shown, which nothing reads back.
        if name.parse::<Datatype>().is_err() && !name.starts_with('{') {
            return Err(D::Error::custom(format!(
                "datatype: `{name}` is not a datatype, expected one as `asdf ls` shows them"
            )));
        }
    }
    Ok(names)
}

pub(super) fn ndim<'de, D: Deserializer<'de>>(from: D) -> Result<Option<usize>, D::Error> {
    let count = usize::deserialize(from)?;
    if count > AXES {
        return Err(D::Error::custom(format!(
            "ndim: {count} axes, an array has {AXES} at most"
        )));
    }
    Ok(Some(count))
}

pub(super) fn shape<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<i64>>, D::Error> {
    let lengths = Vec::<i64>::deserialize(from)?;
    if let Some(length) = lengths.iter().find(|length| **length < -1) {
        return Err(D::Error::custom(format!(
            "shape: {length} is not a length, expected numbers from 0 on, or -1 for any"
        )));
    }
    Ok(Some(lengths))
}

pub(super) fn share<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let share = f64::deserialize(from)?;
    if !(0.0..=1.0).contains(&share) {
        return Err(D::Error::custom(format!(
            "max_nan: expected a share from 0 to 1, found {share}"
        )));
    }
    Ok(Some(share))
}
