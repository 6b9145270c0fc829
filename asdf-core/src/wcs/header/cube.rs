//! All axes of a header: two of the sky, which may be any, and others that are lines.

use super::super::Made;
use super::super::Wcs;
use super::super::WcsStep;
use super::super::frame::Frame;
use super::tree::celestial;
use crate::error::Error;
use crate::file::AsdfFile;
use crate::fits::CardValue;
use crate::fits::FitsHeader;
use crate::fits::NewHeader;
use crate::transform::Transform;
use crate::tree::TreePath;
use crate::unit::Unit;

/// Why a header gives no WCS.
#[derive(Debug)]
pub(super) enum Refused {
    /// What is not understood.
    Because(String),
    /// What went wrong.
    Error(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

type Read<T> = Result<T, Refused>;

/// Types of longitudes with those of their latitudes, and names of their frames where they are not those that every header
/// may have.
const SKIES: [(&str, &str, Option<&str>); 6] = [
    ("RA--", "DEC-", None),
    ("GLON", "GLAT", None),
    ("ELON", "ELAT", Some("ecliptic")),
    ("HPLN", "HPLT", Some("helioprojective")),
    ("HGLN", "HGLT", Some("heliographic_stonyhurst")),
    ("CRLN", "CRLT", Some("heliographic_carrington")),
];

/// Spectral types, what their axis is called, and the unit that coordinates have.
const SPECTRAL: [(&str, &str, &str); 10] = [
    ("FREQ", "em.freq", "Hz"),
    ("ENER", "em.energy", "J"),
    ("WAVN", "em.wavenumber", "m-1"),
    ("VRAD", "spect.dopplerVeloc.radio", "m s-1"),
    ("WAVE", "em.wl", "m"),
    ("VOPT", "spect.dopplerVeloc.opt", "m s-1"),
    ("ZOPT", "src.redshift", ""),
    ("AWAV", "em.wl", "m"),
    ("VELO", "spect.dopplerVeloc", "m s-1"),
    ("BETA", "", ""),
];

/// Keywords with the number of a world axis, or of a pixel axis.
const NUMBERED: [&str; 6] = ["CTYPE", "CRPIX", "CRVAL", "CDELT", "CUNIT", "CROTA"];

/// The WCS of all axes, from pixels that count from 0.
pub(super) fn read(
    file: &AsdfFile,
    header: &FitsHeader<'_>,
    count: usize,
    place: &TreePath,
) -> Read<Wcs> {
    let of = Axes { header, count };
    let sky = of.sky()?;
    if let Some(keyword) = old_matrix(header).filter(|_| count > 2) {
        let reason = format!("{keyword}: the old name of a matrix of more than two axes");
        return Err(Refused::Because(reason));
    }
    let mut parts = Vec::new();
    let mut order = Vec::new();
    if let Some((pair, name)) = sky {
        let reduced = of.reduced(pair)?;
        let wcs = celestial(file, &reduced.read(), place)?;
        let wcs = wcs.ok_or_else(|| {
            let reason = super::refusal(&reduced.read());
            Refused::Because(reason.map_or_else(String::new, |reason| reason.to_string()))
        })?;
        let mut wcs = wcs.bound(None);
        wcs.pixel_shape = None;
        if let (Some(name), Some(step)) = (name, wcs.steps.last_mut()) {
            step.frame = step.frame.clone().referred(name);
        }
        // The GWCS of a header has its coordinates in the order of the header.
        let [longitude, latitude] = pair;
        parts.push(wcs.in_order(&[0, 1], &[0, 1]));
        order.extend([longitude.min(latitude), longitude.max(latitude)]);
    }
    for axis in (1..=count).filter(|axis| sky.is_none_or(|(pair, _)| !pair.contains(axis))) {
        parts.push(of.line(axis, place)?);
        order.push(axis);
    }
    let numbers = (0..count).collect();
    let whole = match parts.as_slice() {
        [only] => Some(only.clone()),
        _ => Wcs::compound(&parts, numbers)?,
    };
    let whole = whole.ok_or_else(|| Refused::Because("its bounding box".to_owned()))?;
    let back: Vec<usize> = (1..=count)
        .filter_map(|axis| order.iter().position(|own| *own == axis))
        .collect();
    let mut wcs = whole.in_order(&back, &back);
    wcs.wrappers.clear();
    wcs.is_of_header = true;
    wcs.path = place.clone();
    Ok(wcs)
}

struct Axes<'h> {
    header: &'h FitsHeader<'h>,
    count: usize,
}

impl Axes<'_> {
    fn kind(&self, axis: usize) -> String {
        let text = self.header.text(&format!("CTYPE{axis}")).ok().flatten();
        text.unwrap_or_default()
    }

