//! Where the pixels of a picture are in the array.

use super::canvas::Origin;
use super::downsample::Reduced;
use super::plane::Plane;

/// The way from places in a picture to those in the array; pixels and elements are counted from 0 at the centre of the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pixels {
    /// Pixels across and down.
    pub size: [usize; 2],
    /// Where the first row is.
    pub origin: Origin,
    factor: [f64; 2],
    /// Pixels of the picture along those of the small image.
    zoom: f64,
    /// First element and step, `[y, x]`.
    geometry: [(f64, f64); 2],
}

#[expect(clippy::cast_precision_loss, reason = "no picture is that large")]
impl Pixels {
    /// Those of a small image of a plane.
    pub fn new(plane: &Plane<'_>, reduced: &Reduced, origin: Origin) -> Self {
        Self {
            size: [reduced.width, reduced.height],
            origin,
            factor: reduced.factor.map(|factor| factor as f64),
            zoom: 1.0,
            geometry: plane.geometry(),
        }
    }

    /// The same of a picture that is enlarged so many times.
    #[must_use]
    pub fn enlarged(mut self, times: usize) -> Self {
        self.size = self.size.map(|side| side.saturating_mul(times));
        self.zoom *= times as f64;
        self
    }

    /// Pixels of the picture for an element of the array, along x.
    pub fn scale(&self) -> f64 {
        self.zoom / (self.factor[1] * self.geometry[1].1.abs())
    }

    /// Where a place in the array is on the picture, from the left and from the top in pixels whose first begins at 0.
    pub fn screen(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let along = |place: f64, factor: f64, (start, step): (f64, f64)| {
            ((place - start) / step + 0.5) / factor * self.zoom
        };
        let across = along(x, self.factor[1], self.geometry[1]);
        let up = along(y, self.factor[0], self.geometry[0]);
        match self.origin {
            Origin::Lower => [across, self.size[1] as f64 - up],
            Origin::Upper => [across, up],
        }
    }

    /// The place in the array, x first, of a place in the picture.
    pub fn element(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let y = match self.origin {
            Origin::Lower => (self.size[1] as f64 - 1.0) - y,
            Origin::Upper => y,
        };
        let along = |place: f64, factor: f64, (start, step): (f64, f64)| {
            start + ((place + 0.5) / self.zoom * factor - 0.5) * step
        };
        [
            along(x, self.factor[1], self.geometry[1]),
            along(y, self.factor[0], self.geometry[0]),
        ]
    }

    /// True for axes that run the other way in the picture than in the array: across and up.
    pub fn reversed(&self) -> [bool; 2] {
        [self.geometry[1].1 < 0.0, self.geometry[0].1 < 0.0]
    }
}
