//! What a node is, so that those of several files can be told apart.

use super::shared::{self, Hash};
use super::twins::{self, part};
use super::value;
use asdf_core::array::is_array;
use asdf_core::file::FileNode;
use asdf_core::tagged::Quantity;
use asdf_core::tree::{Value, float_text};
use asdf_core::{AsdfFile, Node, Result};
use sha2::{Digest, Sha256};

/// Equal for nodes that are the same: numbers by what they count, lists and mappings by all that is in them, arrays by their
/// datatypes, shapes and elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) key: Vec<u8>,
    /// As a message shows it.
    pub(super) shown: String,
}

impl Identity {
    /// # Errors
    /// The elements of an array cannot be read.
    pub(super) fn of(file: &AsdfFile, node: Node<'_>) -> Result<Self> {
        if let Some(key) = scalar(node) {
            let shown = value::shown(node);
            let key = key.into_bytes();
            return Ok(Self { key, shown });
        }
        let quantity = Quantity::single(FileNode { file, node });
        let shown = quantity.map_or_else(|| value::shown(node), |quantity| quantity.to_string());
        let key = whole(file, node)?.to_vec();
        Ok(Self { key, shown })
    }
}

/// A scalar; an integer and a float of the same number are the same.
fn scalar(node: Node<'_>) -> Option<String> {
    let (kind, text) = match node.value() {
        Value::Null => ("null", String::new()),
        Value::Bool(value) => ("bool", value.to_string()),
        Value::Int(value) => ("number", value.to_string()),
        Value::BigInt(value) => ("number", value.as_str().to_owned()),
        Value::Float(value) => ("number", float(value)),
        Value::Timestamp(time) => ("time", time.to_string()),
        Value::Str(text) => ("text", text.to_owned()),
        _ => return None,
    };
    Some(format!("{kind}:{text}"))
}

/// A float that is an integer is written as one, with all its digits.
fn float(value: f64) -> String {
    if value.is_finite() && value.fract() == 0.0 {
        // Zero has no sign.
        format!("{:.0}", value + 0.0)
    } else {
        float_text(value)
    }
}

/// The hash of a node with all that is in it: the order of keys is none of what it is.
fn whole(file: &AsdfFile, node: Node<'_>) -> Result<Hash> {
    match shared::hash(node, |node, hasher| own(file, node, hasher))? {
        Some(hash) => Ok(hash),
        None => unfolded(file, node),
    }
}

/// Adds what a node is by itself; true when what is in it counts as well.
fn own(file: &AsdfFile, node: Node<'_>, hasher: &mut Sha256) -> Result<bool> {
    let tag = node.tag().map_or("", |tag| tag.base());
    part(hasher, tag.as_bytes());
    if is_array(node) {
        elements(file, node, hasher)?;
        return Ok(false);
    }
    let kind = match node.value() {
        Value::Seq(_) => "list",
        Value::Map(_) => "mapping",
        _ => "",
    };
    let text = scalar(node);
    part(hasher, text.as_deref().unwrap_or(kind).as_bytes());
    Ok(true)
}

/// The same of a node that has one within itself: the sum over the hashes of all nodes in it, each with its path.
fn unfolded(file: &AsdfFile, node: Node<'_>) -> Result<Hash> {
    let mut sum = Hash::default();
    let base = node.path().steps().len();
    let mut walk = node.walk(file.limits());
    while let Some(node) = walk.next() {
        let node = node?;
        let mut hasher = Sha256::new();
        let path = walk.path();
        for step in path.steps().iter().skip(base) {
            part(&mut hasher, step.to_string().as_bytes());
        }
        part(&mut hasher, &[]);
        if !own(file, node, &mut hasher)? {
            walk.skip_children();
        }
        twins::add(&mut sum, &hasher.finalize());
    }
    Ok(sum)
}

/// An array, in whatever block and order of bytes it is stored.
fn elements(file: &AsdfFile, node: Node<'_>, hasher: &mut Sha256) -> Result<()> {
    let array = file.array_at(node)?;
    part(hasher, array.datatype().to_json().to_string().as_bytes());
    for length in array.shape() {
        hasher.update(length.to_le_bytes());
    }
    array.stream_le(&mut |bytes| {
        hasher.update(bytes);
        Ok(())
    })?;
    match node.get("mask") {
        Some(mask) => hasher.update(whole(file, mask)?),
        None => hasher.update([0; 32]),
    }
    Ok(())
}
