//! Cards: the 80-byte lines of a header, kept as they are and read on demand. FITS 4.0, section 4.

use super::value::CardValue;
use super::value::Parsed;
use super::value::parse;
pub(super) use super::value::text;
use std::borrow::Cow;

/// Bytes of a card.
pub(crate) const CARD: usize = 80;

/// Keywords whose cards hold text from column 9 on (section 4.4.2.4).
const COMMENTARY: [&[u8]; 3] = [b"COMMENT", b"HISTORY", b""];

/// What a card can hold of a text: other characters are told as `?`, as the reference does it.
pub(crate) fn printable(text: &str) -> String {
    let shown = |char: char| {
        if (' '..='~').contains(&char) {
            char
        } else {
            '?'
        }
    };
    text.chars().map(shown).collect()
}

/// A card with the `CONTINUE` cards that belong to it (section 4.2.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FitsCard<'f> {
    bytes: &'f [u8],
    offset: u64,
}

impl<'f> FitsCard<'f> {
    /// `bytes` are whole cards, `offset` says where in the file they stand.
    pub(super) fn new(bytes: &'f [u8], offset: u64) -> Self {
        Self { bytes, offset }
    }

    /// The bytes as they are: 80, or a multiple of it with `CONTINUE` cards.
    pub fn raw(self) -> &'f [u8] {
        self.bytes
    }

    /// Where in the file the card stands.
    pub fn offset(self) -> u64 {
        self.offset
    }

    /// The bytes of the file that the card takes.
    pub fn span(self) -> std::ops::Range<u64> {
        self.offset..self.offset.saturating_add(self.bytes.len() as u64)
    }

    /// The keyword; that of a `HIERARCH` card is what stands between that word and `=`.
    pub fn keyword(self) -> Cow<'f, str> {
        if let Some((name, _)) = hierarch(self.first()) {
            return text(name);
        }
        text(keyword_bytes(self.first()))
    }

    /// True for `COMMENT`, `HISTORY`, cards without keyword, and those without value indicator.
    pub fn is_commentary(self) -> bool {
        value_field(self.first()).is_none()
    }

    /// True for the convention `HIERARCH ESO DET NAME = …`.
    pub fn is_hierarch(self) -> bool {
        hierarch(self.first()).is_some()
    }

    /// The value; the text of a commentary card.
    pub fn value(self) -> CardValue {
        let Some(field) = value_field(self.first()) else {
            let rest = self.first().get(8..).unwrap_or_default();
            return CardValue::Text(text(rest).into_owned());
        };
        self.parsed(field).0
    }

    /// What stands after `/`; several such parts of a long string are joined.
    pub fn comment(self) -> String {
        value_field(self.first()).map_or_else(String::new, |field| self.parsed(field).1)
    }

    fn first(self) -> &'f [u8] {
        self.bytes.get(..CARD).unwrap_or(self.bytes)
    }

    fn parsed(self, field: &'f [u8]) -> (CardValue, String) {
        let Parsed { mut value, comment } = parse(field);
        let mut comments: Vec<Cow<'_, str>> = Vec::new();
        comments.extend(Some(text(comment)).filter(|comment| !comment.is_empty()));
        for card in self.bytes.chunks_exact(CARD).skip(1) {
            let next = parse(card.get(8..).unwrap_or_default());
            if let (CardValue::Text(whole), CardValue::Text(part)) = (&mut value, next.value) {
                if whole.ends_with('&') {
                    whole.pop();
                }
                whole.push_str(&part);
            }
            comments.extend(Some(text(next.comment)).filter(|comment| !comment.is_empty()));
        }
        // Blanks at the end of a string mean nothing, also when they stand in a card before the last one.
        if let CardValue::Text(whole) = &mut value
            && self.bytes.len() > CARD
        {
            whole.truncate(whole.trim_end_matches(' ').len());
        }
        (value, comments.join(" "))
    }
}

/// Columns 1 to 8 without the blanks after them.
pub(super) fn keyword_bytes(card: &[u8]) -> &[u8] {
    card.get(..8).unwrap_or(card).trim_ascii_end()
}

/// What stands after the value indicator; `None` when there is none.
pub(super) fn value_field(card: &[u8]) -> Option<&[u8]> {
    let keyword = keyword_bytes(card);
    if COMMENTARY.contains(&keyword) {
        return None;
    }
    if let Some((_, field)) = hierarch(card) {
        return Some(field);
    }
    (card.get(8) == Some(&b'=') && matches!(card.get(9), Some(b' ') | None))
        .then(|| card.get(10..).unwrap_or_default())
}

