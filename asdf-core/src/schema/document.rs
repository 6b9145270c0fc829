//! A YAML text of schemas as JSON, which is what the `jsonschema` crate takes for schemas.

use crate::error::Result;
use crate::limits::Limits;
use crate::tree::Node;
use crate::tree::Tree;
use crate::tree::Value;
use serde_json::Map;
use serde_json::Number;
use serde_json::Value as Json;

/// Parses a schema or manifest.
pub(super) fn parse(text: &str) -> Result<Tree> {
    Tree::parse(text.as_bytes(), 0, &Limits::default(), &mut Vec::new())
}

/// A whole document as JSON.
pub(super) fn json(node: Node<'_>) -> Json {
    to_json(node, &mut NODES.clone(), &str::to_owned)
}

/// A node as JSON; keys become text, and what JSON has not (NaN, binary) becomes null or text.
/// Shared nodes are copied, so that `budget` bounds the nodes written.
pub(super) fn to_json(node: Node<'_>, budget: &mut u64, text: &dyn Fn(&str) -> String) -> Json {
    *budget = budget.saturating_sub(1);
    if *budget == 0 {
        return Json::Null;
    }
    match node.value() {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(value),
        Value::Int(value) => Json::from(value),
        Value::Float(value) => Number::from_f64(value).map_or(Json::Null, Json::Number),
        Value::BigInt(value) => value.as_str().parse().map_or(Json::Null, Json::Number),
        Value::Str(value) => Json::String(text(value)),
        Value::Seq(items) | Value::Pairs(items) => items
            .iter()
            .map(|item| to_json(item, budget, text))
            .collect(),
        Value::Map(map) | Value::Set(map) => map
            .iter()
            .map(|(key, value)| (key.key_text().into_owned(), to_json(value, budget, text)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Omap(pairs) => pairs
            .iter()
            .filter_map(|pair| pair.as_map()?.iter().next())
            .map(|(key, value)| (key.key_text().into_owned(), to_json(value, budget, text)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Timestamp(_) | Value::Binary(_) => {
            Json::String(node.text().unwrap_or_default().to_owned())
        }
    }
}

/// Nodes of one schema.
pub(super) const NODES: u64 = 500_000;
/// Bytes of one document, and of all of a package.
pub(super) const FILE_BYTES: u64 = 16 << 20;
pub(super) const PACKAGE_BYTES: u64 = 256 << 20;
