//! The elements of a window, reduced to what the screen shows, and limits by a sample of the plane.

use super::content::Content;
use super::cut::Cut;
use crate::raster;
use crate::raster::LimitRule;
use crate::raster::Reduced;
use crate::raster::Reduction;
use asdf_core::AsdfFile;
use asdf_core::Result;
use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// Which elements of which array are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileAsk {
    /// What is shown of which array.
    pub content: Content,
    /// The plane of it.
    pub cut: Cut,
    /// Rows and columns of the plane.
    pub window: [Range<u64>; 2],
    /// Elements along the side of a square.
    pub factor: u64,
    /// What a square becomes.
    pub reduction: Reduction,
}

/// Values of a window, one for each square of elements.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// What was asked for.
    pub ask: TileAsk,
    /// The values.
    pub reduced: Reduced,
    /// False where an element stands for its square.
    pub is_exact: bool,
}

/// Elements of a window from which on a coarse picture comes first.
const LARGE: u64 = 1 << 21;

impl TileAsk {
    /// Whether the exact picture takes so long that a coarse one should come first.
    pub fn is_large(&self) -> bool {
        let [rows, columns] = &self.window;
        let elements = (rows.end - rows.start).saturating_mul(columns.end - columns.start);
        self.factor > 1 && elements.saturating_mul(self.content.depth()) > LARGE
    }

    /// Takes the middle element of each square.
    ///
    /// # Errors
    /// The array cannot be read.
    pub fn sample(self, file: &AsdfFile) -> Result<Tile> {
        let half = |range: &Range<u64>| {
            let middle = range.start.saturating_add(self.factor / 2);
            middle.min(range.end.saturating_sub(1))..range.end
        };
        let inner = [half(&self.window[0]), half(&self.window[1])];
        let image = self.content.part(file, &self.cut, &inner, self.factor)?;
        let [rows, columns] = image.shape();
        let values = image.values(&(0..rows), &(0..columns))?;
        drop(image);
        let reduced = Reduced {
            width: usize::try_from(columns).unwrap_or(usize::MAX),
            height: usize::try_from(rows).unwrap_or(usize::MAX),
            values,
            factor: [self.factor; 2],
        };
        Ok(Tile {
            ask: self,
            reduced,
            is_exact: false,
        })
    }

    /// Reads all elements of the window, in strips and on all cores.
    ///
    /// # Errors
    /// The array cannot be read; the work was cancelled.
    pub fn load(self, file: &AsdfFile, cancel: &AtomicBool) -> Result<Tile> {
        let image = self.content.image(file, &self.cut)?;
        let watch = |_, _| !cancel.load(Ordering::Relaxed);
        let (window, factor) = (self.window.clone(), [self.factor; 2]);
        let (reduced, _) = raster::reduce_window(&image, window, factor, self.reduction, &watch)?;
        drop(image);
        Ok(Tile {
            ask: self,
            reduced,
            is_exact: true,
        })
    }
}

impl Tile {
    /// What the squares become that the elements x and y are in, of those within the window; `None` where none is.
    pub fn over(&self, [x, y]: [Range<i64>; 2]) -> Option<f64> {
        let [rows, columns] = &self.ask.window;
        let within = |window: &Range<u64>, range: Range<i64>, count: usize| {
            let start = u64::try_from(range.start.max(0))
                .unwrap_or(0)
                .max(window.start);
            let end = u64::try_from(range.end.max(0)).unwrap_or(0).min(window.end);
            let last = end.checked_sub(1).filter(|last| *last >= start)?;
            let most = count.checked_sub(1)?;
            let place = |at: u64| {
                let place = (at - window.start) / self.ask.factor.max(1);
                usize::try_from(place).unwrap_or(usize::MAX).min(most)
            };
            Some(place(start)..=place(last))
        };
        let down = within(rows, y, self.reduced.height)?;
        let across = within(columns, x, self.reduced.width)?;
        let (mut sum, mut count, mut most) = (0.0, 0.0, f64::NAN);
        for row in down {
            let line = row.checked_mul(self.reduced.width)?;
            let values = self.reduced.values.get(line..)?.get(across.clone())?;
            for value in values.iter().filter(|value| !value.is_nan()) {
                sum += value;
                count += 1.0;
                most = value.max(most);
            }
        }
        Some(match self.ask.reduction {
            Reduction::Max => most,
            Reduction::Mean if count == 0.0 => f64::NAN,
            Reduction::Mean => sum / count,
        })
    }

    /// The value of an element, x first, which stands for its square; `None` outside of the window.
    pub fn at(&self, [x, y]: [i64; 2]) -> Option<f64> {
        let [rows, columns] = &self.ask.window;
        let place = |range: &Range<u64>, at: i64, count: usize| {
            let at = u64::try_from(at).ok().filter(|at| range.contains(at))?;
            let place = usize::try_from((at - range.start) / self.ask.factor.max(1)).ok()?;
            // A sample may lack the last square, which is a part of one.
            Some(place.min(count.checked_sub(1)?))
        };
        let row = place(rows, y, self.reduced.height)?;
        let column = place(columns, x, self.reduced.width)?;
        let values = &self.reduced.values;
        values
            .get(row.checked_mul(self.reduced.width)? + column)
            .copied()
    }
}

/// Limits of a plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The values of the first and the last colour; the first is less.
    pub values: [f64; 2],
    /// False where only a sample of the plane was read.
    pub is_exact: bool,
}

/// Elements of a plane up to which limits are by all of them.
const ALL: u64 = 1 << 24;
/// Rows and columns of the sample of a larger plane.
const SAMPLE: u64 = 256;

/// Finds the limits of a plane.
///
/// # Errors
/// The array cannot be read; the work was cancelled.
pub fn find_limits(
    file: &AsdfFile,
    content: &Content,
    cut: &Cut,
    rule: LimitRule,
    cancel: &AtomicBool,
) -> Result<Limits> {
    let [rows, columns] = cut.lengths();
    if rows.saturating_mul(columns).saturating_mul(content.depth()) <= ALL {
        let image = content.image(file, cut)?;
        let watch = |_, _| !cancel.load(Ordering::Relaxed);
        let window = [0..rows, 0..columns];
        let factor = raster::factor([rows, columns], SAMPLE);
        let (_, survey) = raster::reduce_window(&image, window, factor, Reduction::Mean, &watch)?;
        let values = rule.find(&image, &survey)?;
        return Ok(Limits {
            values,
            is_exact: true,
        });
    }
    let step = rows.max(columns).div_ceil(SAMPLE).max(1);
    let ask = TileAsk {
        content: content.clone(),
        cut: cut.clone(),
        window: [0..rows, 0..columns],
        factor: step,
        reduction: Reduction::Mean,
    };
    let tile = ask.sample(file)?;
    Ok(Limits {
        values: rule.find_in(&tile.reduced),
        is_exact: false,
    })
}
