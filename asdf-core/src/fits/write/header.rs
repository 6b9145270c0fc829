//! Cards to be written: formatted from values, or taken as they are. FITS 4.0, section 4.2.

use crate::error::HeaderFault;
use crate::error::Result;
use crate::fits::card;
use crate::fits::card::CARD;
use crate::fits::card::FitsCard;
use crate::fits::header::FitsHeader;
use crate::fits::value::CardValue;

/// Characters of a string that fit into a card.
const STRING: usize = 68;
/// Characters of text in a commentary card.
const COMMENTARY: usize = 72;

/// The cards of a header that is to be written, without those that the writer makes itself.
#[derive(Debug, Clone, Default)]
pub struct NewHeader {
    bytes: Vec<u8>,
}

impl From<&FitsHeader<'_>> for NewHeader {
    /// The same cards, byte for byte.
    fn from(header: &FitsHeader<'_>) -> Self {
        Self {
            bytes: header.raw().to_vec(),
        }
    }
}

impl NewHeader {
    /// No cards.
    pub fn new() -> Self {
        Self::default()
    }

    /// The cards so far.
    pub fn raw(&self) -> &[u8] {
        &self.bytes
    }

    /// Cards that were made elsewhere, whatever is in them.
    pub(in crate::fits) fn of_bytes(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    /// The cards with their keywords found.
    pub(crate) fn read(&self) -> FitsHeader<'static> {
        FitsHeader::of_cards(self.bytes.clone())
    }

    /// Appends whole cards as they are.
    ///
    /// # Errors
    /// They are not a multiple of 80 bytes, or not of printable ASCII.
    pub fn push_raw(&mut self, cards: &[u8]) -> Result<()> {
        let printable = cards.iter().all(|byte| (b' '..=b'~').contains(byte));
        if !printable || !cards.len().is_multiple_of(CARD) {
            return Err(HeaderFault::Cards.into());
        }
        self.bytes.extend_from_slice(cards);
        Ok(())
    }

    /// Appends a card. Long strings go on in `CONTINUE` cards, keywords that do not fit eight
    /// columns become `HIERARCH` ones; a comment that has no room is cut.
    ///
    /// # Errors
    /// Something is not printable ASCII, a float is not finite, or a value has no room.
    pub fn push(&mut self, keyword: &str, value: &CardValue, comment: &str) -> Result<()> {
        let cards = format_cards(keyword, value, comment)?;
        self.bytes.extend(cards);
        Ok(())
    }

    /// Puts a card in the place of the first one of that keyword, or at the end.
    ///
    /// # Errors
    /// As [`NewHeader::push`].
    pub fn set(&mut self, keyword: &str, value: &CardValue, comment: &str) -> Result<()> {
        let cards = format_cards(keyword, value, comment)?;
        match self.place(keyword) {
            Some(range) => drop(self.bytes.splice(range, cards)),
            None => self.bytes.extend(cards),
        }
        Ok(())
    }

    /// Puts a string into the first card of that keyword; its comment and everything else of it stay as they are. A
    /// card that is missing is added, with the comment.
    pub(in crate::fits) fn set_text(
        &mut self,
        keyword: &str,
        value: &str,
        comment: &str,
    ) -> Result<()> {
        let header = self.read();
        let old = header.get(keyword);
        let comment = old.map_or_else(|| comment.to_owned(), FitsCard::comment);
        let place = self.place(keyword).filter(|place| place.len() == CARD);
        if let Some(field) = place.and_then(|place| self.bytes.get_mut(place)?.get_mut(8..))
            && field.starts_with(b"= '")
            && let Some(field) = field.get_mut(3..)
            && let Some(end) = field.iter().position(|byte| *byte == b'\'')
            && let Some(field) = field.get_mut(..end)
            && let Some((start, rest)) = field.split_at_mut_checked(value.len())
        {
            start.copy_from_slice(value.as_bytes());
            rest.fill(b' ');
            return Ok(());
        }
        self.set(keyword, &CardValue::Text(value.to_owned()), &comment)
    }

    /// Takes the first card of a keyword away; false when there is none.
    pub fn remove(&mut self, keyword: &str) -> bool {
        let place = self.place(keyword);
        place.map(|range| drop(self.bytes.drain(range))).is_some()
    }

