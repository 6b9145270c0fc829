//! Tagged JSON: a tree as JSON without loss of what JSON lacks.
//!
//! A tagged node is `{"$tag": URI, "$value": …}`; integers beyond ±2^53 `{"$int": "…"}`; non-finite
//! floats `{"$float": "nan"}`; mappings with keys that are not strings `{"$map": [[k, v], …]}`; a node
//! inside itself `{"$recursive": "/path"}`; other aliases are expanded; `{"$timestamp": …}`,
//! `{"$binary": hex}`, `{"$omap": [[k, v], …]}`, `{"$set": […]}`, items of `!!pairs` `{"$tuple": [k, v]}`.

use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use crate::file::{FileNode, Reference};
use crate::limits::{Limit, Limits};
use crate::tree::Map;
use crate::tree::Measure;
use crate::tree::Node;
use crate::tree::NodeId;
use crate::tree::NodeKind;
use crate::tree::PathStep;
use crate::tree::TreePath;
use crate::tree::Value;
use crate::tree::float_text;
use serde_json::json;
use std::io::Write;

/// Integers that JSON readers take for exact.
pub(super) const EXACT: i64 = 1 << 53;
/// Keys that mean something here; a mapping that has one is written as `$map`.
pub(super) const RESERVED: [&str; 11] = [
    "$tag",
    "$value",
    "$int",
    "$float",
    "$timestamp",
    "$binary",
    "$set",
    "$omap",
    "$tuple",
    "$map",
    "$recursive",
];

/// What becomes of `$ref` mappings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum References {
    /// They are written as they stand.
    Keep,
    /// Each is replaced by what it names. A chain that leads back to itself is an error, a reference
    /// to an ancestor is written as `$recursive`.
    Resolve,
}

/// Writes a node and everything below it as tagged JSON. Bounded by `expanded_nodes` of [`Limits`];
/// what the file's own aliases make is checked before the first byte is written.
///
/// # Errors
/// `expanded_nodes` of [`Limits`]; a reference that is to be resolved cannot be; an array cannot be read; `out` fails.
///
/// # Examples
/// ```
/// # fn main() -> asdf_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
/// use asdf_core::AsdfFile;
/// use asdf_core::convert::{References, write_json};
/// use asdf_core::file::FileNode;
///
/// let file = AsdfFile::open(path)?;
/// let at = FileNode { file: &file, node: file.node("roman/meta/exposure")? };
/// let mut text = Vec::new();
/// write_json(at, References::Keep, &mut text, file.limits())?;
/// assert!(text.starts_with(b"{"));
/// # Ok(())
/// # }
/// ```
pub fn write_json(
    at: FileNode<'_>,
    references: References,
    out: &mut impl Write,
    limits: &Limits,
) -> Result<()> {
    let needed = Measure::expanded(at.node, limits.expanded_nodes);
    if needed > limits.expanded_nodes {
        return Err(too_many(needed, limits.expanded_nodes).into());
    }
    let base = at.node.path();
    let mut writer = Writer {
        out,
        limits,
        references,
        base,
        stack: Vec::new(),
        written: 0,
    };
    writer.begin(at)?;
    while !writer.stack.is_empty() {
        writer.step()?;
    }
    Ok(())
}

fn too_many(needed: u64, allowed: u64) -> LimitExceeded {
    let what = "number of nodes written when shared nodes are expanded";
    LimitExceeded::new(what, Limit::ExpandedNodes, needed, allowed)
}

/// How the children of an open node are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    List,
    Object,
    /// Keys and values in turn, as lists of two.
    Pairs,
    /// The same, each under `$tuple`.
    Tuples,
}

/// A node whose children are being written.
struct Frame<'f> {
    at: FileNode<'f>,
    shape: Shape,
    children: Box<dyn Iterator<Item = (Node<'f>, Option<Node<'f>>)> + 'f>,
    /// The value of the pair whose key was just written.
    value: Option<Node<'f>>,
    started: usize,
    /// The step to the child that is being written.
    step: PathStep,
    close: String,
}

