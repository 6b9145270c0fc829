//! The command palette: what it lists, and what an entry does.

use super::act;
use super::command;
use super::listed;
use super::session;
use crate::app::App;
use crate::app::Asking;
use crate::app::Overlay;
use crate::app::Prompt;
use crate::app::Screen;
use crate::effect::Effect;
use crate::key::Code;
use crate::key::Key;
use crate::keymap;
use crate::keymap::Action;
use crate::keymap::COMMAND_HELP;
use crate::line::Edit;
use crate::line::Line;
use crate::modes::modes;
use crate::pane::image::ImagePane;
use crate::pane::image::colored::Channel;
use crate::pane::image::typed;
use crate::pane::palette::Choice;
use crate::pane::palette::Entry;
use crate::pane::palette::PalettePane;
use asdf_core::inspect::escape;

/// Paths of the tree that are listed.
const MOST_PATHS: usize = 20_000;

/// Shows all that can be done here.
pub(super) fn show(app: &mut App) {
    let mut entries = keys(app);
    entries.extend(lines(app));
    entries.extend(channels(app));
    entries.extend(bookmarks(app));
    entries.extend(files(app));
    entries.extend(paths(app));
    app.overlay = Some(Overlay::Palette(PalettePane::new("do", entries)));
}

/// Shows the bookmarks.
pub(super) fn show_bookmarks(app: &mut App) {
    let entries = bookmarks(app);
    if entries.is_empty() {
        return app.say(
            crate::app::Mood::Bad,
            "no bookmarks yet: \" sets one here, :bookmark NAME gives it a name",
        );
    }
    app.overlay = Some(Overlay::Palette(PalettePane::new("bookmarks", entries)));
}

/// What keys do on the screen that shows.
fn keys(app: &App) -> Vec<Entry> {
    let modes = modes(app);
    let mut entries = Vec::new();
    for mode in modes {
        let own = keymap::bindings().filter(|binding| binding.mode == *mode);
        // A count is of use with the key after it only, and the palette shows already.
        let own = own.filter(|binding| !matches!(binding.action, Action::Count | Action::Palette));
        entries.extend(own.map(|binding| Entry {
            text: binding.help.to_owned(),
            aside: binding.label(),
            choice: Choice::Act(binding.action),
        }));
    }
    entries
}

/// What can be typed after `:`.
fn lines(app: &App) -> Vec<Entry> {
    let is_picture = app.tab().screen == Screen::Image;
    let mut entries = Vec::new();
    for (text, help) in COMMAND_HELP {
        let is_own = is_picture || !help.starts_with("picture: ");
        let Some(line) = text.strip_prefix(':').filter(|_| is_own) else {
            continue;
        };
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        if !command::is_word(word) {
            continue;
        }
        let choice = if rest.is_empty() {
            Choice::Line(word.to_owned())
        } else {
            Choice::Begin(format!("{word} "))
        };
        let help = help.strip_prefix("picture: ").unwrap_or(help);
        entries.push(Entry {
            text: format!(":{line}  {help}"),
            aside: "command".to_owned(),
            choice,
        });
    }
    let settings = typed::settings().into_iter().filter(|_| is_picture);
    for (name, values) in settings {
        for value in values {
            let line = format!("{name} {value}");
            entries.push(Entry {
                text: format!(":{line}"),
                aside: "setting".to_owned(),
                choice: if line.ends_with(' ') {
                    Choice::Begin(line)
                } else {
                    Choice::Line(line)
                },
            });
        }
    }
    entries
}

/// The arrays that may be the red, green or blue of the picture.
fn channels(app: &App) -> Vec<Entry> {
    let pane = app.tab().image.as_ref();
    let pane = pane.filter(|_| app.tab().screen == Screen::Image);
    let paths = pane.map(ImagePane::alike).unwrap_or_default();
    let mut entries = Vec::new();
    for channel in Channel::COLORS {
        for path in &paths {
            let line = format!("rgb {}={path}", channel.name());
            entries.push(Entry {
                text: format!(":{}", escape(&line)),
                aside: "colour".to_owned(),
                choice: Choice::Line(line),
            });
        }
    }
    entries
}

fn bookmarks(app: &App) -> Vec<Entry> {
    let entry = |(at, bookmark): (usize, &crate::session::Bookmark)| Entry {
        text: escape(&bookmark.name).into_owned(),
        aside: "bookmark".to_owned(),
        choice: Choice::Bookmark(at),
    };
    app.bookmarks.iter().enumerate().map(entry).collect()
}

fn files(app: &App) -> Vec<Entry> {
    let rows = app.files.as_ref().map(|pane| pane.rows());
    let entry = |row: &crate::pane::files::listing::FileRow| Entry {
        text: escape(&row.path.display().to_string()).into_owned(),
        aside: "file".to_owned(),
        choice: Choice::File(row.path.clone()),
    };
    rows.into_iter().flatten().map(entry).collect()
}

/// The paths of the tree; keys are nodes too, and have the path of their value.
fn paths(app: &App) -> Vec<Entry> {
    let tab = app.tab();
    if tab.awaited.is_some() {
        return Vec::new();
    }
    let mut entries: Vec<Entry> = Vec::new();
    for node in tab.file.tree().nodes().take(MOST_PATHS) {
        let path = node.path().to_string();
        let text = escape(&path).into_owned();
        if path.is_empty() || entries.last().is_some_and(|last| last.text == text) {
            continue;
        }
        entries.push(Entry {
            text,
            aside: "path".to_owned(),
            choice: Choice::Line(path),
        });
    }
    entries
}

/// Keys of the palette: they are typed into its line. `None` for those that mean the same as in other lists.
pub(super) fn key(app: &mut App, key: Key) -> Option<Vec<Effect>> {
    let Some(Overlay::Palette(palette)) = &mut app.overlay else {
        return None;
    };
    let is_plain = !key.ctrl && !key.alt;
    match key.code {
        Code::Enter => {
            let choice = palette.selected().map(|entry| entry.choice.clone());
            app.overlay = None;
            Some(choice.map_or_else(Vec::new, |choice| choose(app, choice)))
        }
        Code::Char('p') if key.ctrl => {
            app.overlay = None;
            Some(Vec::new())
        }
        Code::Char(_) | Code::Backspace | Code::Left | Code::Right if is_plain => {
            if palette.line.press(key) == Edit::Changed {
                palette.search();
            }
            Some(Vec::new())
        }
        Code::Char('u' | 'w' | 'a' | 'e' | 'k') if key.ctrl => {
            if palette.line.press(key) == Edit::Changed {
                palette.search();
            }
            Some(Vec::new())
        }
        _ => None,
    }
}

fn choose(app: &mut App, choice: Choice) -> Vec<Effect> {
    match choice {
        Choice::Act(action) => act::act(app, action),
        Choice::Line(line) => command::run(app, &line),
        Choice::Begin(line) => {
            app.prompt = Some(Prompt {
                asking: Asking::Command,
                line: Line::new(&line),
                candidates: Vec::new(),
                recalled: None,
            });
            Vec::new()
        }
        Choice::File(path) => listed::open(app, path, Vec::new()),
        Choice::Bookmark(at) => session::go_to(app, at),
    }
}
