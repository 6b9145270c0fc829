//! From the text of a document to a tree that is checked.

use super::Tree;
use super::check;
use super::lookup::Lookup;
use super::notes::Notes;
use super::parse;
use super::source::{checked_text, note_directives};
use crate::error::Result;
use crate::error::Warning;
use crate::limits::Limits;

impl Tree {
    /// Parses one YAML document (directives, `---`, content, optionally `...`).
    ///
    /// `base` is the absolute file offset of the first byte of `text`: spans and errors are
    /// absolute. Oddities that leave the tree readable are pushed to `warnings`.
    ///
    /// # Errors
    /// The text is not UTF-8 or not YAML; an alias has no anchor, a key stands twice; a limit is exceeded.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// use asdf_core::Limits;
    /// use asdf_core::tree::Tree;
    ///
    /// let text = b"%YAML 1.1\n---\nfilter: F158\nexposures: [30.0, 60.0]\n...\n";
    /// let tree = Tree::parse(text, 0, &Limits::default(), &mut Vec::new())?;
    /// assert_eq!(tree.node("exposures/1")?.read::<f64>()?, 60.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn parse(
        text: &[u8],
        base: u64,
        limits: &Limits,
        warnings: &mut Vec<Warning>,
    ) -> Result<Self> {
        let text = checked_text(text, base, limits)?;
        let mut notes = Notes::new(warnings);
        note_directives(&text, base, &mut notes);
        let arena = parse::build(&text, base, limits, &mut notes)?;
        let mut tree = Self {
            text,
            base,
            arena,
            expanded_nodes: limits.expanded_nodes,
            lookup: Lookup::default(),
        };
        check::check(&mut tree, limits, &mut notes)?;
        // Only now it is known which pairs each mapping has.
        tree.lookup = Lookup::default();
        notes.close();
        Ok(tree)
    }
}
