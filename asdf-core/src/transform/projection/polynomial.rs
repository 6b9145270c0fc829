//! `ZPN`: the distance from the centre is a polynomial of the distance from the pole. No tag of the standard has it; headers
//! of FITS files do.

use super::super::model::Model;
use super::super::parameters::Reader;
use super::sphere::{R0, projected};
use super::zenithal::{Radial, Zenithal};
use crate::error::Result;
use std::f64::consts::PI;
use std::sync::Arc;

/// How near distances from the pole are found, in radians.
const ROUNDING: f64 = 1e-13;

/// A polynomial of the distance from the pole in radians, and where it stops to rise.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ZenithalPolynomial {
    coefficients: Vec<f64>,
    /// Distance from the pole up to which it rises.
    limit: f64,
}

impl ZenithalPolynomial {
    /// `None` for a constant, and for one that falls at the pole.
    pub(crate) fn new(coefficients: &[f64]) -> Option<Self> {
        let last = coefficients.iter().rposition(|value| *value != 0.0)?;
        let coefficients = coefficients.get(..=last)?.to_vec();
        if last == 0 || coefficients.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let mut own = Self {
            coefficients,
            limit: PI,
        };
        if last > 1 {
            own.limit = own.first_summit()?;
        }
        Some(own)
    }

    /// Where the derivative is first zero, as finely as wcslib looks: by degrees.
    fn first_summit(&self) -> Option<f64> {
        if self.slope(0.0) <= 0.0 {
            return None;
        }
        let mut rising = 0.0;
        for degree in 1..180_u8 {
            let at = f64::from(degree).to_radians();
            if self.slope(at) > 0.0 {
                rising = at;
                continue;
            }
            let mut falling = at;
            for _ in 0..80 {
                let middle = f64::midpoint(rising, falling);
                if self.slope(middle) > 0.0 {
                    rising = middle;
                } else {
                    falling = middle;
                }
            }
            return Some(rising);
        }
        Some(PI)
    }

    fn slope(&self, zeta: f64) -> f64 {
        let powers = self.coefficients.iter().enumerate().skip(1).rev();
        powers.fold(0.0, |sum, (power, value)| {
            #[expect(clippy::cast_precision_loss, reason = "few terms")]
            let power = power as f64;
            sum * zeta + power * value
        })
    }

    /// The distance from the centre, in radians, of one from the pole.
    pub(crate) fn radius(&self, zeta: f64) -> f64 {
        let powers = self.coefficients.iter().rev();
        powers.fold(0.0, |sum, value| sum * zeta + value)
    }

    /// Up to which distance from the pole it rises, in radians.
    #[cfg(feature = "fits")]
    pub(crate) fn limit(&self) -> f64 {
        self.limit
    }

    /// The coefficients, the constant first.
    #[cfg(feature = "fits")]
    pub(crate) fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The distance from the pole of one from the centre, both in radians; of two the nearer to the pole.
    pub(crate) fn zeta(&self, radius: f64) -> Option<f64> {
        if let [constant, slope] = *self.coefficients.as_slice() {
            return Some((radius - constant) / slope);
        }
        let (lowest, highest) = (self.radius(0.0), self.radius(self.limit));
        if radius.is_nan() || radius < lowest - ROUNDING || radius > highest + ROUNDING {
            return None;
        }
        let (mut low, mut high) = (0.0, self.limit);
        let mut at = if highest > lowest {
            (self.limit * (radius - lowest) / (highest - lowest)).clamp(low, high)
        } else {
            0.0
        };
        // Newton's steps, halving where they leave the bracket.
        for _ in 0..100 {
            let error = self.radius(at) - radius;
            if error < 0.0 {
                low = at;
            } else {
                high = at;
            }
            let slope = self.slope(at);
            let next = at - error / slope;
            let next = if next > low && next < high {
                next
            } else {
                f64::midpoint(low, high)
            };
            if (next - at).abs() < 1e-16 || error == 0.0 {
                break;
            }
            at = next;
        }
        Some(at)
    }
}

impl Radial for ZenithalPolynomial {
    fn theta(&self, radius: f64) -> Option<f64> {
        let zeta = self.zeta(radius / R0)?;
        Some(90.0 - zeta.to_degrees())
    }

    fn radius(&self, theta: f64) -> Option<f64> {
        let zeta = (90.0 - theta).to_radians();
        let is_beyond = zeta.is_nan() || zeta > self.limit + ROUNDING;
        (!is_beyond).then(|| R0 * Self::radius(self, zeta))
    }
}

pub(crate) fn read(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let (_, coefficients) = reader.array("coefficients")?;
    let projection = ZenithalPolynomial::new(&coefficients);
    let projection =
        projection.ok_or_else(|| reader.wrong("coefficients", "a polynomial that rises from 0"))?;
    projected(reader, Zenithal(projection))
}
