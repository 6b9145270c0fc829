//! Which columns any file has: a column that none has is a name that was mistyped.

use super::column::{Column, Place};
use asdf_core::{AsdfFile, TreePath};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// What the files so far have.
#[derive(Debug)]
pub(crate) struct Met {
    columns: Vec<AtomicBool>,
    has_file: AtomicBool,
    /// What paths that lead nowhere may have meant in the first file.
    similar: Mutex<Option<Vec<Option<TreePath>>>>,
}

impl Met {
    pub(crate) fn new(columns: usize) -> Self {
        Self {
            columns: std::iter::repeat_with(AtomicBool::default)
                .take(columns)
                .collect(),
            has_file: AtomicBool::new(false),
            similar: Mutex::default(),
        }
    }

    /// Notes that a file has a column.
    pub(crate) fn note(&self, number: usize) {
        if let Some(met) = self.columns.get(number) {
            met.store(true, Ordering::Relaxed);
        }
    }

    /// Notes that a file was read.
    pub(crate) fn note_file(&self, file: &AsdfFile, columns: &[Column]) {
        if self.has_file.swap(true, Ordering::Relaxed) {
            return;
        }
        let similar = |column: &Column| match &column.place {
            Place::Path(path) => file.similar_path(&path.as_path()?),
            Place::Card(..) | Place::Pattern(_) => None,
        };
        let found = columns.iter().map(similar).collect();
        *self.similar.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
    }

    /// The columns that no file has, each with what may have been meant. None where no file was read.
    pub(crate) fn missing(&self) -> Vec<(usize, Option<TreePath>)> {
        if !self.has_file.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let similar = self.similar.lock().unwrap_or_else(PoisonError::into_inner);
        let meant = |number: usize| similar.as_ref()?.get(number)?.clone();
        let columns = self.columns.iter().enumerate();
        let missing = columns.filter(|(_, met)| !met.load(Ordering::Relaxed));
        missing.map(|(number, _)| (number, meant(number))).collect()
    }
}
