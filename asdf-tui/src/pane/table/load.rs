//! Loading a window of a table.

use super::Column;
use super::TablePane;
use crate::measure::TextColumn;
use crate::pane::grid::short;
use crate::pane::sheet::Window;
use crate::pane::sheet::WindowAsk;
use asdf_core::ArrayData;
use asdf_core::AsdfFile;
use asdf_core::Error;
use asdf_core::Node;
use asdf_core::Result;
use asdf_core::array::Slice;
use asdf_core::inspect::ArrayInfo;
use asdf_core::tree::PathStep;
use std::ops::Range;
use std::sync::Arc;

/// Elements of an array within a cell that show.
const MOST_INNER: u64 = 8;

/// Loads the cells of a window.
///
/// # Errors
/// A column cannot be read.
pub fn load(file: &AsdfFile, columns: &[Column], ask: &WindowAsk) -> Result<Window> {
    let first = usize::try_from(ask.columns.start).unwrap_or(usize::MAX);
    let last = usize::try_from(ask.columns.end).unwrap_or(usize::MAX);
    let columns = columns.get(first..last).unwrap_or_default();
    let height = usize::try_from(ask.rows.end - ask.rows.start).unwrap_or(0);
    let mut cells = vec![String::new(); height * columns.len()];
    for (at, column) in columns.iter().enumerate() {
        let texts = match &ask.picked {
            None => part(file, column, ask.rows.clone())?,
            Some(rows) => picked(file, column, rows)?,
        };
        for (row, text) in texts.into_iter().enumerate() {
            if let Some(cell) = cells.get_mut(row * columns.len() + at) {
                *cell = text;
            }
        }
    }
    Ok(Window {
        rows: ask.rows.clone(),
        columns: ask.columns.clone(),
        cells,
    })
}

/// Rows of a table whose columns are read as a whole.
const MOST_ROWS: u64 = 1_000_000;

/// All columns of a table with one value a row: name, unit, cells. `None` of a node that is not a table.
///
/// # Errors
/// A column cannot be located or read; there are too many rows.
pub fn text_columns(file: &AsdfFile, node: Node<'_>) -> Result<Option<Vec<TextColumn>>> {
    let fact = |id| {
        let node = file.tree().by_id(id)?;
        ArrayInfo::of(file, node).ok().map(Arc::new)
    };
    let Some(table) = TablePane::new(file, node, String::new(), fact) else {
        return Ok(None);
    };
    if table.rows > MOST_ROWS {
        let reason = format!(
            "a table of {} rows; a catalogue has at most {MOST_ROWS}",
            table.rows
        );
        return Err(Error::of_caller(reason));
    }
    let mut columns = Vec::new();
    for (place, column) in table.columns.iter().enumerate() {
        let cells = part(file, column, 0..table.rows)?;
        let unit = column.unit.clone().or_else(|| {
            // The fields of an HDU have their units in its header.
            column.field.as_ref()?;
            card_unit(file, node, place)
        });
        columns.push(TextColumn {
            name: column.name.clone(),
            unit: unit.unwrap_or_default(),
            cells,
        });
    }
    Ok(Some(columns))
}

/// The unit (`TUNITn`) in the header beside the data of an HDU, of the field at a place.
fn card_unit(file: &AsdfFile, data: Node<'_>, place: usize) -> Option<String> {
    let path = data.path();
    let (last, before) = path.steps().split_last()?;
    if !matches!(last, PathStep::Key(key) if &**key == "data") {
        return None;
    }
    let hdu = file.node(path.prefix(before.len())).ok()?;
    let header = hdu.get("header")?;
    let keyword = format!("TUNIT{}", place.saturating_add(1));
    let of_list = || {
        let mut cards = header.as_seq()?.iter();
        let is_it = |card: &Node<'_>| card.at(0).and_then(Node::text) == Some(&*keyword);
        cards.find(is_it)?.at(1)
    };
    let unit = header.get(&keyword).or_else(of_list)?.text()?.trim();
    (!unit.is_empty()).then(|| unit.to_owned())
}

/// The elements of a column in a range of rows.
pub(crate) fn elements<'f>(
    file: &'f AsdfFile,
    column: &Column,
    rows: Range<u64>,
) -> Result<ArrayData<'f>> {
    let node = file.tree().by_id(column.node);
    let array = file.array_at(node.unwrap_or_else(|| file.tree().root()))?;
    if array.shape().is_empty() {
        return array.copy_slices(&[]);
    }
    let at = |row: u64| i64::try_from(row).unwrap_or(i64::MAX);
    array.copy_slices(&[Slice::Range {
        start: Some(at(rows.start)),
        stop: Some(at(rows.end)),
        step: 1,
    }])
}

