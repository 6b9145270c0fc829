//! Lines of equal value across a mesh of numbers: on the sky, and of the elements of a picture.

use super::canvas::{Origin, Rgb};
use super::downsample::Reduced;
use super::drawing::Drawing;
use super::stretch::Stretch;
use std::fmt;
use std::str::FromStr;

/// Numbers at the crossings of a mesh, row by row.
#[derive(Debug, Clone)]
pub(super) struct Mesh<'a> {
    pub(super) columns: usize,
    pub(super) places: &'a [[f64; 2]],
    pub(super) values: &'a [f64],
}

/// A crossing of the mesh: where it is in the picture, and the number there.
type Corner = ([f64; 2], f64);

/// A stretch of a contour.
pub type Stroke = [[f64; 2]; 2];

impl Mesh<'_> {
    /// The contour of a level. Cells whose corners differ by more than `jump` are left out: there an angle starts anew.
    pub(super) fn contour(&self, level: f64, jump: f64) -> Vec<Stroke> {
        let corner = |row: usize, column: usize| {
            let index = row * self.columns + column;
            Some((*self.places.get(index)?, *self.values.get(index)?))
        };
        strokes(self.values.len(), self.columns, &corner, level, jump)
    }
}

/// The contour of a level across a grid, whose crossings are at their column and row, from 0. Where two lines could cross in a
/// cell, the mean of its corners decides. Cells with a corner without a value are left out.
#[expect(clippy::cast_precision_loss, reason = "no picture is that large")]
pub fn contour(values: &[f64], columns: usize, level: f64) -> Vec<Stroke> {
    let corner = |row: usize, column: usize| {
        let value = *values.get(row * columns + column)?;
        Some(([column as f64, row as f64], value))
    };
    strokes(values.len(), columns, &corner, level, f64::INFINITY)
}

fn strokes(
    count: usize,
    columns: usize,
    corner: &dyn Fn(usize, usize) -> Option<Corner>,
    level: f64,
    jump: f64,
) -> Vec<Stroke> {
    let rows = count.checked_div(columns).unwrap_or(0);
    let mut found = Vec::new();
    for row in 1..rows {
        for column in 1..columns {
            // Round the cell.
            let corners = [
                corner(row - 1, column - 1),
                corner(row - 1, column),
                corner(row, column),
                corner(row, column - 1),
            ];
            if let [Some(a), Some(b), Some(c), Some(d)] = corners {
                found.extend(cell([a, b, c, d], level, jump).into_iter().flatten());
            }
        }
    }
    found
}

/// The contour in a cell: where it enters and where it leaves, twice where its corners are above and below in turns.
fn cell(corners: [Corner; 4], level: f64, jump: f64) -> [Option<Stroke>; 2] {
    let values = corners.map(|corner| corner.1);
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let known = values.iter().all(|value| value.is_finite());
    if !known || greatest - least > jump || level < least || level >= greatest {
        return [None, None];
    }
    let [a, b, c, d] = corners;
    let edges = [(a, b), (b, c), (c, d), (d, a)];
    let [first, second, third, fourth] = edges.map(|((from, low), (to, high))| {
        if (low > level) == (high > level) {
            return None;
        }
        let part = (level - low) / (high - low);
        Some([
            from[0] + (to[0] - from[0]) * part,
            from[1] + (to[1] - from[1]) * part,
        ])
    });
    let stroke = |from: Option<[f64; 2]>, to: Option<[f64; 2]>| Some([from?, to?]);
    if let (Some(_), Some(_), Some(_), Some(_)) = (first, second, third, fourth) {
        let middle = values.iter().sum::<f64>() / 4.0;
        if (middle > level) == (a.1 > level) {
            // The other two corners stand alone.
            return [stroke(first, second), stroke(third, fourth)];
        }
        return [stroke(fourth, first), stroke(second, third)];
    }
    let mut crossings = [first, second, third, fourth].into_iter().flatten();
    [stroke(crossings.next(), crossings.next()), None]
}

/// The levels of contours.
#[derive(Debug, Clone, PartialEq)]
pub enum ContourLevels {
    /// So many, chosen: at even steps of brightness between the limits, as round numbers.
    Auto(usize),
    /// These.
    Given(Vec<f64>),
}

/// Levels that are chosen without a number, and at most.
const CHOSEN: usize = 6;
const MOST: usize = 100;

impl FromStr for ContourLevels {
    type Err = String;

