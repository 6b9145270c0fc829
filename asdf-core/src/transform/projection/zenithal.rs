//! gnomonic (TAN), stereographic (STG), slant orthographic (SIN), equidistant (ARC), equal area (ZEA).

use super::super::model::Model;
use super::super::parameters::Reader;
use super::sphere::{NOWHERE, Projection, R0, arcsine, met, projected, sin_cos};
use crate::error::Result;
use std::sync::Arc;

/// A projection whose radius depends on the latitude only.
pub(super) trait Radial: std::fmt::Debug + Send + Sync + Clone + 'static {
    /// The native latitude at a distance from the centre.
    fn theta(&self, radius: f64) -> Option<f64>;

    /// The distance from the centre at a native latitude.
    fn radius(&self, theta: f64) -> Option<f64>;
}

/// A projection made of its radius.
#[derive(Debug, Clone)]
pub(super) struct Zenithal<R>(pub(super) R);

impl<R: Radial> Projection for Zenithal<R> {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        let radius = x.hypot(y);
        let phi = if radius == 0.0 {
            0.0
        } else {
            x.atan2(-y).to_degrees()
        };
        self.0.theta(radius).map_or(NOWHERE, |theta| (phi, theta))
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        let (sin, cos) = sin_cos(phi);
        self.0
            .radius(theta)
            .map_or(NOWHERE, |radius| (radius * sin, -radius * cos))
    }
}

/// TAN: from the centre of the sphere.
#[derive(Debug, Clone, Copy)]
struct Gnomonic;

impl Radial for Gnomonic {
    fn theta(&self, radius: f64) -> Option<f64> {
        Some(R0.atan2(radius).to_degrees())
    }

    fn radius(&self, theta: f64) -> Option<f64> {
        let (sin, cos) = sin_cos(theta);
        (sin > 0.0).then(|| R0 * cos / sin)
    }
}

/// STG: from the opposite pole.
#[derive(Debug, Clone, Copy)]
struct Stereographic;

impl Radial for Stereographic {
    fn theta(&self, radius: f64) -> Option<f64> {
        Some(90.0 - 2.0 * (radius / (2.0 * R0)).atan().to_degrees())
    }

    fn radius(&self, theta: f64) -> Option<f64> {
        let (sin, cos) = sin_cos(theta);
        (sin > -1.0).then(|| 2.0 * R0 * cos / (1.0 + sin))
    }
}

/// ARC: distances from the centre are true.
#[derive(Debug, Clone, Copy)]
struct Equidistant;

impl Radial for Equidistant {
    fn theta(&self, radius: f64) -> Option<f64> {
        (radius <= 180.0 + 1e-11).then_some(90.0 - radius)
    }

    fn radius(&self, theta: f64) -> Option<f64> {
        (!theta.is_nan()).then_some(90.0 - theta)
    }
}

/// ZEA: areas are true.
#[derive(Debug, Clone, Copy)]
struct EqualArea;

impl Radial for EqualArea {
    fn theta(&self, radius: f64) -> Option<f64> {
        Some(90.0 - 2.0 * arcsine(radius / (2.0 * R0))?)
    }

    fn radius(&self, theta: f64) -> Option<f64> {
        (!theta.is_nan()).then(|| 2.0 * R0 * sin_cos((90.0 - theta) / 2.0).0)
    }
}

/// SIN: from infinitely far, slanted by `xi` and `eta`.
#[derive(Debug, Clone, Copy)]
struct SlantOrthographic {
    xi: f64,
    eta: f64,
}

impl SlantOrthographic {
    fn is_straight(self) -> bool {
        self.xi == 0.0 && self.eta == 0.0
    }

    /// The latitude where the sphere turns away from the viewer.
    fn limb(self, sin: f64, cos: f64) -> f64 {
        -(self.xi * sin - self.eta * cos).atan().to_degrees()
    }
}

impl Projection for SlantOrthographic {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = (x / R0, y / R0);
        let square = x * x + y * y;
        if self.is_straight() {
            let phi = if square == 0.0 {
                0.0
            } else {
                x.atan2(-y).to_degrees()
            };
            if square <= 0.5 {
                return (phi, square.sqrt().acos().to_degrees());
            }
            return if square <= 1.0 + 1e-13 {
                (phi, (1.0 - square).max(0.0).sqrt().asin().to_degrees())
            } else {
                NOWHERE
            };
        }
        let Some((z, theta)) = met([x, y], [self.xi, self.eta]) else {
            return NOWHERE;
        };
        let (north, east) = (-y + self.eta * z, x - self.xi * z);
        let phi = if north == 0.0 && east == 0.0 {
            0.0
        } else {
            east.atan2(north).to_degrees()
        };
        let (sin, cos) = sin_cos(phi);
        if theta < self.limb(sin, cos) - 1e-11 {
            return NOWHERE;
        }
        (phi, theta)
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        let ((sin, cos), (sine, cosine)) = (sin_cos(phi), sin_cos(theta));
        let limb = if self.is_straight() {
            0.0
        } else {
            self.limb(sin, cos)
        };
        if theta < limb || theta.is_nan() {
            return NOWHERE;
        }
        let z = 1.0 - sine;
        (
            R0 * (cosine * sin + self.xi * z),
            -R0 * (cosine * cos - self.eta * z),
        )
    }
}

pub(super) fn read_gnomonic(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    projected(reader, Zenithal(Gnomonic))
}

pub(super) fn read_stereographic(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    projected(reader, Zenithal(Stereographic))
}

pub(super) fn read_equidistant(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    projected(reader, Zenithal(Equidistant))
}

pub(super) fn read_equal_area(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    projected(reader, Zenithal(EqualArea))
}

pub(super) fn read_slant_orthographic(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let slant = SlantOrthographic {
        xi: reader.number_or("xi", 0.0)?,
        eta: reader.number_or("eta", 0.0)?,
    };
    projected(reader, slant)
}
