//! Nodes that are made or changed: what a tree is while it is edited, before it becomes text again.

use super::CoreTag;
use super::Node;
use super::NodeId;
use super::NodeKind;
use super::ScalarStyle;
use super::Tree;
use super::float::{float_text, yaml_float};
use super::integer::Integer;
use super::is_plain_text;
use super::scalar;
use super::timestamp::Timestamp;
use std::collections::HashMap;

/// Bytes of a word that may stand in a list on one line.
const WORD: usize = 40;

/// A node of [`Nodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NewNode(pub(super) u32);

impl NewNode {
    /// The node that a node of the original tree has become.
    pub(crate) fn of_tree(id: NodeId) -> Self {
        Self(id.0)
    }
}

/// What a node consists of.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// Text. A plain one without a tag is what it looks like, any other a string.
    Scalar { text: Box<str>, style: ScalarStyle },
    /// A list.
    Seq { items: Vec<NewNode>, flow: bool },
    /// A mapping, its pairs as they are written.
    Map {
        pairs: Vec<(NewNode, NewNode)>,
        flow: bool,
    },
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) content: Content,
    pub(super) tag: Option<Box<str>>,
    pub(super) anchor: Option<Box<str>>,
}

/// Nodes under construction. A node that is put in two places is shared, as an alias shares it.
#[derive(Debug, Clone, Default)]
pub struct Nodes {
    pub(super) entries: Vec<Entry>,
}

impl Nodes {
    /// No nodes.
    pub fn new() -> Self {
        Self::default()
    }

    /// All nodes of a tree; the numbers stay the same.
    pub(super) fn of_tree(tree: &Tree) -> Self {
        let arena = &tree.arena;
        let count = u32::try_from(arena.entries.len()).unwrap_or(u32::MAX);
        let entries = (0..count).map(|id| {
            let node = Node {
                tree,
                id: NodeId(id),
            };
            let children = arena.slots(id).iter();
            let children = children.map(|slot| NewNode(arena.resolve_alias(*slot)));
            let content = match node.kind() {
                NodeKind::Scalar => scalar_content(node),
                NodeKind::Seq => Content::Seq {
                    items: children.collect(),
                    flow: node.is_flow(),
                },
                NodeKind::Map => Content::Map {
                    pairs: pairs(&children.collect::<Vec<_>>()),
                    flow: node.is_flow(),
                },
            };
            Entry {
                content,
                tag: node.full_tag().map(Into::into),
                anchor: node.anchor().map(Into::into),
            }
        });
        Self {
            entries: entries.collect(),
        }
    }

    /// Makes room for that many more nodes.
    pub(crate) fn reserve(&mut self, count: usize) {
        // Where there is not as much memory, room is made as it is needed.
        drop(self.entries.try_reserve(count));
    }

    fn add(&mut self, content: Content, tag: Option<&str>) -> NewNode {
        let id = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.entries.push(Entry {
            content,
            tag: tag.map(Into::into),
            anchor: None,
        });
        NewNode(id)
    }

    fn plain(&mut self, text: &str) -> NewNode {
        let (text, style) = (text.into(), ScalarStyle::Plain);
        self.add(Content::Scalar { text, style }, None)
    }

    /// `null`.
    pub fn null(&mut self) -> NewNode {
        self.plain("null")
    }

    /// `true` or `false`.
    pub fn bool(&mut self, value: bool) -> NewNode {
        self.plain(if value { "true" } else { "false" })
    }

    /// An integer. Beyond 64 bits readers differ; the standard has `core/integer` for those.
    pub fn int(&mut self, value: impl Into<i128>) -> NewNode {
        self.plain(&value.into().to_string())
    }

