//! When two keys of a mapping are the same: as Python's dict decides, where 1, 1.0 and true are one.

use super::node::{Map, Node, NodeId, NodeKind};
use super::value::Value;
use std::collections::HashSet;

/// Mappings up to this size are checked for duplicates pair by pair, without hashing.
const SMALL: usize = 12;

/// A key reduced to what makes it equal to another.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Key<'t> {
    Null,
    Text(&'t str),
    Int(i64),
    Big(String),
    Float(u64),
    /// A timestamp or binary, by its text.
    Other(&'t str),
    /// A list or mapping: equal only to itself.
    Node(NodeId),
}

impl<'t> Key<'t> {
    pub(super) fn of(node: Node<'t>) -> Self {
        if node.kind() != NodeKind::Scalar {
            return Self::Node(node.id());
        }
        match node.value() {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Int(i64::from(value)),
            Value::Int(value) => Self::Int(value),
            Value::BigInt(value) => Self::Big(value.as_str().to_owned()),
            Value::Float(value) => match integral(value) {
                Some(int) => Self::Int(int),
                // Whole numbers beyond 64 bits are equal to integers of as many digits.
                None if value.is_finite() && value.fract() == 0.0 => {
                    Self::Big(format!("{value:.0}"))
                }
                None => Self::Float(value.to_bits()),
            },
            Value::Str(text) => Self::Text(text),
            _ => Self::Other(node.text().unwrap_or_default()),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "the round trip is the test"
)]
fn integral(value: f64) -> Option<i64> {
    let int = value as i64;
    (int as f64 == value && int != i64::MAX).then_some(int)
}

/// The first key that stands there before, of a mapping whose keys are all strings.
pub(super) fn duplicate_text(map: Map<'_>) -> Option<Node<'_>> {
    let keys = map
        .raw_iter()
        .map(|(key, _)| (key, key.text().unwrap_or_default()));
    let count = map.raw_iter().len();
    if count > SMALL {
        let mut known = HashSet::with_capacity(count);
        return keys
            .into_iter()
            .find(|key| !known.insert(key.1))
            .map(|key| key.0);
    }
    let mut known = [""; SMALL];
    for (index, (key, text)) in keys.enumerate() {
        if known.iter().take(index).any(|other| *other == text) {
            return Some(key);
        }
        if let Some(slot) = known.get_mut(index) {
            *slot = text;
        }
    }
    None
}

/// The first key that stands there before.
pub(super) fn duplicate(node: Node<'_>) -> Option<Node<'_>> {
    let map = node.as_map()?;
    let count = map.raw_iter().len();
    if count <= SMALL {
        let mut known: [Option<Key<'_>>; SMALL] = Default::default();
        for (index, (key, _)) in map.raw_iter().enumerate() {
            let this = Key::of(key);
            if known
                .iter()
                .take(index)
                .flatten()
                .any(|other| *other == this)
                && !key.is_merge_key()
            {
                return Some(key);
            }
            if let Some(slot) = known.get_mut(index) {
                *slot = Some(this);
            }
        }
        return None;
    }
    let mut known = HashSet::with_capacity(count);
    let mut keys = map.raw_iter().map(|pair| pair.0);
    keys.find(|key| !known.insert(Key::of(*key)) && !key.is_merge_key())
}
