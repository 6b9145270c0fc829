//! The oddities of one tree: not more of them than anybody reads.

use super::node::Node;
use crate::error::{Warning, WarningKind};
use std::ops::Range;

/// Warnings of one tree that are kept; a hostile file can cause one a node.
const MOST: usize = 1000;

/// Collects warnings and counts those that are too many.
#[derive(Debug)]
pub(super) struct Notes<'w> {
    warnings: &'w mut Vec<Warning>,
    kept: usize,
    left_out: usize,
}

impl<'w> Notes<'w> {
    pub(super) fn new(warnings: &'w mut Vec<Warning>) -> Self {
        Self {
            warnings,
            kept: 0,
            left_out: 0,
        }
    }

    /// A warning at a place of the text.
    pub(super) fn at(&mut self, kind: WarningKind, span: Range<u64>) {
        self.add(|| Warning::new(kind).at(span));
    }

    /// A warning about a node.
    pub(super) fn on(&mut self, node: Node<'_>, kind: impl FnOnce() -> WarningKind) {
        self.add(|| Warning::new(kind()).at(node.span()).at_path(node.path()));
    }

    fn add(&mut self, warning: impl FnOnce() -> Warning) {
        if self.kept < MOST {
            self.kept = self.kept.saturating_add(1);
            self.warnings.push(warning());
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    /// Says how many were left out.
    pub(super) fn close(self) {
        if self.left_out > 0 {
            self.warnings.push(Warning::new(WarningKind::MoreInTree {
                count: self.left_out,
            }));
        }
    }
}
