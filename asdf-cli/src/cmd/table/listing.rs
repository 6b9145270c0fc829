//! The rows of the list of files of the browser.

use super::rows::{Kind, Row, Rows};
use super::{read, resolved};
use crate::columns::{self, Cell, Column, Expr, Met};
use crate::usage::refused;
use asdf_core::inspect::escape;
use asdf_core::{AsdfFile, OpenOptions, Result};
use asdf_tui::pane::files::listing::{FileHead, FileRow, FileTable, ListAsk};
use rayon::prelude::*;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The rows of files, as `asdf table` with the same columns, condition and order has them. A file that cannot be read has a row
/// with the reason, unless there is a condition. `None` when nobody waits for it any more.
pub(crate) fn list(
    ask: &ListAsk,
    options: &OpenOptions,
    cancel: &AtomicBool,
    tell: &(dyn Fn(u64, u64) + Sync),
) -> Option<std::result::Result<FileTable, String>> {
    let found = read_all(ask, options, cancel, tell);
    if cancel.load(Ordering::Relaxed) {
        return None;
    }
    Some(found.map_err(|error| error.to_string()))
}

fn read_all(
    ask: &ListAsk,
    options: &OpenOptions,
    cancel: &AtomicBool,
    tell: &(dyn Fn(u64, u64) + Sync),
) -> Result<FileTable> {
    let condition = match ask.condition.trim() {
        "" => None,
        text => Some(text.parse::<Expr>().map_err(refused)?),
    };
    let orders = columns::split(&ask.sort);
    let bare = orders.iter();
    let bare = bare.map(|name| name.strip_prefix('-').unwrap_or(name).to_owned());
    let bare: Vec<String> = bare.collect();
    let keys = [ask.columns.clone()];
    let (columns, shown) = resolved(&keys, false, condition.as_ref(), bare.iter().cloned())?;
    let met = Met::new(columns.len());
    let (all, done) = (ask.files.len() as u64, AtomicU64::new(0));
    let read = |path: &PathBuf| -> Option<Result<Row>> {
        if cancel.load(Ordering::Relaxed) {
            return None;
        }
        let row = row(path, options, &columns, &met);
        tell(done.fetch_add(1, Ordering::Relaxed) + 1, all);
        Some(row)
    };
    let found: Vec<Option<Result<Row>>> = if columns.is_empty() {
        // Names are there without the files.
        let row = |path: &PathBuf| Some(Ok(Row::new(path.clone())));
        ask.files.iter().map(row).collect()
    } else {
        ask.files.par_iter().map(read).collect()
    };
    let mut faults: HashMap<&Path, String> = HashMap::new();
    let mut rows = Vec::new();
    for (path, found) in ask.files.iter().zip(found) {
        match found {
            None => {}
            Some(Ok(row)) => rows.push(row),
            Some(Err(error)) => {
                // The name stands in the row already.
                faults.insert(path, error.kind().to_string());
                rows.push(Row::new(path.clone()));
            }
        }
    }
    if let Some(condition) = &condition {
        rows.retain(|row| condition.holds(&|name| row.valued(name)));
    }
    let note = missing(&columns, shown, &met, condition.as_ref(), &bare)?;
    let mut table = Rows::new(rows, &columns, shown, false);
    if !orders.is_empty() {
        table.sort(&orders)?;
    }
    Ok(made(&table, &faults, note))
}

/// The row of a file.
fn row(path: &Path, options: &OpenOptions, columns: &[Column], met: &Met) -> Result<Row> {
    let file = options.open(path).and_then(AsdfFile::with_hdu_tree)?;
    let mut rows = read::rows(&file, columns, false, met)?;
    rows.pop().ok_or_else(|| refused("no row"))
}

/// Columns that no file has: of those that show it is told; a condition or an order by one is refused, as it would be another
/// than was asked for.
fn missing(
    columns: &[Column],
    shown: usize,
    met: &Met,
    condition: Option<&Expr>,
    orders: &[String],
) -> Result<Option<String>> {
    let compared = condition.map(Expr::compared).unwrap_or_default();
    let mut note = None;
    for (number, meant) in met.missing() {
        let Some(column) = columns.get(number) else {
            continue;
        };
        let name = column.name();
        let meant = meant.map_or_else(String::new, |path| format!(", did you mean `{path}`?"));
        let text = format!("no file has the column `{name}`{meant}");
        if compared.contains(&name) || orders.iter().any(|order| order == name) {
            return Err(refused(text));
        }
        if number < shown {
            note.get_or_insert(text);
        }
    }
    Ok(note)
}

fn made(table: &Rows, faults: &HashMap<&Path, String>, note: Option<String>) -> FileTable {
    let heads = table.heads.iter().map(|head| FileHead {
        name: head.name.clone(),
        unit: head.unit.clone(),
        is_number: matches!(head.kind, Kind::Int | Kind::Float),
    });
    let rows = table.cells.iter().enumerate().map(|(at, cells)| {
        let path = table.file(at).unwrap_or(Path::new(""));
        let text = |cell: &Cell| escape(&cell.text()).into_owned();
        FileRow {
            path: path.to_path_buf(),
            cells: cells.iter().map(text).collect(),
            fault: faults.get(path).cloned(),
        }
    });
    FileTable {
        heads: heads.collect(),
        rows: rows.collect(),
        faults: faults.len(),
        note,
    }
}
