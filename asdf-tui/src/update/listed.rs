//! The list of files: what its keys do, and opening files from it.

use super::act;
use super::picture;
use super::resume;
use super::resume::Step;
use super::session::count_of;
use crate::app::App;
use crate::app::Asking;
use crate::app::Awaited;
use crate::app::Mood;
use crate::app::Prompt;
use crate::app::Screen;
use crate::app::Tab;
use crate::effect::Effect;
use crate::effect::Slot;
use crate::effect::Work;
use crate::keymap::FilesKey;
use crate::layout;
use crate::line::Line;
use crate::pane::files::FilesPane;
use crate::pane::files::listing::FileTable;
use crate::pane::files::listing::ListAsk;
use crate::pane::files::thumbnail::Thumbnail;
use crate::pane::files::thumbnail::ThumbnailAsk;
use crate::pane::image::second::Wish;
use crate::raster::Operation;
use crate::view;
use asdf_core::OpenOptions;
use asdf_core::inspect::escape;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

/// Begins with a list; the file of the tab that shows is an empty one until one is chosen.
pub(crate) fn begin(app: &mut App, ask: ListAsk) -> Effect {
    let tab = app.tab_mut();
    tab.awaited = Some(Awaited::Nothing);
    tab.screen = Screen::Files;
    app.files = Some(FilesPane::new(ask.clone()));
    app.job_of_all(Slot::List, Work::List(ask))
}

/// Shows the list, or the file again.
pub(super) fn show(app: &mut App) -> Vec<Effect> {
    app.overlay = None;
    if app.files.is_none() {
        app.say(
            Mood::Bad,
            "no list of files: name a folder or several files at the start, or :files FOLDER",
        );
        return Vec::new();
    }
    if app.tab().screen == Screen::Files {
        return leave(app);
    }
    let tab = app.tab_mut();
    tab.under = tab.screen;
    tab.screen = Screen::Files;
    Vec::new()
}

/// Back from the list to the file.
pub(super) fn leave(app: &mut App) -> Vec<Effect> {
    if app.tab().awaited == Some(Awaited::Nothing) {
        app.say(Mood::Bad, "no file is open yet: Enter opens one");
        return Vec::new();
    }
    let tab = app.tab_mut();
    tab.screen = tab.under;
    Vec::new()
}

/// Closes the only file: the list shows, as before any file was opened.
pub(super) fn close_last(app: &mut App) -> Vec<Effect> {
    let id = app.tab().id;
    let effects = super::reload::cancel_all(app, id);
    let name = app.tab().file.name().to_path_buf();
    // Without anything in it, so that nothing of the file is held any longer.
    let empty = OpenOptions::default().read_bytes(b"#ASDF 1.0.0\n".to_vec(), name);
    let file = empty.map_or_else(|_| Arc::clone(&app.tab().file), Arc::new);
    let mut tab = Tab::new(app.number(), file);
    tab.awaited = Some(Awaited::Nothing);
    tab.screen = Screen::Files;
    *app.tab_mut() = tab;
    app.overlay = None;
    app.carried = None;
    resume::replace(app, id, Vec::new());
    if let Some(pane) = &mut app.files {
        pane.opened = None;
    }
    effects
}

/// What a key means in the list.
pub(super) fn key(app: &mut App, key: FilesKey) -> Vec<Effect> {
    let Some(pane) = &mut app.files else {
        return Vec::new();
    };
    match key {
        FilesKey::Open => return open_selected(app, Vec::new()),
        FilesKey::Mark => {
            pane.mark();
            let motion = crate::pane::cursor::Motion::Down;
            super::motion::step(app, motion);
        }
        FilesKey::MarkAll => pane.mark_all(),
        FilesKey::Left => pane.step_column(false),
        FilesKey::Right => pane.step_column(true),
        FilesKey::Sort => {
            pane.sort();
            return list_again(app);
        }
        FilesKey::Condition => ask(app, Asking::Condition),
        FilesKey::Columns => ask(app, Asking::Columns),
        FilesKey::Write => ask(app, Asking::MarksFile),
        FilesKey::Second => return open_two(app, Wish::Operation(Operation::Difference)),
        FilesKey::Beside => return open_two(app, Wish::Beside),
    }
    Vec::new()
}

fn ask(app: &mut App, asking: Asking) {
    let pane = app.files.as_ref();
    let text = pane.map_or("", |pane| {
        let ask = pane.refused.as_ref().unwrap_or(&pane.ask);
        match asking {
            Asking::Condition => ask.condition.as_str(),
            Asking::Columns => ask.columns.as_str(),
            _ => "",
        }
    });
    app.prompt = Some(Prompt {
        asking,
        line: Line::new(text),
        candidates: Vec::new(),
        recalled: None,
    });
}

