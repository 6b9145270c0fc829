//! World coordinates of all pixels of a window, some rows at a time.

use super::Wcs;
use super::points;
use crate::error::Result;
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
    pub fn grid(&self, [columns, rows]: [Range<u64>; 2]) -> Result<Grid<'_>> {
        if self.forward_program()?.inputs() != 2 {
            return Err(points("a grid needs a WCS of two pixel coordinates"));
        }
        Ok(Grid {
            wcs: self,
            columns,
            rows,
        })
    }
}

impl Iterator for Grid<'_> {
    type Item = Result<GridRows>;

    fn next(&mut self) -> Option<Self::Item> {
        let width = self.columns.end.checked_sub(self.columns.start)?;
        if self.rows.is_empty() || width == 0 {
            return None;
        }
        let count = (BATCH / width).clamp(1, self.rows.end - self.rows.start);
        let rows = self.rows.start..self.rows.start + count;
        self.rows.start = rows.end;
        #[expect(clippy::cast_precision_loss, reason = "no image is that large")]
        let number = |pixel: u64| pixel as f64;
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for row in rows.clone() {
            x.extend(self.columns.clone().map(number));
            y.resize(x.len(), number(row));
        }
        let world = self.wcs.pixel_to_world(&[&x, &y]);
        Some(world.map(|world| GridRows {
            rows,
            columns: self.columns.clone(),
            world,
        }))
    }
}
