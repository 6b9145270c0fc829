//! What can be found wrong with a located array without reading a block.

use super::mask;
use super::{ArrayRef, DataSource, MaskSource};
use crate::error::Locate;
use crate::error::Result;
use crate::error::WarningKind;

impl<'f> ArrayRef<'f> {
    /// Checks what needs no block: elements that stand in the tree are parsed, a mask must fit its array.
    ///
    /// # Errors
    /// An element in the tree cannot be read, or the mask cannot belong to the array.
    pub(crate) fn check_node(&self) -> Result<()> {
        if let DataSource::Inline(_) = self.data {
            self.load_unmasked()?;
        }
        match &self.mask {
            None => Ok(()),
            Some(MaskSource::Value(node)) => mask::value(*node, self.datatype()).map(drop),
            Some(MaskSource::Array(mask)) => mask::broadcast(mask, self.shape()).map(drop),
        }
        .at_path(|| &self.path)
    }

    /// The array that masks this one.
    pub(crate) fn mask_array(&self) -> Option<&ArrayRef<'f>> {
        match &self.mask {
            Some(MaskSource::Array(mask)) => Some(mask),
            _ => None,
        }
    }

    /// What tells that the file ends within a row of a stream.
    pub(crate) fn cut_row(&self) -> Option<&WarningKind> {
        self.warnings()
            .map(|warning| &warning.kind)
            .find(|kind| matches!(kind, WarningKind::CutRow { .. }))
    }
}
