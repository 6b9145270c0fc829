//! Files that change on disk: noticed, told, and read again at the same place.

use super::picture;
use crate::app::App;
use crate::app::Cells;
use crate::app::Mood;
use crate::app::Screen;
use crate::app::Tab;
use crate::effect::Effect;
use crate::effect::Slot;
use crate::effect::Work;
use crate::stamp::Stamp;
use asdf_core::AsdfFile;
use asdf_core::TreePath;
use std::sync::Arc;

/// Asks whether the file that shows is still what it was, unless that is known or being asked.
pub(super) fn look(app: &mut App) -> Vec<Effect> {
    let tab = app.tab();
    if tab.awaited.is_some() || tab.is_changed || app.tickets.contains_key(&(tab.id, Slot::Watch)) {
        return Vec::new();
    }
    vec![app.job(Slot::Watch, Work::Watch)]
}

/// Tells that a file is another one now.
pub(super) fn take_look(app: &mut App, id: u64, stamp: Stamp) {
    app.tickets.remove(&(id, Slot::Watch));
    let Some(tab) = app.tabs.iter_mut().find(|tab| tab.id == id) else {
        return;
    };
    tab.is_changed = *tab.stamp.get_or_insert(stamp) != stamp;
    if tab.is_changed && app.tab().id == id {
        app.say(
            Mood::Bad,
            "the file has changed on disk: Ctrl-r reads it again",
        );
    }
}

/// Reads the file that shows again.
pub(super) fn reload(app: &mut App) -> Vec<Effect> {
    app.overlay = None;
    app.say(Mood::Good, "reading the file again …");
    let path = app.tab().file.name().to_path_buf();
    vec![app.job(Slot::Reload, Work::Open(path))]
}

/// Takes the file that was read again in the place of the old one.
pub(super) fn take(app: &mut App, id: u64, opened: Result<Arc<AsdfFile>, String>) -> Vec<Effect> {
    let file = match opened {
        Ok(file) => file,
        Err(error) => {
            app.say(Mood::Bad, asdf_core::inspect::escape(&error).into_owned());
            return Vec::new();
        }
    };
    let Some(at) = app.tabs.iter().position(|tab| tab.id == id) else {
        return Vec::new();
    };
    let mut effects = cancel_all(app, id);
    let new = Tab::new(app.number(), file);
    let Some(slot) = app.tabs.get_mut(at) else {
        return Vec::new();
    };
    let old = std::mem::replace(slot, new);
    let is_shown = at == app.current;
    if let Some(tab) = app.tabs.get_mut(at) {
        keep_place(tab, &old);
    }
    if is_shown {
        if let (Screen::Image, Some(pane)) = (old.screen, &old.image) {
            effects.extend(picture::show_again(app, pane));
        }
        app.say(Mood::Good, "the file was read again");
    }
    effects
}

/// Drops all that runs for a tab.
pub(super) fn cancel_all(app: &mut App, id: u64) -> Vec<Effect> {
    let slots: Vec<Slot> = app
        .tickets
        .keys()
        .filter(|key| key.0 == id)
        .map(|key| key.1)
        .collect();
    app.tickets.retain(|key, _| key.0 != id);
    slots
        .into_iter()
        .map(|slot| Effect::Cancel(id, slot))
        .collect()
}

/// Where one was in the old file, as far as the new one has it.
fn keep_place(tab: &mut Tab, old: &Tab) {
    let file = Arc::clone(&tab.file);
    tab.tree.order = old.tree.order;
    tab.tree.shows_history = old.tree.shows_history;
    tab.tree.renew(&file);
    for path in old.tree.open_paths(&old.file) {
        if let Some(at) = tab.tree.reveal(&file, &path) {
            tab.tree.open(&file, at);
        }
    }
    let selected = old.tree.path(&old.file, old.tree.at());
    tab.tree.reveal(&file, &selected);
    tab.tree.cursor.top = old.tree.cursor.top.min(tab.tree.cursor.at);
    tab.is_in_detail = old.is_in_detail;
    tab.blocks.cursor = old.blocks.cursor;
    tab.hdus.cursor = old.hdus.cursor;
    tab.hdus.header = old.hdus.header;
    tab.screen = match old.screen {
        Screen::Image | Screen::Stats | Screen::Diff | Screen::Plot => Screen::Tree,
        Screen::Table => {
            tab.opening =
                cells_path(old).and_then(|path| file.node(&path).ok().map(asdf_core::Node::id));
            tab.reopened = old.cells.as_ref().map(cell);
            match tab.opening {
                Some(_) => Screen::Table,
                None => Screen::Tree,
            }
        }
        screen => screen,
    };
}

/// The path of the array or table whose cells show.
fn cells_path(tab: &Tab) -> Option<TreePath> {
    let path = match tab.cells.as_ref()? {
        Cells::Grid(grid) => &grid.path,
        Cells::Table(table) => &table.path,
    };
    TreePath::parse(path).ok()
}

/// The selected cell: the index of an element, or row and column.
fn cell(cells: &Cells) -> Vec<u64> {
    match cells {
        Cells::Grid(grid) => grid.index(),
        Cells::Table(table) => vec![table.sheet.row.at, table.sheet.column.at],
    }
}
