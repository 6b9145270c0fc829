//! Paints rows and tables of text on so many columns.

use crate::palette::{Palette, paint};
use anstyle::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Cuts text to a width in columns; what is cut ends in `…`.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for char in text.chars() {
        let width = char.width().unwrap_or(0);
        if used + width + 1 > columns {
            break;
        }
        used += width;
        out.push(char);
    }
    out.push('…');
    out
}

/// Cuts text to a width in columns from its end; what is cut begins with `…`.
pub(crate) fn fit_end(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut kept = Vec::new();
    let mut used = 1;
    for char in text.chars().rev() {
        used += char.width().unwrap_or(0);
        if used > columns {
            break;
        }
        kept.push(char);
    }
    kept.push('…');
    kept.into_iter().rev().collect()
}

/// A piece of a line with its style.
pub(crate) type Span = (Style, String);

/// Joins spans into a line of at most `columns`; what does not fit ends in `…`.
pub(crate) fn line(spans: &[Span], columns: usize) -> String {
    let mut out = String::new();
    let mut left = columns;
    for (index, (style, text)) in spans.iter().enumerate() {
        let more: usize = spans
            .iter()
            .skip(index + 1)
            .map(|span| span.1.width())
            .sum();
        let width = text.width();
        if width + usize::from(more > 0) > left || width > left {
            out.push_str(&paint(*style, fit(text, left)));
            return out;
        }
        left -= width;
        out.push_str(&paint(*style, text));
    }
    out
}

/// How a column of a table is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// To the left, as text.
    Left,
    /// To the left; what is too long loses its beginning, since the end of a path tells most.
    Path,
    /// To the right, as numbers.
    Right,
}

/// A table: headings, alignments and rows of cells.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<Span>>,
}

impl Table {
    pub(crate) fn new<S: AsRef<str>>(columns: &[(S, Align)]) -> Self {
        Self {
            columns: columns
                .iter()
                .map(|(name, align)| (name.as_ref().to_owned(), *align))
                .collect(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, row: Vec<Span>) {
        self.rows.push(row);
    }

    /// The lines of the table, at most `width` columns wide: the widest left-aligned column gives way.
    pub(crate) fn lines(&self, palette: &Palette, width: usize) -> Vec<String> {
        let widths = self.widths(width);
        let heading: Vec<Span> = self
            .columns
            .iter()
            .map(|(name, _)| (palette.title, name.clone()))
            .collect();
        std::iter::once(&heading)
            .chain(&self.rows)
            .map(|row| self.row(row, &widths))
            .collect()
    }

    fn widths(&self, width: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = self.columns.iter().map(|(name, _)| name.width()).collect();
        for row in &self.rows {
            for (slot, cell) in widths.iter_mut().zip(row) {
                *slot = (*slot).max(cell.1.width());
            }
        }
        let gaps = 2 * widths.len().saturating_sub(1);
        let excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(width);
        let widest = self
            .columns
            .iter()
            .zip(widths.iter_mut())
            .filter(|(column, _)| column.1 != Align::Right)
            .max_by_key(|(_, width)| **width);
        if let Some((_, slot)) = widest {
            *slot = slot.saturating_sub(excess).max(12.min(*slot));
        }
        widths
    }

    fn row(&self, row: &[Span], widths: &[usize]) -> String {
        let mut out = String::new();
        let mut pending = 0;
        for (((style, text), width), (_, align)) in row.iter().zip(widths).zip(&self.columns) {
            let text = if *align == Align::Path {
                fit_end(text, *width)
            } else {
                fit(text, *width)
            };
            let pad = width.saturating_sub(text.width());
            let before = if *align == Align::Right { pad } else { 0 };
            out.extend(std::iter::repeat_n(' ', pending + before));
            out.push_str(&paint(*style, text));
            pending = pad - before + 2;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_never_exceeds_its_columns() {
        let plain = Style::new();
        let spans = [
            (plain, "abc: ".to_owned()),
            (plain, "日本語日本語".to_owned()),
        ];
        assert_eq!(line(&spans, 10), "abc: 日本…");
        assert_eq!(line(&spans, 17), "abc: 日本語日本語");
    }

    #[test]
    fn the_widest_text_column_gives_way() {
        let plain = Style::new();
        let mut table = Table::new(&[("path", Align::Path), ("n", Align::Right)]);
        table.push(vec![
            (plain, "/a/very/long/path/indeed".to_owned()),
            (plain, "12".to_owned()),
        ]);
        let lines = table.lines(&Palette::new(false), 20);
        assert_eq!(lines, ["path               n", "…ong/path/indeed  12"]);
    }
}
