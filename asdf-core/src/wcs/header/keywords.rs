//! The keywords of a celestial WCS.

use super::axes::Axes;
use super::linear;
use super::linear::Parameters;
use super::number::{Read, Refusal, integer, number, number_or, number_unless_text, string};
use super::pole::Fiducial;
use super::projection::Projection;
use super::sip;
use super::sip::SipTerms;
use crate::fits::FitsHeader;

/// What a header says about the place of its first two axes on the sky.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HeaderWcs {
    /// Lengths of the two axes, where there is an image.
    pub(super) size: Option<[i64; 2]>,
    /// `CRPIX`, from 1.
    pub(super) crpix: [f64; 2],
    /// `CRVAL` in degrees, the longitude first.
    pub(super) crval: [f64; 2],
    /// From pixels to degrees in the plane of the projection, the row of the longitude first.
    pub(super) matrix: [[f64; 2]; 2],
    pub(super) projection: Projection,
    pub(super) fiducial: Fiducial,
    pub(super) system: System,
    pub(super) sip: Option<[SipTerms; 2]>,
    /// True where the first axis is the latitude.
    pub(super) latitude_first: bool,
}

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

impl HeaderWcs {
    pub(super) fn read(header: &FitsHeader<'_>) -> Read<Self> {
        let axes = Axes::read(header)?;
        refuse_distortions(header)?;
        let numbers = axes.numbers;
        let [first, second] = numbers;
        let parameters = linear::parameters(header, second)?;
        let projection = Projection::new(&axes.code, &of_axis(&parameters, second))?;
        let fiducial = fiducial(header, &of_axis(&parameters, first), &projection)?;
        let scales = [unit(header, first)?, unit(header, second)?];
        let [first_scale, second_scale] = scales;
        let latitude = format!("CRVAL{second}");
        let crval = [
            number_or(header, &format!("CRVAL{first}"), 0.0)? * first_scale,
            number_or(header, &latitude, 0.0)? * second_scale,
        ];
        if crval[1].abs() > 90.0 {
            return Err(Refusal::expected(
                header,
                &latitude,
                "a latitude of at most 90 degrees",
            ));
        }
        Ok(Self {
            size: size(header)?,
            crpix: linear::reference_pixel(header)?,
            crval,
            matrix: linear::matrix(header, numbers, scales)?,
            projection,
            fiducial,
            system: system(header, axes.is_galactic)?,
            sip: sip::terms(header)?,
            latitude_first: first > second,
        })
    }

    /// The refusal of a pole that cannot be.
    pub(super) fn without_pole(&self, header: &FitsHeader<'_>) -> Refusal {
        let latitude = if self.latitude_first {
            "CRVAL1"
        } else {
            "CRVAL2"
        };
        Refusal::expected(
            header,
            latitude,
            "a latitude that its projection's LONPOLE allows",
        )
    }
}

fn size(header: &FitsHeader<'_>) -> Read<Option<[i64; 2]>> {
    if header.get("NAXIS1").is_none() || header.get("NAXIS2").is_none() {
        return Ok(None);
    }
    Ok(Some([
        integer(header, "NAXIS1")?,
        integer(header, "NAXIS2")?,
    ]))
}

/// Keywords of distortions: tables, and conventions that are no part of the standard.
fn refuse_distortions(header: &FitsHeader<'_>) -> Read<()> {
    const BEGINNINGS: [&str; 5] = ["CPDIS", "CQDIS", "D2IMDIS", "AMDX", "AMDY"];
    for card in header.cards() {
        let keyword = card.keyword();
        let numbered = |beginning: &&str| {
            let rest = keyword.strip_prefix(*beginning);
            rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
        };
        if matches!(keyword.as_ref(), "AXISCORR" | "D2IMEXT") || BEGINNINGS.iter().any(numbered) {
            let reason = format!("is {}, a distortion that is not read", card.value());
            return Err(Refusal::new(keyword, reason));
        }
    }
    Ok(())
}

/// The parameters of one axis, with their keywords.
pub(super) type Given = Vec<(usize, String, f64)>;

fn of_axis(parameters: &Parameters, axis: usize) -> Given {
    let own = parameters.iter().filter(|((of, _), _)| *of == axis);
    own.map(|((_, index), (keyword, value))| (*index, keyword.clone(), *value))
        .collect()
}

/// The reference point, `LONPOLE` and `LATPOLE`; all may be parameters of the longitude.
fn fiducial(header: &FitsHeader<'_>, own: &Given, projection: &Projection) -> Read<Fiducial> {
    let mut fiducial = Fiducial {
        native: [0.0, projection.reference_latitude()],
        pole: [number(header, "LONPOLE")?, number(header, "LATPOLE")?],
    };
    for (index, keyword, value) in own {
        match index {
            0 if *value == 0.0 => {}
            1 => fiducial.native[0] = *value,
            2 => fiducial.native[1] = *value,
            3 => fiducial.pole[0] = Some(*value),
            4 => fiducial.pole[1] = Some(*value),
            _ => {
                let reason = "is a parameter of the longitude that is not read";
                return Err(Refusal::new(keyword, reason));
            }
        }
    }
    Ok(fiducial)
}

/// Degrees in the unit of an axis. wcslib takes some in capitals and in the plural as well.
fn unit(header: &FitsHeader<'_>, axis: usize) -> Read<f64> {
    let keyword = format!("CUNIT{axis}");
    let text = string(header, &keyword)?.unwrap_or_default();
    let text = text.trim();
    match text {
        "mas" => return Ok(1.0 / 3_600_000.0),
        "rad" | "radian" => return Ok(1_f64.to_degrees()),
        _ => {}
    }
    match text.to_ascii_lowercase().as_str() {
        "" | "deg" | "degree" | "degrees" => Ok(1.0),
        "arcmin" | "arcmins" => Ok(1.0 / 60.0),
        "arcsec" | "arcsecs" => Ok(1.0 / 3600.0),
        _ => Err(Refusal::expected(header, &keyword, "a unit of angles")),
    }
}

/// The frame as wcslib finds it: an equinox that is text counts for nothing.
fn system(header: &FitsHeader<'_>, is_galactic: bool) -> Read<System> {
    if is_galactic {
        return Ok(System::Galactic);
    }
    let equinox = match number_unless_text(header, "EQUINOX")? {
        None => number_unless_text(header, "EPOCH")?,
        found => found,
    };
    let mut keyword = "RADESYS";
    let mut name = string(header, keyword)?.unwrap_or_default();
    if name.is_empty() {
        keyword = "RADECSYS";
        name = string(header, keyword)?.unwrap_or_default();
    }
    match (name.trim().to_ascii_uppercase().as_str(), equinox) {
        ("ICRS", _) | ("", None) => Ok(System::Icrs),
        ("FK5", equinox) => Ok(System::Fk5(equinox.unwrap_or(2000.0))),
        ("FK4", equinox) => Ok(System::Fk4(equinox.unwrap_or(1950.0))),
        ("FK4-NO-E", equinox) => Ok(System::Fk4NoETerms(equinox.unwrap_or(1950.0))),
        ("", Some(equinox)) if equinox < 1984.0 => Ok(System::Fk4(equinox)),
        ("", Some(equinox)) => Ok(System::Fk5(equinox)),
        _ => Err(Refusal::expected(
            header,
            keyword,
            "ICRS, FK5, FK4 or FK4-NO-E",
        )),
    }
}
