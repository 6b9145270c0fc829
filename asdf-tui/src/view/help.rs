//! Draws the help from the table of keys.

use super::frame;
use crate::app::App;
use crate::keymap;
use crate::keymap::COMMAND_HELP;
use crate::keymap::Mode;
use crate::modes::screen_modes;
use crate::pane::help::HelpPane;
use ratatui::buffer::Buffer;
use ratatui::text::Line;
use ratatui::text::Span;

/// Columns of the keys.
const KEYS: usize = 22;

/// A heading, or keys and what they do.
enum Entry {
    Heading(&'static str),
    Keys(String, &'static str),
}

/// What means something on the screen first, then the rest.
fn entries(help: &HelpPane) -> Vec<Entry> {
    let here = screen_modes(help.screen, None, false);
    let rest = Mode::ALL.iter().filter(|mode| !here.contains(mode));
    let mut entries = Vec::new();
    for mode in here.iter().chain(rest) {
        entries.push(Entry::Heading(mode.name()));
        let own = keymap::bindings().filter(|binding| binding.mode == *mode);
        entries.extend(own.map(|binding| Entry::Keys(binding.label(), binding.help)));
        if *mode == Mode::Global {
            entries.push(Entry::Heading("Typed after :"));
            let lines = COMMAND_HELP.iter();
            entries.extend(lines.map(|(text, help)| Entry::Keys((*text).to_owned(), help)));
        }
    }
    entries
}

/// Number of lines.
pub fn help_len(help: &HelpPane) -> u64 {
    entries(help).len() as u64
}

pub(super) fn draw(app: &App, help: &HelpPane, buf: &mut Buffer) {
    let theme = &app.theme;
    let height = app.size.1.saturating_sub(4);
    let inner = frame::overlay("keys (j k scroll, Esc closes)", (76, height), buf, theme);
    let top = usize::try_from(help.cursor.top).unwrap_or(usize::MAX);
    for (entry, y) in entries(help).iter().skip(top).zip(inner.y..inner.bottom()) {
        let line = match entry {
            Entry::Heading(name) => Line::from(Span::styled(*name, theme.title)),
            Entry::Keys(keys, help) => Line::from(vec![
                Span::styled(format!("  {keys:<KEYS$} "), theme.key),
                Span::styled(*help, theme.text),
            ]),
        };
        buf.set_line(inner.x, y, &line, inner.width);
    }
}

/// All keys as tables of Markdown, for the page for users.
pub fn key_table() -> String {
    let mut out = String::new();
    for mode in Mode::ALL {
        out.push_str(&format!(
            "\n**{}**\n\n| keys | what |\n|---|---|\n",
            mode.name()
        ));
        for binding in keymap::bindings().filter(|binding| binding.mode == mode) {
            let keys = binding.label().replace('|', "\\|");
            let keys: Vec<String> = keys.split(' ').map(|key| format!("`{key}`")).collect();
            out.push_str(&format!("| {} | {} |\n", keys.join(" "), binding.help));
        }
    }
    out.push_str("\n**Typed after `:`**\n\n| text | what |\n|---|---|\n");
    for (text, help) in COMMAND_HELP {
        out.push_str(&format!("| `{text}` | {help} |\n"));
    }
    out
}
