//! Outlines of regions in pixels of a picture.

use super::region::RegionShape;
use crate::raster::Rgb;
use std::collections::HashMap;
use std::f64::consts::TAU;

/// Pixels of outlines at most.
const MOST: usize = 4_000_000;
/// Pixels of a curve at most.
const LONGEST: f64 = 20_000.0;

/// The lines of a shape on a picture, in pixels whose first begins at 0, with what leads there from places of the image, how many
/// pixels one of the image has, and the half side of a marker.
pub fn outline(
    shape: &RegionShape,
    screen: &dyn Fn([f64; 2]) -> [f64; 2],
    scale: f64,
    marker: f64,
) -> Vec<Vec<[f64; 2]>> {
    let closed = |corners: &[[f64; 2]]| {
        let corners = corners.iter().chain(corners.first()).copied();
        corners.map(screen).collect::<Vec<_>>()
    };
    let round = |center: [f64; 2], axes: [f64; 2], angle: f64| {
        let length = TAU * axes[0].max(axes[1]) * scale;
        #[expect(clippy::cast_possible_truncation, reason = "bounded")]
        #[expect(clippy::cast_sign_loss, reason = "bounded")]
        let count = (length / 4.0).clamp(24.0, 2000.0) as u32;
        let place = |step: u32| {
            let turn = f64::from(step) / f64::from(count) * TAU;
            screen(on_ellipse(center, axes, angle, turn))
        };
        (0..=count).map(place).collect::<Vec<_>>()
    };
    match shape {
        RegionShape::Point(center) => {
            let [x, y] = screen(*center);
            let sides = [
                [-1.0, 0.0],
                [0.0, -1.0],
                [1.0, 0.0],
                [0.0, 1.0],
                [-1.0, 0.0],
            ];
            let corner = |[right, down]: [f64; 2]| [x + right * marker, y + down * marker];
            vec![sides.map(corner).to_vec()]
        }
        RegionShape::Circle(center, radius) => vec![round(*center, [*radius; 2], 0.0)],
        RegionShape::Annulus(center, radii) => {
            let each = radii.iter();
            each.map(|radius| round(*center, [*radius; 2], 0.0))
                .collect()
        }
        RegionShape::Ellipse(center, axes, angle) => vec![round(*center, *axes, *angle)],
        RegionShape::Box(center, sides, angle) => vec![closed(&corners(*center, *sides, *angle))],
        RegionShape::Polygon(corners) => vec![closed(corners)],
        RegionShape::Line(from, to) => vec![vec![screen(*from), screen(*to)]],
    }
}

/// The corners of a rectangle that is turned.
fn corners(center: [f64; 2], [width, height]: [f64; 2], angle: f64) -> [[f64; 2]; 4] {
    let (sin, cos) = angle.sin_cos();
    let signs = [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]];
    signs.map(|[x, y]| {
        let (x, y) = (x * width, y * height);
        [center[0] + x * cos - y * sin, center[1] + x * sin + y * cos]
    })
}

/// A place of an ellipse by its centre, half axes, angle, and the turn from the first axis.
fn on_ellipse(center: [f64; 2], axes: [f64; 2], angle: f64, turn: f64) -> [f64; 2] {
    let ((sin, cos), (y, x)) = (angle.sin_cos(), turn.sin_cos());
    let (x, y) = (x * axes[0], y * axes[1]);
    [center[0] + x * cos - y * sin, center[1] + x * sin + y * cos]
}

/// Draws outlines.
pub struct Pen<'p> {
    /// Where a place of the image is on the picture, in pixels whose first begins at 0.
    screen: &'p dyn Fn([f64; 2]) -> [f64; 2],
    /// Pixels of the picture for one of the image.
    scale: f64,
    /// Pixels across and down.
    size: [u64; 2],
    /// The half side of a marker in pixels.
    marker: f64,
    pixels: HashMap<[i64; 2], Rgb>,
    /// The colour of what is drawn next.
    pub color: Rgb,
}

impl std::fmt::Debug for Pen<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pen on {:?}, {} pixels", self.size, self.pixels.len())
    }
}

