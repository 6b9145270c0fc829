//! The inverse of the Haar transform: from coefficients back to pixels, level by level.

use super::Number;
use super::Plane;
use super::levels;
use super::smooth::smooth;
use std::num::Wrapping;

/// Which bits a coefficient is rounded to, and how far it is divided.
#[derive(Clone, Copy)]
struct Level {
    /// The lowest bit of the differences along both axes.
    bit: i64,
    /// Bits that the sums are divided by.
    shift: usize,
}

/// Rounds to a multiple of a power of two, after adding half of it, or one less to what is negative.
fn rounded(number: Number, unit: i64) -> Number {
    let half = unit.wrapping_shr(1);
    let less = i64::from(number.0 < 0 && unit > 1);
    let add = half.wrapping_sub(less);
    (number + Wrapping(add)) & Wrapping(unit.wrapping_neg())
}

/// Takes from a positive number, adds to a negative one: the other way round than it was rounded.
fn towards_zero(number: Number, amount: Number) -> Number {
    if number.0 >= 0 {
        number - amount
    } else {
        number + amount
    }
}

/// Undoes the transform in place. `scale` above 1 asks for smoothing.
pub(super) fn invert(plane: &mut Plane, scale: i64) -> Result<(), String> {
    let depth = levels(plane.rows.max(plane.columns));
    if plane.rows == 0 || plane.columns == 0 {
        return Ok(());
    }
    let mut buffer: Vec<Number> = Vec::new();
    buffer
        .try_reserve_exact(plane.rows.max(plane.columns))
        .map_err(|error| error.to_string())?;
    if depth == 0 {
        return Ok(());
    }
    let top = 1_i64.wrapping_shl(depth.wrapping_add(1));
    let sum = rounded(plane.get(0, 0), top);
    plane.set(0, 0, sum);
    for step in (0..depth).rev() {
        let size = |length: usize| length.div_ceil(1_usize.wrapping_shl(step));
        let (rows, columns) = (size(plane.rows), size(plane.columns));
        for row in 0..rows {
            interleave_row(plane, row, columns, &mut buffer);
        }
        for column in 0..columns {
            interleave_column(plane, column, rows, &mut buffer);
        }
        smooth(plane, rows, columns, scale);
        let level = Level {
            bit: 1_i64.wrapping_shl(step),
            shift: if step == 0 { 2 } else { 1 },
        };
        level.invert(plane, rows, columns);
    }
    Ok(())
}

/// The first half of a row goes to its even places, the second to the odd ones.
fn interleave_row(plane: &mut Plane, row: usize, count: usize, buffer: &mut Vec<Number>) {
    let start = plane.at(row, 0);
    let Some(line) = plane.numbers.get_mut(start..start.wrapping_add(count)) else {
        return;
    };
    buffer.clear();
    buffer.extend_from_slice(line);
    let (even, odd) = buffer
        .split_at_checked(count.div_ceil(2))
        .unwrap_or_default();
    for (place, number) in line.iter_mut().step_by(2).zip(even) {
        *place = *number;
    }
    for (place, number) in line.iter_mut().skip(1).step_by(2).zip(odd) {
        *place = *number;
    }
}

fn interleave_column(plane: &mut Plane, column: usize, count: usize, buffer: &mut Vec<Number>) {
    buffer.clear();
    buffer.extend((0..count).map(|row| plane.get(row, column)));
    let (even, odd) = buffer
        .split_at_checked(count.div_ceil(2))
        .unwrap_or_default();
    for (row, number) in (0..count).step_by(2).zip(even) {
        plane.set(row, column, *number);
    }
    for (row, number) in (1..count).step_by(2).zip(odd) {
        plane.set(row, column, *number);
    }
}

impl Level {
    /// Turns each sum and its three differences into four sums of the level below.
    fn invert(self, plane: &mut Plane, rows: usize, columns: usize) {
        for row in (0..rows).step_by(2) {
            let below = row.wrapping_add(1);
            for column in (0..columns).step_by(2) {
                let right = column.wrapping_add(1);
                match (below < rows, right < columns) {
                    (true, true) => self.square(plane, row, column),
                    (true, false) => self.pair(plane, (row, column), (below, column)),
                    (false, true) => self.pair(plane, (row, column), (row, right)),
                    (false, false) => {
                        let sum = plane.get(row, column) >> self.shift;
                        plane.set(row, column, sum);
                    }
                }
            }
        }
    }

    fn square(self, plane: &mut Plane, row: usize, column: usize) {
        let (below, right) = (row.wrapping_add(1), column.wrapping_add(1));
        let bit0 = Wrapping(self.bit);
        let bit1 = bit0 << 1;
        let mut sum = plane.get(row, column);
        let both = rounded(plane.get(below, right), self.bit);
        let low = both & bit0;
        let down = towards_zero(rounded(plane.get(below, column), bit1.0), low);
        let across = towards_zero(rounded(plane.get(row, right), bit1.0), low);
        let next = (both ^ down ^ across) & bit1;
        sum += if sum.0 >= 0 {
            low - next
        } else if low.0 == 0 {
            next
        } else {
            low - next
        };
        plane.set(below, right, (sum + down + across + both) >> self.shift);
        plane.set(below, column, (sum + down - across - both) >> self.shift);
        plane.set(row, right, (sum - down + across - both) >> self.shift);
        plane.set(row, column, (sum - down - across + both) >> self.shift);
    }

    /// The last row or column of an odd count has one difference only.
    fn pair(self, plane: &mut Plane, first: (usize, usize), second: (usize, usize)) {
        let bit1 = Wrapping(self.bit) << 1;
        let sum = plane.get(first.0, first.1);
        let difference = rounded(plane.get(second.0, second.1), bit1.0);
        let sum = towards_zero(sum, difference & bit1);
        plane.set(second.0, second.1, (sum + difference) >> self.shift);
        plane.set(first.0, first.1, (sum - difference) >> self.shift);
    }
}
