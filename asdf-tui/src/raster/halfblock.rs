//! Pictures as text: two pixels in each cell of a terminal, the upper one drawn over the lower one's background.

use super::canvas::{Levels, Picture, Rgb};
use std::io::{self, Write};

/// The colours that a terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colors {
    /// 24 bits for each.
    True,
    /// The palette of 256.
    Palette,
}

/// Brightness as letters, from dark to bright.
const RAMP: &[u8] = b" .:-=+*#%@";
/// No value.
const MISSING: char = '?';

/// Writes a picture in half-blocks.
///
/// # Errors
/// `out` fails.
pub fn write_cells(picture: &Picture, colors: Colors, out: &mut dyn Write) -> io::Result<()> {
    let width = picture.width.max(1);
    let rows: Vec<&[Rgb]> = picture.pixels.chunks(width).collect();
    for pair in rows.chunks(2) {
        let mut last = None;
        for (column, upper) in pair
            .first()
            .into_iter()
            .flat_map(|row| row.iter().enumerate())
        {
            let lower = pair.get(1).and_then(|row| row.get(column));
            if last != Some((upper, lower)) {
                write!(
                    out,
                    "\x1b[{}",
                    Code {
                        layer: 38,
                        color: *upper,
                        colors
                    }
                )?;
                match lower {
                    Some(lower) => write!(
                        out,
                        ";{}m",
                        Code {
                            layer: 48,
                            color: *lower,
                            colors
                        }
                    )?,
                    None => write!(out, ";49m")?,
                }
                last = Some((upper, lower));
            }
            write!(out, "▀")?;
        }
        writeln!(out, "\x1b[0m")?;
    }
    Ok(())
}

/// Writes brightness as letters, one for each two pixels; `?` where neither has a value.
///
/// # Errors
/// `out` fails.
pub fn write_plain(levels: &Levels, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<&[Option<u8>]> = levels.levels.chunks(levels.width.max(1)).collect();
    for pair in rows.chunks(2) {
        let columns = pair.first().map_or(0, |row| row.len());
        let letter = |column: usize| {
            let pixels = pair
                .iter()
                .filter_map(|row| row.get(column).copied().flatten());
            let (sum, count) = pixels.fold((0, 0), |(sum, count), level| {
                (sum + usize::from(level), count + 1)
            });
            let level = sum.checked_div(count)?;
            RAMP.get(level * RAMP.len() / 256)
                .map(|byte| char::from(*byte))
        };
        let line: String = (0..columns)
            .map(|column| letter(column).unwrap_or(MISSING))
            .collect();
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// The parameters of the control sequence that sets a colour.
struct Code {
    /// 38 for the letter, 48 for what is after it.
    layer: u8,
    color: Rgb,
    colors: Colors,
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.color;
        match self.colors {
            Colors::True => write!(f, "{};2;{red};{green};{blue}", self.layer),
            Colors::Palette => write!(f, "{};5;{}", self.layer, nearest(self.color)),
        }
    }
}

/// The steps of the palette's cube of 6×6×6 colours.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The nearest colour of the palette: of its cube, or of its 24 grays.
fn nearest(color: Rgb) -> u8 {
    let apart = |other: Rgb| -> i32 {
        let squares = color.iter().zip(other);
        let square = |(own, other): (&u8, u8)| (i32::from(*own) - i32::from(other)).pow(2);
        squares.map(square).sum()
    };
    let step = |value: u8| {
        let steps = STEPS.iter().zip(0_u8..);
        let best = steps.min_by_key(|(step, _)| step.abs_diff(value));
        best.map_or((0, 0), |(step, index)| (*step, index))
    };
    let [red, green, blue] = color.map(step);
    let cube = (
        apart([red.0, green.0, blue.0]),
        16 + 36 * red.1 + 6 * green.1 + blue.1,
    );
    let gray = |index: u8| (apart([8 + 10 * index; 3]), 232 + index);
    let grays = (0..24).map(gray).min();
    grays.map_or(cube, |gray| gray.min(cube)).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_palette_has_a_near_colour_for_each() {
        let known = [
            ([0, 0, 0], 16),
            ([255, 255, 255], 231),
            ([255, 0, 0], 196),
            ([128, 128, 128], 244),
            ([8, 8, 8], 232),
            ([32, 144, 140], 30),
        ];
        for (color, wanted) in known {
            assert_eq!(nearest(color), wanted, "{color:?}");
        }
    }

    #[test]
    fn a_cell_has_two_pixels_and_the_last_row_may_have_one() {
        let levels = Levels {
            width: 2,
            height: 3,
            levels: vec![Some(0), None, Some(255), None, Some(255), Some(128)],
        };
        let mut out = Vec::new();
        write_plain(&levels, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "=?\n@+\n");
        let mut out = Vec::new();
        let picture = levels.paint(&super::super::Colormap::default(), [1, 2, 3]);
        write_cells(&picture, Colors::True, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.starts_with(
                "\u{1b}[38;2;0;0;0;48;2;255;255;255m▀\u{1b}[38;2;1;2;3;48;2;1;2;3m▀\u{1b}[0m\n"
            ),
            "{text:?}"
        );
        assert!(
            text.ends_with("49m▀\u{1b}[38;2;128;128;128;49m▀\u{1b}[0m\n"),
            "{text:?}"
        );
    }
}
