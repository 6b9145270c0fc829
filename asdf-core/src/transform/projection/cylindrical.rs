//! cylindrical perspective (CYP), equal area (CEA), plate carrée (CAR), Mercator (MER).

use super::super::model::Model;
use super::super::parameters::Reader;
use super::sphere::{NOWHERE, Projection, R0, arcsine, bounded, projected, sin_cos};
use crate::error::Result;
use std::sync::Arc;

/// Degrees by which wcslib lets native coordinates be off.
const ROUNDING: f64 = 1e-13;

/// CAR: longitude and latitude as they are.
#[derive(Debug, Clone, Copy)]
struct PlateCarree {
    /// Whether the plane ends with the native sphere, as it does in FITS headers; that of the reference goes on.
    is_bounded: bool,
}

impl Projection for PlateCarree {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        if !self.is_bounded {
            return (x, y);
        }
        bounded((x, y), 1e-12)
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        (phi, theta)
    }
}

/// MER: angles are true.
#[derive(Debug, Clone, Copy)]
struct Mercator;

impl Projection for Mercator {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        if x.abs() > 180.0 + 1e-11 {
            return NOWHERE;
        }
        (x, 2.0 * (y / R0).exp().atan().to_degrees() - 90.0)
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        if theta.abs() >= 90.0 {
            return NOWHERE;
        }
        (phi, R0 * f64::midpoint(theta, 90.0).to_radians().tan().ln())
    }
}

/// CEA: areas are true.
#[derive(Debug, Clone, Copy)]
struct EqualArea {
    lambda: f64,
}

impl Projection for EqualArea {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        let theta = arcsine(y * self.lambda / R0);
        theta.map_or(NOWHERE, |theta| bounded((x, theta), ROUNDING))
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        (phi, R0 * sin_cos(theta).0 / self.lambda)
    }
}

/// CYP: from a point at `mu` radii from the centre onto a cylinder of radius `lambda`.
#[derive(Debug, Clone, Copy)]
struct Perspective {
    mu: f64,
    lambda: f64,
}

impl Projection for Perspective {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        let eta = y / (R0 * (self.mu + self.lambda));
        let beyond = arcsine(eta * self.mu / (eta * eta + 1.0).sqrt());
        let theta = beyond.map(|beyond| eta.atan2(1.0).to_degrees() + beyond);
        let theta = theta.filter(|theta| theta.abs() <= 90.0 + 1e-11);
        // A latitude beyond the sphere leaves the longitude as it is, in the reference as well.
        bounded((x / self.lambda, theta.unwrap_or(f64::NAN)), ROUNDING)
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        let (sin, cos) = sin_cos(theta);
        let depth = self.mu + cos;
        if depth == 0.0 {
            return NOWHERE;
        }
        (
            self.lambda * phi,
            R0 * (self.mu + self.lambda) * sin / depth,
        )
    }
}

pub(super) fn read_plate_carree(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let is_bounded = reader.has("is_bounded");
    projected(reader, PlateCarree { is_bounded })
}

pub(super) fn read_mercator(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    projected(reader, Mercator)
}

/// The schema says `lambda`, the reference writes `lam`.
fn lambda(reader: &Reader<'_>) -> Result<f64> {
    let key = if reader.has("lam") { "lam" } else { "lambda" };
    reader.number_or(key, 1.0)
}

pub(super) fn read_equal_area(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let lambda = lambda(reader)?;
    if !(lambda > 0.0 && lambda <= 1.0) {
        return Err(reader.wrong("lam", "more than 0 and at most 1"));
    }
    projected(reader, EqualArea { lambda })
}

pub(super) fn read_perspective(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let lambda = lambda(reader)?;
    let mu = reader.number_or("mu", 1.0)?;
    if lambda == 0.0 || mu + lambda == 0.0 {
        return Err(reader.wrong("lam", "neither 0 nor -mu"));
    }
    projected(reader, Perspective { mu, lambda })
}
