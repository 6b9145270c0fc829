//! tabular: a table that is looked up, in one dimension or several.

use super::Interval;
use super::model::Model;
use super::parameters::Reader;
use super::spline;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Unsupported;
use std::sync::Arc;

/// Dimensions of a table at most: each doubles the corners of a cell.
const AXES: usize = 8;

/// What stands between the points of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    /// Straight lines.
    Linear,
    /// The value of the nearest point; of two, that of the lower.
    Nearest,
}

/// What stands beyond the ends of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Beyond {
    /// This value.
    Fill(f64),
    /// What the outermost cell says.
    Extrapolate,
}

/// A table over a grid; the last axis varies fastest.
#[derive(Debug, Clone)]
struct Table {
    points: Vec<Vec<f64>>,
    values: Vec<f64>,
    method: Method,
    beyond: Beyond,
}

/// A cell along an axis, and how far into it.
#[derive(Debug, Clone, Copy)]
struct Cell {
    index: usize,
    part: f64,
}

impl Table {
    /// The cell of a value, the outermost for one beyond; `None` when it has no result.
    fn cell(&self, points: &[f64], x: f64) -> Option<Cell> {
        let (first, last) = (points.first()?, points.last()?);
        if x.is_nan() || (self.beyond != Beyond::Extrapolate && (x < *first || x > *last)) {
            return None;
        }
        let above = points.partition_point(|point| *point < x);
        let index = above.saturating_sub(1).min(points.len().checked_sub(2)?);
        let (low, high) = (points.get(index)?, points.get(index + 1)?);
        Some(Cell {
            index,
            part: (x - low) / (high - low),
        })
    }

    fn at(&self, cells: &[Cell], upper: usize) -> f64 {
        let mut place = 0;
        for (axis, (cell, points)) in cells.iter().zip(&self.points).enumerate() {
            place = place * points.len() + cell.index + (upper >> axis & 1);
        }
        self.values.get(place).copied().unwrap_or(f64::NAN)
    }

    fn value(&self, x: &[f64]) -> f64 {
        if x.iter().any(|x| x.is_nan()) {
            return f64::NAN;
        }
        let mut cells = [Cell {
            index: 0,
            part: 0.0,
        }; AXES];
        for ((cell, points), x) in cells.iter_mut().zip(&self.points).zip(x) {
            match self.cell(points, *x) {
                Some(found) => *cell = found,
                None => {
                    return match self.beyond {
                        Beyond::Fill(value) => value,
                        Beyond::Extrapolate => f64::NAN,
                    };
                }
            }
        }
        let cells = cells.get(..self.points.len()).unwrap_or_default();
        match self.method {
            Method::Nearest => {
                let upper = |(axis, cell): (usize, &Cell)| usize::from(cell.part > 0.5) << axis;
                self.at(cells, cells.iter().enumerate().map(upper).sum())
            }
            Method::Linear => (0..1 << cells.len())
                .map(|upper| {
                    let weight = |(axis, cell): (usize, &Cell)| {
                        if upper >> axis & 1 == 1 {
                            cell.part
                        } else {
                            1.0 - cell.part
                        }
                    };
                    let weight: f64 = cells.iter().enumerate().map(weight).product();
                    // The far side of a cell that is not entered may be infinite.
                    if weight == 0.0 {
                        0.0
                    } else {
                        weight * self.at(cells, upper)
                    }
                })
                .sum(),
        }
    }
}

impl Model for Table {
    fn arity(&self) -> (usize, usize) {
        (self.points.len(), 1)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        match (input, output) {
            ([x], [z]) => z
                .iter_mut()
                .zip(*x)
                .for_each(|(z, x)| *z = self.value(&[*x])),
            ([x, y], [z]) => {
                let points = z.iter_mut().zip(*x).zip(*y);
                points.for_each(|((z, x), y)| *z = self.value(&[*x, *y]));
            }
            (axes, [z]) => {
                let mut point = [f64::NAN; AXES];
                for (place, z) in z.iter_mut().enumerate() {
                    for (own, column) in point.iter_mut().zip(axes) {
                        *own = column.get(place).copied().unwrap_or(f64::NAN);
                    }
                    *z = self.value(point.get(..axes.len()).unwrap_or_default());
                }
            }
            _ => {}
        }
    }

    fn domain(&self) -> Option<Vec<Interval>> {
        let ends = |points: &Vec<f64>| {
            Some(Interval {
                low: *points.first()?,
                high: *points.last()?,
            })
        };
        self.points.iter().map(ends).collect()
    }

    /// In one dimension, when the values only rise or only fall.
    fn inverse(&self) -> Option<Arc<dyn Model>> {
        let [points] = self.points.as_slice() else {
            return None;
        };
        let (mut points, mut values) = (points.clone(), self.values.clone());
        if values.first()? > values.last()? {
            points.reverse();
            values.reverse();
        }
        values
            .is_sorted_by(|a, b| a < b)
            .then(|| -> Arc<dyn Model> {
                Arc::new(Self {
                    points: vec![values],
                    values: points,
                    ..self.clone()
                })
            })
    }
}

pub(super) fn read(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let (shape, values) = reader.array("lookup_table")?;
    let mut points = Vec::new();
    for axis in reader.list("points")? {
        points.push(reader.array_at(axis)?.1);
    }
    let fits = points.iter().map(Vec::len).eq(shape.iter().copied());
    if !fits || !(1..=AXES).contains(&shape.len()) || shape.iter().any(|count| *count < 2) {
        let wanted =
            format!("a list of at least two points for each of 1 to {AXES} axes of lookup_table");
        return Err(reader.wrong("points", &wanted));
    }
    if !points.iter().all(|axis| axis.is_sorted_by(|a, b| a < b)) {
        return Err(reader.wrong("points", "points in rising order"));
    }
    let method = match reader.text_or("method", "linear")? {
        "linear" => Some(Method::Linear),
        "nearest" => Some(Method::Nearest),
        "splinef2d" => None,
        method => {
            let error = Error::from(Unsupported::TransformOption {
                option: format!("method: {method}").into(),
            });
            return Err(error.at_path(|| reader.node.path()));
        }
    };
    let strict = !reader.has("bounds_error")
        || reader
            .node
            .get("bounds_error")
            .is_none_or(|node| node.text() != Some("false"));
    let beyond = match (strict, reader.has("fill_value")) {
        // The reference stops with an error; a point that has no result is NaN here.
        (true, _) => Beyond::Fill(f64::NAN),
        (false, true) => Beyond::Fill(reader.number("fill_value")?),
        (false, false) => Beyond::Extrapolate,
    };
    let Some(method) = method else {
        let fill = match beyond {
            Beyond::Fill(fill) => fill,
            // A surface ends with its table.
            Beyond::Extrapolate => f64::NAN,
        };
        return spline::surface(points, values, fill).ok_or_else(|| {
            let wanted = format!("at least {} points for each of two axes", spline::FEWEST);
            reader.wrong("points", &wanted)
        });
    };
    Ok(Arc::new(Table {
        points,
        values,
        method,
        beyond,
    }))
}
