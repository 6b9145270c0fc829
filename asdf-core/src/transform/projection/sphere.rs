//! What all projections share: the sphere, its angles, and a projection as a model.

use super::super::model::Model;
use super::super::parameters::Reader;
use crate::error::Result;
use std::fmt::Debug;
use std::sync::Arc;

/// Degrees of one radian: the radius of the sphere.
pub(super) const R0: f64 = 180.0 / std::f64::consts::PI;

/// A projection.
pub(super) trait Projection: Debug + Send + Sync + Clone + 'static {
    /// Native longitude and latitude of a point of the plane.
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64);

    /// The point of the plane of a native longitude and latitude.
    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Pix2Sky,
    Sky2Pix,
}

/// A projection in one of its directions.
#[derive(Debug)]
struct Projected<P> {
    projection: P,
    direction: Direction,
}

impl<P: Projection> Model for Projected<P> {
    fn arity(&self) -> (usize, usize) {
        (2, 2)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([x, y], [u, v]) = (input, output) else {
            return;
        };
        let points = u.iter_mut().zip(v.iter_mut()).zip(x.iter().zip(*y));
        match self.direction {
            Direction::Pix2Sky => {
                points.for_each(|((u, v), (x, y))| (*u, *v) = self.projection.pix2sky(*x, *y));
            }
            Direction::Sky2Pix => {
                points.for_each(|((u, v), (x, y))| (*u, *v) = self.projection.sky2pix(*x, *y));
            }
        }
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(Arc::new(Self {
            projection: self.projection.clone(),
            direction: match self.direction {
                Direction::Pix2Sky => Direction::Sky2Pix,
                Direction::Sky2Pix => Direction::Pix2Sky,
            },
        }))
    }
}

/// A projection in the direction that its node gives, which old files leave out for `pix2sky`.
pub(super) fn projected<P: Projection>(
    reader: &Reader<'_>,
    projection: P,
) -> Result<Arc<dyn Model>> {
    let direction = match reader.text_or("direction", "pix2sky")? {
        "pix2sky" => Direction::Pix2Sky,
        "sky2pix" => Direction::Sky2Pix,
        _ => return Err(reader.wrong("direction", "pix2sky or sky2pix")),
    };
    Ok(Arc::new(Projected {
        projection,
        direction,
    }))
}

/// How far below the pole of the unit sphere, along its axis, a ray meets it that goes through the point (x, y) of the plane at
/// the pole with the slope (u, v), and the native latitude there in degrees. The roots of equation 60 of Calabretta & Greisen
/// 2002 for 1 - sin θ instead of sin θ, which says nothing of latitudes near the pole (spec-notes F-99).
#[expect(clippy::many_single_char_names, reason = "coordinates have such names")]
pub(super) fn met([x, y]: [f64; 2], [u, v]: [f64; 2]) -> Option<(f64, f64)> {
    const ROUNDING: f64 = 1e-13;
    let (a, b, c) = (u * u + v * v + 1.0, x * u + y * v + 1.0, x * x + y * y);
    let discriminant = b * b - a * c;
    if discriminant.is_nan() || discriminant < 0.0 {
        return None;
    }
    let sum = b + discriminant.sqrt().copysign(b);
    let (one, other) = if sum == 0.0 {
        (0.0, 0.0)
    } else {
        (c / sum, sum / a)
    };
    let is_on_sphere = |depth: &f64| (-ROUNDING..=2.0 + ROUNDING).contains(depth);
    let mut roots = [one.min(other), one.max(other)].into_iter();
    let depth = roots.find(is_on_sphere)?.clamp(0.0, 2.0);
    Some((depth, 90.0 - 2.0 * (depth / 2.0).sqrt().asin().to_degrees()))
}

/// Native coordinates within the sphere, where wcslib lets them be off by so much; those beyond are nowhere.
pub(super) fn bounded((phi, theta): (f64, f64), tolerance: f64) -> (f64, f64) {
    let is_beyond = phi.abs() > 180.0 + tolerance || theta.abs() > 90.0 + tolerance;
    if is_beyond {
        return NOWHERE;
    }
    (phi.clamp(-180.0, 180.0), theta.clamp(-90.0, 90.0))
}

/// The pair that stands for a point without counterpart.
pub(super) const NOWHERE: (f64, f64) = (f64::NAN, f64::NAN);

/// Sine and cosine of degrees, exact at right angles as wcslib has them.
pub(super) fn sin_cos(degrees: f64) -> (f64, f64) {
    let right = degrees % 90.0 == 0.0;
    if !right {
        return degrees.to_radians().sin_cos();
    }
    let turned = degrees.rem_euclid(360.0);
    if turned < 45.0 {
        (0.0, 1.0)
    } else if turned < 135.0 {
        (1.0, 0.0)
    } else if turned < 225.0 {
        (0.0, -1.0)
    } else {
        (-1.0, 0.0)
    }
}

/// The arc sine in degrees of what may be a rounding error beyond 1; `None` beyond that.
pub(super) fn arcsine(sine: f64) -> Option<f64> {
    const ROUNDING: f64 = 1e-13;
    if sine.abs() > 1.0 + ROUNDING || sine.is_nan() {
        return None;
    }
    Some(sine.clamp(-1.0, 1.0).asin().to_degrees())
}
