//! The keywords of one description of a header's axes: the primary one, or an alternate one with a letter after each.

use super::number;
use super::number::{Read, Refusal};
use super::physical;
use crate::fits::FitsHeader;
use std::collections::BTreeMap;

/// Axes that are looked at; more are refused.
const MOST_AXES: usize = 32;

/// Keywords with the number of an axis.
const NUMBERED: [&str; 6] = ["CTYPE", "CRPIX", "CRVAL", "CDELT", "CUNIT", "CROTA"];
/// Keywords with two numbers.
const PAIRED: [&str; 4] = ["PC", "CD", "PV", "PS"];

/// A header, and which of its descriptions is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keywords<'h> {
    pub(super) header: &'h FitsHeader<'h>,
    /// A letter, or nothing for the primary description.
    alternate: &'h str,
}

/// Numbers by their two indices, with the keyword that they stand under.
pub(super) type Elements = BTreeMap<(usize, usize), (String, f64)>;

impl<'h> Keywords<'h> {
    pub(super) fn new(header: &'h FitsHeader<'h>, alternate: &'h str) -> Self {
        Self { header, alternate }
    }

    pub(super) fn is_primary(self) -> bool {
        self.alternate.is_empty()
    }

    /// True where the description is that of the physical pixels, of which only `LTVi` and `LTMi_j` say something.
    pub(super) fn is_physical(self) -> bool {
        self.alternate == physical::LETTER
            && self.axis_count() == Ok(0)
            && physical::is_given(self.header)
    }

    /// The keyword of this description: `CRVAL1A` for `CRVAL1`.
    pub(super) fn name(self, stem: &str) -> String {
        format!("{stem}{}", self.alternate)
    }

    /// A finite number, if it is there.
    pub(super) fn number(self, stem: &str) -> Read<Option<f64>> {
        number::number(self.header, &self.name(stem))
    }

    /// The same with what a missing one means.
    pub(super) fn number_or(self, stem: &str, default: f64) -> Read<f64> {
        Ok(self.number(stem)?.unwrap_or(default))
    }

    /// A number, where text in its place counts for nothing.
    pub(super) fn number_unless_text(self, stem: &str) -> Read<Option<f64>> {
        number::number_unless_text(self.header, &self.name(stem))
    }

    /// A string without the blanks after it; empty when it is not there.
    pub(super) fn text(self, stem: &str) -> Read<String> {
        let text = number::string(self.header, &self.name(stem))?;
        Ok(text.unwrap_or_default())
    }

    /// What is said when a keyword is not what was expected.
    pub(super) fn expected(self, stem: &str, wanted: &str) -> Refusal {
        Refusal::expected(self.header, &self.name(stem), wanted)
    }

    /// What is said of a keyword.
    pub(super) fn refused(self, stem: &str, reason: impl Into<String>) -> Refusal {
        Refusal::new(self.name(stem), reason)
    }

    /// A keyword of this description without its letter; `None` for one of another.
    fn own(self, keyword: &str) -> Option<&str> {
        let stem = keyword.strip_suffix(self.alternate)?;
        stem.ends_with(|last: char| last.is_ascii_digit())
            .then_some(stem)
    }

    /// The numbers of `PCi_j`, `CDi_j` or `PVi_m`, also as `PC01_02` and `PC001002`.
    pub(super) fn elements(self, name: &str) -> Read<Elements> {
        let mut found = Elements::new();
        for card in self.header.cards().filter(|card| !card.is_hierarch()) {
            let keyword = card.keyword();
            let rest = self.own(&keyword).and_then(|own| own.strip_prefix(name));
            let Some(place) = rest.and_then(|rest| pair(rest, name != "PV")) else {
                continue;
            };
            if place.0 == 0 || (name != "PV" && place.1 == 0) {
                continue;
            }
            let value = number::finite(card, &keyword)?;
            same_or_new(&mut found, place, &keyword, value)?;
        }
        Ok(found)
    }

