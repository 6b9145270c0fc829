//! The exponential function of one number and its inverse.

use std::sync::Arc;

use super::function::{Function, model, read};
use super::model::Model;
use super::parameters::Reader;
use crate::error::Result;

/// `amplitude * e^(x / tau)`
#[derive(Debug, Clone, Copy)]
struct Exponential {
    /// In units of the value.
    amplitude: f64,
    /// In units of the argument; not 0.
    tau: f64,
}

/// `amplitude * ln(x / tau)`
#[derive(Debug, Clone, Copy)]
struct Logarithmic {
    /// In units of the value.
    amplitude: f64,
    /// In units of the argument; not 0.
    tau: f64,
}

impl Function<1> for Exponential {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        self.amplitude * (x / self.tau).exp()
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        // With an amplitude of 0 the function is constant.
        (self.amplitude != 0.0).then(|| {
            model(Logarithmic {
                amplitude: self.tau,
                tau: self.amplitude,
            })
        })
    }
}

impl Function<1> for Logarithmic {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        self.amplitude * (x / self.tau).ln()
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        (self.amplitude != 0.0).then(|| {
            model(Exponential {
                amplitude: self.tau,
                tau: self.amplitude,
            })
        })
    }
}

/// The parameter `tau`. The schema calls it `r_core`, but files have it as `tau`, because astropy
/// writes and reads it under that name only.
fn read_tau(reader: &Reader<'_>) -> Result<f64> {
    match reader.number("tau")? {
        0.0 => Err(reader.wrong("tau", "a number other than 0")),
        tau => Ok(tau),
    }
}

/// Reads `exponential1d`.
pub(super) fn read_exponential1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Exponential {
        amplitude: reader.number("amplitude")?,
        tau: read_tau(reader)?,
    })
}

/// Reads `logarithmic1d`.
pub(super) fn read_logarithmic1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Logarithmic {
        amplitude: reader.number("amplitude")?,
        tau: read_tau(reader)?,
    })
}
