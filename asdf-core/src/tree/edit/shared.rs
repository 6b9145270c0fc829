//! Where else a change shows: a node with an anchor stands at several paths.

use super::{Found, TreeEdit};
use crate::error::Result;
use crate::tree::CoreTag;
use crate::tree::IntoTreePath;
use crate::tree::NewNode;
use crate::tree::PathStep;
use crate::tree::TreePath;
use crate::tree::nodes::Content;
use std::collections::HashMap;

/// Paths that are told; sharing may make more than can be counted.
const TOLD: usize = 100;
/// Nodes that are walked through to find them.
const STEPS: usize = 100_000;

/// How a node is reached from one that holds it.
struct Way {
    holder: NewNode,
    /// `None` for the mapping under a merge key.
    step: Option<PathStep>,
}

impl TreeEdit<'_> {
    /// The other paths at which what is set or removed at a path changes as well, since the node that
    /// holds it is shared (anchors, merge keys): to be asked before the change. At most a hundred.
    ///
    /// # Errors
    /// The path cannot be parsed.
    pub fn other_paths(&self, path: impl IntoTreePath) -> Result<Vec<TreePath>> {
        let path = path.into_tree_path()?;
        let Some((_, before)) = path.steps().split_last() else {
            return Ok(Vec::new());
        };
        let (mut holder, mut depth) = (self.root, 0_usize);
        for step in before {
            match self.step(holder, step) {
                Found::Node(next) => holder = next,
                Found::Merged | Found::Nothing => break,
            }
            depth = depth.saturating_add(1);
        }
        let tail = path.steps().get(depth..).unwrap_or_default();
        let own = path.to_string();
        let mut out: Vec<TreePath> = Vec::new();
        for (steps, merged) in self.paths_to(holder, tail) {
            let found = TreePath::from(steps);
            let same = found.to_string() == own;
            if !same && !out.contains(&found) && (!merged || self.sees(&found, &path)) {
                out.push(found);
            }
        }
        Ok(out)
    }

    /// The paths of a node, a hundred at most; those by merge keys are left out.
    pub(crate) fn paths(&self, node: NewNode) -> Vec<TreePath> {
        let found = self.paths_to(node, &[]).into_iter();
        found
            .filter(|found| !found.1)
            .map(|found| TreePath::from(found.0))
            .collect()
    }

    /// All paths to a node, with that tail, and whether a merge key is on the way.
    fn paths_to(&self, node: NewNode, tail: &[PathStep]) -> Vec<(Vec<PathStep>, bool)> {
        let ways = self.ways();
        let mut out = Vec::new();
        let mut steps_left = STEPS;
        let mut waiting = vec![(node, vec![node], Vec::<PathStep>::new(), false)];
        while let Some((node, open, behind, merged)) = waiting.pop() {
            steps_left = steps_left.saturating_sub(1);
            if out.len() >= TOLD || steps_left == 0 {
                break;
            }
            if node == self.root {
                let mut steps: Vec<PathStep> = behind.iter().rev().cloned().collect();
                steps.extend_from_slice(tail);
                out.push((steps, merged));
            }
            for way in ways.get(&node).into_iter().flatten().rev() {
                // A tree may hold itself.
                if open.contains(&way.holder) {
                    continue;
                }
                let (mut open, mut behind) = (open.clone(), behind.clone());
                open.push(way.holder);
                behind.extend(way.step.clone());
                waiting.push((way.holder, open, behind, merged || way.step.is_none()));
            }
        }
        out
    }

    /// Which nodes hold each container.
    fn ways(&self) -> HashMap<NewNode, Vec<Way>> {
        let mut ways: HashMap<NewNode, Vec<Way>> = HashMap::new();
        let mut add = |child: NewNode, holder: NewNode, step: Option<PathStep>| {
            if !matches!(self.nodes.content(child), Some(Content::Scalar { .. })) {
                ways.entry(child).or_default().push(Way { holder, step });
            }
        };
        for holder in self.reachable() {
            match self.nodes.content(holder) {
                Some(Content::Seq { items, .. }) => {
                    for (index, item) in items.iter().enumerate() {
                        add(*item, holder, Some(PathStep::Index(index)));
                    }
                }
                Some(Content::Map { pairs, .. }) => {
                    for (key, value) in pairs {
                        if self.scalar(*key) != Some(CoreTag::Merge) {
                            let text = self.nodes.key_text(*key).unwrap_or_default();
                            add(*value, holder, Some(PathStep::Key(text.into())));
                            continue;
                        }
                        add(*value, holder, None);
                        if let Some(Content::Seq { items, .. }) = self.nodes.content(*value) {
                            for item in items {
                                add(*item, holder, None);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        ways
    }

    /// True when what a merge key brings to `found` is what stands at `path`, not a value of its own.
    fn sees(&self, found: &TreePath, path: &TreePath) -> bool {
        let Some(tree) = self.origin else {
            return true;
        };
        match (tree.node(found), tree.node(path)) {
            (Ok(found), Ok(own)) => found.id() == own.id(),
            (Err(_), Err(_)) => true,
            _ => false,
        }
    }
}
