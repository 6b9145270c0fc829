//! The tree: rows of the nodes that are open, made when their parent is opened.

use crate::pane::cursor::Cursor;
use asdf_core::AsdfFile;
use asdf_core::Node;
use asdf_core::TreePath;
use asdf_core::array::is_array;
use asdf_core::tree::NodeId;
use asdf_core::tree::NodeKind;
use asdf_core::tree::PathStep;
use std::collections::HashSet;
use std::hash::DefaultHasher;
use std::hash::Hash;
use std::hash::Hasher;

/// Rows that a tree shows at most. Opening everything stops here.
pub const MOST_ROWS: usize = 2_000_000;

/// What a row is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Label {
    /// The root.
    Root,
    /// The key that is this node.
    Key(NodeId),
    /// An index of a list.
    Index(u32),
}

/// A row: a node at one of its places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The node.
    pub node: NodeId,
    /// Key or index.
    pub label: Label,
    /// Levels below the root.
    pub depth: u32,
    /// Whether its children show.
    pub is_open: bool,
    /// Whether it has children to show.
    pub is_branch: bool,
    /// A number for its place, the same whatever else is open.
    place: u64,
}

/// In which order the children of mappings stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As in the file.
    #[default]
    File,
    /// By key.
    Key,
}

impl Order {
    /// The one that is not in force.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::File => Self::Key,
            Self::Key => Self::File,
        }
    }
}

/// Open branches that are found again in a file that was read again.
const MOST_PATHS: usize = 1000;

/// The open part of a tree.
#[derive(Debug, Default)]
pub struct TreePane {
    /// The rows, top to bottom.
    pub rows: Vec<Row>,
    /// Which row is selected.
    pub cursor: Cursor,
    /// The order of keys.
    pub order: Order,
    /// Whether `history` and `asdf_library` at the root show.
    pub shows_history: bool,
}

impl TreePane {
    /// The root, opened.
    pub fn new(file: &AsdfFile) -> Self {
        let mut pane = Self {
            shows_history: true,
            ..Self::default()
        };
        pane.start(file);
        pane
    }

    fn start(&mut self, file: &AsdfFile) {
        let root = file.tree().root();
        self.rows = Vec::new();
        if file.tree().is_empty() {
            return;
        }
        self.rows.push(row(root, Label::Root, 0, 0));
        self.open(file, 0);
    }

    /// The selected row.
    pub fn selected(&self) -> Option<&Row> {
        self.rows.get(self.at())
    }

    /// Its number.
    pub fn at(&self) -> usize {
        usize::try_from(self.cursor.at).unwrap_or(usize::MAX)
    }

    /// Number of rows.
    pub fn len(&self) -> u64 {
        self.rows.len() as u64
    }

    /// True when the file has no tree.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row that a row hangs from.
    pub fn parent(&self, at: usize) -> Option<usize> {
        let depth = self.rows.get(at)?.depth;
        let above = self.rows.get(..at)?;
        above.iter().rposition(|row| row.depth < depth)
    }

    /// The path of a row, by the way it was opened.
    pub fn path(&self, file: &AsdfFile, at: usize) -> TreePath {
        let mut steps = Vec::new();
        let mut next = Some(at);
        while let Some(at) = next {
            match self.rows.get(at).map(|row| row.label) {
                Some(Label::Key(key)) => {
                    let key = file.tree().by_id(key).map(Node::key_text);
                    steps.push(PathStep::Key(key.unwrap_or_default().into()));
                }
                Some(Label::Index(index)) => steps.push(PathStep::Index(index as usize)),
                Some(Label::Root) | None => {}
            }
            next = self.parent(at);
        }
        steps.reverse();
        TreePath::from(steps)
    }

    /// The paths of the branches that are open, each after the one that it hangs from.
    pub fn open_paths(&self, file: &AsdfFile) -> Vec<TreePath> {
        let open = self.rows.iter().enumerate().filter(|(_, row)| row.is_open);
        open.map(|(at, _)| self.path(file, at))
            .take(MOST_PATHS)
            .collect()
    }