struct Writer<'w, 'f, W> {
    out: &'w mut W,
    limits: &'w Limits,
    references: References,
    base: TreePath,
    stack: Vec<Frame<'f>>,
    written: u64,
}

impl<'f, W: Write> Writer<'_, 'f, W> {
    /// Writes a scalar whole, of anything else the beginning.
    fn begin(&mut self, at: FileNode<'f>) -> Result<()> {
        self.written += 1;
        // References cannot be measured beforehand, so they get a smaller share.
        let allowed = match self.references {
            References::Keep => self.limits.expanded_nodes,
            References::Resolve => self.limits.expanded_nodes / 4,
        };
        if self.written > allowed {
            let error = Error::from(too_many(self.written, allowed));
            return Err(error
                .at(at.node.span())
                .at_path(|| at.node.path())
                .in_file(at.file.name()));
        }
        let reference = Reference::of(at).filter(|_| self.references == References::Resolve);
        let from = at;
        let at = match reference {
            Some(reference) => reference.resolve()?,
            None => at,
        };
        let depth = self.stack.iter().position(|frame| is_same(frame.at, at));
        if let Some(depth) = depth.filter(|_| at.node.kind() != NodeKind::Scalar) {
            if let Some(uri) = reference.and_then(|reference| reference.uri()) {
                let warning = Warning::new(WarningKind::ReferenceToAncestor { uri: uri.into() });
                let place = from.node.path();
                from.file.warn(warning.at(from.node.span()).at_path(place));
            }
            let pointer = json!({ "$recursive": self.path(depth).to_string() });
            write!(self.out, "{pointer}")?;
            return Ok(());
        }
        let mut close = String::new();
        if let Some(tag) = at.node.tag() {
            write!(self.out, "{{\"$tag\":{},\"$value\":", json!(tag.as_str()))?;
            close.push('}');
        }
        if at.node.kind() == NodeKind::Scalar {
            write_scalar(at.node, self.out)?;
            self.out.write_all(close.as_bytes())?;
            return Ok(());
        }
        self.open(at, &close)
    }

    fn open(&mut self, at: FileNode<'f>, outer: &str) -> Result<()> {
        let singles = |node: Node<'f>| (node, None);
        let (prefix, suffix, shape, children): (_, _, _, Box<dyn Iterator<Item = _> + 'f>) =
            match at.node.value() {
                Value::Map(map) if is_object(map) => (
                    "{",
                    "}",
                    Shape::Object,
                    Box::new(map.iter().map(|(key, value)| (key, Some(value)))),
                ),
                Value::Map(map) => {
                    let pairs = map.iter().map(|(key, value)| (key, Some(value)));
                    ("{\"$map\":[", "]}", Shape::Pairs, Box::new(pairs))
                }
                Value::Set(map) => {
                    let mut keys: Vec<Node<'f>> = map.iter().map(|pair| pair.0).collect();
                    keys.sort_by_cached_key(|key| scalar_json(*key));
                    (
                        "{\"$set\":[",
                        "]}",
                        Shape::List,
                        Box::new(keys.into_iter().map(singles)),
                    )
                }
                Value::Omap(seq) => (
                    "{\"$omap\":[",
                    "]}",
                    Shape::Pairs,
                    Box::new(seq.iter().filter_map(one_pair)),
                ),
                Value::Pairs(seq) => (
                    "[",
                    "]",
                    Shape::Tuples,
                    Box::new(seq.iter().filter_map(one_pair)),
                ),
                Value::Seq(seq) => ("[", "]", Shape::List, Box::new(seq.iter().map(singles))),
                _ => return Ok(()),
            };
        self.out.write_all(prefix.as_bytes())?;
        let close = format!("{suffix}{outer}");
        let step = PathStep::Index(0);
        self.stack.push(Frame {
            at,
            shape,
            children,
            value: None,
            started: 0,
            step,
            close,
        });
        Ok(())
    }

    /// Writes the next piece of the innermost open node.
    fn step(&mut self) -> Result<()> {
        let Some(frame) = self.stack.last_mut() else {
            return Ok(());
        };
        let file = frame.at.file;
        if let Some(value) = frame.value.take() {
            self.out.write_all(b",")?;
            return self.begin(FileNode { file, node: value });
        }
        let tuple_end: &[u8] = match frame.shape {
            Shape::Pairs if frame.started > 0 => b"]",
            Shape::Tuples if frame.started > 0 => b"]}",
            _ => b"",
        };
        self.out.write_all(tuple_end)?;
        let Some((first, second)) = frame.children.next() else {
            let close = std::mem::take(&mut frame.close);
            self.stack.pop();
            self.out.write_all(close.as_bytes())?;
            return Ok(());
        };
        if frame.started > 0 {
            self.out.write_all(b",")?;
        }
        frame.step = match frame.shape {
            Shape::List => PathStep::Index(frame.started),
            _ => PathStep::Key(first.key_text().into()),
        };
        frame.started += 1;
        match (frame.shape, second) {
            (Shape::Object, Some(value)) => {
                serde_json::to_writer(&mut *self.out, &first.key_text())
                    .map_err(std::io::Error::from)?;
                self.out.write_all(b":")?;
                self.begin(FileNode { file, node: value })
            }
            (shape, value) => {
                frame.value = value;
                self.out.write_all(match shape {
                    Shape::Pairs => b"[",
                    Shape::Tuples => b"{\"$tuple\":[",
                    _ => b"",
                })?;
                self.begin(FileNode { file, node: first })
            }
        }
    }

    /// The path of an open node.
    fn path(&self, depth: usize) -> TreePath {
        let steps = self
            .stack
            .iter()
            .take(depth)
            .map(|frame| frame.step.clone());
        steps.fold(self.base.clone(), |path, step| match step {
            PathStep::Key(key) => path.key(&key),
            PathStep::Index(index) => path.index(index),
        })
    }
}

