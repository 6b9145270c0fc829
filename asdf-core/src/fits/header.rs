//! Headers: the cards of an HDU up to `END`, found by keyword. FITS 4.0, section 4.

use super::card;
use super::card::CARD;
use super::card::FitsCard;
use super::value::CardValue;
use crate::error::Error;
use crate::error::FitsFault;
use crate::error::Locate;
use crate::error::Result;
use std::borrow::Cow;
use std::ops::Range;

/// Bytes of a FITS block (section 3.1).
pub(crate) const BLOCK: u64 = 2880;

/// A keyword of eight columns and the number of its card; sorted, so that the first of equal ones counts.
type Entry = ([u8; 8], u32);

/// The cards of a header, as they stand in the file, and the order of their keywords.
#[derive(Debug, Clone)]
pub struct FitsHeader<'f> {
    bytes: Cow<'f, [u8]>,
    offset: u64,
    index: Cow<'f, [Entry]>,
}

/// What is kept of a header that stands in a file.
#[derive(Debug)]
pub(super) struct HeaderPlace {
    /// The cards before `END`.
    pub(super) cards: Range<u64>,
    index: Box<[Entry]>,
}

impl HeaderPlace {
    /// The header that starts at an offset; `bytes` go from there to the end of the file.
    pub(super) fn find(bytes: &[u8], offset: u64) -> Result<Self> {
        // Before anything is kept: what has no end may be a very long file of something else.
        let end = bytes.chunks_exact(CARD).position(ends);
        let Some(count) = end else {
            let bytes = bytes.len() as u64;
            let fault = FitsFault::NoEnd { bytes };
            return Err(Error::from(fault).at(offset..offset.saturating_add(bytes)));
        };
        let keywords = bytes.chunks_exact(CARD).take(count).map(padded);
        let mut index: Vec<Entry> = keywords.zip(0_u32..).collect();
        index.sort_unstable();
        let size = (count as u64).saturating_mul(CARD as u64);
        Ok(Self {
            cards: offset..offset.saturating_add(size),
            index: index.into(),
        })
    }

    /// True when a header ends within these bytes from its start on.
    pub(super) fn is_in(bytes: &[u8]) -> bool {
        bytes.chunks_exact(CARD).any(ends)
    }

    /// The cards with their keywords; `bytes` are those of `cards`.
    pub(super) fn header<'f>(&'f self, bytes: &'f [u8]) -> FitsHeader<'f> {
        FitsHeader {
            bytes: Cow::Borrowed(bytes),
            offset: self.cards.start,
            index: Cow::Borrowed(&self.index),
        }
    }

    /// Where the data begin: after the block that has `END`.
    pub(super) fn end(&self) -> u64 {
        let behind = self.cards.end.saturating_add(CARD as u64);
        behind.checked_next_multiple_of(BLOCK).unwrap_or(u64::MAX)
    }
}

/// True for the card `END`. Some writers fill the rest of the block with NULs instead of blanks.
fn ends(card: &[u8]) -> bool {
    card.strip_prefix(b"END").is_some_and(|rest| {
        let keyword = rest.get(..5).unwrap_or(rest);
        keyword.iter().all(|byte| matches!(byte, b' ' | 0))
    })
}

/// Columns 1 to 8.
fn padded(card: &[u8]) -> [u8; 8] {
    card.first_chunk().copied().unwrap_or(*b"        ")
}

impl FitsHeader<'static> {
    /// A header of whole cards that stand in no file.
    pub(super) fn of_cards(mut bytes: Vec<u8>) -> Self {
        bytes.resize(bytes.len().next_multiple_of(CARD), b' ');
        let keywords = bytes.chunks_exact(CARD).map(padded);
        let mut index: Vec<Entry> = keywords.zip(0_u32..).collect();
        index.sort_unstable();
        Self {
            bytes: Cow::Owned(bytes),
            offset: 0,
            index: Cow::Owned(index),
        }
    }
}