fn part(file: &AsdfFile, column: &Column, rows: Range<u64>) -> Result<Vec<String>> {
    let count = rows.end - rows.start;
    let data = elements(file, column, rows)?;
    Ok(texts(&data, column, count))
}

/// The cells of some rows as they are: texts without their quotes, nothing cut or escaped. The rows are those numbers, else
/// those of the range.
///
/// # Errors
/// The column cannot be read.
pub(super) fn raw(
    file: &AsdfFile,
    column: &Column,
    numbers: Option<&[u64]>,
    range: Range<u64>,
) -> Result<Vec<String>> {
    let whole = |rows: Range<u64>| -> Result<Vec<String>> {
        let count = rows.end - rows.start;
        let data = elements(file, column, rows)?;
        let cells = |data: &ArrayData<'_>| (0..count).map(|row| bare(data, row)).collect();
        Ok(match &column.field {
            None => cells(&data),
            Some(field) => data.field(field).as_ref().map(cells).unwrap_or_default(),
        })
    };
    let Some(numbers) = numbers else {
        return whole(range);
    };
    let mut out = Vec::with_capacity(numbers.len());
    for run in numbers.chunk_by(|a, b| a.checked_add(1) == Some(*b)) {
        if let (Some(first), Some(last)) = (run.first(), run.last()) {
            out.extend(whole(*first..*last + 1)?);
        }
    }
    Ok(out)
}

/// A cell as it is; an array in it as it shows.
fn bare(data: &ArrayData<'_>, row: u64) -> String {
    if data.shape().len() > 1 {
        return cell(data, row);
    }
    let text = data.cell(&[row]);
    if text.starts_with('"')
        && let Ok(text) = serde_json::from_str(&text)
    {
        return text;
    }
    let inner = text.strip_prefix('"');
    inner
        .and_then(|inner| inner.strip_suffix('"'))
        .map(str::to_owned)
        .unwrap_or(text)
}

/// The cells of loaded elements of a column.
pub(super) fn texts(data: &ArrayData<'_>, column: &Column, count: u64) -> Vec<String> {
    match &column.field {
        None => (0..count).map(|row| cell(data, row)).collect(),
        Some(field) => match data.field(field) {
            Some(data) => (0..count).map(|row| cell(&data, row)).collect(),
            None => Vec::new(),
        },
    }
}

/// Rows far from each other are read one by one, rows that follow each other at once.
fn picked(file: &AsdfFile, column: &Column, rows: &[u64]) -> Result<Vec<String>> {
    let mut out = Vec::with_capacity(rows.len());
    for run in rows.chunk_by(|a, b| a.checked_add(1) == Some(*b)) {
        if let (Some(first), Some(last)) = (run.first(), run.last()) {
            out.extend(part(file, column, *first..*last + 1)?);
        }
    }
    Ok(out)
}

fn cell(data: &ArrayData<'_>, row: u64) -> String {
    let inner = data.shape().get(1..).unwrap_or_default();
    if inner.is_empty() {
        return text(&data.cell(&[row]));
    }
    let count = inner
        .iter()
        .fold(1_u64, |product, length| product.saturating_mul(*length));
    let mut out = "[".to_owned();
    for at in 0..count.min(MOST_INNER) {
        if at > 0 {
            out.push_str(", ");
        }
        out.push_str(&text(&data.cell(&index(row, at, inner))));
    }
    out.push_str(if count > MOST_INNER { ", …]" } else { "]" });
    out
}

/// The index of an element within a row, counted in C order.
fn index(row: u64, mut at: u64, inner: &[u64]) -> Vec<u64> {
    let mut index = vec![row];
    for length in inner.iter().rev() {
        index.push(at % (*length).max(1));
        at /= (*length).max(1);
    }
    if let Some(inner) = index.get_mut(1..) {
        inner.reverse();
    }
    index
}

/// A cell fit for the screen; texts lose their quotes.
fn text(cell: &str) -> String {
    let bare = cell
        .strip_prefix('"')
        .and_then(|cell| cell.strip_suffix('"'));
    short(bare.unwrap_or(cell))
}
