//! Cheap handles into the arena.

use super::arena::{CoreTag, Entry, EntryKind, Form};
use super::integer::Integer;
use super::iter::{Items, Pairs};
use super::lookup::LARGE;
use super::path::PathStep;
use super::scalar;
use super::style::ScalarStyle;
use super::timestamp::Timestamp;
use super::value::{BigInt, decode_binary};
use super::{Tag, Tree, TreePath, Value};
use crate::error::Result;
use serde::Deserialize;
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// Identity of a node within its tree; an alias has the identity of the node it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

/// A node; copying it copies two words.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    pub(crate) tree: &'t Tree,
    pub(crate) id: NodeId,
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({}, {})", self.id.0, self.describe())
    }
}

/// What YAML calls the kind of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// Text.
    Scalar,
    /// A list.
    Seq,
    /// A mapping.
    Map,
}

impl<'t> Node<'t> {
    fn entry(self) -> Entry {
        self.tree.arena.entry(self.id.0)
    }

    pub(super) fn other(self, id: u32) -> Self {
        Self {
            tree: self.tree,
            id: NodeId(self.tree.arena.resolve_alias(id)),
        }
    }

    /// Identity: equal for all occurrences of a shared node.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The tree that holds this node.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Scalar, list or mapping.
    pub fn kind(self) -> NodeKind {
        match self.entry().kind {
            EntryKind::Seq => NodeKind::Seq,
            EntryKind::Map => NodeKind::Map,
            EntryKind::Scalar | EntryKind::Alias => NodeKind::Scalar,
        }
    }

