//! Draws the summary of a column of a table.

use super::frame;
use crate::app::App;
use crate::pane::table::SummaryPane;
use asdf_core::inspect::escape;
use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

/// Columns of the overlay.
const WIDTH: u16 = 60;
/// Columns of values at the right.
const VALUES: usize = 26;

/// Number of lines.
pub fn summary_len(pane: &SummaryPane) -> u64 {
    match &pane.found {
        Some(Ok(found)) => found.lines().len() as u64,
        _ => 1,
    }
}

pub(super) fn draw(app: &App, pane: &SummaryPane, buf: &mut Buffer) {
    let theme = &app.theme;
    let column = &pane.ask.column;
    let unit = column.unit.as_deref();
    let unit = unit.map_or_else(String::new, |unit| format!(" [{unit}]"));
    let title = format!("{}{unit}  {}", column.name, column.datatype);
    let title = frame::fit(&title, usize::from(WIDTH).saturating_sub(2));
    let height = app.size.1.saturating_sub(4);
    let lines = u16::try_from(summary_len(pane)).unwrap_or(u16::MAX);
    let inner = frame::overlay(&title, (WIDTH, height.min(lines.max(1))), buf, theme);
    match &pane.found {
        None => {
            let done = pane
                .progress
                .map_or_else(String::new, |(done, all)| format!(" row {done} of {all}"));
            frame::tell(&format!("reading{done} …"), theme.busy, inner, buf);
        }
        Some(Err(error)) => frame::tell(&escape(error), theme.bad, inner, buf),
        Some(Ok(found)) => {
            let top = usize::try_from(pane.cursor.top).unwrap_or(usize::MAX);
            let lines = found.lines().into_iter().skip(top);
            for ((name, value), y) in lines.zip(inner.y..inner.bottom()) {
                let value = frame::fit(&value, VALUES);
                let room = usize::from(inner.width).saturating_sub(value.width() + 1);
                let name = frame::fit(&escape(&name), room);
                let style = if value.is_empty() {
                    theme.title
                } else {
                    theme.text
                };
                buf.set_stringn(inner.x, y, name, room, style);
                let left = u16::try_from(value.width()).unwrap_or(u16::MAX);
                let x = inner.right().saturating_sub(left);
                buf.set_stringn(x, y, &value, VALUES, theme.number);
            }
        }
    }
}
