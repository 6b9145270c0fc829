//! Elements of HDUs that have to be decoded, a piece at a time while a file is written.

use crate::array::ArrayData;
use crate::array::ByteOrder;
use crate::array::Datatype;
use crate::error::Result;
use crate::fits::FitsColumn;
use crate::fits::FitsImage;
use std::io::Read;
use std::ops::Range;

/// Bytes of a piece, about.
const PIECE: u64 = 1 << 20;

/// Gives one piece after the other, in the order of the elements.
type Next<'f> = Box<dyn FnMut() -> Result<Option<ArrayData<'f>>> + Send + 'f>;

/// The bytes of an array in one order.
pub(in crate::convert) struct Pieces<'f> {
    next: Next<'f>,
    order: ByteOrder,
    bytes: Vec<u8>,
    taken: usize,
    /// Bytes of a text whose blanks at the end are left out.
    text: Option<usize>,
}

impl<'f> Pieces<'f> {
    fn new(next: Next<'f>, order: ByteOrder) -> Self {
        Self {
            next,
            order,
            bytes: Vec::new(),
            taken: 0,
            text: None,
        }
    }

    /// The same of texts of so many bytes, with NULs in the place of blanks at the end of each.
    pub(in crate::convert) fn without_blanks(mut self, width: usize) -> Self {
        self.text = Some(width).filter(|width| *width > 0);
        self
    }

    /// The physical values of an image.
    pub(super) fn of_image(image: FitsImage<'f>, order: ByteOrder) -> Self {
        let mut windows = Windows::new(&image);
        let next = move || {
            let window = windows.next();
            window.map(|window| image.load_window(&window)).transpose()
        };
        Self::new(Box::new(next), order)
    }

    /// The physical values of a column.
    pub(in crate::convert) fn of_column(column: &FitsColumn<'f>, order: ByteOrder) -> Self {
        let mut parts = parts(column);
        let next = move || parts.next().transpose();
        Self::new(Box::new(next), order)
    }

    /// The arrays of a column of variable length, one after the other.
    pub(super) fn of_cells(column: &FitsColumn<'f>, rows: u64, order: ByteOrder) -> Self {
        let column = column.within(0..rows);
        let mut row = 0..rows;
        let next = move || row.next().map(|row| column.cell(row)).transpose();
        Self::new(Box::new(next), order)
    }

    fn fill(&mut self) -> Result<bool> {
        self.taken = 0;
        self.bytes.clear();
        while self.bytes.is_empty() {
            let Some(data) = (self.next)()? else {
                return Ok(false);
            };
            self.bytes.extend_from_slice(&data.packed());
            let unit = match data.datatype() {
                Datatype::Scalar(scalar) => usize::try_from(scalar.unit()).unwrap_or(1),
                _ => 1,
            };
            if unit > 1 && data.byteorder() != self.order {
                self.bytes.chunks_exact_mut(unit).for_each(<[u8]>::reverse);
            }
            for text in self
                .text
                .map(|width| self.bytes.chunks_exact_mut(width))
                .into_iter()
                .flatten()
            {
                let blanks = text
                    .iter_mut()
                    .rev()
                    .take_while(|byte| matches!(**byte, b' ' | 0));
                blanks.for_each(|byte| *byte = 0);
            }
        }
        Ok(true)
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.taken == self.bytes.len() && !self.fill().map_err(std::io::Error::other)? {
            return Ok(0);
        }
        let mut rest = self.bytes.get(self.taken..).unwrap_or_default();
        let count = rest.read(buffer)?;
        self.taken = self.taken.saturating_add(count);
        Ok(count)
    }
}

/// A column in parts of some rows each.
pub(in crate::convert) fn parts<'f>(
    column: &FitsColumn<'f>,
) -> impl Iterator<Item = Result<ArrayData<'f>>> + Send + use<'f> {
    let cell = column
        .cell_shape()
        .iter()
        .fold(1_u64, |count, axis| count.saturating_mul(*axis));
    let width = cell.saturating_mul(column.physical_type().size()).max(1);
    let step = (PIECE / width).max(1);
    let rows = column.rows();
    let column = column.within(0..rows);
    let mut first = 0_u64;
    std::iter::from_fn(move || {
        let end = first.saturating_add(step).min(rows);
        let range = std::mem::replace(&mut first, end)..end;
        (!range.is_empty()).then(|| column.within(range).load())
    })
}

/// Windows of an image, each as large as a piece or a tile.
struct Windows {
    shape: Vec<u64>,
    /// The axis that windows go along; of those before it a window has one element, of those after it all.
    axis: usize,
    step: u64,
    outer: Range<u64>,
    first: u64,
}

impl Windows {
    fn new(image: &FitsImage<'_>) -> Self {
        let shape = image.shape().to_vec();
        let mut tail = image.physical_type().size();
        let mut axis = shape.len().saturating_sub(1);
        while let Some(length) = shape.get(axis).filter(|_| axis > 0) {
            let longer = tail.saturating_mul(*length);
            if longer > PIECE {
                break;
            }
            tail = longer;
            axis = axis.saturating_sub(1);
        }
        let tile = image.tile_window(0).ok();
        let tile = tile.and_then(|tile| tile.get(axis).cloned());
        let tile = tile.map_or(1, |range| range.end.saturating_sub(range.start).max(1));
        let step = (PIECE / tail.max(1)).max(1);
        let outer = shape
            .iter()
            .take(axis)
            .fold(1_u64, |count, length| count.saturating_mul(*length));
        let empty = shape.is_empty() || shape.contains(&0);
        Self {
            axis,
            step: step.checked_next_multiple_of(tile).unwrap_or(step),
            outer: 0..if empty { 0 } else { outer },
            first: 0,
            shape,
        }
    }

    fn next(&mut self) -> Option<Vec<Range<u64>>> {
        if self.outer.is_empty() {
            return None;
        }
        let length = self.shape.get(self.axis).copied()?;
        let end = self.first.saturating_add(self.step).min(length);
        let mut window: Vec<Range<u64>> = self.shape.iter().map(|length| 0..*length).collect();
        let mut left = self.outer.start;
        for range in window.iter_mut().take(self.axis).rev() {
            let at = left.checked_rem(range.end).unwrap_or(0);
            left = left.checked_div(range.end).unwrap_or(0);
            *range = at..at.saturating_add(1);
        }
        *window.get_mut(self.axis)? = self.first..end;
        self.first = end;
        if end == length {
            self.first = 0;
            self.outer.start = self.outer.start.saturating_add(1);
        }
        Some(window)
    }
}
