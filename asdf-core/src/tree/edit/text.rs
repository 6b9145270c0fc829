//! The text of a changed tree, which is believed only after it has been read back.

use super::super::Tree;
use super::super::emit::Handles;
use super::super::{full, patch, same};
use super::TreeEdit;
use crate::error::EditFault;
use crate::error::Result;
use crate::error::Warning;
use crate::limits::Limits;

impl TreeEdit<'_> {
    /// The whole document as text: directives, `---`, the nodes, `...`. Where nothing has changed
    /// the text is the original one, byte for byte.
    ///
    /// # Errors
    /// The nodes nest deeper than the limit; there is no YAML text that says what they are (text with
    /// characters that YAML does not have).
    pub fn text(&self, limits: &Limits) -> Result<String> {
        match self.origin {
            Some(tree) if self.is_unchanged() => Ok(tree.text().to_owned()),
            _ => Ok(self.read_text(limits)?.text().to_owned()),
        }
    }

    /// The tree that this text is read as.
    ///
    /// # Errors
    /// As [`text`](Self::text).
    pub(crate) fn read_text(&self, limits: &Limits) -> Result<Tree> {
        Ok(self.read_text_at(0, limits)?.0)
    }

    /// The tree that this text is read as where it begins at a place of a file, and what reading it warns of.
    ///
    /// # Errors
    /// As [`text`](Self::text).
    pub(crate) fn read_text_at(&self, base: u64, limits: &Limits) -> Result<(Tree, Vec<Warning>)> {
        if let Some(tree) = self.origin
            && let Some(text) = patch::text(self, tree, limits)?
            && let Ok(Some(read)) = same::read_back(self, &text, base, limits)
        {
            return Ok(read);
        }
        self.read_anew_at(base, limits)
    }

    /// The same, with every node written anew: laid out as the reference implementation does it.
    ///
    /// # Errors
    /// As [`text`](Self::text).
    pub fn text_anew(&self, limits: &Limits) -> Result<String> {
        Ok(self.read_anew(limits)?.text().to_owned())
    }

    /// The tree that is read again when every node was written anew.
    ///
    /// # Errors
    /// As [`text`](Self::text).
    pub fn read_anew(&self, limits: &Limits) -> Result<Tree> {
        Ok(self.read_anew_at(0, limits)?.0)
    }

    fn read_anew_at(&self, base: u64, limits: &Limits) -> Result<(Tree, Vec<Warning>)> {
        let text = match self.origin {
            Some(tree) => full::document(self, &Handles::of(tree.text()), tree.text(), limits)?,
            None => full::document(self, &Handles::default(), "", limits)?,
        };
        // Nothing is believed before it has been read back.
        let fact = match same::read_back(self, &text, base, limits) {
            Ok(Some(read)) => return Ok(read),
            Ok(None) => EditFault::NotReadBack,
            Err(error) => EditFault::Invalid {
                detail: error.kind().to_string().into(),
            },
        };
        Err(fact.into())
    }
}
