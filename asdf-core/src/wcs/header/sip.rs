//! The SIP convention, with the rules of astropy: the orders say whether there is a distortion, not the suffix of `CTYPEi`.

use super::keywords::Keywords;
use super::model::Terms;
use super::number::{Read, Refusal, integer, number};
use crate::fits::FitsHeader;

/// The highest degree.
const DEGREE: i64 = 9;

/// The distortion, if there is one.
pub(super) fn terms(keywords: Keywords<'_>) -> Read<Option<[Terms; 2]>> {
    let header = keywords.header;
    let [a, b] = orders(header, ["A_ORDER", "B_ORDER"])?;
    let [inverse, _] = orders(header, ["AP_ORDER", "BP_ORDER"])?;
    if a.max(inverse) > 1 {
        for keyword in ["CRPIX1", "CRPIX2"] {
            if keywords.number(keyword)?.is_none() {
                return Err(keywords.refused(keyword, "is missing, a SIP distortion needs it"));
            }
        }
    }
    // An order below 2 of either leaves out both.
    if a < 2 || b < 2 {
        return Ok(None);
    }
    Ok(Some([
        polynomial(header, "A", a)?,
        polynomial(header, "B", b)?,
    ]))
}

/// The orders of both axes; an order above 1 needs the other's.
fn orders(header: &FitsHeader<'_>, keywords: [&str; 2]) -> Read<[i64; 2]> {
    let order = |keyword: &str| match header.get(keyword) {
        None => Ok(None),
        Some(_) => match integer(header, keyword)? {
            order if order > DEGREE => {
                let wanted = format!("a degree of at most {DEGREE}");
                Err(Refusal::expected(header, keyword, &wanted))
            }
            order => Ok(Some(order)),
        },
    };
    let [first, second] = keywords;
    let (one, two) = (order(first)?, order(second)?);
    match (one, two) {
        (Some(one), None) if one > 1 => Err(Refusal::new(
            first,
            format!("is {one}, {second} is missing"),
        )),
        (one, Some(two)) if two > 1 && one.unwrap_or(0) < 2 => Err(Refusal::new(
            second,
            format!("is {two}, {first} is missing or below 2"),
        )),
        (one, two) => Ok([one.unwrap_or(0), two.unwrap_or(0)]),
    }
}

fn polynomial(header: &FitsHeader<'_>, name: &str, degree: i64) -> Read<Terms> {
    let degree = usize::try_from(degree).unwrap_or(0);
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
