//! The rows of a tree as a person wants to see it: widest first, so that a budget of rows shows the
//! whole top before any detail.

use crate::file::AsdfFile;
use crate::file::{FileNode, Reference};
use crate::inspect::arrays::ArrayInfo;
use crate::tree::Node;
use crate::tree::NodeId;
use crate::tree::NodeKind;
use crate::tree::PathStep;
use crate::tree::TreePath;
use std::collections::HashMap;
use std::collections::VecDeque;

/// How much to show.
#[derive(Debug, Clone)]
pub struct OutlineOptions {
    /// Levels below the root; `None` for all.
    pub depth: Option<usize>,
    /// Rows in all; `None` for all.
    pub max_rows: Option<usize>,
    /// Children of one list shown; `None` for all. Lists of plain scalars are one row unless this
    /// is `None`.
    pub max_items: Option<usize>,
}

impl Default for OutlineOptions {
    fn default() -> Self {
        Self {
            depth: None,
            max_rows: Some(100),
            max_items: Some(10),
        }
    }
}

/// The name of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowLabel {
    /// The root of what is shown.
    Root,
    /// A key, as text.
    Key(String),
    /// A list index.
    Index(usize),
}

/// What a row shows.
#[derive(Debug)]
pub enum RowKind {
    /// A value.
    Scalar,
    /// A list of plain scalars, shown as one.
    ScalarList,
    /// A mapping or list with that many children, of which `hidden` are not shown.
    Container {
        /// Number of children.
        children: usize,
        /// Children without a row of their own.
        hidden: usize,
    },
    /// An array, or why it cannot be located.
    Array(Result<Box<ArrayInfo>, crate::error::Error>),
    /// A `$ref`; its URI.
    Reference(String),
    /// A node already shown elsewhere.
    Shared(TreePath),
    /// A node that contains itself: the path of the ancestor.
    Recursive(TreePath),
    /// That many children of the parent are left out here.
    More(usize),
}

/// One row.
#[derive(Debug)]
pub struct Row<'f> {
    /// Levels below the root of what is shown.
    pub depth: usize,
    /// True when no sibling follows.
    pub last: bool,
    /// Key or index.
    pub label: RowLabel,
    /// The node (for [`RowKind::More`] the parent).
    pub node: Node<'f>,
    /// What it shows.
    pub kind: RowKind,
}

/// The rows, top to bottom.
#[derive(Debug)]
pub struct Outline<'f> {
    /// In the order of display.
    pub rows: Vec<Row<'f>>,
    /// How many children are hidden in all (not counting what hides below them).
    pub hidden: usize,
}

struct Item<'f> {
    row: Row<'f>,
    parent: usize,
    children: Vec<usize>,
}

struct Builder<'f> {
    file: &'f AsdfFile,
    options: OutlineOptions,
    items: Vec<Item<'f>>,
    seen: HashMap<NodeId, usize>,
    room: usize,
    hidden: usize,
}

impl<'f> Outline<'f> {
    /// The rows of everything below `root`, which must be a node of `file`.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::inspect::{Outline, OutlineOptions};
    ///
    /// let file = AsdfFile::open(path)?;
    /// let outline = Outline::new(&file, file.tree().root(), &OutlineOptions::default());
    /// for row in &outline.rows {
    ///     println!("{:indent$}{:?}", "", row.label, indent = 2 * row.depth);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(file: &'f AsdfFile, root: Node<'f>, options: &OutlineOptions) -> Self {
        let mut builder = Builder {
            file,
            options: options.clone(),
            items: Vec::new(),
            seen: HashMap::new(),
            room: options.max_rows.unwrap_or(usize::MAX),
            hidden: 0,
        };
        builder.add(RowLabel::Root, root, 0, 0);
        let mut queue = VecDeque::from([0]);
        while let Some(at) = queue.pop_front() {
            builder.expand(at, &mut queue);
        }
        builder.finish()
    }
}

impl<'f> Builder<'f> {
    fn add(&mut self, label: RowLabel, node: Node<'f>, depth: usize, parent: usize) -> usize {
        let at = self.items.len();
        let kind = self.kind(node, at, parent);
        self.room = self.room.saturating_sub(1);
        self.items.push(Item {
            row: Row {
                depth,
                last: false,
                label,
                node,
                kind,
            },
            parent,
            children: Vec::new(),
        });
        at
    }

