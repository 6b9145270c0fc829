//! Which array a file is about.

use super::ArrayInfo;
use crate::error::Result;
use crate::file::AsdfFile;
use crate::tree::Node;

/// Where the array is that a file is about, the likeliest place first.
pub const MAIN_ARRAYS: [&str; 3] = ["/roman/data", "/data", "/sci"];

impl AsdfFile {
    /// The array that the file is about, to be shown where none is named: one of numbers with two axes or more, at a place
    /// where products have it, else the largest (the first of equal ones) that is not part of a WCS.
    ///
    /// # Errors
    /// None was found, and an array cannot be located that may be the one.
    pub fn main_array(&self) -> Result<Option<Node<'_>>> {
        #[cfg(feature = "wcs")]
        let wcs: Vec<String> = self
            .wcs_paths()
            .iter()
            .map(|path| format!("{path}/"))
            .collect();
        #[cfg(not(feature = "wcs"))]
        let wcs: Vec<String> = Vec::new();
        let (mut best, mut trouble): (Option<(u64, Node<'_>)>, _) = (None, None);
        for (path, node) in self.arrays()? {
            let info = match ArrayInfo::of(self, node) {
                Ok(info) => info,
                Err(error) => {
                    trouble.get_or_insert(error);
                    continue;
                }
            };
            let path = path.to_string();
            let elements: u64 = info
                .shape
                .iter()
                .fold(1, |product, length| product.saturating_mul(*length));
            let shown = info.datatype.scalar().is_some() && info.shape.len() >= 2 && elements > 0;
            if !shown || wcs.iter().any(|wcs| path.starts_with(wcs)) {
                continue;
            }
            let preferred = MAIN_ARRAYS.iter().position(|known| *known == path);
            let rank = preferred.map_or(elements, |place| u64::MAX.saturating_sub(place as u64));
            if best.is_none_or(|(least, _)| rank > least) {
                best = Some((rank, node));
            }
        }
        match (best, trouble) {
            (None, Some(error)) => Err(error),
            (best, _) => Ok(best.map(|found| found.1)),
        }
    }
}
