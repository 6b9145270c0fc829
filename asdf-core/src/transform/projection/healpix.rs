//! `HEALPix` (HPX) and its polar form (XPH), Calabretta & Roukema 2007.

use super::super::model::Model;
use super::super::parameters::Reader;
use super::sphere::{NOWHERE, Projection, arcsine, projected, sin_cos};
use crate::error::Result;
use std::f64::consts::FRAC_1_SQRT_2;
use std::sync::Arc;

const EDGE: f64 = 1e-10;
/// Degrees by which wcslib lets native coordinates be off.
const BOUND: f64 = 1e-12;

/// HPX: `facets` in longitude, `rows` in latitude.
#[derive(Debug, Clone, Copy)]
struct Healpix {
    facets: f64,
    rows: f64,
    /// Whether the number of rows is odd.
    odd: bool,
}

impl Healpix {
    /// The longitude in the middle of a polar facet.
    fn middle(self, phi: f64, north: bool) -> f64 {
        let shift = if self.odd || north { 1.0 } else { 0.0 };
        let facet = ((phi + 180.0) * self.facets / 360.0 + (1.0 - shift) / 2.0).floor();
        -180.0 + (2.0 * facet + shift) * 180.0 / self.facets
    }
}

impl Projection for Healpix {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        if x.abs() > 180.0 + BOUND || x.is_nan() {
            return NOWHERE;
        }
        let height = (y * self.facets).abs();
        if height <= 90.0 * (self.rows - 1.0) {
            let theta = arcsine(y * self.facets / (90.0 * self.rows));
            return theta.map_or(NOWHERE, |theta| (x, theta));
        }
        let sigma = f64::midpoint(self.rows, 1.0) - height / 180.0;
        if sigma < -EDGE || sigma.is_nan() {
            return NOWHERE;
        }
        let middle = self.middle(x, y > 0.0);
        let half = 180.0 / self.facets;
        if (x - middle).abs() > half * sigma + EDGE {
            return NOWHERE;
        }
        let theta = arcsine(1.0 - sigma * sigma / self.rows);
        let phi = if sigma <= 0.0 {
            middle
        } else {
            middle + (x - middle) / sigma
        };
        theta.map_or(NOWHERE, |theta| (phi, theta.copysign(y)))
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        let sin = sin_cos(theta).0;
        if sin.abs() <= (self.rows - 1.0) / self.rows {
            return (phi, 90.0 * self.rows / self.facets * sin);
        }
        if phi.is_nan() || theta.is_nan() {
            return NOWHERE;
        }
        let sigma = (self.rows * (1.0 - sin.abs())).max(0.0).sqrt();
        let middle = self.middle(phi, theta > 0.0);
        let y = 180.0 / self.facets * (f64::midpoint(self.rows, 1.0) - sigma);
        let x = middle + (phi - middle) * sigma;
        // The meridian at 180 is the right edge of the map, not the left one of a facet beyond.
        let x = if x > 180.0 { 360.0 - x } else { x };
        (x, y.copysign(theta))
    }
}

pub(super) fn read_healpix(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let (facets, rows) = (reader.number_or("H", 4.0)?, reader.number_or("X", 3.0)?);
    if !(facets >= 1.0 && rows >= 1.0 && facets.is_finite() && rows.is_finite()) {
        return Err(reader.wrong("H", "at least 1, with X at least 1"));
    }
    let odd = (rows + 0.5).floor() % 2.0 != 0.0;
    projected(reader, Healpix { facets, rows, odd })
}

/// XPH: the four quarters of `HEALPix` about the north pole.
#[derive(Debug, Clone, Copy)]
struct Polar;

impl Projection for Polar {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = (x * FRAC_1_SQRT_2, y * FRAC_1_SQRT_2);
        let (quarter, across, down) = match (x, y) {
            (x, y) if x <= 0.0 && y > 0.0 => (-180.0, -x - y, x - y),
            (x, y) if x < 0.0 && y <= 0.0 => (-90.0, x - y, x + y),
            (x, y) if x >= 0.0 && y < 0.0 => (0.0, x + y, -x + y),
            _ => (90.0, -x + y, -x - y),
        };
        let height = down + 90.0;
        if height.abs() > 90.0 + EDGE || height.is_nan() {
            return NOWHERE;
        }
        if height.abs() <= 45.0 {
            if across.abs() > 45.0 + EDGE {
                return NOWHERE;
            }
            let theta = arcsine(height / 67.5);
            return theta.map_or(NOWHERE, |theta| (quarter + across + 45.0, theta));
        }
        // Near the north pole the height is told by its distance from it.
        let sigma = if height > 0.0 {
            -down / 45.0
        } else {
            (90.0 + height) / 45.0
        };
        if across.abs() > 45.0 * sigma + EDGE {
            return NOWHERE;
        }
        let phi = match (x == 0.0, y == 0.0) {
            (true, _) if y <= 0.0 => 0.0,
            (true, _) => 180.0,
            (_, true) if x < 0.0 => -90.0,
            (_, true) => 90.0,
            _ => quarter + 45.0 + across / sigma,
        };
        // asin(1 - σ²/3), without the difference.
        let half = arcsine(sigma / 6.0_f64.sqrt());
        half.map_or(NOWHERE, |half| (phi, (90.0 - 2.0 * half).copysign(height)))
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        if phi.is_nan() || theta.is_nan() {
            return NOWHERE;
        }
        let turned = (phi + 180.0).rem_euclid(360.0);
        let within = turned % 90.0;
        let sin = sin_cos(theta).0;
        let (across, height) = (within, 67.5 * sin);
        let (mut across, mut height) = (across - 45.0, height - 90.0);
        if sin.abs() > 2.0 / 3.0 {
            // √(3(1 - |sin θ|)), without the difference.
            let sigma = 6.0_f64.sqrt() * sin_cos((90.0 - theta.abs()) / 2.0).0;
            across = (within - 45.0) * sigma;
            height = if theta < 0.0 {
                45.0 * sigma - 180.0
            } else {
                -45.0 * sigma
            };
        }
        let (x, y) = if turned < 90.0 {
            (-across + height, -across - height)
        } else if turned < 180.0 {
            (across + height, -across + height)
        } else if turned < 270.0 {
            (across - height, across + height)
        } else {
            (-across - height, across - height)
        };
        (x * FRAC_1_SQRT_2, y * FRAC_1_SQRT_2)
    }
}

pub(super) fn read_polar(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    projected(reader, Polar)
}