    /// Longitude and latitude, and the name of their frame.
    fn sky(&self) -> Read<Option<([usize; 2], Option<&'static str>)>> {
        let find = |wanted: &str| {
            let is = |axis: &usize| self.kind(*axis).get(..4) == Some(wanted);
            (1..=self.count).find(is)
        };
        for (longitude, latitude, name) in SKIES {
            match (find(longitude), find(latitude)) {
                (Some(one), Some(two)) => return Ok(Some(([one, two], name))),
                (None, None) => {}
                (one, two) => {
                    let axis = one.or(two).unwrap_or(1);
                    return Err(Refused::Because(format!(
                        "CTYPE{axis} has no partner on the sky"
                    )));
                }
            }
        }
        Ok(None)
    }

    /// The header of the two axes on the sky alone, as its first two.
    fn reduced(&self, [longitude, latitude]: [usize; 2]) -> Read<NewHeader> {
        let pair = [longitude.min(latitude), longitude.max(latitude)];
        let mut out = NewHeader::new();
        for (axis, own) in [1, 2].iter().zip(pair) {
            out.push(&format!("NAXIS{axis}"), &CardValue::Integer(1), "")?;
            let kind = self.kind(own);
            let plain = match kind.get(..4).zip(kind.get(4..)) {
                Some(("RA--" | "DEC-" | "GLON" | "GLAT", _)) | None => kind.clone(),
                Some((name, rest)) => {
                    let is_longitude = SKIES.iter().any(|sky| sky.0 == name);
                    format!("{}{rest}", if is_longitude { "GLON" } else { "GLAT" })
                }
            };
            out.push(&format!("CTYPE{axis}"), &CardValue::Text(plain), "")?;
        }
        let is_moved = pair != [1, 2];
        for card in self.header.cards() {
            let keyword = card.keyword();
            let Some(name) = renamed(&keyword, pair) else {
                continue;
            };
            let is_sip = ["A_", "B_", "AP_", "BP_"]
                .iter()
                .any(|own| name.starts_with(own));
            if is_sip && is_moved {
                return Err(Refused::Because(format!(
                    "{name}: SIP of other axes than 1 and 2"
                )));
            }
            out.push(&name, &card.value(), "")?;
        }
        Ok(out)
    }

