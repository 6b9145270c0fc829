//! The SIP convention, with the rules of astropy: the orders say whether there is a distortion, not the suffix of `CTYPEi`.

use super::keywords::Keywords;
use super::model::Terms;
use super::number::{Read, Refusal, integer, number};
use crate::fits::{CardValue, FitsHeader};

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

/// A coefficient, which may stand in quotes, as for the reference (spec-notes F-104).
fn coefficient(header: &FitsHeader<'_>, keyword: &str) -> Read<Option<f64>> {
    let in_quotes = header.value(keyword).as_ref().and_then(quoted);
    match in_quotes {
        Some(value) => Ok(Some(value)),
        None => number(header, keyword),
    }
}

/// The number that a text is.
fn quoted(value: &CardValue) -> Option<f64> {
    let CardValue::Text(text) = value else {
        return None;
    };
    let number: f64 = text.trim().parse().ok()?;
    number.is_finite().then_some(number)
}

/// The coefficients of a header that stand in quotes, with what stands there.
pub(super) fn quoted_coefficients(header: &FitsHeader<'_>) -> Vec<(String, CardValue)> {
    let is_coefficient = |keyword: &str| {
        let rest = keyword
            .strip_prefix("A_")
            .or_else(|| keyword.strip_prefix("B_"));
        let powers = rest.and_then(|rest| rest.split_once('_'));
        let is_power =
            |text: &str| text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_digit());
        powers.is_some_and(|(p, q)| is_power(p) && is_power(q))
    };
    let cards = header
        .cards()
        .filter(|card| is_coefficient(&card.keyword()));
    let cards = cards.map(|card| (card.keyword().into_owned(), card.value()));
    cards.filter(|card| quoted(&card.1).is_some()).collect()
}

fn polynomial(header: &FitsHeader<'_>, name: &str, degree: i64) -> Read<Terms> {
    let degree = usize::try_from(degree).unwrap_or(0);
    let mut terms = Vec::new();
    for p in 0..=degree {
        for q in 0..=degree.saturating_sub(p) {
            if let Some(value) = coefficient(header, &format!("{name}_{p}_{q}"))? {
                terms.push(([p, q], value));
            }
        }
    }
    Ok(terms)
}
