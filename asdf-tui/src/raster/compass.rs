//! Where north and east are.

use super::canvas::{Origin, Rgb, coordinate, whole};
use super::drawing::Drawing;
use super::glyphs;
use super::pixels::Pixels;
use asdf_core::wcs::PixelScale;

/// North and east as steps of length 1 across and down a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compass {
    /// Where north is.
    pub north: [f64; 2],
    /// Where east is.
    pub east: [f64; 2],
}

impl Compass {
    /// The directions in a picture of an image with that orientation.
    pub fn new(scale: &PixelScale, pixels: &Pixels) -> Self {
        let [leftward, downward] = pixels.reversed();
        let direction = |position_angle: f64| {
            // From up in the image against the clock, where east is to the left of north.
            let turn = (position_angle - scale.position_angle).to_radians();
            let left = turn.sin();
            let across = if scale.mirrored == leftward {
                -left
            } else {
                left
            };
            let is_up = (pixels.origin == Origin::Lower) != downward;
            let down = if is_up { -turn.cos() } else { turn.cos() };
            [across, down]
        };
        Self {
            north: direction(0.0),
            east: direction(90.0),
        }
    }
}

/// Draws two arrows into the upper right corner, where a grid has no labels.
#[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
pub fn draw_compass(drawing: &mut Drawing, compass: Compass, color: Rgb) {
    let [width, height] = drawing.size;
    let shorter = width.min(height);
    let scale = (shorter / 400).max(1);
    let (length, thick) = (
        (shorter as f64 / 12.0).clamp(12.0, 120.0),
        scale as f64 * 1.5,
    );
    let margin = length * 1.25 + 8.0 * thick;
    let directions = [compass.north, compass.east];
    // Room for both arrows, wherever they point to.
    let reach = |axis: usize, sign: f64| {
        let far = directions.iter().map(|direction| direction[axis] * sign);
        far.fold(0.0, f64::max) * margin
    };
    let edge = 4.0 * thick + 4.0;
    let start = [
        width as f64 - 1.0 - edge - reach(0, 1.0),
        edge + reach(1, -1.0),
    ];
    for (direction, name) in directions.iter().zip(["N", "E"]) {
        let along = |distance: f64| {
            [
                start[0] + direction[0] * distance,
                start[1] + direction[1] * distance,
            ]
        };
        let tip = along(length);
        for (color, wider) in [([0, 0, 0], 2.0), (color, 0.0)] {
            let mut lines = vec![vec![start, tip]];
            for side in [-1.0, 1.0] {
                let back = along(length * 0.8);
                let wing = length * 0.1 * side;
                let barb = [back[0] - direction[1] * wing, back[1] + direction[0] * wing];
                lines.push(vec![tip, barb]);
            }
            drawing.lines(lines, thick + wider, color, 1.0);
        }
        let label = along(length + 6.0 * thick);
        let half = [glyphs::width(name), glyphs::HEIGHT].map(|size| coordinate(size * scale) / 2);
        let place = [whole(label[0]) - half[0], whole(label[1]) - half[1]];
        drawing.text(name, place, scale, color);
    }
}