/// Name and value field of a `HIERARCH` card.
fn hierarch(card: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = card.strip_prefix(b"HIERARCH ")?;
    let at = rest.iter().position(|byte| *byte == b'=')?;
    let (name, field) = rest.split_at_checked(at)?;
    // An equals sign within a string belongs to no keyword.
    if name.contains(&b'\'') {
        return None;
    }
    Some((name.trim_ascii(), field.get(1..).unwrap_or_default()))
}

/// True for a card that goes on with the string of the card before it.
pub(super) fn continues(card: &[u8]) -> bool {
    let rest = card.strip_prefix(b"CONTINUE");
    rest.is_some_and(|rest| {
        rest.starts_with(b"  ") && rest.trim_ascii_start().first() == Some(&b'\'')
    })
}

/// True when the card's value is a string that ends in `&`.
pub(super) fn wants_more(card: &[u8]) -> bool {
    let field = if card.starts_with(b"CONTINUE") {
        card.get(8..)
    } else {
        value_field(card)
    };
    // Cheap first: nearly all cards have no `&` at all.
    field.is_some_and(|field| {
        field.contains(&b'&')
            && matches!(parse(field).value, CardValue::Text(text) if text.ends_with('&'))
    })
}

#[cfg(test)]
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test"
)]
mod tests {
    use super::*;

    fn card(text: &str) -> Vec<u8> {
        let mut out = text.as_bytes().to_vec();
        out.resize(out.len().div_ceil(CARD) * CARD, b' ');
        out
    }

    fn read(text: &str) -> (String, CardValue, String) {
        let bytes = card(text);
        let card = FitsCard::new(&bytes, 0);
        (card.keyword().into_owned(), card.value(), card.comment())
    }

    #[test]
    fn a_string_keeps_its_quotes_slashes_and_leading_blanks() {
        let (keyword, value, comment) = read("STR     = '  it''s a / b  ' / why");
        assert_eq!(keyword, "STR");
        assert_eq!(value, CardValue::Text("  it's a / b".into()));
        assert_eq!(comment, "why");
    }

    #[test]
    fn a_long_string_is_joined_and_so_are_its_comments() {
        let mut bytes = card("LONG    = 'abc &' / one");
        bytes.extend(card("CONTINUE  'def&  ' / two"));
        bytes.extend(card("CONTINUE  '' /"));
        let card = FitsCard::new(&bytes, 0);
        assert_eq!(card.value(), CardValue::Text("abc def".into()));
        assert_eq!(card.comment(), "one two");
        assert!(wants_more(&bytes[..80]) && wants_more(&bytes[80..160]));
        assert!(!wants_more(&bytes[160..]) && continues(&bytes[160..]));
    }

    #[test]
    fn blanks_at_the_end_of_a_long_string_mean_nothing() {
        let mut bytes = card("LONG    = 'abc   &'");
        bytes.extend(card("CONTINUE  'def   &'"));
        bytes.extend(card("CONTINUE  '   '"));
        let card = FitsCard::new(&bytes, 0);
        assert_eq!(card.value(), CardValue::Text("abc   def".into()));
    }

    #[test]
    fn hierarch_gives_its_whole_name() {
        let (keyword, value, comment) = read("HIERARCH ESO DET CHIP1 NAME = 'chip' / c");
        assert_eq!(keyword, "ESO DET CHIP1 NAME");
        assert_eq!(value, CardValue::Text("chip".into()));
        assert_eq!(comment, "c");
    }

    #[test]
    fn commentary_is_text_even_with_an_equals_sign() {
        let (keyword, value, comment) = read("COMMENT = 'not a value' / x");
        assert_eq!(keyword, "COMMENT");
        assert_eq!(value, CardValue::Text("= 'not a value' / x".into()));
        assert_eq!(comment, "");
        assert_eq!(read("        blank").1, CardValue::Text("blank".into()));
    }

    #[test]
    fn bytes_beyond_ascii_do_not_break_a_card() {
        let mut bytes = card("NAME    = 'x'");
        bytes[11] = 0xe9;
        let card = FitsCard::new(&bytes, 0);
        assert_eq!(card.value(), CardValue::Text("é".into()));
    }
}
