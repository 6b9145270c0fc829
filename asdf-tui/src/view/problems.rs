//! Draws the problems.

use super::frame;
use super::frame::Column;
use crate::app::Tab;
use crate::pane::problems::Severity;
use crate::theme::Theme;
use asdf_core::inspect::escape;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub(super) fn draw(tab: &Tab, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let rows = tab.problems.rows();
    let title = format!("problems: {}", rows.len());
    let inner = frame::frame(&title, true, area, buf, theme);
    if tab.problems.found.is_none() {
        return frame::tell("validating …", theme.busy, inner, buf);
    }
    if rows.is_empty() {
        return frame::tell(
            "no problems: no warnings, and the tree meets its schemas",
            theme.good,
            inner,
            buf,
        );
    }
    let path_width = (inner.width / 3).clamp(8, 40);
    let column = |name, width| Column {
        name,
        width,
        is_number: false,
    };
    let columns = [column("", 7), column("node", path_width), column("what", 0)];
    frame::table(
        &columns,
        &tab.problems.cursor,
        rows.len() as u64,
        inner,
        buf,
        theme,
        |row| {
            let at = usize::try_from(row).unwrap_or(usize::MAX);
            let Some(problem) = rows.get(at) else {
                return Vec::new();
            };
            let (word, style) = match problem.severity {
                Severity::Bad => ("error", theme.bad),
                Severity::Warning => ("warning", theme.warn),
                Severity::Note => ("note", theme.faint),
            };
            let path = problem
                .path
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            vec![
                (word.to_owned(), style),
                (escape(&path).into_owned(), theme.key),
                (problem.text.clone(), theme.text),
            ]
        },
    );
}
