//! `WATi_m`: what IRAF adds to the plane of a projection (`TNX`, `ZPX`), in strings that are cut into cards.

use super::keywords::Keywords;
use super::model;
use super::model::{Basis, Terms};
use super::number;
use super::number::{Read, Refusal};

/// Characters of a card's string.
const CARD: usize = 68;
/// Cards of an axis at most.
const CARDS: usize = 999;
/// The highest degree, as in wcslib.
const DEGREE: usize = 9;

/// What the strings of both axes say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Iraf {
    /// The transform of the plane, if they have one.
    pub(super) correction: Option<String>,
    /// `projpM` of the latitude, for `ZPX`.
    pub(super) parameters: Vec<(usize, f64)>,
}

impl Iraf {
    /// `None` where there is no distortion. The places of the longitude and the latitude among the axes of the image.
    pub(super) fn read(
        keywords: Keywords<'_>,
        [longitude, latitude]: [usize; 2],
    ) -> Read<Option<Self>> {
        if !keywords.is_primary() {
            return Ok(None);
        }
        let axes = [longitude + 1, latitude + 1];
        let texts = [
            attributes(keywords, axes[0])?,
            attributes(keywords, axes[1])?,
        ];
        let kinds = texts
            .each_ref()
            .map(|text| value(text, "wtype").unwrap_or_default());
        let is_known = |kind: &str| matches!(kind, "tnx" | "zpx");
        if !kinds.iter().all(|kind| is_known(kind)) {
            return Ok(None);
        }
        let mut parameters = Vec::new();
        if kinds[1] == "zpx" {
            parameters = projection_parameters(&texts[1], axes[1])?;
        }
        let surfaces = [
            surface(&texts[0], (axes[0], "lngcor"))?,
            surface(&texts[1], (axes[1], "latcor"))?,
        ];
        if surfaces.iter().all(Option::is_none) {
            return Ok(Some(Self {
                correction: None,
                parameters,
            }));
        }
        let [x, y] = surfaces;
        let parts = [
            corrected(x.as_deref(), [1, 0]),
            corrected(y.as_deref(), [0, 1]),
        ];
        let both = [Some(model::remap(&[0, 1, 0, 1], 2)), model::beside(parts)];
        Ok(Some(Self {
            correction: model::chain(both.into_iter().flatten()),
            parameters,
        }))
    }
}

/// A coordinate, with a surface that is added where there is one.
fn corrected(surface: Option<&str>, own: [usize; 2]) -> String {
    let own = model::polynomial2(&vec![(own, 1.0)]);
    match surface {
        Some(surface) => model::sum(&own, surface),
        None => own,
    }
}

/// The whole string of an axis.
fn attributes(keywords: Keywords<'_>, axis: usize) -> Read<String> {
    let mut whole = String::new();
    for card in 1..=CARDS {
        let keyword = format!("WAT{axis}_{card:03}");
        let Some(part) = number::string(keywords.header, &keyword)? else {
            break;
        };
        // Blanks at the end of a card are of the string, though no value has them.
        whole.push_str(&format!("{part:<CARD$}"));
    }
    Ok(whole)
}

/// The value of `name=value` or `name = value`, without quotes.
fn value<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let start = text.find(name)?;
    let rest = text.get(start + name.len()..)?.trim_start();
    let rest = rest.strip_prefix('=')?.trim_start();
    if let Some(quoted) = rest.strip_prefix('"') {
        return quoted.split('"').next();
    }
    rest.split_whitespace().next()
}

fn wrong(axis: usize, reason: &str) -> Refusal {
    Refusal::new(format!("WAT{axis}_001"), reason)
}

fn projection_parameters(text: &str, axis: usize) -> Read<Vec<(usize, f64)>> {
    let mut found = Vec::new();
    for part in text.split("projp").skip(1) {
        let pair = part.split_once('=');
        let read = pair.and_then(|(index, rest)| {
            let value = rest.split_whitespace().next()?;
            Some((index.trim().parse().ok()?, real(value)?))
        });
        found.push(read.ok_or_else(|| wrong(axis, "has a `projp` that is not a number"))?);
    }
    Ok(found)
}

fn real(text: &str) -> Option<f64> {
    let text = text.replace(['D', 'd'], "E");
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// The surface of an axis: its kind, the orders in x and y, which cross terms it has, its rectangle, and the coefficients.
fn surface(text: &str, (axis, name): (usize, &str)) -> Read<Option<String>> {
    let Some(list) = value(text, name) else {
        return Ok(None);
    };
    let numbers: Option<Vec<f64>> = list.split_whitespace().map(real).collect();
    let wrong = |reason: &str| wrong(axis, reason);
    let numbers = numbers.ok_or_else(|| wrong("has a coefficient that is not a number"))?;
    let short = || wrong("ends before the last coefficient");
    let (control, rest) = numbers.split_first_chunk::<4>().ok_or_else(short)?;
    let ([left, right, bottom, top], coefficients) =
        rest.split_first_chunk::<4>().ok_or_else(short)?;
    let [kind, columns, rows, cross] = control.map(count);
    let (Some(columns), Some(rows)) = (columns, rows) else {
        return Err(wrong("has orders that are not whole numbers from 0 to 10"));
    };
    let most = columns.max(rows);
    let mut terms = Terms::new();
    let mut given = coefficients.iter();
    for q in 0..rows {
        for p in 0..columns {
            let is_there = match cross {
                Some(0) => p == 0 || q == 0,
                Some(1) => true,
                Some(2) => p + q < most,
                _ => return Err(wrong("has cross terms of an unknown kind")),
            };
            if is_there {
                terms.push(([p, q], *given.next().ok_or_else(short)?));
            }
        }
    }
    if terms.is_empty() {
        return Ok(None);
    }
    let domain = [[*left, *right], [*bottom, *top]];
    if domain.iter().any(|[low, high]| high - low == 0.0) && kind != Some(3) {
        return Err(wrong("has a rectangle without extent"));
    }
    Ok(Some(match kind {
        Some(1) => model::series2(Basis::Chebyshev, &terms, domain),
        Some(2) => model::series2(Basis::Legendre, &terms, domain),
        Some(3) => model::polynomial2(&terms),
        _ => return Err(wrong("has a surface that is neither 1, 2 nor 3")),
    }))
}

/// A small whole number.
fn count(value: f64) -> Option<usize> {
    (0..=DEGREE + 1).find(|count| {
        #[expect(clippy::cast_precision_loss, reason = "at most 10")]
        let own = *count as f64;
        (own - value).abs() < 1e-9
    })
}
