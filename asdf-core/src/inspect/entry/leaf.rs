//! The values of a tree that can be columns: those outside of lists, and short lists of values.

use super::{Chain, moment};
use crate::array::is_array;
use crate::tree::{Node, PathStep, TreePath, Value};
use std::borrow::Cow;

/// Values of a list that is one value.
const LIST: usize = 16;
/// Mappings within each other.
const DEPTH: usize = 64;
/// Values of a file.
const MOST: usize = 20_000;
/// Bytes of a text.
const TEXT: usize = 1 << 16;

/// A value of a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogueLeaf {
    /// Its path (JSON Pointer).
    pub path: String,
    /// Its keys with dots between them, where a dot in a key is written `~2`.
    pub name: String,
    /// The value.
    pub value: LeafValue,
    /// The unit, of a quantity.
    pub unit: Option<String>,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum LeafValue {
    /// A truth value.
    Bool(bool),
    /// An integer of 64 bits; larger ones are text.
    Int(i64),
    /// A number.
    Float(f64),
    /// A moment, in microseconds since 1970 (UTC).
    Time(i64),
    /// Text.
    Text(String),
    /// Up to 16 values of one kind.
    List(Vec<LeafValue>),
}

/// The values below a node.
pub(super) fn leaves(top: Node<'_>) -> Vec<CatalogueLeaf> {
    let path = top.path();
    let mut walk = Walk {
        out: Vec::new(),
        chain: Chain::new(),
        name: dotted(&path),
        path: path.to_string(),
    };
    walk.add(top);
    walk.out
}

/// Where a walk is: path and name grow and shrink with it, as there are hundreds of values in each of many files.
struct Walk {
    out: Vec<CatalogueLeaf>,
    chain: Chain,
    path: String,
    name: String,
}

impl Walk {
    fn add(&mut self, node: Node<'_>) {
        if self.out.len() >= MOST || self.chain.len() > DEPTH {
            return;
        }
        let (found, unit) = match quantity(node) {
            Some((number, unit)) => (scalar(number), Some(unit.to_owned())),
            None => (value(node), None),
        };
        if let Some(value) = found {
            self.out.push(CatalogueLeaf {
                path: self.path.clone(),
                name: self.name.clone(),
                value,
                unit,
            });
            return;
        }
        if is_left_out(node) || !self.chain.insert(node.id()) {
            return;
        }
        for (key, value) in node.as_map().iter().flat_map(|map| map.iter()) {
            let Some(text) = key.text() else {
                continue;
            };
            let (path, name) = (self.path.len(), self.name.len());
            self.path.push('/');
            self.path.push_str(&token(text));
            if path > 0 {
                self.name.push('.');
            }
            self.name.push_str(&word(text));
            self.add(value);
            self.path.truncate(path);
            self.name.truncate(name);
        }
        self.chain.remove(&node.id());
    }
}

/// True for nodes whose parts say nothing by themselves: arrays, WCS and transforms, references.
fn is_left_out(node: Node<'_>) -> bool {
    let is_model = node.tag().is_some_and(|tag| {
        let tag = tag.base();
        tag.contains("transform/") || tag.contains("gwcs/") || tag.contains("wcs/")
    });
    is_model || is_array(node) || node.get("$ref").is_some()
}

/// The number of a quantity, and its unit.
fn quantity(node: Node<'_>) -> Option<(Node<'_>, &str)> {
    let is_quantity = node.tag()?.base().ends_with("unit/quantity");
    let number = node.get("value").filter(|value| value.text().is_some());
    Some((number.filter(|_| is_quantity)?, node.get("unit")?.text()?))
}

/// The value of a scalar, a moment or a short list.
fn value(node: Node<'_>) -> Option<LeafValue> {
    let is_time = node
        .tag()
        .is_some_and(|tag| tag.base().ends_with("time/time"));
    if is_time {
        // A text by itself, or a mapping with a value.
        let text = node.text().or_else(|| node.get("value")?.text());
        return match text.and_then(moment::unix_microseconds) {
            Some(microseconds) => Some(LeafValue::Time(microseconds)),
            None => scalar(node.get("value").unwrap_or(node)),
        };
    }
    if let Some(list) = node.as_seq() {
        return list_value(&list.iter().map(scalar).collect::<Option<Vec<_>>>()?);
    }
    scalar(node)
}

fn list_value(items: &[LeafValue]) -> Option<LeafValue> {
    if items.is_empty() || items.len() > LIST {
        return None;
    }
    let same = |a: &LeafValue| {
        let first = items.first();
        first.is_some_and(|b| std::mem::discriminant(a) == std::mem::discriminant(b))
    };
    if items.iter().all(same) {
        return Some(LeafValue::List(items.to_vec()));
    }
    let number = |item: &LeafValue| match item {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a list of integers and floats is one of floats"
        )]
        LeafValue::Int(value) => Some(LeafValue::Float(*value as f64)),
        LeafValue::Float(value) => Some(LeafValue::Float(*value)),
        _ => None,
    };
    let numbers: Option<Vec<LeafValue>> = items.iter().map(number).collect();
    numbers.map(LeafValue::List)
}

fn scalar(node: Node<'_>) -> Option<LeafValue> {
    Some(match node.value() {
        Value::Bool(value) => LeafValue::Bool(value),
        Value::Int(value) => LeafValue::Int(value),
        Value::BigInt(value) => LeafValue::Text(value.as_str().to_owned()),
        Value::Float(value) => LeafValue::Float(value),
        Value::Timestamp(time) => {
            let text = time.to_string();
            match moment::unix_microseconds(&text) {
                Some(microseconds) => LeafValue::Time(microseconds),
                None => LeafValue::Text(text),
            }
        }
        Value::Str(text) if text.len() <= TEXT => LeafValue::Text(text.to_owned()),
        _ => return None,
    })
}

/// A key as JSON Pointers have it.
fn token(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) {
        key.replace('~', "~0").replace('/', "~1").into()
    } else {
        key.into()
    }
}

/// A key as names of columns have it.
fn word(key: &str) -> Cow<'_, str> {
    if key.contains('.') {
        key.replace('.', "~2").into()
    } else {
        key.into()
    }
}

fn dotted(path: &TreePath) -> String {
    let step = |step: &PathStep| match step {
        PathStep::Key(key) => word(key).into_owned(),
        PathStep::Index(index) => index.to_string(),
    };
    let steps: Vec<String> = path.steps().iter().map(step).collect();
    steps.join(".")
}
