//! The values of a tree that can be columns: those outside of lists, and short lists of values.

use super::{Chain, moment};
use crate::array::is_array;
use crate::tree::{Node, PathStep, TreePath, Value};

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
    let mut walk = Walk {
        out: Vec::new(),
        chain: Chain::new(),
        path: top.path(),
    };
    walk.add(top);
    walk.out
}

struct Walk {
    out: Vec<CatalogueLeaf>,
    chain: Chain,
    path: TreePath,
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
                path: self.path.to_string(),
                name: dotted(&self.path),
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
            let inner = self.path.clone().key(text);
            let outer = std::mem::replace(&mut self.path, inner);
            self.add(value);
            self.path = outer;
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

fn dotted(path: &TreePath) -> String {
    let step = |step: &PathStep| match step {
        PathStep::Key(key) => key.replace('.', "~2"),
        PathStep::Index(index) => index.to_string(),
    };
    let steps: Vec<String> = path.steps().iter().map(step).collect();
    steps.join(".")
}
