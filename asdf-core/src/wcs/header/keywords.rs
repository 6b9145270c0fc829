//! The keywords of a celestial WCS.

use super::linear;
use super::number::{Read, Unknown, integer, number, number_or};
use super::projection::Projection;
use crate::fits::FitsHeader;

/// Keywords of distortions that are tables or conventions of their own.
const OTHER_DISTORTIONS: [&str; 8] = [
    "CPDIS1", "CPDIS2", "CQDIS1", "CQDIS2", "D2IMDIS1", "D2IMDIS2", "PC001001", "PC001002",
];
/// The highest degree of SIP.
const DEGREE: usize = 9;
/// The highest number of a parameter that the standard has.
const PARAMETERS: usize = 30;

/// What a header says about the place of its first two axes on the sky.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HeaderWcs {
    /// Lengths of the two axes.
    pub(super) size: [i64; 2],
    /// `CRPIX`, from 1.
    pub(super) crpix: [f64; 2],
    /// `CRVAL` in degrees, the longitude first.
    pub(super) crval: [f64; 2],
    /// From pixels to degrees in the plane of the projection, the row of the longitude first.
    pub(super) matrix: [[f64; 2]; 2],
    pub(super) projection: Projection,
    /// `LONPOLE` and `LATPOLE`.
    pub(super) pole: [Option<f64>; 2],
    pub(super) system: System,
    pub(super) sip: Option<[SipTerms; 2]>,
}

/// Coefficients of `A` or `B` by the powers of u and v.
pub(super) type SipTerms = Vec<([usize; 2], f64)>;

/// The frame of the sky.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum System {
    Icrs,
    /// With the Julian year of its equinox.
    Fk5(f64),
    /// With the Besselian year of its equinox.
    Fk4(f64),
    /// The same without the terms of aberration.
    Fk4NoETerms(f64),
    Galactic,
}

/// `RA---TAN-SIP`: the axis and the projection.
struct AxisType {
    name: String,
    code: String,
    is_sip: bool,
}

impl AxisType {
    fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = (text.get(..8)?, text.get(8..)?.trim_end());
        let (name, code) = (kind.get(..5)?, kind.get(5..)?);
        let name = name.strip_suffix('-')?.trim_end_matches('-');
        if !matches!(rest, "" | "-SIP") {
            return None;
        }
        Some(Self {
            name: name.to_owned(),
            code: code.to_owned(),
            is_sip: !rest.is_empty(),
        })
    }

    fn is_longitude(&self) -> bool {
        matches!(self.name.as_str(), "RA" | "GLON")
    }

    /// The name of the latitude that belongs to a longitude.
    fn partner(&self) -> &'static str {
        match self.name.as_str() {
            "RA" => "DEC",
            _ => "GLAT",
        }
    }
}

/// The two axes: the numbers of longitude and latitude, and what they are.
struct Axes {
    numbers: [usize; 2],
    longitude: AxisType,
}

impl Axes {
    fn read(header: &FitsHeader<'_>) -> Read<Self> {
        let (one, two) = (axis_type(header, 1)?, axis_type(header, 2)?);
        let (numbers, longitude, latitude) = if one.is_longitude() {
            ([1, 2], one, two)
        } else {
            ([2, 1], two, one)
        };
        let is_pair = longitude.is_longitude()
            && latitude.name == longitude.partner()
            && latitude.code == longitude.code;
        if is_pair {
            Ok(Self { numbers, longitude })
        } else {
            Err(Unknown)
        }
    }
}

impl HeaderWcs {
    pub(super) fn read(header: &FitsHeader<'_>) -> Read<Self> {
        let is_there = |keyword: &str| header.get(keyword).is_some();
        if OTHER_DISTORTIONS.into_iter().any(is_there) {
            return Err(Unknown);
        }
        let Axes { numbers, longitude } = Axes::read(header)?;
        let [first, second] = numbers;
        let projection = Projection::new(&longitude.code, &parameters(header, second)?);
        let scales = [unit(header, first)?, unit(header, second)?];
        let [first_scale, second_scale] = scales;
        let crval = [
            number_or(header, &format!("CRVAL{first}"), 0.0)? * first_scale,
            number_or(header, &format!("CRVAL{second}"), 0.0)? * second_scale,
        ];
        let [_, declination] = crval;
        if declination.abs() > 90.0 {
            return Err(Unknown);
        }
        let has_sip = longitude.is_sip || is_there("A_ORDER");
        Ok(Self {
            size: [integer(header, "NAXIS1")?, integer(header, "NAXIS2")?],
            crpix: [
                number_or(header, "CRPIX1", 0.0)?,
                number_or(header, "CRPIX2", 0.0)?,
            ],
            crval,
            matrix: linear::matrix(header, numbers, scales)?,
            projection: projection.ok_or(Unknown)?,
            pole: pole(header, first)?,
            system: system(header, &longitude)?,
            sip: if has_sip {
                Some([sip(header, "A")?, sip(header, "B")?])
            } else {
                None
            },
        })
    }
}

