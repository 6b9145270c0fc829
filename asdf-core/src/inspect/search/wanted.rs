//! The value that a search looks for.

use crate::limits::Limits;
use crate::tree::{Node, Tree, Value};
use std::collections::HashSet;

/// The value looked for: a YAML value in a tree of its own.
#[derive(Debug)]
pub(super) struct Wanted(Tree);

impl Wanted {
    /// Text that is not a YAML value is looked for as a string; `[..]` and `{..}` are a list and a mapping.
    pub(super) fn parse(text: &str, limits: &Limits) -> Self {
        let parse = |yaml: String| Tree::parse(yaml.as_bytes(), 0, limits, &mut Vec::new());
        let tree = parse(format!("--- {text}\n"))
            .ok()
            .filter(|tree| tree.root().text().is_some() || text.starts_with(['[', '{']))
            .or_else(|| parse(format!("--- '{}'\n", text.replace('\'', "''"))).ok());
        Self(tree.unwrap_or_else(Tree::empty))
    }

    pub(super) fn equals(&self, node: Node<'_>) -> bool {
        is_equal(self.0.root(), node)
    }
}

/// Whether a node says what is looked for. Pairs of nodes are compared once: both may contain themselves.
fn is_equal(wanted: Node<'_>, node: Node<'_>) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![(wanted, node)];
    while let Some((wanted, node)) = open.pop() {
        if wanted.text().is_none() && !seen.insert((wanted.id(), node.id())) {
            continue;
        }
        match (wanted.value(), node.value()) {
            (Value::Seq(wanted), Value::Seq(found)) if wanted.len() == found.len() => {
                open.extend(wanted.iter().zip(found.iter()));
            }
            (Value::Map(wanted), Value::Map(found)) if wanted.len() == found.len() => {
                for (key, value) in wanted {
                    let same = |other: &Node<'_>| is_equal_scalar(key, *other);
                    match found.iter().find(|(other, _)| same(other)) {
                        Some((_, found)) => open.push((value, found)),
                        None => return false,
                    }
                }
            }
            _ if !is_equal_scalar(wanted, node) => return false,
            _ => {}
        }
    }
    true
}

fn is_equal_scalar(wanted: Node<'_>, node: Node<'_>) -> bool {
    match (wanted.value(), node.value()) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::BigInt(a), Value::BigInt(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a.total_cmp(&b).is_eq() || (a == 0.0 && b == 0.0),
        (Value::Int(int), Value::Float(float)) | (Value::Float(float), Value::Int(int)) => {
            is_same(int, float)
        }
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Timestamp(a), Value::Timestamp(b)) => a == b,
        (Value::Binary(a), Value::Binary(b)) => a == b,
        _ => false,
    }
}

/// True when the float is exactly that integer.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "the round trip proves equality"
)]
fn is_same(int: i64, float: f64) -> bool {
    int as f64 == float && (int as f64) as i128 == i128::from(int)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_floats_compare_as_numbers() {
        assert!(is_same(1, 1.0));
        assert!(!is_same(1, 1.5));
        assert!(!is_same((1 << 53) + 1, 9_007_199_254_740_992.0));
    }

    #[test]
    fn lists_and_mappings_are_equal_by_their_values() {
        let is_found = |wanted: &str, found: &str| {
            let tree = Tree::parse(found.as_bytes(), 0, &Limits::default(), &mut Vec::new());
            Wanted::parse(wanted, &Limits::default()).equals(tree.unwrap().root())
        };
        assert!(is_found("[1, 2]", "--- [1.0, 2]\n"));
        assert!(!is_found("[1, 2]", "--- [1, 2, 3]\n"));
        assert!(!is_found("[1, 2]", "--- ['1', 2]\n"));
        assert!(is_found("{a: 1, b: [x]}", "--- {b: [x], a: 1}\n"));
        assert!(!is_found("{a: 1}", "--- {b: 1}\n"));
        assert!(is_found("[x", "--- '[x'\n"));
        assert!(!is_found("x: y", "--- {x: y}\n"));
    }
}
