//! Two files side by side.

use crate::pane::cursor::Cursor;
use asdf_core::AsdfFile;
use asdf_core::Result;
use asdf_core::TreePath;
use asdf_core::array::ElementDifferences;
use asdf_core::array::ElementPair;
use asdf_core::inspect::DiffOptions;
use asdf_core::inspect::Difference;
use asdf_core::inspect::DifferenceKind;
use asdf_core::inspect::Side;
use asdf_core::inspect::diff;
use asdf_core::inspect::escape;
use std::path::PathBuf;
use std::sync::Arc;

/// Differences that are kept.
const MOST: usize = 10_000;

/// One difference, escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffRow {
    /// Where.
    pub path: TreePath,
    /// What differs, in a word.
    pub kind: &'static str,
    /// What this file has.
    pub here: Option<String>,
    /// What the other file has.
    pub there: Option<String>,
    /// Where elements differ most, and what is to be told of them.
    pub elements: Option<ElementRow>,
}

/// Where and by how much elements of an array differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementRow {
    /// The index of the element that differs most, else of the first that differs.
    pub at: Vec<u64>,
    /// Sentences that tell of them.
    pub lines: Vec<String>,
}

/// All differences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiffRows {
    /// In the order of this file.
    pub rows: Vec<DiffRow>,
    /// How many more there are.
    pub more: u64,
}

/// The state of the pane.
#[derive(Debug)]
pub struct DiffPane {
    /// The other file.
    pub other: PathBuf,
    /// The differences, or why there are none; `None` while the files are compared.
    pub found: Option<std::result::Result<DiffRows, String>>,
    /// The other file, once it is open.
    pub file: Option<Arc<AsdfFile>>,
    /// The selected difference.
    pub cursor: Cursor,
}

impl DiffPane {
    /// A comparison that has been asked for.
    pub fn new(other: PathBuf) -> Self {
        Self {
            other,
            found: None,
            file: None,
            cursor: Cursor::default(),
        }
    }

    /// Takes the differences with the other file, or why there are none.
    pub fn take(&mut self, found: std::result::Result<(DiffRows, Arc<AsdfFile>), String>) {
        self.found = Some(found.map(|(rows, file)| {
            self.file = Some(file);
            rows
        }));
    }

    /// The differences.
    pub fn rows(&self) -> &[DiffRow] {
        match &self.found {
            Some(Ok(found)) => &found.rows,
            _ => &[],
        }
    }

    /// The selected difference.
    pub fn selected(&self) -> Option<&DiffRow> {
        self.rows().get(usize::try_from(self.cursor.at).ok()?)
    }
}

/// Compares two files, elements of arrays included.
///
/// # Errors
/// As [`diff`].
pub fn compare(here: &AsdfFile, there: &AsdfFile) -> Result<DiffRows> {
    let options = DiffOptions {
        most: MOST,
        ..DiffOptions::default()
    };
    let found = diff(here, there, &options)?;
    Ok(DiffRows {
        rows: found.differences.iter().map(row).collect(),
        more: found.more,
    })
}

fn row(difference: &Difference) -> DiffRow {
    let text = |side: &Option<Side>| side.as_ref().map(|side| escape(side.text()).into_owned());
    let (mut here, there) = (text(&difference.a), text(&difference.b));
    let mut elements = None;
    match &difference.kind {
        DifferenceKind::Elements(found) => {
            elements = element_row(found);
            let most = found
                .largest
                .as_ref()
                .map(|(distance, pair)| format!(", most {distance} at {}", index(&pair.index)));
            let most = most.unwrap_or_default();
            here = Some(format!(
                "{} of {} elements{most}",
                found.differing, found.count
            ));
        }
        DifferenceKind::Unreadable(error) => {
            here = Some(escape(&error.kind().to_string()).into_owned());
        }
        _ => {}
    }
    DiffRow {
        path: difference.path.clone(),
        kind: difference.kind.name(),
        here,
        there,
        elements,
    }
}

/// `[3, 12]`.
fn index(index: &[u64]) -> String {
    let parts: Vec<String> = index.iter().map(u64::to_string).collect();
    format!("[{}]", parts.join(", "))
}

fn element_row(found: &ElementDifferences) -> Option<ElementRow> {
    let pair = |pair: &ElementPair| {
        let text = format!("{} here, {} there", pair.a, pair.b);
        format!("{}: {}", index(&pair.index), escape(&text))
    };
    let mut lines = vec![format!(
        "{} of {} elements differ",
        found.differing, found.count
    )];
    if let Some((distance, own)) = &found.largest {
        lines.push(format!("most by {distance} at {}", pair(own)));
    }
    if let Some(own) = &found.first {
        lines.push(format!("the first one at {}", pair(own)));
    }
    if found.nans > 0 {
        lines.push(format!("{} are NaN in one of both only", found.nans));
    }
    if found.masks > 0 {
        lines.push(format!("{} are masked in one of both only", found.masks));
    }
    let most = found.largest.as_ref().map(|(_, pair)| pair);
    let at = most.or(found.first.as_ref())?.index.clone();
    Some(ElementRow { at, lines })
}