    /// The value by the rules of YAML 1.1 and the node's tag: a scalar with a tag outside of
    /// YAML's own (`!core/complex-1.0.0`) is always a string.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::tree::Value;
    ///
    /// let file = AsdfFile::open(path)?;
    /// match file.node("roman/meta/exposure/exposure_time")?.value() {
    ///     Value::Float(seconds) => assert_eq!(seconds, 107.52398),
    ///     other => println!("{other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn value(self) -> Value<'t> {
        match self.kind() {
            NodeKind::Seq => match self.core_tag() {
                Some(CoreTag::Omap) => Value::Omap(Seq { node: self }),
                Some(CoreTag::Pairs) => Value::Pairs(Seq { node: self }),
                _ => Value::Seq(Seq { node: self }),
            },
            NodeKind::Map if self.core_tag() == Some(CoreTag::Set) => {
                Value::Set(Map { node: self })
            }
            NodeKind::Map => Value::Map(Map { node: self }),
            NodeKind::Scalar => self.scalar_value(),
        }
    }

    fn scalar_value(self) -> Value<'t> {
        let text = self.text().unwrap_or_default();
        let value = match self.scalar_type() {
            CoreTag::Null => Some(Value::Null),
            CoreTag::Bool => scalar::bool_value(text).map(Value::Bool),
            CoreTag::Int => scalar::int_value(text).map(|int| match int {
                Integer::Small(small) => Value::Int(small),
                Integer::Large(digits) => Value::BigInt(BigInt(Cow::Owned(digits))),
            }),
            CoreTag::Float => scalar::float_value(text).map(Value::Float),
            CoreTag::Timestamp => Timestamp::parse(text).map(Value::Timestamp),
            CoreTag::Binary => decode_binary(text).map(Value::Binary),
            _ => None,
        };
        // Text that does not fit its type was refused when the tree was parsed.
        value.unwrap_or(Value::Str(text))
    }

    /// What a scalar is, by its tag or by the look of its text.
    pub(super) fn scalar_type(self) -> CoreTag {
        let entry = self.entry();
        if entry.kind == EntryKind::Scalar {
            return entry.scalar;
        }
        self.core_tag().unwrap_or(CoreTag::Str)
    }

    pub(super) fn core_tag(self) -> Option<CoreTag> {
        self.tree.arena.core_tag(self.entry())
    }

    /// The name of a scalar's type, for messages.
    pub(super) fn type_label(self) -> &'static str {
        match self.scalar_type() {
            CoreTag::Null => "null",
            CoreTag::Bool => "bool",
            CoreTag::Int => "int",
            CoreTag::Float => "float",
            CoreTag::Timestamp => "timestamp",
            CoreTag::Binary => "base64 binary",
            CoreTag::Seq | CoreTag::Omap | CoreTag::Pairs => "list",
            CoreTag::Map | CoreTag::Set => "mapping",
            CoreTag::Str | CoreTag::Merge | CoreTag::Value | CoreTag::Plain => "string",
        }
    }

    /// What the node is, in a few words, for messages: `a mapping of 3`, `the string "abc"`.
    pub fn describe(self) -> Box<str> {
        let tagged = self
            .tag()
            .map(|tag| format!(" ({})", tag.short()))
            .unwrap_or_default();
        match self.kind() {
            NodeKind::Map => format!("a mapping of {}{tagged}", self.raw_len() / 2),
            NodeKind::Seq => format!("a list of {}{tagged}", self.raw_len()),
            NodeKind::Scalar => {
                let text = self.text().unwrap_or_default();
                let cut = if text.chars().nth(40).is_some() {
                    "…"
                } else {
                    ""
                };
                let text: String = text.chars().take(40).collect();
                match self.scalar_type() {
                    CoreTag::Null => "null".to_owned(),
                    CoreTag::Str => format!("the string \"{}{cut}\"{tagged}", text.escape_debug()),
                    _ => format!("the {} {}{cut}", self.type_label(), text.escape_debug()),
                }
            }
        }
        .into()
    }

    /// The tag outside of YAML's own schema, resolved through `%TAG`; `None` when there is none.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let tag = file.node("roman/meta/wcs")?.tag();
    /// assert_eq!(tag.map(|tag| tag.as_str()), Some("tag:stsci.edu:gwcs/wcs-1.4.0"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn tag(self) -> Option<&'t Tag> {
        self.tree.arena.tag(self.entry())
    }

    /// The tag in full, YAML's own included (`tag:yaml.org,2002:binary`).
    pub(crate) fn full_tag(self) -> Option<&'t str> {
        let number = (self.entry().tag as usize).checked_sub(1)?;
        self.tree
            .arena
            .tags
            .get(number)
            .map(|(tag, _)| tag.as_str())
    }

    /// The content of a scalar after unquoting and folding, whatever its type.
    pub fn text(self) -> Option<&'t str> {
        let entry = self.entry();
        (entry.kind == EntryKind::Scalar).then(|| self.tree.arena.content(&self.tree.text, entry))
    }

    /// How a scalar was written.
    pub fn scalar_style(self) -> Option<ScalarStyle> {
        match self.entry().form {
            Form::InText(style) | Form::InSide(style) => Some(style),
            Form::Block | Form::Flow => None,
        }
    }

    /// True when a list or mapping was written in flow style (`[…]`, `{…}`).
    pub fn is_flow(self) -> bool {
        self.entry().form == Form::Flow
    }

    /// The anchor's name, if the node has one.
    pub fn anchor(self) -> Option<&'t str> {
        self.tree.arena.anchors.get(&self.id.0).map(|name| &**name)
    }

    /// The path of the node's first occurrence in document order; a key has the path of its value,
    /// a merged mapping has none of its own.
    pub fn path(self) -> TreePath {
        let mut steps = Vec::new();
        let mut child = self.id.0;
        while child != 0 {
            let parent = self.tree.arena.entry(child).parent;
            let slots = self.tree.arena.slots(parent);
            // Entries are numbered in document order, so that slots are sorted.
            let Ok(slot) = slots.binary_search(&child) else {
                break;
            };
            if self.tree.arena.entry(parent).kind == EntryKind::Map {
                let key = self.other(slots.get(slot & !1).copied().unwrap_or_default());
                if !key.is_merge_key() {
                    steps.push(PathStep::Key(key.key_text().into()));
                } else if self.tree.arena.entry(child).kind == EntryKind::Seq {
                    steps.pop();
                }
            } else {
                steps.push(PathStep::Index(slot));
            }
            child = parent;
        }
        steps.reverse();
        steps.into()
    }

    /// Absolute file offsets of the node's text, tag and anchor included.
    pub fn span(self) -> Range<u64> {
        let entry = self.entry();
        self.tree.absolute(entry.start, entry.end.max(entry.start))
    }

    /// The value under a string key of a mapping.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.as_map()?.get(key)
    }

    /// The element of a list.
    pub fn at(self, index: usize) -> Option<Node<'t>> {
        if self.kind() != NodeKind::Seq {
            return None;
        }
        self.tree
            .arena
            .slots(self.id.0)
            .get(index)
            .map(|slot| self.other(*slot))
    }

    /// One step down a path: a key also finds a list item by its number or a key that is not a string
    /// by its canonical text, an index also finds a key.
    pub fn step(self, step: &PathStep) -> Option<Node<'t>> {
        match (step, self.kind()) {
            (_, NodeKind::Scalar) => None,
            (PathStep::Index(index), NodeKind::Seq) => self.at(*index),
            (PathStep::Key(key), NodeKind::Seq) => self.at(super::path::list_index(key)?),
            (PathStep::Key(key), NodeKind::Map) => self.under(key),
            (PathStep::Index(index), NodeKind::Map) => self.under(&index.to_string()),
        }
    }

    fn under(self, key: &str) -> Option<Node<'t>> {
        let map = self.as_map()?;
        let by_text = || map.find(key, |node| node.key_text() == key);
        map.get(key).or_else(by_text)
    }

    /// This node as a mapping.
    pub fn as_map(self) -> Option<Map<'t>> {
        (self.kind() == NodeKind::Map).then_some(Map { node: self })
    }

    /// This node as a list.
    pub fn as_seq(self) -> Option<Seq<'t>> {
        (self.kind() == NodeKind::Seq).then_some(Seq { node: self })
    }

    /// Items, or keys and values in turn, as they are written.
    pub(crate) fn raw_children(self) -> impl Iterator<Item = Self> + use<'t> {
        let slots = self.tree.arena.slots(self.id.0).iter();
        slots.map(move |slot| self.other(*slot))
    }

    /// The first key of a mapping that another before it is equal to, as Python's dict decides.
    pub(crate) fn doubled_key(self) -> Option<Self> {
        super::key::duplicate(self)
    }

    /// Number of slots as written.
    pub(super) fn raw_len(self) -> usize {
        self.tree.arena.slots(self.id.0).len()
    }

    pub(super) fn is_tagged(self) -> bool {
        self.entry().tag > 0
    }

    /// True for a scalar that is a string.
    pub(super) fn is_text(self) -> bool {
        let entry = self.entry();
        entry.kind == EntryKind::Scalar && entry.scalar == CoreTag::Str
    }

    pub(super) fn is_merge_key(self) -> bool {
        self.kind() == NodeKind::Scalar && self.scalar_type() == CoreTag::Merge
    }

    /// True for the keys that the standard allows: strings, integers, booleans (and merge keys).
    pub(super) fn is_usual_key(self) -> bool {
        let usual = [
            CoreTag::Str,
            CoreTag::Int,
            CoreTag::Bool,
            CoreTag::Merge,
            CoreTag::Value,
        ];
        self.kind() == NodeKind::Scalar && usual.contains(&self.scalar_type())
    }

    /// The node as a step of a path: a string as it is, anything else as its canonical JSON text.
    pub fn key_text(self) -> Cow<'t, str> {
        match self.value() {
            Value::Str(text) => Cow::Borrowed(text),
            Value::Null => Cow::Borrowed("null"),
            Value::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
            Value::Int(value) => Cow::Owned(value.to_string()),
            Value::BigInt(value) => Cow::Owned(value.as_str().to_owned()),
            Value::Float(value) => Cow::Owned(super::float::float_text(value)),
            Value::Timestamp(time) => Cow::Owned(time.to_string()),
            // A collection as a key has no short text; its own text stands for it.
            _ => {
                let Range { start, end } = self.span();
                let range = |at: u64| {
                    usize::try_from(at.saturating_sub(self.tree.base)).unwrap_or(usize::MAX)
                };
                Cow::Borrowed(
                    self.tree
                        .text
                        .get(range(start)..range(end))
                        .unwrap_or_default(),
                )
            }
        }
    }

    /// Deserializes the node into any type; tags are ignored, errors name the path.
    ///
    /// # Errors
    /// [`Mismatch`](crate::error::Mismatch): the node is of another type, or a field is missing.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize)]
    /// struct Exposure {
    ///     exposure_time: f64,
    ///     #[serde(rename = "type")]
    ///     kind: String,
    /// }
    ///
    /// let file = AsdfFile::open(path)?;
    /// let exposure: Exposure = file.node("roman/meta/exposure")?.read()?;
    /// assert_eq!((exposure.exposure_time, exposure.kind.as_str()), (107.52398, "WFI_IMAGE"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn read<T: Deserialize<'t>>(self) -> Result<T> {
        super::de::read(self)
    }
}

