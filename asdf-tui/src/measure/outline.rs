//! Outlines of regions in pixels of a picture.

use super::region::RegionShape;
use crate::raster::Rgb;
use std::collections::HashMap;
use std::f64::consts::TAU;

/// Pixels of outlines at most.
const MOST: usize = 4_000_000;
/// Steps around a curve at most; only those near the picture are looked at.
const LONGEST: f64 = 1e15;
/// Steps of a curve that are taken one by one.
const FEW: f64 = 16.0;

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
        RegionShape::EllipseRings(center, rings, angle) => {
            let each = rings.iter();
            each.map(|axes| round(*center, *axes, *angle)).collect()
        }
        RegionShape::BoxRings(center, rings, angle) => {
            let each = rings.iter();
            each.map(|sides| closed(&corners(*center, *sides, *angle)))
                .collect()
        }
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
            RegionShape::EllipseRings(center, rings, angle) => {
                for axes in rings {
                    self.ellipse(*center, *axes, *angle);
                }
            }
            RegionShape::BoxRings(center, rings, angle) => {
                for sides in rings {
                    self.polygon(&corners(*center, *sides, *angle));
                }
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
        let place = |turn: f64| {
            let (y, x) = turn.sin_cos();
            [center[0] + x * radius, center[1] + y * radius]
        };
        self.around(center, [radius; 2], count, &place);
    }

    /// The dots of a closed curve about a centre that are on the picture: of so many steps, each of which is no longer than
    /// that of an ellipse with these half axes. What is further from the picture than its part of the curve is long is left out
    /// as a whole.
    fn around(
        &mut self,
        center: [f64; 2],
        axes: [f64; 2],
        count: f64,
        place: &dyn Fn(f64) -> [f64; 2],
    ) {
        let longest = axes[0].abs().max(axes[1].abs());
        let [x, y] = (self.screen)(center);
        let apart = |at: [f64; 2]| {
            let [to_x, to_y] = (self.screen)(at);
            (to_x - x).hypot(to_y - y)
        };
        let along = apart([center[0] + longest, center[1]]);
        let up = apart([center[0], center[1] + longest]);
        let step = TAU * (along + up) / count;
        let mut parts = vec![(0.0, count)];
        while let Some((from, to)) = parts.pop() {
            let middle = f64::midpoint(from, to).floor();
            let at = (self.screen)(place(middle / count * TAU));
            if !self.is_near(at, (to - from + 1.0) * step) {
                continue;
            }
            if to - from > FEW {
                parts.extend([(from, middle), (middle, to)]);
                continue;
            }
            let mut number = from;
            while number < to {
                let at = (self.screen)(place(number / count * TAU));
                self.dot(at);
                number += 1.0;
            }
        }
    }

    /// True for a place that is at most so many pixels from the picture.
    #[expect(clippy::cast_precision_loss, reason = "the size of a picture")]
    fn is_near(&self, [x, y]: [f64; 2], reach: f64) -> bool {
        let within = |place: f64, length: u64| (-reach..=length as f64 + reach).contains(&place);
        within(x, self.size[0]) && within(y, self.size[1])
    }

    /// An ellipse by its centre, half axes and angle.
    pub fn ellipse(&mut self, center: [f64; 2], axes: [f64; 2], angle: f64) {
        let length = TAU * axes[0].max(axes[1]) * self.scale;
        let count = (length * 1.5).clamp(8.0, LONGEST).ceil();
        let place = |turn: f64| on_ellipse(center, axes, angle, turn);
        self.around(center, axes, count, &place);
    }

    fn line(&mut self, from: [f64; 2], to: [f64; 2]) {
        let along = [to[0] - from[0], to[1] - from[1]];
        let length = along[0].abs().max(along[1].abs()).ceil();
        if !length.is_finite() {
            return;
        }
        let count = length.max(1.0);
        let Some([first, last]) = self.crossed(from, along) else {
            return;
        };
        let (mut step, last) = ((first * count).floor(), (last * count).ceil().min(count));
        // Beyond 2^53 steps there is no next number.
        while step <= last && step < LONGEST {
            let part = step / count;
            self.dot([from[0] + along[0] * part, from[1] + along[1] * part]);
            step += 1.0;
        }
    }

    /// The part of a line that is on the picture, from 0 at its begin to 1 at its end.
    #[expect(clippy::cast_precision_loss, reason = "the size of a picture")]
    fn crossed(&self, from: [f64; 2], along: [f64; 2]) -> Option<[f64; 2]> {
        let (mut first, mut last) = (0.0_f64, 1.0_f64);
        for ((length, from), along) in self.size.iter().zip(from).zip(along) {
            let end = *length as f64 - from;
            if along == 0.0 {
                if from < 0.0 || end < 0.0 {
                    return None;
                }
                continue;
            }
            let (enters, leaves) = (-from / along, end / along);
            first = first.max(enters.min(leaves));
            last = last.min(enters.max(leaves));
        }
        (first <= last).then_some([first, last])
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// The pixels that a shape leaves on a picture of 30 by 20, and how many places were looked at.
    fn drawn(shape: &RegionShape) -> (Vec<[i64; 2]>, u64) {
        let looks = Cell::new(0);
        let screen = |place: [f64; 2]| {
            looks.set(looks.get() + 1);
            place
        };
        let mut pen = Pen::new(&screen, 1.0, [30, 20], 2.0);
        pen.shape(shape);
        let mut pixels: Vec<[i64; 2]> = pen.into_pixels().into_keys().collect();
        pixels.sort_unstable();
        (pixels, looks.get())
    }

    #[test]
    fn what_is_larger_than_the_picture_costs_no_more_than_what_is_seen_of_it() {
        let (pixels, looks) = drawn(&RegionShape::Circle([10.0, 10.0], 1e9));
        assert!(pixels.is_empty() && looks < 500, "{looks} looks");
        // An arc that is as good as a line through the picture.
        let (pixels, looks) = drawn(&RegionShape::Circle([1e9 + 12.5, 10.0], 1e9));
        let wanted: Vec<[i64; 2]> = (0..20).map(|y| [12, y]).collect();
        assert_eq!(pixels, wanted);
        assert!(looks < 2000, "{looks} looks");
        let (pixels, looks) = drawn(&RegionShape::Line(
            [-999_999_999.5, 7.5],
            [1_000_000_000.5, 7.5],
        ));
        let wanted: Vec<[i64; 2]> = (0..30).map(|x| [x, 7]).collect();
        assert_eq!((pixels, looks), (wanted, 2));
        let far = RegionShape::Polygon(vec![[1e9, 50.0], [2e9, 50.0], [1e9, 90.0]]);
        assert_eq!(drawn(&far), (Vec::new(), 3));
    }

    #[test]
    fn a_circle_on_the_picture_is_closed() {
        let (pixels, _) = drawn(&RegionShape::Circle([15.0, 10.0], 6.0));
        let radius = |[x, y]: [i64; 2]| {
            #[expect(clippy::cast_precision_loss, reason = "within the picture")]
            let [x, y] = [x as f64 + 0.5 - 15.0, y as f64 + 0.5 - 10.0];
            x.hypot(y)
        };
        assert!(pixels.len() >= 36, "{}", pixels.len());
        assert!(
            pixels
                .iter()
                .all(|pixel| (radius(*pixel) - 6.0).abs() < 1.0)
        );
    }
}
