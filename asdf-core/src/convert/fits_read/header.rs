//! Headers as nodes: lists of cards, or mappings.

use super::super::fits_card::Triple;
use super::super::fits_card::is_commentary;
use super::super::fits_card::value_node;
use crate::fits::FitsHeader;
use crate::tree::{NewNode, Nodes};
use std::collections::HashMap;

/// A list of `[keyword, value, comment]`, and the cards that this does not say all of, as they stand in the file.
pub(super) fn triples(header: &FitsHeader<'_>, nodes: &mut Nodes) -> (NewNode, Option<NewNode>) {
    let mut cards = Vec::with_capacity(header.len());
    let mut originals = Vec::new();
    for card in header.cards() {
        let triple = Triple::of_card(card).storable();
        let formatted = triple.format();
        if !formatted.is_ok_and(|formatted| formatted.raw() == card.raw()) {
            let text: String = card.raw().iter().copied().map(char::from).collect();
            originals.push(nodes.string(text.trim_end_matches(' ')));
        }
        cards.push(triple.node(nodes));
    }
    let list = nodes.seq(cards);
    nodes.set_flow(list, header.is_empty());
    let originals = (!originals.is_empty()).then(|| {
        let node = nodes.seq(originals);
        nodes.set_flow(node, false);
        node
    });
    (list, originals)
}

/// A mapping of keywords to values. Those that stand several times, and texts, are lists; cards without keyword
/// and text are left out. `stored` is for a tree that goes into a file.
pub(super) fn mapping(header: &FitsHeader<'_>, nodes: &mut Nodes, stored: bool) -> NewNode {
    let mut order: Vec<(String, Vec<NewNode>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for card in header.cards() {
        let mut triple = Triple::of_card(card);
        if stored {
            triple = triple.storable();
        }
        if triple.keyword.is_empty() && triple.value.as_text() == Some("") {
            continue;
        }
        let value = value_node(&triple.value, nodes);
        let place = *places.entry(triple.keyword.clone()).or_insert(order.len());
        match order.get_mut(place) {
            Some((_, values)) => values.push(value),
            None => order.push((triple.keyword, vec![value])),
        }
    }
    let mut pairs = Vec::with_capacity(order.len());
    for (keyword, values) in order {
        let key = nodes.string(&keyword);
        let value = match values.as_slice() {
            [value] if !is_commentary(&keyword) => *value,
            _ => nodes.seq(values),
        };
        pairs.push((key, value));
    }
    nodes.map(pairs)
}
