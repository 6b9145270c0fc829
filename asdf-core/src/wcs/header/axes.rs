//! `CTYPEi`: what each axis is, by the rules of wcslib.

use super::keywords::Keywords;
use super::number::Read;
use super::projection;
use super::spectral;
use super::spectral::{Algorithm, Quantity};

/// An axis of the world.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    /// Its number, from 1.
    pub(super) number: usize,
    /// `CTYPEi` as it is given.
    pub(super) text: String,
    pub(super) kind: AxisKind,
    pub(super) curve: Curve,
}

/// What is measured along an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum AxisKind {
    /// With the name of the system: `RA`, or what stands before `LON` or `LN`.
    Longitude(String),
    Latitude(String),
    Spectral(&'static Quantity),
    Stokes,
    Time,
    /// The face of a cube that the sky is projected onto.
    Face,
    Other,
}

/// How the coordinate goes with the pixels.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Curve {
    /// As a line.
    Line,
    /// As a logarithm.
    Logarithm,
    /// By a projection of the sky.
    Projection(String),
    /// As a line in another spectral quantity.
    Spectral(Algorithm),
    /// By a table.
    Table,
}

/// The axes of a description, and which of them are the sky.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axes {
    pub(super) list: Vec<Axis>,
    /// Places of longitude and latitude in the list.
    pub(super) sky: Option<[usize; 2]>,
    /// The Doppler frame that an old name of a spectral axis says.
    pub(super) old_frame: Option<&'static str>,
}

impl Axes {
    pub(super) fn read(keywords: Keywords<'_>) -> Read<Self> {
        let count = keywords.axis_count()?;
        if count == 0 {
            return Err(keywords.refused("CTYPE1", "is missing"));
        }
        let mut old_frame = None;
        let mut list = Vec::with_capacity(count);
        for number in 1..=count {
            list.push(axis(keywords, number, &mut old_frame)?);
        }
        let mut axes = Self {
            list,
            sky: None,
            old_frame,
        };
        axes.sky = axes.pair(keywords)?;
        axes.one_spectral(keywords)?;
        axes.one_face(keywords)?;
        Ok(axes)
    }

    /// Right ascension and declination in a tangent plane.
    pub(super) fn of_plate() -> Self {
        let axis = |number, text: &str, kind| Axis {
            number,
            text: text.to_owned(),
            kind,
            curve: Curve::Projection("TAN".to_owned()),
        };
        let system = || "RA".to_owned();
        Self {
            list: vec![
                axis(1, "RA---TAN", AxisKind::Longitude(system())),
                axis(2, "DEC--TAN", AxisKind::Latitude(system())),
            ],
            sky: Some([0, 1]),
            old_frame: None,
        }
    }

    /// The place of the axis of the faces of a cube. It counts with any projection, as in wcslib.
    pub(super) fn face(&self) -> Option<usize> {
        let is_face = |axis: &Axis| axis.kind == AxisKind::Face;
        self.projection()?;
        self.list.iter().position(is_face)
    }

    /// The code of the projection of the sky, if it has one.
    pub(super) fn projection(&self) -> Option<&str> {
        let [longitude, _] = self.sky?;
        match &self.list.get(longitude)?.curve {
            Curve::Projection(code) => Some(code),
            _ => None,
        }
    }

    /// Longitude and latitude: the pair that is projected, else the first of each.
    fn pair(&self, keywords: Keywords<'_>) -> Read<Option<[usize; 2]>> {
        let projected = self.list.iter().enumerate();
        let projected: Vec<(usize, &Axis)> = projected
            .filter(|(_, axis)| matches!(axis.curve, Curve::Projection(_)))
            .collect();
        let refused = |axis: &Axis, reason: &str| {
            let keyword = format!("CTYPE{}", axis.number);
            keywords.refused(&keyword, format!("is '{}', {reason}", axis.text))
        };
        match projected.as_slice() {
            [] => {
                let first = |wanted: fn(&AxisKind) -> bool| {
                    self.list.iter().position(|axis| wanted(&axis.kind))
                };
                let longitude = first(|kind| matches!(kind, AxisKind::Longitude(_)));
                let latitude = first(|kind| matches!(kind, AxisKind::Latitude(_)));
                Ok(longitude.zip(latitude).map(|(one, two)| [one, two]))
            }
            [(_, alone)] => Err(refused(alone, "its partner on the sky is missing")),
            [(first, one), (second, two)] => {
                let pair = match (&one.kind, &two.kind) {
                    (AxisKind::Longitude(a), AxisKind::Latitude(b)) if a == b => [*first, *second],
                    (AxisKind::Latitude(a), AxisKind::Longitude(b)) if a == b => [*second, *first],
                    _ => {
                        let reason = format!("no partner of CTYPE{} = '{}'", one.number, one.text);
                        return Err(refused(two, &reason));
                    }
                };
                if one.curve == two.curve {
                    return Ok(Some(pair));
                }
                let reason = format!(
                    "CTYPE{} = '{}' is projected in another way",
                    one.number, one.text
                );
                Err(refused(two, &reason))
            }
            [.., (_, more)] => Err(refused(more, "a third axis that is projected")),
        }
    }