    /// Parameters by axis and number; `PROJPm` is one of the latitude.
    pub(super) fn parameters(self, latitude: Option<usize>) -> Read<Elements> {
        let mut found = self.elements("PV")?;
        let Some(latitude) = latitude.filter(|_| self.is_primary()) else {
            return Ok(found);
        };
        for card in self.header.cards().filter(|card| !card.is_hierarch()) {
            let keyword = card.keyword();
            let index = keyword.strip_prefix("PROJP").and_then(whole);
            if let Some(index) = index {
                let value = number::finite(card, &keyword)?;
                same_or_new(&mut found, (latitude, index), &keyword, value)?;
            }
        }
        Ok(found)
    }

    /// True where the header has `CROTAi` for any axis.
    pub(super) fn has_rotation(self) -> bool {
        self.header.cards().any(|card| {
            let keyword = card.keyword();
            let own = self.own(&keyword).and_then(|own| own.strip_prefix("CROTA"));
            own.and_then(whole).is_some() && card.value().as_float().is_some()
        })
    }

    /// Number of axes, the greatest of `NAXIS`, `WCSAXES` and the axes that keywords name. 0 when nothing is said of any
    /// axis.
    pub(super) fn axis_count(self) -> Read<usize> {
        let mut count = 0;
        let mut most = None;
        for card in self.header.cards().filter(|card| !card.is_hierarch()) {
            let keyword = card.keyword();
            let Some(axis) = self.own(&keyword).and_then(axis_of) else {
                continue;
            };
            if axis > count {
                count = axis;
                most = Some(keyword.into_owned());
            }
        }
        let says_something = count > 0;
        for keyword in ["NAXIS".to_owned(), self.name("WCSAXES")] {
            let axes = self.header.integer(&keyword).ok().flatten().unwrap_or(0);
            let axes = usize::try_from(axes).unwrap_or(0);
            if axes > count {
                count = axes;
                most = Some(keyword);
            }
        }
        if count > MOST_AXES {
            let reason = format!("is of axis {count}, at most {MOST_AXES} axes are read");
            return Err(Refusal::new(most.unwrap_or_default(), reason));
        }
        Ok(if says_something { count } else { 0 })
    }

    /// The lengths of the axes; those that the image does not have are one pixel long. `None` without an image.
    pub(super) fn lengths(self, count: usize) -> Read<Option<Vec<i64>>> {
        let length = |axis: usize| {
            let keyword = format!("NAXIS{axis}");
            match self.header.get(&keyword) {
                Some(_) => number::integer(self.header, &keyword),
                None => Ok(1),
            }
        };
        if self.header.get("NAXIS1").is_none() {
            return Ok(None);
        }
        (1..=count).map(length).collect::<Read<_>>().map(Some)
    }
}

fn same_or_new(found: &mut Elements, place: (usize, usize), keyword: &str, value: f64) -> Read<()> {
    let entry = found
        .entry(place)
        .or_insert_with(|| (keyword.to_owned(), value));
    if entry.1.to_bits() == value.to_bits() {
        return Ok(());
    }
    let reason = format!(
        "is {value:?}, {} for the same element is {:?}",
        entry.0, entry.1
    );
    Err(Refusal::new(keyword, reason))
}

fn whole(text: &str) -> Option<usize> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// Two numbers: `1_2`, or `001002`.
fn pair(text: &str, takes_digits: bool) -> Option<(usize, usize)> {
    let (first, second) = match text.split_once('_') {
        Some(pair) => pair,
        None if takes_digits && text.len() == 6 => text.split_at_checked(3)?,
        None => return None,
    };
    Some((whole(first)?, whole(second)?))
}

/// The highest axis that a keyword names.
fn axis_of(keyword: &str) -> Option<usize> {
    for name in NUMBERED {
        if let Some(axis) = keyword.strip_prefix(name).and_then(whole) {
            return Some(axis);
        }
    }
    for name in PAIRED {
        let is_matrix = matches!(name, "PC" | "CD");
        let rest = keyword.strip_prefix(name);
        if let Some((first, second)) = rest.and_then(|rest| pair(rest, is_matrix)) {
            return Some(if is_matrix { first.max(second) } else { first });
        }
    }
    None
}
