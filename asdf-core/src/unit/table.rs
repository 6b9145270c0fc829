//! The names of units: what each is in base units, and which take prefixes.

use super::Unit;
use std::f64::consts::PI;

/// A factor, and powers of base units.
type Line = (&'static str, f64, &'static [(&'static str, f64)]);

/// Units that take prefixes.
const PREFIXED: &[Line] = &[
    ("m", 1.0, &[("m", 1.0)]),
    ("s", 1.0, &[("s", 1.0)]),
    ("g", 1e-3, &[("kg", 1.0)]),
    ("A", 1.0, &[("A", 1.0)]),
    ("K", 1.0, &[("K", 1.0)]),
    ("mol", 1.0, &[("mol", 1.0)]),
    ("cd", 1.0, &[("cd", 1.0)]),
    ("rad", 1.0, &[("rad", 1.0)]),
    ("sr", 1.0, &[("rad", 2.0)]),
    ("Hz", 1.0, &[("s", -1.0)]),
    ("N", 1.0, &[("kg", 1.0), ("m", 1.0), ("s", -2.0)]),
    ("J", 1.0, &[("kg", 1.0), ("m", 2.0), ("s", -2.0)]),
    ("W", 1.0, &[("kg", 1.0), ("m", 2.0), ("s", -3.0)]),
    ("Pa", 1.0, &[("kg", 1.0), ("m", -1.0), ("s", -2.0)]),
    ("C", 1.0, &[("A", 1.0), ("s", 1.0)]),
    (
        "V",
        1.0,
        &[("A", -1.0), ("kg", 1.0), ("m", 2.0), ("s", -3.0)],
    ),
    (
        "Ohm",
        1.0,
        &[("A", -2.0), ("kg", 1.0), ("m", 2.0), ("s", -3.0)],
    ),
    (
        "S",
        1.0,
        &[("A", 2.0), ("kg", -1.0), ("m", -2.0), ("s", 3.0)],
    ),
    (
        "F",
        1.0,
        &[("A", 2.0), ("kg", -1.0), ("m", -2.0), ("s", 4.0)],
    ),
    (
        "Wb",
        1.0,
        &[("A", -1.0), ("kg", 1.0), ("m", 2.0), ("s", -2.0)],
    ),
    ("T", 1.0, &[("A", -1.0), ("kg", 1.0), ("s", -2.0)]),
    (
        "H",
        1.0,
        &[("A", -2.0), ("kg", 1.0), ("m", 2.0), ("s", -2.0)],
    ),
    ("lm", 1.0, &[("cd", 1.0), ("rad", 2.0)]),
    ("lx", 1.0, &[("cd", 1.0), ("m", -2.0), ("rad", 2.0)]),
    ("Bq", 1.0, &[("s", -1.0)]),
    (
        "eV",
        1.602_176_634e-19,
        &[("kg", 1.0), ("m", 2.0), ("s", -2.0)],
    ),
    ("erg", 1e-7, &[("kg", 1.0), ("m", 2.0), ("s", -2.0)]),
    ("dyn", 1e-5, &[("kg", 1.0), ("m", 1.0), ("s", -2.0)]),
    ("G", 1e-4, &[("A", -1.0), ("kg", 1.0), ("s", -2.0)]),
    ("bar", 1e5, &[("kg", 1.0), ("m", -1.0), ("s", -2.0)]),
    ("l", 1e-3, &[("m", 3.0)]),
    ("Jy", 1e-26, &[("kg", 1.0), ("s", -2.0)]),
    (
        "R",
        1e10 / (4.0 * PI),
        &[("m", -2.0), ("ph", 1.0), ("rad", -2.0), ("s", -1.0)],
    ),
    ("pc", 149_597_870_700.0 * 648_000.0 / PI, &[("m", 1.0)]),
    ("lyr", 299_792_458.0 * 31_557_600.0, &[("m", 1.0)]),
    ("yr", 31_557_600.0, &[("s", 1.0)]),
    ("arcsec", PI / 648_000.0, &[("rad", 1.0)]),
    ("u", 1.660_539_068_92e-27, &[("kg", 1.0)]),
    ("bit", 1.0, &[("bit", 1.0)]),
    ("byte", 8.0, &[("bit", 1.0)]),
    ("B", 8.0, &[("bit", 1.0)]),
    ("pix", 1.0, &[("pix", 1.0)]),
    ("ct", 1.0, &[("ct", 1.0)]),
    ("ph", 1.0, &[("ph", 1.0)]),
    ("adu", 1.0, &[("adu", 1.0)]),
    ("mag", 1.0, &[("mag", 1.0)]),
    ("dex", 1.0, &[("dex", 1.0)]),
];

/// Units that take none.
const PLAIN: &[Line] = &[
    ("%", 0.01, &[]),
    ("AU", 149_597_870_700.0, &[("m", 1.0)]),
    ("Angstrom", 1e-10, &[("m", 1.0)]),
    ("DN", 1.0, &[("dn", 1.0)]),
    (
        "Ry",
        2.179_872_361_110_354_2e-18,
        &[("kg", 1.0), ("m", 2.0), ("s", -2.0)],
    ),
    ("arcmin", PI / 10_800.0, &[("rad", 1.0)]),
    ("atm", 101_325.0, &[("kg", 1.0), ("m", -1.0), ("s", -2.0)]),
    ("barn", 1e-28, &[("m", 2.0)]),
    ("beam", 1.0, &[("beam", 1.0)]),
    ("bin", 1.0, &[("bin", 1.0)]),
    ("chan", 1.0, &[("chan", 1.0)]),
    ("cycle", 2.0 * PI, &[("rad", 1.0)]),
    ("d", 86_400.0, &[("s", 1.0)]),
    ("deg", PI / 180.0, &[("rad", 1.0)]),
    ("deg_C", 1.0, &[("deg_C", 1.0)]),
    ("dn", 1.0, &[("dn", 1.0)]),
    ("electron", 1.0, &[("electron", 1.0)]),
    ("fortnight", 1_209_600.0, &[("s", 1.0)]),
    ("h", 3600.0, &[("s", 1.0)]),
    ("hourangle", PI / 12.0, &[("rad", 1.0)]),
    ("mas", PI / 648_000_000.0, &[("rad", 1.0)]),
    ("micron", 1e-6, &[("m", 1.0)]),
    ("min", 60.0, &[("s", 1.0)]),
    ("solLum", 3.828e26, &[("kg", 1.0), ("m", 2.0), ("s", -3.0)]),
    ("solMass", 1.988_409_870_698_051e30, &[("kg", 1.0)]),
    ("solRad", 695_700_000.0, &[("m", 1.0)]),
    ("spaxel", 1.0, &[("spaxel", 1.0)]),
    ("t", 1000.0, &[("kg", 1.0)]),
    ("uas", PI / 648_000_000_000.0, &[("rad", 1.0)]),
    ("voxel", 1.0, &[("vox", 1.0)]),
    ("wk", 604_800.0, &[("s", 1.0)]),
];

/// Other names of units.
const ALIASES: &[(&str, &str)] = &[
    ("\"", "arcsec"),
    ("'", "arcmin"),
    ("AA", "Angstrom"),
    ("Celsius", "deg_C"),
    ("Gauss", "G"),
    ("L", "l"),
    ("Rayleigh", "R"),
    ("Ohms", "Ohm"),
    ("a", "yr"),
    ("angstrom", "Angstrom"),
    ("arcminute", "arcmin"),
    ("arcsecond", "arcsec"),
    ("astronomical_unit", "AU"),
    ("au", "AU"),
    ("b", "bit"),
    ("count", "ct"),
    ("counts", "ct"),
    ("cy", "cycle"),
    ("Da", "u"),
    ("day", "d"),
    ("degree", "deg"),
    ("electronvolt", "eV"),
    ("gauss", "G"),
    ("gram", "g"),
    ("hour", "h"),
    ("hr", "h"),
    ("jansky", "Jy"),
    ("Jansky", "Jy"),
    ("joule", "J"),
    ("kelvin", "K"),
    ("liter", "l"),
    ("meter", "m"),
    ("minute", "min"),
    ("ohm", "Ohm"),
    ("parsec", "pc"),
    ("percent", "%"),
    ("photon", "ph"),
    ("pixel", "pix"),
    ("pixels", "pix"),
    ("radian", "rad"),
    ("second", "s"),
    ("L_sun", "solLum"),
    ("Lsun", "solLum"),
    ("M_sun", "solMass"),
    ("Msun", "solMass"),
    ("R_sun", "solRad"),
    ("Rsun", "solRad"),
    ("steradian", "sr"),
    ("tonne", "t"),
    ("volt", "V"),
    ("vox", "voxel"),
    ("watt", "W"),
    ("week", "wk"),
    ("year", "yr"),
    ("°", "deg"),
];

/// Prefixes; the longest that fits counts.
const PREFIXES: &[(&str, f64)] = &[
    ("da", 1e1),
    ("Q", 1e30),
    ("R", 1e27),
    ("Y", 1e24),
    ("Z", 1e21),
    ("E", 1e18),
    ("P", 1e15),
    ("T", 1e12),
    ("G", 1e9),
    ("M", 1e6),
    ("k", 1e3),
    ("h", 1e2),
    ("d", 1e-1),
    ("c", 1e-2),
    ("m", 1e-3),
    ("u", 1e-6),
    ("µ", 1e-6),
    ("μ", 1e-6),
    ("n", 1e-9),
    ("p", 1e-12),
    ("f", 1e-15),
    ("a", 1e-18),
    ("z", 1e-21),
    ("y", 1e-24),
];

fn exact(name: &str) -> Option<Unit> {
    let alias = ALIASES.iter().find(|alias| alias.0 == name);
    let name = alias.map_or(name, |alias| alias.1);
    let line = PREFIXED.iter().chain(PLAIN).find(|line| line.0 == name)?;
    Some(Unit {
        factor: line.1,
        powers: line.2.to_vec(),
    })
}

/// The unit of a name, with or without a prefix.
pub(super) fn named(name: &str) -> Option<Unit> {
    if let Some(unit) = exact(name) {
        return Some(unit);
    }
    PREFIXES.iter().find_map(|(prefix, factor)| {
        let rest = name.strip_prefix(prefix)?;
        let alias = ALIASES.iter().find(|alias| alias.0 == rest);
        let rest = alias.map_or(rest, |alias| alias.1);
        PREFIXED.iter().find(|line| line.0 == rest)?;
        let unit = exact(rest)?;
        Some(Unit {
            factor: unit.factor * factor,
            powers: unit.powers,
        })
    })
}

/// The name of a unit, if it has one without a prefix.
pub(super) fn name(unit: &Unit) -> Option<&'static str> {
    if *unit == Unit::NONE {
        return Some("dimensionless");
    }
    let same = |line: &&Line| {
        (line.1 / unit.factor - 1.0).abs() < 1e-12 && line.2 == unit.powers.as_slice()
    };
    Some(PREFIXED.iter().chain(PLAIN).find(same)?.0)
}
