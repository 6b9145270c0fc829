//! Values of a spectral axis that are given in another spectral quantity.

use super::{Frame, FrameKind};
use crate::tree::{Node, Value};
use crate::unit::Unit;
#[cfg(feature = "fits")]
use crate::wcs::header::spectral_kind;
#[cfg(feature = "fits")]
use std::f64::consts::TAU;

/// The speed of light in m/s.
const C: f64 = 299_792_458.0;
/// Planck's constant in J s (CODATA 2018).
#[cfg(feature = "fits")]
const H: f64 = 6.626_070_15e-34;

impl Frame {
    /// The coordinate, in the unit of the axis, of a value of a spectral frame in any spectral unit.
    ///
    /// A value in a unit of the axis's own quantity is scaled. Wavelengths in vacuum, frequencies, wavenumbers and energies become one
    /// another, and with the frequency at rest that the frame has (`restfrq` in Hz or `restwav` in m, of a FITS header) the velocity or
    /// redshift of the axis, in its own convention (radio, optical, relativistic; Greisen et al. 2006).
    ///
    /// `None` where that cannot be said: the frame is not spectral, the unit is of nothing spectral, a frequency at rest is missing,
    /// the axis has wavelengths in air, or a velocity is given for an axis that has none, whose convention nothing tells.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/wcs/wrapped.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::wcs::FrameKind;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let wcs = file.wcs("header_sun/wcs")?; // a cube whose third axis is a wavelength in m
    /// let FrameKind::Composite(frames) = wcs.steps()[wcs.steps().len() - 1].frame.kind() else { unreachable!() };
    /// let frame = frames.iter().find(|frame| *frame.kind() == FrameKind::Spectral);
    /// let frequency = frame.and_then(|frame| frame.spectral_coordinate(299.792458, "THz"));
    /// assert!((frequency.unwrap() - 1e-6).abs() < 1e-18);
    /// # Ok(())
    /// # }
    /// ```
    pub fn spectral_coordinate(&self, value: f64, unit: &str) -> Option<f64> {
        if *self.kind() != FrameKind::Spectral {
            return None;
        }
        let own = self.units().first().map_or("", |unit| &**unit);
        let scaled = Unit::factor_between(unit, own).map(|factor| value * factor);
        // What is measured only the names of FITS say.
        #[cfg(feature = "fits")]
        let scaled = scaled.or_else(|| self.converted(value, unit, own));
        scaled
    }

    /// The same of another quantity.
    #[cfg(feature = "fits")]
    fn converted(&self, value: f64, unit: &str, own: &str) -> Option<f64> {
        let frequency = frequency(value, unit)?;
        let physical = self.axis_physical_types().first();
        let quantity = spectral_kind(self.name(), physical.map_or("", |kind| &**kind), own);
        let rest = || self.rest;
        let (coordinate, si) = match quantity {
            "FREQ" => (frequency, "Hz"),
            "AFRQ" => (TAU * frequency, "rad s-1"),
            "ENER" => (H * frequency, "J"),
            "WAVN" => (frequency / C, "m-1"),
            "WAVE" => (C / frequency, "m"),
            "VRAD" => (C * (1.0 - frequency / rest()?), "m s-1"),
            "VOPT" => (C * (rest()? / frequency - 1.0), "m s-1"),
            "ZOPT" => (rest()? / frequency - 1.0, ""),
            "VELO" => (C * beta(frequency, rest()?), "m s-1"),
            "BETA" => (beta(frequency, rest()?), ""),
            _ => return None,
        };
        let factor = if si == own {
            1.0
        } else {
            Unit::factor_between(si, own)?
        };
        Some(coordinate * factor).filter(|found| found.is_finite())
    }
}

/// Relativistic velocity over that of light.
#[cfg(feature = "fits")]
fn beta(frequency: f64, rest: f64) -> f64 {
    let ratio = (frequency / rest).powi(2);
    (1.0 - ratio) / (1.0 + ratio)
}

