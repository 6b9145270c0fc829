//! A file that is not open yet: what it waits for, or why it cannot be opened.

use crate::app::App;
use crate::app::Awaited;
use asdf_core::inspect::escape;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub(super) fn draw(app: &App, awaited: &Awaited, area: Rect, buf: &mut Buffer) {
    let theme = &app.theme;
    let inner = super::frame::frame("file", true, area, buf, theme);
    match awaited {
        Awaited::Nothing => {
            let text = "no file is open: F shows the list of files";
            super::frame::tell(text, theme.faint, inner, buf);
        }
        Awaited::Opening => {
            let name = &app.tab().name;
            let come = app.traffic.map_or_else(String::new, |come| come.text());
            super::frame::tell(&format!("opening {name} …"), theme.text, inner, buf);
            let lines = super::frame::wrap(&format!("opening {name} …"), inner.width);
            let below = u16::try_from(lines.len())
                .unwrap_or(u16::MAX)
                .min(inner.height);
            let rest = Rect {
                y: inner.y.saturating_add(below),
                height: inner.height.saturating_sub(below),
                ..inner
            };
            super::frame::tell(&come, theme.faint, rest, buf);
        }
        Awaited::Failed(reason) => {
            super::frame::tell(&escape(reason), theme.bad, inner, buf);
        }
    }
}
