//! What astropy's classes are called in the YAML that it keeps beside tables (ECSV, FITS), and values in that YAML, on one line
//! each.

use crate::tree::{Map, Node, Value, float_text};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

/// The tag of what stands in columns of the table.
pub(super) const SERIALIZED: &str = "!astropy.table.SerializedColumn";
/// The key of a column's `meta` with the number of elements of each row, of arrays of different lengths.
pub(super) const LENGTHS: &str = "variable_lengths";
/// Nodes within nodes.
const DEPTH: usize = 32;
/// Nodes of a value: aliases can repeat a few of them without end.
const NODES: usize = 1 << 18;

/// The names of classes.
pub(super) mod class {
    pub(in super::super) const SKY_COORD: &str = "astropy.coordinates.sky_coordinate.SkyCoord";
    pub(in super::super) const EARTH_LOCATION: &str = "astropy.coordinates.earth.EarthLocation";
    pub(in super::super) const DISTANCE: &str = "astropy.coordinates.distances.Distance";
    pub(in super::super) const LONGITUDE: &str = "astropy.coordinates.angles.core.Longitude";
    pub(in super::super) const LATITUDE: &str = "astropy.coordinates.angles.core.Latitude";
    pub(in super::super) const ANGLE: &str = "astropy.coordinates.angles.core.Angle";
    pub(in super::super) const QUANTITY: &str = "astropy.units.quantity.Quantity";
    pub(in super::super) const TIME: &str = "astropy.time.core.Time";
    pub(in super::super) const TIME_DELTA: &str = "astropy.time.core.TimeDelta";
    pub(in super::super) const COLUMN: &str = "astropy.table.column.Column";
    #[cfg(feature = "fits")]
    pub(in super::super) const MASKED_COLUMN: &str = "astropy.table.column.MaskedColumn";
    pub(in super::super) const MASKED_ARRAY: &str = "astropy.utils.masked.core.MaskedNDArray";
    pub(in super::super) const NDARRAY_MIXIN: &str = "astropy.table.ndarray_mixin.NdarrayMixin";
}

/// Text in double quotes, ASCII only.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            ' '..='~' => out.push(letter),
            _ => drop(write!(out, "\\U{:08X}", u32::from(letter))),
        }
    }
    out.push('"');
    out
}

/// A number as YAML 1.1 has it, where one with an exponent needs a point.
pub(super) fn float(value: f64) -> String {
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let text = float_text(value);
    match text.split_once('e') {
        Some((digits, power)) if !digits.contains('.') => format!("{digits}.0e{power}"),
        _ => text,
    }
}

/// A column by its name.
pub(super) fn column(name: &str) -> String {
    format!("{SERIALIZED} {{name: {}}}", quoted(name))
}

/// A unit in astropy's own writing.
pub(super) fn unit(text: &str) -> String {
    // Products of the standard of units are points, which astropy's own form of units takes as well.
    format!("!astropy.units.Unit {{unit: {}}}", quoted(text))
}

/// Entries of a mapping.
pub(super) fn map(entries: &[(String, String)]) -> String {
    let entries = entries.iter().map(|(key, value)| format!("{key}: {value}"));
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}

/// A scalar; `None` of anything else.
pub(super) fn scalar(node: Node<'_>) -> Option<String> {
    Some(match node.value() {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::BigInt(value) => value.as_str().to_owned(),
        Value::Float(value) => float(value),
        Value::Str(text) => quoted(text),
        Value::Timestamp(_) => node.text()?.trim().to_owned(),
        Value::Binary(bytes) => format!("!!binary \"{}\"", STANDARD.encode(bytes)),
        _ => return None,
    })
}

/// Plain values and lists and mappings of them; `None` of all that has a tag.
#[cfg(feature = "fits")]
pub(super) fn plain(node: Node<'_>) -> Option<String> {
    Values::new(&|_| None).text(node, 0)
}

/// Values of a tree as YAML, in bounded depth and number.
pub(super) struct Values<'a> {
    left: usize,
    /// What a node with a tag becomes.
    tagged: &'a dyn Fn(Node<'_>) -> Option<String>,
}

impl<'a> Values<'a> {
    pub(super) fn new(tagged: &'a dyn Fn(Node<'_>) -> Option<String>) -> Self {
        Self {
            left: NODES,
            tagged,
        }
    }

    pub(super) fn text(&mut self, node: Node<'_>, depth: usize) -> Option<String> {
        self.left = self.left.checked_sub(1).filter(|_| depth <= DEPTH)?;
        if node.tag().is_some() {
            return scalar_of_yaml(node).or_else(|| (self.tagged)(node));
        }
        let deeper = depth.saturating_add(1);
        if let Some(map) = node.as_map() {
            let mut entries = Vec::new();
            for (key, value) in Map::iter(map) {
                entries.push((scalar(key)?, self.text(value, deeper)?));
            }
            return Some(self::map(&entries));
        }
        if let Some(items) = node.as_seq() {
            let items: Option<Vec<String>> =
                items.iter().map(|item| self.text(item, deeper)).collect();
            return Some(format!("[{}]", items?.join(", ")));
        }
        scalar(node)
    }
}

/// A scalar whose tag is one of YAML itself, as `!!binary`.
fn scalar_of_yaml(node: Node<'_>) -> Option<String> {
    let tag = node.tag()?.as_str();
    let is_yaml = tag.starts_with("tag:yaml.org,2002:");
    scalar(node).filter(|_| is_yaml)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers_for_yaml() {
        for (value, text) in [
            (1e300, "1.0e+300"),
            (2.5e-9, "2.5e-09"),
            (-0.0, "-0.0"),
            (f64::NAN, ".nan"),
            (f64::NEG_INFINITY, "-.inf"),
            (3.0, "3.0"),
        ] {
            assert_eq!(float(value), text);
        }
        assert_eq!(quoted("a\"b\n\u{e9}"), "\"a\\\"b\\U0000000A\\U000000E9\"");
    }
}
