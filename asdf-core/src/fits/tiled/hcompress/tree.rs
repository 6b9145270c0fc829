//! The coefficients as bit planes, each plane a quadtree of Huffman codes or its bits as they are.

use super::Number;
use super::Plane;
use super::levels;
use std::num::Wrapping;

/// Bits, the most significant first; `None` at the end.
struct Bits<'b> {
    bytes: std::slice::Iter<'b, u8>,
    held: u32,
    count: u32,
}

impl Bits<'_> {
    fn bit(&mut self) -> Option<u32> {
        if self.count == 0 {
            self.held = u32::from(*self.bytes.next()?);
            self.count = 8;
        }
        self.count = self.count.wrapping_sub(1);
        Some(self.held.wrapping_shr(self.count) & 1)
    }

    fn bits(&mut self, count: u32) -> Option<u32> {
        (0..count).try_fold(0_u32, |value, _| Some(value.wrapping_shl(1) | self.bit()?))
    }

    /// Four bits in a code of three to six.
    fn code(&mut self) -> Option<u8> {
        let short = self.bits(3)?;
        if short < 4 {
            return u8::try_from(1_u32.wrapping_shl(short)).ok();
        }
        let next = short.wrapping_shl(1) | self.bit()?;
        let four = match next {
            8 => Some(3),
            9 => Some(5),
            10 => Some(10),
            11 => Some(12),
            12 => Some(15),
            _ => None,
        };
        if four.is_some() {
            return four;
        }
        let next = next.wrapping_shl(1) | self.bit()?;
        let five = match next {
            26 => Some(6),
            27 => Some(7),
            28 => Some(9),
            29 => Some(11),
            30 => Some(13),
            _ => None,
        };
        if five.is_some() {
            return five;
        }
        Some(if self.bit()? == 0 { 0 } else { 14 })
    }
}

/// A part of the plane: its first row and column, its rows and columns.
#[derive(Clone, Copy)]
struct Quadrant {
    row: usize,
    column: usize,
    rows: usize,
    columns: usize,
}

/// Reads all coefficients and their signs; `None` when the bits end or mean nothing.
pub(super) fn read(plane: &mut Plane, bytes: &[u8], planes: [u8; 3]) -> Option<()> {
    let mut bits = Bits {
        bytes: bytes.iter(),
        held: 0,
        count: 0,
    };
    let (top, left) = (plane.rows.div_ceil(2), plane.columns.div_ceil(2));
    let (bottom, right) = (
        plane.rows.saturating_sub(top),
        plane.columns.saturating_sub(left),
    );
    let [sums, edges, corners] = planes;
    let quadrant = |row, column, rows, columns| Quadrant {
        row,
        column,
        rows,
        columns,
    };
    quadrant(0, 0, top, left).read(plane, &mut bits, sums)?;
    quadrant(0, left, top, right).read(plane, &mut bits, edges)?;
    quadrant(top, 0, bottom, left).read(plane, &mut bits, edges)?;
    quadrant(top, left, bottom, right).read(plane, &mut bits, corners)?;
    // The mark after the planes; the signs begin with a byte of their own.
    if bits.bits(4)? != 0 {
        return None;
    }
    bits.count = 0;
    for number in plane.numbers.iter_mut().filter(|number| number.0 != 0) {
        if bits.bit()? == 1 {
            *number = -*number;
        }
    }
    Some(())
}

impl Quadrant {
    fn read(self, plane: &mut Plane, bits: &mut Bits<'_>, planes: u8) -> Option<()> {
        for plane_number in (0..planes).rev() {
            let bit = Wrapping(1_i64.wrapping_shl(plane_number.into()));
            let (rows, columns) = (self.rows.div_ceil(2), self.columns.div_ceil(2));
            let codes = match bits.bits(4)? {
                0 => {
                    let count = rows.checked_mul(columns)?;
                    let mut codes = Vec::new();
                    for _ in 0..count {
                        codes.push(u8::try_from(bits.bits(4)?).ok()?);
                    }
                    codes
                }
                0xf => self.expand(bits)?,
                _ => return None,
            };
            self.insert(plane, &codes, columns, bit);
        }
        Some(())
    }

    /// Reads the quadtree of a bit plane, from its root down to a code for each 2 x 2 pixels.
    fn expand(self, bits: &mut Bits<'_>) -> Option<Vec<u8>> {
        let depth = levels(self.rows.max(self.columns));
        let mut codes = vec![bits.code()?];
        let mut width = 1_usize;
        for level in (1..depth).rev() {
            // As many halvings as there are levels below this one. A quadrant without rows has its
            // codes all the same.
            let size = |length: usize| {
                let step = 1_usize.wrapping_shl(level);
                length.div_ceil(step).max(1)
            };
            let (rows, columns) = (size(self.rows), size(self.columns));
            codes = next_level(&codes, width, rows, columns, bits)?;
            width = columns;
        }
        Some(codes)
    }

    /// Puts the bits of the codes into the coefficients.
    fn insert(self, plane: &mut Plane, codes: &[u8], columns: usize, bit: Number) {
        for (row, line) in codes.chunks(columns.max(1)).enumerate() {
            for (column, code) in line.iter().enumerate().filter(|entry| *entry.1 != 0) {
                for (mask, down, across) in [(8, 0, 0), (4, 0, 1), (2, 1, 0), (1, 1, 1)] {
                    let row = row.wrapping_mul(2).wrapping_add(down);
                    let column = column.wrapping_mul(2).wrapping_add(across);
                    if code & mask != 0 && row < self.rows && column < self.columns {
                        let row = row.wrapping_add(self.row);
                        let column = column.wrapping_add(self.column);
                        let number = plane.get(row, column);
                        plane.set(row, column, number | bit);
                    }
                }
            }
        }
    }
}

/// Each code becomes 2 x 2 codes: 0 where its bit is 0, read where it is 1. The reading goes
/// from the last one to the first.
fn next_level(
    codes: &[u8],
    width: usize,
    rows: usize,
    columns: usize,
    bits: &mut Bits<'_>,
) -> Option<Vec<u8>> {
    let mut out = vec![0_u8; rows.checked_mul(columns)?];
    for (row, line) in out.chunks_mut(columns.max(1)).enumerate().rev() {
        let above = (row / 2).wrapping_mul(width);
        for (column, place) in line.iter_mut().enumerate().rev() {
            let parent = codes
                .get(above.wrapping_add(column / 2))
                .copied()
                .unwrap_or(0);
            let mask = match (row & 1, column & 1) {
                (0, 0) => 8,
                (0, _) => 4,
                (_, 0) => 2,
                _ => 1,
            };
            if parent & mask != 0 {
                *place = bits.code()?;
            }
        }
    }
    Some(out)
}
