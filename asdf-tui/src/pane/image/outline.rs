//! Outlines of regions in pixels of the screen.

use super::scene::{MARK_COLOR, Scene};
use super::viewport::Viewport;
use crate::measure::RegionShape;
use crate::raster::Rgb;
use std::collections::HashMap;
use std::f64::consts::TAU;

/// Pixels of outlines at most.
const MOST: usize = 4_000_000;
/// Pixels of a curve at most.
const LONGEST: f64 = 20_000.0;
/// The half side of a marker in pixels.
const MARKER: f64 = 2.0;

/// Pixels with their colours.
type Pixels = HashMap<[i64; 2], Rgb>;

/// The pixels of all outlines of a picture.
pub(super) fn outlines(scene: &Scene) -> Pixels {
    let mut pen = Pen {
        view: scene.view,
        pixels: Pixels::new(),
        color: MARK_COLOR,
    };
    for marked in scene.marked.iter() {
        pen.color = marked.color;
        pen.shape(&marked.shape);
    }
    if let Some((center, [radius, inner, outer])) = scene.aperture {
        pen.color = MARK_COLOR;
        pen.ellipse(center, [radius; 2], 0.0);
        if outer > inner {
            pen.ellipse(center, [inner; 2], 0.0);
            pen.ellipse(center, [outer; 2], 0.0);
        }
    }
    pen.pixels
}

struct Pen {
    view: Viewport,
    pixels: Pixels,
    color: Rgb,
}

impl Pen {
    fn shape(&mut self, shape: &RegionShape) {
        match shape {
            RegionShape::Point(center) => self.marker(*center),
            RegionShape::Circle(center, radius) => self.ellipse(*center, [*radius; 2], 0.0),
            RegionShape::Annulus(center, radii) => {
                for radius in radii {
                    self.ellipse(*center, [*radius; 2], 0.0);
                }
            }
            RegionShape::Ellipse(center, axes, angle) => self.ellipse(*center, *axes, *angle),
            RegionShape::Box(center, [width, height], angle) => {
                let (sin, cos) = angle.sin_cos();
                let signs = [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]];
                let corners = signs.map(|[x, y]| {
                    let (x, y) = (x * width, y * height);
                    [center[0] + x * cos - y * sin, center[1] + x * sin + y * cos]
                });
                self.polygon(&corners);
            }
            RegionShape::Polygon(corners) => self.polygon(corners),
            RegionShape::Line(from, to) => {
                let [from, to] = [*from, *to].map(|place| self.view.screen(place));
                self.line(from, to);
            }
        }
    }

    /// A diamond about a place.
    fn marker(&mut self, center: [f64; 2]) {
        let [x, y] = self.view.screen(center);
        let corners = [
            [x - MARKER, y],
            [x, y - MARKER],
            [x + MARKER, y],
            [x, y + MARKER],
        ];
        self.closed(&corners);
    }

    fn polygon(&mut self, corners: &[[f64; 2]]) {
        let corners: Vec<[f64; 2]> = corners
            .iter()
            .map(|corner| self.view.screen(*corner))
            .collect();
        self.closed(&corners);
    }

    /// The lines from each place on the screen to the next, and back to the first.
    fn closed(&mut self, corners: &[[f64; 2]]) {
        for (from, to) in corners.iter().zip(corners.iter().cycle().skip(1)) {
            self.line(*from, *to);
        }
    }

    fn ellipse(&mut self, center: [f64; 2], axes: [f64; 2], angle: f64) {
        let (sin, cos) = angle.sin_cos();
        let place = |turn: f64| {
            let (y, x) = turn.sin_cos();
            let (x, y) = (x * axes[0], y * axes[1]);
            [center[0] + x * cos - y * sin, center[1] + x * sin + y * cos]
        };
        let scale = self.view.scale();
        let length = TAU * axes[0].max(axes[1]) * scale;
        let count = (length * 1.5).clamp(8.0, LONGEST).ceil();
        let mut step = 0.0;
        while step < count {
            let at = self.view.screen(place(step / count * TAU));
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

    /// The pixel of a place on the screen, if it is there.
    fn dot(&mut self, [x, y]: [f64; 2]) {
        #[expect(clippy::cast_precision_loss, reason = "the size of a screen")]
        let is_within = |place: f64, length: u64| (0.0..length as f64).contains(&place);
        if !is_within(x, self.view.pixels[0]) || !is_within(y, self.view.pixels[1]) {
            return;
        }
        #[expect(clippy::cast_possible_truncation, reason = "within the screen")]
        let pixel = [x as i64, y as i64];
        if self.pixels.len() < MOST {
            self.pixels.insert(pixel, self.color);
        }
    }
}
