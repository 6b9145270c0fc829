//! Many small pictures on one, each with a number.

use super::canvas::{Picture, Rgb, coordinate};
use super::drawing::Drawing;
use super::glyphs;

const BACKGROUND: Rgb = [0x18, 0x18, 0x18];
const INK: Rgb = [0xe8, 0xe8, 0xe8];
/// Pixels between two tiles.
const GAP: usize = 4;
/// The widest sheet, and the sides of its tiles at most and at least.
const WIDEST: usize = 8000;
const TILE: std::ops::RangeInclusive<usize> = 32..=240;

/// Pixels of the longer side of a tile on a sheet of that many.
pub fn tile_size(count: usize) -> usize {
    let side = (WIDEST / columns(count)).saturating_sub(GAP);
    side.clamp(*TILE.start(), *TILE.end())
}

/// Tiles along a row: as many as there are rows, or one more.
fn columns(count: usize) -> usize {
    let root = count.isqrt();
    if root * root < count { root + 1 } else { root }.max(1)
}

/// Places pictures in rows, in their order, each with its number from 1 above it; the place of one that is not there stays
/// empty. Each is at most as large as [`tile_size`] says.
pub fn contact_sheet(pictures: &[Option<Picture>]) -> (Picture, Drawing) {
    let side = tile_size(pictures.len());
    let columns = columns(pictures.len());
    let rows = pictures.len().div_ceil(columns);
    let label = glyphs::HEIGHT + 4;
    let (across, down) = (side + GAP, side + label + GAP);
    let mut out = Picture::new(columns * across + GAP, rows * down + GAP, BACKGROUND);
    let mut drawing = Drawing::over(&out);
    for (number, picture) in pictures.iter().enumerate() {
        let (left, top) = (
            GAP + number % columns * across,
            GAP + number / columns * down,
        );
        let text = (number + 1).to_string();
        drawing.text(&text, [coordinate(left), coordinate(top + 2)], 1, INK);
        if let Some(picture) = picture {
            let inset = side.saturating_sub(picture.width) / 2;
            out.place(picture, left + inset, top + label);
        }
    }
    (out, drawing)
}

impl Picture {
    /// All of it smaller: no side longer than that. A pixel is the mean of those in its place.
    #[must_use]
    pub fn shrunk(&self, longest: usize) -> Self {
        let factor = self.width.max(self.height).div_ceil(longest.max(1)).max(1);
        let (width, height) = (self.width.div_ceil(factor), self.height.div_ceil(factor));
        let mut pixels = Vec::with_capacity(width * height);
        for row in 0..height {
            for column in 0..width {
                pixels.push(self.mean([column * factor, row * factor], factor));
            }
        }
        Self {
            width,
            height,
            pixels,
        }
    }

    /// The mean colour of a square, as far as it lies in the picture.
    fn mean(&self, [left, top]: [usize; 2], side: usize) -> Rgb {
        let mut sums = [0_usize; 3];
        let mut count = 0_usize;
        for y in top..(top + side).min(self.height) {
            for pixel in (left..(left + side).min(self.width)).filter_map(|x| self.get(x, y)) {
                count += 1;
                for (sum, value) in sums.iter_mut().zip(pixel) {
                    *sum += usize::from(value);
                }
            }
        }
        sums.map(|sum| u8::try_from((sum + count / 2) / count.max(1)).unwrap_or(u8::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smaller_picture_has_means() {
        let mut picture = Picture::new(3, 2, [0, 0, 0]);
        picture.set(0, 0, [100, 200, 4]);
        picture.set(2, 1, [9, 9, 9]);
        let small = picture.shrunk(2);
        assert_eq!((small.width, small.height), (2, 1));
        assert_eq!(small.pixels, [[25, 50, 1], [5, 5, 5]]);
        assert_eq!(picture.shrunk(3), picture);
    }

    #[test]
    fn tiles_stand_in_their_order() {
        let red = Picture::new(4, 4, [255, 0, 0]);
        let blue = Picture::new(4, 4, [0, 0, 255]);
        let (sheet, _) = contact_sheet(&[Some(red), None, Some(blue)]);
        // Two columns and two rows of the largest tiles.
        assert_eq!(sheet.width, 2 * 244 + 4);
        let at = |column: usize, row: usize| {
            let inset = (240 - 4) / 2;
            sheet.get(4 + column * 244 + inset, 4 + row * 257 + 13)
        };
        assert_eq!(at(0, 0), Some([255, 0, 0]));
        assert_eq!(at(1, 0), Some(BACKGROUND));
        assert_eq!(at(0, 1), Some([0, 0, 255]));
    }
}
