//! A question that a WCS or a transform has no answer to.

use super::Usage;
use crate::error::Error;

/// A question that a WCS or a transform has no answer to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WcsFault {
    /// Points with another number of coordinates.
    #[error(
        "{found} columns of points for a transform of {inputs} inputs, or columns of different lengths"
    )]
    Columns {
        /// Columns given.
        found: usize,
        /// Inputs of the transform.
        inputs: usize,
    },
    /// World coordinates of another number.
    #[error("{found} columns of points for a WCS of {dimensions} world coordinates")]
    WorldColumns {
        /// Columns given.
        found: usize,
        /// World coordinates of the WCS.
        dimensions: usize,
    },
    /// There is no way back.
    #[error("a transform between these frames has no inverse")]
    NoInverse,
    /// Nothing leads from one frame to the other.
    #[error("there is no transform between these frames")]
    NoTransform,
    /// A frame that the WCS does not have.
    #[error("no frame `{name}`; there are {known}")]
    NoFrame {
        /// The frame asked for.
        name: Box<str>,
        /// The frames that there are.
        known: Box<str>,
    },
    /// An inverse by iteration leads from the world to the pixels.
    #[error("between named frames there is no inverse by iteration")]
    NumericalFrames,
    /// Numbers of coordinates without an inverse by iteration.
    #[error(
        "{pixel} pixel and {world} world coordinates: an inverse by iteration needs as many of both, at most {most}"
    )]
    Unequal {
        /// Pixel coordinates.
        pixel: usize,
        /// World coordinates.
        world: usize,
        /// How many there may be.
        most: usize,
    },
    /// The WCS is not that of an image of the sky.
    #[error(
        "this is not an image of the sky: that has two pixel coordinates and a celestial frame"
    )]
    NotAnImage,
    /// No position on the sky.
    #[error("a latitude of {latitude} degrees is beyond the pole")]
    BeyondPole {
        /// The latitude.
        latitude: Box<str>,
    },
    /// A region on something else than the sky.
    #[error("a region needs a WCS of the sky in two dimensions")]
    Region,
    /// A region in a frame that the format has no name for.
    #[error("DS9 has no name for the frame {frame}; --s-region writes it")]
    RegionFrame {
        /// The frame as STC-S calls it.
        frame: Box<str>,
    },
    /// A footprint in a frame from which no way leads to ICRS.
    #[error("positions in the frame {frame} cannot be converted into ICRS")]
    NotIcrs {
        /// The frame as STC-S calls it.
        frame: Box<str>,
    },
    /// Corners that are no polygon of great circles.
    #[error("the corners are no positions on the sky, or more than 80 degrees from their middle")]
    RegionWide,
    /// The extent of the image is not known.
    #[error(
        "a footprint needs a bounding box that is one interval for each input, or a pixel_shape"
    )]
    FootprintBox,
    /// Too many corners.
    #[error("a footprint of more than {most} dimensions")]
    FootprintAxes {
        /// How many there may be.
        most: u32,
    },
    /// The extent of the image is not known.
    #[error("the image has neither a bounding box of two intervals nor a pixel_shape")]
    NoExtent,
    /// A grid of other dimensions.
    #[error("a grid needs a WCS of two pixel coordinates")]
    GridAxes,
    /// A WCS without a transform.
    #[error("this WCS has no transform")]
    Empty,
    /// Offsets of another number.
    #[error("{found} offsets for a WCS of {inputs} pixel coordinates")]
    Offsets {
        /// Offsets given.
        found: usize,
        /// Pixel coordinates.
        inputs: usize,
    },
    /// The draft has no WCS where its file has one.
    #[error("the WCS is not there any more")]
    Gone,
    /// Wrappers within wrappers.
    #[error("WCS nest too deep")]
    Nested,
    /// A sliced WCS without slices.
    #[error("the sliced WCS has no `slices_array`")]
    NoSlices,
    /// Slices of more axes than the array has.
    #[error("the sliced WCS has more axes than the array")]
    SliceAxes,
    /// A window that begins before the first pixel of a WCS that is cut by slices.
    #[error(
        "the WCS is cut by slices, which cannot begin before the first pixel: without --pad the part within is cut"
    )]
    SliceBefore,
    /// A bounding box of another transform.
    #[error("the bounding box has an interval of `{name}`, which is not an input")]
    IntervalName {
        /// The name.
        name: Box<str>,
    },
    /// A bounding box that is not made of intervals.
    #[error("a bounding box that depends on a coordinate is not moved")]
    DependentBox,
    /// Dependences of axes are not known.
    #[error("too many axes")]
    ManyAxes,
    /// A bounding box that is not made of intervals is not cut.
    #[error("a bounding box depends on a coordinate that may be cut")]
    BoxCut,
    /// Slices that leave nothing.
    #[error("no axis is left")]
    NoAxis,
    /// An interval that cannot be read.
    #[error("an interval of the bounding box is not two numbers")]
    IntervalEnds,
    /// NaN where the image is.
    #[error("the transform has no values over the whole image")]
    NoValues,
    /// An image without extent on the sky.
    #[error("the scale of the image is 0 at its centre")]
    NoScale,
    /// The extent of the image is not known.
    #[error("a FITS header needs a bounding box of two intervals, or a pixel_shape")]
    HeaderBox,
    /// Options of an approximation that cannot be.
    #[error("a degree from 1 to 9, and from 8 to 1024 points")]
    SipOptions,
    /// There is nothing to approximate.
    #[error("the image is smaller than a pixel")]
    SmallImage,
}

impl From<WcsFault> for Error {
    fn from(fact: WcsFault) -> Self {
        Usage::from(fact).into()
    }
}
