//! Sine, cosine and tangent of one number, and their inverses.

use std::f64::consts::TAU;
use std::sync::Arc;

use super::function::{Function, model, read};
use super::model::Model;
use super::parameters::Reader;
use crate::error::Result;

/// A wave's parameters; a function and its inverse have the same.
#[derive(Debug, Clone, Copy)]
struct Wave {
    /// In units of the wave's value.
    amplitude: f64,
    /// Periods per unit of the wave's argument.
    frequency: f64,
    /// In periods.
    phase: f64,
}

impl Wave {
    fn read(reader: &Reader<'_>) -> Result<Self> {
        Ok(Self {
            amplitude: reader.number_or("amplitude", 1.0)?,
            frequency: reader.number_or("frequency", 1.0)?,
            phase: reader.number_or("phase", 0.0)?,
        })
    }

    /// The angle at a place, in radians.
    fn angle(&self, x: f64) -> f64 {
        TAU * (self.frequency * x + self.phase)
    }

    /// The place where the angle is so many radians.
    fn place(&self, angle: f64) -> f64 {
        (angle / TAU - self.phase) / self.frequency
    }
}

/// `amplitude * sin(2π (frequency * x + phase))`
#[derive(Debug)]
struct Sine(Wave);

impl Function<1> for Sine {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        self.0.amplitude * self.0.angle(x).sin()
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(model(ArcSine(self.0)))
    }
}

/// `amplitude * cos(2π (frequency * x + phase))`
#[derive(Debug)]
struct Cosine(Wave);

impl Function<1> for Cosine {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        self.0.amplitude * self.0.angle(x).cos()
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(model(ArcCosine(self.0)))
    }
}

/// `amplitude * tan(2π (frequency * x + phase))`
#[derive(Debug)]
struct Tangent(Wave);

impl Function<1> for Tangent {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        self.0.amplitude * self.0.angle(x).tan()
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(model(ArcTangent(self.0)))
    }
}

/// `(arcsin(x / amplitude) / 2π - phase) / frequency`
#[derive(Debug)]
struct ArcSine(Wave);

impl Function<1> for ArcSine {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        self.0.place((x / self.0.amplitude).asin())
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(model(Sine(self.0)))
    }
}

/// `(arccos(x / amplitude) / 2π - phase) / frequency`
#[derive(Debug)]
struct ArcCosine(Wave);

impl Function<1> for ArcCosine {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        self.0.place((x / self.0.amplitude).acos())
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(model(Cosine(self.0)))
    }
}

/// `(arctan(x / amplitude) / 2π - phase) / frequency`
#[derive(Debug)]
struct ArcTangent(Wave);

impl Function<1> for ArcTangent {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        self.0.place((x / self.0.amplitude).atan())
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(model(Tangent(self.0)))
    }
}

/// Reads `sine1d`.
pub(super) fn read_sine1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Sine(Wave::read(reader)?))
}

/// Reads `cosine1d`.
pub(super) fn read_cosine1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Cosine(Wave::read(reader)?))
}

/// Reads `tangent1d`.
pub(super) fn read_tangent1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Tangent(Wave::read(reader)?))
}

/// Reads `arcsine1d`.
pub(super) fn read_arcsine1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(ArcSine(Wave::read(reader)?))
}

/// Reads `arccosine1d`.
pub(super) fn read_arccosine1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(ArcCosine(Wave::read(reader)?))
}

/// Reads `arctangent1d`.
pub(super) fn read_arctangent1d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(ArcTangent(Wave::read(reader)?))
}