    /// An integer of any size from decimal digits with an optional sign; `None` if it is none.
    pub fn integer(&mut self, text: &str) -> Option<NewNode> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let sign = if text.starts_with('-') { "-" } else { "" };
        let canonical = match digits.trim_start_matches('0') {
            "" => "0",
            rest => rest,
        };
        let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        valid.then(|| self.plain(&format!("{sign}{canonical}")))
    }

    /// An integer of any size in canonical decimal digits, with an optional `-`.
    pub(crate) fn digits(&mut self, text: &str) -> NewNode {
        self.plain(text)
    }

    /// A float, in the fewest digits that read back, so that every YAML reader takes it for a float.
    pub fn float(&mut self, value: f64) -> NewNode {
        self.plain(&yaml_float(value))
    }

    /// A string, quoted where YAML 1.1 or 1.2 would take it for something else.
    pub fn string(&mut self, text: &str) -> NewNode {
        let (style, text) = (string_style(text), text.into());
        self.add(Content::Scalar { text, style }, None)
    }

    /// Bytes, as `!!binary`.
    pub fn binary(&mut self, bytes: &[u8]) -> NewNode {
        use base64::Engine;
        let text = base64::engine::general_purpose::STANDARD.encode(bytes);
        let style = ScalarStyle::DoubleQuoted;
        let (text, tag) = (text.into(), "tag:yaml.org,2002:binary");
        self.add(Content::Scalar { text, style }, Some(tag))
    }

    /// A date or a time of YAML 1.1, as `2026-11-28` or `2026-11-28T14:15:00+01:00`; `None` if the text is none.
    pub fn time(&mut self, text: &str) -> Option<NewNode> {
        let is_time = Timestamp::is_form(text) && Timestamp::parse(text).is_some();
        is_time.then(|| self.plain(text))
    }

    /// Any timestamp of YAML 1.1, also one of another form than [`time`](Self::time) takes; `None` for other text.
    pub(crate) fn checked_timestamp(&mut self, text: &str) -> Option<NewNode> {
        let is_one =
            scalar::resolve(text) == CoreTag::Timestamp && Timestamp::parse(text).is_some();
        is_one.then(|| self.plain(text))
    }

    /// Puts items in a list that was made without any, so that they may hold the list itself.
    pub(crate) fn fill_seq(&mut self, node: NewNode, new: Vec<NewNode>) {
        let short = new.iter().all(|item| self.is_short(*item));
        if let Some(Content::Seq { items, flow }) =
            self.entry_mut(node).map(|entry| &mut entry.content)
        {
            (*items, *flow) = (new, short);
        }
    }

    /// Puts pairs in a mapping that was made without any.
    pub(crate) fn fill_map(&mut self, node: NewNode, new: Vec<(NewNode, NewNode)>) {
        if let Some(Content::Map { pairs, flow }) =
            self.entry_mut(node).map(|entry| &mut entry.content)
        {
            (*flow, *pairs) = (new.is_empty(), new);
        }
    }

    /// A list in the style that suits it: short items on one line.
    pub fn seq(&mut self, items: Vec<NewNode>) -> NewNode {
        let flow = items.iter().all(|item| self.is_short(*item));
        self.add(Content::Seq { items, flow }, None)
    }

    /// A mapping; its keys must differ.
    pub fn map(&mut self, pairs: Vec<(NewNode, NewNode)>) -> NewNode {
        let flow = pairs.is_empty();
        self.add(Content::Map { pairs, flow }, None)
    }

    /// A mapping whose keys are strings.
    pub fn map_of<'k>(&mut self, pairs: impl IntoIterator<Item = (&'k str, NewNode)>) -> NewNode {
        let pairs = pairs
            .into_iter()
            .map(|(key, value)| (self.string(key), value))
            .collect();
        self.map(pairs)
    }

    /// Writes a list or a mapping in flow style (`[…]`, `{…}`) or in block style.
    pub fn set_flow(&mut self, node: NewNode, wanted: bool) {
        let content = self.entry_mut(node).map(|entry| &mut entry.content);
        if let Some(Content::Seq { flow, .. } | Content::Map { flow, .. }) = content {
            *flow = wanted;
        }
    }

    /// Gives a node a tag, by its full URI.
    pub fn set_tag(&mut self, node: NewNode, tag: &str) {
        if let Some(entry) = self.entry_mut(node) {
            entry.tag = Some(tag.into());
            if let Content::Scalar { text, style } = &mut entry.content {
                // A tag decides what a scalar is, but the text must stand as it is.
                if *style == ScalarStyle::Plain && !is_plain_text(text) && !is_number(text) {
                    *style = string_style(text);
                }
            }
        }
    }

    /// A copy of a node and all below it, with tags, styles, anchors and sharing.
    pub fn copy(&mut self, node: Node<'_>) -> NewNode {
        self.copy_with(node, &mut HashMap::new())
    }

    /// The same for several nodes of one tree that may share parts.
    pub(crate) fn copy_with(
        &mut self,
        node: Node<'_>,
        known: &mut HashMap<NodeId, NewNode>,
    ) -> NewNode {
        if let Some(copy) = known.get(&node.id()) {
            return *copy;
        }
        let mut waiting = vec![node];
        let root = self.shell(node, known);
        while let Some(node) = waiting.pop() {
            let arena = &node.tree.arena;
            let slots = arena.slots(node.id.0);
            let mut children = Vec::with_capacity(slots.len());
            for slot in slots {
                let child = Node {
                    tree: node.tree,
                    id: NodeId(arena.resolve_alias(*slot)),
                };
                let copy = known.get(&child.id).copied();
                children.push(copy.unwrap_or_else(|| {
                    waiting.push(child);
                    self.shell(child, known)
                }));
            }
            let copy = known.get(&node.id()).copied().unwrap_or(root);
            self.put_children(copy, &children);
        }
        root
    }

    /// A copy of a node that has no children yet.
    pub(crate) fn shell_of(&mut self, node: Node<'_>) -> NewNode {
        self.shell(node, &mut HashMap::new())
    }

    /// Gives a copy its children: items, or keys and values in turn.
    pub(crate) fn put_children(&mut self, node: NewNode, children: &[NewNode]) {
        match self.entry_mut(node).map(|entry| &mut entry.content) {
            Some(Content::Seq { items, .. }) => *items = children.to_vec(),
            Some(Content::Map { pairs: list, .. }) => *list = pairs(children),
            _ => {}
        }
    }

    /// A copy of a node without its children.
    fn shell(&mut self, node: Node<'_>, known: &mut HashMap<NodeId, NewNode>) -> NewNode {
        let flow = node.is_flow();
        let content = match node.kind() {
            NodeKind::Scalar => scalar_content(node),
            NodeKind::Seq => Content::Seq {
                items: Vec::new(),
                flow,
            },
            NodeKind::Map => Content::Map {
                pairs: Vec::new(),
                flow,
            },
        };
        let copy = self.add(content, node.full_tag());
        if let (Some(entry), Some(anchor)) = (self.entry_mut(copy), node.anchor()) {
            entry.anchor = Some(anchor.into());
        }
        known.insert(node.id(), copy);
        copy
    }

    /// A node with the same children, which are shared with the first one.
    pub(crate) fn shallow(&mut self, node: NewNode) -> NewNode {
        let copy = NewNode(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
        if let Some(mut entry) = self.entry(node).cloned() {
            entry.anchor = None;
            self.entries.push(entry);
        }
        copy
    }

    pub(super) fn entry(&self, node: NewNode) -> Option<&Entry> {
        self.entries.get(node.0 as usize)
    }

    pub(super) fn entry_mut(&mut self, node: NewNode) -> Option<&mut Entry> {
        self.entries.get_mut(node.0 as usize)
    }

    pub(crate) fn content(&self, node: NewNode) -> Option<&Content> {
        self.entry(node).map(|entry| &entry.content)
    }

    /// The full tag of a node, YAML's own included.
    pub(crate) fn tag(&self, node: NewNode) -> Option<&str> {
        self.entry(node)?.tag.as_deref()
    }

    /// True when one of the nodes, used or not, has such a tag.
    pub(crate) fn has_tag(&self, is_one: impl Fn(&str) -> bool) -> bool {
        let mut tags = self.entries.iter().filter_map(|entry| entry.tag.as_deref());
        tags.any(is_one)
    }

    /// The type of a scalar by its look and its style; `None` of what is not a scalar.
    pub(super) fn scalar_type(&self, node: NewNode) -> Option<CoreTag> {
        let entry = self.entry(node)?;
        let Content::Scalar { text, style } = &entry.content else {
            return None;
        };
        Some(match &entry.tag {
            // The tag `!` leaves it to the text, even in quotes.
            Some(tag) if **tag == *"!" && (*style != ScalarStyle::Plain || !text.is_empty()) => {
                scalar::resolve(text)
            }
            Some(tag) => CoreTag::of(tag).unwrap_or(CoreTag::Str),
            None if *style == ScalarStyle::Plain => scalar::resolve(text),
            None => CoreTag::Str,
        })
    }

    /// A key as a step of a path, as `Node::key_text` gives it.
    pub(crate) fn key_text(&self, key: NewNode) -> Option<String> {
        let Content::Scalar { text, .. } = self.content(key)? else {
            return None;
        };
        Some(match self.scalar_type(key)? {
            CoreTag::Null => "null".to_owned(),
            CoreTag::Bool => scalar::bool_value(text)?.to_string(),
            CoreTag::Int => scalar::int_value(text)?.to_string(),
            CoreTag::Float => float_text(scalar::float_value(text)?),
            _ => text.to_string(),
        })
    }

    /// True for the string that is this text.
    pub(crate) fn is_text(&self, node: NewNode, wanted: &str) -> bool {
        self.scalar_type(node) == Some(CoreTag::Str)
            && matches!(self.content(node), Some(Content::Scalar { text, .. }) if **text == *wanted)
    }

    /// The text of a string.
    pub(crate) fn string_text(&self, node: NewNode) -> Option<&str> {
        match self.content(node)? {
            Content::Scalar { text, .. } if self.scalar_type(node) == Some(CoreTag::Str) => {
                Some(text)
            }
            _ => None,
        }
    }

    /// An integer that fits.
    pub(crate) fn small_int(&self, node: NewNode) -> Option<i64> {
        let Content::Scalar { text, .. } = self.content(node)? else {
            return None;
        };
        match scalar::int_value(text).filter(|_| self.scalar_type(node) == Some(CoreTag::Int))? {
            Integer::Small(value) => Some(value),
            Integer::Large(_) => None,
        }
    }

    /// True for what may stand in a list on one line: numbers, words and lists of them.
    fn is_short(&self, node: NewNode) -> bool {
        match self.content(node) {
            Some(Content::Scalar { text, style }) => {
                self.tag(node).is_none() && *style == ScalarStyle::Plain && text.len() <= WORD
            }
            Some(Content::Seq { items, flow }) => {
                *flow && !items.is_empty() && self.tag(node).is_none()
            }
            _ => false,
        }
    }
}