    /// An axis that is a line, and depends on no other.
    #[expect(clippy::similar_names, reason = "the terms of the FITS standard")]
    #[expect(
        clippy::too_many_lines,
        reason = "keyword after keyword, as the clause states them"
    )]
    fn line(&self, axis: usize, place: &TreePath) -> Read<Wcs> {
        let number = |keyword: &str, default: f64| -> Read<f64> {
            let value = self.header.float(keyword)?.unwrap_or(default);
            if value.is_finite() {
                Ok(value)
            } else {
                Err(Refused::Because(format!("{keyword} is not finite")))
            }
        };
        let kind = self.kind(axis);
        let is_curved =
            kind.get(4..5) == Some("-") && !kind.get(5..).unwrap_or("").trim().is_empty();
        if is_curved {
            return Err(Refused::Because(format!("CTYPE{axis} is `{kind}`")));
        }
        let mut slope = number(&format!("CDELT{axis}"), 1.0)?;
        let has_cd = self
            .header
            .cards()
            .any(|card| card.keyword().starts_with("CD") && card.keyword().contains('_'));
        let name = if has_cd { "CD" } else { "PC" };
        let unity = if has_cd { 0.0 } else { 1.0 };
        for other in 1..=self.count {
            for (row, column) in [(axis, other), (other, axis)] {
                let keyword = format!("{name}{row}_{column}");
                if other != axis && number(&keyword, 0.0)? != 0.0 {
                    return Err(Refused::Because(format!(
                        "{keyword}: axes depend on each other"
                    )));
                }
            }
        }
        let own = number(&format!("{name}{axis}_{axis}"), unity)?;
        slope = if has_cd { own } else { slope * own };
        if slope == 0.0 {
            return Err(Refused::Because(format!("CDELT{axis} is 0")));
        }
        let text = |keyword: String| {
            self.header
                .text(&keyword)
                .ok()
                .flatten()
                .unwrap_or_default()
        };
        let given = text(format!("CUNIT{axis}"));
        let given = given.trim();
        let spectral = SPECTRAL.iter().find(|line| kind.get(..4) == Some(line.0));
        let (physical, unit) = spectral.map_or(("", given), |line| (line.1, line.2));
        let factor = if given.is_empty() || spectral.is_none() {
            1.0
        } else {
            let units = Unit::parse(given).zip(Unit::parse(unit));
            let factor = units.and_then(|(given, unit)| given.factor_to(&unit));
            factor.ok_or_else(|| Refused::Because(format!("CUNIT{axis} is `{given}`")))?
        };
        let reference = number(&format!("CRPIX{axis}"), 0.0)? - 1.0;
        let value = number(&format!("CRVAL{axis}"), 0.0)?;
        let forward = Transform::chain(
            [
                Transform::shifts(&[-reference]),
                Transform::lines(&[(slope * factor, value * factor)]),
            ]
            .into_iter()
            .flatten(),
        );
        let step = |frame, transform| WcsStep { frame, transform };
        Ok(Wcs {
            name: None,
            path: place.clone(),
            steps: vec![
                step(Frame::pixels(1), forward),
                step(Frame::axis(kind.trim(), physical, unit), None),
            ],
            pixel_shape: None,
            bounding_box: None,
            wrappers: Vec::new(),
            is_of_header: true,
            made: Made::default(),
        })
    }
}

/// A keyword of a matrix with six digits, or with leading zeros.
fn old_matrix(header: &FitsHeader<'_>) -> Option<String> {
    let is_old = |keyword: &str| {
        let rest = keyword.strip_prefix("PC").or(keyword.strip_prefix("CD"));
        rest.is_some_and(|rest| {
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            rest.starts_with('0') && digits(&rest.replace('_', ""))
        })
    };
    let mut cards = header.cards();
    cards.find_map(|card| Some(card.keyword().into_owned()).filter(|keyword| is_old(keyword)))
}

/// The name of a keyword when these two axes are the first two; `None` for those of other axes, and for those that are
/// made anew.
fn renamed(keyword: &str, pair: [usize; 2]) -> Option<String> {
    let place = |number: &str| {
        let number: usize = number.parse().ok()?;
        pair.iter()
            .position(|axis| *axis == number)
            .map(|place| place + 1)
    };
    if matches!(keyword, "WCSAXES" | "NAXIS") || keyword.starts_with("CTYPE") {
        return None;
    }
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(number) = keyword.strip_prefix("NAXIS") {
        return (!is_number(number)).then(|| keyword.to_owned());
    }
    for name in NUMBERED {
        if let Some(number) = keyword.strip_prefix(name).filter(|rest| is_number(rest)) {
            return Some(format!("{name}{}", place(number)?));
        }
    }
    for name in ["PC", "CD"] {
        let digits = keyword.strip_prefix(name);
        let digits = digits.filter(|rest| rest.len() == 6 && is_number(rest));
        if let Some((first, second)) = digits.and_then(|rest| rest.split_at_checked(3)) {
            return Some(format!("{name}{}_{}", place(first)?, place(second)?));
        }
    }
    for name in ["PC", "CD", "PV", "PS"] {
        let rest = keyword
            .strip_prefix(name)
            .and_then(|rest| rest.split_once('_'));
        let Some((first, second)) = rest.filter(|(one, two)| is_number(one) && is_number(two))
        else {
            continue;
        };
        let first = place(first)?;
        let second = if matches!(name, "PC" | "CD") {
            place(second)?.to_string()
        } else {
            second.to_owned()
        };
        return Some(format!("{name}{first}_{second}"));
    }
    Some(keyword.to_owned())
}
