//! The bytes of a card that gets another value.

use crate::error::HeaderFault;
use crate::error::Result;
use crate::fits::card::CARD;
use crate::fits::card::FitsCard;
use crate::fits::card::value_field;
use crate::fits::header::FitsHeader;
use crate::fits::value::CardValue;
use crate::fits::write::continued;
use crate::fits::write::format_cards;
use crate::fits::write::value_text;

/// A new card, with the cards that it goes on in.
///
/// # Errors
/// It does not say the value and the comment: they have no room.
pub(super) fn formatted(keyword: &str, value: &CardValue, comment: &str) -> Result<Vec<u8>> {
    let cards = format_cards(keyword, value, comment)?;
    says(&cards, keyword, value, comment)?;
    Ok(cards)
}

/// A card with another value, and with another comment when one is given. A comment that stays keeps its bytes, and
/// its column where the value leaves room.
pub(super) fn replaced(old: &[u8], value: &CardValue, comment: Option<&str>) -> Result<Vec<u8>> {
    let card = FitsCard::new(old, 0);
    let keyword = card.keyword();
    let kept = card.comment();
    let comment = comment.filter(|comment| *comment != kept);
    if card.is_commentary() {
        return formatted(&keyword, value, comment.unwrap_or_default());
    }
    if comment.is_none() && card.value() == *value {
        return Ok(old.to_vec());
    }
    let first = old.get(..CARD).unwrap_or(old);
    let field = value_field(first).map_or(0, <[u8]>::len);
    let start = first.get(..CARD.saturating_sub(field)).unwrap_or_default();
    let text = value_text(value)?;
    let new = one_card(card, start, value, &text, comment);
    let new = match (new, value) {
        (Some(new), _) => new,
        (None, CardValue::Text(whole)) if !card.is_hierarch() => {
            let start: String = start.iter().copied().map(char::from).collect();
            let comment = comment.unwrap_or(&kept);
            continued(&start, &whole.replace('\'', "''"), comment)
        }
        (None, _) if text.len().saturating_add(start.len()) >= CARD => {
            let keyword = keyword.into();
            return Err(HeaderFault::LongValue { keyword }.into());
        }
        (None, _) => return Err(no_room(&keyword)),
    };
    says(&new, &keyword, value, comment.unwrap_or(&kept))?;
    Ok(new)
}

/// The value in one card, with its comment; `None` when that has no room.
fn one_card(
    old: FitsCard<'_>,
    start: &[u8],
    value: &CardValue,
    text: &str,
    comment: Option<&str>,
) -> Option<Vec<u8>> {
    let raw = old.raw();
    let mut start = start.to_vec();
    if !start.ends_with(b" ") {
        start.push(b' ');
    }
    let fixed = match value {
        CardValue::Text(_) => format!("{text:<20}"),
        CardValue::Undefined => String::new(),
        _ => format!("{text:>20}"),
    };
    let tail = match comment {
        Some("") => Vec::new(),
        Some(comment) => format!("/ {comment}").into_bytes(),
        None if raw.len() > CARD => {
            let comment = old.comment();
            if comment.is_empty() {
                Vec::new()
            } else {
                format!("/ {comment}").into_bytes()
            }
        }
        None => raw
            .get(comment_start(raw)..)
            .unwrap_or_default()
            .trim_ascii_end()
            .to_vec(),
    };
    let column = if comment.is_none() && raw.len() == CARD && !tail.is_empty() {
        comment_start(raw)
    } else {
        0
    };
    let leaves_column = |text: &str| start.len().saturating_add(text.len()) < column;
    let fixed = if old.is_hierarch() || (leaves_column(text) && !leaves_column(&fixed)) {
        text
    } else {
        fixed.as_str()
    };
    for text in [fixed, text] {
        let mut line = [start.as_slice(), text.as_bytes()].concat();
        if tail.is_empty() {
            if line.len() <= CARD {
                line.resize(CARD, b' ');
                return Some(line);
            }
            continue;
        }
        let behind = line.len().saturating_add(1).max(column);
        line.resize(behind, b' ');
        line.extend_from_slice(&tail);
        if line.len() <= CARD {
            line.resize(CARD, b' ');
            return Some(line);
        }
    }
    None
}

/// The column of the slash in front of the comment; that after the card when there is none.
fn comment_start(card: &[u8]) -> usize {
    let field = value_field(card).unwrap_or_default();
    let from = card.len().saturating_sub(field.len());
    let mut quoted = false;
    let slash = field.iter().position(|byte| {
        if *byte == b'\'' {
            quoted = !quoted;
        }
        *byte == b'/' && !quoted
    });
    slash.map_or(card.len(), |at| from.saturating_add(at))
}

/// An error unless the cards say that value and that comment.
fn says(cards: &[u8], keyword: &str, value: &CardValue, comment: &str) -> Result<()> {
    let header = FitsHeader::of_cards(cards.to_vec());
    let mut read = header.cards();
    let (Some(card), None) = (read.next(), read.next()) else {
        let keyword = keyword.into();
        return Err(HeaderFault::NoCard { keyword }.into());
    };
    let same = match (card.value(), value) {
        (CardValue::Text(found), CardValue::Text(wanted)) => found == wanted.trim_end(),
        (found, wanted) => found == *wanted,
    };
    if !same {
        let keyword = keyword.into();
        return Err(HeaderFault::NoCard { keyword }.into());
    }
    if comment.trim() != card.comment() {
        return Err(no_room(keyword));
    }
    Ok(())
}

fn no_room(keyword: &str) -> crate::error::Error {
    let keyword = keyword.into();
    HeaderFault::LongComment { keyword }.into()
}
