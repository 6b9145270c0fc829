//! A picture in memory, and what can be drawn on it.

use super::colormap::Colormap;
use super::downsample::Reduced;
use super::stretch::Stretch;
use std::str::FromStr;

/// Red, green, blue.
pub type Rgb = [u8; 3];

/// Where the first row of the array is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// At the bottom, as astronomers have it.
    #[default]
    Lower,
    /// At the top, as matrices have it.
    Upper,
}

impl FromStr for Origin {
    type Err = String;

    /// Reads `lower` or `upper`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "lower" => Ok(Self::Lower),
            "upper" => Ok(Self::Upper),
            _ => Err("expected lower or upper".to_owned()),
        }
    }
}

/// A brightness of 0 to 255 for each pixel, none where there is no value; the first row is the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    /// Pixels along a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The pixels.
    pub levels: Vec<Option<u8>>,
}

impl Levels {
    /// Brings values to a brightness between limits, of which the first is less than the second.
    pub fn new(reduced: &Reduced, limits: [f64; 2], stretch: Stretch, origin: Origin) -> Self {
        let level = |value: &f64| (!value.is_nan()).then(|| level(stretch.apply(*value, limits)));
        let rows = reduced.values.chunks(reduced.width.max(1));
        let levels = match origin {
            Origin::Lower => rows.rev().flatten().map(level).collect(),
            Origin::Upper => rows.flatten().map(level).collect(),
        };
        Self {
            width: reduced.width,
            height: reduced.height,
            levels,
        }
    }

    /// The picture in colours.
    pub fn paint(&self, colormap: &Colormap, missing: Rgb) -> Picture {
        let color = |level: &Option<u8>| level.map_or(missing, |level| colormap.color(level));
        Picture {
            width: self.width,
            height: self.height,
            pixels: self.levels.iter().map(color).collect(),
        }
    }
}

/// 256 steps of equal width; the end belongs to the last.
#[expect(clippy::cast_possible_truncation, reason = "from 0 to 255")]
#[expect(clippy::cast_sign_loss, reason = "not below 0")]
fn level(brightness: f64) -> u8 {
    (brightness * 256.0).clamp(0.0, 255.0) as u8
}

/// Pixels in colours, the first row at the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels along a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The pixels.
    pub pixels: Vec<Rgb>,
}

impl Picture {
    /// A picture of one colour.
    pub fn new(width: usize, height: usize, color: Rgb) -> Self {
        Self {
            width,
            height,
            pixels: vec![color; width.saturating_mul(height)],
        }
    }

    /// The colour at a place, column first.
    pub fn get(&self, x: usize, y: usize) -> Option<Rgb> {
        if x >= self.width {
            return None;
        }
        self.pixels
            .get(y.checked_mul(self.width)?.checked_add(x)?)
            .copied()
    }

    /// Sets a pixel; what is outside is left out.
    pub fn set(&mut self, x: i64, y: i64, color: Rgb) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
            return;
        };
        if x < self.width
            && y < self.height
            && let Some(pixel) = self.pixels.get_mut(y * self.width + x)
        {
            *pixel = color;
        }
    }

    /// Mixes a colour into a pixel.
    pub fn blend(&mut self, x: i64, y: i64, color: Rgb, part: f64) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
            return;
        };
        if x >= self.width || y >= self.height {
            return;
        }
        if let Some(pixel) = self.pixels.get_mut(y * self.width + x) {
            for (own, new) in pixel.iter_mut().zip(color) {
                *own = mixed(*own, new, part);
            }
        }
    }

    /// All of it larger, each pixel a square of that side: what a view shows that is zoomed in.
    #[must_use]
    pub fn enlarged(&self, side: usize) -> Self {
        let mut pixels = Vec::with_capacity(self.pixels.len().saturating_mul(side * side));
        for row in self.pixels.chunks(self.width.max(1)) {
            for _ in 0..side {
                pixels.extend(
                    row.iter()
                        .flat_map(|pixel| std::iter::repeat_n(*pixel, side)),
                );
            }
        }
        Self {
            width: self.width * side,
            height: self.height * side,
            pixels,
        }
    }

    /// Places another picture, with its upper left corner there.
    pub fn place(&mut self, other: &Self, x: usize, y: usize) {
        for (row, pixels) in other.pixels.chunks(other.width.max(1)).enumerate() {
            for (column, pixel) in pixels.iter().enumerate() {
                self.set(coordinate(x + column), coordinate(y + row), *pixel);
            }
        }
    }

    /// A straight line, with smooth edges, so many pixels wide.
    #[expect(clippy::cast_precision_loss, reason = "no picture is that large")]
    pub fn line(&mut self, from: [f64; 2], to: [f64; 2], width: f64, color: Rgb) {
        if !from.iter().chain(&to).all(|value| value.is_finite()) {
            return;
        }
        let half = width / 2.0 + 1.0;
        let inside =
            |value: f64, length: usize| whole(value.clamp(-1.0, coordinate(length) as f64));
        let across = [from[0].min(to[0]) - half, from[0].max(to[0]) + half];
        let down = [from[1].min(to[1]) - half, from[1].max(to[1]) + half];
        for y in inside(down[0], self.height)..=inside(down[1], self.height) {
            for x in inside(across[0], self.width)..=inside(across[1], self.width) {
                let apart = distance([x as f64, y as f64], from, to);
                let part = (width / 2.0 + 0.5 - apart).clamp(0.0, 1.0);
                if part > 0.0 {
                    self.blend(x, y, color, part);
                }
            }
        }
    }
}

/// A place in a picture as a signed number.
pub(super) fn coordinate(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

/// The whole number below.
#[expect(clippy::cast_possible_truncation, reason = "the caller has bounded it")]
pub(super) fn whole(value: f64) -> i64 {
    value.floor() as i64
}

#[expect(clippy::cast_possible_truncation, reason = "between two bytes")]
#[expect(clippy::cast_sign_loss, reason = "between two bytes")]
fn mixed(own: u8, new: u8, part: f64) -> u8 {
    (f64::from(own) + (f64::from(new) - f64::from(own)) * part).round() as u8
}

/// How far a point is from a stretch of a line.
fn distance([x, y]: [f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
    let (across, down) = (to[0] - from[0], to[1] - from[1]);
    let squared = across * across + down * down;
    let part = if squared > 0.0 {
        (((x - from[0]) * across + (y - from[1]) * down) / squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (x - from[0] - part * across).hypot(y - from[1] - part * down)
}
