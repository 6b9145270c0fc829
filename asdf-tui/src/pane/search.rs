//! Incremental search over the keys and values of the tree.

use asdf_core::AsdfFile;
use asdf_core::tree::NodeId;
use asdf_core::tree::NodeKind;
use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// Hits that are kept.
pub const MOST_HITS: usize = 100_000;

/// Nodes between two looks at whether the search is still wanted.
const STRIDE: usize = 4096;

/// A text that is looked for. Capitals count only when it has some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    is_exact: bool,
}

impl Pattern {
    /// The pattern of a text; `None` for an empty one.
    pub fn new(text: &str) -> Option<Self> {
        let is_exact = text.chars().any(char::is_uppercase);
        (!text.is_empty()).then(|| Self {
            text: text.to_owned(),
            is_exact,
        })
    }

    /// As it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the first occurrence after a position.
    pub fn find(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let rest = text.get(from..)?;
        let length = self.text.len();
        let at = if self.is_exact {
            rest.find(&self.text)?
        } else {
            let wanted = self.text.as_bytes();
            let mut windows = rest.as_bytes().windows(length);
            windows.position(|window| window.eq_ignore_ascii_case(wanted))?
        };
        Some(from + at..from + at + length)
    }

    /// Whether it occurs in a text.
    pub fn is_in(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    /// The nodes, in document order: the value where its key matches or it does itself.
    pub nodes: Vec<NodeId>,
    /// Whether there are more than are kept.
    pub is_cut: bool,
}

/// Looks for a pattern in the whole tree; `None` when it was cancelled.
pub fn search(file: &AsdfFile, pattern: &Pattern, cancel: &AtomicBool) -> Option<Hits> {
    let mut hits = Hits::default();
    for (number, node) in file.tree().nodes().enumerate() {
        if number % STRIDE == 0 && cancel.load(Ordering::Relaxed) {
            return None;
        }
        // Keys are nodes too; the path of a key is that of its value.
        let matches = match node.kind() {
            NodeKind::Scalar => node.text().is_some_and(|text| pattern.is_in(text)),
            NodeKind::Seq | NodeKind::Map => false,
        };
        if !matches {
            continue;
        }
        if hits.nodes.len() >= MOST_HITS {
            hits.is_cut = true;
            break;
        }
        hits.nodes.push(node.id());
    }
    Some(hits)
}

/// The search that is in force.
#[derive(Debug, Default)]
pub struct SearchPane {
    /// What is looked for.
    pub pattern: Option<Pattern>,
    /// What was found; `None` while the search runs.
    pub hits: Option<Hits>,
    /// The node from which it goes on.
    pub origin: Option<NodeId>,
}

impl SearchPane {
    /// The first hit at or after a node, else the first of all.
    pub fn from(&self, node: NodeId) -> Option<NodeId> {
        let nodes = &self.hits.as_ref()?.nodes;
        let at = nodes.partition_point(|hit| *hit < node);
        nodes.get(at).or_else(|| nodes.first()).copied()
    }

    /// The hit after a node, or before it, and around the ends; with its number from 1.
    pub fn other(&self, file: &AsdfFile, node: NodeId, forward: bool) -> Option<NodeId> {
        let nodes = &self.hits.as_ref()?.nodes;
        let behind = nodes.partition_point(|hit| *hit <= node);
        let before = nodes.partition_point(|hit| *hit < self.key_of(file, node));
        if forward {
            nodes.get(behind).or_else(|| nodes.first()).copied()
        } else {
            let before = before.checked_sub(1).and_then(|at| nodes.get(at));
            before.or_else(|| nodes.last()).copied()
        }
    }

    /// A node's own key is numbered just before it.
    fn key_of(&self, file: &AsdfFile, node: NodeId) -> NodeId {
        let path = file.tree().by_id(node).map(asdf_core::Node::path);
        let Some((path, hits)) = path.zip(self.hits.as_ref()) else {
            return node;
        };
        let at = hits.nodes.partition_point(|hit| *hit < node);
        let previous = at.checked_sub(1).and_then(|at| hits.nodes.get(at)).copied();
        let same = previous.filter(|id| {
            let key = file.tree().by_id(*id);
            key.is_some_and(|key| key.path() == path)
        });
        same.unwrap_or(node)
    }

    /// Which hit a node is, from 1: the one nearest at or before it.
    pub fn number(&self, node: NodeId) -> usize {
        let hits = self.hits.as_ref();
        hits.map_or(0, |hits| hits.nodes.partition_point(|hit| *hit <= node))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_count_when_they_are_typed() {
        let find = |pattern: &str, text: &str| Pattern::new(pattern)?.find(text, 0);
        assert_eq!(find("flux", "The FLUX"), Some(4..8));
        assert_eq!(find("Flux", "The FLUX"), None);
        assert_eq!(find("é", "café"), Some(3..5));
        assert!(Pattern::new("").is_none());
    }

    #[test]
    fn an_occurrence_begins_and_ends_at_characters() {
        let pattern = Pattern::new("a").unwrap();
        assert_eq!(pattern.find("日a本a", 4), Some(7..8));
    }
}