fn is_number(text: &str) -> bool {
    matches!(
        scalar::resolve(text),
        CoreTag::Int | CoreTag::Float | CoreTag::Null | CoreTag::Bool | CoreTag::Timestamp
    )
}

fn scalar_content(node: Node<'_>) -> Content {
    Content::Scalar {
        text: node.text().unwrap_or_default().into(),
        style: node.scalar_style().unwrap_or(ScalarStyle::Plain),
    }
}

fn pairs(children: &[NewNode]) -> Vec<(NewNode, NewNode)> {
    let pairs = children.as_chunks::<2>().0.iter();
    pairs.map(|[key, value]| (*key, *value)).collect()
}

/// The style in which a string is clearest and cannot be misread.
pub(super) fn string_style(text: &str) -> ScalarStyle {
    if is_plain_text(text) {
        return ScalarStyle::Plain;
    }
    if text.contains('\n') {
        return if is_literal_text(text) {
            ScalarStyle::Literal
        } else {
            ScalarStyle::DoubleQuoted
        };
    }
    if text.chars().all(is_printable) {
        ScalarStyle::SingleQuoted
    } else {
        ScalarStyle::DoubleQuoted
    }
}

/// Text whose lines can stand below `|` as they are: no reader trims or folds anything.
pub(super) fn is_literal_text(text: &str) -> bool {
    let lines = || text.trim_end_matches('\n').split('\n');
    !text.starts_with([' ', '\n', '\t'])
        && !text.ends_with("\n\n")
        && !text.trim_end_matches('\n').is_empty()
        && lines().all(|line| !line.ends_with([' ', '\t']) && line.chars().all(is_printable))
}

/// Characters that every reader takes as they are.
pub(super) fn is_printable(char: char) -> bool {
    !char.is_control()
        && !matches!(
            char,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}
