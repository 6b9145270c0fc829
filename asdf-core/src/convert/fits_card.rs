//! Cards of FITS headers as `[keyword, value, comment]` and back (spec-notes F-41 to F-44).

use crate::error::Result;
use crate::fits::CardValue;
use crate::fits::FitsCard;
use crate::fits::NewHeader;
pub use crate::fits::node_value as read_value;
use crate::fits::printable;
pub(super) use crate::fits::unlike as wrong;
use crate::tree::{NewNode, Node, Nodes, Value, float_text};

const COMPLEX: &str = "tag:stsci.edu:asdf/core/complex-1.0.0";

/// What a card says, in values that a tree has.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Triple {
    pub(super) keyword: String,
    pub(super) value: CardValue,
    pub(super) comment: String,
}

impl Triple {
    pub(super) fn of_card(card: FitsCard<'_>) -> Self {
        let comment = if card.is_commentary() {
            String::new()
        } else {
            card.comment()
        };
        Self {
            keyword: printable(&card.keyword()),
            value: tree_value(card.value()),
            comment: printable(&comment),
        }
    }

    /// The same in values that every reader can read and write again: the reference refuses to write integers beyond 64
    /// bits, and the least one of 64. Those that are a float exactly (`BZERO` = 2^63) become that, others text.
    pub(super) fn storable(mut self) -> Self {
        if let CardValue::Integer(number) = self.value
            && !(-i128::from(i64::MAX)..=i128::from(i64::MAX)).contains(&number)
        {
            self.value = exact_float(number)
                .map_or_else(|| CardValue::Text(number.to_string()), CardValue::Float);
        }
        self
    }

    /// A list of keyword and value, and of the comment when there is one.
    pub(super) fn node(&self, nodes: &mut Nodes) -> NewNode {
        let mut items = vec![nodes.string(&self.keyword), value_node(&self.value, nodes)];
        if !self.comment.is_empty() {
            items.push(nodes.string(&self.comment));
        }
        let node = nodes.seq(items);
        nodes.set_flow(node, true);
        node
    }

    /// Reads a list of up to three items. What is missing is empty; no value means an undefined one.
    pub(super) fn of_node(node: Node<'_>) -> Result<Self> {
        let text = |index: usize| match node.at(index).map(|item| (item, item.value())) {
            None | Some((_, Value::Null)) => Ok(String::new()),
            Some((_, Value::Str(text))) => Ok(text.to_owned()),
            Some((item, _)) => Err(wrong(item, "text")),
        };
        let known = node.as_seq().is_some_and(|items| items.len() <= 3);
        if !known {
            return Err(wrong(node, "a list of keyword, value and comment"));
        }
        let keyword = text(0)?;
        let value = match node.at(1) {
            Some(value) => read_value(value)?,
            None if is_commentary(&keyword) => CardValue::Text(String::new()),
            None => CardValue::Undefined,
        };
        Ok(Self {
            keyword,
            value,
            comment: text(2)?,
        })
    }

    /// The card as the writer formats it, with the cards that it goes on in.
    pub(super) fn format(&self) -> Result<NewHeader> {
        let mut out = NewHeader::new();
        match &self.value {
            CardValue::Text(text) if is_commentary(&self.keyword) && self.comment.is_empty() => {
                out.push_text(&self.keyword, text)?;
            }
            value => out.push(&self.keyword, value, &self.comment)?,
        }
        Ok(out)
    }

    /// The same text for cards that say the same.
    pub(super) fn key(&self) -> String {
        format!("{}\0{:?}\0{}", self.keyword, self.value, self.comment)
    }
}

/// True for keywords whose cards hold text.
pub(super) fn is_commentary(keyword: &str) -> bool {
    matches!(keyword, "" | "COMMENT" | "HISTORY")
}

/// What no card should hold becomes text.
fn tree_value(value: CardValue) -> CardValue {
    match value {
        CardValue::Float(number) if !number.is_finite() => CardValue::Text(float_text(number)),
        CardValue::Complex(re, im) if !(re.is_finite() && im.is_finite()) => {
            CardValue::Text(format!("({}, {})", float_text(re), float_text(im)))
        }
        CardValue::Text(text) | CardValue::Unreadable(text) => CardValue::Text(printable(&text)),
        value => value,
    }
}