/// A list.
#[derive(Debug, Clone, Copy)]
pub struct Seq<'t> {
    pub(crate) node: Node<'t>,
}

impl<'t> Seq<'t> {
    /// Number of elements.
    pub fn len(self) -> usize {
        self.node.raw_len()
    }

    /// True when there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The elements; aliases stand as the nodes they name.
    pub fn iter(self) -> Items<'t> {
        Items {
            node: self.node,
            slots: self.node.tree.arena.slots(self.node.id.0).iter(),
        }
    }
}

/// A mapping as a reader sees it: merge keys flattened, of duplicate keys the last.
#[derive(Debug, Clone, Copy)]
pub struct Map<'t> {
    pub(crate) node: Node<'t>,
}

impl<'t> Map<'t> {
    /// Number of pairs.
    pub fn len(self) -> usize {
        self.node.tree.arena.logical_slots(self.node.id.0).len() / 2
    }

    /// True when there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The pairs in document order, merged ones first.
    pub fn iter(self) -> Pairs<'t> {
        self.pairs(self.node.tree.arena.logical_slots(self.node.id.0))
    }

    /// The pairs as written: merge keys and duplicates included.
    pub fn raw_iter(self) -> Pairs<'t> {
        self.pairs(self.node.tree.arena.slots(self.node.id.0))
    }

    fn pairs(self, slots: &'t [u32]) -> Pairs<'t> {
        Pairs {
            node: self.node,
            slots: slots.chunks_exact(2),
        }
    }

    /// The value under a string key.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.find(key, |node| {
            node.text() == Some(key)
                && matches!(
                    node.scalar_type(),
                    CoreTag::Str | CoreTag::Value | CoreTag::Merge
                )
        })
    }

    /// The value under the first key that is the one of that text.
    fn find(self, key: &str, is_it: impl Fn(Node<'t>) -> bool) -> Option<Node<'t>> {
        if self.len() < LARGE {
            let mut pairs = self.iter();
            return pairs.find(|pair| is_it(pair.0)).map(|pair| pair.1);
        }
        let slots = self.node.tree.arena.logical_slots(self.node.id.0);
        let places = self.node.tree.lookup.places(self, key);
        let mut pairs = places.filter_map(|place| {
            let from = place.saturating_mul(2);
            self.pairs(slots.get(from..)?).next()
        });
        pairs.find(|pair| is_it(pair.0)).map(|pair| pair.1)
    }
}
