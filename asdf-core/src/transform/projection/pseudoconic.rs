//! Bonne's equal-area projection (BON) and the polyconic projection (PCO).

use super::super::model::Model;
use super::super::parameters::Reader;
use super::sphere::{NOWHERE, Projection, R0, projected, sin_cos};
use crate::error::Result;
use std::sync::Arc;

/// Degrees by which wcslib lets native coordinates be off.
const EDGE: f64 = 1e-11;

fn inside(phi: f64, theta: f64) -> (f64, f64) {
    let beyond = phi.abs() > 180.0 + EDGE || theta.abs() > 90.0 + EDGE;
    if beyond || phi.is_nan() || theta.is_nan() {
        NOWHERE
    } else {
        (phi, theta)
    }
}

/// BON: parallels are arcs about one centre, with their true length.
#[derive(Debug, Clone, Copy)]
struct Bonne {
    theta1: f64,
    apex: f64,
}

impl Projection for Bonne {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        let down = self.apex - y;
        let radius = if self.theta1 < 0.0 {
            -x.hypot(down)
        } else {
            x.hypot(down)
        };
        let theta = self.apex - radius;
        let angle = if radius == 0.0 {
            0.0
        } else {
            (x / radius).atan2(down / radius)
        };
        let cos = sin_cos(theta).1;
        let phi = if cos == 0.0 {
            0.0
        } else {
            angle.to_degrees() * (radius / R0) / cos
        };
        inside(phi, theta)
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        let radius = self.apex - theta;
        let angle = if radius == 0.0 {
            0.0
        } else {
            R0 * phi * sin_cos(theta).1 / radius
        };
        let (sin, cos) = sin_cos(angle);
        (radius * sin, self.apex - radius * cos)
    }
}

pub(super) fn read_bonne(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let theta1 = reader.number_or("theta1", 0.0)?;
    let (sin, cos) = sin_cos(theta1);
    if sin == 0.0 {
        return Err(reader.wrong("theta1", "a latitude that is not 0"));
    }
    let apex = theta1 + R0 * cos / sin;
    projected(reader, Bonne { theta1, apex })
}

/// PCO: each parallel is an arc about a centre of its own.
#[derive(Debug, Clone, Copy)]
struct Polyconic;

/// The latitude whose arc goes through a point with y above 0.
fn latitude(x: f64, y: f64) -> Option<f64> {
    /// A bracket of 90 degrees, halved below rounding.
    const HALVINGS: usize = 80;
    let height = |theta: f64| {
        let rest = y - theta;
        let (sin, cos) = sin_cos(theta);
        (x * x + rest * rest) * sin - 2.0 * rest * R0 * cos
    };
    let (mut low, mut high) = (0.0, y.min(90.0));
    if height(high) < 0.0 || y.is_nan() || x.is_nan() {
        return None;
    }
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if height(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(f64::midpoint(low, high))
}

impl Projection for Polyconic {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        if y == 0.0 {
            return inside(x, 0.0);
        }
        // At the height of a pole there is nothing but the pole, as wcslib has it.
        if (y.abs() - 90.0).abs() < 1e-12 && !x.is_nan() {
            return (0.0, 90.0_f64.copysign(y));
        }
        let Some(theta) = latitude(x, y.abs()) else {
            return NOWHERE;
        };
        let (sin, cos) = sin_cos(theta);
        if cos == 0.0 {
            return inside(0.0, theta.copysign(y));
        }
        let tan = sin / cos / R0;
        let angle = (x * tan).atan2(1.0 - (y.abs() - theta) * tan);
        let phi = if sin == 0.0 {
            x
        } else {
            angle.to_degrees() / sin
        };
        inside(phi, theta.copysign(y))
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        if theta == 0.0 {
            return (phi, 0.0);
        }
        let (sin, cos) = sin_cos(theta);
        let (sine, cosine) = sin_cos(phi * sin);
        let cot = R0 * cos / sin;
        (cot * sine, theta + cot * (1.0 - cosine))
    }
}

pub(super) fn read_polyconic(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    projected(reader, Polyconic)
}
