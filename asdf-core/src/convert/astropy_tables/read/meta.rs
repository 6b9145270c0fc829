//! What a header says of a table beside its structure: `meta` of the table.

use crate::convert::fits_card::{Triple, is_commentary, value_node};
use crate::file::Draft;
use crate::fits::{CardValue, FitsHeader};
use crate::tree::{Map, NewNode, Node, Nodes};
use std::collections::HashMap;

/// Keywords of the structure, which the table has itself.
const STRUCTURE: [&str; 12] = [
    "XTENSION", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "PCOUNT", "GCOUNT", "TFIELDS", "THEAP",
    "CHECKSUM", "DATASUM", "END",
];
/// Keywords with the number of a column.
const OF_COLUMNS: [&str; 15] = [
    "TTYPE", "TFORM", "TUNIT", "TNULL", "TSCAL", "TZERO", "TDISP", "TBCOL", "TDIM", "TCTYP",
    "TCUNI", "TCRPX", "TCRVL", "TCDLT", "TRPOS",
];
/// Keywords that times of columns have taken up.
const OF_TIMES: [&str; 14] = [
    "TIMESYS", "TIMEUNIT", "TREFPOS", "MJDREF", "MJDREFI", "MJDREFF", "JDREF", "JDREFI", "JDREFF",
    "DATEREF", "OBSGEO-X", "OBSGEO-Y", "OBSGEO-Z", "TIMEOFFS",
];

/// True for a keyword of a column.
pub(in crate::convert::astropy_tables) fn is_of_column(keyword: &str) -> bool {
    OF_COLUMNS.iter().any(|stem| {
        let number = keyword.strip_prefix(stem);
        number.is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    })
}

/// True for a keyword of the structure.
pub(in crate::convert::astropy_tables) fn is_of_structure(keyword: &str) -> bool {
    STRUCTURE.contains(&keyword)
}

/// The cards of a header that are about something else than columns, and what astropy keeps beside the columns.
pub(super) fn of(
    header: &FitsHeader<'_>,
    tree: Option<Node<'_>>,
    has_times: bool,
    draft: &mut Draft<'_>,
) -> Option<NewNode> {
    let nodes = draft.nodes();
    let mut order: Vec<(String, Vec<NewNode>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut is_inside = false;
    for card in header.cards() {
        let triple = Triple::of_card(card).storable();
        let keyword = triple.keyword.as_str();
        let left_out = is_of_structure(keyword)
            || is_of_column(keyword)
            || (has_times && OF_TIMES.contains(&keyword));
        if left_out || keyword.is_empty() {
            continue;
        }
        let mut key = triple.keyword.clone();
        if key == "COMMENT" {
            let text = match &triple.value {
                CardValue::Text(text) => text.as_str(),
                _ => "",
            };
            let was_inside = is_inside;
            is_inside = (is_inside || text == super::BEGIN) && text != super::END;
            if was_inside || is_inside {
                continue;
            }
            "comments".clone_into(&mut key);
        }
        let value = value_node(&triple.value, nodes);
        if let Some((_, values)) = places.get(&key).and_then(|place| order.get_mut(*place)) {
            values.push(value);
        } else {
            places.insert(key.clone(), order.len());
            order.push((key, vec![value]));
        }
    }
    let mut out = Vec::new();
    for (key, values) in order {
        let is_list = values.len() > 1 || key == "comments" || is_commentary(&key);
        let value = match values.first().filter(|_| !is_list) {
            Some(value) => *value,
            None => nodes.seq(values),
        };
        out.push((nodes.string(&key), value));
    }
    let own = tree.and_then(|tree| tree.get("meta"));
    out.extend(pairs(own, nodes));
    (!out.is_empty()).then(|| nodes.map(out))
}

/// The entries of a mapping, or of an ordered one (a list of mappings of one key each), without those that astropy has for
/// itself.
pub(super) fn pairs(meta: Option<Node<'_>>, nodes: &mut Nodes) -> Vec<(NewNode, NewNode)> {
    let mut maps: Vec<Map<'_>> = Vec::new();
    if let Some(meta) = meta {
        maps.extend(meta.as_map());
        maps.extend(meta.as_seq().into_iter().flatten().filter_map(Node::as_map));
    }
    let mut out = Vec::new();
    for (key, value) in maps.into_iter().flat_map(Map::iter) {
        let is_own = key.text().is_some_and(|text| text.starts_with("__"));
        if !is_own {
            out.push((nodes.copy(key), nodes.copy(value)));
        }
    }
    out
}
