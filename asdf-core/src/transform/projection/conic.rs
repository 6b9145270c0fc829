//! Conic projections: perspective (COP), equal area (COE), equidistant (COD), orthomorphic (COO).
//! `sigma` is the latitude in the middle between the standard parallels, `delta` half their distance.

use super::super::model::Model;
use super::super::parameters::Reader;
use super::sphere::{NOWHERE, Projection, R0, arcsine, projected, sin_cos};
use crate::error::Result;
use std::fmt::Debug;
use std::sync::Arc;

/// How the distance from the apex depends on the latitude.
trait Parallels: Debug + Send + Sync + Clone + 'static {
    /// The latitude at a distance from the apex.
    fn theta(&self, radius: f64) -> Option<f64>;

    /// The distance from the apex at a latitude.
    fn radius(&self, theta: f64) -> Option<f64>;
}

/// A cone, unrolled.
#[derive(Debug, Clone)]
struct Conic<P> {
    parallels: P,
    /// The part of a full turn that the unrolled cone covers; negative for an apex in the south.
    constant: f64,
    /// y of the apex.
    apex: f64,
    south: bool,
}

impl<P: Parallels> Projection for Conic<P> {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        let down = self.apex - y;
        let radius = if self.south {
            -x.hypot(down)
        } else {
            x.hypot(down)
        };
        // At the apex every longitude is right; rounding must not choose one after the map.
        let at_apex = radius.abs() <= 1e-14 * self.apex.abs();
        let angle = if at_apex {
            0.0
        } else {
            (x / radius).atan2(down / radius)
        };
        let phi = angle.to_degrees() / self.constant;
        let Some(theta) = self.parallels.theta(radius) else {
            return NOWHERE;
        };
        let beyond = phi.abs() > 180.0 + 1e-10 || theta.abs() > 90.0 + 1e-10;
        if beyond || phi.is_nan() {
            NOWHERE
        } else {
            (phi, theta)
        }
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        let Some(radius) = self.parallels.radius(theta) else {
            return NOWHERE;
        };
        let (sin, cos) = sin_cos(self.constant * phi);
        (radius * sin, self.apex - radius * cos)
    }
}

/// COP: from the centre of the sphere.
#[derive(Debug, Clone, Copy)]
struct Perspective {
    sigma: f64,
    cot: f64,
    scale: f64,
}

impl Parallels for Perspective {
    fn theta(&self, radius: f64) -> Option<f64> {
        Some(self.sigma + (self.cot - radius / self.scale).atan().to_degrees())
    }

    fn radius(&self, theta: f64) -> Option<f64> {
        let (sin, cos) = sin_cos(theta - self.sigma);
        let radius = self.scale * (self.cot - sin / cos);
        // After the centre, or on the far side of the apex.
        (cos > 0.0 && radius * self.cot >= 0.0).then_some(radius)
    }
}

/// COE: areas are true.
#[derive(Debug, Clone, Copy)]
struct EqualArea {
    gamma: f64,
    product: f64,
}

impl Parallels for EqualArea {
    fn theta(&self, radius: f64) -> Option<f64> {
        let part = radius / (2.0 * R0);
        let sine = (1.0 + self.product) / self.gamma - self.gamma * part * part;
        // A rounding error at a pole would be a micro-degree.
        if 1.0 - sine.abs() < 4.0 * f64::EPSILON && sine.abs() <= 1.0 {
            return Some(90.0_f64.copysign(sine));
        }
        arcsine(sine)
    }

    fn radius(&self, theta: f64) -> Option<f64> {
        let square = 1.0 + self.product - self.gamma * sin_cos(theta).0;
        (!square.is_nan()).then(|| R0 * 2.0 / self.gamma * square.max(0.0).sqrt())
    }
}

/// COD: distances along meridians are true.
#[derive(Debug, Clone, Copy)]
struct Equidistant {
    pole: f64,
}

impl Parallels for Equidistant {
    fn theta(&self, radius: f64) -> Option<f64> {
        Some(self.pole - radius)
    }

    fn radius(&self, theta: f64) -> Option<f64> {
        (!theta.is_nan()).then_some(self.pole - theta)
    }
}

