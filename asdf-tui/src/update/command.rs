//! The lines that are typed after `:`.

use super::act;
use super::columns;
use super::demand;
use super::files;
use super::go;
use super::listed;
use super::motion;
use super::picture;
use super::plot;
use super::session;
use super::world;
use crate::app::App;
use crate::app::Asking;
use crate::app::Cells;
use crate::app::Mood;
use crate::app::Screen;
use crate::effect::Effect;
use crate::keymap::Action;
use crate::pane::image::typed::Typed;
use asdf_core::TreePath;
use asdf_core::inspect::escape;
use std::path::PathBuf;

/// Commands that do what a key does.
pub(super) const COMMANDS: [(&str, Action); 21] = [
    ("q", Action::Quit),
    ("quit", Action::Quit),
    ("help", Action::Help),
    ("tree", Action::Show(Screen::Tree)),
    ("image", Action::Show(Screen::Image)),
    ("table", Action::Show(Screen::Table)),
    ("blocks", Action::Show(Screen::Blocks)),
    ("stats", Action::Show(Screen::Stats)),
    ("problems", Action::Show(Screen::Problems)),
    ("hdus", Action::Show(Screen::Hdus)),
    ("open", Action::OpenFile),
    ("diff", Action::Compare),
    ("close", Action::CloseFile),
    ("check", Action::CheckAll),
    ("sort", Action::Sort),
    ("reload", Action::Reload),
    ("wcs", Action::Show(Screen::World)),
    ("plot", Action::Show(Screen::Plot)),
    ("files", Action::ShowFiles),
    ("bookmark", Action::Bookmark),
    ("bookmarks", Action::Bookmarks),
];

/// Commands that take more than their name.
pub(super) const LONGER: [&str; 11] = [
    "open", "diff", "plot", "hist", "files", "session", "bookmark", "columns", "where", "format",
    "export",
];

/// Whether a line that begins with the word is a command, or a setting of a picture.
pub(super) fn is_word(word: &str) -> bool {
    let settings = crate::pane::image::typed::settings();
    COMMANDS.iter().any(|command| command.0 == word)
        || LONGER.contains(&word)
        || settings.iter().any(|setting| setting.0 == word)
}

/// Runs a line that begins with a command that takes more than its name; `None` of others.
fn longer(app: &mut App, text: &str) -> Option<Vec<Effect>> {
    match text {
        "session" => return Some(session::typed(app, "")),
        "columns" if app.files.is_some() => return Some(listed::typed(app, Asking::Columns, "")),
        "where" if app.files.is_some() => return Some(listed::typed(app, Asking::Condition, "")),
        _ => {}
    }
    if let Some((command, rest)) = text.split_once(' ') {
        let path = PathBuf::from(rest.trim());
        match command {
            "open" | "o" => return Some(files::open_file(app, path)),
            "diff" => return Some(files::compare(app, path)),
            "files" => return Some(listed::list_folder(app, &path)),
            "session" => return Some(session::typed(app, rest)),
            "bookmark" => {
                session::bookmark(app, rest);
                return Some(Vec::new());
            }
            "columns" if app.files.is_some() => {
                return Some(listed::typed(app, Asking::Columns, rest));
            }
            "where" if app.files.is_some() => {
                return Some(listed::typed(app, Asking::Condition, rest));
            }
            "sort" if app.files.is_some() => return Some(listed::sort_by(app, rest)),
            "export" => return Some(columns::export(app, rest)),
            "format" => {
                columns::set_format(app, rest);
                return Some(Vec::new());
            }
            "plot" | "hist" => return Some(plot::typed(app, rest, command == "hist")),
            _ => {}
        }
    }
    None
}

/// Runs a line.
pub(super) fn run(app: &mut App, text: &str) -> Vec<Effect> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    if let Some((_, action)) = COMMANDS.iter().find(|command| command.0 == text) {
        return act::act(app, *action);
    }
    if let Some(effects) = longer(app, text) {
        return effects;
    }
    if app.tab().screen == Screen::Image && app.tab().image.is_some() {
        match Typed::parse(text) {
            Some(Ok(typed)) => return picture::typed(app, typed),
            Some(Err(error)) => {
                app.say(Mood::Bad, escape(&error).into_owned());
                return Vec::new();
            }
            None => {}
        }
    }
    if app.tab().screen == Screen::World
        && let Some(effects) = world::typed(app, text)
    {
        return effects;
    }
    let numbers: Result<Vec<u64>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    if let Ok(index) = numbers {
        go_to_index(app, &index);
        return Vec::new();
    }
    // A place that counts from the end, or that only one node fits, is found in the file.
    let path = TreePath::parse(text).or_else(|_| app.tab().file.one_path(text));
    match path {
        Ok(path) => go::go_to(app, &path),
        Err(error) => app.say(Mood::Bad, escape(&error.kind().to_string()).into_owned()),
    }
    Vec::new()
}

/// Goes to a row, or to an element.
fn go_to_index(app: &mut App, index: &[u64]) {
    let height = demand::height(app);
    let tab = app.tab_mut();
    let found = match (&mut tab.cells, tab.screen, index) {
        (Some(Cells::Grid(grid)), Screen::Table, [row]) if grid.shape.len() != 1 => {
            grid.sheet.select(*row, grid.sheet.column.at);
            *row < grid.sheet.rows
        }
        (Some(Cells::Grid(grid)), Screen::Table, index) => grid.select(index),
        (Some(Cells::Table(table)), Screen::Table, [row, rest @ ..]) => {
            let column = rest.first().copied().unwrap_or(table.sheet.column.at);
            match table.place_of(*row) {
                Some(place) => {
                    table.sheet.select(place, column);
                    true
                }
                None if *row < table.rows => {
                    let filter = table.filter.as_ref().map_or("", |filter| &filter.text);
                    let text = format!("row {row} does not show: {filter}");
                    app.say(Mood::Bad, escape(&text).into_owned());
                    return;
                }
                None => false,
            }
        }
        (_, Screen::Tree, [row]) => {
            let len = tab.tree.len();
            tab.tree.cursor.reveal(*row, len, height);
            *row < len
        }
        (_, _, [row]) => match motion::list(tab) {
            Some((cursor, len)) => {
                cursor.reveal(*row, len, height);
                *row < len
            }
            None => false,
        },
        _ => false,
    };
    if !found {
        let index: Vec<String> = index.iter().map(u64::to_string).collect();
        app.say(Mood::Bad, format!("there is no {}", index.join(", ")));
    }
}