    fn kind(&mut self, node: Node<'f>, at: usize, parent: usize) -> RowKind {
        let children = match node.kind() {
            NodeKind::Scalar => return RowKind::Scalar,
            NodeKind::Seq => node.as_seq().map_or(0, crate::tree::Seq::len),
            NodeKind::Map => node.as_map().map_or(0, crate::tree::Map::len),
        };
        if let Some(&first) = self.seen.get(&node.id()) {
            let path = self.path(first);
            return if self.is_ancestor(first, parent) {
                RowKind::Recursive(path)
            } else {
                RowKind::Shared(path)
            };
        }
        self.seen.insert(node.id(), at);
        if ArrayInfo::is_array(node) {
            return RowKind::Array(ArrayInfo::of(self.file, node).map(Box::new));
        }
        if let Some(reference) = Reference::of(FileNode {
            file: self.file,
            node,
        }) {
            return RowKind::Reference(reference.uri().unwrap_or("(no string)").to_owned());
        }
        if self.options.max_items.is_some() && children > 0 && is_scalar_list(node) {
            return RowKind::ScalarList;
        }
        RowKind::Container {
            children,
            hidden: children,
        }
    }

    fn is_ancestor(&self, wanted: usize, from: usize) -> bool {
        let mut at = from;
        loop {
            if at == wanted {
                return true;
            }
            match self.items.get(at) {
                Some(item) if item.parent != at => at = item.parent,
                _ => return false,
            }
        }
    }

    fn path(&self, mut at: usize) -> TreePath {
        let mut steps = Vec::new();
        while let Some(item) = self.items.get(at) {
            match &item.row.label {
                RowLabel::Root => break,
                RowLabel::Key(key) => steps.push(PathStep::Key(key.as_str().into())),
                RowLabel::Index(index) => steps.push(PathStep::Index(*index)),
            }
            at = item.parent;
        }
        let base = self
            .items
            .first()
            .map(|item| item.row.node.path())
            .unwrap_or_default();
        steps.into_iter().rev().fold(base, |path, step| match step {
            PathStep::Key(key) => path.key(&key),
            PathStep::Index(index) => path.index(index),
        })
    }

    fn expand(&mut self, at: usize, queue: &mut VecDeque<usize>) {
        let Some(Item { row, .. }) = self.items.get(at) else {
            return;
        };
        let (node, depth) = (row.node, row.depth);
        let RowKind::Container { children, .. } = row.kind else {
            return;
        };
        if self.options.depth.is_some_and(|limit| depth >= limit) {
            self.hidden = self.hidden.saturating_add(children);
            return;
        }
        let cap = match (node.kind(), self.options.max_items) {
            (NodeKind::Seq, Some(cap)) => cap,
            _ => usize::MAX,
        };
        let shown = children.min(self.room).min(cap);
        let mut made = Vec::with_capacity(shown.saturating_add(1));
        if shown > 0 {
            for (label, child) in labelled(node).take(shown) {
                let child = self.add(label, child, depth.saturating_add(1), at);
                made.push(child);
                queue.push_back(child);
            }
        }
        let hidden = children.saturating_sub(shown);
        if hidden > 0 && shown > 0 {
            let row = Row {
                depth: depth.saturating_add(1),
                last: true,
                label: RowLabel::Root,
                node,
                kind: RowKind::More(hidden),
            };
            made.push(self.items.len());
            self.items.push(Item {
                row,
                parent: at,
                children: Vec::new(),
            });
        }
        self.hidden = self.hidden.saturating_add(hidden);
        if let Some(&last) = made.last()
            && let Some(item) = self.items.get_mut(last)
        {
            item.row.last = true;
        }
        if let Some(item) = self.items.get_mut(at) {
            item.row.kind = RowKind::Container { children, hidden };
            item.children = made;
        }
    }

    fn finish(self) -> Outline<'f> {
        let hidden = self.hidden;
        let mut order = Vec::with_capacity(self.items.len());
        let mut stack = vec![0];
        while let Some(at) = stack.pop() {
            order.push(at);
            if let Some(item) = self.items.get(at) {
                stack.extend(item.children.iter().rev());
            }
        }
        let mut slots: Vec<Option<Row<'f>>> =
            self.items.into_iter().map(|item| Some(item.row)).collect();
        let rows = order
            .into_iter()
            .filter_map(|at| slots.get_mut(at)?.take())
            .collect();
        Outline { rows, hidden }
    }
}

/// The children of a mapping or list with their labels.
fn labelled<'f>(node: Node<'f>) -> Box<dyn Iterator<Item = (RowLabel, Node<'f>)> + 'f> {
    if let Some(map) = node.as_map() {
        return Box::new(
            map.iter()
                .map(|(key, value)| (RowLabel::Key(key_text(key)), value)),
        );
    }
    match node.as_seq() {
        Some(seq) => Box::new(
            seq.iter()
                .enumerate()
                .map(|(index, item)| (RowLabel::Index(index), item)),
        ),
        None => Box::new(std::iter::empty()),
    }
}

/// A key as text: strings as they are, others as their canonical JSON text.
fn key_text(key: Node<'_>) -> String {
    key.key_text().into_owned()
}

fn is_scalar_list(node: Node<'_>) -> bool {
    node.as_seq().is_some_and(|seq| {
        seq.iter()
            .all(|item| item.kind() == NodeKind::Scalar && item.tag().is_none())
    })
}