/// COO: angles are true.
#[derive(Debug, Clone, Copy)]
struct Orthomorphic {
    constant: f64,
    psi: f64,
}

impl Parallels for Orthomorphic {
    fn theta(&self, radius: f64) -> Option<f64> {
        if radius == 0.0 {
            return Some(if self.constant < 0.0 { -90.0 } else { 90.0 });
        }
        let half = (radius / self.psi)
            .powf(1.0 / self.constant)
            .atan()
            .to_degrees();
        (!half.is_nan()).then_some(90.0 - 2.0 * half)
    }

    fn radius(&self, theta: f64) -> Option<f64> {
        let (sin, cos) = sin_cos((90.0 - theta) / 2.0);
        if theta <= -90.0 {
            return (self.constant < 0.0).then_some(0.0);
        }
        let radius = self.psi * (sin / cos).powf(self.constant);
        (!theta.is_nan() && radius.is_finite()).then_some(radius)
    }
}

/// The middle latitude and half the distance of the standard parallels.
fn parallels(reader: &Reader<'_>) -> Result<(f64, f64)> {
    let (sigma, delta) = (
        reader.number_or("sigma", 90.0)?,
        reader.number_or("delta", 0.0)?,
    );
    let sound = sigma != 0.0 && sigma.abs() <= 90.0 && delta.abs() <= 90.0;
    if sound {
        Ok((sigma, delta))
    } else {
        Err(reader.wrong("sigma", "a latitude that is not 0"))
    }
}

fn cone<P: Parallels>(
    reader: &Reader<'_>,
    sigma: f64,
    constant: f64,
    apex: f64,
    parallels: P,
) -> Result<Arc<dyn Model>> {
    if constant == 0.0 || !constant.is_finite() || !apex.is_finite() {
        return Err(reader.wrong("sigma", "parallels that make a cone"));
    }
    let conic = Conic {
        parallels,
        constant,
        apex,
        south: sigma < 0.0,
    };
    projected(reader, conic)
}

pub(super) fn read_perspective(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let (sigma, delta) = parallels(reader)?;
    let (sin, cos) = sin_cos(sigma);
    let perspective = Perspective {
        sigma,
        cot: cos / sin,
        scale: R0 * sin_cos(delta).1,
    };
    cone(
        reader,
        sigma,
        sin,
        perspective.scale * perspective.cot,
        perspective,
    )
}

pub(super) fn read_equal_area(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let (sigma, delta) = parallels(reader)?;
    let (first, second) = (sin_cos(sigma - delta).0, sin_cos(sigma + delta).0);
    let area = EqualArea {
        gamma: first + second,
        product: first * second,
    };
    let apex = area.radius(sigma).unwrap_or(f64::NAN);
    cone(reader, sigma, area.gamma / 2.0, apex, area)
}

pub(super) fn read_equidistant(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let (sigma, delta) = parallels(reader)?;
    let ((sin, cos), (sine, cosine)) = (sin_cos(sigma), sin_cos(delta));
    let (constant, apex) = if delta == 0.0 {
        (sin, R0 * cos / sin)
    } else {
        (R0 * sin * sine / delta, delta * cosine / sine * cos / sin)
    };
    cone(
        reader,
        sigma,
        constant,
        apex,
        Equidistant { pole: apex + sigma },
    )
}

pub(super) fn read_orthomorphic(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let (sigma, delta) = parallels(reader)?;
    let half_tan = |theta: f64| {
        let (sin, cos) = sin_cos((90.0 - theta) / 2.0);
        sin / cos
    };
    let [(cos1, tan1), (cos2, tan2)] =
        [sigma - delta, sigma + delta].map(|theta| (sin_cos(theta).1, half_tan(theta)));
    let constant = if delta == 0.0 {
        sin_cos(sigma).0
    } else {
        (cos2 / cos1).ln() / (tan2 / tan1).ln()
    };
    let orthomorphic = Orthomorphic {
        constant,
        psi: R0 * cos1 / (constant * tan1.powf(constant)),
    };
    let apex = orthomorphic.psi * half_tan(sigma).powf(constant);
    cone(reader, sigma, constant, apex, orthomorphic)
}
