//! Transforms that are a function of one or two numbers with one value.

use std::fmt::Debug;
use std::sync::Arc;

use super::model::Model;
use crate::error::Result;

/// A function of `N` numbers with one value. NaN in gives NaN out.
pub(super) trait Function<const N: usize>: Debug + Send + Sync + 'static {
    /// The value at a point.
    fn value(&self, x: [f64; N]) -> f64;

    /// The inverse function, for N = 1.
    fn inverse(&self) -> Option<Arc<dyn Model>> {
        None
    }
}

/// A function as a model; the loop over points is monomorphic.
#[derive(Debug)]
pub(super) struct Pointwise<F, const N: usize>(F);

impl<F: Function<N>, const N: usize> Model for Pointwise<F, N> {
    fn arity(&self) -> (usize, usize) {
        (N, 1)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let (Ok(columns), [out]) = (<[&[f64]; N]>::try_from(input), output) else {
            return;
        };
        for (i, value) in out.iter_mut().enumerate() {
            // A column that is too short counts as one that goes on with NaN.
            *value = self
                .0
                .value(columns.map(|column| column.get(i).copied().unwrap_or(f64::NAN)));
        }
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        self.0.inverse()
    }
}

/// A function as a shared model.
pub(super) fn model<F: Function<N>, const N: usize>(function: F) -> Arc<dyn Model> {
    Arc::new(Pointwise(function))
}

/// What a reader returns for a function that was read.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it is the last expression of readers, which can fail"
)]
pub(super) fn read<F: Function<N>, const N: usize>(function: F) -> Result<Arc<dyn Model>> {
    Ok(model(function))
}

/// The value of a function that is defined by cases, or NaN where a coordinate is NaN: comparisons
/// with NaN are false, so that it would otherwise end in the last case, as in astropy.
pub(super) fn unless_nan<const N: usize>(x: [f64; N], value: impl FnOnce() -> f64) -> f64 {
    if x.iter().any(|coordinate| coordinate.is_nan()) {
        f64::NAN
    } else {
        value()
    }
}

/// A power with a constant exponent, as numpy has it: `-∞` to the power 1/2 is NaN, like the square
/// roots of other negative numbers, where IEEE 754 has ∞.
pub(super) fn power(base: f64, exponent: f64) -> f64 {
    if base < 0.0 && exponent.to_bits() == 0.5_f64.to_bits() {
        f64::NAN
    } else {
        base.powf(exponent)
    }
}
