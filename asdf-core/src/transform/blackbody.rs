//! The spectrum of a black body.

use std::sync::Arc;

use super::function::{Function, read};
use super::model::Model;
use super::parameters::Reader;
use crate::error::Result;

/// Planck's constant, in J s (exact, SI 2019).
const PLANCK: f64 = 6.626_070_15e-34;
/// Boltzmann's constant, in J/K (exact, SI 2019).
const BOLTZMANN: f64 = 1.380_649e-23;
/// The speed of light, in m/s (exact, SI).
const LIGHT: f64 = 299_792_458.0;
/// erg s⁻¹ cm⁻² in one W m⁻².
const ERG_PER_CM2: f64 = 1e3;

/// Planck's law, in erg cm⁻² s⁻¹ Hz⁻¹ sr⁻¹, of a frequency in Hz.
#[derive(Debug)]
struct BlackBody {
    /// Factor of the spectrum; a pure number.
    scale: f64,
    /// In kelvin; not negative.
    temperature: f64,
}

impl Function<1> for BlackBody {
    fn value(&self, [frequency]: [f64; 1]) -> f64 {
        let exponent = PLANCK * frequency / (BOLTZMANN * self.temperature);
        let radiance =
            2.0 * PLANCK * frequency.powi(3) / (LIGHT * LIGHT * exponent.exp_m1()) * ERG_PER_CM2;
        self.scale * radiance
    }
}

/// Reads `blackbody`.
pub(super) fn read_blackbody(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let mut temperature = reader.number("temperature")?;
    if let Some(unit) = reader.unit("temperature")? {
        temperature *= reader.factor("temperature", &unit, "K")?;
    }
    if temperature < 0.0 {
        return Err(reader.wrong("temperature", "a temperature of at least 0 K"));
    }
    read(BlackBody {
        scale: reader.number("scale")?,
        temperature,
    })
}
