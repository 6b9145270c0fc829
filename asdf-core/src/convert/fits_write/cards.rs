//! Headers of a tree as cards.

use super::super::fits_card::Triple;
use super::super::fits_card::read_value;
use super::super::fits_card::wrong;
use crate::error::Locate;
use crate::error::Result;
use crate::fits::NewHeader;
use crate::tree::{Map, Node, Value};
use std::collections::HashMap;
use std::collections::VecDeque;

/// The cards of a header, each as it stood in its file where that is known and still says the same.
pub(super) fn read(header: Option<Node<'_>>, originals: Option<Node<'_>>) -> Result<NewHeader> {
    let mut out = NewHeader::new();
    let Some(header) = header else {
        return Ok(out);
    };
    if let Some(map) = header.as_map() {
        mapping(map, &mut out)?;
        return Ok(out);
    }
    let Some(cards) = header.as_seq() else {
        return Err(wrong(header, "a list of cards or a mapping"));
    };
    let mut known = known(originals)?;
    for card in cards {
        let triple = Triple::of_node(card)?;
        let original = known.get_mut(&triple.key()).and_then(VecDeque::pop_front);
        match original {
            Some(original) => out.push_raw(&original),
            None => triple.format().and_then(|cards| out.push_raw(cards.raw())),
        }
        .at_path(|| card.path())?;
    }
    Ok(out)
}

/// The cards that are kept as they stood, by what they say.
fn known(originals: Option<Node<'_>>) -> Result<HashMap<String, VecDeque<Vec<u8>>>> {
    let mut out: HashMap<String, VecDeque<Vec<u8>>> = HashMap::new();
    let Some(originals) = originals else {
        return Ok(out);
    };
    let Some(items) = originals.as_seq() else {
        return Err(wrong(originals, "a list of cards as text"));
    };
    for item in items {
        let Value::Str(text) = item.value() else {
            return Err(wrong(item, "cards as text"));
        };
        let bytes: Option<Vec<u8>> = text.chars().map(|char| u8::try_from(char).ok()).collect();
        let mut bytes = bytes.ok_or_else(|| wrong(item, "cards of bytes"))?;
        bytes.resize(bytes.len().max(1).next_multiple_of(80), b' ');
        let mut card = NewHeader::new();
        // What FITS does not allow is written anew, from what the header says.
        if card.push_raw(&bytes).is_err() {
            continue;
        }
        if let Some(card) = card.read().cards().next() {
            out.entry(Triple::of_card(card).storable().key())
                .or_default()
                .push_back(bytes);
        }
    }
    Ok(out)
}

/// A keyword with a value, or with a list of them.
fn mapping(map: Map<'_>, out: &mut NewHeader) -> Result<()> {
    for (key, value) in map {
        let Value::Str(keyword) = key.value() else {
            return Err(wrong(key, "keywords as text"));
        };
        let values: Vec<Node<'_>> = match value.as_seq() {
            Some(values) => values.iter().collect(),
            None => vec![value],
        };
        for value in values {
            let triple = Triple {
                keyword: keyword.to_owned(),
                value: read_value(value)?,
                comment: String::new(),
            };
            let cards = triple.format().and_then(|cards| out.push_raw(cards.raw()));
            cards.at_path(|| value.path())?;
        }
    }
    Ok(())
}
