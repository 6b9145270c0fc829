//! Keywords that say where the pixels of an image are, moved to a window (spec-notes W-29, W-30).

use crate::error::Result;
use crate::file::AsdfFile;
use crate::file::Draft;
use crate::tree::NewNode;
use crate::tree::Node;
use crate::tree::Shared;
use crate::tree::TreePath;
use crate::tree::Value;
use crate::wcs::Extent;
use crate::wcs::Wcs;
use std::collections::BTreeSet;
use std::ops::Range;

/// Where a mapping around an image has keywords about its pixels.
const PLACES: [&[&str]; 8] = [
    &["header"],
    &["meta"],
    &["meta", "header"],
    &["meta", "wcsinfo"],
    &["meta", "fits"],
    &["meta", "fits_header"],
    &["fits_header"],
    &["wcsinfo"],
];
/// Distortions that are tables of other HDUs, in pixels of the whole image.
const TABLES: [&str; 6] = [
    "CPDIS", "CQDIS", "D2IMDIS", "D2IMEXT", "AXISCORR", "D2IMARR",
];
/// Keywords of parts of the image.
const SECTIONS: [&str; 5] = ["DATASEC", "TRIMSEC", "BIASSEC", "CCDSEC", "AMPSEC"];
/// What all keywords of a WCS begin with, before numbers and the letter of an alternative.
const OF_WCS: [&str; 32] = [
    "CTYPE", "CRPIX", "CRVAL", "CDELT", "CUNIT", "CROTA", "CNAME", "CRDER", "CSYER", "WCSAXES",
    "WCSNAME", "LONPOLE", "LATPOLE", "RADESYS", "RADECSYS", "EQUINOX", "CPDIS", "CQDIS", "CPERR",
    "CQERR", "D2IM", "AXISCORR", "A_", "B_", "AP_", "BP_", "LTV", "LTM", "WAT", "WCSDIM", "DP",
    "DQ",
];

/// The window of an image.
pub(super) struct Window<'w> {
    pub(super) sides: &'w [Range<i64>],
    /// The image before, along x and y.
    pub(super) image: [u64; 2],
    /// The WCS of the window.
    pub(super) wcs: &'w Wcs,
}

impl Window<'_> {
    fn offset(&self, axis: usize) -> i64 {
        self.sides.get(axis).map_or(0, |side| side.start)
    }

    fn extent(&self, axis: usize) -> u64 {
        let side = self.sides.get(axis);
        side.map_or(0, |side| side.end.abs_diff(side.start))
    }
}

/// The headers that are about the image of some arrays: beside them, and in the mappings up to that of their WCS.
pub(super) fn places(file: &AsdfFile, wcs: &TreePath, arrays: &[TreePath]) -> Vec<TreePath> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for array in arrays {
        let pairs = array.steps().iter().zip(wcs.steps());
        let texts = pairs.take_while(|(own, wcs)| step_text(own) == step_text(wcs));
        let common = texts.count();
        for depth in (common..array.steps().len()).rev() {
            let holder = array.prefix(depth);
            for keys in PLACES {
                let place = keys
                    .iter()
                    .fold(holder.clone(), |place, key| place.key(key));
                if file.tree().node(&place).is_ok() && seen.insert(place.to_string()) {
                    found.push(place);
                }
            }
        }
    }
    found
}

fn step_text(step: &crate::tree::PathStep) -> String {
    match step {
        crate::tree::PathStep::Key(key) => key.to_string(),
        crate::tree::PathStep::Index(index) => index.to_string(),
    }
}

/// A header in a tree.
struct Header<'f> {
    place: TreePath,
    /// Keywords with their values, and the place of each in the list; of a mapping they stand under their keyword.
    cards: Vec<(String, Option<Node<'f>>)>,
    is_list: bool,
}

