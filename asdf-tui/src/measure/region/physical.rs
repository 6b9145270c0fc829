//! Pixels of a detector, of which an image is a part (`LTM1_1`, `LTV1` and so on).

use asdf_core::AsdfFile;
use asdf_core::fits::FitsHeader;
use asdf_core::tree::TreePath;

/// The way from the pixels of a detector to those of an image, both from 1: `image = scale * detector + offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Physical {
    /// Across and up.
    pub scale: [f64; 2],
    /// Across and up.
    pub offset: [f64; 2],
}

impl Default for Physical {
    /// The image is the detector.
    fn default() -> Self {
        Self {
            scale: [1.0; 2],
            offset: [0.0; 2],
        }
    }
}

impl Physical {
    /// Of the array of a file, by the cards of its HDU.
    pub fn of_array(file: &AsdfFile, path: &TreePath) -> Self {
        let node = file.node(path).ok();
        let hdu = node.and_then(|node| file.hdu_of_array(node));
        hdu.map(|hdu| Self::of_header(&hdu.image_header()))
            .unwrap_or_default()
    }

    fn of_header(header: &FitsHeader<'_>) -> Self {
        let card = |name: &str, otherwise: f64| {
            let value = header.float(name).ok().flatten();
            value.filter(|value| value.is_finite()).unwrap_or(otherwise)
        };
        let scale = [card("LTM1_1", 1.0), card("LTM2_2", 1.0)];
        // An image that is no part of anything has no way.
        if scale.contains(&0.0) {
            return Self::default();
        }
        Self {
            scale,
            offset: [card("LTV1", 0.0), card("LTV2", 0.0)],
        }
    }

    /// A place along an axis.
    pub(super) fn place(&self, value: f64, axis: usize) -> f64 {
        let scale = self.scale.get(axis).copied().unwrap_or(1.0);
        let offset = self.offset.get(axis).copied().unwrap_or(0.0);
        scale * value + offset
    }

    /// A length in any direction.
    pub(super) fn length(&self, value: f64) -> f64 {
        let [across, up] = self.scale;
        value * (across * up).abs().sqrt()
    }
}
