//! The HDUs of a FITS file and the cards of a header.

use crate::pane::cursor::Cursor;
use crate::pane::search::Pattern;
use asdf_core::AsdfFile;
use asdf_core::Node;
use asdf_core::TreePath;
use asdf_core::inspect::HduInfo;
use asdf_core::inspect::escape;
use asdf_core::inspect::human_bytes;
use asdf_core::inspect::{ArrayInfo, ArrayStorage};
use asdf_core::tree::Value;
use std::collections::HashMap;

/// Cards of one header that are kept.
const MOST_CARDS: usize = 100_000;

/// An HDU as the list shows it, escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HduRow {
    /// Name and version.
    pub name: String,
    /// Image, table, ….
    pub kind: String,
    /// Datatype and shape, or rows and columns.
    pub contents: String,
    /// Size in the file.
    pub size: String,
    /// The cards of the header as they stand in the file.
    pub cards: Vec<String>,
    /// Whether it holds the ASDF tree.
    pub holds_tree: bool,
    /// The first array of the tree whose elements are its data.
    pub array: Option<TreePath>,
    /// Whether its data are numbers with two axes or more.
    pub is_image: bool,
}

/// The state of the pane.
#[derive(Debug, Default)]
pub struct HdusPane {
    /// The HDUs, or why there are none; `None` while they are listed.
    pub found: Option<Result<Vec<HduRow>, String>>,
    /// The selected HDU.
    pub cursor: Cursor,
    /// The selected card of the header that is open.
    pub header: Option<Cursor>,
    /// Whether an HDU was selected by the user.
    pub is_chosen: bool,
}

impl HdusPane {
    /// The HDUs.
    pub fn rows(&self) -> &[HduRow] {
        match &self.found {
            Some(Ok(rows)) => rows,
            _ => &[],
        }
    }

    /// The selected HDU.
    pub fn selected(&self) -> Option<&HduRow> {
        self.rows().get(usize::try_from(self.cursor.at).ok()?)
    }

    /// The array of the selected HDU or of the next one that has any, one for a picture if that is wanted; that HDU
    /// becomes the selected one.
    pub fn select_array(&mut self, is_picture: bool) -> Option<TreePath> {
        let at = usize::try_from(self.cursor.at).ok()?;
        let mut rows = self.rows().iter().enumerate().skip(at);
        let wanted = |row: &HduRow| row.array.clone().filter(|_| row.is_image || !is_picture);
        let (index, path) = rows.find_map(|(index, row)| Some((index, wanted(row)?)))?;
        self.cursor.at = index as u64;
        Some(path)
    }

    /// The next card after the selected one that has a text, or the one before; around the ends.
    pub fn find(&self, pattern: &Pattern, at: u64, forward: bool) -> Option<u64> {
        let cards = &self.selected()?.cards;
        let count = cards.len();
        let at = usize::try_from(at).ok()?;
        let steps = (1..=count).map(|step| {
            let step = if forward { step } else { count - step };
            (at + step) % count
        });
        let mut found = steps.filter(|at| cards.get(*at).is_some_and(|card| pattern.is_in(card)));
        found.next().map(|at| at as u64)
    }
}

/// Lists the HDUs with their cards.
///
/// # Errors
/// The file is not a FITS file.
pub fn list(file: &AsdfFile) -> Result<Vec<HduRow>, String> {
    let Some(fits) = file.fits() else {
        return Err("this is not a FITS file: it has no HDUs".to_owned());
    };
    let mut arrays = linked_arrays(file);
    let mut rows = Vec::new();
    for (info, hdu) in HduInfo::all(file).into_iter().zip(fits.hdus()) {
        let header = hdu.header();
        let cards = header.cards().take(MOST_CARDS).map(|card| {
            let text = String::from_utf8_lossy(card.raw());
            escape(text.trim_end()).into_owned()
        });
        let version = if info.version > 1 {
            format!(",{}", info.version)
        } else {
            String::new()
        };
        rows.push(HduRow {
            name: format!("{}{version}", escape(&info.name)),
            kind: info.kind.name().to_owned(),
            contents: escape(&info.contents()).into_owned(),
            size: human_bytes(info.stored_bytes),
            cards: cards.collect(),
            holds_tree: info.holds_tree,
            array: arrays.remove(&info.index),
            is_image: info.columns == 0 && info.shape.len() >= 2,
        });
    }
    Ok(rows)
}

/// The first array of each HDU that the tree names.
fn linked_arrays(file: &AsdfFile) -> HashMap<usize, TreePath> {
    let mut found = HashMap::new();
    for (path, node) in file.arrays().into_iter().flatten() {
        // Other arrays need not be looked at, they may be in other files.
        let source = node.get("source").map(Node::value);
        if !matches!(source, Some(Value::Str(source)) if source.starts_with("fits:")) {
            continue;
        }
        let storage = ArrayInfo::of(file, node).map(|info| info.storage);
        if let Ok(ArrayStorage::Hdu { index, .. }) = storage {
            found.entry(index).or_insert(path);
        }
    }
    found
}
