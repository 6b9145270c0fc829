//! A WCS on a grid over its image: compared with another, and taken back to the plane of its projection.

use super::super::Wcs;
use super::super::sky::Sky;
use crate::transform::{Interval, Program};
use crate::unit::Unit;

/// Points along each of the first two axes.
const POINTS: usize = 17;
/// Points along each further axis.
const FURTHER: usize = 3;
/// Axes at most: points multiply with each.
const AXES: usize = 5;

/// Points of a grid over an image, a column for each pixel axis.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    pub(super) sides: Vec<Interval>,
    pub(super) pixels: Vec<Vec<f64>>,
}

#[expect(clippy::cast_precision_loss, reason = "a grid has few points")]
impl Grid {
    /// Over the bounding box or the image; `None` without either.
    pub(super) fn over(wcs: &Wcs) -> Option<Self> {
        let sides = wcs.intervals()?;
        let is_fine = |side: &Interval| side.low < side.high && (side.high - side.low).is_finite();
        if sides.is_empty() || sides.len() > AXES || !sides.iter().all(is_fine) {
            return None;
        }
        let counts: Vec<usize> = (0..sides.len())
            .map(|axis| if axis < 2 { POINTS } else { FURTHER })
            .collect();
        let total: usize = counts.iter().product();
        let mut pixels = vec![Vec::with_capacity(total); sides.len()];
        for point in 0..total {
            let mut left = point;
            for ((column, side), count) in pixels.iter_mut().zip(&sides).zip(&counts) {
                let step = left % count;
                left /= count;
                let part = step as f64 / (count - 1) as f64;
                column.push(side.low + (side.high - side.low) * part);
            }
        }
        Some(Self { sides, pixels })
    }

    /// The same with further axes, of one pixel.
    fn with_axes(&self, count: usize) -> Self {
        let mut wider = self.clone();
        let points = self.pixels.first().map_or(0, Vec::len);
        wider.pixels.resize(count, vec![0.0; points]);
        wider
    }

    pub(super) fn eval(&self, program: &Program) -> Option<Vec<Vec<f64>>> {
        let columns: Vec<&[f64]> = self.pixels.iter().map(Vec::as_slice).collect();
        let found = program.eval(&columns).ok()?;
        (found.len() == program.n_outputs()).then_some(found)
    }
}

/// How far the coordinates of two WCS are from each other at most, on a grid over the image of the first: degrees on the sky,
/// others by their size, where units may differ. `None` where they cannot be compared.
pub(super) fn difference(one: &Wcs, two: &Wcs) -> Option<f64> {
    let grid = Grid::over(one)?;
    let [first, second] = [one, two].map(|wcs| wcs.unbounded_program().ok());
    let (first, second) = (first?, second?);
    if first.n_inputs() > second.n_inputs() || first.n_outputs() != second.n_outputs() {
        return None;
    }
    // A header may have axes that the image lacks: they are one pixel long.
    let wider = grid.with_axes(second.n_inputs());
    let (left, right) = (grid.eval(&first)?, wider.eval(&second)?);
    let [sky, other] = [one, two].map(|wcs| wcs.steps().last()?.frame.sky());
    let mut worst = 0.0_f64;
    let mut note = |off: f64| {
        worst = if off.is_nan() {
            f64::INFINITY
        } else {
            worst.max(off)
        };
    };
    let mut places: Vec<usize> = Vec::new();
    if let (Some(sky), Some(other)) = (sky, other) {
        for point in 0..left.first().map_or(0, Vec::len) {
            let [a, b] = [vector(sky, &left, point), vector(other, &right, point)];
            // What neither has is the same.
            if a.iter().chain(&b).all(|value| value.is_nan()) {
                continue;
            }
            let chord: f64 = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum();
            note(chord.sqrt().to_degrees());
        }
        places = vec![sky.longitude, sky.latitude];
    }
    let [from, to] = [one, two].map(|wcs| {
        let last = wcs.steps().last();
        last.map(|step| step.frame.world_units())
            .unwrap_or_default()
    });
    for (place, (left, right)) in left.iter().zip(&right).enumerate() {
        if places.contains(&place) {
            continue;
        }
        let unit = |list: &[Option<Unit>]| list.get(place).cloned().flatten();
        let factor = unit(&from)
            .zip(unit(&to))
            .and_then(|(from, to)| from.factor_to(&to));
        let factor = factor.unwrap_or(1.0);
        let scale = right
            .iter()
            .fold(0.0_f64, |most, value| most.max(value.abs()));
        for (left, right) in left.iter().zip(right) {
            if left.is_nan() && right.is_nan() {
                continue;
            }
            note((left * factor - right).abs() / if scale > 0.0 { scale } else { 1.0 });
        }
    }
    Some(worst)
}

fn vector(sky: Sky, world: &[Vec<f64>], point: usize) -> [f64; 3] {
    let (longitude, latitude) = sky.position(world, point);
    sky.vector(longitude, latitude)
}

/// A coordinate that is a line of each pixel axis.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) slopes: Vec<f64>,
    /// At pixel 0 of all axes.
    pub(super) start: f64,
    /// How far points may be off.
    pub(super) tolerance: f64,
}

impl Row {
    /// `None` where a point of the grid is off the line.
    pub(super) fn of(grid: &Grid, values: &[f64], tolerance: f64) -> Option<Self> {
        let first = *values.first()?;
        let mut slopes = Vec::with_capacity(grid.sides.len());
        for (side, column) in grid.sides.iter().zip(&grid.pixels) {
            // The point at the other end of this axis and at the first of all others.
            let is_end = |point: usize| {
                let own = column.get(point).is_some_and(|value| *value >= side.high);
                let others = grid.pixels.iter().zip(&grid.sides);
                let mut others = others.filter(|(other, _)| !std::ptr::eq(*other, column));
                own && others
                    .all(|(other, side)| other.get(point).is_some_and(|value| *value <= side.low))
            };
            let end = (0..values.len()).find(|point| is_end(*point))?;
            slopes.push((values.get(end)? - first) / (side.high - side.low));
        }
        let ends = slopes.iter().zip(&grid.sides);
        let start = first - ends.map(|(slope, side)| slope * side.low).sum::<f64>();
        let row = Self {
            slopes,
            start,
            tolerance,
        };
        let is_off = |(point, value): (usize, &f64)| {
            let pixel: Vec<f64> = grid
                .pixels
                .iter()
                .filter_map(|column| column.get(point).copied())
                .collect();
            let off = (row.at(&pixel) - value).abs();
            off.is_nan() || off > tolerance
        };
        (!values.iter().enumerate().any(is_off)).then_some(row)
    }

    pub(super) fn at(&self, pixel: &[f64]) -> f64 {
        let parts = self.slopes.iter().zip(pixel);
        self.start + parts.map(|(slope, pixel)| slope * pixel).sum::<f64>()
    }
}