/// The float that is an integer, where there is one.
fn exact_float(number: i128) -> Option<f64> {
    let digits = number.unsigned_abs();
    let shift = digits.checked_ilog2()?.saturating_sub(52);
    #[expect(clippy::cast_precision_loss, reason = "nothing is beyond the 53 bits")]
    (digits.trailing_zeros() >= shift).then_some(number as f64)
}

pub(super) fn value_node(value: &CardValue, nodes: &mut Nodes) -> NewNode {
    match value {
        CardValue::Text(text) | CardValue::Unreadable(text) => nodes.string(text),
        CardValue::Logical(value) => nodes.bool(*value),
        CardValue::Integer(number) => nodes.int(*number),
        CardValue::Float(number) => nodes.float(*number),
        CardValue::Complex(re, im) => {
            let sign = if im.is_sign_negative() { "" } else { "+" };
            let node = nodes.string(&format!("{}{sign}{}j", float_text(*re), float_text(*im)));
            nodes.set_tag(node, COMPLEX);
            node
        }
        CardValue::Undefined => nodes.null(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::tree::{Tree, TreeEdit};

    fn header(cards: &[&str]) -> Vec<Triple> {
        let mut header = NewHeader::new();
        for card in cards {
            header.push_raw(format!("{card:<80}").as_bytes()).unwrap();
        }
        header.read().cards().map(Triple::of_card).collect()
    }

    #[test]
    fn values_that_a_tree_cannot_hold_are_told_as_well_as_it_can() {
        let found = header(&[
            "BZERO   =  9223372036854775808 / offset",
            "BIG     = 12345678901234567890",
            "BAD     = 1 2",
            "FAR     = 1.0E999",
            "NONE    = / nothing",
        ]);
        let values: Vec<CardValue> = found.into_iter().map(|card| card.value).collect();
        let text = |text: &str| CardValue::Text(text.into());
        assert_eq!(
            values,
            [
                CardValue::Integer(9_223_372_036_854_775_808),
                CardValue::Integer(12_345_678_901_234_567_890),
                text("1 2"),
                text("inf"),
                CardValue::Undefined,
            ]
        );
    }

    #[test]
    fn integers_that_the_reference_does_not_write_are_floats_or_text() {
        let found = header(&[
            "BZERO   =  9223372036854775808 / offset",
            "BIG     = 12345678901234567890",
            "LEAST   = -9223372036854775808",
            "LESS    = -9223372036854775809",
            "MOST    =  9223372036854775807",
            "HUGE    = 36893488147419103232",
        ]);
        let values: Vec<CardValue> = found
            .into_iter()
            .map(|card| card.storable().value)
            .collect();
        let text = |text: &str| CardValue::Text(text.into());
        assert_eq!(
            values,
            [
                CardValue::Float(9_223_372_036_854_775_808.0),
                text("12345678901234567890"),
                CardValue::Float(-9_223_372_036_854_775_808.0),
                text("-9223372036854775809"),
                CardValue::Integer(i64::MAX.into()),
                CardValue::Float(36_893_488_147_419_103_232.0),
            ]
        );
    }

    #[test]
    fn every_kind_of_card_comes_back_from_its_node() {
        let triples = header(&[
            "SIMPLE  =                    T / standard",
            "INT     =                  -12",
            "FLOAT   =                  1.0 / whole",
            "TEXT    = 'it''s / here'",
            "YES     = 'yes     '",
            "CPX     = (1.5, -2.0)",
            "NONE    =",
            "COMMENT = 'not a value'",
            "HISTORY",
            "        text",
            "",
            "HIERARCH ESO DET ID = 7 / c",
        ]);
        let mut edit = TreeEdit::new();
        let items = triples
            .iter()
            .map(|triple| triple.node(edit.nodes()))
            .collect();
        let list = edit.nodes().seq(items);
        edit.set("header", list).unwrap();
        let text = edit.text(&Limits::default()).unwrap();
        let tree = Tree::parse(text.as_bytes(), 0, &Limits::default(), &mut Vec::new()).unwrap();
        let cards = tree.root().get("header").unwrap().as_seq().unwrap();
        let back: Vec<Triple> = cards
            .iter()
            .map(|card| Triple::of_node(card).unwrap())
            .collect();
        assert_eq!(back, triples);
    }
}
