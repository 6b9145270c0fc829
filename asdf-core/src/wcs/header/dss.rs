//! Plate solutions of the Digitized Sky Survey (`AMDXn`, `AMDYn`): where they stand, they go before all other keywords, as in
//! wcslib.

use super::keywords::Keywords;
use super::model;
use super::model::Terms;
use super::number;
use super::number::{Read, Refusal};

/// A plate.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plate {
    /// The pixel of the plate's centre, from 1.
    pub(super) pixel: [f64; 2],
    /// Millimetres a pixel.
    pub(super) steps: [f64; 2],
    /// Right ascension and declination of the centre in degrees.
    pub(super) centre: [f64; 2],
    /// From millimetres on the plate to degrees in the tangent plane.
    pub(super) correction: String,
}

/// The powers that the coefficients 1 to 13 stand for, of the own coordinate and the other: a sum of two or three where
/// they are of the distance from the centre.
const TERMS: [&[([usize; 2], f64)]; 13] = [
    &[([1, 0], 1.0)],
    &[([0, 1], 1.0)],
    &[([0, 0], 1.0)],
    &[([2, 0], 1.0)],
    &[([1, 1], 1.0)],
    &[([0, 2], 1.0)],
    &[([2, 0], 1.0), ([0, 2], 1.0)],
    &[([3, 0], 1.0)],
    &[([2, 1], 1.0)],
    &[([1, 2], 1.0)],
    &[([0, 3], 1.0)],
    &[([3, 0], 1.0), ([1, 2], 1.0)],
    &[([5, 0], 1.0), ([3, 2], 2.0), ([1, 4], 1.0)],
];

impl Plate {
    /// `None` for a header without a plate solution.
    pub(super) fn read(keywords: Keywords<'_>) -> Read<Option<Self>> {
        let header = keywords.header;
        if !keywords.is_primary() || header.get("AMDX1").is_none() || header.get("AMDY1").is_none()
        {
            return Ok(None);
        }
        let need = |keyword: &str| {
            let found = number::number(header, keyword)?;
            found.ok_or_else(|| Refusal::expected(header, keyword, "a number"))
        };
        let hours = need("PLTRAH")? + need("PLTRAM")? / 60.0 + need("PLTRAS")? / 3600.0;
        let degrees = need("PLTDECD")? + need("PLTDECM")? / 60.0 + need("PLTDECS")? / 3600.0;
        let sign = number::string(header, "PLTDECSN")?.unwrap_or_default();
        let sign = if sign.trim().starts_with('-') {
            -1.0
        } else {
            1.0
        };
        let sizes = [need("XPIXELSZ")?, need("YPIXELSZ")?];
        let origins = [need("PPO3")?, need("PPO6")?];
        let corners = [need("CNPIX1")?, need("CNPIX2")?];
        for (keyword, size) in ["XPIXELSZ", "YPIXELSZ"].iter().zip(sizes) {
            if size <= 0.0 {
                return Err(Refusal::expected(header, keyword, "a positive number"));
            }
        }
        let mut pixel = [0.0; 2];
        for (pixel, ((origin, size), corner)) in pixel
            .iter_mut()
            .zip(origins.into_iter().zip(sizes).zip(corners))
        {
            *pixel = origin / size - corner + 0.5;
        }
        let [x, y] = [
            surface(keywords, "AMDX", false)?,
            surface(keywords, "AMDY", true)?,
        ];
        let both = [
            Some(model::remap(&[0, 1, 0, 1], 2)),
            model::beside([model::polynomial2(&x), model::polynomial2(&y)]),
        ];
        let [width, height] = sizes;
        Ok(Some(Self {
            pixel,
            steps: [-width / 1000.0, height / 1000.0],
            centre: [hours * 15.0, sign * degrees],
            correction: model::chain(both.into_iter().flatten()).unwrap_or_default(),
        }))
    }
}

/// The terms of a coordinate in degrees.
fn surface(keywords: Keywords<'_>, name: &str, is_second: bool) -> Read<Terms> {
    let mut terms = Terms::new();
    for (number, powers) in (1..).zip(TERMS) {
        let keyword = format!("{name}{number}");
        let value = number::number(keywords.header, &keyword)?.unwrap_or(0.0);
        for ([own, other], factor) in powers {
            let powers = if is_second {
                [*other, *own]
            } else {
                [*own, *other]
            };
            terms.push((powers, value * factor / 3600.0));
        }
    }
    for number in TERMS.len() + 1..=20 {
        let keyword = format!("{name}{number}");
        if number::number(keywords.header, &keyword)?.unwrap_or(0.0) != 0.0 {
            let reason = "is a term of the plate solution that is not read";
            return Err(Refusal::new(keyword, reason));
        }
    }
    Ok(terms)
}
