//! Short names for people.

use crate::tree::Node;
use crate::tree::Tag;
use crate::tree::Value;

/// A tag without its authority: `core/ndarray-1.1.0`, `roman/exposure-1.0.0`, `gwcs/wcs-1.4.0` ([`Tag::short`]).
pub fn short_tag(tag: &Tag) -> String {
    tag.short()
}

/// The name of a value's type: `str`, `int`, `float`, `bool`, `null`, `timestamp`, `binary`, `map`,
/// `list`, `set`, `omap`, `pairs`.
pub fn type_name(node: Node<'_>) -> &'static str {
    match node.value() {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::BigInt(_) => "int",
        Value::Float(_) => "float",
        Value::Str(_) => "str",
        Value::Timestamp(_) => "timestamp",
        Value::Binary(_) => "binary",
        Value::Seq(_) => "list",
        Value::Map(_) => "map",
        Value::Set(_) => "set",
        Value::Omap(_) => "omap",
        Value::Pairs(_) => "pairs",
    }
}
