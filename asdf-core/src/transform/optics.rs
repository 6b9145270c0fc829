//! The transforms of gwcs that are about directions and light: `spherical_cartesian`, `direction_cosines`,
//! `grating_equation`, `snell3d`.
#![expect(clippy::many_single_char_names, reason = "coordinates have such names")]
#![expect(
    clippy::inline_always,
    reason = "only what is inlined is compiled for wide vectors"
)]

use super::model::Model;
use super::model::Role;
use super::parameters::Reader;
use super::vector::Kernel;
use super::vector::atan2_degrees;
use super::vector::each_point;
use super::vector::sin_cos_degrees;
use crate::error::Result;
use std::sync::Arc;

/// Longitude and latitude in degrees to a vector of length 1.
#[derive(Debug, Clone, Copy)]
struct ToCartesian {
    /// Whether the longitudes of the inverse are from 0 to 360.
    wrap: bool,
}

impl Model for ToCartesian {
    fn arity(&self) -> (usize, usize) {
        (2, 3)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        each_point(self, input, output);
    }

    fn role(&self) -> Role {
        Role::ToCartesian
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(Arc::new(ToSpherical { wrap: self.wrap }))
    }
}

impl Kernel<2, 3> for ToCartesian {
    #[inline(always)]
    fn point(&self, [longitude, latitude]: [f64; 2]) -> [f64; 3] {
        let (sin_lon, cos_lon) = sin_cos_degrees(longitude);
        let (sin_lat, cos_lat) = sin_cos_degrees(latitude);
        [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
    }
}

/// A vector of any length to longitude and latitude in degrees.
#[derive(Debug, Clone, Copy)]
struct ToSpherical {
    /// Longitudes from 0 to 360 instead of from -180 to 180.
    wrap: bool,
}

impl Model for ToSpherical {
    fn arity(&self) -> (usize, usize) {
        (3, 2)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        each_point(self, input, output);
    }

    fn role(&self) -> Role {
        Role::ToSpherical
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(Arc::new(ToCartesian { wrap: self.wrap }))
    }
}

impl Kernel<3, 2> for ToSpherical {
    #[inline(always)]
    fn point(&self, [x, y, z]: [f64; 3]) -> [f64; 2] {
        let across = (x * x + y * y).sqrt();
        let angle = atan2_degrees(y, x);
        // At the pole every longitude is right; 0 is taken.
        let angle = if across == 0.0 { 0.0 * angle } else { angle };
        let wrap = if self.wrap { 360.0 } else { 0.0 };
        let longitude = if angle < 0.0 { angle + wrap } else { angle };
        [longitude, atan2_degrees(z, across)]
    }
}

/// Unit vectors of longitudes and latitudes in a unit of so many degrees.
pub(crate) fn unit_vectors(longitude: &[f64], latitude: &[f64], degrees: f64) -> Vec<Vec<f64>> {
    let count = longitude.len().min(latitude.len());
    let mut vectors = vec![vec![0.0; count]; 3];
    let mut output: Vec<&mut [f64]> = vectors.iter_mut().map(Vec::as_mut_slice).collect();
    each_point(&Scaled(degrees), &[longitude, latitude], &mut output);
    vectors
}

/// Angles in another unit than degrees.
struct Scaled(f64);

impl Kernel<2, 3> for Scaled {
    #[inline(always)]
    fn point(&self, angles: [f64; 2]) -> [f64; 3] {
        let to = ToCartesian { wrap: false };
        to.point(angles.map(|angle| angle * self.0))
    }
}

/// To unit vectors, for programs that go on from positions.
pub(super) fn to_cartesian() -> Arc<dyn Model> {
    Arc::new(ToCartesian { wrap: false })
}

/// A vector of any length to the one of length 1 in its direction.
#[derive(Debug, Clone, Copy)]
struct UnitVector;

impl Model for UnitVector {
    fn arity(&self) -> (usize, usize) {
        (3, 3)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        each_point(self, input, output);
    }

