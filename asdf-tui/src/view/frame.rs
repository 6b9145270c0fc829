//! Frames with a title, tables with headings, and what is told in an empty pane.

use crate::layout;
use crate::pane::cursor::Cursor;
use crate::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::text::Span;
use ratatui::widgets::Block;
use ratatui::widgets::Clear;
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

/// Draws a frame with a title and gives what is inside.
pub(super) fn frame(
    title: &str,
    has_focus: bool,
    area: Rect,
    buf: &mut Buffer,
    theme: &Theme,
) -> Rect {
    let (border, style) = if has_focus {
        (theme.border_focus, theme.title)
    } else {
        (theme.border, theme.faint)
    };
    let title = Span::styled(format!(" {title} "), style);
    Block::bordered()
        .border_style(border)
        .title(title)
        .render(area, buf);
    layout::inner(area)
}

/// Draws a frame over what is there, with room for so many columns and rows, and gives its inside.
pub(super) fn overlay(
    title: &str,
    (width, height): (u16, u16),
    buf: &mut Buffer,
    theme: &Theme,
) -> Rect {
    let all = buf.area;
    let width = width.saturating_add(2).min(all.width);
    let height = height.saturating_add(2).min(all.height.saturating_sub(1));
    let x = all.x + (all.width - width) / 2;
    let y = all.y + (all.height.saturating_sub(height)) / 2;
    let area = Rect::new(x, y, width, height).intersection(all);
    Clear.render(area, buf);
    frame(title, true, area, buf, theme)
}

/// Tells why a pane is empty.
pub(super) fn tell(text: &str, style: Style, area: Rect, buf: &mut Buffer) {
    for (line, y) in wrap(text, area.width).iter().zip(area.y..area.bottom()) {
        buf.set_stringn(area.x, y, line, usize::from(area.width), style);
    }
}

/// Breaks a text into lines of a width, between words where there are some.
pub(super) fn wrap(text: &str, width: u16) -> Vec<String> {
    let width = usize::from(width).max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_inclusive(' ') {
        if !line.is_empty() && line.width() + word.trim_end().width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if word.width() <= width {
            line.push_str(word);
            continue;
        }
        for char in word.chars() {
            if line.width() + char.to_string().width() > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push(char);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Cuts a text to a width; what is cut ends in `…`.
pub(super) fn fit(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for char in text.chars() {
        used += char.to_string().width();
        if used > width {
            break;
        }
        out.push(char);
    }
    out.push('…');
    out
}

/// Cuts a path to a width; what is cut begins with `…`, since the end of a path tells most.
pub(super) fn fit_end(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |char: &char| {
        used += char.to_string().width();
        used <= width
    };
    let kept: Vec<char> = text.chars().rev().take_while(fits).collect();
    std::iter::once('…').chain(kept.into_iter().rev()).collect()
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// Its heading.
    pub(super) name: &'static str,
    /// Its width; 0 takes what the others leave.
    pub(super) width: u16,
    /// Whether it is aligned to the right.
    pub(super) is_number: bool,
}

/// Draws a heading and the rows that show; `cells` gives texts and styles of a row.
pub(super) fn table(
    columns: &[Column],
    cursor: &Cursor,
    len: u64,
    area: Rect,
    buf: &mut Buffer,
    theme: &Theme,
    cells: impl Fn(u64) -> Vec<(String, Style)>,
) {
    if area.is_empty() {
        return;
    }
    let fixed: u16 = columns.iter().map(|column| column.width + 1).sum();
    let rest = area.width.saturating_sub(fixed);
    let width = |column: &Column| match column.width {
        0 => rest.max(1),
        width => width,
    };
    let line = |texts: Vec<(String, Style)>| {
        let spans = texts
            .into_iter()
            .zip(columns)
            .flat_map(|((text, style), column)| {
                let width = usize::from(width(column));
                let text = fit(&text, width);
                let pad = " ".repeat(width.saturating_sub(text.width()));
                let cell = if column.is_number {
                    pad + &text
                } else {
                    text + &pad
                };
                [Span::styled(cell, style), Span::raw(" ")]
            });
        Line::from(spans.collect::<Vec<_>>())
    };
    let heading = columns
        .iter()
        .map(|column| (column.name.to_owned(), theme.title));
    buf.set_line(area.x, area.y, &line(heading.collect()), area.width);
    let height = area.height.saturating_sub(1);
    for (row, y) in cursor.rows(len, u64::from(height)).zip(area.y + 1..) {
        buf.set_line(area.x, y, &line(cells(row)), area.width);
        if row == cursor.at {
            buf.set_style(Rect::new(area.x, y, area.width, 1), theme.selected);
        }
    }
}
