//! The bar at the top: the file and the screens.

use crate::app::App;
use crate::app::Screen;
use crate::app::Tab;
use crate::keymap::Action;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

struct Entry {
    text: String,
    action: Action,
    is_current: bool,
}

/// The name of the file, without its folder when that leaves no room for the screens.
fn name(app: &App) -> String {
    let tab = app.tab();
    if tab.screen == Screen::Files && tab.awaited.is_some() {
        return "list of files".to_owned();
    }
    let mut name = tab.name.clone();
    let most = usize::from(app.size.0) / 3;
    if name.width() > most
        && let Some((_, last)) = name.rsplit_once('/')
    {
        name = last.to_owned();
    }
    let name = super::frame::fit(&name, most.max(12));
    match app.tabs.len() {
        1 => name,
        count => format!("{}/{count} {name}", app.current + 1),
    }
}

/// What is to be known of a file whatever shows of it.
fn badge(tab: &Tab) -> Option<&'static str> {
    match (tab.faults, tab.is_changed) {
        (_, true) => Some("changed on disk"),
        (Some(1..), _) => Some("damaged: 8"),
        _ => None,
    }
}

fn entries(app: &App) -> Vec<Entry> {
    let tab = app.tab();
    let mut entries = Vec::new();
    if app.files.is_some() {
        entries.push(Entry {
            text: "F files".to_owned(),
            action: Action::ShowFiles,
            is_current: tab.screen == Screen::Files,
        });
    }
    if tab.awaited.is_some() {
        return entries;
    }
    for (screen, key, name) in Screen::ALL {
        let exists = match screen {
            Screen::Hdus => tab.file.fits().is_some(),
            Screen::Diff => tab.diff.is_some(),
            // It stands before the others.
            Screen::Files => continue,
            // The key works everywhere; the bar has room for it where it shows.
            Screen::World | Screen::Plot => false,
            _ => true,
        };
        if !exists && tab.screen != screen {
            continue;
        }
        entries.push(Entry {
            text: format!("{key} {name}"),
            action: Action::Show(screen),
            is_current: tab.screen == screen && !tab.is_in_detail,
        });
        if screen == Screen::Tree {
            entries.push(Entry {
                text: "2 detail".to_owned(),
                action: Action::Detail,
                is_current: tab.is_in_detail,
            });
        }
    }
    entries
}

/// The entries with the column where each begins; only keys where there is no room for names.
fn placed(app: &App) -> Vec<(u16, Entry)> {
    let badge = badge(app.tab()).map_or(0, |badge| badge.width() + 1);
    let start = name(app).width() + badge + 3;
    let mut entries = entries(app);
    let needed: usize = entries.iter().map(|entry| entry.text.width() + 2).sum();
    if start + needed > usize::from(app.size.0) {
        for entry in entries.iter_mut().filter(|entry| !entry.is_current) {
            entry.text.truncate(1);
        }
    }
    let mut x = start;
    let place = |entry: Entry| {
        let at = u16::try_from(x).unwrap_or(u16::MAX);
        x += entry.text.width() + 2;
        (at, entry)
    };
    entries.into_iter().map(place).collect()
}

/// What a click at a column does.
pub fn tab_at(app: &App, x: u16) -> Option<Action> {
    let entries = placed(app);
    let is_at = |(at, entry): &&(u16, Entry)| {
        let width = u16::try_from(entry.text.width()).unwrap_or(u16::MAX);
        (*at..at.saturating_add(width + 1)).contains(&x)
    };
    entries.iter().find(is_at).map(|(_, entry)| entry.action)
}

pub(super) fn draw(app: &App, area: Rect, buf: &mut Buffer) {
    let theme = &app.theme;
    buf.set_style(area, theme.bar);
    let mut put = |x: u16, text: &str, style: Style| {
        let room = usize::from(area.right().saturating_sub(x));
        if room > 0 {
            buf.set_stringn(x, area.y, text, room, style);
        }
    };
    let name = name(app);
    put(area.x + 1, &name, theme.hint);
    if let Some(badge) = badge(app.tab()) {
        let x = u16::try_from(name.width() + 2).unwrap_or(u16::MAX);
        put(area.x.saturating_add(x), badge, theme.bad);
    }
    for (x, entry) in placed(app) {
        let end = usize::from(x) + entry.text.width() + 2;
        if end > usize::from(area.right()) {
            // Whole names only.
            break;
        }
        let style = if entry.is_current {
            theme.bar_current
        } else {
            theme.bar
        };
        put(x, &format!(" {} ", entry.text), style);
    }
}