/// Takes a line that was typed for the list.
pub(super) fn typed(app: &mut App, asking: Asking, text: &str) -> Vec<Effect> {
    let text = text.trim();
    let Some(pane) = &mut app.files else {
        return Vec::new();
    };
    match asking {
        Asking::Condition => text.clone_into(&mut pane.ask.condition),
        Asking::Columns => text.clone_into(&mut pane.ask.columns),
        Asking::MarksFile if text.is_empty() => return Vec::new(),
        Asking::MarksFile => {
            let names = pane.marked_names();
            let names = if names.ends_with('\n') {
                names
            } else {
                format!("{names}\n")
            };
            let count = names.lines().count();
            let work = Work::WriteText(PathBuf::from(text), names, count_of(count, "name"));
            return vec![app.job_of_all(Slot::Write, work)];
        }
        Asking::Search | Asking::Command | Asking::Filter | Asking::Cell => {}
    }
    list_again(app)
}

/// Sorts by columns that were typed.
pub(super) fn sort_by(app: &mut App, text: &str) -> Vec<Effect> {
    if let Some(pane) = &mut app.files {
        text.trim().clone_into(&mut pane.ask.sort);
    }
    list_again(app)
}

/// Reads the rows again.
pub(super) fn list_again(app: &mut App) -> Vec<Effect> {
    let Some(pane) = &mut app.files else {
        return Vec::new();
    };
    pane.is_busy = true;
    let ask = pane.ask.clone();
    vec![app.job_of_all(Slot::List, Work::List(ask))]
}

/// Lists a folder instead, or what lies in it beside what is listed.
pub(super) fn list_folder(app: &mut App, folder: &Path) -> Vec<Effect> {
    app.say(Mood::Good, "looking for files …");
    vec![app.job_of_all(Slot::Gather, Work::Gather(folder.to_path_buf()))]
}

/// The files of a folder are known.
pub(super) fn gathered(app: &mut App, found: Result<Vec<PathBuf>, String>) -> Vec<Effect> {
    let files = match found {
        Ok(files) => files,
        Err(error) => {
            app.say(Mood::Bad, escape(&error).into_owned());
            return Vec::new();
        }
    };
    app.message = None;
    let mut ask = app
        .files
        .as_ref()
        .map_or_else(ListAsk::default, |pane| pane.ask.clone());
    ask.files = Arc::new(files);
    app.files = Some(FilesPane::new(ask.clone()));
    if app.tab().screen != Screen::Files {
        let tab = app.tab_mut();
        tab.under = tab.screen;
        tab.screen = Screen::Files;
    }
    vec![app.job_of_all(Slot::List, Work::List(ask))]
}

/// Takes the rows.
pub(super) fn take(app: &mut App, found: Option<Result<FileTable, String>>) {
    let (Some(pane), Some(found)) = (&mut app.files, found) else {
        return;
    };
    match found {
        // What was typed is mended more easily with the rows in sight.
        Err(error) if pane.table.as_ref().is_some_and(Result::is_ok) => {
            pane.refuse();
            app.say(Mood::Bad, escape(&error).into_owned());
        }
        Ok(table) => {
            let note = table.note.clone();
            pane.take(Ok(table));
            if let Some(note) = note {
                app.say(Mood::Bad, escape(&note).into_owned());
            }
        }
        Err(error) => pane.take(Err(error)),
    }
}

/// Takes the picture of a file.
pub(super) fn take_thumbnail(app: &mut App, path: &Path, found: Result<Arc<Thumbnail>, String>) {
    let Some(pane) = &mut app.files else { return };
    if let Some((own, slot)) = &mut pane.thumbnail
        && own == path
    {
        *slot = Some(found);
    }
}

/// Fits the list to the screen, and asks for the picture of the selected file.
pub(super) fn demand(app: &mut App) -> Vec<Effect> {
    let areas = layout::areas(app);
    let height = u64::from(layout::inner(areas.main).height.saturating_sub(1));
    let origin = app.origin;
    let Some(pane) = &mut app.files else {
        return Vec::new();
    };
    let len = pane.rows().len() as u64;
    let at = pane.cursor.at;
    pane.cursor.select(at, len, height);
    let (picture, _) = view::thumbnail_area(layout::inner(areas.side));
    let selected = pane.selected().filter(|row| row.fault.is_none());
    let Some(path) = selected.map(|row| row.path.clone()) else {
        return Vec::new();
    };
    let is_there = pane.thumbnail.as_ref().is_some_and(|own| own.0 == path);
    if is_there || picture.is_empty() {
        return Vec::new();
    }
    pane.thumbnail = Some((path.clone(), None));
    let size = [u64::from(picture.width), u64::from(picture.height) * 2];
    let ask = ThumbnailAsk { size, origin };
    vec![app.job_of_all(Slot::Thumbnail, Work::Thumbnail(path, ask))]
}

/// Opens the selected file, and does something in it then.
pub(super) fn open_selected(app: &mut App, steps: Vec<Step>) -> Vec<Effect> {
    let selected = app.files.as_ref().and_then(FilesPane::selected);
    match selected.map(|row| row.path.clone()) {
        Some(path) => open(app, path, steps),
        None => Vec::new(),
    }
}

