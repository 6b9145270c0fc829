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
    /// let all = wcs.grid([0..64, 0..64])?.whole()?; // or all of them at once
    /// assert_eq!(all.world[0].len(), 64 * 64);
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

impl Grid<'_> {
    /// The rest of the rows as one batch. This takes less time than the batches one after the other, and the memory of all of them.
    ///
    /// # Errors
    /// There is not so much memory.
    pub fn whole(mut self) -> Result<GridRows> {
        let none = GridRows {
            rows: self.rows.start..self.rows.start,
            columns: self.columns.clone(),
            world: vec![Vec::new(); self.wcs.program()?.n_outputs()],
        };
        let length = |range: &Range<u64>| range.end.saturating_sub(range.start);
        let pixels = length(&self.columns).saturating_mul(length(&self.rows));
        let numbers = pixels.saturating_mul(none.world.len() as u64);
        // Asked of the system first: what it does not have would end the program.
        Vec::<f64>::new()
            .try_reserve_exact(usize::try_from(numbers).unwrap_or(usize::MAX))
            .map_err(|error| std::io::Error::new(std::io::ErrorKind::OutOfMemory, error))?;
        Ok(self.batch(u64::MAX).unwrap_or(none))
    }

    /// A batch of so many pixels, about.
    fn batch(&mut self, pixels: u64) -> Option<GridRows> {
        let width = self.columns.end.checked_sub(self.columns.start)?;
        if self.rows.is_empty() || width == 0 {
            return None;
        }
        let count = (pixels / width).clamp(1, self.rows.end - self.rows.start);
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

impl Iterator for Grid<'_> {
    type Item = GridRows;

    fn next(&mut self) -> Option<Self::Item> {
        self.batch(BATCH)
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
