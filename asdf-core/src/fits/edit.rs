//! Headers under change: single cards are replaced, added or taken away, all others stay byte for byte.

mod format;
mod structure;

use super::Hdu;
use super::card::CARD;
use super::card::FitsCard;
use super::checksum;
use super::checksum::Sum;
use super::header::BLOCK;
use super::header::FitsHeader;
use super::layout::Entry;
use super::layout::HduKind;
use super::value::CardValue;
use super::write::NewHeader;
#[cfg(feature = "schemas")]
use super::write::format_cards;
use crate::error::Error;
use crate::error::HeaderFault;
use crate::error::Locate;
use crate::error::Result;
use format::formatted;
use format::replaced;
use std::ops::Range;
use structure::Change;

/// An encoded sum of zero, which takes the place of `CHECKSUM` while the sum is made.
const NO_SUM: &str = "0000000000000000";

/// The header of an HDU under change.
///
/// ```
/// # fn main() -> asdf_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/fits/header.fits");
/// use asdf_core::Limits;
/// use asdf_core::fits::{CardValue, FitsFile, HeaderEdit};
///
/// let file = FitsFile::open(path)?;
/// let mut header = HeaderEdit::new(file.hdu(0)?);
/// header.set("EXPTIME", None, &CardValue::Float(5.0), Some("[s] exposure time"))?;
/// assert!(header.set("NAXIS", None, &CardValue::Integer(3), None).is_err());
/// assert_eq!(header.bytes()?.len() % 2880, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct HeaderEdit {
    index: usize,
    kind: HduKind,
    /// Each with its `CONTINUE` cards, without `END`.
    cards: Vec<Vec<u8>>,
    /// The header as it was, with `END` and fill.
    old: Vec<u8>,
    /// Bytes of the cards as they were.
    old_cards: usize,
    changed: bool,
}

impl HeaderEdit {
    /// The header of an HDU, to be changed.
    pub fn new(hdu: Hdu<'_>) -> Self {
        let header = hdu.header();
        let input = hdu.file().input();
        let span = hdu.header_span();
        let old = input.slice(span.start..span.end.min(input.len()));
        Self {
            index: hdu.index(),
            kind: hdu.kind(),
            cards: header.cards().map(|card| card.raw().to_vec()).collect(),
            old: old.unwrap_or_default().to_vec(),
            old_cards: header.raw().len(),
            changed: false,
        }
    }

    /// Gives a card a value; its comment stays unless one is given. Bytes that need not change do not. A keyword that is
    /// not there is added after the last card, with as many blank cards less as there are; in capitals, and as a
    /// `HIERARCH` card when it does not fit eight columns. Text under `COMMENT`, `HISTORY` or no keyword is added after
    /// the last card of its kind.
    ///
    /// `number` counts the cards of a keyword from 0, for those that stand several times; text under `COMMENT`,
    /// `HISTORY` or no keyword is replaced by it.
    ///
    /// # Errors
    /// The keyword says how the data are stored or what their numbers mean; it stands several times and no number is
    /// given; the value, or the comment beside it, does not fit the card or is not printable ASCII.
    pub fn set(
        &mut self,
        keyword: &str,
        number: Option<usize>,
        value: &CardValue,
        comment: Option<&str>,
    ) -> Result<()> {
        let keyword = self.spelled(keyword);
        structure::check(&keyword, self.kind, Change::Set(value)).in_hdu(self.index)?;
        let printable = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if let Some(comment) = comment.filter(|comment| !printable(comment)) {
            let text = comment.escape_debug().to_string().into();
            return Err(HeaderFault::NotAscii { text }.into()).in_hdu(self.index);
        }
        let done = if is_commentary(&keyword) {
            commentary(&keyword, value, comment)
                .and_then(|cards| self.set_text(&keyword, number, cards))
        } else {
            self.set_value(&keyword, number, value, comment)
        };
        done.in_hdu(self.index)
    }

    /// Gives the first card of a keyword that schemas name a value, as stdatamodels does: its comment stays, and is cut where it has no
    /// room; a new card has the comment of the schema.
    ///
    /// # Errors
    /// As [`HeaderEdit::set`], but for the comment.
    #[cfg(feature = "schemas")]
    pub(crate) fn set_keyword(
        &mut self,
        keyword: &str,
        value: &CardValue,
        comment: &str,
    ) -> Result<()> {
        structure::check(keyword, self.kind, Change::Set(value)).in_hdu(self.index)?;
        let place = self.places(keyword).first().copied();
        let old = place.and_then(|at| Some((at, self.cards.get(at)?.as_slice())));
        let Some((at, old)) = old else {
            let cards = format_cards(keyword, value, comment).in_hdu(self.index)?;
            let at = self.last_used();
            self.insert(at, cards);
            return Ok(());
        };
        let new = replaced(old, value, None).or_else(|_| {
            let comment = FitsCard::new(old, 0).comment();
            format_cards(keyword, value, &comment)
        });
        let new = new.in_hdu(self.index)?;
        if new != old {
            self.replace(at, new);
        }
        Ok(())
    }

