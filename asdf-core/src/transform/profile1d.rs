//! Profiles along one axis.

use std::f64::consts::{LN_2, PI};
use std::sync::Arc;

use super::function::{Function, power, read, unless_nan};
use super::model::Model;
use super::parameters::Reader;
use super::special::{Faddeeva, gamma_median};
use crate::error::Result;

/// `amplitude * e^(-(x - mean)² / 2 stddev²)`
#[derive(Debug)]
struct Gaussian {
    /// Value at the peak.
    amplitude: f64,
    /// Place of the peak.
    mean: f64,
    /// Standard deviation, in units of the argument.
    stddev: f64,
}

impl Function<1> for Gaussian {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        let offset = x - self.mean;
        self.amplitude * (-0.5 * (offset * offset) / (self.stddev * self.stddev)).exp()
    }
}

/// `amplitude * (fwhm/2)² / ((x - x_0)² + (fwhm/2)²)`
#[derive(Debug)]
struct Lorentz {
    /// Value at the peak.
    amplitude: f64,
    /// Place of the peak.
    x_0: f64,
    /// Full width at half maximum, in units of the argument.
    fwhm: f64,
}

impl Function<1> for Lorentz {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        let half = (self.fwhm / 2.0).powi(2);
        self.amplitude * half / ((x - self.x_0).powi(2) + half)
    }
}

/// The convolution of a Lorentz and a Gauss profile: with `w` the Faddeeva function,
/// `Re w(√ln2 (2 (x - x_0) + i fwhm_l) / fwhm_g) * √(π ln2) / fwhm_g * fwhm_l * amplitude_l`.
#[derive(Debug)]
struct Voigt {
    /// Place of the peak.
    x_0: f64,
    /// Value of the Lorentz profile at its peak.
    amplitude_l: f64,
    /// Full width at half maximum of the Lorentz profile, in units of the argument.
    fwhm_l: f64,
    /// Full width at half maximum of the Gauss profile, in units of the argument.
    fwhm_g: f64,
    /// The Faddeeva function.
    faddeeva: Faddeeva,
}

impl Function<1> for Voigt {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        let root = LN_2.sqrt();
        let real = 2.0 * (x - self.x_0) * root / self.fwhm_g;
        let imaginary = self.fwhm_l * root / self.fwhm_g;
        let norm = (LN_2 * PI).sqrt() / self.fwhm_g * self.fwhm_l * self.amplitude_l;
        self.faddeeva.real_part(real, imaginary) * norm
    }
}

/// `amplitude * (1 + ((x - x_0) / gamma)²)^-alpha`
#[derive(Debug)]
struct Moffat {
    /// Value at the peak.
    amplitude: f64,
    /// Place of the peak.
    x_0: f64,
    /// Width of the core, in units of the argument.
    gamma: f64,
    /// Index; a pure number.
    alpha: f64,
}

impl Function<1> for Moffat {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        self.amplitude * (1.0 + ((x - self.x_0) / self.gamma).powi(2)).powf(-self.alpha)
    }
}

/// `amplitude * (fwhm/x_0)² / ((x/x_0 - x_0/x)² + (fwhm/x_0)²)`
#[derive(Debug)]
struct Drude {
    /// Value at the peak.
    amplitude: f64,
    /// Place of the peak; not 0.
    x_0: f64,
    /// Full width at half maximum, in units of the argument.
    fwhm: f64,
}

impl Function<1> for Drude {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        let width = (self.fwhm / self.x_0).powi(2);
        self.amplitude * width / ((x / self.x_0 - self.x_0 / x).powi(2) + width)
    }
}

/// `amplitude * (1 - 2u) * e^-u` with `u = (x - x_0)² / 2 sigma²`
#[derive(Debug)]
struct RickerWavelet {
    /// Value at the peak.
    amplitude: f64,
    /// Place of the peak.
    x_0: f64,
    /// Width, in units of the argument.
    sigma: f64,
}

impl Function<1> for RickerWavelet {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        let u = (x - self.x_0).powi(2) / (2.0 * (self.sigma * self.sigma));
        self.amplitude * (1.0 - 2.0 * u) * (-u).exp()
    }
}

/// The amplitude in a closed interval, 0 elsewhere.
#[derive(Debug)]
struct Box1d {
    /// Value in the interval.
    amplitude: f64,
    /// Middle of the interval.
    x_0: f64,
    /// Length of the interval, in units of the argument.
    width: f64,
}

impl Function<1> for Box1d {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        let half = self.width / 2.0;
        unless_nan([x], || {
            if x >= self.x_0 - half && x <= self.x_0 + half {
                self.amplitude
            } else {
                0.0
            }
        })
    }
}

/// The amplitude in an interval, straight flanks down to 0 on both sides.
#[derive(Debug)]
struct Trapezoid {
    /// Value in the interval.
    amplitude: f64,
    /// Middle of the interval.
    x_0: f64,
    /// Length of the interval, in units of the argument.
    width: f64,
    /// Slope of the flanks, in units of the value per unit of the argument.
    slope: f64,
}

