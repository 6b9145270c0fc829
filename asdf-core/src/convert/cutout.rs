//! Cutouts: a window of an image as a file of its own, with its WCS.

use crate::array::is_ndarray;
use crate::error::Error;
use crate::error::Result;
use crate::error::Usage;
use crate::file::AsdfFile;
use crate::file::Draft;
use crate::tree::TreePath;
use crate::wcs::Wcs;
use std::ops::Range;

/// The extent of a cutout along x and y.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CutoutSize {
    /// In pixels.
    Pixels([f64; 2]),
    /// In arcseconds on the sky.
    Arcseconds([f64; 2]),
}

impl AsdfFile {
    /// The pixels along x and y of the image that a WCS belongs to: its `pixel_shape`, else what its bounding
    /// box covers, or the least array that the box lies within, else the greatest array.
    ///
    /// # Errors
    /// No array has two axes of that shape.
    pub fn image_shape(&self, wcs: &Wcs) -> Result<[u64; 2]> {
        let shapes = self.image_arrays(wcs)?;
        let shapes: Vec<[u64; 2]> = shapes.into_iter().map(|array| array.1).collect();
        let (known, is_exact) = match (wcs.pixel_shape(), wcs.bounding_box()) {
            (Some(&[x, y, ..]), _) => (Some([x, y]), true),
            (_, Some(bounding_box)) => (bounding_box.extents(), false),
            _ => (None, false),
        };
        if let Some(known) = known.filter(|known| shapes.contains(known)) {
            return Ok(known);
        }
        let pixels = |[x, y]: &&[u64; 2]| x.saturating_mul(*y);
        if let Some([x, y]) = known.filter(|_| !is_exact) {
            let around = shapes.iter().filter(|shape| shape[0] >= x && shape[1] >= y);
            if let Some(least) = around.min_by_key(pixels) {
                return Ok(*least);
            }
        }
        let largest = shapes.iter().max_by_key(pixels);
        match (largest, known) {
            (Some(largest), None) => Ok(*largest),
            (_, Some([x, y])) => Err(trouble(&format!(
                "no array of this file has the shape of its image, {x}×{y} pixels (x first)"
            ))),
            (None, None) => Err(trouble("no array of this file has two axes")),
        }
    }

    /// The window of an image around a pixel, x first, cut at the edges of the image.
    ///
    /// # Errors
    /// The window and the image have no pixel in common; the WCS says no scale and the size is one on the sky.
    pub fn cutout_window(
        &self,
        wcs: &Wcs,
        centre: [f64; 2],
        size: CutoutSize,
    ) -> Result<[Range<u64>; 2]> {
        let extents = match size {
            CutoutSize::Pixels(extents) => extents,
            CutoutSize::Arcseconds([width, height]) => {
                let [x, y] = wcs.pixel_scale(Some(centre))?.arcseconds;
                [width / x, height / y]
            }
        };
        let shape = self.image_shape(wcs)?;
        let ([x, y], [width, height]) = (centre, extents);
        let across = side(x, width, shape[0]);
        let window = across.zip(side(y, height, shape[1]));
        let (across, along) = window.ok_or_else(|| {
            trouble(&format!(
                "a window of {width:.1}×{height:.1} pixels around ({x:.1}, {y:.1}) has no pixel of the image of {}×{}",
                shape[0], shape[1]
            ))
        })?;
        Ok([across, along])
    }

    /// A draft of this file in which the arrays of an image are cut to a window (x first), whatever other axes
    /// they have, and its WCS is that of the window. Everything else stays.
    ///
    /// # Errors
    /// The window is empty or does not lie within the image.
    pub fn cutout(&self, wcs: &Wcs, window: &[Range<u64>; 2]) -> Result<Draft<'_>> {
        let shape = self.image_shape(wcs)?;
        let [x, y] = window;
        let inside = window.iter().zip(shape);
        if !inside
            .into_iter()
            .all(|(range, length)| range.start < range.end && range.end <= length)
        {
            return Err(trouble(&format!(
                "the window {x:?} {y:?} is empty or not within the image of {}×{} pixels",
                shape[0], shape[1]
            )));
        }
        let mut draft = self.to_draft();
        for (path, own) in self.image_arrays(wcs)? {
            if own == shape {
                let array = self.array(&path)?;
                let axes = array.shape().len().saturating_sub(2);
                let rest = array.shape().iter().take(axes).map(|length| 0..*length);
                let whole: Vec<_> = rest.chain([y.clone(), x.clone()]).collect();
                draft.cut_array(&path, &whole)?;
            }
        }
        let extents = [x.end - x.start, y.end - y.start];
        #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
        let offsets = [x.start as f64, y.start as f64];
        wcs.shift_in(self, &mut draft, &offsets, &extents)?;
        Ok(draft)
    }

    /// The arrays with two axes or more that are no part of a WCS, with the extents of the last two, x first.
    fn image_arrays(&self, wcs: &Wcs) -> Result<Vec<(TreePath, [u64; 2])>> {
        let mut within: Vec<String> = self
            .wcs_paths()
            .iter()
            .map(|path| format!("{path}/"))
            .collect();
        within.push(format!("{}/", wcs.path()));
        let mut arrays = Vec::new();
        for node in self.tree().nodes().filter(|node| is_ndarray(*node)) {
            let path = node.path();
            let text = path.to_string();
            let parent = text.strip_suffix("/mask").map(|parent| self.node(parent));
            let is_mask = matches!(parent, Some(Ok(parent)) if is_ndarray(parent));
            // A mask is cut with its array.
            if is_mask || within.iter().any(|wcs| text.starts_with(wcs.as_str())) {
                continue;
            }
            if let [.., y, x] = *self.array_at(node)?.shape() {
                arrays.push((path, [x, y]));
            }
        }
        Ok(arrays)
    }
}

fn trouble(reason: &str) -> Error {
    Usage::Edit {
        reason: reason.into(),
    }
    .into()
}

/// The pixels of a side that are within so much of its centre.
fn side(centre: f64, extent: f64, length: u64) -> Option<Range<u64>> {
    /// How far a centre that was computed may be off.
    const ROUNDING: f64 = 1e-6;
    let count = extent.round().max(1.0);
    let start = (centre - count / 2.0 - ROUNDING).ceil();
    if !start.is_finite() || !count.is_finite() {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
    let length = length as f64;
    let (start, end) = (start.max(0.0), (start + count).min(length));
    #[expect(clippy::cast_possible_truncation, reason = "within the image")]
    #[expect(clippy::cast_sign_loss, reason = "not below 0")]
    (start < end).then_some(start as u64..end as u64)
}
