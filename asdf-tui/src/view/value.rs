//! Values as text: in rows of the tree, in detail, to be copied.

use crate::app::Cells;
use crate::app::Screen;
use crate::app::Tab;
use crate::theme::Theme;
use asdf_core::Node;
use asdf_core::inspect::ArrayInfo;
use asdf_core::inspect::escape;
use asdf_core::inspect::human_bytes;
use asdf_core::tree::NodeKind;
use asdf_core::tree::Value;
use asdf_core::tree::float_text;
use ratatui::style::Style;

/// Bytes of a text that are copied at most; terminals take no more.
const MOST_COPIED: usize = 75_000;

/// Columns of a path in front of something else.
pub(super) const LONGEST_PATH: usize = 40;

/// A scalar, escaped, of a text no more than so many characters.
pub(super) fn scalar(node: Node<'_>, most: usize, theme: &Theme) -> (String, Style) {
    match node.value() {
        Value::Str(text) => {
            let end = text
                .char_indices()
                .nth(most)
                .map_or(text.len(), |end| end.0);
            let cut = text.get(..end).unwrap_or_default();
            (format!("\"{}\"", escape(cut)), theme.string)
        }
        Value::Float(value) => (float_text(value), theme.number),
        Value::Binary(bytes) => (human_bytes(bytes.len() as u64), theme.string),
        Value::Timestamp(time) => (time.to_string(), theme.string),
        Value::Null => ("null".to_owned(), theme.number),
        Value::Bool(value) => (value.to_string(), theme.number),
        Value::Int(value) => (value.to_string(), theme.number),
        Value::BigInt(value) => (value.as_str().chars().take(most).collect(), theme.number),
        _ => (String::new(), theme.faint),
    }
}

/// `[1, 2, 3]`: a list of scalars, as much as fits into so many characters; `None` of other lists.
pub(super) fn list(node: Node<'_>, most: usize, theme: &Theme) -> Option<String> {
    let list = node.as_seq().filter(|list| !list.is_empty())?;
    let mut out = "[".to_owned();
    for (index, item) in list.iter().enumerate() {
        if item.kind() != NodeKind::Scalar {
            return None;
        }
        if out.len() > most {
            out.push('…');
            return Some(out);
        }
        if index > 0 {
            out.push_str(", ");
        }
        out.push_str(&scalar(item, most, theme).0);
    }
    out.push(']');
    Some(out)
}

/// `float32 4088×4088`
pub(super) fn array(info: &ArrayInfo) -> String {
    format!(
        "{} {}",
        super::frame::fit(&escape(&info.datatype.to_string()), 40),
        info.shape_text()
    )
}

/// The path of what is selected, as the status bar shows it.
pub(super) fn place(tab: &Tab) -> String {
    let path = match (tab.screen, &tab.cells) {
        (Screen::Table, Some(Cells::Grid(grid))) => {
            let index: Vec<String> = grid.index().iter().map(u64::to_string).collect();
            let cell = grid
                .sheet
                .window
                .cell(grid.sheet.row.at, grid.sheet.column.at);
            return format!(
                "{}[{}] = {}",
                super::frame::fit_end(&escape(&grid.path), LONGEST_PATH),
                index.join(", "),
                cell.unwrap_or("…")
            );
        }
        (Screen::Table, Some(Cells::Table(table))) => {
            let name = table.selected_column();
            let name = name.map_or("", |(_, column)| column.name.as_str());
            let cell = table
                .sheet
                .window
                .cell(table.sheet.row.at, table.sheet.column.at);
            let row = table.row(table.sheet.row.at);
            return format!(
                "{} row {row} {name} = {}",
                super::frame::fit_end(&escape(&table.path), LONGEST_PATH),
                cell.unwrap_or("…")
            );
        }
        (Screen::Image, _) => tab.image.as_ref().map(|pane| pane.path().to_string()),
        (Screen::Stats, _) => tab.stats.as_ref().map(|stats| stats.path.clone()),
        (Screen::Problems, _) => {
            // The row has room for the beginning only.
            let at = usize::try_from(tab.problems.cursor.at).unwrap_or(usize::MAX);
            return tab
                .problems
                .rows()
                .get(at)
                .map_or_else(String::new, |row| row.text.clone());
        }
        _ => None,
    };
    let path = path.unwrap_or_else(|| tab.tree.path(&tab.file, tab.tree.at()).to_string());
    if path.is_empty() {
        return "/".to_owned();
    }
    escape(&path).into_owned()
}

