//! Draws the way of a pixel through a WCS.

use crate::pane::wcs::WcsLine;
use crate::pane::wcs::WcsLineKind;
use crate::pane::wcs::WcsPane;
use crate::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

impl WcsPane {
    /// Draws the pane.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        if self.lines().is_empty() {
            let text = if self.is_busy() { "…" } else { "" };
            buf.set_stringn(area.x, area.y, text, usize::from(area.width), theme.busy);
        }
        draw_lines(self.lines(), area, buf, theme);
    }
}

/// Draws lines about a WCS, as many as there is room for; what is cut ends in `…`.
pub(super) fn draw_lines(lines: &[WcsLine], area: Rect, buf: &mut Buffer, theme: &Theme) {
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        let style = match line.kind {
            WcsLineKind::Fact => theme.text,
            WcsLineKind::Warning => theme.warn,
            WcsLineKind::Frame => theme.title,
            WcsLineKind::Values => theme.number,
            WcsLineKind::Model => theme.key,
            WcsLineKind::Note => theme.faint,
        };
        let spans = [
            Span::raw("  ".repeat(line.depth.min(20))),
            Span::styled(line.text.as_str(), style),
            Span::raw("  "),
            Span::styled(line.detail.as_str(), theme.faint),
        ];
        let line = Line::from_iter(spans);
        let is_cut = line.to_string().trim_end().width() > usize::from(area.width);
        buf.set_line(area.x, y, &line, area.width);
        if is_cut {
            buf.set_stringn(area.right().saturating_sub(1), y, "…", 1, theme.faint);
        }
    }
}
