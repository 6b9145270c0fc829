//! Splines: `spline1d`, and the surface of a `tabular` with `method: splinef2d`.

use super::function;
use super::function::Function;
use super::model::Model;
use super::parameters::Reader;
use crate::error::Result;
use std::sync::Arc;

/// The highest degree of a polynomial between knots.
const STEEPEST: usize = 31;

/// The polynomials between knots that are the base of splines.
#[derive(Debug, Clone)]
struct Base {
    degree: usize,
    knots: Vec<f64>,
}

/// The values of those that are not 0 at a place, of which the first has the number `first`.
#[derive(Debug, Clone, Copy)]
struct Values<const N: usize> {
    first: usize,
    values: [f64; N],
}

impl Base {
    /// How many polynomials there are.
    fn len(&self) -> usize {
        self.knots.len().saturating_sub(self.degree + 1)
    }

    /// The values at `x`; those of the outermost polynomials beyond the ends. `N` is the degree and 1 at least.
    fn at<const N: usize>(&self, x: f64) -> Values<N> {
        let inner = self.knots.get(self.degree + 1..self.len());
        let interval = self.degree + inner.unwrap_or_default().partition_point(|knot| *knot <= x);
        let knot = |place: usize| self.knots.get(place).copied().unwrap_or(f64::NAN);
        let mut values = [0.0; N];
        if let Some(first) = values.first_mut() {
            *first = 1.0;
        }
        // De Boor's recurrence, from each degree to the next.
        for degree in 1..=self.degree {
            let mut carried = 0.0;
            for (place, value) in values.iter_mut().enumerate().take(degree + 1) {
                // The value before is that of the polynomial over one knot less, from this knot on.
                let right = knot(interval + place + 1);
                let left = knot(interval + place + 1 - degree);
                // Knots that are the same have nothing between them.
                let part = if place < degree && right > left {
                    *value / (right - left)
                } else {
                    0.0
                };
                *value = carried + (right - x) * part;
                carried = (x - left) * part;
            }
        }
        Values {
            first: interval - self.degree,
            values,
        }
    }
}

/// `spline1d`.
#[derive(Debug, Clone)]
struct Curve {
    base: Base,
    coefficients: Vec<f64>,
}

impl Function<1> for Curve {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        if x.is_nan() {
            return f64::NAN;
        }
        let at: Values<{ STEEPEST + 1 }> = self.base.at(x);
        let values = at.values.iter().take(self.base.degree + 1);
        let coefficients = self.coefficients.iter().skip(at.first);
        values.zip(coefficients).map(|(b, c)| b * c).sum()
    }
}

pub(super) fn read_spline1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let degree = reader.count("degree")?;
    if degree > STEEPEST {
        return Err(reader.wrong("degree", &format!("at most {STEEPEST}")));
    }
    let ((_, knots), (_, coefficients)) = (reader.array("knots")?, reader.array("coefficients")?);
    let least = 2 * (degree + 1);
    let rising = knots.is_sorted_by(|a, b| a <= b) && knots.iter().all(|knot| knot.is_finite());
    let base = Base { degree, knots };
    if base.knots.len() < least || !rising {
        let wanted = format!("at least {least} numbers in rising order");
        return Err(reader.wrong("knots", &wanted));
    }
    // Writers fill the list up with zeros.
    if coefficients.len() < base.len() {
        let wanted = format!("at least {} numbers", base.len());
        return Err(reader.wrong("coefficients", &wanted));
    }
    Ok(function::model(Curve { base, coefficients }))
}

/// The surface of cubic polynomials through the values of a table.
#[derive(Debug, Clone)]
struct Surface {
    axes: [Base; 2],
    /// The domain along each axis.
    ends: [[f64; 2]; 2],
    /// Row by row, the first axis counts the rows.
    coefficients: Vec<f64>,
    /// What stands beyond the ends.
    fill: f64,
}

impl Function<2> for Surface {
    fn value(&self, x: [f64; 2]) -> f64 {
        if x.iter().any(|x| x.is_nan()) {
            return f64::NAN;
        }
        let outside = |(x, [low, high]): (&f64, &[f64; 2])| x < low || x > high;
        if x.iter().zip(&self.ends).any(outside) {
            return self.fill;
        }
        let ([across, along], [x, y]) = (&self.axes, x);
        let (rows, columns): (Values<4>, Values<4>) = (across.at(x), along.at(y));
        let lines = self.coefficients.chunks_exact(along.len()).skip(rows.first);
        let line = |(weight, line): (&f64, &[f64])| -> f64 {
            let line = line.iter().skip(columns.first);
            weight * line.zip(&columns.values).map(|(c, b)| c * b).sum::<f64>()
        };
        rows.values.iter().zip(lines).map(line).sum()
    }
}

