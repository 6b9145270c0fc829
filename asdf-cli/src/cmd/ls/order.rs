//! The order in which arrays are listed, and which of them stand in one line.

use super::{Args, Entry};
use asdf_core::{AsdfFile, Node, TreePath};
use clap::ValueEnum;

/// What arrays are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Sort {
    /// The largest first
    Size,
    /// What takes most of the file first
    Stored,
    /// By path
    Path,
}

impl Sort {
    /// Sorts; what is equal stays in the order of the file.
    pub(super) fn apply(self, entries: &mut [Entry]) {
        match self {
            Self::Size => entries.sort_by_key(|entry| std::cmp::Reverse(bytes(entry))),
            Self::Stored => entries.sort_by_key(|entry| std::cmp::Reverse(stored(entry))),
            Self::Path => entries.sort_by_cached_key(|entry| entry.path.to_string()),
        }
    }
}

/// What a table lists.
pub(super) struct Listed {
    pub(super) entries: Vec<Entry>,
    pub(super) folds: Vec<Fold>,
}

/// The arrays of a WCS, in one line.
pub(super) struct Fold {
    pub(super) path: TreePath,
    pub(super) count: usize,
    pub(super) stored: u64,
    pub(super) bytes: u64,
}

fn bytes(entry: &Entry) -> u64 {
    entry.found.info.as_ref().map_or(0, |info| info.bytes)
}

fn stored(entry: &Entry) -> u64 {
    let info = entry.found.info.as_ref();
    info.map_or(0, |info| info.stored_bytes.unwrap_or(info.bytes))
}

/// The arrays of a file as people look for them: the one that it is about first, those of a WCS folded.
pub(super) fn listed(args: &Args, file: &AsdfFile, entries: Vec<Entry>) -> Listed {
    let mut out = Listed {
        entries,
        folds: Vec::new(),
    };
    if !args.all && !args.digest {
        fold(file, &mut out);
    }
    match args.sort {
        Some(sort) => sort.apply(&mut out.entries),
        None if args.all => {}
        None => {
            // An array that cannot be located is told of by its own line.
            let main = file.main_array().ok().flatten();
            let main = main.map(Node::path);
            let is_main = |entry: &Entry| Some(&entry.path) == main.as_ref();
            out.entries.sort_by_key(|entry| !is_main(entry));
        }
    }
    out
}

/// Takes the arrays of each WCS out; one that cannot be read stays.
fn fold(file: &AsdfFile, out: &mut Listed) {
    for path in file.wcs_paths() {
        let is_within = |entry: &Entry| {
            entry.found.error.is_none() && entry.path.steps().starts_with(path.steps())
        };
        let (within, others) = std::mem::take(&mut out.entries)
            .into_iter()
            .partition::<Vec<_>, _>(is_within);
        out.entries = others;
        if !within.is_empty() {
            out.folds.push(Fold {
                path,
                count: within.len(),
                stored: within.iter().map(stored).sum(),
                bytes: within.iter().map(bytes).sum(),
            });
        }
    }
}