impl FitsHeader<'_> {
    /// The cards before `END`, 80 bytes each, as they are.
    pub fn raw(&self) -> &[u8] {
        &self.bytes
    }

    /// Number of cards of 80 bytes, without `END`.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// True when there is no card.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// All cards in order, `CONTINUE` joined to the card it belongs to.
    pub fn cards(&self) -> impl Iterator<Item = FitsCard<'_>> {
        let mut number = 0_usize;
        std::iter::from_fn(move || {
            let card = self.card_at(number)?;
            number = number.saturating_add(card.raw().len() / CARD);
            Some(card)
        })
    }

    /// The first card of a keyword; `HIERARCH` cards are found by their whole name. Case counts.
    pub fn get(&self, keyword: &str) -> Option<FitsCard<'_>> {
        let name = keyword.as_bytes();
        if name.len() > 8 || name.contains(&b' ') {
            return self
                .all("HIERARCH")
                .find(|card| card.keyword().as_ref() == keyword);
        }
        self.all(keyword).find(|card| !card.is_hierarch())
    }

    /// All cards whose columns 1 to 8 are that keyword.
    pub fn all<'h>(&'h self, keyword: &str) -> impl Iterator<Item = FitsCard<'h>> + use<'h> {
        let mut wanted = *b"        ";
        for (to, from) in wanted.iter_mut().zip(keyword.bytes()) {
            *to = from;
        }
        let known = keyword.len() <= 8;
        let start = self.index.partition_point(|entry| entry.0 < wanted);
        let behind = self.index.get(start..).unwrap_or_default();
        behind
            .iter()
            .take_while(move |entry| known && entry.0 == wanted)
            .filter_map(|entry| self.card_at(entry.1 as usize))
    }

    /// The card of that number with its `CONTINUE` cards.
    fn card_at(&self, number: usize) -> Option<FitsCard<'_>> {
        let start = number.checked_mul(CARD)?;
        let rest = self.bytes.get(start..)?;
        let mut length = CARD;
        let mut cards = rest.chunks_exact(CARD);
        let mut last = cards.next()?;
        for next in cards {
            if !(card::continues(next) && card::wants_more(last)) {
                break;
            }
            length = length.saturating_add(CARD);
            last = next;
        }
        let offset = self.offset.saturating_add(start as u64);
        Some(FitsCard::new(rest.get(..length)?, offset))
    }

    /// The value of a keyword; `None` when it is missing or undefined.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/fits/header.fits");
    /// use asdf_core::fits::FitsFile;
    ///
    /// let file = FitsFile::open(path)?;
    /// let header = file.hdu(0)?.header();
    /// assert_eq!(header.logical("SIMPLE")?, Some(true));
    /// assert_eq!(header.integer("NAXIS")?, header.value("NAXIS").and_then(|value| value.as_integer()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn value(&self, keyword: &str) -> Option<CardValue> {
        let value = self.get(keyword)?.value();
        (value != CardValue::Undefined).then_some(value)
    }

    /// The whole number of a keyword, if it is there.
    ///
    /// # Errors
    /// It is something else.
    pub fn integer(&self, keyword: &str) -> Result<Option<i64>> {
        self.typed(keyword, "a whole number", CardValue::as_integer)
    }

    /// The number of a keyword, if it is there.
    ///
    /// # Errors
    /// It is something else.
    pub fn float(&self, keyword: &str) -> Result<Option<f64>> {
        self.typed(keyword, "a number", CardValue::as_float)
    }

    /// The string of a keyword, if it is there.
    ///
    /// # Errors
    /// It is something else.
    pub fn text(&self, keyword: &str) -> Result<Option<String>> {
        self.typed(keyword, "a string", |value| {
            value.as_text().map(str::to_owned)
        })
    }

    /// The truth value of a keyword, if it is there.
    ///
    /// # Errors
    /// It is something else.
    pub fn logical(&self, keyword: &str) -> Result<Option<bool>> {
        self.typed(keyword, "T or F", CardValue::as_logical)
    }

    fn typed<T>(
        &self,
        keyword: &str,
        wanted: &str,
        read: impl Fn(&CardValue) -> Option<T>,
    ) -> Result<Option<T>> {
        let Some(value) = self.value(keyword) else {
            return Ok(None);
        };
        match read(&value) {
            Some(value) => Ok(Some(value)),
            None => Err(self.wrong(keyword, wanted)),
        }
    }

    /// A whole number within bounds, or the default when it is missing.
    pub(super) fn within(
        &self,
        keyword: &str,
        bounds: std::ops::RangeInclusive<i64>,
        default: i64,
    ) -> Result<u64> {
        let (least, most) = (*bounds.start(), *bounds.end());
        let value = self.integer(keyword)?.unwrap_or(default);
        if bounds.contains(&value) {
            return Ok(value.unsigned_abs());
        }
        let wanted = if most == i64::MAX {
            format!("at least {least}")
        } else {
            format!("{least} to {most}")
        };
        Err(self.wrong(keyword, &wanted))
    }

    /// The error of a keyword whose value cannot be, at its card.
    pub(super) fn wrong(&self, keyword: &str, wanted: &str) -> Error {
        let card = self.get(keyword);
        let found = card.map_or_else(|| "missing".to_owned(), |card| card.value().to_string());
        let fault = FitsFault::Keyword {
            keyword: keyword.into(),
            found: found.into(),
            wanted: wanted.into(),
        };
        Error::from(fault).at(card.map_or_else(|| self.span(), FitsCard::span))
    }

    /// The error of a keyword that is not there.
    pub(super) fn missing(&self, keyword: &str, wanted: &'static str) -> Error {
        let fault = FitsFault::KeywordMissing {
            keyword: keyword.into(),
            wanted,
        };
        Error::from(fault).at(self.span())
    }

    /// The bytes of the file with the cards.
    pub(super) fn span(&self) -> Range<u64> {
        self.offset..self.offset.saturating_add(self.bytes.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(lines: &[&str]) -> FitsHeader<'static> {
        FitsHeader::of_cards(
            lines
                .iter()
                .flat_map(|line| format!("{line:80}").into_bytes())
                .collect(),
        )
    }

    #[test]
    fn the_first_of_equal_keywords_counts_and_all_are_listed() {
        let header = header(&["DUP     = 1", "A       = 'x'", "DUP     = 2"]);
        assert_eq!(header.integer("DUP").unwrap(), Some(1));
        assert_eq!(header.all("DUP").count(), 2);
        assert_eq!(header.text("A").unwrap().as_deref(), Some("x"));
        assert_eq!(header.integer("NONE").unwrap(), None);
    }

    #[test]
    fn a_value_of_another_type_is_an_error_at_its_card() {
        let header = header(&["A       = 1", "NAXIS   = 'two'"]);
        let error = header.integer("NAXIS").unwrap_err();
        assert_eq!(
            error.to_string(),
            "at 0x50..0xa0: NAXIS is 'two', expected a whole number"
        );
    }

    #[test]
    fn a_continue_card_without_a_string_to_go_on_with_stands_alone() {
        let header = header(&[
            "A       = 'x'",
            "CONTINUE  'y'",
            "B       = 'x&'",
            "C       = 1",
        ]);
        let found: Vec<_> = header.cards().map(|card| card.raw().len()).collect();
        assert_eq!(found, [80, 80, 80, 80]);
        assert_eq!(header.text("B").unwrap().as_deref(), Some("x&"));
    }

    #[test]
    fn hierarch_cards_are_found_by_name() {
        let header = header(&["HIERARCH ESO A B = 1", "HIERARCH ESO A C = 2"]);
        assert_eq!(header.integer("ESO A C").unwrap(), Some(2));
        assert!(header.get("ESO").is_none());
    }

    #[test]
    fn a_header_without_end_names_its_bytes() {
        let error = HeaderPlace::find(&[b' '; 160], 2880).unwrap_err();
        assert!(
            error.to_string().contains("no END card in the 160 bytes"),
            "{error}"
        );
    }
}