    /// Appends text under `COMMENT`, `HISTORY` or no keyword, in as many cards as it needs.
    ///
    /// # Errors
    /// It is not printable ASCII.
    pub fn push_text(&mut self, keyword: &str, text: &str) -> Result<()> {
        if !matches!(keyword, "COMMENT" | "HISTORY" | "") {
            return Err(HeaderFault::TextKeyword.into());
        }
        check(text)?;
        let mut left = text.as_bytes();
        loop {
            let (part, rest) = left.split_at_checked(COMMENTARY).unwrap_or((left, &[]));
            let mut line = format!("{keyword:<8}").into_bytes();
            line.extend_from_slice(part);
            put(&mut self.bytes, &line);
            left = rest;
            if left.is_empty() {
                return Ok(());
            }
        }
    }

    fn place(&self, keyword: &str) -> Option<std::ops::Range<usize>> {
        let header = FitsHeader::of_cards(self.bytes.clone());
        let card = header.get(keyword)?;
        let start = usize::try_from(card.offset()).ok()?;
        Some(start..start.saturating_add(card.raw().len()))
    }

    /// The cards whose keyword is none of those that the writer makes.
    pub(super) fn without(&self, made: impl Fn(&str) -> bool) -> Vec<u8> {
        let header = FitsHeader::of_cards(self.bytes.clone());
        let kept = header
            .cards()
            .filter(|card| !made(&card::text(card::keyword_bytes(card.raw()))));
        kept.flat_map(|card| card.raw().to_vec()).collect()
    }
}

fn check(text: &str) -> Result<()> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        Ok(())
    } else {
        let text = text.escape_debug().to_string().into();
        Err(HeaderFault::NotAscii { text }.into())
    }
}

/// Appends a line, filled with blanks.
fn put(out: &mut Vec<u8>, line: &[u8]) {
    out.extend_from_slice(line);
    out.resize(out.len().next_multiple_of(CARD), b' ');
}

pub(in crate::fits) fn format_cards(
    keyword: &str,
    value: &CardValue,
    comment: &str,
) -> Result<Vec<u8>> {
    check(keyword)?;
    check(comment)?;
    let plain = |byte: u8| {
        byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_')
    };
    let short = keyword.len() <= 8 && !keyword.is_empty() && keyword.bytes().all(plain);
    if !short && (keyword.contains(['=', '\'']) || keyword.trim() != keyword || keyword.is_empty())
    {
        let keyword = keyword.into();
        return Err(HeaderFault::Keyword { keyword }.into());
    }
    let start = if short {
        format!("{keyword:<8}= ")
    } else {
        format!("HIERARCH {keyword} = ")
    };
    let room = CARD.saturating_sub(start.len());
    let text = match value {
        CardValue::Text(text) => {
            check(text)?;
            let quoted = text.replace('\'', "''");
            if quoted.len() > room.saturating_sub(2) {
                if !short {
                    let keyword = keyword.into();
                    return Err(HeaderFault::LongString { keyword }.into());
                }
                return Ok(continued(&start, &quoted, comment));
            }
            format!("{:<20}", format!("'{quoted:<8}'"))
        }
        CardValue::Undefined => String::new(),
        other => format!("{:>20}", plain_value(other)?),
    };
    // A value of a HIERARCH card stands where it has room.
    let text = if text.len() > room {
        text.trim().to_owned()
    } else {
        text
    };
    if text.len() > room {
        let keyword = keyword.into();
        return Err(HeaderFault::LongValue { keyword }.into());
    }
    let mut line = start + &text;
    if !comment.is_empty() && line.len().saturating_add(4) <= CARD {
        line.push_str(" / ");
        line.push_str(comment);
        line.truncate(CARD);
    }
    let mut out = Vec::with_capacity(CARD);
    put(&mut out, line.trim_end().as_bytes());
    Ok(out)
}

fn plain_value(value: &CardValue) -> Result<String> {
    Ok(match value {
        CardValue::Logical(value) => if *value { "T" } else { "F" }.to_owned(),
        CardValue::Integer(number) => number.to_string(),
        CardValue::Float(number) => float(*number)?,
        CardValue::Complex(re, im) => format!("({}, {})", float(*re)?, float(*im)?),
        CardValue::Unreadable(text) => {
            let text = text.escape_debug().to_string().into();
            return Err(HeaderFault::NotAValue { text }.into());
        }
        CardValue::Text(_) | CardValue::Undefined => String::new(),
    })
}

/// The shortest digits that give the number back, always with a decimal point.
fn float(number: f64) -> Result<String> {
    if !number.is_finite() {
        return Err(HeaderFault::NotFinite.into());
    }
    let size = number.abs();
    if size == 0.0 || (1e-4..1e16).contains(&size) {
        return Ok(format!("{number:?}"));
    }
    let text = format!("{number:E}");
    Ok(if text.contains('.') {
        text
    } else {
        text.replace('E', ".0E")
    })
}

