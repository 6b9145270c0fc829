//! Draws the command palette.

use super::frame;
use crate::app::App;
use crate::pane::palette::PalettePane;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

/// Columns of the overlay.
const WIDTH: u16 = 76;
/// The widest key or kind at the right.
const ASIDE: usize = 16;

pub(super) fn draw(app: &App, palette: &PalettePane, buf: &mut Buffer) -> Position {
    let theme = &app.theme;
    let height = app.size.1.saturating_sub(4);
    let title = format!(
        "{} ({} of {}, some letters find one)",
        palette.title,
        palette.shown.len(),
        palette.entries.len()
    );
    let inner = frame::overlay(&title, (WIDTH, height), buf, theme);
    let text = format!("> {}", palette.line.text());
    let room = usize::from(inner.width);
    buf.set_stringn(inner.x, inner.y, text, room, theme.title);
    let list = Rect {
        y: inner.y.saturating_add(1),
        height: inner.height.saturating_sub(1),
        ..inner
    };
    if palette.shown.is_empty() {
        frame::tell("nothing has these letters", theme.faint, list, buf);
    }
    let rows = palette
        .cursor
        .rows(palette.shown.len() as u64, u64::from(list.height));
    let first = usize::try_from(rows.start).unwrap_or(usize::MAX);
    let shown = palette.shown.iter().skip(first);
    for ((at, row), y) in shown.zip(rows).zip(list.y..list.bottom()) {
        let Some(entry) = palette.entries.get(*at) else {
            continue;
        };
        let aside = frame::fit(&entry.aside, ASIDE);
        let width = room.saturating_sub(aside.width() + 2);
        // The end of a path tells most.
        let text = if entry.text.starts_with('/') {
            frame::fit_end(&entry.text, width)
        } else {
            frame::fit(&entry.text, width)
        };
        buf.set_stringn(list.x, y, text, width, theme.text);
        let left = u16::try_from(aside.width()).unwrap_or(u16::MAX);
        let x = list.right().saturating_sub(left);
        buf.set_stringn(x, y, aside, ASIDE, theme.faint);
        if row == palette.cursor.at {
            buf.set_style(Rect::new(list.x, y, list.width, 1), theme.selected);
        }
    }
    let column = u16::try_from(2 + palette.line.column()).unwrap_or(u16::MAX);
    Position {
        x: inner
            .x
            .saturating_add(column)
            .min(inner.right().saturating_sub(1)),
        y: inner.y,
    }
}
