//! What the WCS of an array says of all elements of a plane: the wavelength of one of a cube.

use asdf_core::array::Slice;
use asdf_core::inspect::escape;
use asdf_core::wcs::Wcs;
use asdf_core::{ArrayRef, AsdfFile};

/// The coordinates that the indices among slices fix, as ` (wavelength 1.5 um)`; nothing where there are none.
pub(crate) fn text(file: &AsdfFile, array: &ArrayRef<'_>, slices: &[Slice]) -> String {
    let is_index = |slice: &Slice| matches!(slice, Slice::Index(_));
    if !slices.iter().any(is_index) {
        return String::new();
    }
    let wcs = file.wcs_of_array(array.path(), array.shape());
    wcs.map_or_else(String::new, |wcs| of_wcs(&wcs, array.shape(), slices))
}

/// The same of an array of that shape, whose WCS is known.
pub(crate) fn of_wcs(wcs: &Wcs, shape: &[u64], slices: &[Slice]) -> String {
    let found = wcs.fixed_by(shape, slices).unwrap_or_default();
    let texts: Vec<String> = found
        .iter()
        .map(|coordinate| escape(&coordinate.to_string()).into_owned())
        .collect();
    if texts.is_empty() {
        String::new()
    } else {
        format!(" ({})", texts.join(", "))
    }
}