/// `LONPOLE` and `LATPOLE`, which may be parameters of the longitude as well.
fn pole(header: &FitsHeader<'_>, longitude: usize) -> Read<[Option<f64>; 2]> {
    let own = parameters(header, longitude)?;
    // The others move the reference point of the projection.
    let is_pole = |index: usize| matches!(index, 3 | 4);
    if own
        .iter()
        .any(|(index, value)| !is_pole(*index) && *value != 0.0)
    {
        return Err(Unknown);
    }
    let own = |wanted: usize| {
        own.iter()
            .find(|(index, _)| *index == wanted)
            .map(|found| found.1)
    };
    Ok([
        own(3).or(number(header, "LONPOLE")?),
        own(4).or(number(header, "LATPOLE")?),
    ])
}

fn axis_type(header: &FitsHeader<'_>, axis: usize) -> Read<AxisType> {
    let text = header.text(&format!("CTYPE{axis}")).ok().flatten();
    text.and_then(|text| AxisType::parse(&text)).ok_or(Unknown)
}

/// All `PVi_m` of an axis.
fn parameters(header: &FitsHeader<'_>, axis: usize) -> Read<Vec<(usize, f64)>> {
    let mut found = Vec::new();
    for index in 0..=PARAMETERS {
        if let Some(value) = number(header, &format!("PV{axis}_{index}"))? {
            found.push((index, value));
        }
    }
    Ok(found)
}

/// Degrees in the unit of an axis.
fn unit(header: &FitsHeader<'_>, axis: usize) -> Read<f64> {
    let text = header.text(&format!("CUNIT{axis}")).ok().ok_or(Unknown)?;
    match text.as_deref().map_or("", str::trim) {
        "" | "deg" | "degree" | "degrees" => Ok(1.0),
        "arcmin" => Ok(1.0 / 60.0),
        "arcsec" => Ok(1.0 / 3600.0),
        "mas" => Ok(1.0 / 3_600_000.0),
        "rad" => Ok(1_f64.to_degrees()),
        _ => Err(Unknown),
    }
}

fn system(header: &FitsHeader<'_>, longitude: &AxisType) -> Read<System> {
    if longitude.name == "GLON" {
        return Ok(System::Galactic);
    }
    let equinox = number(header, "EQUINOX")?.or(number(header, "EPOCH")?);
    let text = |keyword: &str| header.text(keyword).ok().flatten();
    let name = text("RADESYS").or_else(|| text("RADECSYS"));
    match (name.as_deref().map_or("", str::trim), equinox) {
        ("ICRS", _) | ("", None) => Ok(System::Icrs),
        ("FK5", equinox) => Ok(System::Fk5(equinox.unwrap_or(2000.0))),
        ("FK4", equinox) => Ok(System::Fk4(equinox.unwrap_or(1950.0))),
        ("FK4-NO-E", equinox) => Ok(System::Fk4NoETerms(equinox.unwrap_or(1950.0))),
        ("", Some(equinox)) if equinox < 1984.0 => Ok(System::Fk4(equinox)),
        ("", Some(equinox)) => Ok(System::Fk5(equinox)),
        _ => Err(Unknown),
    }
}

/// The coefficients of `A` or `B`.
fn sip(header: &FitsHeader<'_>, name: &str) -> Read<SipTerms> {
    let degree = integer(header, &format!("{name}_ORDER"))?;
    let degree = usize::try_from(degree).ok().ok_or(Unknown)?;
    if degree > DEGREE {
        return Err(Unknown);
    }
    let mut terms = Vec::new();
    for p in 0..=degree {
        for q in 0..=degree.saturating_sub(p) {
            if let Some(value) = number(header, &format!("{name}_{p}_{q}"))? {
                terms.push(([p, q], value));
            }
        }
    }
    Ok(terms)
}