/// Opens the selected file with the first of the other marked files as its second image.
fn open_two(app: &mut App, wish: Wish) -> Vec<Effect> {
    let pane = app.files.as_ref();
    let selected = pane
        .and_then(FilesPane::selected)
        .map(|row| row.path.clone());
    let listed = pane.map(|pane| pane.ask.files.iter().zip(std::iter::repeat(&pane.marks)));
    let other = listed.into_iter().flatten().find(|(path, marks)| {
        marks.contains(*path) && selected.as_ref().is_some_and(|own| own != *path)
    });
    let Some((other, _)) = other else {
        app.say(
            Mood::Bad,
            "mark the file of the second image with Space, then select another",
        );
        return Vec::new();
    };
    let steps = vec![
        Step::Line("image".to_owned()),
        Step::Second(other.clone(), wish),
    ];
    open_selected(app, steps)
}

/// Opens a file in the place of that which was opened from the list before, and does something in it then.
pub(super) fn open(app: &mut App, path: PathBuf, steps: Vec<Step>) -> Vec<Effect> {
    app.carried = None;
    open_in_place(app, path, steps)
}

fn open_in_place(app: &mut App, path: PathBuf, steps: Vec<Step>) -> Vec<Effect> {
    app.overlay = None;
    if let Some(pane) = &mut app.files {
        pane.opened = Some(path.clone());
        pane.select(&path);
    }
    if app.tab().screen == Screen::Files {
        let tab = app.tab_mut();
        tab.screen = tab.under;
    }
    let is_it = |tab: &Tab| tab.awaited.is_none() && tab.file.name() == path;
    if let Some(at) = app.tabs.iter().position(is_it) {
        app.current = at;
        return resume::begin(app, steps);
    }
    let id = app.tab().id;
    let mut effects = super::reload::cancel_all(app, id);
    let tab = app.tab_mut();
    tab.awaited = Some(Awaited::Opening);
    tab.name = escape(&path.display().to_string()).into_owned();
    tab.screen = Screen::Tree;
    tab.under = Screen::Tree;
    resume::replace(app, id, steps);
    effects.push(app.job(Slot::First, Work::Open(path)));
    effects
}

/// The next file of the list, or the one before, at the same place of a picture.
pub(super) fn step(app: &mut App, is_forward: bool) -> Vec<Effect> {
    let tab = app.tab();
    let now = match &tab.awaited {
        None => Some(tab.file.name().to_path_buf()),
        Some(_) => app.files.as_ref().and_then(|pane| pane.opened.clone()),
    };
    let Some(pane) = &app.files else {
        app.say(Mood::Bad, "no list of files: :files FOLDER makes one");
        return Vec::new();
    };
    let next = match &now {
        Some(now) => pane.beside(now, is_forward),
        None => pane.selected().map(|row| row.path.clone()),
    };
    let Some(next) = next else {
        let text = if is_forward {
            "this is the last file of the list"
        } else {
            "this is the first file of the list"
        };
        app.say(Mood::Bad, text);
        return Vec::new();
    };
    let is_picture = tab.screen == Screen::Image && tab.awaited.is_none();
    // A file without the array is left as it was shown, else the picture is not wanted any more.
    let is_passed = tab.awaited.is_some() || matches!(tab.screen, Screen::Tree | Screen::Hdus);
    let id = tab.id;
    // A picture that waits for its file goes on with the next one.
    if is_picture && let Some(pane) = app.tab_mut().image.take() {
        app.carried = Some((id, Box::new(pane)));
    } else if !is_passed {
        app.carried = None;
    }
    let mut effects = open_in_place(app, next, Vec::new());
    if app.tab().id != id && is_picture {
        // It was open already, and the other one stays so.
        if let Some((_, pane)) = app.carried.take() {
            effects.extend(picture::show_again(app, &pane));
            if let Some(left) = app.tabs.iter_mut().find(|tab| tab.id == id) {
                left.image = Some(*pane);
            }
        }
    }
    effects
}

/// The file is open: a picture that was carried along shows it at the same place.
pub(super) fn arrived(app: &mut App, id: u64) -> Vec<Effect> {
    if app.tab().id != id {
        return Vec::new();
    }
    let mut effects = Vec::new();
    if let Some((_, pane)) = app.carried.take_if(|carried| carried.0 == id) {
        effects = picture::show_again(app, &pane);
        if effects.is_empty() {
            app.say(Mood::Bad, "this file has no such array");
            // The next one may have it.
            app.carried = Some((id, pane));
        }
    }
    effects
}

/// A screen was chosen while the list shows: that of the selected file.
pub(super) fn show_of_selected(app: &mut App, screen: Screen) -> Vec<Effect> {
    let selected = app.files.as_ref().and_then(FilesPane::selected);
    let selected = selected.map(|row| row.path.clone());
    let is_open = app.tab().awaited.is_none() && selected.as_deref() == Some(app.tab().file.name());
    if is_open {
        let tab = app.tab_mut();
        tab.screen = tab.under;
        return act::show(app, screen);
    }
    let name = Screen::ALL.iter().find(|entry| entry.0 == screen);
    let name = name.map_or("tree", |entry| entry.2);
    open_selected(app, vec![Step::Line(name.to_owned())])
}