impl<'f> Header<'f> {
    fn read(file: &'f AsdfFile, place: &TreePath) -> Option<Self> {
        let node = file.tree().node(place).ok()?;
        if let Some(list) = node.as_seq() {
            let card = |card: Node<'f>| {
                let keyword = card.at(0).and_then(Node::text).unwrap_or_default();
                (keyword.to_owned(), card.at(1))
            };
            return Some(Self {
                place: place.clone(),
                cards: list.iter().map(card).collect(),
                is_list: true,
            });
        }
        let map = node.as_map()?;
        let card = |(key, value): (Node<'f>, Node<'f>)| Some((key.text()?.to_owned(), Some(value)));
        Some(Self {
            place: place.clone(),
            cards: map.iter().filter_map(card).collect(),
            is_list: false,
        })
    }

    fn find(&self, keyword: &str) -> Option<(usize, Option<Node<'f>>)> {
        let found = self.cards.iter().position(|card| card.0 == keyword)?;
        Some((found, self.cards.get(found)?.1))
    }

    fn has(&self, keyword: &str) -> bool {
        self.find(keyword).is_some()
    }

    fn number(&self, keyword: &str) -> Option<f64> {
        match self.find(keyword)?.1?.value() {
            #[expect(clippy::cast_precision_loss, reason = "pixels are counted in f64")]
            Value::Int(value) => Some(value as f64),
            Value::Float(value) => Some(value),
            _ => None,
        }
    }

    /// Puts a value to a keyword, at the end where it is not there.
    fn set(
        &self,
        draft: &mut Draft<'_>,
        keyword: &str,
        value: NewNode,
        end: &mut usize,
    ) -> Result<()> {
        let place = match (self.is_list, self.find(keyword)) {
            (false, _) => self.place.clone().key(keyword),
            (true, Some((index, Some(_)))) => self.place.clone().index(index).index(1),
            (true, found) => {
                let nodes = draft.nodes();
                let name = nodes.string(keyword);
                let card = nodes.seq(vec![name, value]);
                let index = found.map_or(*end, |found| found.0);
                *end += usize::from(found.is_none());
                return draft.tree().set(self.place.clone().index(index), card);
            }
        };
        draft.tree().set(place, value)
    }

    /// Takes all cards away whose keyword is one of these.
    fn remove(&self, draft: &mut Draft<'_>, wanted: impl Fn(&str) -> bool) -> Result<()> {
        for (index, (keyword, _)) in self.cards.iter().enumerate().rev() {
            if wanted(keyword) {
                draft.tree().remove(if self.is_list {
                    self.place.clone().index(index)
                } else {
                    self.place.clone().key(keyword)
                })?;
            }
        }
        Ok(())
    }
}

/// Moves the keywords of a header to a window; gives what is to be told about it.
pub(super) fn shift<'f>(
    file: &'f AsdfFile,
    draft: &mut Draft<'f>,
    place: &TreePath,
    window: &Window<'_>,
    shared: &Shared,
) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    let Some(header) = Header::read(file, place) else {
        return Ok(notes);
    };
    // Keywords of another image.
    for (axis, length) in window.image.iter().enumerate() {
        let own = header.number(&format!("NAXIS{}", axis + 1));
        #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
        if own.is_some_and(|own| (own - *length as f64).abs() > 0.5) {
            return Ok(notes);
        }
    }
    draft.tree().own(place.clone().key("x"), shared)?;
    for card in 0..if header.is_list {
        header.cards.len()
    } else {
        0
    } {
        draft
            .tree()
            .own(place.clone().index(card).index(1), shared)?;
    }
    let mut end = header.cards.len();
    undefine_sums(&header, draft, &mut end)?;
    let alternatives = alternatives(&header);
    let is_tabulated = |keyword: &str| TABLES.iter().any(|table| keyword.starts_with(table));
    if header.cards.iter().any(|card| is_tabulated(&card.0)) && !alternatives.is_empty() {
        for axis in 0..window.sides.len() {
            lengths(&header, draft, window, axis, &mut end)?;
        }
        header.remove(draft, is_of_wcs)?;
        notes.push(format!(
            "{place}: its WCS has distortions that are tables of the whole image; its keywords were left out"
        ));
        return Ok(notes);
    }
    for axis in 0..window.sides.len() {
        lengths(&header, draft, window, axis, &mut end)?;
        shift_axis(&header, draft, window, (axis, &alternatives), &mut end)?;
    }
    regions(&header, draft, window, &mut end, &mut notes)?;
    let left: Vec<&str> = SECTIONS
        .into_iter()
        .filter(|keyword| header.has(keyword))
        .collect();
    if !left.is_empty() {
        notes.push(format!(
            "{place}: {} still speak of the whole image",
            left.join(", ")
        ));
    }
    Ok(notes)
}

/// Sums of the whole image say that they are not known: an empty text (FITS 4.0, section 4.4.2.7). An HDU that is made of
/// this header has right ones again.
fn undefine_sums(header: &Header<'_>, draft: &mut Draft<'_>, end: &mut usize) -> Result<()> {
    for keyword in ["CHECKSUM", "DATASUM"] {
        if header.is_list && header.has(keyword) {
            let unknown = draft.nodes().string("");
            header.set(draft, keyword, unknown, end)?;
        }
    }
    Ok(())
}

/// The lengths of the image.
fn lengths(
    header: &Header<'_>,
    draft: &mut Draft<'_>,
    window: &Window<'_>,
    axis: usize,
    end: &mut usize,
) -> Result<()> {
    for name in ["NAXIS", "ZNAXIS"] {
        let keyword = format!("{name}{}", axis + 1);
        if header.has(&keyword) {
            let length = draft.nodes().int(window.extent(axis));
            header.set(draft, &keyword, length, end)?;
        }
    }
    Ok(())
}

