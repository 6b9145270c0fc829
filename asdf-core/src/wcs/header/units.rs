//! `CUNITi`: units as headers have them, in any case and with old names.

use super::keywords::Keywords;
use super::number::Read;
use crate::unit::Unit;

/// Names that are units of the standard under another one, in small letters.
const ALIASES: [(&str, &str); 32] = [
    ("angstroms", "Angstrom"),
    ("angstrom", "Angstrom"),
    ("arcmins", "arcmin"),
    ("arcminutes", "arcmin"),
    ("arcsecs", "arcsec"),
    ("arcseconds", "arcsec"),
    ("asec", "arcsec"),
    ("amin", "arcmin"),
    ("day", "d"),
    ("days", "d"),
    ("degree", "deg"),
    ("degrees", "deg"),
    ("hr", "h"),
    ("kelvin", "K"),
    ("kelvins", "K"),
    ("meter", "m"),
    ("meters", "m"),
    ("metre", "m"),
    ("metres", "m"),
    ("nanometer", "nm"),
    ("nanometers", "nm"),
    ("micron", "um"),
    ("microns", "um"),
    ("pixels", "pixel"),
    ("radian", "rad"),
    ("radians", "rad"),
    ("sec", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("year", "yr"),
    ("years", "yr"),
    ("hertz", "Hz"),
];

/// Units whose letters have only one meaning, whatever their case.
const ANY_CASE: [&str; 18] = [
    "arcmin", "arcsec", "deg", "eV", "keV", "MeV", "GHz", "kHz", "Hz", "Jy", "km", "rad", "erg",
    "nm", "um", "cm", "mas", "yr",
];

/// Joules of an electronvolt, exactly, and as wcslib has them.
const ELECTRONVOLT: f64 = 1.602_176_634e-19;
const WCSLIB_ELECTRONVOLT: f64 = 1.602_176_5e-19;

/// The unit of an axis as the standard writes it; empty when it is not given.
pub(super) fn text(keywords: Keywords<'_>, axis: usize) -> Read<String> {
    let text = keywords.text(&format!("CUNIT{axis}"))?;
    let text = text.trim();
    if text.is_empty() || Unit::parse(text).is_some() {
        return Ok(text.to_owned());
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest
            .find(|letter: char| letter.is_ascii_alphabetic() != first.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let (part, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        out.push_str(if first.is_ascii_alphabetic() {
            named(part)
        } else {
            part
        });
        rest = after;
    }
    Ok(out)
}

/// A name as the standard writes it.
fn named(name: &str) -> &str {
    if Unit::parse(name).is_some() {
        return name;
    }
    let small = name.to_ascii_lowercase();
    if let Some(alias) = ALIASES.iter().find(|alias| alias.0 == small) {
        return alias.1;
    }
    match name {
        "MHZ" => return "MHz",
        "M" => return "m",
        "MIN" => return "min",
        "MM" => return "mm",
        _ => {}
    }
    let same = |unit: &&&str| unit.eq_ignore_ascii_case(name);
    ANY_CASE.iter().find(same).copied().unwrap_or(name)
}

/// What numbers in the unit of an axis are multiplied with to be in another, which is that of axes that have none.
pub(super) fn factor(keywords: Keywords<'_>, axis: usize, wanted: &str) -> Read<f64> {
    let given = text(keywords, axis)?;
    if given.is_empty() || given == wanted {
        return Ok(1.0);
    }
    // Ratios of whole numbers are nearer than those of radians.
    match (wanted, given.as_str()) {
        ("deg", "arcmin") => return Ok(1.0 / 60.0),
        ("deg", "arcsec") => return Ok(1.0 / 3600.0),
        ("deg", "mas") => return Ok(1.0 / 3_600_000.0),
        ("deg", "rad") => return Ok(1_f64.to_degrees()),
        _ => {}
    }
    let factor = Unit::factor_between(&given, wanted);
    // Energies in joules are those of wcslib.
    let factor = factor.map(|factor| {
        if given.ends_with("eV") {
            factor * (WCSLIB_ELECTRONVOLT / ELECTRONVOLT)
        } else {
            factor
        }
    });
    factor.ok_or_else(|| {
        let what = if wanted.is_empty() {
            "a unit of plain numbers".to_owned()
        } else {
            format!("a unit that converts to {wanted}")
        };
        keywords.expected(&format!("CUNIT{axis}"), &what)
    })
}