    /// Takes the first card of a keyword away, where there is one.
    ///
    /// # Errors
    /// The keyword is one of the structure.
    #[cfg(feature = "schemas")]
    pub(crate) fn remove_keyword(&mut self, keyword: &str) -> Result<()> {
        match self.places(keyword).first() {
            Some(_) => self.remove(keyword, Some(0)),
            None => Ok(()),
        }
    }

    /// Whether cards of a keyword may be changed.
    #[cfg(feature = "schemas")]
    pub(crate) fn may_change(hdu: Hdu<'_>, keyword: &str) -> bool {
        structure::check(keyword, hdu.kind(), Change::Remove).is_ok()
    }

    /// Takes a card away, with its `CONTINUE` cards; without a number all of `COMMENT`, `HISTORY` or no keyword.
    ///
    /// # Errors
    /// As [`HeaderEdit::set`]; there is no such card.
    pub fn remove(&mut self, keyword: &str, number: Option<usize>) -> Result<()> {
        let keyword = self.spelled(keyword);
        structure::check(&keyword, self.kind, Change::Remove).in_hdu(self.index)?;
        let places = self.places(&keyword);
        let chosen = match number {
            Some(number) => places.get(number).copied().into_iter().collect(),
            None if is_commentary(&keyword) => places,
            None => Self::only(&keyword, &places).in_hdu(self.index)?,
        };
        if chosen.is_empty() {
            let fact = HeaderFault::Missing {
                keyword: keyword.as_str().into(),
                number,
            };
            return Err(fact.into()).in_hdu(self.index);
        }
        for at in chosen.into_iter().rev() {
            self.cards.remove(at);
        }
        self.changed = true;
        Ok(())
    }

    /// The value of `EXTNAME`, `EXTVER` or another keyword as it is now.
    pub(crate) fn value(&self, keyword: &str) -> Option<CardValue> {
        FitsHeader::of_cards(self.cards.concat()).value(keyword)
    }

    /// The header as it was, with `END` and the fill that is in the file.
    pub(crate) fn old(&self) -> &[u8] {
        &self.old
    }

