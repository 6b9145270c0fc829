//! Choosing a file.

use crate::line::Line;
use crate::pane::cursor::Cursor;
use asdf_core::inspect::escape;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// Entries of a folder that are kept.
const MOST: usize = 100_000;

/// What a file is chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be opened.
    Open,
    /// To be compared with.
    Diff,
}

/// An entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name, escaped; folders end in `/`.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// A folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The folder.
    pub folder: PathBuf,
    /// Folders first, then files that may be opened, each by name.
    pub entries: Vec<Entry>,
}

/// The state of the overlay.
#[derive(Debug)]
pub struct PickerPane {
    /// What for.
    pub purpose: Purpose,
    /// The folder, or why it cannot be listed; `None` while it is read.
    pub listing: Option<Result<Listing, String>>,
    /// What the names must contain.
    pub filter: Line,
    /// The selected entry of those that show.
    pub cursor: Cursor,
}

impl PickerPane {
    /// A picker whose folder has been asked for.
    pub fn new(purpose: Purpose) -> Self {
        Self {
            purpose,
            listing: None,
            filter: Line::default(),
            cursor: Cursor::default(),
        }
    }

    /// The entries that show.
    pub fn shown(&self) -> Vec<&Entry> {
        let wanted = self.filter.text().to_lowercase();
        let Some(Ok(listing)) = &self.listing else {
            return Vec::new();
        };
        let shows = |entry: &&Entry| entry.name.to_lowercase().contains(&wanted);
        listing.entries.iter().filter(shows).collect()
    }

    /// The selected entry.
    pub fn selected(&self) -> Option<&Entry> {
        self.shown()
            .get(usize::try_from(self.cursor.at).ok()?)
            .copied()
    }
}

/// Lists a folder: its folders, and its files with the extension of an ASDF or FITS file.
///
/// # Errors
/// The folder cannot be read.
pub fn list(folder: &Path) -> io::Result<Listing> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)?.take(MOST).flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_folder = path.is_dir();
        if name.starts_with('.') || !(is_folder || is_readable(&path)) {
            continue;
        }
        let slash = if is_folder { "/" } else { "" };
        entries.push(Entry {
            name: format!("{}{slash}", escape(&name)),
            path,
            is_folder,
        });
    }
    entries.sort_by(|a, b| (!a.is_folder, &a.name).cmp(&(!b.is_folder, &b.name)));
    if let Some(parent) = folder.parent().filter(|_| folder.has_root()) {
        let up = Entry {
            name: "../".to_owned(),
            path: parent.to_owned(),
            is_folder: true,
        };
        entries.insert(0, up);
    }
    Ok(Listing {
        folder: folder.to_owned(),
        entries,
    })
}

fn is_readable(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let known = ["asdf", "fits", "fit", "fts", "gz"];
    extension.is_some_and(|extension| {
        known
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    })
}
