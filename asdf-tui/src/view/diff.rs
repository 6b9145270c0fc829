//! Draws a comparison side by side.

use super::frame;
use super::frame::Column;
use crate::app::Tab;
use crate::pane::diff::DiffPane;
use crate::theme::Theme;
use asdf_core::inspect::escape;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub(super) fn draw(tab: &Tab, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let Some(diff) = &tab.diff else {
        let inner = frame::frame("diff", true, area, buf, theme);
        return frame::tell(
            "nothing is compared: D chooses a file",
            theme.faint,
            inner,
            buf,
        );
    };
    let other = diff.other.display().to_string();
    let title = format!("compared with {}", escape(&other));
    let inner = frame::frame(&title, true, area, buf, theme);
    let rows = match &diff.found {
        None => return frame::tell("comparing …", theme.busy, inner, buf),
        Some(Err(error)) => return frame::tell(&escape(error), theme.bad, inner, buf),
        Some(Ok(found)) if found.rows.is_empty() => {
            return frame::tell("nothing differs", theme.good, inner, buf);
        }
        Some(Ok(found)) => &found.rows,
    };
    let column = |name, width| Column {
        name,
        width,
        is_number: false,
    };
    let inner = elements(diff, inner, buf, theme);
    let third = (inner.width / 3).max(6);
    let columns = [
        column("node", third),
        column("this file", third),
        column("other file", 0),
    ];
    frame::table(
        &columns,
        &diff.cursor,
        rows.len() as u64,
        inner,
        buf,
        theme,
        |row| {
            let at = usize::try_from(row).unwrap_or(usize::MAX);
            let Some(row) = rows.get(at) else {
                return Vec::new();
            };
            let path = row.path.to_string();
            let path = if path.is_empty() { "/" } else { &path };
            let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
            vec![
                (escape(path).into_owned(), theme.key),
                (side(&row.here), theme.bad),
                (side(&row.there), theme.good),
            ]
        },
    );
}

/// Tells at the bottom where and by how much the elements of the selected array differ, and gives what is left above.
fn elements(diff: &DiffPane, area: Rect, buf: &mut Buffer, theme: &Theme) -> Rect {
    let told = diff.selected().and_then(|row| row.elements.as_ref());
    let lines = told.map_or(&[][..], |told| &told.lines);
    let below = u16::try_from(lines.len()).unwrap_or(0);
    let below = if area.height > below + 4 { below } else { 0 };
    let first = area.bottom() - below;
    for (line, y) in lines.iter().zip(first..area.bottom()) {
        let width = usize::from(area.width);
        buf.set_stringn(area.x, y, frame::fit(line, width), width, theme.text);
    }
    Rect {
        height: area.height - below,
        ..area
    }
}
