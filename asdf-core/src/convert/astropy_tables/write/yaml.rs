//! Values in the YAML that astropy reads, on one line each.

use super::super::SERIALIZED;
use crate::tree::{Map, Node, Value, float_text};
use std::fmt::Write;

/// Nodes within nodes.
const DEPTH: usize = 32;

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
        Value::Float(value) => float_text(value),
        Value::Str(text) => quoted(text),
        _ => return None,
    })
}

/// Plain values and lists and mappings of them; `None` of all that has a tag.
pub(super) fn plain(node: Node<'_>, depth: usize) -> Option<String> {
    if node.tag().is_some() || depth > DEPTH {
        return None;
    }
    let deeper = depth.saturating_add(1);
    if let Some(map) = node.as_map() {
        let mut entries = Vec::new();
        for (key, value) in Map::iter(map) {
            entries.push((scalar(key)?, plain(value, deeper)?));
        }
        return Some(self::map(&entries));
    }
    if let Some(items) = node.as_seq() {
        let items: Option<Vec<String>> = items.iter().map(|item| plain(item, deeper)).collect();
        return Some(format!("[{}]", items?.join(", ")));
    }
    scalar(node)
}