/// Points that a cubic needs.
pub(super) const FEWEST: usize = 4;

/// The surface through a table of values over points in rising order, with `fill` beyond the ends. `None` when
/// an axis has fewer than four points.
pub(super) fn surface(
    points: Vec<Vec<f64>>,
    values: Vec<f64>,
    fill: f64,
) -> Option<Arc<dyn Model>> {
    let axes: [Vec<f64>; 2] = points.try_into().ok()?;
    let [rows, columns] = axes.each_ref().map(Vec::len);
    if rows < FEWEST || columns < FEWEST || values.len() != rows.checked_mul(columns)? {
        return None;
    }
    let ends = axes.each_ref().map(|axis| {
        let end = |end: Option<&f64>| end.copied().unwrap_or(f64::NAN);
        [end(axis.first()), end(axis.last())]
    });
    let [across, along] = axes.each_ref().map(|axis| Through::new(axis));
    let mut coefficients = values;
    for line in coefficients.chunks_exact_mut(columns) {
        along.solve(line);
    }
    let mut column = Vec::with_capacity(rows);
    for number in 0..columns {
        let places = coefficients.iter().skip(number).step_by(columns);
        column.clear();
        column.extend(places.copied());
        across.solve(&mut column);
        let places = coefficients.iter_mut().skip(number).step_by(columns);
        for (place, value) in places.zip(&column) {
            *place = *value;
        }
    }
    Some(function::model(Surface {
        axes: [across.base, along.base],
        ends,
        coefficients,
        fill,
    }))
}

/// Entries of a row of the equations: three beside the diagonal on each side.
const BAND: usize = 7;
const DIAGONAL: usize = 3;

/// The equations of a cubic spline through points: their knots are the points but the second and the last but
/// one, the ends four times.
#[derive(Debug)]
struct Through {
    base: Base,
    /// A row for each point, made triangular: right of the diagonal, and the factors of that left of it.
    rows: Vec<[f64; BAND]>,
}

impl Through {
    fn new(points: &[f64]) -> Self {
        let mut knots = Vec::with_capacity(points.len() + 4);
        if let (Some(first), Some(last)) = (points.first(), points.last()) {
            knots.extend([*first; 4]);
            let inner = points.get(2..points.len().saturating_sub(2));
            knots.extend(inner.unwrap_or_default());
            knots.extend([*last; 4]);
        }
        let base = Base { degree: 3, knots };
        let row = |(number, point): (usize, &f64)| {
            let at: Values<4> = base.at(*point);
            let mut row = [0.0; BAND];
            let places = at.values.iter().enumerate();
            for (place, value) in places {
                let slot = (at.first + place + DIAGONAL).checked_sub(number);
                if let Some(slot) = slot.and_then(|slot| row.get_mut(slot)) {
                    *slot = *value;
                }
            }
            row
        };
        let mut rows: Vec<_> = points.iter().enumerate().map(row).collect();
        for number in 0..rows.len() {
            let Some((pivot, below)) = rows.get_mut(number..).and_then(<[_]>::split_first_mut)
            else {
                continue;
            };
            let [_, _, _, diagonal, right @ ..] = *pivot;
            for (distance, row) in below.iter_mut().enumerate().take(DIAGONAL) {
                let Some([left, rest @ ..]) = row.get_mut(DIAGONAL - 1 - distance..) else {
                    continue;
                };
                *left /= diagonal;
                for (entry, above) in rest.iter_mut().zip(right) {
                    *entry -= *left * above;
                }
            }
        }
        Self { base, rows }
    }

    /// From values at the points to coefficients.
    fn solve(&self, values: &mut [f64]) {
        for (number, [a, b, c, ..]) in self.rows.iter().enumerate() {
            let (above, from) = values.split_at_mut(number);
            if let Some(value) = from.first_mut() {
                let above = above.iter().rev();
                *value -= above
                    .zip([c, b, a])
                    .map(|(x, factor)| x * factor)
                    .sum::<f64>();
            }
        }
        for (number, [_, _, _, diagonal, right @ ..]) in self.rows.iter().enumerate().rev() {
            if let Some((value, below)) = values.get_mut(number..).and_then(<[_]>::split_first_mut)
            {
                let known = below.iter().zip(right);
                *value = (*value - known.map(|(x, factor)| x * factor).sum::<f64>()) / diagonal;
            }
        }
    }
}
