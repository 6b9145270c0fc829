//! Short names for people.

use crate::tree::Node;
use crate::tree::Tag;
use crate::tree::Value;

/// A tag without its authority: `core/ndarray-1.1.0`, `roman/exposure-1.0.0`, `gwcs/wcs-1.4.0`.
///
/// `asdf://host/a/b/tags/name-1.0.0` gives `b/name-1.0.0`; `tag:host:name/…` gives what follows the
/// host, without the leading `asdf/` of the core tags; anything else stays as it is.
pub fn short_tag(tag: &Tag) -> String {
    let full = tag.as_str();
    if let Some(rest) = full.strip_prefix("tag:stsci.edu:asdf/") {
        return rest.to_owned();
    }
    if let Some((_, rest)) = full.strip_prefix("tag:").and_then(|rest| rest.split_once(':')) {
        return rest.to_owned();
    }
    if let Some(rest) = full.strip_prefix("asdf://") {
        let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
        return match parts.iter().position(|part| *part == "tags") {
            Some(at) => {
                let owner = parts.get(at.saturating_sub(1)).copied().unwrap_or_default();
                let mut out = owner.to_owned();
                for part in parts.iter().skip(at.saturating_add(1)) {
                    out.push('/');
                    out.push_str(part);
                }
                out
            }
            None => parts.join("/"),
        };
    }
    full.to_owned()
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
