//! shift, scale, multiplyscale, `redshift_scale_factor`, linear1d, planar2d, constant, affine.
#![expect(clippy::many_single_char_names, reason = "coordinates have such names")]

use super::model::Model;
use super::model::Role;
use super::parameters::Reader;
use crate::error::Result;
use std::sync::Arc;

/// x → slope · x + intercept; the parts that are neutral are left out, so that nothing is rounded twice.
#[derive(Debug, Clone, Copy)]
enum Line {
    Shift(f64),
    Scale(f64),
    Full {
        slope: f64,
        intercept: f64,
    },
    /// A constant divided by x.
    Reciprocal(f64),
}

impl Model for Line {
    fn arity(&self) -> (usize, usize) {
        (1, 1)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([x], [y]) = (input, output) else { return };
        let points = y.iter_mut().zip(*x);
        match *self {
            Self::Shift(offset) => points.for_each(|(y, x)| *y = x + offset),
            Self::Scale(factor) => points.for_each(|(y, x)| *y = factor * x),
            Self::Full { slope, intercept } => {
                points.for_each(|(y, x)| *y = slope * x + intercept);
            }
            Self::Reciprocal(constant) => points.for_each(|(y, x)| *y = constant / x),
        }
    }

    fn role(&self) -> Role {
        let (slope, intercept) = match *self {
            Self::Shift(offset) => (1.0, offset),
            Self::Scale(factor) => (factor, 0.0),
            Self::Full { slope, intercept } => (slope, intercept),
            Self::Reciprocal(_) => return Role::Other,
        };
        Role::Line { slope, intercept }
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(Arc::new(match *self {
            Self::Shift(offset) => Self::Shift(-offset),
            Self::Scale(factor) => Self::Scale(1.0 / factor),
            Self::Full { slope, intercept } => Self::Full {
                slope: 1.0 / slope,
                intercept: -intercept / slope,
            },
            Self::Reciprocal(constant) => Self::Reciprocal(constant),
        }))
    }
}

pub(super) fn shift(offset: f64) -> Arc<dyn Model> {
    Arc::new(Line::Shift(offset))
}

pub(super) fn scale(factor: f64) -> Arc<dyn Model> {
    Arc::new(Line::Scale(factor))
}

/// The simplest model for a line.
#[expect(clippy::float_cmp, reason = "only what is neutral is left out")]
pub(super) fn line(slope: f64, intercept: f64) -> Arc<dyn Model> {
    Arc::new(if slope == 1.0 {
        Line::Shift(intercept)
    } else if intercept == 0.0 {
        Line::Scale(slope)
    } else {
        Line::Full { slope, intercept }
    })
}

pub(super) fn reciprocal(constant: f64) -> Arc<dyn Model> {
    Arc::new(Line::Reciprocal(constant))
}

pub(super) fn read_shift(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    Ok(shift(reader.number_or("offset", 0.0)?))
}

pub(super) fn read_scale(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    Ok(scale(reader.number_or("factor", 1.0)?))
}

pub(super) fn read_redshift(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    Ok(scale(1.0 + reader.number_or("z", 0.0)?))
}

pub(super) fn read_linear1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    Ok(Arc::new(Line::Full {
        slope: reader.number_or("slope", 1.0)?,
        intercept: reader.number_or("intercept", 0.0)?,
    }))
}

/// `(x, y)` → `slope_x · x + slope_y · y + intercept`.
#[derive(Debug, Clone, Copy)]
struct Plane {
    slope: [f64; 2],
    intercept: f64,
}

impl Model for Plane {
    fn arity(&self) -> (usize, usize) {
        (2, 1)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([x, y], [z]) = (input, output) else {
            return;
        };
        for ((z, x), y) in z.iter_mut().zip(*x).zip(*y) {
            *z = self.slope[0] * x + self.slope[1] * y + self.intercept;
        }
    }
}

pub(super) fn read_planar2d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    Ok(Arc::new(Plane {
        slope: [reader.number("slope_x")?, reader.number("slope_y")?],
        intercept: reader.number("intercept")?,
    }))
}

/// The same value whatever the inputs are, NaN too.
#[derive(Debug, Clone, Copy)]
struct Constant {
    inputs: usize,
    value: f64,
}

impl Model for Constant {
    fn arity(&self) -> (usize, usize) {
        (self.inputs, 1)
    }

    fn eval(&self, _: &[&[f64]], output: &mut [&mut [f64]]) {
        for column in output {
            column.fill(self.value);
        }
    }
}

/// Before version 1.4.0 there are no `dimensions`: one input.
pub(super) fn read_constant(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let inputs = if reader.has("dimensions") {
        reader.count("dimensions")?
    } else {
        1
    };
    if !(1..=2).contains(&inputs) {
        return Err(reader.wrong("dimensions", "1 or 2"));
    }
    Ok(Arc::new(Constant {
        inputs,
        value: reader.number("value")?,
    }))
}

/// (x, y) → matrix · (x, y) + translation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Affine {
    pub(super) matrix: [[f64; 2]; 2],
    pub(super) translation: [f64; 2],
}

impl Model for Affine {
    fn arity(&self) -> (usize, usize) {
        (2, 2)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([x, y], [u, v]) = (input, output) else {
            return;
        };
        let [[a, b], [c, d]] = self.matrix;
        let [s, t] = self.translation;
        for (((u, v), x), y) in u.iter_mut().zip(v.iter_mut()).zip(*x).zip(*y) {
            *u = a * x + b * y + s;
            *v = c * x + d * y + t;
        }
    }

    fn depends(&self, output: usize, input: usize) -> bool {
        let cell = self.matrix.get(output).and_then(|row| row.get(input));
        cell.is_none_or(|cell| *cell != 0.0)
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        let [[a, b], [c, d]] = self.matrix;
        let [s, t] = self.translation;
        let determinant = a * d - b * c;
        if determinant == 0.0 || !determinant.is_finite() {
            return None;
        }
        let matrix = [
            [d / determinant, -b / determinant],
            [-c / determinant, a / determinant],
        ];
        let translation = matrix.map(|[left, right]| -(left * s + right * t));
        Some(Arc::new(Self {
            matrix,
            translation,
        }))
    }
}

pub(super) fn read_affine(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let (shape, matrix) = reader.array("matrix")?;
    let ([2, 2], &[a, b, c, d]) = (shape.as_slice(), matrix.as_slice()) else {
        return Err(reader.wrong("matrix", "a matrix of 2×2 numbers"));
    };
    let translation = if reader.has("translation") {
        reader.array("translation")?.1
    } else {
        vec![0.0, 0.0]
    };
    let &[s, t] = translation.as_slice() else {
        return Err(reader.wrong("translation", "two numbers"));
    };
    Ok(Arc::new(Affine {
        matrix: [[a, b], [c, d]],
        translation: [s, t],
    }))
}

/// What comes in goes out; what changes is the unit.
#[derive(Debug, Clone, Copy)]
struct Same {
    inputs: usize,
}

impl Model for Same {
    fn arity(&self) -> (usize, usize) {
        (self.inputs, self.inputs)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        for (to, from) in output.iter_mut().zip(input) {
            to.copy_from_slice(from);
        }
    }
}

/// `units_mapping` of astropy.
pub(super) fn read_units_mapping(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let inputs = reader.list("unit_inputs")?.len();
    if inputs != reader.list("unit_outputs")?.len() {
        return Err(reader.wrong(
            "unit_outputs",
            &format!("a list of {inputs} as unit_inputs"),
        ));
    }
    Ok(Arc::new(Same { inputs }))
}
