//! Zenithal projections from a point: perspective (AZP), slant perspective (SZP); and Airy's (AIR), which
//! errs least within a radius.
#![expect(clippy::many_single_char_names, reason = "coordinates have such names")]

use super::super::model::Model;
use super::super::parameters::Reader;
use super::sphere::{NOWHERE, Projection, R0, arcsine, met, projected, sin_cos};
use crate::error::Result;
use std::sync::Arc;

/// The greater of two latitudes that are told up to whole turns.
fn northern(one: f64, other: f64) -> f64 {
    let wrap = |angle: f64| if angle > 90.0 { angle - 360.0 } else { angle };
    wrap(one).max(wrap(other))
}

/// AZP: from `mu` radii after the centre onto a plane tilted by `gamma`.
#[derive(Debug, Clone, Copy)]
struct Tilted {
    mu: f64,
    gamma: f64,
}

impl Projection for Tilted {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        let (sin, cos) = sin_cos(self.gamma);
        let along = y * cos;
        let radius = x.hypot(along);
        if radius == 0.0 {
            return (0.0, 90.0);
        }
        let phi = x.atan2(-along).to_degrees();
        let rho = radius / (R0 * (self.mu + 1.0) + y * sin);
        let psi = 1.0_f64.atan2(rho).to_degrees();
        let Some(omega) = arcsine(rho * self.mu / (rho * rho + 1.0).sqrt()) else {
            return NOWHERE;
        };
        (phi, northern(psi - omega, psi + omega + 180.0))
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        let (sin_gamma, cos_gamma) = sin_cos(self.gamma);
        let ((sin, cos), (sine, cosine)) = (sin_cos(phi), sin_cos(theta));
        let slope = sin_gamma / cos_gamma * cos;
        let depth = self.mu + sine + cosine * slope;
        // Where the sphere turns away, and where the rays do not meet the plane.
        let overlap = if self.mu.abs() > 1.0 {
            (-1.0 / self.mu).asin().to_degrees()
        } else {
            -90.0
        };
        let mut limb = overlap;
        let reach = self.mu / (1.0 + slope * slope).sqrt();
        if (self.mu * cos_gamma).abs() < 1.0 && reach.abs() <= 1.0 {
            let (tilt, reach) = ((-slope).atan().to_degrees(), reach.asin().to_degrees());
            limb = limb.max(northern(tilt - reach, tilt + reach + 180.0));
        }
        if depth == 0.0 || theta < limb || theta.is_nan() {
            return NOWHERE;
        }
        let radius = R0 * (self.mu + 1.0) * cosine / depth;
        (radius * sin, -radius * cos / cos_gamma)
    }
}

pub(super) fn read_zenithal(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let tilted = Tilted {
        mu: reader.number_or("mu", 0.0)?,
        gamma: reader.number_or("gamma", 0.0)?,
    };
    if tilted.mu + 1.0 == 0.0 || sin_cos(tilted.gamma).1 == 0.0 {
        return Err(reader.wrong("mu", "not -1, with gamma not 90"));
    }
    projected(reader, tilted)
}

/// SZP: from a point (x, y, z), in radii, onto a plane that touches the pole.
#[derive(Debug, Clone, Copy)]
struct Slant {
    mu: f64,
    eye: [f64; 3],
}

impl Projection for Slant {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        let [xp, yp, zp] = self.eye;
        let (x, y) = (x / R0, y / R0);
        let (u, v) = ((x - xp) / zp, (y - yp) / zp);
        let Some((z, theta)) = met([x, y], [u, v]) else {
            return NOWHERE;
        };
        let (east, north) = (x - u * z, -(y - v * z));
        let phi = if east == 0.0 && north == 0.0 {
            0.0
        } else {
            east.atan2(north).to_degrees()
        };
        (phi, theta)
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        let [xp, yp, zp] = self.eye;
        let ((sin, cos), (sine, cosine)) = (sin_cos(phi), sin_cos(theta));
        let s = 1.0 - sine;
        let depth = zp - s;
        let overlap = arcsine(1.0 - zp).unwrap_or(-90.0);
        let mut limb = overlap;
        if self.mu.abs() > 1.0 {
            let across = xp * sin - yp * cos;
            let reach = 1.0 / ((zp - 1.0).powi(2) + across * across).sqrt();
            if reach <= 1.0 {
                let (tilt, reach) = (
                    across.atan2(zp - 1.0).to_degrees(),
                    reach.asin().to_degrees(),
                );
                limb = limb.max(northern(tilt - reach, tilt + reach + 180.0));
            }
        }
        if depth == 0.0 || theta < limb || theta.is_nan() {
            return NOWHERE;
        }
        (
            R0 * (zp * cosine * sin - xp * s) / depth,
            -R0 * (zp * cosine * cos + yp * s) / depth,
        )
    }
}

pub(super) fn read_slant(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let mu = reader.number_or("mu", 0.0)?;
    let (sin, cos) = sin_cos(reader.number_or("phi0", 0.0)?);
    let (sine, cosine) = sin_cos(reader.number_or("theta0", 90.0)?);
    let eye = [-mu * cosine * sin, mu * cosine * cos, mu * sine + 1.0];
    if eye[2] == 0.0 {
        return Err(reader.wrong("mu", "a point that is not in the plane"));
    }
    projected(reader, Slant { mu, eye })
}

/// AIR: the coefficient of the term that depends on `theta_b`.
#[derive(Debug, Clone, Copy)]
struct Airy {
    coefficient: f64,
}

impl Airy {
    /// The distance from the centre for half of the distance from the pole, in radians.
    fn radius(self, xi: f64) -> f64 {
        if xi.abs() < 1e-4 {
            // ln cos ξ / tan ξ = -ξ/2 + O(ξ³).
            return -2.0 * R0 * xi * (self.coefficient - 0.5);
        }
        let tan = xi.tan();
        -2.0 * R0 * (xi.cos().ln() / tan + self.coefficient * tan)
    }
}

impl Projection for Airy {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        /// A bracket of a quarter turn, halved below rounding.
        const HALVINGS: usize = 80;
        let radius = x.hypot(y);
        if radius == 0.0 {
            return (0.0, 90.0);
        }
        let (mut low, mut high) = (0.0, std::f64::consts::FRAC_PI_2);
        if radius.is_nan() {
            return NOWHERE;
        }
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if self.radius(middle) < radius {
                low = middle;
            } else {
                high = middle;
            }
        }
        let theta = 90.0 - 2.0 * f64::midpoint(low, high).to_degrees();
        (x.atan2(-y).to_degrees(), theta)
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        if theta <= -90.0 || theta.is_nan() {
            return NOWHERE;
        }
        let radius = self.radius(((90.0 - theta) / 2.0).to_radians());
        let (sin, cos) = sin_cos(phi);
        (radius * sin, -radius * cos)
    }
}

pub(super) fn read_airy(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let theta_b = reader.number_or("theta_b", 90.0)?;
    let xi = ((90.0 - theta_b) / 2.0).to_radians();
    let coefficient = match theta_b {
        90.0 => -0.5,
        _ if theta_b > -90.0 && theta_b < 90.0 => xi.cos().ln() / xi.tan().powi(2),
        _ => return Err(reader.wrong("theta_b", "a latitude above -90")),
    };
    projected(reader, Airy { coefficient })
}
