//! What the header of an HDU says of the columns of the table beside it.

use super::parts::About;
use crate::file::FileNode;
use crate::tree::Node;
use crate::tree::PathStep;
use std::collections::{BTreeMap, HashMap};

/// Keywords of a column that make it one of times.
const OF_TIMES: [&str; 3] = ["TCTYP", "TCUNI", "TRPOS"];

/// What the cards beside the data of an HDU say of its columns.
#[derive(Default)]
pub(super) struct CardColumns<'n> {
    /// The `n` of `TTYPEn` of each name.
    numbers: HashMap<&'n str, usize>,
    /// `TUNITn` by `n`, and `TCOMMn`.
    units: BTreeMap<usize, Option<&'n str>>,
    comments: BTreeMap<usize, Option<&'n str>>,
    /// The keywords of columns of times.
    times: BTreeMap<usize, &'static str>,
}

impl<'n> CardColumns<'n> {
    /// The header is looked through once, whatever it has.
    pub(super) fn beside(at: FileNode<'n>) -> Self {
        let Some(header) = header_beside(at) else {
            return Self::default();
        };
        let pairs = header.as_map().into_iter().flatten();
        let pairs = pairs.map(|(key, value)| (key.text(), Some(value)));
        let list = header.as_seq().into_iter().flatten();
        let list = list.map(|card| (card.at(0).and_then(Node::text), card.at(1)));
        let mut out = Self::default();
        let mut names = BTreeMap::new();
        for (keyword, value) in pairs.chain(list) {
            let Some(keyword) = keyword else { continue };
            let text = value.and_then(Node::text).map(str::trim);
            // Of a keyword that stands several times the first card counts.
            if let Some(number) = numbered(keyword, "TTYPE") {
                names.entry(number).or_insert(text);
            } else if let Some(number) = numbered(keyword, "TUNIT") {
                out.units.entry(number).or_insert(text);
            } else if let Some(number) = numbered(keyword, "TCOMM") {
                out.comments.entry(number).or_insert(text);
            } else {
                for stem in OF_TIMES {
                    if let Some(number) = numbered(keyword, stem)
                        && text.is_some_and(|text| is_time(stem, text))
                    {
                        out.times.entry(number).or_insert(stem);
                    }
                }
            }
        }
        for (number, name) in names {
            if let Some(name) = name {
                out.numbers.entry(name).or_insert(number);
            }
        }
        out
    }

    /// The `n` of the column that `TTYPEn` names, else of the one at that place.
    fn number(&self, name: &str, place: usize) -> usize {
        let at_place = place.saturating_add(1);
        self.numbers.get(name).copied().unwrap_or(at_place)
    }

    pub(super) fn about(&self, name: &str, place: usize) -> About {
        let number = self.number(name, place);
        let text = |of: &BTreeMap<usize, Option<&str>>| {
            let text = of.get(&number).copied().flatten()?;
            (!text.is_empty()).then(|| text.to_owned())
        };
        About {
            unit: text(&self.units),
            description: text(&self.comments),
        }
    }

    /// The keyword that says that a column has times.
    pub(super) fn time(&self, name: &str, place: usize) -> Option<String> {
        let number = self.number(name, place);
        let stem = self.times.get(&number)?;
        Some(format!("{stem}{number}"))
    }
}

/// Whether the value of a keyword is about times, and not about another coordinate.
fn is_time(stem: &str, text: &str) -> bool {
    match stem {
        "TCTYP" => [
            "UTC", "TAI", "TT", "TDB", "TCG", "TCB", "UT1", "UT", "GMT", "TDT", "ET", "IAT", "GPS",
            "TIME", "LOCAL",
        ]
        .contains(&text),
        "TCUNI" => ["s", "d", "a", "cy", "min", "h", "yr", "ta", "Ba"].contains(&text),
        _ => true,
    }
}

/// The header of the HDU whose data a table is.
fn header_beside(at: FileNode<'_>) -> Option<Node<'_>> {
    let path = at.node.path();
    let (last, before) = path.steps().split_last()?;
    if !matches!(last, PathStep::Key(key) if &**key == "data") {
        return None;
    }
    let hdu = at.file.node(path.prefix(before.len())).ok()?;
    hdu.get("header")
}

/// The number after the name of a keyword.
fn numbered(keyword: &str, name: &str) -> Option<usize> {
    let digits = keyword.strip_prefix(name)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| is_number)
}