/// The frequency in Hz of a wavelength, frequency, wavenumber or energy.
#[cfg(feature = "fits")]
fn frequency(value: f64, unit: &str) -> Option<f64> {
    let to = |si: &str| Unit::factor_between(unit, si).map(|factor| value * factor);
    to("Hz")
        .or_else(|| to("m").map(|wavelength| C / wavelength))
        .or_else(|| to("J").map(|energy| energy / H))
        .or_else(|| to("m-1").map(|wavenumber| wavenumber * C))
        .filter(|frequency| frequency.is_finite())
}

/// The frequency at rest in Hz that a spectral frame has.
pub(super) fn rest(frame: Node<'_>) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a number of a header")]
    let number = |key: &str| match frame.get(key)?.value() {
        Value::Float(value) => Some(value),
        Value::Int(value) => Some(value as f64),
        _ => None,
    };
    let given = |value: &f64| *value > 0.0;
    let wavelength = || number("restwav").filter(given).map(|length| C / length);
    number("restfrq").filter(given).or_else(wavelength)
}

#[cfg(test)]
#[cfg(feature = "fits")]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::tree::Tree;

    fn frame(of: &str) -> Frame {
        let text =
            format!("%YAML 1.1\n--- !<tag:stsci.edu:gwcs/spectral_frame-1.0.0>\n{of}\n...\n");
        let tree = Tree::parse(text.as_bytes(), 0, &Limits::default(), &mut Vec::new()).unwrap();
        Frame::read(tree.root()).unwrap()
    }

    /// By `astropy.units` with `spectral()` and `doppler_*(115.271202 GHz)`.
    #[test]
    fn values_are_those_of_astropy() {
        let rest = "restfrq: 115271202000.0";
        let cases = [
            (
                "VRAD",
                "km/s",
                [
                    (115.0, "GHz", 705.330_670_487_131_6),
                    (2.6, "mm", -87.358_248_406_770_39),
                ],
            ),
            (
                "VOPT",
                "km/s",
                [
                    (115.0, "GHz", 706.994_036_474_044_5),
                    (2.6, "mm", -87.332_799_999_979_87),
                ],
            ),
            (
                "VELO",
                "km/s",
                [
                    (115.0, "GHz", 706.160_394_453_352_9),
                    (2.6, "mm", -87.345_520_496_151_3),
                ],
            ),
            (
                "WAVE",
                "um",
                [(2.0, "eV", 0.619_920_992_166_001_3), (1.5, "nm", 0.0015)],
            ),
            (
                "FREQ",
                "THz",
                [(1.5, "um", 199.861_638_666_666_66), (1.0, "GHz", 0.001)],
            ),
            (
                "ENER",
                "eV",
                [(1e6, "m-1", 1.239_841_984_332_002_8), (1.0, "keV", 1000.0)],
            ),
        ];
        for (name, unit, values) in cases {
            let frame = frame(&format!(
                "{{name: {name}, axes_order: [0], unit: [!unit/unit-1.0.0 {unit}], {rest}}}"
            ));
            for (value, given, wanted) in values {
                let found = frame.spectral_coordinate(value, given).unwrap();
                assert!(
                    (found - wanted).abs() <= 1e-9 * wanted.abs(),
                    "{name} {given}: {found}"
                );
            }
        }
    }

    #[test]
    fn what_cannot_be_said_is_none() {
        for (name, unit, given) in [
            ("VRAD", "km/s", "GHz"),
            ("FREQ", "Hz", "km/s"),
            ("AWAV", "um", "Hz"),
            ("WAVE", "um", "s"),
        ] {
            let frame = frame(&format!(
                "{{name: {name}, axes_order: [0], unit: [!unit/unit-1.0.0 {unit}]}}"
            ));
            assert_eq!(frame.spectral_coordinate(1.0, given), None, "{name}");
        }
    }
}
