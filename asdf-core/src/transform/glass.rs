//! `sellmeier_glass` and `sellmeier_zemax` of gwcs: the refractive index of a glass. Wavelengths are in µm.

use super::model::Model;
use super::parameters::Reader;
use crate::error::Result;
use std::sync::Arc;

/// A refractive index by the wavelength in µm.
#[derive(Debug, Clone)]
pub(super) enum Index {
    /// As it was measured.
    Glass(Glass),
    /// At another temperature and pressure.
    Zemax(Box<Zemax>),
}

impl Index {
    pub(super) fn at(&self, wavelength: f64) -> f64 {
        match self {
            Self::Glass(glass) => glass.index(wavelength),
            Self::Zemax(zemax) => zemax.index(wavelength),
        }
    }
}

/// √(1 + Σ Bᵢ λ² / (λ² − Cᵢ)).
#[derive(Debug, Clone)]
pub(super) struct Glass {
    terms: Vec<(f64, f64)>,
}

impl Glass {
    pub(super) fn new(b: Vec<f64>, c: Vec<f64>) -> Self {
        Self {
            terms: b.into_iter().zip(c).collect(),
        }
    }

    fn index(&self, wavelength: f64) -> f64 {
        let square = wavelength * wavelength;
        let terms = self.terms.iter();
        let sum: f64 = terms.map(|(b, c)| b * square / (square - c)).sum();
        (1.0 + sum).sqrt()
    }
}

/// Surroundings of a glass.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings {
    /// In K.
    pub(super) temperature: f64,
    /// In atm.
    pub(super) pressure: f64,
}

impl Surroundings {
    /// In °C.
    fn celsius(self) -> f64 {
        self.temperature - 273.15
    }

    /// The index of air, from its excess over 1 at 15 °C and 1 atm.
    fn air(self, excess: f64) -> f64 {
        1.0 + excess * self.pressure / (1.0 + (self.celsius() - 15.0) * 3.4785e-3)
    }
}

/// The index relative to the air around, as Zemax has it.
#[derive(Debug, Clone)]
pub(super) struct Zemax {
    pub(super) glass: Glass,
    /// Where the glass was measured.
    pub(super) reference: Surroundings,
    /// Where it is.
    pub(super) actual: Surroundings,
    /// Factors of the powers of the difference in temperature, from the first on.
    pub(super) thermal: [f64; 3],
    /// The same of what depends on the wavelength, and the wavelength of its pole.
    pub(super) dispersive: [f64; 3],
}

impl Zemax {
    fn index(&self, wavelength: f64) -> f64 {
        let square = wavelength * wavelength;
        let excess = (6432.8
            + 2_949_810.0 * square / (146.0 * square - 1.0)
            + 5540.0 * square / (41.0 * square - 1.0))
            * 1e-8;
        let (air, air_reference) = (self.actual.air(excess), self.reference.air(excess));
        let relative = wavelength * air / air_reference;
        let index = self.glass.index(relative);
        let warmer = self.actual.celsius() - self.reference.celsius();
        let [d0, d1, d2] = self.thermal;
        let [e0, e1, pole] = self.dispersive;
        let power = warmer * warmer;
        let growth = d0 * warmer
            + d1 * power
            + d2 * power * warmer
            + (e0 * warmer + e1 * power) / (relative * relative - pole * pole);
        let change = 0.5 * (index * index - 1.0) / index * growth;
        (index * air_reference + change) / air
    }
}

impl Model for Index {
    fn arity(&self) -> (usize, usize) {
        (1, 1)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([wavelength], [index]) = (input, output) else {
            return;
        };
        for (index, wavelength) in index.iter_mut().zip(*wavelength) {
            *index = self.at(*wavelength);
        }
    }
}

fn read_glass(reader: &Reader<'_>) -> Result<Glass> {
    let (_, b) = reader.array("B_coef")?;
    let (_, c) = reader.array("C_coef")?;
    if b.len() != 3 || c.len() != 3 {
        return Err(reader.wrong("B_coef", "three numbers, and three of C_coef"));
    }
    Ok(Glass::new(b, c))
}

pub(super) fn read_sellmeier_glass(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    Ok(Arc::new(Index::Glass(read_glass(reader)?)))
}

pub(super) fn read_sellmeier_zemax(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let three = |key: &str| -> Result<[f64; 3]> {
        let (_, numbers) = reader.array(key)?;
        match *numbers.as_slice() {
            [first, second, third] => Ok([first, second, third]),
            _ => Err(reader.wrong(key, "three numbers")),
        }
    };
    Ok(Arc::new(Index::Zemax(Box::new(Zemax {
        glass: read_glass(reader)?,
        reference: Surroundings {
            temperature: reader.number("ref_temperature")?,
            pressure: reader.number("ref_pressure")?,
        },
        actual: Surroundings {
            temperature: reader.number("temperature")?,
            pressure: reader.number("pressure")?,
        },
        thermal: three("D_coef")?,
        dispersive: three("E_coef")?,
    }))))
}