/// The value as it stands in a card: strings in quotes, no more blanks than they need.
pub(in crate::fits) fn value_text(value: &CardValue) -> Result<String> {
    match value {
        CardValue::Text(text) => {
            check(text)?;
            Ok(format!("'{:<8}'", text.replace('\'', "''")))
        }
        other => plain_value(other),
    }
}

/// A string in as many cards as it needs, its comment in the last one (section 4.2.1.2).
pub(in crate::fits) fn continued(start: &str, quoted: &str, comment: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut left = quoted;
    let mut start = start.to_owned();
    while left.len() > STRING {
        let mut at = STRING.saturating_sub(1);
        // The two quotes that stand for one stay together.
        let doubled = left
            .get(..at)
            .unwrap_or_default()
            .bytes()
            .rev()
            .take_while(|byte| *byte == b'\'');
        if !doubled.count().is_multiple_of(2) {
            at = at.saturating_sub(1);
        }
        let (part, rest) = left.split_at_checked(at).unwrap_or_default();
        put(&mut out, format!("{start}'{part}&'").as_bytes());
        "CONTINUE  ".clone_into(&mut start);
        left = rest;
    }
    if comment.is_empty() {
        put(&mut out, format!("{start}'{left}'").as_bytes());
        return out;
    }
    if left.len().saturating_add(comment.len()) > STRING.saturating_sub(3) {
        let room = STRING.saturating_sub(1);
        if left.len() <= room {
            put(&mut out, format!("{start}'{left}&'").as_bytes());
            "CONTINUE  ".clone_into(&mut start);
            left = "";
        }
    }
    let mut line = format!("{start}'{left}' / {comment}");
    line.truncate(CARD);
    put(&mut out, line.as_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fits::FitsCard;
    use proptest::prelude::*;

    fn written(keyword: &str, value: &CardValue, comment: &str) -> String {
        String::from_utf8(format_cards(keyword, value, comment).unwrap()).unwrap()
    }

    #[test]
    fn values_stand_where_other_writers_put_them() {
        let text = |text: &str| CardValue::Text(text.into());
        assert_eq!(
            written("NAXIS", &CardValue::Integer(2), "axes").trim_end(),
            "NAXIS   =                    2 / axes"
        );
        assert_eq!(
            written("EXTNAME", &text("SCI"), "extension name").trim_end(),
            "EXTNAME = 'SCI     '           / extension name"
        );
        assert_eq!(
            written("A", &CardValue::Float(1e20), "").trim_end(),
            "A       =               1.0E20"
        );
        assert_eq!(
            written("A", &CardValue::Undefined, "none").trim_end(),
            "A       =  / none"
        );
        assert_eq!(
            written("ESO DET ID", &CardValue::Integer(1), "").trim_end(),
            "HIERARCH ESO DET ID =                    1"
        );
    }

    #[test]
    fn what_no_card_can_hold_is_refused() {
        for (keyword, value) in [
            ("A", CardValue::Float(f64::NAN)),
            ("A", CardValue::Text("é".into())),
            ("", CardValue::Integer(1)),
            ("a=b", CardValue::Integer(1)),
            ("HAS MORE", CardValue::Text("x".repeat(100))),
        ] {
            assert!(
                format_cards(keyword, &value, "").is_err(),
                "{keyword} {value}"
            );
        }
    }

    #[test]
    fn a_card_is_replaced_where_it_stands() {
        let mut header = NewHeader::new();
        header
            .push("A", &CardValue::Text("x".repeat(100)), "")
            .unwrap();
        header.push("B", &CardValue::Integer(1), "").unwrap();
        header.set("A", &CardValue::Integer(7), "").unwrap();
        assert_eq!(header.raw().len(), 160);
        assert!(header.raw().starts_with(b"A       =                    7"));
        assert!(header.remove("B") && !header.remove("B"));
        header.push_text("HISTORY", &"h".repeat(73)).unwrap();
        assert_eq!(header.raw().len(), 240);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(text in "[ -~]{0,200}", comment in "[!-~]{0,30}", number: f64) {
            let text = text.trim_end();
            let cards = format_cards("KEY", &CardValue::Text(text.into()), &comment).unwrap();
            prop_assert_eq!(cards.len() % CARD, 0);
            let header = FitsHeader::of_cards(cards);
            let card = header.get("KEY").unwrap();
            // An ampersand at the end asks for more, which does not come; it stays.
            prop_assert_eq!(card.value(), CardValue::Text(text.into()));
            if number.is_finite() {
                let cards = format_cards("KEY", &CardValue::Float(number), "").unwrap();
                let card = FitsCard::new(&cards, 0);
                prop_assert_eq!(card.value().as_float().map(f64::to_bits), Some(number.to_bits()));
            }
        }
    }
}
