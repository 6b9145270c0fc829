//! The prism of `NIRSpec`: `refraction_index_from_prism`, `snell`.

use super::super::glass::Glass;
use super::super::glass::Index;
use super::super::glass::Surroundings;
use super::super::glass::Zemax;
use super::super::model::Model;
use super::super::parameters::Reader;
use super::directions::Turn;
use super::directions::third;
use crate::error::Result;
use std::sync::Arc;

/// (α in, β in, α out) → the index of a prism of this angle.
#[derive(Debug, Clone, Copy)]
struct FromPrism {
    /// In degrees.
    angle: f64,
}

impl Model for FromPrism {
    fn arity(&self) -> (usize, usize) {
        (3, 1)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([alpha, beta, after], [index]) = (input, output) else {
            return;
        };
        let (sin, cos) = self.angle.to_radians().sin_cos();
        let from = alpha.iter().zip(*beta).zip(*after);
        for (index, ((alpha, beta), after)) in index.iter_mut().zip(from) {
            let across = (after + alpha * (1.0 - 2.0 * (sin * sin))) / (2.0 * sin * cos);
            *index = (across * across + alpha * alpha + beta * beta).sqrt();
        }
    }
}

pub(super) fn read_refraction_index(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    Ok(Arc::new(FromPrism {
        angle: reader.number("prism_angle")?,
    }))
}

/// (wavelength in m, α, β, z) → the direction after the prism, through which light goes twice: its back
/// is a mirror.
#[derive(Debug, Clone)]
struct Prism {
    index: Index,
    to_back: Turn,
    to_front: Turn,
}

impl Prism {
    fn through(&self, wavelength: f64, alpha: f64, beta: f64) -> [f64; 3] {
        let index = self.index.at(wavelength * 1e6);
        let refract =
            |x: f64, y: f64, index: f64| [x / index, y / index, third(x / index, y / index)];
        let [x, y, z] = self.to_back.apply(refract(alpha, beta, index));
        let [x, y, _] = self.to_front.apply([-x, -y, z]);
        refract(x, y, 1.0 / index)
    }
}

impl Model for Prism {
    fn arity(&self) -> (usize, usize) {
        (4, 3)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([wavelength, alpha, beta, _], [a, b, c]) = (input, output) else {
            return;
        };
        let to = a.iter_mut().zip(b.iter_mut()).zip(c.iter_mut());
        let from = wavelength.iter().zip(*alpha).zip(*beta);
        for (((a, b), c), ((wavelength, alpha), beta)) in to.zip(from) {
            [*a, *b, *c] = self.through(*wavelength, *alpha, *beta);
        }
    }
}

/// The index is that of the glass when the prism is less than this warmer than the glass was.
const WARMER: f64 = 20.0;

pub(super) fn read_snell(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let (_, b) = reader.array("kcoef")?;
    let (_, c) = reader.array("lcoef")?;
    let (_, thermal) = reader.array("tcoef")?;
    if b.len() != 3 || c.len() != 3 {
        return Err(reader.wrong("kcoef", "three numbers, and three of lcoef"));
    }
    let &[d0, d1, d2, e0, e1, pole] = thermal.as_slice() else {
        return Err(reader.wrong("tcoef", "six numbers"));
    };
    let glass = Glass::new(b, c);
    let reference = Surroundings {
        temperature: reader.number("ref_temp")?,
        pressure: reader.number("ref_pressure")?,
    };
    // The reference takes the pressure at which the glass was measured for that of the prism.
    let actual = Surroundings {
        temperature: reader.number("temp")?,
        pressure: reference.pressure,
    };
    let index = if actual.temperature - reference.temperature < WARMER {
        Index::Glass(glass)
    } else {
        Index::Zemax(Box::new(Zemax {
            glass,
            reference,
            actual,
            thermal: [d0, d1, d2],
            dispersive: [e0, e1, pole],
        }))
    };
    let angle = reader.number("prism_angle")?;
    Ok(Arc::new(Prism {
        index,
        to_back: Turn::about_y(angle),
        to_front: Turn::about_y(-angle),
    }))
}
