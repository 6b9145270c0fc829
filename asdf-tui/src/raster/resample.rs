//! A second image on the pixels of a first one.

use super::plane::Plane;
use asdf_core::Result;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// How a value between pixels is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Interpolation {
    /// That of the pixel whose middle is nearest.
    Nearest,
    /// Of the four pixels about it, by their distance; missing where one of them that counts is missing.
    Linear,
}

impl fmt::Display for Interpolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nearest => "nearest",
            Self::Linear => "linear",
        })
    }
}

impl FromStr for Interpolation {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        match text {
            "nearest" => Ok(Self::Nearest),
            "linear" => Ok(Self::Linear),
            _ => Err(format!("`{text}` is none of nearest and linear")),
        }
    }
}

/// The way from places of an array to those of a second one; places are x first, from 0 at the middle of the first element.
pub trait Way: fmt::Debug + Send + Sync {
    /// Where places are in the second array; NaN where nowhere.
    ///
    /// # Errors
    /// The way cannot be gone.
    fn places(&self, places: &[[f64; 2]]) -> Result<Vec<[f64; 2]>>;
}

/// A plane that is looked at by the pixels of another one.
#[derive(Debug)]
pub struct Resampled<'f> {
    plane: Plane<'f>,
    way: Box<dyn Way>,
    interpolation: Interpolation,
}

/// Elements of a window that is read at once, at least; and for each place that is looked up.
const WINDOW: u64 = 1 << 14;
const EACH: u64 = 64;

impl<'f> Resampled<'f> {
    /// A whole plane, with the way that leads to it.
    pub fn new(plane: Plane<'f>, way: Box<dyn Way>, interpolation: Interpolation) -> Self {
        Self {
            plane,
            way,
            interpolation,
        }
    }

    /// The values for a window of the pixels that begin and go on as a geometry says (`[y, x]`), in C order; NaN outside.
    ///
    /// # Errors
    /// The array cannot be read; the way cannot be gone.
    #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
    pub fn values(
        &self,
        [down, across]: [(f64, f64); 2],
        rows: &Range<u64>,
        columns: &Range<u64>,
    ) -> Result<Vec<f64>> {
        let at = |place: u64, (start, step): (f64, f64)| start + place as f64 * step;
        let places: Vec<[f64; 2]> = rows
            .clone()
            .flat_map(|row| {
                columns
                    .clone()
                    .map(move |column| [at(column, across), at(row, down)])
            })
            .collect();
        let places = self.way.places(&places)?;
        let mut values = vec![f64::NAN; places.len()];
        self.look_up(&places, &mut values)?;
        Ok(values)
    }

    /// Looks places up in one window, or in two halves where that would be far larger than they need.
    fn look_up(&self, places: &[[f64; 2]], values: &mut [f64]) -> Result<()> {
        let Some([rows, columns]) = self.window(places) else {
            return Ok(());
        };
        let elements = (rows.end - rows.start).saturating_mul(columns.end - columns.start);
        let count = u64::try_from(places.len()).unwrap_or(u64::MAX);
        if elements > WINDOW.max(count.saturating_mul(EACH)) && places.len() > 1 {
            let middle = places.len() / 2;
            let (first, last) = places.split_at(middle);
            let (own, behind) = values.split_at_mut(middle);
            self.look_up(first, own)?;
            return self.look_up(last, behind);
        }
        let read = Window {
            values: self.plane.values(&rows, &columns)?,
            rows,
            columns,
        };
        for (place, value) in places.iter().zip(values) {
            if self.is_inside(*place) {
                *value = match self.interpolation {
                    Interpolation::Nearest => read.nearest(*place),
                    Interpolation::Linear => read.linear(*place),
                };
            }
        }
        Ok(())
    }

    /// A place within a pixel of the plane.
    #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
    fn is_inside(&self, place: [f64; 2]) -> bool {
        let [rows, columns] = self.plane.shape();
        let mut axes = place.into_iter().zip([columns, rows]);
        axes.all(|(at, length)| (-0.5..=length as f64 - 0.5).contains(&at))
    }

    /// The rows and columns that have the pixels about all places that are inside.
    fn window(&self, places: &[[f64; 2]]) -> Option<[Range<u64>; 2]> {
        let mut ends: Option<[[f64; 2]; 2]> = None;
        for place in places.iter().filter(|place| self.is_inside(**place)) {
            let [low, high] = ends.unwrap_or([*place; 2]);
            ends = Some([
                [low[0].min(place[0]), low[1].min(place[1])],
                [high[0].max(place[0]), high[1].max(place[1])],
            ]);
        }
        let [low, high] = ends?;
        let [rows, columns] = self.plane.shape();
        #[expect(clippy::cast_possible_truncation, reason = "within the plane")]
        #[expect(clippy::cast_sign_loss, reason = "not below 0")]
        let range = |axis: usize, length: u64| {
            let start = low[axis].floor().max(0.0) as u64;
            let end = (high[axis].floor().max(0.0) as u64).saturating_add(2);
            start.min(length)..end.min(length)
        };
        Some([range(1, rows), range(0, columns)])
    }
}

/// Values that were read.
struct Window {
    values: Vec<f64>,
    rows: Range<u64>,
    columns: Range<u64>,
}

impl Window {
    /// The value of an element, of that at the edge for those beyond.
    #[expect(clippy::cast_possible_truncation, reason = "within the window")]
    #[expect(clippy::cast_sign_loss, reason = "not below 0")]
    fn at(&self, x: f64, y: f64) -> f64 {
        let along = |at: f64, range: &Range<u64>| {
            let at = (at.max(0.0) as u64).clamp(range.start, range.end.saturating_sub(1));
            usize::try_from(at - range.start).unwrap_or(usize::MAX)
        };
        let width = usize::try_from(self.columns.end - self.columns.start).unwrap_or(usize::MAX);
        let place = along(y, &self.rows)
            .saturating_mul(width)
            .saturating_add(along(x, &self.columns));
        self.values.get(place).copied().unwrap_or(f64::NAN)
    }

    fn nearest(&self, [x, y]: [f64; 2]) -> f64 {
        self.at((x + 0.5).floor(), (y + 0.5).floor())
    }

    fn linear(&self, [x, y]: [f64; 2]) -> f64 {
        let (left, below) = (x.floor(), y.floor());
        let (right, above) = (x - left, y - below);
        let mut sum = 0.0;
        for (column, across) in [(left, 1.0 - right), (left + 1.0, right)] {
            for (row, down) in [(below, 1.0 - above), (below + 1.0, above)] {
                let weight = across * down;
                if weight > 0.0 {
                    sum += weight * self.at(column, row);
                }
            }
        }
        sum
    }
}