/// The path of the selected node, or of what shows of an array; not escaped.
pub(crate) fn node_path(tab: &Tab) -> String {
    let path = match (tab.screen, &tab.cells) {
        (Screen::Table, Some(Cells::Grid(grid))) => grid.path.clone(),
        (Screen::Table, Some(Cells::Table(table))) => table.path.clone(),
        (Screen::Stats, _) => tab
            .stats
            .as_ref()
            .map_or_else(String::new, |stats| stats.path.clone()),
        (Screen::World, _) => tab
            .world
            .as_ref()
            .map_or_else(String::new, |world| world.path.to_string()),
        _ if tab.tree.selected().is_some() => tab.tree.path(&tab.file, tab.tree.at()).to_string(),
        _ => String::new(),
    };
    if path.is_empty() {
        "/".to_owned()
    } else {
        path
    }
}

/// The path to be copied, not escaped; `None` when there is nothing.
pub fn copied_path(tab: &Tab) -> Option<String> {
    let path = match (tab.screen, &tab.cells) {
        (Screen::Table, Some(Cells::Grid(grid))) => {
            let index: Vec<String> = grid.index().iter().map(u64::to_string).collect();
            format!("{}[{}]", grid.path, index.join(", "))
        }
        (Screen::Table, Some(Cells::Table(table))) => table.path.clone(),
        (Screen::Image, _) => tab.image.as_ref()?.place(),
        (Screen::Stats, _) => tab.stats.as_ref()?.path.clone(),
        (Screen::Plot, _) => tab.plot.as_ref()?.path(),
        (Screen::Diff, _) => {
            let diff = tab.diff.as_ref()?;
            diff.rows()
                .get(usize::try_from(diff.cursor.at).ok()?)?
                .path
                .to_string()
        }
        _ => {
            tab.tree.selected()?;
            tab.tree.path(&tab.file, tab.tree.at()).to_string()
        }
    };
    Some(if path.is_empty() {
        "/".to_owned()
    } else {
        path
    })
}

/// The value to be copied: a cell, a card, a scalar as it is, a branch as the text of the file.
pub fn copied_value(tab: &Tab) -> Option<String> {
    let cut = |text: &str| {
        let end = text
            .char_indices()
            .map(|at| at.0)
            .take_while(|at| *at <= MOST_COPIED)
            .last();
        let is_whole = text.len() <= MOST_COPIED;
        let end = if is_whole {
            text.len()
        } else {
            end.unwrap_or(0)
        };
        text.get(..end).unwrap_or_default().to_owned()
    };
    match (tab.screen, &tab.cells) {
        (Screen::Table, Some(Cells::Grid(grid))) => {
            let cell = grid
                .sheet
                .window
                .cell(grid.sheet.row.at, grid.sheet.column.at);
            return cell.map(str::to_owned);
        }
        (Screen::Table, Some(Cells::Table(table))) => {
            let cell = table
                .sheet
                .window
                .cell(table.sheet.row.at, table.sheet.column.at);
            return cell.map(str::to_owned);
        }
        (Screen::Hdus, _) => {
            let hdu = tab.hdus.selected()?;
            let Some(cursor) = tab.hdus.header else {
                return Some(hdu.name.clone());
            };
            return hdu.cards.get(usize::try_from(cursor.at).ok()?).cloned();
        }
        (Screen::Image, _) => {
            let pane = tab.image.as_ref()?;
            return pane.panel_text().or_else(|| pane.value());
        }
        (Screen::Tree, _) => {}
        _ => return None,
    }
    let node = tab.selected()?;
    if let Some(text) = node.text() {
        return Some(cut(text));
    }
    let tree = tab.file.tree();
    let (span, base) = (node.span(), tree.base());
    let at = |offset: u64| usize::try_from(offset.saturating_sub(base)).unwrap_or(usize::MAX);
    tree.text().get(at(span.start)..at(span.end)).map(cut)
}
