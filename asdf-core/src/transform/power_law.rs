//! Power laws of one number and functions that are nearly power laws.

use std::f64::consts::LN_10;
use std::sync::Arc;

use super::function::{Function, power, read, unless_nan};
use super::model::Model;
use super::parameters::Reader;
use crate::error::Result;

/// `amplitude * (x / x_0)^-alpha`
#[derive(Debug)]
struct PowerLaw {
    /// Value at the reference point.
    amplitude: f64,
    /// Reference point.
    x_0: f64,
    /// Index; a pure number.
    alpha: f64,
}

impl Function<1> for PowerLaw {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        self.amplitude * power(x / self.x_0, -self.alpha)
    }
}

/// `amplitude * (x / x_break)^-alpha`, with one index below the break and another from there on.
#[derive(Debug)]
struct BrokenPowerLaw {
    /// Value at the break.
    amplitude: f64,
    /// The break.
    x_break: f64,
    /// Index below the break; a pure number.
    alpha_1: f64,
    /// Index from the break on; a pure number.
    alpha_2: f64,
}

impl Function<1> for BrokenPowerLaw {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        let alpha = if x < self.x_break {
            self.alpha_1
        } else {
            self.alpha_2
        };
        self.amplitude * (x / self.x_break).powf(-alpha)
    }
}

/// `amplitude * (x / x_break)^-alpha_1 * ((1 + (x / x_break)^(1/delta)) / 2)^((alpha_1 - alpha_2) * delta)`
#[derive(Debug)]
struct SmoothlyBrokenPowerLaw {
    /// Value at the break; positive.
    amplitude: f64,
    /// The break.
    x_break: f64,
    /// Index far below the break; a pure number.
    alpha_1: f64,
    /// Index far above the break; a pure number.
    alpha_2: f64,
    /// Smoothness of the break; a pure number, at least 0.001.
    delta: f64,
}

impl SmoothlyBrokenPowerLaw {
    /// Beyond this ln((x / `x_break`)^(1/delta)) the smaller term of `1 + (x / x_break)^(1/delta)` is
    /// left out, because the other one would overflow soon. The number is astropy's: it shows in
    /// the 13th digit.
    const FAR: f64 = 30.0;
}

impl Function<1> for SmoothlyBrokenPowerLaw {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        let ratio = x / self.x_break;
        let log_term = ratio.ln() / self.delta;
        let bend = (self.alpha_1 - self.alpha_2) * self.delta;
        unless_nan([x], || {
            if log_term > Self::FAR {
                self.amplitude * ratio.powf(-self.alpha_2) / bend.exp2()
            } else if log_term < -Self::FAR {
                self.amplitude * ratio.powf(-self.alpha_1) / bend.exp2()
            } else if log_term.is_nan() {
                // On the other side of 0 than the break the function is 0.
                0.0
            } else {
                let mean = f64::midpoint(1.0, log_term.exp());
                self.amplitude * ratio.powf(-self.alpha_1) * mean.powf(bend)
            }
        })
    }
}

/// `amplitude * (x / x_0)^-alpha * e^(-x / x_cutoff)`
#[derive(Debug)]
struct ExponentialCutoffPowerLaw {
    /// Value at the reference point but for the cutoff.
    amplitude: f64,
    /// Reference point.
    x_0: f64,
    /// Index; a pure number.
    alpha: f64,
    /// Scale of the cutoff, in units of the argument.
    x_cutoff: f64,
}

impl Function<1> for ExponentialCutoffPowerLaw {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        self.amplitude * power(x / self.x_0, -self.alpha) * (-x / self.x_cutoff).exp()
    }
}

/// `amplitude * (x / x_0)^(-alpha - beta * ln(x / x_0))`
#[derive(Debug)]
struct LogParabola {
    /// Value at the reference point.
    amplitude: f64,
    /// Reference point.
    x_0: f64,
    /// Index at the reference point; a pure number.
    alpha: f64,
    /// Curvature; a pure number.
    beta: f64,
}

impl Function<1> for LogParabola {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        let ratio = x / self.x_0;
        self.amplitude * ratio.powf(-self.alpha - self.beta * ratio.ln())
    }
}

/// The luminosity function of Schechter 1976, of a magnitude:
/// `0.4 ln10 * phi_star * f^(alpha + 1) * e^-f` with `f = 10^(0.4 (m_star - magnitude))`.
#[derive(Debug)]
struct Schechter {
    /// Normalization, a number density.
    phi_star: f64,
    /// Characteristic magnitude.
    m_star: f64,
    /// Slope of the faint end; a pure number.
    alpha: f64,
}

impl Function<1> for Schechter {
    fn value(&self, [magnitude]: [f64; 1]) -> f64 {
        let luminosity = 10_f64.powf(-0.4 * (magnitude - self.m_star));
        0.4 * LN_10 * self.phi_star * luminosity.powf(self.alpha + 1.0) * (-luminosity).exp()
    }
}

/// Reads `power_law1d`.
pub(super) fn read_power_law1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(PowerLaw {
        amplitude: reader.number("amplitude")?,
        x_0: reader.number("x_0")?,
        alpha: reader.number("alpha")?,
    })
}

/// Reads `broken_power_law1d`.
pub(super) fn read_broken_power_law1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(BrokenPowerLaw {
        amplitude: reader.number("amplitude")?,
        x_break: reader.number("x_break")?,
        alpha_1: reader.number("alpha_1")?,
        alpha_2: reader.number("alpha_2")?,
    })
}

/// Reads `smoothly_broken_power_law1d`.
pub(super) fn read_smoothly_broken_power_law1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let amplitude = reader.number("amplitude")?;
    if amplitude <= 0.0 {
        return Err(reader.wrong("amplitude", "a positive number"));
    }
    let delta = reader.number("delta")?;
    if delta < 0.001 {
        return Err(reader.wrong("delta", "a number of at least 0.001"));
    }
    read(SmoothlyBrokenPowerLaw {
        amplitude,
        x_break: reader.number("x_break")?,
        alpha_1: reader.number("alpha_1")?,
        alpha_2: reader.number("alpha_2")?,
        delta,
    })
}

/// Reads `exponential_cutoff_power_law1d`.
pub(super) fn read_exponential_cutoff_power_law1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(ExponentialCutoffPowerLaw {
        amplitude: reader.number("amplitude")?,
        x_0: reader.number("x_0")?,
        alpha: reader.number("alpha")?,
        x_cutoff: reader.number("x_cutoff")?,
    })
}

/// Reads `log_parabola1d`.
pub(super) fn read_log_parabola1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(LogParabola {
        amplitude: reader.number("amplitude")?,
        x_0: reader.number("x_0")?,
        alpha: reader.number("alpha")?,
        beta: reader.number("beta")?,
    })
}

/// Reads `schechter1d`.
pub(super) fn read_schechter1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Schechter {
        phi_star: reader.number("phi_star")?,
        m_star: reader.number("m_star")?,
        alpha: reader.number("alpha")?,
    })
}
