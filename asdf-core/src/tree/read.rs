//! From the text of a document to a tree that is checked.

use super::Tree;
use super::arena::Arena;
use super::check;
use super::direct;
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
        Self::parse_by(parse::build, text, base, limits, warnings)
    }

    /// What [`parse`](Self::parse) gives when the event parser reads every text: tests compare both.
    ///
    /// # Errors
    /// As `parse`.
    #[doc(hidden)]
    pub fn parse_by_events(
        text: &[u8],
        base: u64,
        limits: &Limits,
        warnings: &mut Vec<Warning>,
    ) -> Result<Self> {
        Self::parse_by(parse::by_events, text, base, limits, warnings)
    }

    /// Whether [`parse`](Self::parse) reads the text without the event parser.
    #[doc(hidden)]
    pub fn is_read_directly(text: &[u8], limits: &Limits) -> bool {
        let text = checked_text(text, 0, limits);
        text.is_ok_and(|text| direct::build(&text, limits).is_some())
    }

    /// Whether two trees are the same entry by entry: text, spans, comments, and all else that was read.
    #[doc(hidden)]
    pub fn is_identical(&self, other: &Self) -> bool {
        (&self.text, self.base, &self.arena) == (&other.text, other.base, &other.arena)
    }

    fn parse_by(
        read: impl FnOnce(&str, u64, &Limits, &mut Notes<'_>) -> Result<Arena>,
        text: &[u8],
        base: u64,
        limits: &Limits,
        warnings: &mut Vec<Warning>,
    ) -> Result<Self> {
        let text = checked_text(text, base, limits)?;
        let mut notes = Notes::new(warnings);
        note_directives(&text, base, &mut notes);
        let arena = read(&text, base, limits, &mut notes)?;
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
