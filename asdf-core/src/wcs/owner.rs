//! Which WCS an array has.

use super::Wcs;
use crate::file::AsdfFile;
use crate::transform::BoundingBox;
use crate::tree::TreePath;

/// WCS that are looked at before an array is said to have none.
const MOST: usize = 16;

impl AsdfFile {
    /// The WCS of an array of that shape: the one whose place in the tree has most in common with that of the array. None for
    /// arrays that a WCS is made of, and none whose bounding box does not lie within the array.
    pub fn wcs_of_array(&self, path: &TreePath, shape: &[u64]) -> Option<Wcs> {
        let common = |other: &TreePath| {
            let pairs = other.steps().iter().zip(path.steps());
            pairs.take_while(|(own, other)| own == other).count()
        };
        let mut paths = self.wcs_paths();
        if paths.iter().any(|wcs| common(wcs) == wcs.steps().len()) {
            return None;
        }
        paths.sort_by_key(|path| std::cmp::Reverse(common(path)));
        let read = |path: &TreePath| self.wcs(path).ok();
        let fits = |wcs: &Wcs| {
            let program = wcs.program(false);
            program.is_ok_and(|program| program.inputs() <= shape.len()) && is_of_size(wcs, shape)
        };
        paths.iter().take(MOST).filter_map(read).find(fits)
    }
}

/// Whether the bounding box, where there is one, lies within an array of that shape.
fn is_of_size(wcs: &Wcs, shape: &[u64]) -> bool {
    let Some(BoundingBox::Simple(intervals)) = wcs.bounding_box() else {
        return true;
    };
    // The first input goes along the last axis.
    let mut axes = intervals.iter().zip(shape.iter().rev());
    #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
    axes.all(|(interval, length)| interval.is_none_or(|interval| interval.high <= *length as f64))
}
