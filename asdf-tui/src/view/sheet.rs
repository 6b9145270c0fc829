//! Draws the cells of an array or a table.

use super::frame;
use super::value::LONGEST_PATH;
use crate::app::Cells;
use crate::app::Tab;
use crate::layout;
use crate::pane::grid::GridPane;
use crate::pane::sheet::Sheet;
use crate::pane::table::TablePane;
use crate::theme::Theme;
use asdf_core::inspect::escape;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

pub(super) fn draw(tab: &Tab, area: Rect, buf: &mut Buffer, theme: &Theme) {
    match &tab.cells {
        Some(Cells::Grid(grid)) => {
            let inner = frame::frame(&grid_title(grid), true, area, buf, theme);
            let heading = |column: u64| (column.to_string(), String::new());
            let number = |row: u64| row.to_string();
            draw_sheet(&grid.sheet, inner, buf, theme, &heading, &number);
        }
        Some(Cells::Table(table)) => {
            let inner = frame::frame(&table_title(table), true, area, buf, theme);
            let heading = |column: u64| heading(table, column);
            let number = |row: u64| table.row(row).to_string();
            draw_sheet(&table.sheet, inner, buf, theme, &heading, &number);
        }
        None => {
            let inner = frame::frame("table", true, area, buf, theme);
            let (text, style) = if tab.opening.is_some() {
                ("looking at the array …", theme.busy)
            } else {
                ("no array or table is selected", theme.faint)
            };
            frame::tell(text, style, inner, buf);
        }
    }
}

fn path(path: &str) -> String {
    frame::fit_end(&escape(path), LONGEST_PATH)
}

/// `/cube  float32 3×4×5  [2, :, :]  axis 0`
fn grid_title(grid: &GridPane) -> String {
    let shape: Vec<String> = grid.shape.iter().map(u64::to_string).collect();
    let mut title = format!(
        "{}  {} {}",
        path(&grid.path),
        escape(&grid.datatype),
        shape.join("×")
    );
    if grid.axis.is_some() {
        let source = &grid.source;
        let index = source
            .index
            .iter()
            .enumerate()
            .map(|(axis, at)| match Some(axis) {
                axis if axis == source.down => "rows".to_owned(),
                axis if axis == source.across => "columns".to_owned(),
                axis if axis == grid.axis => format!("‹{at}›"),
                _ => at.to_string(),
            });
        title.push_str(&format!("  [{}]", index.collect::<Vec<_>>().join(", ")));
    }
    title
}

fn table_title(table: &TablePane) -> String {
    let mut title = format!("{}  {} rows", path(&table.path), table.rows);
    if let Some(filter) = &table.filter {
        title.push_str(&format!(
            ", {} with {}",
            table.sheet.rows,
            escape(&filter.text)
        ));
    }
    if let Some(sorting) = table.sorting {
        let name = table
            .columns
            .get(sorting.column)
            .map_or("", |column| &column.name);
        let way = if sorting.is_descending { "▼" } else { "▲" };
        title.push_str(&format!(", by {name} {way}"));
    }
    match table.hidden() {
        0 => {}
        1 => title.push_str(", 1 column hidden"),
        hidden => title.push_str(&format!(", {hidden} columns hidden")),
    }
    if table.is_picking {
        title.push_str(" …");
    }
    title
}

/// Name, and unit or datatype.
fn heading(table: &TablePane, column: u64) -> (String, String) {
    let column = table.column(column);
    column.map_or_else(Default::default, |(_, column)| {
        let below = column
            .unit
            .clone()
            .unwrap_or_else(|| column.datatype.clone());
        (column.name.clone(), below)
    })
}

fn draw_sheet(
    sheet: &Sheet,
    area: Rect,
    buf: &mut Buffer,
    theme: &Theme,
    heading: &dyn Fn(u64) -> (String, String),
    number: &dyn Fn(u64) -> String,
) {
    if let Some(fault) = &sheet.fault {
        return frame::tell(&escape(fault), theme.bad, area, buf);
    }
    if sheet.rows == 0 || sheet.columns == 0 {
        return frame::tell("no elements", theme.faint, area, buf);
    }
    let margin = layout::sheet_margin(sheet.numbered);
    let mut put = |x: u16, y: u16, width: u16, text: &str, style: Style, to_right: bool| {
        let width = width.min(area.right().saturating_sub(x));
        if y >= area.bottom() || width == 0 {
            return;
        }
        let text = frame::fit(text, usize::from(width));
        let pad = usize::from(width).saturating_sub(text.width());
        let x = if to_right {
            x + u16::try_from(pad).unwrap_or(0)
        } else {
            x
        };
        buf.set_stringn(x, y, text, usize::from(width), style);
    };
    let rows = sheet.shown_rows();
    for (row, y) in rows.clone().zip(area.y + layout::SHEET_HEAD..area.bottom()) {
        put(area.x, y, margin - 1, &number(row), theme.faint, true);
    }
    let mut x = area.x + margin;
    for column in sheet.visible() {
        let width = sheet.width(column);
        let (name, below) = heading(column);
        let style = if column == sheet.column.at {
            theme.title
        } else {
            theme.faint
        };
        let style = if column < sheet.pinned {
            style.patch(theme.selected_dim)
        } else {
            style
        };
        put(x, area.y, width, &name, style, true);
        put(x, area.y + 1, width, &below, theme.kind, true);
        for (row, y) in rows.clone().zip(area.y + layout::SHEET_HEAD..area.bottom()) {
            let is_selected = row == sheet.row.at && column == sheet.column.at;
            let (text, style) = match sheet.window.cell(row, column) {
                Some(text) => (text, theme.text),
                None => ("…", theme.busy),
            };
            let style = if is_selected {
                style.patch(theme.selected)
            } else {
                style
            };
            put(x, y, width, text, style, true);
            if is_selected && text.is_empty() {
                put(x, y, width, " ", style, true);
            }
        }
        x = x.saturating_add(width + 1);
    }
}
