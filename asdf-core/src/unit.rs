//! Units of measurement as texts of `unit/unit-1.x` have them (`VOUnits` 1.0 of the IVOA, and the forms of astropy),
//! as far as conversion needs them: a factor and powers of base units.

mod parse;
mod table;

use std::fmt;

/// A unit: a multiple of a product of powers of base units.
///
/// The radian is a base unit, as in astropy, and the steradian its square; so are the pixel, the count and the
/// like, which convert into nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    factor: f64,
    /// Powers of base units, sorted by the name of the base unit; none is 0.
    powers: Vec<(&'static str, f64)>,
}

/// Powers closer than this are the same: thirds are not exact.
const SAME_POWER: f64 = 1e-9;
/// Powers of texts at most, beyond which factors overflow.
const GREATEST_POWER: f64 = 100.0;

impl Unit {
    /// The unit of numbers without one.
    pub const NONE: Self = Self {
        factor: 1.0,
        powers: Vec::new(),
    };

    /// Reads a unit such as `arcsec.pixel**-1`, `km s-1` or `erg / (Hz s sr cm2)`; `None` when it has no such
    /// form, or a name in it is not known. An empty text is the unit of plain numbers.
    pub fn parse(text: &str) -> Option<Self> {
        parse::unit(text)
    }

    /// [`factor_to`](Self::factor_to) of two units by their texts; `None` also where one of them is not known.
    pub fn factor_between(from: &str, to: &str) -> Option<f64> {
        Self::parse(from)?.factor_to(&Self::parse(to)?)
    }

    /// What numbers in this unit are multiplied with to be in the other; `None` when they measure different
    /// things.
    pub fn factor_to(&self, other: &Self) -> Option<f64> {
        let same = self.powers.len() == other.powers.len()
            && self
                .powers
                .iter()
                .zip(&other.powers)
                .all(|(a, b)| a.0 == b.0 && (a.1 - b.1).abs() < SAME_POWER);
        same.then_some(self.factor / other.factor)
    }

    /// The product of both.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let mut powers = self.powers.clone();
        for (name, power) in &other.powers {
            match powers.binary_search_by_key(name, |entry| entry.0) {
                Ok(place) => {
                    if let Some(entry) = powers.get_mut(place) {
                        entry.1 += power;
                    }
                }
                Err(place) => powers.insert(place, (name, *power)),
            }
        }
        powers.retain(|entry| entry.1.abs() > SAME_POWER);
        Self {
            factor: self.factor * other.factor,
            powers,
        }
    }

    /// The unit to a power.
    #[must_use]
    #[expect(
        clippy::float_cmp,
        reason = "of reciprocals nothing is to be rounded twice"
    )]
    pub fn power(&self, power: f64) -> Self {
        if power == 0.0 {
            return Self::NONE;
        }
        Self {
            factor: if power == -1.0 {
                1.0 / self.factor
            } else {
                self.factor.powf(power)
            },
            powers: self
                .powers
                .iter()
                .map(|(name, own)| (*name, own * power))
                .collect(),
        }
    }

    /// Its power of a base unit: 1 of `pix` for `pixel`.
    #[cfg(feature = "wcs")]
    pub(crate) fn power_of(&self, base: &str) -> f64 {
        let entry = self.powers.iter().find(|entry| entry.0 == base);
        entry.map_or(0.0, |entry| entry.1)
    }
}

impl fmt::Display for Unit {
    /// The name of the unit, or base units with their powers (`pix**-1`).
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = table::name(self) {
            return formatter.write_str(name);
        }
        let mut first = true;
        if (self.factor - 1.0).abs() > f64::EPSILON || self.powers.is_empty() {
            write!(formatter, "{}", self.factor)?;
            first = false;
        }
        for (name, power) in &self.powers {
            let separator = if first { "" } else { " " };
            first = false;
            write!(formatter, "{separator}{name}")?;
            if (power - 1.0).abs() > SAME_POWER {
                write!(formatter, "**{power}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Unit;

    fn factor(from: &str, to: &str) -> Option<f64> {
        Unit::parse(from)
            .unwrap()
            .factor_to(&Unit::parse(to).unwrap())
    }

    // The factors are those of astropy 8: `Unit(from).to(to)`.
    #[test]
    fn units_convert() {
        for (from, to, wanted) in [
            ("deg", "arcsec", 3600.0),
            ("arcsec.pixel**-1", "deg / pix", 1.0 / 3600.0),
            ("km s-1", "m/s", 1000.0),
            ("mas.yr**-1", "arcsec / yr", 0.001),
            ("nJy", "uJy", 0.001),
            ("erg / (Hz s sr cm2)", "W.m**-2.Hz**-1.sr**-1", 0.001),
            ("Angstrom", "nm", 0.1),
            ("", "%", 100.0),
            ("eV", "J", 1.602_176_634e-19),
            ("sr", "deg2", 3_282.806_350_011_744),
            ("kpc", "AU", 206_264_806.247_096_36),
            ("10**3 m", "km", 1.0),
            ("m^(1/2)", "cm^0.5", 10.0),
            ("count.pixel**-1", "ct pix-1", 1.0),
            ("MJy.sr**-1", "Jy / arcsec2", 2.350_443_053_909_788_7e-5),
        ] {
            let found = factor(from, to).unwrap_or_else(|| panic!("{from} to {to}"));
            assert!(
                (found / wanted - 1.0).abs() < 1e-14,
                "{from} to {to}: {found}"
            );
        }
    }

    #[test]
    fn what_measures_other_things_does_not_convert() {
        for (from, to) in [
            ("m", "s"),
            ("pixel", ""),
            ("deg", ""),
            ("Hz", "m"),
            ("ct", "ph"),
        ] {
            assert_eq!(factor(from, to), None, "{from} to {to}");
        }
    }

    #[test]
    fn units_are_shown_by_their_names() {
        for (text, wanted) in [
            ("arcsec", "arcsec"),
            ("second", "s"),
            ("arcsec.pixel**-1", "0.00000484813681109536 pix**-1 rad"),
            ("", "dimensionless"),
            ("pixel", "pix"),
        ] {
            assert_eq!(Unit::parse(text).unwrap().to_string(), wanted);
        }
    }

    #[test]
    fn what_is_no_unit_is_refused() {
        for text in [
            "no_such_unit_xyz",
            "m**",
            "m s)",
            "(m",
            "m // s",
            "m**1e9",
            "m^(1/0)",
            "5 5",
        ] {
            assert_eq!(Unit::parse(text), None, "{text}");
        }
    }
}
