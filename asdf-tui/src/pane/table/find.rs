//! Looking for a text in the cells of a table.

use super::Column;
use super::load;
use super::summary::ShownRows;
use crate::pane::search::Pattern;
use asdf_core::AsdfFile;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// What is looked for, and from where.
#[derive(Debug, Clone)]
pub struct CellAsk {
    /// The text.
    pub pattern: Pattern,
    /// The columns that show.
    pub columns: Arc<Vec<Column>>,
    /// The rows that show.
    pub rows: ShownRows,
    /// The cell that it goes on from: row and column.
    pub from: [u64; 2],
    /// To the next one, or the one before; around the ends.
    pub is_forward: bool,
}

impl CellAsk {
    /// The cell, row and column; `Some(None)` where there is none, `None` when it was cancelled.
    pub fn find(
        &self,
        file: &AsdfFile,
        cancel: &AtomicBool,
    ) -> Option<Result<Option<[u64; 2]>, String>> {
        let (mut first, mut last) = (None, None);
        let (mut before, mut after) = (None, None);
        for range in self.rows.batches() {
            if cancel.load(Ordering::Relaxed) {
                return None;
            }
            let mut hits: Vec<[u64; 2]> = Vec::new();
            for (column, at) in self.columns.iter().zip(0_u64..) {
                let numbers = self.rows.numbers(&range);
                let cells = match load::raw(file, column, numbers, range.clone()) {
                    Ok(cells) => cells,
                    Err(error) => return Some(Err(error.kind().to_string())),
                };
                let rows = range.clone().zip(&cells);
                let rows = rows.filter(|(_, cell)| self.pattern.is_in(cell));
                hits.extend(rows.map(|(row, _)| [row, at]));
            }
            hits.sort_unstable();
            for hit in hits {
                first = first.or(Some(hit));
                last = Some(hit);
                if hit < self.from {
                    before = Some(hit);
                } else if hit > self.from {
                    after = after.or(Some(hit));
                }
            }
            if self.is_forward && after.is_some() {
                break;
            }
        }
        Some(Ok(if self.is_forward {
            after.or(first)
        } else {
            before.or(last)
        }))
    }
}
