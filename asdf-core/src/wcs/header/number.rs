//! Values of a header, and what is told when they are not what a WCS needs.

use crate::error::FitsFault;
use crate::fits::CardValue;
use crate::fits::FitsCard;
use crate::fits::FitsHeader;

/// Why a header gives no WCS: the keyword that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    keyword: String,
    reason: String,
}

impl Refusal {
    pub(super) fn new(keyword: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            keyword: keyword.into(),
            reason: reason.into(),
        }
    }

    /// The keyword is not what was expected.
    pub(super) fn expected(header: &FitsHeader<'_>, keyword: &str, wanted: &str) -> Self {
        let found = header.value(keyword);
        let found = found.map_or_else(|| "missing".to_owned(), |value| value.to_string());
        Self::new(keyword, format!("is {found}, expected {wanted}"))
    }

    pub(super) fn fault(&self) -> FitsFault {
        FitsFault::NoWcs {
            keyword: self.keyword.as_str().into(),
            reason: self.reason.as_str().into(),
        }
    }
}

pub(super) type Read<T> = Result<T, Refusal>;

/// The value of a keyword. One that stands twice counts when both say the same: readers differ in which they take. What is no
/// value of the standard is text, as it is in a tree of the header and for astropy.
fn value(header: &FitsHeader<'_>, keyword: &str) -> Read<Option<CardValue>> {
    let mut found: Option<CardValue> = None;
    let has_value = |card: &FitsCard<'_>| !card.is_hierarch() && !card.is_commentary();
    for card in header.all(keyword).filter(has_value) {
        let value = match card.value() {
            CardValue::Unreadable(text) => CardValue::Text(text),
            value => value,
        };
        match &found {
            Some(first) if *first != value => {
                let reason = format!("stands twice, as {first} and as {value}");
                return Err(Refusal::new(keyword, reason));
            }
            _ => found = Some(value),
        }
    }
    Ok(found.filter(|value| *value != CardValue::Undefined))
}

/// A finite number, if it is there.
pub(super) fn number(header: &FitsHeader<'_>, keyword: &str) -> Read<Option<f64>> {
    let Some(value) = value(header, keyword)? else {
        return Ok(None);
    };
    match value.as_float().filter(|number| number.is_finite()) {
        Some(number) => Ok(Some(number)),
        None => Err(Refusal::expected(header, keyword, "a number")),
    }
}

/// The finite number of a card.
pub(super) fn finite(card: FitsCard<'_>, keyword: &str) -> Read<f64> {
    let value = card.value();
    let number = value.as_float().filter(|number| number.is_finite());
    number.ok_or_else(|| Refusal::new(keyword, format!("is {value}, expected a number")))
}

/// A whole number that must be there.
pub(super) fn integer(header: &FitsHeader<'_>, keyword: &str) -> Read<i64> {
    let number = value(header, keyword)?.and_then(|value| value.as_integer());
    number.ok_or_else(|| Refusal::expected(header, keyword, "a whole number"))
}

/// A string without the blanks after it, if it is there.
pub(super) fn string(header: &FitsHeader<'_>, keyword: &str) -> Read<Option<String>> {
    let Some(value) = value(header, keyword)? else {
        return Ok(None);
    };
    match value.as_text() {
        Some(text) => Ok(Some(text.trim_end().to_owned())),
        None => Err(Refusal::expected(header, keyword, "a string")),
    }
}

/// A number, where text in its place counts for nothing, as in wcslib: `EQUINOX = 'J2000'`.
pub(super) fn number_unless_text(header: &FitsHeader<'_>, keyword: &str) -> Read<Option<f64>> {
    match value(header, keyword)? {
        Some(CardValue::Text(_)) => Ok(None),
        _ => number(header, keyword),
    }
}

/// A number that only describes: one that is none counts for nothing.
pub(super) fn described(header: &FitsHeader<'_>, keyword: &str) -> Option<f64> {
    number_unless_text(header, keyword).ok().flatten()
}

/// A text that only describes.
pub(super) fn described_text(header: &FitsHeader<'_>, keyword: &str) -> String {
    let text = string(header, keyword).ok().flatten();
    text.unwrap_or_default().trim().to_owned()
}