    /// Reads `auto`, `auto:10`, `0.5,1,2`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` are not levels: auto, auto:10, 0.5,1,2");
        let text = text.trim();
        if text == "auto" {
            return Ok(Self::Auto(CHOSEN));
        }
        if let Some(count) = text.strip_prefix("auto:") {
            let count = count.trim().parse().ok();
            let count = count.filter(|count| (1..=MOST).contains(count));
            return count.map(Self::Auto).ok_or_else(wrong);
        }
        let words = text.split([',', ' ']).filter(|word| !word.is_empty());
        let levels: Option<Vec<f64>> = words
            .map(|word| word.parse().ok().filter(|level: &f64| level.is_finite()))
            .collect();
        let levels = levels.filter(|levels| (1..=MOST).contains(&levels.len()));
        levels.map(Self::Given).ok_or_else(wrong)
    }
}

impl fmt::Display for ContourLevels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto(count) => write!(f, "auto:{count}"),
            Self::Given(levels) => {
                let levels: Vec<String> = levels.iter().map(f64::to_string).collect();
                f.write_str(&levels.join(","))
            }
        }
    }
}

impl ContourLevels {
    /// The levels for limits and a stretch, each once, from the least.
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    pub fn levels(&self, limits: [f64; 2], stretch: Stretch) -> Vec<f64> {
        let mut levels = match self {
            Self::Given(levels) => levels.clone(),
            Self::Auto(count) => {
                let at = |index: usize| {
                    let part = index as f64 / (*count as f64 + 1.0);
                    stretch.value_at(part, limits)
                };
                (1..=*count)
                    .map(|index| rounded(at(index), at(index + 1) - at(index - 1)))
                    .collect()
            }
        };
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        levels
    }
}

/// A number with so many digits that its neighbours, about so far away, are others.
fn rounded(value: f64, apart: f64) -> f64 {
    if !(apart.abs() > 0.0 && apart.is_finite() && value.is_finite()) {
        return value;
    }
    let digits = -(apart.abs() / 2.0).log10().floor();
    let unit = 10_f64.powf(digits.abs());
    if digits >= 0.0 {
        (value * unit).round() / unit
    } else {
        (value / unit).round() * unit
    }
}

/// Draws contours of a small image over its picture, of which each pixel of the image is a square of that side.
#[expect(clippy::cast_precision_loss, reason = "no picture is that large")]
pub fn draw_contours(
    drawing: &mut Drawing,
    (reduced, origin, side): (&Reduced, Origin, usize),
    levels: &[f64],
    color: Rgb,
) {
    let side = side.max(1) as f64;
    let [across, down] = drawing.size;
    let height = down as f64;
    let thick = (across.min(down) as f64 / 500.0).max(1.0);
    let place = |[x, y]: [f64; 2]| {
        let [x, y] = [x, y].map(|at| (at + 0.5) * side - 0.5);
        match origin {
            Origin::Lower => [x, height - 1.0 - y],
            Origin::Upper => [x, y],
        }
    };
    for level in levels {
        let strokes = contour(&reduced.values, reduced.width, *level);
        let strokes: Vec<Stroke> = strokes.iter().map(|stroke| stroke.map(place)).collect();
        drawing.strokes(&strokes, thick, color, 1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contour_crosses_the_cells_between_its_ends() {
        // Numbers grow by 10 to the right; the level 12 lies a fifth into the second cell.
        let places: Vec<[f64; 2]> = (0..6)
            .map(|index| [f64::from(index % 3), f64::from(index / 3)])
            .collect();
        let mut values = [0.0, 10.0, 20.0, 0.0, 10.0, 20.0];
        let lines = |values: &[f64], jump| {
            let mesh = Mesh {
                columns: 3,
                places: &places,
                values,
            };
            mesh.contour(12.0, jump)
        };
        let found = lines(&values, 90.0);
        assert_eq!(found.len(), 1);
        for ([x, _], y) in found[0].iter().map(|end| (*end, end[1])) {
            assert!(
                (x - 1.2).abs() < 1e-12 && [0.0, 1.0].contains(&y),
                "{x} {y}"
            );
        }
        assert!(lines(&values, 5.0).is_empty());
        values[5] = f64::NAN;
        assert!(lines(&values, 90.0).is_empty());
    }

    #[test]
    fn levels_are_given_or_round_numbers() {
        let levels = |text: &str| {
            let levels: ContourLevels = text.parse().unwrap();
            assert_eq!(levels.to_string().parse(), Ok(levels.clone()));
            levels.levels([0.0, 10.0], Stretch::Linear)
        };
        assert_eq!(levels("2, 0.5,2"), [0.5, 2.0]);
        assert_eq!(levels("auto:4"), [2.0, 4.0, 6.0, 8.0]);
        assert_eq!(
            levels("auto:3"),
            [2.5, 5.0, 7.5].map(|level: f64| level.round())
        );
        for wrong in ["", "auto:0", "auto:1000", "nan", "1,x"] {
            assert!(wrong.parse::<ContourLevels>().is_err(), "{wrong}");
        }
    }
}