/// Reference pixels and IRAF's physical coordinates along an axis.
fn shift_axis(
    header: &Header<'_>,
    draft: &mut Draft<'_>,
    window: &Window<'_>,
    (axis, alternatives): (usize, &BTreeSet<String>),
    end: &mut usize,
) -> Result<()> {
    #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
    let offset = window.offset(axis) as f64;
    if offset == 0.0 {
        return Ok(());
    }
    let number = axis + 1;
    let mut keywords: Vec<(String, bool)> = alternatives
        .iter()
        .map(|letter| (format!("CRPIX{number}{letter}"), true))
        .collect();
    let has_matrix = header.has(&format!("LTM{number}_{number}"));
    keywords.push((format!("LTV{number}"), has_matrix));
    keywords.push((format!("crpix{number}"), false));
    if let Some(name) = ["x_ref", "y_ref"].get(axis) {
        keywords.push(((*name).to_owned(), false));
    }
    for (keyword, is_implied) in keywords {
        let own = header.number(&keyword);
        // What is not there is 0.
        let Some(own) = own.or(is_implied.then_some(0.0)) else {
            continue;
        };
        let value = draft.nodes().float(own - offset);
        header.set(draft, &keyword, value, end)?;
    }
    Ok(())
}

/// The region on the sky, and the shape of the image, of metadata.
#[expect(clippy::similar_names, reason = "the terms of the standard")]
fn regions(
    header: &Header<'_>,
    draft: &mut Draft<'_>,
    window: &Window<'_>,
    end: &mut usize,
    notes: &mut Vec<String>,
) -> Result<()> {
    for keyword in ["s_region", "S_REGION"] {
        let Some((_, Some(region))) = header.find(keyword) else {
            continue;
        };
        if region.text().is_none_or(|text| text.trim().is_empty()) {
            continue;
        }
        if let Ok(text) = window.wcs.s_region(Extent::Edges) {
            let text = draft.nodes().string(&text);
            header.set(draft, keyword, text, end)?;
        } else {
            header.remove(draft, |own| own == keyword)?;
            notes.push(format!("{}: {keyword} was left out", header.place));
        }
    }
    let corners: Vec<&str> = header
        .cards
        .iter()
        .map(|card| card.0.as_str())
        .filter(|keyword| {
            ["ra_corn", "dec_corn", "RA_CORN", "DEC_CORN"]
                .iter()
                .any(|start| keyword.starts_with(start))
                || ["ra_center", "dec_center"].contains(keyword)
        })
        .collect();
    if let [first, ..] = corners.as_slice() {
        notes.push(format!(
            "{}: {first} and others like it still speak of the whole image",
            header.place
        ));
    }
    if let Some((_, Some(shape))) = header.find("image_shape")
        && shape.as_seq().is_some_and(|shape| shape.len() == 2)
    {
        let nodes = draft.nodes();
        let lengths = [1, 0].map(|axis| nodes.int(window.extent(axis)));
        let shape = nodes.seq(lengths.to_vec());
        header.set(draft, "image_shape", shape, end)?;
    }
    Ok(())
}

/// The letters of the WCS that a header has of its first two axes; that of the first is empty.
fn alternatives(header: &Header<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (keyword, _) in &header.cards {
        let rest = ["CTYPE", "CRPIX", "CRVAL", "CDELT"]
            .iter()
            .find_map(|name| keyword.strip_prefix(name));
        let matrix = ["CD", "PC"]
            .iter()
            .find_map(|name| keyword.strip_prefix(name));
        let matrix = matrix.filter(|rest| rest.as_bytes().get(1) == Some(&b'_'));
        let letter = match (rest, matrix) {
            (Some(rest), _) if rest.starts_with(['1', '2']) => rest.get(1..),
            (None, Some(rest)) if rest.starts_with(['1', '2']) => rest.get(3..),
            _ => None,
        };
        let is_letter = |text: &&str| {
            text.is_empty()
                || (text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_uppercase()))
        };
        if let Some(letter) = letter.filter(is_letter) {
            found.insert(letter.to_owned());
        }
    }
    found
}

/// True for keywords of a WCS.
fn is_of_wcs(keyword: &str) -> bool {
    let is_rest = |rest: &str| {
        rest.bytes().all(|byte| {
            byte.is_ascii_digit() || byte == b'_' || byte.is_ascii_uppercase() || byte == b'.'
        })
    };
    let named = OF_WCS.iter().find_map(|name| keyword.strip_prefix(name));
    let matrix = ["CD", "PC", "PV", "PS"]
        .iter()
        .find_map(|name| keyword.strip_prefix(name));
    let is_matrix = matrix.is_some_and(|rest| {
        rest.starts_with(|char: char| char.is_ascii_digit()) && rest.contains('_')
    });
    is_matrix || named.is_some_and(is_rest)
}