    fn role(&self) -> Role {
        Role::UnitVector
    }
}

impl Kernel<3, 3> for UnitVector {
    #[inline(always)]
    fn point(&self, [x, y, z]: [f64; 3]) -> [f64; 3] {
        let length = (x * x + y * y + z * z).sqrt();
        // Nothing has the direction (0, 0).
        let nothing = length == 0.0;
        let first = if nothing { 1.0 } else { x };
        let length = if nothing { 1.0 } else { length };
        [first / length, y / length, z / length]
    }
}

pub(super) fn unit_vector() -> Arc<dyn Model> {
    Arc::new(UnitVector)
}

pub(super) fn read_spherical_cartesian(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let wrap = reader.number_or("wrap_lon_at", 360.0)? > 180.0;
    match reader.text("transform_type")? {
        "spherical_to_cartesian" => Ok(Arc::new(ToCartesian { wrap })),
        "cartesian_to_spherical" => Ok(Arc::new(ToSpherical { wrap })),
        _ => Err(reader.wrong(
            "transform_type",
            "spherical_to_cartesian or cartesian_to_spherical",
        )),
    }
}

/// Slopes to direction cosines and the length: (x, y, 1) → (x/v, y/v, 1/v, v). The third input is taken
/// as 1, as gwcs does.
#[derive(Debug, Clone, Copy)]
struct ToCosines;

impl Model for ToCosines {
    fn arity(&self) -> (usize, usize) {
        (3, 4)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([x, y, _], [a, b, c, length]) = (input, output) else {
            return;
        };
        let to = a
            .iter_mut()
            .zip(b.iter_mut())
            .zip(c.iter_mut())
            .zip(length.iter_mut());
        for (((((a, b), c), length), x), y) in to.zip(*x).zip(*y) {
            let v = (1.0 + x * x + y * y).sqrt();
            (*a, *b, *c, *length) = (x / v, y / v, 1.0 / v, v);
        }
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(Arc::new(FromCosines))
    }
}

/// (a, b, c, v) → (a·v, b·v, c·v).
#[derive(Debug, Clone, Copy)]
struct FromCosines;

impl Model for FromCosines {
    fn arity(&self) -> (usize, usize) {
        (4, 3)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([cosines @ .., length], output) = (input, output) else {
            return;
        };
        for (cosine, column) in cosines.iter().zip(output) {
            for ((value, cosine), length) in column.iter_mut().zip(*cosine).zip(*length) {
                *value = cosine * length;
            }
        }
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(Arc::new(ToCosines))
    }
}

pub(super) fn read_direction_cosines(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    match reader.text("transform_type")? {
        "to_direction_cosines" => Ok(Arc::new(ToCosines)),
        "from_direction_cosines" => Ok(Arc::new(FromCosines)),
        _ => Err(reader.wrong(
            "transform_type",
            "to_direction_cosines or from_direction_cosines",
        )),
    }
}

/// The grating equation with `d` grooves per unit of length and order `m`.
#[derive(Debug, Clone, Copy)]
enum Grating {
    /// (α in, α out) → wavelength.
    Wavelength { product: f64 },
    /// (wavelength, α, β) → the direction cosines after diffraction.
    Angle { product: f64 },
}

impl Model for Grating {
    fn arity(&self) -> (usize, usize) {
        match self {
            Self::Wavelength { .. } => (2, 1),
            Self::Angle { .. } => (3, 3),
        }
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        match (*self, input, output) {
            (Self::Wavelength { product }, [before, after], [wavelength]) => {
                for ((wavelength, before), after) in wavelength.iter_mut().zip(*before).zip(*after)
                {
                    *wavelength = (before + after) / product;
                }
            }
            (Self::Angle { product }, [wavelength, alpha, beta], [a, b, c]) => {
                let to = a.iter_mut().zip(b.iter_mut()).zip(c.iter_mut());
                for (((((a, b), c), wavelength), alpha), beta) in
                    to.zip(*wavelength).zip(*alpha).zip(*beta)
                {
                    *a = alpha - product * wavelength;
                    *b = -beta;
                    *c = (1.0 - *a * *a - *b * *b).sqrt();
                }
            }
            _ => {}
        }
    }
}

pub(super) fn read_grating_equation(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let product = reader.number("groove_density")? * reader.number("order")?;
    match reader.text("output")? {
        "wavelength" => Ok(Arc::new(Grating::Wavelength { product })),
        "angle" => Ok(Arc::new(Grating::Angle { product })),
        _ => Err(reader.wrong("output", "wavelength or angle")),
    }
}

/// (n, α, β, γ) → the direction after refraction by the index n.
#[derive(Debug, Clone, Copy)]
struct Snell;

impl Model for Snell {
    fn arity(&self) -> (usize, usize) {
        (4, 3)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([index, alpha, beta, _], [a, b, c]) = (input, output) else {
            return;
        };
        let to = a.iter_mut().zip(b.iter_mut()).zip(c.iter_mut());
        for (((((a, b), c), index), alpha), beta) in to.zip(*index).zip(*alpha).zip(*beta) {
            (*a, *b) = (alpha / index, beta / index);
            *c = (1.0 - *a * *a - *b * *b).sqrt();
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "what the table asks for")]
pub(super) fn read_snell3d(_: &Reader<'_>) -> Result<Arc<dyn Model>> {
    Ok(Arc::new(Snell))
}