impl Function<1> for Trapezoid {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        let (left, right) = (self.x_0 - self.width / 2.0, self.x_0 + self.width / 2.0);
        let flank = self.amplitude / self.slope;
        let (start, end) = (left - flank, right + flank);
        unless_nan([x], || {
            if x >= start && x < left {
                self.slope * (x - start)
            } else if x >= left && x < right {
                self.amplitude
            } else if x >= right && x < end {
                self.slope * (end - x)
            } else {
                0.0
            }
        })
    }
}

/// The brightness profile of Sérsic: `amplitude * e^(-b ((r / r_eff)^(1/n) - 1))`, with `b` such that
/// half of the light is within `r_eff`.
#[derive(Debug)]
struct Sersic {
    /// Value at the effective radius.
    amplitude: f64,
    /// The effective radius.
    r_eff: f64,
    /// 1 / the Sérsic index; a pure number.
    exponent: f64,
    /// `b`; a pure number.
    scale: f64,
}

impl Function<1> for Sersic {
    fn value(&self, [r]: [f64; 1]) -> f64 {
        let reduced = power(r / self.r_eff, self.exponent);
        self.amplitude * (-self.scale * (reduced - 1.0)).exp()
    }
}

/// The projected density profile of King 1962:
/// `amplitude * r_core² (1/√(x² + r_core²) - 1/√(r_tide² + r_core²))²`, 0 outside of `[0, r_tide)`.
#[derive(Debug)]
struct King {
    /// Scale of the value.
    amplitude: f64,
    /// Core radius, in units of the argument.
    r_core: f64,
    /// Tidal radius, in units of the argument.
    r_tide: f64,
}

impl Function<1> for King {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        let core = self.r_core * self.r_core;
        if x >= self.r_tide || x < 0.0 {
            return 0.0;
        }
        let at = |r: f64| 1.0 / (r * r + core).sqrt();
        self.amplitude * core * (at(x) - at(self.r_tide)).powi(2)
    }
}

/// The density profile of Plummer 1911: `3 mass / (4π r_plum³) * (1 + (x / r_plum)²)^(-5/2)`
#[derive(Debug)]
struct Plummer {
    /// Total mass.
    mass: f64,
    /// Plummer radius, in units of the argument.
    r_plum: f64,
}

impl Function<1> for Plummer {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        let center = 3.0 * self.mass / (4.0 * PI * self.r_plum.powi(3));
        center * (1.0 + (x / self.r_plum).powi(2)).powf(-2.5)
    }
}

/// Reads `gaussian1d`.
pub(super) fn read_gaussian1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Gaussian {
        amplitude: reader.number("amplitude")?,
        mean: reader.number("mean")?,
        stddev: reader.number("stddev")?,
    })
}

/// Reads `lorentz1d`.
pub(super) fn read_lorentz1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Lorentz {
        amplitude: reader.number("amplitude")?,
        x_0: reader.number("x_0")?,
        fwhm: reader.number("fwhm")?,
    })
}

/// Reads `voigt1d`.
pub(super) fn read_voigt1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Voigt {
        x_0: reader.number("x_0")?,
        amplitude_l: reader.number("amplitude_L")?,
        fwhm_l: reader.number("fwhm_L")?,
        fwhm_g: reader.number("fwhm_G")?,
        faddeeva: Faddeeva::new(),
    })
}

/// Reads `moffat1d`.
pub(super) fn read_moffat1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Moffat {
        amplitude: reader.number("amplitude")?,
        x_0: reader.number("x_0")?,
        gamma: reader.number("gamma")?,
        alpha: reader.number("alpha")?,
    })
}

/// Reads `drude1d`.
pub(super) fn read_drude1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Drude {
        amplitude: reader.number("amplitude")?,
        x_0: reader.number("x_0")?,
        fwhm: reader.number("fwhm")?,
    })
}

/// Reads `ricker_wavelet1d`.
pub(super) fn read_ricker_wavelet1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(RickerWavelet {
        amplitude: reader.number("amplitude")?,
        x_0: reader.number("x_0")?,
        sigma: reader.number("sigma")?,
    })
}

/// Reads `box1d`.
pub(super) fn read_box1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Box1d {
        amplitude: reader.number("amplitude")?,
        x_0: reader.number("x_0")?,
        width: reader.number("width")?,
    })
}

/// Reads `trapezoid1d`.
pub(super) fn read_trapezoid1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Trapezoid {
        amplitude: reader.number("amplitude")?,
        x_0: reader.number("x_0")?,
        width: reader.number("width")?,
        slope: reader.number("slope")?,
    })
}

/// Reads `sersic1d`.
pub(super) fn read_sersic1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let n = reader.number("n")?;
    read(Sersic {
        amplitude: reader.number("amplitude")?,
        r_eff: reader.number("r_eff")?,
        exponent: 1.0 / n,
        scale: gamma_median(2.0 * n),
    })
}

/// Reads `king_projected_analytic1d`.
pub(super) fn read_king_projected_analytic1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(King {
        amplitude: reader.number("amplitude")?,
        r_core: reader.number("r_core")?,
        r_tide: reader.number("r_tide")?,
    })
}

/// Reads `plummer1d`.
pub(super) fn read_plummer1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Plummer {
        mass: reader.number("mass")?,
        r_plum: reader.number("r_plum")?,
    })
}