    fn one_face(&self, keywords: Keywords<'_>) -> Read<()> {
        let mut faces = self.list.iter().filter(|axis| axis.kind == AxisKind::Face);
        match (faces.next(), faces.next()) {
            (Some(_), Some(second)) => {
                let keyword = format!("CTYPE{}", second.number);
                Err(keywords.refused(&keyword, "is 'CUBEFACE', a second axis of faces"))
            }
            _ => Ok(()),
        }
    }

    fn one_spectral(&self, keywords: Keywords<'_>) -> Read<()> {
        let mut spectral = self
            .list
            .iter()
            .filter(|axis| matches!(axis.kind, AxisKind::Spectral(_)));
        let first = spectral.next();
        let curved = |axis: &Axis| matches!(axis.curve, Curve::Spectral(_));
        match (first, spectral.next()) {
            (Some(first), Some(second)) if curved(first) || curved(second) => {
                let keyword = format!("CTYPE{}", second.number);
                let reason = format!("is '{}', a second spectral axis", second.text);
                Err(keywords.refused(&keyword, reason))
            }
            _ => Ok(()),
        }
    }
}

fn axis(keywords: Keywords<'_>, number: usize, old_frame: &mut Option<&'static str>) -> Read<Axis> {
    let keyword = format!("CTYPE{number}");
    let text = keywords.text(&keyword)?;
    let refused = |reason: &str| keywords.refused(&keyword, format!("is '{text}', {reason}"));
    let mut name = text.as_str();
    // `-SIP` and other codes of distortions.
    if let Some((kind, code)) = name.split_at_checked(8)
        && code.len() == 4
        && code.starts_with('-')
    {
        name = kind.trim_end_matches('-');
    }
    let made = |kind, curve| Axis {
        number,
        text: text.clone(),
        kind,
        curve,
    };
    let ending = name.get(4..);
    if ending == Some("-TAB") {
        let kind = name.get(..4).unwrap_or_default().trim_end_matches('-');
        return Ok(made(simple(kind), Curve::Table));
    }
    if ending == Some("-LOG") {
        let kind = name.get(..4).unwrap_or_default().trim_end_matches('-');
        return Ok(made(simple(kind), Curve::Logarithm));
    }
    let name = spectral::of_aips(keywords, name, old_frame)?;
    let name = name.as_str();
    let is_curved = name.len() == 8 && name.get(4..5) == Some("-");
    let Some((kind, code)) = name.split_at_checked(5).filter(|_| is_curved) else {
        return Ok(made(simple(name), Curve::Line));
    };
    let kind = kind.get(..4).unwrap_or_default();
    if let Some(quantity) = spectral::quantity(kind) {
        let curve = match Algorithm::parse(code, quantity) {
            Some(algorithm) => Curve::Spectral(algorithm),
            None if spectral::is_own_line(code, quantity) => Curve::Line,
            None => return Err(refused(&format!("{code} is not an algorithm of {kind}"))),
        };
        return Ok(made(AxisKind::Spectral(quantity), curve));
    }
    if !projection::is_known(code) {
        return Err(refused(&format!(
            "{code} is not a projection of the standard"
        )));
    }
    let kind = simple(kind.trim_end_matches('-'));
    if !matches!(kind, AxisKind::Longitude(_) | AxisKind::Latitude(_)) {
        return Err(refused("not an axis of the sky"));
    }
    Ok(made(kind, Curve::Projection(code.to_owned())))
}

/// What an axis without a code is.
fn simple(name: &str) -> AxisKind {
    match name {
        "RA" => return AxisKind::Longitude("RA".to_owned()),
        "DEC" => return AxisKind::Latitude("RA".to_owned()),
        "STOKES" => return AxisKind::Stokes,
        "CUBEFACE" => return AxisKind::Face,
        _ => {}
    }
    let system = |ending: &str, letters: usize| {
        let system = name.strip_suffix(ending)?;
        (system.len() == letters).then(|| system.to_owned())
    };
    if let Some(system) = system("LON", 1).or_else(|| system("LN", 2)) {
        return AxisKind::Longitude(system);
    }
    if let Some(system) = system("LAT", 1).or_else(|| system("LT", 2)) {
        return AxisKind::Latitude(system);
    }
    if let Some(quantity) = spectral::quantity(name) {
        return AxisKind::Spectral(quantity);
    }
    if TIMES.contains(&name) {
        return AxisKind::Time;
    }
    AxisKind::Other
}

/// True for a name that says nothing to readers of FITS.
pub(in crate::wcs) fn is_plain(name: &str) -> bool {
    simple(name) == AxisKind::Other && name.get(4..5) != Some("-")
}

/// The type of an axis of time that is called so.
pub(in crate::wcs) fn time_kind(name: &str) -> &'static str {
    let own = TIMES.iter().find(|own| own.eq_ignore_ascii_case(name));
    own.copied().unwrap_or("TIME")
}

/// Names of axes of time, which are time scales but for the first and the last.
pub(super) const TIMES: [&str; 15] = [
    "TIME", "UTC", "TAI", "IAT", "TT", "TDB", "TDT", "GPS", "TCB", "TCG", "GMT", "UT1", "UT", "ET",
    "LOCAL",
];
