//! Letters of Noto Sans Mono, which the crate `noto-sans-mono-bitmap` has as shades of gray, and two that it lacks.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, RasterizedChar, get_raster};

/// Pixels from one letter to the next in texts of scale 1.
const ADVANCE: usize = 7;
/// Pixels from the upper edge of capitals to the line that letters stand on, in texts of scale 1.
pub(super) const HEIGHT: usize = 9;
/// Pixels from the upper edge of a letter's box to that of capitals, and the height of the box.
const ABOVE: usize = 4;
const BOX: usize = 16;

/// Letters that the font lacks, of seven rows with the leftmost of five dots in bit 4.
const FURTHER: [(char, [u8; 7]); 2] = [
    ('λ', [0x18, 0x04, 0x04, 0x0a, 0x0a, 0x11, 0x11]),
    ('…', [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x15]),
];

/// How much of each pixel a text covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Coverage {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Pixels from the upper edge to that of capitals.
    pub(super) above: usize,
    /// From 0 to 255, row by row.
    pub(super) values: Vec<u8>,
}

/// What the font has in the place of letters that look the same, and of those that it lacks.
fn known(letter: char) -> char {
    match letter {
        // The letter mu for the prefix, the unit for the letter.
        '\u{3bc}' => '\u{b5}',
        '\u{212b}' => '\u{c5}',
        '\u{2212}' | '\u{2013}' | '\u{2014}' => '-',
        '\u{2032}' | '\u{2019}' => '\'',
        '\u{2033}' => '"',
        letter => letter,
    }
}

fn of_font(letter: char, height: RasterHeight) -> Option<RasterizedChar> {
    get_raster(letter, FontWeight::Regular, height)
}

/// A letter, of which a pixel at a scale is asked for.
enum Letter {
    /// In the pixels of that scale.
    Same(RasterizedChar),
    /// Of the largest size that there is.
    Largest(RasterizedChar),
    Dots([u8; 7]),
}

impl Letter {
    fn new(letter: char, scale: usize) -> Option<Self> {
        let letter = known(letter);
        if let Some(dots) = FURTHER.iter().find(|entry| entry.0 == letter) {
            return Some(Self::Dots(dots.1));
        }
        let find = |letter: char| match scale {
            1 => of_font(letter, RasterHeight::Size16).map(Self::Same),
            2 => of_font(letter, RasterHeight::Size32).map(Self::Same),
            _ => of_font(letter, RasterHeight::Size32).map(Self::Largest),
        };
        find(letter).or_else(|| find('?'))
    }

    #[expect(clippy::cast_precision_loss, reason = "the size of a letter")]
    fn covers(&self, x: usize, y: usize, scale: usize) -> u8 {
        match self {
            Self::Same(raster) => raster.pixel(x, y).unwrap_or(0),
            Self::Largest(raster) => {
                // Between the four pixels around the place.
                let place = |at: usize| (at as f64 + 0.5) * 2.0 / scale as f64 - 0.5;
                let (across, down) = (place(x).max(0.0), place(y).max(0.0));
                #[expect(clippy::cast_possible_truncation, reason = "within a letter")]
                #[expect(clippy::cast_sign_loss, reason = "not below 0")]
                let (column, row) = (across as usize, down as usize);
                let (right, below) = (across - column as f64, down - row as f64);
                let at = |x: usize, y: usize| f64::from(raster.pixel(x, y).unwrap_or(0));
                let line = |y: usize| at(column, y) * (1.0 - right) + at(column + 1, y) * right;
                let value = line(row) * (1.0 - below) + line(row + 1) * below;
                #[expect(clippy::cast_possible_truncation, reason = "from 0 to 255")]
                #[expect(clippy::cast_sign_loss, reason = "not below 0")]
                {
                    value.round().clamp(0.0, 255.0) as u8
                }
            }
            Self::Dots(rows) => {
                let row = (y / scale).checked_sub(ABOVE + HEIGHT - rows.len());
                let bits = row.and_then(|row| rows.get(row)).copied().unwrap_or(0);
                let column = (x / scale).checked_sub(1).filter(|column| *column < 5);
                let is_set = column.is_some_and(|column| bits >> (4 - column) & 1 == 1);
                if is_set { 255 } else { 0 }
            }
        }
    }
}

/// How much of its pixels a text covers.
pub(super) fn coverage(text: &str, scale: usize) -> Coverage {
    let scale = scale.max(1);
    let letters: Vec<Option<Letter>> = text
        .chars()
        .map(|letter| Letter::new(letter, scale))
        .collect();
    let advance = ADVANCE * scale;
    let (width, height) = (letters.len() * advance, BOX * scale);
    let mut values = Vec::with_capacity(width * height);
    for y in 0..height {
        for letter in &letters {
            let value = |x: usize| {
                letter
                    .as_ref()
                    .map_or(0, |letter| letter.covers(x, y, scale))
            };
            values.extend((0..advance).map(value));
        }
    }
    Coverage {
        width,
        height,
        above: ABOVE * scale,
        values,
    }
}

/// Pixels across a text of scale 1.
pub(super) fn width(text: &str) -> usize {
    text.chars().count() * ADVANCE
}

/// Pixels across and down of a text, from the upper edge of its capitals to the line that they stand on.
pub fn text_size(text: &str, scale: usize) -> [usize; 2] {
    [width(text) * scale.max(1), HEIGHT * scale.max(1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_have_the_height_that_layouts_count_with() {
        for scale in [1, 2, 3, 5] {
            let found = coverage("H", scale);
            let rows = found.values.chunks(found.width);
            let dark = rows
                .enumerate()
                .filter(|(_, row)| row.iter().any(|one| *one > 128));
            let dark: Vec<usize> = dark.map(|row| row.0).collect();
            let [first, last] = [dark[0], dark[dark.len() - 1]];
            assert!(first.abs_diff(found.above) <= scale, "{scale}: {first}");
            assert!(
                (last + 1).abs_diff(found.above + HEIGHT * scale) <= scale,
                "{scale}: {last}"
            );
        }
    }

    #[test]
    fn every_letter_that_labels_need_is_there() {
        let blank = coverage(" ", 1).values;
        let unknown = coverage("?", 1).values;
        for letter in "0123456789+-.:°'\"ehmsENµλ×Å…[](),;=*_%^|<>#!~/".chars() {
            let own = coverage(&letter.to_string(), 1).values;
            assert!(own != blank && own != unknown, "{letter}");
        }
        assert_eq!(coverage("漢", 1).values, unknown);
    }
}
