//! Draws the first bytes of a block.

use super::frame;
use crate::app::App;
use crate::pane::hex::HexPane;
use crate::pane::hex::LINE;
use asdf_core::inspect::escape;
use ratatui::buffer::Buffer;
use ratatui::text::Line;
use ratatui::text::Span;

pub(super) fn draw(app: &App, hex: &HexPane, buf: &mut Buffer) {
    let theme = &app.theme;
    let what = if hex.ask.decoded { "decoded" } else { "stored" };
    let title = format!(
        "block {}, {what} bytes (d: the others, Esc closes)",
        hex.ask.block
    );
    let height = app.size.1.saturating_sub(4);
    let inner = frame::overlay(&title, (78, height), buf, theme);
    let found = match &hex.found {
        None => return frame::tell("reading …", theme.busy, inner, buf),
        Some(Err(error)) => return frame::tell(&escape(error), theme.bad, inner, buf),
        Some(Ok(found)) => found,
    };
    if found.bytes.is_empty() {
        return frame::tell("no bytes", theme.faint, inner, buf);
    }
    let size = usize::try_from(LINE).unwrap_or(16);
    let lines = found
        .bytes
        .chunks(size)
        .zip((0..).map(|line| found.offset + line * LINE));
    let top = usize::try_from(hex.cursor.top).unwrap_or(usize::MAX);
    for ((bytes, offset), y) in lines.skip(top).zip(inner.y..inner.bottom()) {
        let mut numbers = String::new();
        for (at, byte) in bytes.iter().enumerate() {
            let gap = if at == size / 2 { " " } else { "" };
            numbers.push_str(&format!("{gap}{byte:02x} "));
        }
        let shown = |byte: &u8| {
            if byte.is_ascii_graphic() || *byte == b' ' {
                char::from(*byte)
            } else {
                '·'
            }
        };
        let text: String = bytes.iter().map(shown).collect();
        let line = Line::from(vec![
            Span::styled(format!("{offset:010x}  "), theme.faint),
            Span::styled(format!("{numbers:<50}"), theme.number),
            Span::styled(text, theme.string),
        ]);
        buf.set_line(inner.x, y, &line, inner.width);
    }
}