impl<'p> Pen<'p> {
    /// A pen for a picture of a size, with what leads from places to its pixels and how large these are.
    pub fn new(
        screen: &'p dyn Fn([f64; 2]) -> [f64; 2],
        scale: f64,
        size: [u64; 2],
        marker: f64,
    ) -> Self {
        Self {
            screen,
            scale,
            size,
            marker,
            pixels: HashMap::new(),
            color: [0; 3],
        }
    }

    /// The pixels that were drawn, with their colours.
    pub fn into_pixels(self) -> HashMap<[i64; 2], Rgb> {
        self.pixels
    }

    /// Draws a shape.
    pub fn shape(&mut self, shape: &RegionShape) {
        match shape {
            RegionShape::Point(center) => self.marker(*center),
            RegionShape::Circle(center, radius) => self.ellipse(*center, [*radius; 2], 0.0),
            RegionShape::Annulus(center, radii) => {
                for radius in radii {
                    self.ellipse(*center, [*radius; 2], 0.0);
                }
            }
            RegionShape::Ellipse(center, axes, angle) => self.ellipse(*center, *axes, *angle),
            RegionShape::Box(center, sides, angle) => {
                self.polygon(&corners(*center, *sides, *angle));
            }
            RegionShape::Polygon(corners) => self.polygon(corners),
            RegionShape::Line(from, to) => {
                let [from, to] = [*from, *to].map(|place| (self.screen)(place));
                self.line(from, to);
            }
        }
    }

    /// A diamond about a place.
    fn marker(&mut self, center: [f64; 2]) {
        let ([x, y], side) = ((self.screen)(center), self.marker);
        self.closed(&[[x - side, y], [x, y - side], [x + side, y], [x, y + side]]);
    }

    fn polygon(&mut self, corners: &[[f64; 2]]) {
        let corners: Vec<[f64; 2]> = corners
            .iter()
            .map(|corner| (self.screen)(*corner))
            .collect();
        self.closed(&corners);
    }

    /// The lines from each place on the picture to the next, and back to the first.
    fn closed(&mut self, corners: &[[f64; 2]]) {
        for (from, to) in corners.iter().zip(corners.iter().cycle().skip(1)) {
            self.line(*from, *to);
        }
    }

    /// A circle of dots, so many pixels apart.
    pub fn dotted(&mut self, center: [f64; 2], radius: f64, apart: f64) {
        let count = (TAU * radius * self.scale / apart)
            .clamp(8.0, LONGEST)
            .ceil();
        let mut step = 0.0;
        while step < count {
            let (y, x) = (step / count * TAU).sin_cos();
            let at = (self.screen)([center[0] + x * radius, center[1] + y * radius]);
            self.dot(at);
            step += 1.0;
        }
    }

    /// An ellipse by its centre, half axes and angle.
    pub fn ellipse(&mut self, center: [f64; 2], axes: [f64; 2], angle: f64) {
        let length = TAU * axes[0].max(axes[1]) * self.scale;
        let count = (length * 1.5).clamp(8.0, LONGEST).ceil();
        let mut step = 0.0;
        while step < count {
            let at = (self.screen)(on_ellipse(center, axes, angle, step / count * TAU));
            self.dot(at);
            step += 1.0;
        }
    }

    fn line(&mut self, from: [f64; 2], to: [f64; 2]) {
        let along = [to[0] - from[0], to[1] - from[1]];
        let length = along[0].abs().max(along[1].abs()).ceil();
        if !length.is_finite() {
            return;
        }
        let count = length.clamp(1.0, LONGEST);
        let mut step = 0.0;
        while step <= count {
            let part = step / count;
            self.dot([from[0] + along[0] * part, from[1] + along[1] * part]);
            step += 1.0;
        }
    }

    /// The pixel of a place on the picture, if it is there.
    fn dot(&mut self, [x, y]: [f64; 2]) {
        #[expect(clippy::cast_precision_loss, reason = "the size of a picture")]
        let is_within = |place: f64, length: u64| (0.0..length as f64).contains(&place);
        if !is_within(x, self.size[0]) || !is_within(y, self.size[1]) {
            return;
        }
        #[expect(clippy::cast_possible_truncation, reason = "within the picture")]
        let pixel = [x as i64, y as i64];
        if self.pixels.len() < MOST {
            self.pixels.insert(pixel, self.color);
        }
    }
}