fn is_same(a: FileNode<'_>, b: FileNode<'_>) -> bool {
    let id = |at: FileNode<'_>| -> NodeId { at.node.id() };
    id(a) == id(b) && std::ptr::eq(a.file, b.file)
}

/// True when every key is a plain string that means nothing here.
fn is_object(map: Map<'_>) -> bool {
    map.iter().all(|(key, _)| match key.value() {
        Value::Str(text) => {
            key.tag().is_none() && !(text.starts_with('$') && RESERVED.contains(&text))
        }
        _ => false,
    })
}

fn one_pair(item: Node<'_>) -> Option<(Node<'_>, Option<Node<'_>>)> {
    item.as_map()?
        .raw_iter()
        .next()
        .map(|(key, value)| (key, Some(value)))
}

/// The text by which the items of a set are sorted.
fn scalar_json(node: Node<'_>) -> String {
    let mut out = Vec::new();
    // Writing to memory does not fail.
    let _ = write_scalar(node, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn write_scalar(node: Node<'_>, out: &mut impl Write) -> std::io::Result<()> {
    match node.value() {
        Value::Null => out.write_all(b"null"),
        Value::Bool(value) => write!(out, "{value}"),
        Value::Int(value) if (-EXACT..=EXACT).contains(&value) => write!(out, "{value}"),
        Value::Int(value) => write!(out, "{{\"$int\":\"{value}\"}}"),
        Value::BigInt(value) => write!(out, "{{\"$int\":\"{}\"}}", value.as_str()),
        Value::Float(value) if value.is_finite() => out.write_all(float_text(value).as_bytes()),
        Value::Float(value) => write!(out, "{{\"$float\":\"{}\"}}", float_text(value)),
        Value::Timestamp(time) => write!(out, "{{\"$timestamp\":\"{time}\"}}"),
        Value::Binary(bytes) => {
            out.write_all(b"{\"$binary\":\"")?;
            bytes
                .iter()
                .try_for_each(|byte| write!(out, "{byte:02x}"))?;
            out.write_all(b"\"}")
        }
        _ => serde_json::to_writer(out, node.text().unwrap_or_default())
            .map_err(std::io::Error::from),
    }
}