    /// The header as it is now, with `END` and fill; never fewer blocks than before, so that data stay where they are
    /// when they can. A `CHECKSUM` is as right as it was: the sum of the HDU stays what it was, zero when it was right,
    /// and what was wrong is not made right.
    ///
    /// # Errors
    /// The header would not describe the same data any more.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        if !self.changed {
            return Ok(self.old.clone());
        }
        let out = self.sealed()?;
        let before = Entry::read(&self.old, 0, self.index).in_hdu(self.index)?;
        let after = Entry::read(&out, 0, self.index).in_hdu(self.index)?;
        let size = |entry: &Entry| entry.data.end.saturating_sub(entry.data.start);
        if before.kind != after.kind
            || before.bitpix != after.bitpix
            || before.axes != after.axes
            || size(&before) != size(&after)
        {
            return Err(HeaderFault::Undescribed.into()).in_hdu(self.index);
        }
        Ok(out)
    }

    /// The cards with `END`, fill and a `CHECKSUM` that leaves the sum of the HDU as it was.
    fn sealed(&self) -> Result<Vec<u8>> {
        let mut cards = NewHeader::of_bytes(self.cards.concat());
        let recorded = cards.read().value("CHECKSUM");
        let seal = matches!(recorded, Some(CardValue::Text(text)) if !text.is_empty());
        if !seal {
            return Ok(self.closed(cards.raw()));
        }
        cards.set_text("CHECKSUM", NO_SUM, "HDU checksum")?;
        let mut sum = Sum::default();
        sum.add(&self.closed(cards.raw()));
        let mut before = Sum::default();
        before.add(&self.old);
        // In ones' complement the complement is the negative.
        sum.add(&(!before.value()).to_be_bytes());
        let encoded: String = checksum::encode(sum.value())
            .map(char::from)
            .iter()
            .collect();
        cards.set_text("CHECKSUM", &encoded, "HDU checksum")?;
        Ok(self.closed(cards.raw()))
    }

    /// The cards with `END` and fill.
    fn closed(&self, cards: &[u8]) -> Vec<u8> {
        let block = usize::try_from(BLOCK).unwrap_or(usize::MAX);
        let mut out = cards.to_vec();
        let rest = self.old.get(self.old_cards..).unwrap_or_default();
        if cards.len() == self.old_cards && self.old.len().is_multiple_of(block) {
            out.extend_from_slice(rest);
            return out;
        }
        // `END` stands in the last block of a header: blank cards lead to it.
        let least = self.old.len().next_multiple_of(block).saturating_sub(block);
        out.resize(out.len().max(least), b' ');
        out.extend_from_slice(b"END");
        out.resize(out.len().next_multiple_of(block), b' ');
        out
    }

    fn set_value(
        &mut self,
        keyword: &str,
        number: Option<usize>,
        value: &CardValue,
        comment: Option<&str>,
    ) -> Result<()> {
        let places = self.places(keyword);
        let at = match number {
            Some(number) => *places
                .get(number)
                .ok_or_else(|| no_card(keyword, number, places.len()))?,
            None => {
                if let Some(at) = Self::only(keyword, &places)?.first() {
                    *at
                } else {
                    let cards = formatted(keyword, value, comment.unwrap_or_default())?;
                    let at = self.last_used();
                    self.insert(at, cards);
                    return Ok(());
                }
            }
        };
        let old = self.cards.get(at).map(Vec::as_slice).unwrap_or_default();
        let new = replaced(old, value, comment)?;
        if new != old {
            self.replace(at, new);
        }
        Ok(())
    }

    fn set_text(&mut self, keyword: &str, number: Option<usize>, cards: Vec<u8>) -> Result<()> {
        let places = self.places(keyword);
        let number = number.unwrap_or(places.len());
        if number > places.len() {
            return Err(no_card(keyword, number, places.len()));
        }
        if let Some(at) = places.get(number) {
            if self.cards.get(*at).is_some_and(|old| *old != cards) {
                self.replace(*at, cards);
            }
            return Ok(());
        }
        let behind = places.last().map(|at| at.saturating_add(1));
        let at = behind.unwrap_or_else(|| self.last_used());
        self.insert(at, cards);
        Ok(())
    }

    /// The keyword as the header spells it: as given where there is such a card, else in capitals.
    fn spelled(&self, keyword: &str) -> String {
        let name = keyword.trim();
        let name = name.strip_prefix("HIERARCH ").map_or(name, str::trim);
        if self.places(name).is_empty() {
            return name.to_ascii_uppercase();
        }
        name.to_owned()
    }

    /// Where the cards of a keyword are; empty cards have none.
    fn places(&self, keyword: &str) -> Vec<usize> {
        let cards = self.cards.iter().enumerate();
        let found = cards
            .filter(|(_, bytes)| FitsCard::new(bytes, 0).keyword() == keyword && !is_blank(bytes));
        found.map(|(at, _)| at).collect()
    }

    /// The only card of a keyword, if there is one.
    fn only(keyword: &str, places: &[usize]) -> Result<Vec<usize>> {
        if let [_, _, ..] = places {
            let (count, last) = (places.len(), places.len().saturating_sub(1));
            return Err(HeaderFault::Several {
                keyword: keyword.into(),
                count,
                last,
            }
            .into());
        }
        Ok(places.to_vec())
    }

    /// After the last card that is not blank.
    fn last_used(&self) -> usize {
        let last = self.cards.iter().rposition(|card| !is_blank(card));
        last.map_or(0, |last| last.saturating_add(1))
    }

    fn replace(&mut self, at: usize, new: Vec<u8>) {
        let Some(card) = self.cards.get_mut(at) else {
            return;
        };
        let more = new.len().saturating_sub(card.len()) / CARD;
        *card = new;
        self.changed = true;
        self.take_blanks(more);
    }

    fn insert(&mut self, at: usize, cards: Vec<u8>) {
        let more = cards.len() / CARD;
        self.cards.insert(at.min(self.cards.len()), cards);
        self.changed = true;
        self.take_blanks(more);
    }

    /// Lets blank cards in front of `END` make room.
    fn take_blanks(&mut self, most: usize) {
        for _ in 0..most {
            if !self.cards.last().is_some_and(|card| is_blank(card)) {
                return;
            }
            self.cards.pop();
        }
    }
}

/// The bytes of a file that an edited header takes the place of.
pub(crate) fn header_range(hdu: Hdu<'_>) -> Range<u64> {
    let span = hdu.header_span();
    span.start..span.end.min(hdu.file().input().len())
}

fn is_blank(card: &[u8]) -> bool {
    card.iter().all(|byte| *byte == b' ')
}

fn is_commentary(keyword: &str) -> bool {
    matches!(keyword, "COMMENT" | "HISTORY" | "")
}

/// The cards of text under `COMMENT`, `HISTORY` or no keyword.
fn commentary(keyword: &str, value: &CardValue, comment: Option<&str>) -> Result<Vec<u8>> {
    if comment.is_some_and(|comment| !comment.is_empty()) {
        let keyword = keyword.into();
        return Err(HeaderFault::CommentaryComment { keyword }.into());
    }
    let text = match value {
        CardValue::Text(text) => text.clone(),
        CardValue::Undefined => String::new(),
        other => other.to_string(),
    };
    let mut cards = NewHeader::new();
    cards.push_text(keyword, &text)?;
    Ok(cards.raw().to_vec())
}

fn no_card(keyword: &str, number: usize, count: usize) -> Error {
    HeaderFault::MissingNumber {
        keyword: keyword.into(),
        number,
        count,
    }
    .into()
}

#[cfg(test)]
mod tests;
