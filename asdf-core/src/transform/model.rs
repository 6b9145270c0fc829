//! What every elementary transform does.

use super::Interval;
use std::fmt::Debug;
use std::sync::Arc;

/// What a model is, where that allows it to be joined with its neighbours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Role {
    /// Nothing is known.
    Other,
    /// x → slope · x + intercept
    Line { slope: f64, intercept: f64 },
    /// A vector times a matrix that keeps lengths.
    Rotation([[f64; 3]; 3]),
    /// A direction in degrees to a vector of length 1.
    ToCartesian,
    /// A vector of any length to its direction in degrees.
    ToSpherical,
    /// A vector of any length to one of length 1.
    UnitVector,
}

/// An elementary transform, evaluated on columns of numbers. A NaN among the inputs of a point makes
/// NaN of the outputs that depend on it; nothing panics, whatever the numbers are.
pub(super) trait Model: Debug + Send + Sync {
    /// Numbers that a point has before and after.
    fn arity(&self) -> (usize, usize);

    /// Evaluates a batch: `input[i]` holds input `i` of every point, `output[j]` takes output `j`. All
    /// columns have the same length.
    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]);

    /// What it is.
    fn role(&self) -> Role {
        Role::Other
    }

    /// The inputs that it has results for, where it says so.
    fn domain(&self) -> Option<Vec<Interval>> {
        None
    }

    /// Whether an output changes with an input; true where that is not known.
    fn depends(&self, _output: usize, _input: usize) -> bool {
        true
    }

    /// The exact inverse, if there is one.
    fn inverse(&self) -> Option<Arc<dyn Model>> {
        None
    }
}
