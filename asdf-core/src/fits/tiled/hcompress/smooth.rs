//! Smoothing of lossy tiles: differences that were lost are taken from the neighbours' sums.

use super::Number;
use super::Plane;
use std::num::Wrapping;

const ZERO: Number = Wrapping(0);

/// Changes the differences of a level by at most half of the scale. The edges stay as they are.
pub(super) fn smooth(plane: &mut Plane, rows: usize, columns: usize, scale: i64) {
    let most = Wrapping(scale.wrapping_shr(1));
    if most <= ZERO {
        return;
    }
    for row in inner(rows) {
        for column in (0..columns).step_by(2) {
            let before = plane.get(row.wrapping_sub(2), column);
            let after = plane.get(row.wrapping_add(2), column);
            let target = (row.wrapping_add(1), column);
            slope(plane, (row, column), before, after, target, most);
        }
    }
    for row in (0..rows).step_by(2) {
        for column in inner(columns) {
            let before = plane.get(row, column.wrapping_sub(2));
            let after = plane.get(row, column.wrapping_add(2));
            let target = (row, column.wrapping_add(1));
            slope(plane, (row, column), before, after, target, most);
        }
    }
    for row in inner(rows) {
        for column in inner(columns) {
            curvature(plane, row, column, most);
        }
    }
}

/// Even places that have a neighbour on both sides.
fn inner(length: usize) -> std::iter::StepBy<std::ops::Range<usize>> {
    (2..length.saturating_sub(2).max(2)).step_by(2)
}

/// A difference towards the slope that the sums before and after it have.
fn slope(
    plane: &mut Plane,
    here: (usize, usize),
    before: Number,
    after: Number,
    target: (usize, usize),
    most: Number,
) {
    let sum = plane.get(here.0, here.1);
    let (up, down) = (after - sum, sum - before);
    let high = up.min(down).max(ZERO) << 2;
    let low = up.max(down).min(ZERO) << 2;
    // Where the sums are not a slope, nothing is changed.
    if low < high {
        let wanted = (after - before).min(high).max(low);
        let difference = plane.get(target.0, target.1);
        let change = divided(wanted - (difference << 3), 3).min(most).max(-most);
        plane.set(target.0, target.1, difference + change);
    }
}

/// The difference along both axes towards what the four neighbours across have.
fn curvature(plane: &mut Plane, row: usize, column: usize, most: Number) {
    let (above, below) = (row.wrapping_sub(2), row.wrapping_add(2));
    let (left, right) = (column.wrapping_sub(2), column.wrapping_add(2));
    let (first, second) = (plane.get(above, left), plane.get(below, left));
    let (third, fourth) = (plane.get(above, right), plane.get(below, right));
    let sum = plane.get(row, column);
    let target = (row.wrapping_add(1), column.wrapping_add(1));
    let down = plane.get(target.0, column) << 1;
    let across = plane.get(row, target.1) << 1;
    let bound = |limit: fn(Number, Number) -> Number, inner: fn(Number, Number) -> Number| {
        let one = inner(
            limit(fourth - sum, ZERO) - down - across,
            limit(sum - second, ZERO) + down - across,
        );
        let two = inner(
            limit(sum - third, ZERO) - down + across,
            limit(first - sum, ZERO) + down + across,
        );
        inner(one, two) << 4
    };
    let high = bound(Ord::max, Ord::min);
    let low = bound(Ord::min, Ord::max);
    if low < high {
        let wanted = (fourth + first - third - second).min(high).max(low);
        let difference = plane.get(target.0, target.1);
        let change = divided(wanted - (difference << 6), 6).min(most).max(-most);
        plane.set(target.0, target.1, difference + change);
    }
}

/// Divided by a power of two, rounded towards zero.
fn divided(number: Number, bits: usize) -> Number {
    let add = Wrapping(
        1_i64
            .wrapping_shl(u32::try_from(bits).unwrap_or(0))
            .wrapping_sub(1),
    );
    (if number >= ZERO { number } else { number + add }) >> bits
}
