//! Draws statistics.

use super::frame;
use super::value::LONGEST_PATH;
use crate::app::Tab;
use crate::pane::stats::StatsPane;
use crate::theme::Theme;
use asdf_core::array::ColumnStats;
use asdf_core::inspect::escape;
use asdf_core::inspect::human_bytes;
use asdf_core::tree::float_text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Names and values, column by column; an empty name is a heading.
fn rows(stats: &StatsPane) -> Vec<(String, String)> {
    let Some(Ok(found)) = &stats.found else {
        return Vec::new();
    };
    found.columns.iter().flat_map(column).collect()
}

fn column(column: &ColumnStats) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    if !column.field.is_empty() {
        rows.push((
            String::new(),
            format!("{} {}", escape(&column.field), escape(&column.datatype)),
        ));
    }
    let counts = &column.counts;
    let mut push = |name: &str, value: String| rows.push((name.to_owned(), value));
    push("count", counts.elements.to_string());
    push("NaN", counts.nan.to_string());
    push("infinite", counts.infinite.to_string());
    push("masked", counts.masked.to_string());
    let Some(numbers) = &column.numbers else {
        push("", "no numbers to be counted".to_owned());
        return rows;
    };
    push("min", numbers.min.text(&column.datatype));
    push("max", numbers.max.text(&column.datatype));
    push("mean", float_text(numbers.mean));
    push("std", float_text(numbers.std));
    push("median", float_text(numbers.median));
    for (percent, value) in numbers.percentiles.iter().filter(|entry| entry.0 != 50) {
        push(&format!("{percent} %"), float_text(*value));
    }
    rows
}

/// Number of lines.
pub fn stats_len(stats: &StatsPane) -> u64 {
    rows(stats).len() as u64
}

pub(super) fn draw(tab: &Tab, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let Some(stats) = &tab.stats else {
        let inner = frame::frame("stats", true, area, buf, theme);
        return frame::tell("no array is selected", theme.faint, inner, buf);
    };
    let path = frame::fit_end(&escape(&stats.path), LONGEST_PATH);
    let mut title = format!("stats of {path}");
    if let Some(Ok(found)) = &stats.found {
        let shape: Vec<String> = found.shape.iter().map(u64::to_string).collect();
        title.push_str(&format!(
            "  {} {}",
            escape(&found.datatype),
            shape.join("×")
        ));
    }
    let inner = frame::frame(&title, true, area, buf, theme);
    match (&stats.found, stats.progress) {
        (None, Some((done, all))) => {
            let percent = done.saturating_mul(100) / all.max(1);
            let text = format!(
                "{percent} %: {} of about {}, Esc stops",
                human_bytes(done),
                human_bytes(all)
            );
            frame::tell(&text, theme.busy, inner, buf);
        }
        (None, None) => frame::tell("reading …", theme.busy, inner, buf),
        (Some(Err(error)), _) => frame::tell(&escape(error), theme.bad, inner, buf),
        (Some(Ok(_)), _) => {
            let rows = rows(stats);
            let height = u64::from(inner.height).saturating_sub(1);
            let shown = stats.cursor.rows(rows.len() as u64, height);
            let first = usize::try_from(shown.start).unwrap_or(usize::MAX);
            for ((name, value), y) in rows.iter().skip(first).zip(inner.y..inner.bottom()) {
                if name.is_empty() {
                    buf.set_stringn(inner.x, y, value, usize::from(inner.width), theme.title);
                } else {
                    buf.set_stringn(
                        inner.x + 1,
                        y,
                        name,
                        usize::from(inner.width.saturating_sub(1)),
                        theme.faint,
                    );
                    let room = inner.width.saturating_sub(12);
                    let x = (inner.x + 12).min(inner.right().saturating_sub(1));
                    buf.set_stringn(x, y, value, usize::from(room), theme.number);
                }
            }
        }
    }
}
