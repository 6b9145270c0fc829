//! Which array a file is about.

use super::ArrayInfo;
use crate::error::Result;
use crate::file::AsdfFile;
use crate::tree::{Node, TreePath};

/// Where the array is that a file is about, the likeliest place first.
pub const MAIN_ARRAYS: [&str; 3] = ["/roman/data", "/data", "/sci"];

impl AsdfFile {
    /// The array that the file is about, to be shown where none is named: one of numbers with two axes or more, at a place
    /// where products have it, else the largest (the first of equal ones) that is not part of a WCS.
    ///
    /// # Errors
    /// None was found, and an array cannot be located that may be the one.
    pub fn main_array(&self) -> Result<Option<Node<'_>>> {
        let (mut choice, mut trouble) = (Choice::default(), None);
        for (path, node) in self.arrays()? {
            match ArrayInfo::of(self, node) {
                Ok(info) => choice.offer(self, &path, &info, node),
                Err(error) => drop(trouble.get_or_insert(error)),
            }
        }
        match (choice.taken(), trouble) {
            (None, Some(error)) => Err(error),
            (best, _) => Ok(best),
        }
    }
}

/// Chooses the array that a file is about among those that are offered.
pub(super) struct Choice<T> {
    best: Option<(u64, T)>,
}

impl<T> Default for Choice<T> {
    fn default() -> Self {
        Self { best: None }
    }
}

impl<T> Choice<T> {
    /// Takes what stands for an array, if that is likelier than those before it.
    pub(super) fn offer(&mut self, file: &AsdfFile, path: &TreePath, info: &ArrayInfo, own: T) {
        let product = |all: u64, length: &u64| all.saturating_mul(*length);
        let elements = info.shape.iter().fold(1, product);
        let shown = info.datatype.scalar().is_some() && info.shape.len() >= 2 && elements > 0;
        if !shown {
            return;
        }
        let text = path.to_string();
        let preferred = MAIN_ARRAYS.iter().position(|known| *known == text);
        let rank = preferred.map_or(elements, |place| u64::MAX.saturating_sub(place as u64));
        let is_likelier = self.best.as_ref().is_none_or(|(least, _)| rank > *least);
        if is_likelier && !is_within_wcs(file, path) {
            self.best = Some((rank, own));
        }
    }

    /// What stands for the likeliest one.
    pub(super) fn taken(self) -> Option<T> {
        Some(self.best?.1)
    }
}

#[cfg(feature = "wcs")]
fn is_within_wcs(file: &AsdfFile, path: &TreePath) -> bool {
    file.is_within_wcs(path)
}

#[cfg(not(feature = "wcs"))]
fn is_within_wcs(_: &AsdfFile, _: &TreePath) -> bool {
    false
}
