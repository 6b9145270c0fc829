//! Masks of what is read.

/// A mask, when anything is masked.
pub(super) fn some_mask(mask: Vec<bool>) -> Option<Vec<bool>> {
    mask.contains(&true).then_some(mask)
}
