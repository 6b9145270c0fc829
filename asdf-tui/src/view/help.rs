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
use unicode_width::UnicodeWidthStr;

/// Columns of the keys.
const KEYS: usize = 22;
/// Columns of the overlay, where there is room for so many.
const WIDTH: u16 = 76;
/// The least columns of what a key does.
const LEAST: u16 = 12;

/// A heading, or keys and what they do, or a line more of that.
enum Entry {
    Heading(String),
    Keys(String, String),
}

/// Columns inside of the overlay on a screen.
fn width(size: (u16, u16)) -> u16 {
    WIDTH.min(size.0.saturating_sub(2))
}

/// What means something on the screen first, then the rest; what does not fit into a line goes on in the next.
fn entries(help: &HelpPane, width: u16) -> Vec<Entry> {
    let here = screen_modes(help.screen, None, false);
    let rest = Mode::ALL.iter().filter(|mode| !here.contains(mode));
    let mut entries = Vec::new();
    let left = u16::try_from(KEYS).unwrap_or(u16::MAX) + 3;
    let room = width.saturating_sub(left).max(LEAST);
    let add = |entries: &mut Vec<Entry>, keys: &str, help: &str| {
        // Keys that need more room than theirs have a line of their own.
        let is_long = keys.width() > KEYS;
        if is_long {
            entries.push(Entry::Keys(keys.to_owned(), String::new()));
        }
        for (number, line) in frame::wrap(help, room).into_iter().enumerate() {
            let keys = if number == 0 && !is_long { keys } else { "" };
            entries.push(Entry::Keys(keys.to_owned(), line));
        }
    };
    for mode in here.iter().chain(rest) {
        entries.push(Entry::Heading(mode.name().to_owned()));
        let own = keymap::bindings().filter(|binding| binding.mode == *mode);
        for binding in own {
            add(&mut entries, &binding.label(), binding.help);
        }
        if *mode == Mode::Global {
            entries.push(Entry::Heading("Typed after :".to_owned()));
            for (text, help) in COMMAND_HELP {
                add(&mut entries, text, help);
            }
        }
    }
    entries
}

/// Number of lines on a screen of that size.
pub fn help_len(help: &HelpPane, size: (u16, u16)) -> u64 {
    entries(help, width(size)).len() as u64
}

pub(super) fn draw(app: &App, help: &HelpPane, buf: &mut Buffer) {
    let theme = &app.theme;
    let height = app.size.1.saturating_sub(4);
    let width = width(app.size);
    let entries = entries(help, width);
    let page = u64::from(height.max(1));
    let pages = (entries.len() as u64).div_ceil(page).max(1);
    // The last page may begin before it would, so that it is full.
    let is_last = help.cursor.top + page >= entries.len() as u64;
    let number = if is_last {
        pages
    } else {
        help.cursor.top / page + 1
    };
    let title = format!("keys, page {number} of {pages} (Space next, j k line, Esc closes)");
    let title = frame::fit(&title, usize::from(width.saturating_sub(2)));
    let inner = frame::overlay(&title, (WIDTH, height), buf, theme);
    let top = usize::try_from(help.cursor.top).unwrap_or(usize::MAX);
    for (entry, y) in entries.iter().skip(top).zip(inner.y..inner.bottom()) {
        let line = match entry {
            Entry::Heading(name) => Line::from(Span::styled(name.as_str(), theme.title)),
            Entry::Keys(keys, help) => Line::from(vec![
                Span::styled(format!("  {keys:<KEYS$} "), theme.key),
                Span::styled(help.as_str(), theme.text),
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
