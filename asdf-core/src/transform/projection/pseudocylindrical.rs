//! Sanson-Flamsteed (SFL), parabolic (PAR), Mollweide (MOL), Hammer-Aitoff (AIT).
#![expect(clippy::many_single_char_names, reason = "coordinates have such names")]

use super::super::model::Model;
use super::super::parameters::Reader;
use super::sphere::{NOWHERE, Projection, R0, arcsine, projected, sin_cos};
use crate::error::Result;
use std::f64::consts::{PI, SQRT_2};
use std::sync::Arc;

/// How far beyond the edge of the map a rounding error may be, in degrees.
const EDGE: f64 = 1e-11;

/// A longitude of the map; `None` beyond its edges.
fn inside(phi: f64, theta: f64) -> (f64, f64) {
    if phi.abs() > 180.0 + EDGE || theta.is_nan() {
        return NOWHERE;
    }
    (phi, theta)
}

/// SFL: parallels have their true length.
#[derive(Debug, Clone, Copy)]
struct SansonFlamsteed;

impl Projection for SansonFlamsteed {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        let cos = y.to_radians().cos();
        if y.abs() > 90.0 + EDGE {
            return NOWHERE;
        }
        inside(if cos == 0.0 { 0.0 } else { x / cos }, y)
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        (phi * sin_cos(theta).1, theta)
    }
}

/// PAR: meridians are parabolas.
#[derive(Debug, Clone, Copy)]
struct Parabolic;

impl Projection for Parabolic {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        let part = y / 180.0;
        let width = 1.0 - 4.0 * part * part;
        let Some(third) = arcsine(part) else {
            return NOWHERE;
        };
        let phi = match width {
            0.0 if x == 0.0 => 0.0,
            width if width <= 0.0 => return NOWHERE,
            width => x / width,
        };
        inside(phi, 3.0 * third)
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        let sin = (theta / 3.0).to_radians().sin();
        (phi * (1.0 - 4.0 * sin * sin), 180.0 * sin)
    }
}

/// AIT: the sphere squeezed to half its longitudes, seen equal-area, and widened again.
#[derive(Debug, Clone, Copy)]
struct HammerAitoff;

impl Projection for HammerAitoff {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        let (u, v) = (x / (4.0 * R0), y / (2.0 * R0));
        let square = 1.0 - u * u - v * v;
        if square < 0.5 - 1e-13 || square.is_nan() {
            return NOWHERE;
        }
        let z = square.max(0.5).sqrt();
        let (east, ahead) = (z * x / (2.0 * R0), 2.0 * square.max(0.5) - 1.0);
        let phi = if east == 0.0 && ahead == 0.0 {
            0.0
        } else {
            2.0 * east.atan2(ahead).to_degrees()
        };
        arcsine(z * y / R0).map_or(NOWHERE, |theta| inside(phi, theta))
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        let ((sin, cos), (sine, cosine)) = (sin_cos(phi / 2.0), sin_cos(theta));
        let gamma = R0 * (2.0 / (1.0 + cosine * cos)).sqrt();
        (2.0 * gamma * cosine * sin, gamma * sine)
    }
}

/// MOL: areas are true, meridians are ellipses.
#[derive(Debug, Clone, Copy)]
struct Molleweide;

impl Projection for Molleweide {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        let sin = y / (SQRT_2 * R0);
        let Some(gamma) = arcsine(sin) else {
            return NOWHERE;
        };
        let cos = (1.0 - sin * sin).max(0.0).sqrt();
        let phi = match cos {
            0.0 if x.abs() < EDGE => 0.0,
            0.0 => return NOWHERE,
            cos => PI * x / (2.0 * SQRT_2 * cos),
        };
        let sine = (2.0 * gamma.to_radians() + 2.0 * sin * cos) / PI;
        arcsine(sine).map_or(NOWHERE, |theta| inside(phi, theta))
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        let gamma = auxiliary(theta);
        let (sin, cos) = gamma.sin_cos();
        (2.0 * SQRT_2 / PI * phi * cos, SQRT_2 * R0 * sin)
    }
}

/// The angle γ in radians with 2γ + sin 2γ = π sin θ.
fn auxiliary(theta: f64) -> f64 {
    /// More than enough: Newton's steps and halvings of the bracket.
    const STEPS: usize = 120;
    if theta.abs() >= 90.0 || theta.is_nan() {
        return theta.to_radians();
    }
    let wanted = PI * sin_cos(theta).0;
    let (mut low, mut high) = (-PI, PI);
    let mut double = wanted / 2.0;
    for _ in 0..STEPS {
        let error = double + double.sin() - wanted;
        if error == 0.0 || high - low < 1e-16 {
            break;
        }
        if error > 0.0 {
            high = double;
        } else {
            low = double;
        }
        let newton = double - error / (1.0 + double.cos());
        let next = if newton > low && newton < high {
            newton
        } else {
            f64::midpoint(low, high)
        };
        if (next - double).abs() < 1e-16 {
            break;
        }
        double = next;
    }
    double / 2.0
}

pub(super) fn read_sanson_flamsteed(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    projected(reader, SansonFlamsteed)
}

pub(super) fn read_parabolic(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    projected(reader, Parabolic)
}

pub(super) fn read_molleweide(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    projected(reader, Molleweide)
}

pub(super) fn read_hammer_aitoff(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    projected(reader, HammerAitoff)
}
