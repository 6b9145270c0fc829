//! A cutout that cannot be made.

use super::Usage;
use crate::error::Error;
use std::ops::Range;

/// A cutout that cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CutoutFault {
    /// The WCS is not that of an image.
    #[error("{wcs} has one pixel coordinate, an image has two")]
    OneAxis {
        /// The WCS.
        wcs: Box<str>,
    },
    /// There is nothing to cut.
    #[error("no array of this file has the WCS {wcs}")]
    NoArray {
        /// The WCS.
        wcs: Box<str>,
    },
    /// There is no array of the size that the WCS is of.
    #[error("no array of this file has the WCS {wcs}, whose image has {x}×{y} pixels (x first)")]
    NoArrayOfShape {
        /// The WCS.
        wcs: Box<str>,
        /// Pixels along x.
        x: u64,
        /// Pixels along y.
        y: u64,
    },
    /// The window does not meet the image.
    #[error("a window of {:.1}×{:.1} pixels around ({:.1}, {:.1}) has no pixel of the image of {}×{}", .size[0], .size[1], .centre[0], .centre[1], .shape[0], .shape[1])]
    NoPixel {
        /// Width and height of the window.
        size: [f64; 2],
        /// Its centre, x first.
        centre: [f64; 2],
        /// The image, x first.
        shape: [u64; 2],
    },
    /// The window is empty, or reaches out of the image.
    #[error("the window {x:?} {y:?} is empty or not within the image of {}×{} pixels", .shape[0], .shape[1])]
    Outside {
        /// The window along x.
        x: Range<u64>,
        /// The window along y.
        y: Range<u64>,
        /// The image, x first.
        shape: [u64; 2],
    },
}

impl From<CutoutFault> for Error {
    fn from(fact: CutoutFault) -> Self {
        Usage::from(fact).into()
    }
}
