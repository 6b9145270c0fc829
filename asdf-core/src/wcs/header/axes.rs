//! `CTYPEi`: which axis is the longitude, and the code of the projection.

use super::number::{Read, Refusal, string};
use crate::fits::FitsHeader;

/// The two axes of the sky.
pub(super) struct Axes {
    /// The numbers of longitude and latitude.
    pub(super) numbers: [usize; 2],
    /// Three letters.
    pub(super) code: String,
    pub(super) is_galactic: bool,
}

/// `RA---TAN-SIP`: the axis and the projection.
struct AxisType {
    name: String,
    code: String,
}

impl AxisType {
    fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = (text.get(..8)?, text.get(8..)?);
        let (name, code) = (kind.get(..5)?, kind.get(5..)?);
        let name = name.strip_suffix('-')?.trim_end_matches('-');
        matches!(rest, "" | "-SIP").then(|| Self {
            name: name.to_owned(),
            code: code.to_owned(),
        })
    }

    /// The name of the latitude that belongs to a longitude.
    fn partner(&self) -> Option<&'static str> {
        match self.name.as_str() {
            "RA" => Some("DEC"),
            "GLON" => Some("GLAT"),
            _ => None,
        }
    }
}

impl Axes {
    pub(super) fn read(header: &FitsHeader<'_>) -> Read<Self> {
        let unknown = |keyword| {
            let wanted = "RA and DEC or GLON and GLAT with a projection";
            Refusal::expected(header, keyword, wanted)
        };
        let read = |keyword| {
            let text = string(header, keyword)?.unwrap_or_default();
            AxisType::parse(&text).ok_or_else(|| unknown(keyword))
        };
        let (one, two) = (read("CTYPE1")?, read("CTYPE2")?);
        let (numbers, longitude, latitude) = if one.partner().is_some() {
            ([1, 2], one, two)
        } else {
            ([2, 1], two, one)
        };
        let Some(partner) = longitude.partner() else {
            return Err(unknown("CTYPE1"));
        };
        if latitude.name != partner || latitude.code != longitude.code {
            return Err(unknown("CTYPE2"));
        }
        Ok(Self {
            numbers,
            code: longitude.code,
            is_galactic: longitude.name == "GLON",
        })
    }
}