    /// The nodes that a row hangs from, its own included.
    fn line(&self, at: usize) -> Vec<NodeId> {
        let mut line = Vec::new();
        let mut next = Some(at);
        while let Some(at) = next {
            line.extend(self.rows.get(at).map(|row| row.node));
            next = self.parent(at);
        }
        line
    }

    /// Shows the children of a row.
    pub fn open(&mut self, file: &AsdfFile, at: usize) {
        let Some(&parent) = self.rows.get(at) else {
            return;
        };
        if parent.is_open || !parent.is_branch {
            return;
        }
        let Some(node) = file.tree().by_id(parent.node) else {
            return;
        };
        let room = MOST_ROWS.saturating_sub(self.rows.len());
        let mut children = self.children(node, &parent, room);
        let above = self.line(at);
        for child in &mut children {
            // What contains itself would never end.
            child.is_branch &= !above.contains(&child.node);
        }
        if let Some(row) = self.rows.get_mut(at) {
            row.is_open = true;
        }
        let count = children.len() as u64;
        let behind = at + 1;
        self.rows.splice(behind..behind, children);
        if self.cursor.at > at as u64 {
            self.cursor.at += count;
        }
    }

    fn children(&self, node: Node<'_>, parent: &Row, most: usize) -> Vec<Row> {
        let (depth, above) = (parent.depth + 1, parent.place);
        if let Some(list) = node.as_seq() {
            let items = (0..).zip(list.iter()).take(most);
            return items
                .map(|(index, item)| row(item, Label::Index(index), depth, above))
                .collect();
        }
        let Some(map) = node.as_map() else {
            return Vec::new();
        };
        let shows = |key: Node<'_>| {
            self.shows_history
                || depth > 1
                || !matches!(key.text(), Some("history" | "asdf_library"))
        };
        let mut pairs: Vec<_> = map.iter().filter(|pair| shows(pair.0)).take(most).collect();
        if self.order == Order::Key {
            pairs.sort_by_cached_key(|pair| pair.0.key_text().to_lowercase());
        }
        pairs
            .into_iter()
            .map(|(key, value)| row(value, Label::Key(key.id()), depth, above))
            .collect()
    }

    /// Hides what is below a row.
    pub fn close(&mut self, at: usize) {
        let end = self.end(at);
        if let Some(row) = self.rows.get_mut(at) {
            row.is_open = false;
        }
        if end <= at + 1 {
            return;
        }
        self.rows.drain(at + 1..end);
        if self.cursor.at >= end as u64 {
            self.cursor.at -= (end - at - 1) as u64;
        } else if self.cursor.at > at as u64 {
            self.cursor.at = at as u64;
        }
    }

    /// The row after everything below a row.
    fn end(&self, at: usize) -> usize {
        let Some(depth) = self.rows.get(at).map(|row| row.depth) else {
            return at;
        };
        let below = self.rows.get(at + 1..).unwrap_or_default();
        let length = below.iter().position(|row| row.depth <= depth);
        at + 1 + length.unwrap_or(below.len())
    }

    /// Opens everything, shared nodes at their first place only, up to [`MOST_ROWS`]; false when
    /// that was not enough.
    pub fn open_all(&mut self, file: &AsdfFile) -> bool {
        let mut seen = HashSet::new();
        self.rebuild(file, |row| seen.insert(row.node));
        self.rows.len() < MOST_ROWS
    }

    /// Makes all rows anew, after the order or what is hidden has changed.
    pub fn renew(&mut self, file: &AsdfFile) {
        let rows = self.rows.iter().filter(|row| row.is_open);
        let open: HashSet<u64> = rows.map(|row| row.place).collect();
        self.rebuild(file, |row| open.contains(&row.place));
    }

    /// Makes all rows anew; `opens` says which branches show their children. The selected row stays
    /// selected.
    fn rebuild(&mut self, file: &AsdfFile, mut opens: impl FnMut(&Row) -> bool) {
        let Some(selected) = self.selected().map(|row| row.place) else {
            return;
        };
        let mut rows = Vec::with_capacity(self.rows.len());
        let mut stack = vec![row(file.tree().root(), Label::Root, 0, 0)];
        while let Some(mut next) = stack.pop() {
            if selected == next.place {
                self.cursor.at = rows.len() as u64;
            }
            let room = MOST_ROWS.saturating_sub(rows.len() + stack.len() + 1);
            let node = file.tree().by_id(next.node);
            let may_open = next.is_branch && room > 0 && opens(&next);
            if let Some(node) = node.filter(|_| may_open) {
                next.is_open = true;
                let children = self.children(node, &next, room);
                stack.extend(children.into_iter().rev());
            }
            rows.push(next);
        }
        self.rows = rows;
        self.cursor.at = self.cursor.at.min(self.len().saturating_sub(1));
    }

    /// Hides everything but the root's children.
    pub fn close_all(&mut self, file: &AsdfFile) {
        let top = self.path(file, self.at()).prefix(1);
        self.start(file);
        self.reveal(file, &top);
    }

    /// Opens what is above a node and selects it, or the deepest part of the path that exists.
    pub fn reveal(&mut self, file: &AsdfFile, path: &TreePath) -> Option<usize> {
        let mut at = 0;
        let mut found = true;
        for step in path.steps() {
            let node = file.tree().by_id(self.rows.get(at)?.node)?;
            self.open(file, at);
            let wanted = node.step(step).map(Node::id);
            let Some(child) = self.child(file, at, step, wanted) else {
                found = false;
                break;
            };
            at = child;
        }
        self.cursor.at = at as u64;
        found.then_some(at)
    }

    fn child(
        &self,
        file: &AsdfFile,
        at: usize,
        step: &PathStep,
        wanted: Option<NodeId>,
    ) -> Option<usize> {
        let wanted = wanted?;
        let depth = self.rows.get(at)?.depth + 1;
        let end = self.end(at);
        let is_named = |row: &Row| match (row.label, step) {
            (Label::Index(index), PathStep::Index(wanted)) => index as usize == *wanted,
            (Label::Key(key), PathStep::Key(wanted)) => {
                let key = file.tree().by_id(key);
                key.is_some_and(|key| key.key_text() == wanted.as_ref())
            }
            _ => true,
        };
        let rows = self.rows.get(at + 1..end)?;
        let found = rows
            .iter()
            .position(|row| row.depth == depth && row.node == wanted && is_named(row));
        found.map(|found| at + 1 + found)
    }

    /// The next array in document order after the selected row (or before it), which need not
    /// show yet.
    pub fn other_array(&self, file: &AsdfFile, forward: bool) -> Option<TreePath> {
        let here = self.selected()?.node;
        let is_array = |node: &Node<'_>| is_array(*node);
        let found = if forward {
            let mut nodes = file.tree().nodes();
            nodes.find(|node| node.id() > here && is_array(node))
        } else {
            let nodes = file.tree().nodes().take_while(|node| node.id() < here);
            nodes.filter(is_array).last()
        };
        found.map(Node::path)
    }
}

fn row(node: Node<'_>, label: Label, depth: u32, above: u64) -> Row {
    let is_branch = match node.kind() {
        NodeKind::Scalar => false,
        NodeKind::Seq => node.as_seq().is_some_and(|list| !list.is_empty()),
        NodeKind::Map => node.as_map().is_some_and(|map| !map.is_empty()),
    };
    let mut hasher = DefaultHasher::new();
    (above, node.id(), label).hash(&mut hasher);
    Row {
        node: node.id(),
        label,
        depth,
        is_open: false,
        is_branch,
        place: hasher.finish(),
    }
}

#[cfg(test)]
mod tests;
