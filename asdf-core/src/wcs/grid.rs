//! World coordinates of all pixels of a window, some rows at a time.

use super::Wcs;
use crate::error::Result;
use crate::error::WcsFault;
use std::ops::Range;

/// Points of a batch, about.
const BATCH: u64 = 1 << 18;

/// Some rows of a window with the world coordinates of their pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct GridRows {
    /// The rows, the second pixel coordinate.
    pub rows: Range<u64>,
    /// The columns, the first pixel coordinate.
    pub columns: Range<u64>,
    /// For each world coordinate the values of all pixels, row after row.
    pub world: Vec<Vec<f64>>,
}

/// All rows of a window, batch after batch: memory stays bounded however large the window is.
#[derive(Debug)]
pub struct Grid<'w> {
    wcs: &'w Wcs,
    columns: Range<u64>,
    rows: Range<u64>,
}

impl Wcs {
    /// World coordinates of the pixels of a window, x first: an iterator over batches of rows.
    ///
    /// # Errors
    /// The WCS has not two pixel coordinates.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let wcs = AsdfFile::open(path)?.wcs("roman/meta/wcs")?;
    /// for batch in wcs.grid([0..64, 0..64])? {
    ///     let ra = &batch.world[0]; // of the pixels of `batch.rows`, row after row
    ///     assert_eq!(ra.len() as u64, 64 * (batch.rows.end - batch.rows.start));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn grid(&self, [columns, rows]: [Range<u64>; 2]) -> Result<Grid<'_>> {
        if self.program()?.n_inputs() != 2 {
            return Err(WcsFault::GridAxes.into());
        }
        Ok(Grid {
            wcs: self,
            columns,
            rows,
        })
    }
}

impl Iterator for Grid<'_> {
    type Item = GridRows;

    fn next(&mut self) -> Option<Self::Item> {
        let width = self.columns.end.checked_sub(self.columns.start)?;
        if self.rows.is_empty() || width == 0 {
            return None;
        }
        let count = (BATCH / width).clamp(1, self.rows.end - self.rows.start);
        let rows = self.rows.start..self.rows.start + count;
        self.rows.start = rows.end;
        let program = self.wcs.cache.forward.get()?;
        let (width, first) = (usize::try_from(width).ok()?, rows.start);
        let total = width.checked_mul(usize::try_from(count).ok()?)?;
        let left = self.columns.start;
        let world = program.eval_with(total, |start, places| {
            if let [x, y] = places {
                fill(start, width, [left, first], x, y);
            }
        });
        Some(GridRows {
            rows,
            columns: self.columns.clone(),
            world,
        })
    }
}

/// The coordinates of pixels of a grid that is so wide, from this one on, row after row.
#[expect(clippy::cast_precision_loss, reason = "no image is that large")]
fn fill(start: usize, width: usize, [left, first]: [u64; 2], x: &mut [f64], y: &mut [f64]) {
    let (mut column, mut row) = (start % width, start / width);
    let (mut x, mut y) = (x, y);
    while !x.is_empty() {
        let count = (width - column).min(x.len());
        let (own_x, rest_x) = x.split_at_mut(count);
        let (own_y, rest_y) = y.split_at_mut(count.min(y.len()));
        for (place, value) in own_x.iter_mut().zip(column as u64..) {
            *place = (left + value) as f64;
        }
        own_y.fill((first + row as u64) as f64);
        (x, y) = (rest_x, rest_y);
        (column, row) = (0, row + 1);
    }
}
