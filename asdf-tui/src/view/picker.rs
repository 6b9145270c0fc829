//! Draws the choice of a file.

use super::frame;
use crate::app::App;
use crate::pane::picker::PickerPane;
use crate::pane::picker::Purpose;
use asdf_core::inspect::escape;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::layout::Rect;

pub(super) fn draw(app: &App, picker: &PickerPane, buf: &mut Buffer) -> Position {
    let theme = &app.theme;
    let what = match picker.purpose {
        Purpose::Open => "open",
        Purpose::Diff => "compare with",
    };
    let folder = match &picker.listing {
        Some(Ok(listing)) => escape(&listing.folder.display().to_string()).into_owned(),
        _ => String::new(),
    };
    let height = app.size.1.saturating_sub(4);
    let inner = frame::overlay(&format!("{what}: {folder}"), (60, height), buf, theme);
    let text = format!("name: {}", picker.filter.text());
    buf.set_stringn(
        inner.x,
        inner.y,
        text,
        usize::from(inner.width),
        theme.title,
    );
    let list = Rect::new(
        inner.x,
        inner.y + 1,
        inner.width,
        inner.height.saturating_sub(1),
    )
    .intersection(inner);
    entries(app, picker, list, buf);
    let column = u16::try_from(6 + picker.filter.column()).unwrap_or(u16::MAX);
    Position {
        x: inner
            .x
            .saturating_add(column)
            .min(inner.right().saturating_sub(1)),
        y: inner.y,
    }
}

fn entries(app: &App, picker: &PickerPane, list: Rect, buf: &mut Buffer) {
    let theme = &app.theme;
    let shown = picker.shown();
    match &picker.listing {
        None => frame::tell("reading …", theme.busy, list, buf),
        Some(Err(error)) => frame::tell(&escape(error), theme.bad, list, buf),
        Some(Ok(_)) if shown.is_empty() => {
            frame::tell("no such file here", theme.faint, list, buf);
        }
        Some(Ok(_)) => {
            let rows = picker
                .cursor
                .rows(shown.len() as u64, u64::from(list.height));
            let first = usize::try_from(rows.start).unwrap_or(usize::MAX);
            for ((entry, row), y) in shown
                .iter()
                .skip(first)
                .zip(rows)
                .zip(list.y..list.bottom())
            {
                let style = if entry.is_folder {
                    theme.kind
                } else {
                    theme.text
                };
                buf.set_stringn(list.x, y, &entry.name, usize::from(list.width), style);
                if row == picker.cursor.at {
                    buf.set_style(Rect::new(list.x, y, list.width, 1), theme.selected);
                }
            }
        }
    }
}
