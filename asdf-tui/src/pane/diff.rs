//! Two files side by side.

use crate::pane::cursor::Cursor;
use asdf_core::AsdfFile;
use asdf_core::Result;
use asdf_core::TreePath;
use asdf_core::inspect::DiffOptions;
use asdf_core::inspect::Difference;
use asdf_core::inspect::DifferenceKind;
use asdf_core::inspect::Side;
use asdf_core::inspect::diff;
use asdf_core::inspect::escape;
use std::path::PathBuf;

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
    /// The selected difference.
    pub cursor: Cursor,
}

impl DiffPane {
    /// A comparison that has been asked for.
    pub fn new(other: PathBuf) -> Self {
        Self {
            other,
            found: None,
            cursor: Cursor::default(),
        }
    }

    /// The differences.
    pub fn rows(&self) -> &[DiffRow] {
        match &self.found {
            Some(Ok(found)) => &found.rows,
            _ => &[],
        }
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
    match &difference.kind {
        DifferenceKind::Elements(found) => {
            here = Some(format!("{} of {} elements", found.differing, found.count));
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
    }
}
