//! Directions in the spectrographs: `coords`, `rotation_sequence`, `grating_equation`; and `v23tosky` of
//! old files. Angles are in degrees.
#![expect(clippy::many_single_char_names, reason = "coordinates have such names")]

use super::super::model::Model;
use super::super::parameters::Reader;
use super::super::rotation;
use crate::error::Result;
use std::sync::Arc;

/// The third of three direction cosines.
pub(super) fn third(x: f64, y: f64) -> f64 {
    (1.0 - x * x - y * y).sqrt()
}

/// Slopes to direction cosines: (x, y) → (x/v, y/v, 1/v).
#[derive(Debug, Clone, Copy)]
struct ToCosines;

impl Model for ToCosines {
    fn arity(&self) -> (usize, usize) {
        (2, 3)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([x, y], [a, b, c]) = (input, output) else {
            return;
        };
        let to = a.iter_mut().zip(b.iter_mut()).zip(c.iter_mut());
        for ((((a, b), c), x), y) in to.zip(*x).zip(*y) {
            let v = (1.0 + x * x + y * y).sqrt();
            (*a, *b, *c) = (x / v, y / v, 1.0 / v);
        }
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(Arc::new(FromCosines))
    }
}

/// (x, y, z) → (x/z, y/z).
#[derive(Debug, Clone, Copy)]
struct FromCosines;

impl Model for FromCosines {
    fn arity(&self) -> (usize, usize) {
        (3, 2)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([x, y, z], [u, v]) = (input, output) else {
            return;
        };
        for ((((u, v), x), y), z) in u.iter_mut().zip(v.iter_mut()).zip(*x).zip(*y).zip(*z) {
            (*u, *v) = (x / z, y / z);
        }
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(Arc::new(ToCosines))
    }
}

/// Old files have other words.
pub(super) fn read_coords(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    match reader.text("model_type")? {
        "unitless2directional" | "to_dircos" => Ok(Arc::new(ToCosines)),
        "directional2unitless" | "from_dircos" => Ok(Arc::new(FromCosines)),
        _ => Err(reader.wrong("model_type", "unitless2directional or directional2unitless")),
    }
}

#[derive(Debug, Clone, Copy)]
enum Axis {
    X,
    Y,
    Z,
}

/// A turn of direction cosines, which finds the third cosine anew: it is never negative.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    axis: Axis,
    angle: f64,
    sin: f64,
    cos: f64,
}

impl Turn {
    fn new(axis: Axis, angle: f64) -> Self {
        let (sin, cos) = angle.to_radians().sin_cos();
        Self {
            axis,
            angle,
            sin,
            cos,
        }
    }

    /// About the second axis.
    pub(super) fn about_y(angle: f64) -> Self {
        Self::new(Axis::Y, angle)
    }

    pub(super) fn apply(self, [x, y, z]: [f64; 3]) -> [f64; 3] {
        let Self { sin, cos, .. } = self;
        let (x, y) = match self.axis {
            Axis::X => (x, y * cos + z * sin),
            Axis::Y => (x * cos - z * sin, y),
            Axis::Z => (x * cos + y * sin, -x * sin + y * cos),
        };
        [x, y, third(x, y)]
    }
}

/// Turns, the first one first.
#[derive(Debug, Clone)]
struct Turns(Vec<Turn>);

impl Model for Turns {
    fn arity(&self) -> (usize, usize) {
        (3, 3)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([x, y, z], [u, v, w]) = (input, output) else {
            return;
        };
        let to = u.iter_mut().zip(v.iter_mut()).zip(w.iter_mut());
        for (((((u, v), w), x), y), z) in to.zip(*x).zip(*y).zip(*z) {
            let turns = self.0.iter();
            [*u, *v, *w] = turns.fold([*x, *y, *z], |direction, turn| turn.apply(direction));
        }
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        let turns = self.0.iter().rev();
        let turns = turns.map(|turn| Turn::new(turn.axis, -turn.angle));
        Some(Arc::new(Self(turns.collect())))
    }
}

/// Angles and as many axes.
fn angles<'t>(reader: &Reader<'t>) -> Result<(Vec<f64>, &'t str)> {
    let (_, angles) = reader.array("angles")?;
    let axes = reader.text("axes_order")?;
    if axes.len() != angles.len() {
        let wanted = format!("an axis for each of {} angles", angles.len());
        return Err(reader.wrong("axes_order", &wanted));
    }
    Ok((angles, axes))
}

pub(super) fn read_rotation_sequence(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let (angles, axes) = angles(reader)?;
    let turn = |(letter, angle)| match letter {
        'x' => Some(Turn::new(Axis::X, angle)),
        'y' => Some(Turn::new(Axis::Y, angle)),
        'z' => Some(Turn::new(Axis::Z, angle)),
        _ => None,
    };
    let turns: Option<_> = axes.chars().zip(angles).map(turn).collect();
    let turns = turns.ok_or_else(|| reader.wrong("axes_order", "the letters x, y, z"))?;
    Ok(Arc::new(Turns(turns)))
}

/// Turns of a direction given in degrees, with angles that turn the vector where those of
/// `rotate_sequence_3d` turn the axes. Longitudes are from -180 to 180.
pub(super) fn read_v23tosky(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let (angles, axes) = angles(reader)?;
    let angles = angles.iter().map(|angle| -angle).collect();
    rotation::spherical(axes, angles)
        .ok_or_else(|| reader.wrong("axes_order", "the letters x, y, z"))
}

/// The grating equation with the product of groove density and order. The signs are those of the
/// instrument, not those of gwcs.
#[derive(Debug, Clone, Copy)]
enum Grating {
    /// (α in, β in, α out) → wavelength.
    Wavelength { product: f64 },
    /// (wavelength, α, β, z) → the direction cosines after diffraction.
    Angle { product: f64 },
}

impl Model for Grating {
    fn arity(&self) -> (usize, usize) {
        match self {
            Self::Wavelength { .. } => (3, 1),
            Self::Angle { .. } => (4, 3),
        }
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        match (*self, input, output) {
            (Self::Wavelength { product }, [before, _, after], [wavelength]) => {
                let pairs = before.iter().zip(*after);
                for (wavelength, (before, after)) in wavelength.iter_mut().zip(pairs) {
                    *wavelength = -(before + after) / product;
                }
            }
            (Self::Angle { product }, [wavelength, alpha, beta, _], [a, b, c]) => {
                let to = a.iter_mut().zip(b.iter_mut()).zip(c.iter_mut());
                let from = wavelength.iter().zip(*alpha).zip(*beta);
                for (((a, b), c), ((wavelength, alpha), beta)) in to.zip(from) {
                    *a = -alpha - product * wavelength;
                    *b = -beta;
                    *c = third(*a, *b);
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
