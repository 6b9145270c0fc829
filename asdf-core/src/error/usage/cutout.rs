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
    /// The sky is along other axes than those that are cut.
    #[error(
        "the sky of {wcs} is along the axes {axes} of the image (x is axis 1), a cutout is made along axes 1 and 2"
    )]
    SkyAxes {
        /// The WCS.
        wcs: Box<str>,
        /// Numbers of axes, from 1.
        axes: Box<str>,
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
    /// A value that an array cannot have.
    #[error("an array of {datatype} has no value {fill} for what is outside of the image")]
    Fill {
        /// The value.
        fill: Box<str>,
        /// The type of the array.
        datatype: Box<str>,
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
    /// There is no spectral coordinate, or it is not that of one pixel axis beyond x and y.
    #[error("{wcs} has no spectral coordinate along one axis beyond x and y")]
    NoSpectralAxis {
        /// The WCS.
        wcs: Box<str>,
    },
    /// A spectral value in a unit of another quantity.
    #[error(
        "the unit `{given}` does not convert to {unit}, that of the spectral coordinate, with what the WCS says"
    )]
    SpectralUnit {
        /// The unit that was given.
        given: Box<str>,
        /// That of the coordinate.
        unit: Box<str>,
    },
    /// A spectral value without a unit.
    #[error("a unit is missing after {value}, such as that of the spectral coordinate, {unit}")]
    NoSpectralUnit {
        /// The value.
        value: f64,
        /// The unit of the coordinate.
        unit: Box<str>,
    },
    /// No plane is between two spectral values.
    #[error("no plane is between {:?} and {:?} {unit}, the image has {:?} to {:?}", .between[0], .between[1], .reached[0], .reached[1])]
    NoPlane {
        /// The values, in the unit of the coordinate.
        between: [f64; 2],
        /// The least and the greatest value of the image.
        reached: [f64; 2],
        /// The unit.
        unit: Box<str>,
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
