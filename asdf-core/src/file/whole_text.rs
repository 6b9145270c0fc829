//! A tree that was given as text, parsed once.

use crate::error::{Result, Warning};
use crate::limits::Limits;
use crate::tree::Tree;

/// The text of a whole tree, and what parsing it gave.
#[derive(Debug)]
pub(super) struct WholeText {
    tree: Tree,
    warnings: Vec<Warning>,
    /// The limits under which it was parsed.
    limits: Limits,
}

impl WholeText {
    /// Parses a text.
    ///
    /// # Errors
    /// It is not YAML, or exceeds a limit.
    pub(super) fn read(text: &str, limits: &Limits) -> Result<Self> {
        let mut warnings = Vec::new();
        Ok(Self {
            tree: Tree::parse(text.as_bytes(), 0, limits, &mut warnings)?,
            warnings,
            limits: limits.clone(),
        })
    }

    pub(super) fn text(&self) -> &str {
        self.tree.text()
    }

    /// The tree of a text that begins at this offset of a file.
    pub(super) fn tree_at(&self, base: u64) -> Tree {
        self.tree.copy_at(base)
    }

    /// The same with its warnings; parsed again where other limits apply.
    ///
    /// # Errors
    /// The text exceeds these limits.
    pub(super) fn read_at(&self, base: u64, limits: &Limits) -> Result<(Tree, Vec<Warning>)> {
        if *limits != self.limits {
            let mut warnings = Vec::new();
            let tree = Tree::parse(self.text().as_bytes(), base, limits, &mut warnings)?;
            return Ok((tree, warnings));
        }
        let mut warnings = self.warnings.clone();
        for span in warnings
            .iter_mut()
            .filter_map(|warning| warning.place.span.as_mut())
        {
            *span = span.start.saturating_add(base)..span.end.saturating_add(base);
        }
        Ok((self.tree_at(base), warnings))
    }
}
