//! What the keys do.

use super::block;
use super::branch;
use super::columns;
use super::files;
use super::find;
use super::go::go_to;
use super::listed;
use super::motion;
use super::palette;
use super::picture;
use super::plot;
use super::reload;
use super::session;
use super::sheets;
use super::world;
use crate::app::App;
use crate::app::Asking;
use crate::app::Cells;
use crate::app::Mood;
use crate::app::Overlay;
use crate::app::Prompt;
use crate::app::Screen;
use crate::app::Tab;
use crate::effect::Effect;
use crate::effect::Slot;
use crate::effect::Work;
use crate::keymap::Action;
use crate::keymap::FilesKey;
use crate::line::Line;
use crate::pane::cursor::Cursor;
use crate::pane::files::FilesPane;
use crate::pane::help::HelpPane;
use crate::pane::hex::HexPane;
use crate::pane::picker::Purpose;
use crate::pane::table::TablePane;
use crate::view;
use asdf_core::TreePath;
use asdf_core::array::is_array;
use std::sync::Arc;

/// What a key means to the list of files and to a table; `None` where it means something else.
fn listed_or_table(app: &mut App, action: Action) -> Option<Vec<Effect>> {
    let is_list = app.tab().screen == Screen::Files;
    Some(match action {
        Action::NextFile if app.tabs.len() < 2 && app.files.is_some() => listed::step(app, true),
        Action::NextListed => listed::step(app, true),
        Action::PreviousListed => listed::step(app, false),
        Action::ShowFiles => listed::show(app),
        Action::Files(key) => listed::key(app, key),
        Action::Sort if is_list => listed::key(app, FilesKey::Sort),
        Action::Column(key) => columns::key(app, key),
        Action::Search if columns::has_table(app) => {
            columns::begin_search(app);
            Vec::new()
        }
        Action::Next if columns::has_table(app) => columns::next(app, true),
        Action::Previous if columns::has_table(app) => columns::next(app, false),
        Action::Palette => {
            palette::show(app);
            Vec::new()
        }
        Action::Bookmark => {
            session::bookmark(app, "");
            Vec::new()
        }
        Action::Bookmarks => {
            palette::show_bookmarks(app);
            Vec::new()
        }
        _ => return None,
    })
}

/// Does what a key means.
pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if let Some(effects) = listed_or_table(app, action) {
        return effects;
    }
    match action {
        Action::Quit if app.overlay.is_some() => close_overlay(app),
        Action::Quit => return vec![Effect::Quit],
        Action::Redraw => return vec![Effect::Redraw],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Reload => return reload::reload(app),
        Action::Help => help(app),
        Action::Command => ask(app, Asking::Command),
        Action::Search => find::begin_search(app),
        Action::Next => find::next_hit(app, true),
        Action::Previous => find::next_hit(app, false),
        Action::Filter => ask(app, Asking::Filter),
        Action::Focus => focus(app),
        Action::Detail => {
            let tab = app.tab_mut();
            let was_list = tab.screen == Screen::Files;
            tab.is_in_detail = true;
            if was_list {
                return listed::show_of_selected(app, Screen::Tree);
            }
            tab.screen = Screen::Tree;
        }
        Action::Show(screen) => return show(app, screen),
        Action::OpenFile => return files::choose(app, Purpose::Open),
        Action::Compare => return files::choose(app, Purpose::Diff),
        Action::NextFile => return picture::next_file(app),
        Action::CloseFile => return files::close_file(app),
        Action::CopyValue => return copy(app, true),
        Action::CopyPath => return copy(app, false),
        Action::Back => return back(app),
        Action::Move(motion) => motion::step(app, motion),
        Action::Enter => return enter(app),
        Action::Check | Action::CheckAll => return block::check(app, action == Action::CheckAll),
        Action::GoToArray => block::go_to_user(app),
        Action::Decoded => return block::decoded(app),
        Action::Sort if app.tab().screen == Screen::Table => return sheets::sort_rows(app),
        Action::NextSlice
        | Action::PreviousSlice
        | Action::NextAxis
        | Action::PreviousAxis
        | Action::Transpose
        | Action::BringAxis => sheets::grid(app, action),
        Action::Image(key) => return picture::key(app, key),
        Action::Plot(key) => return plot::key(app, key),
        Action::Close if app.tab().screen == Screen::Hdus => app.tab_mut().hdus.header = None,
        Action::Open
        | Action::Close
        | Action::Fold
        | Action::FoldAll
        | Action::UnfoldAll
        | Action::NextArray
        | Action::PreviousArray
        | Action::Sort
        | Action::Hide => branch::tree(app, action),
        // Taken where keys are, or before.
        _ => {}
    }
    Vec::new()
}

pub(super) fn help(app: &mut App) {
    app.overlay = Some(Overlay::Help(HelpPane {
        screen: app.tab().screen,
        cursor: Cursor::default(),
    }));
}

pub(super) fn close_overlay(app: &mut App) {
    app.overlay = None;
}

pub(super) fn ask(app: &mut App, asking: Asking) {
    let line = match (&app.tab().cells, asking) {
        (Some(Cells::Table(table)), Asking::Filter) => {
            Line::new(table.filter.as_ref().map_or("", |filter| &filter.text))
        }
        _ => Line::default(),
    };
    app.prompt = Some(Prompt {
        asking,
        line,
        candidates: Vec::new(),
        recalled: None,
    });
}

pub(super) fn focus(app: &mut App) {
    let tab = app.tab_mut();
    if tab.screen == Screen::Files {
        return;
    }
    if tab.screen == Screen::Tree {
        tab.is_in_detail = !tab.is_in_detail;
    } else {
        tab.screen = Screen::Tree;
        tab.is_in_detail = false;
    }
}

/// Fills the screen with something else.
pub(super) fn show(app: &mut App, screen: Screen) -> Vec<Effect> {
    app.overlay = None;
    if screen == Screen::Files {
        return listed::show(app);
    }
    if app.tab().screen == Screen::Files {
        return listed::show_of_selected(app, screen);
    }
    if screen == Screen::Image
        && app.tab().screen == Screen::Diff
        && let Some(effects) = show_difference(app)
    {
        return effects;
    }
    let tab = app.tab_mut();
    tab.is_in_detail = false;
    if matches!(screen, Screen::Image | Screen::Table | Screen::Stats) {
        match tab.screen {
            // Before one was chosen the picture is that of the array which the file is about.
            Screen::Hdus if screen == Screen::Image && !tab.hdus.is_chosen => {}
            Screen::Hdus => select_array_of_hdu(tab, screen == Screen::Image),
            _ => select_array_shown(tab),
        }
        if tab.screen != screen {
            return show_cell_of(app, screen);
        }
    }
    show_screen(app, screen)
}

/// Shows the difference of the arrays that are selected in a comparison.
fn show_difference(app: &mut App) -> Option<Vec<Effect>> {
    let diff = app.tab().diff.as_ref()?;
    let (row, other) = (diff.selected()?, diff.file.clone()?);
    let (path, at) = (row.path.clone(), row.elements.as_ref()?.at.clone());
    if at.len() < 2 {
        return None;
    }
    Some(picture::show_difference(app, path, other, Some(&at)))
}

/// Shows the array, with the element that was selected before: a cell becomes the crosshair and the other way round.
fn show_cell_of(app: &mut App, screen: Screen) -> Vec<Effect> {
    let index = selected_element(app.tab());
    let mut effects = show_screen(app, screen);
    if let Some((path, index)) = index {
        match screen {
            Screen::Image => effects.extend(picture::point_at(app, &path, &index)),
            Screen::Table => sheets::select_element(app, &path, index),
            _ => {}
        }
    }
    effects
}

/// The element of an array that is selected: the crosshair, or the cell of a matrix.
fn selected_element(tab: &Tab) -> Option<(String, Vec<u64>)> {
    match (tab.screen, &tab.cells, &tab.image) {
        (Screen::Table, Some(Cells::Grid(grid)), _) => Some((grid.path.clone(), grid.index())),
        (Screen::Image, _, Some(pane)) => {
            let index = pane.crosshair_index()?;
            Some((pane.path().to_string(), index))
        }
        _ => None,
    }
}

/// What shows of an array is shown of the array that shows.
fn select_array_shown(tab: &mut Tab) {
    let path = match tab.screen {
        Screen::Image => tab.image.as_ref().map(|pane| pane.path().clone()),
        Screen::Table => match &tab.cells {
            Some(Cells::Grid(grid)) => TreePath::parse(&grid.path).ok(),
            Some(Cells::Table(table)) => TreePath::parse(&table.path).ok(),
            None => None,
        },
        Screen::Stats => {
            let stats = tab.stats.as_ref();
            stats.and_then(|stats| TreePath::parse(&stats.path).ok())
        }
        _ => None,
    };
    if let Some(path) = path.filter(|path| tab.file.node(path).is_ok()) {
        let file = Arc::clone(&tab.file);
        tab.tree.reveal(&file, &path);
    }
}

fn show_screen(app: &mut App, screen: Screen) -> Vec<Effect> {
    let tab = app.tab_mut();
    match screen {
        Screen::Image => return picture::show_picture(app),
        Screen::Table => return sheets::show_cells(app),
        Screen::Stats => return sheets::show_stats(app),
        Screen::World => return world::show(app),
        Screen::Plot => return plot::show(app),
        Screen::Diff if tab.diff.is_none() => return files::choose(app, Purpose::Diff),
        _ => tab.screen = screen,
    }
    Vec::new()
}

/// What is shown of an HDU is shown of its array in the tree.
fn select_array_of_hdu(tab: &mut Tab, is_picture: bool) {
    let file = Arc::clone(&tab.file);
    if let Some(path) = tab.hdus.select_array(is_picture) {
        tab.tree.reveal(&file, &path);
    }
}

pub(super) fn copy(app: &mut App, value: bool) -> Vec<Effect> {
    let tab = app.tab();
    if tab.screen == Screen::Files {
        return copy_names(app);
    }
    let text = if value {
        view::copied_value(tab)
    } else {
        view::copied_path(tab)
    };
    let Some(text) = text else {
        app.say(Mood::Bad, "nothing to copy here");
        return Vec::new();
    };
    let what = if value { "value" } else { "path" };
    app.say(
        Mood::Good,
        format!("{what} copied, {} characters", text.chars().count()),
    );
    vec![Effect::Copy(text)]
}

/// Copies the names of the marked files, or of the selected one.
fn copy_names(app: &mut App) -> Vec<Effect> {
    let names = app.files.as_ref().map(FilesPane::marked_names);
    let names = names.unwrap_or_default();
    let count = names.lines().count();
    app.say(
        Mood::Good,
        format!("{} copied", session::count_of(count, "name")),
    );
    vec![Effect::Copy(names)]
}

/// The text that rows must have goes first, then the list.
fn leave_list(app: &mut App) -> Vec<Effect> {
    if let Some(pane) = app.files.as_mut().filter(|pane| !pane.wanted.is_empty()) {
        pane.wanted.clear();
        return Vec::new();
    }
    listed::leave(app)
}

pub(super) fn back(app: &mut App) -> Vec<Effect> {
    if app.overlay.take().is_some() {
        return Vec::new();
    }
    if app.tab().screen == Screen::Files {
        return leave_list(app);
    }
    let tab = app.tab_mut();
    if tab.screen == Screen::Hdus && tab.hdus.header.take().is_some() {
        return Vec::new();
    }
    let screen = tab.screen;
    if screen == Screen::Tree && !tab.is_in_detail {
        tab.search.pattern = None;
        tab.search.hits = None;
        return vec![app.cancel(Slot::Search)];
    }
    tab.is_in_detail = false;
    let plot = tab.plot.as_ref().filter(|_| screen == Screen::Plot);
    tab.screen = plot.map_or(Screen::Tree, |plot| plot.under);
    if screen == Screen::Stats
        && tab
            .stats
            .as_ref()
            .is_some_and(|stats| stats.found.is_none())
    {
        tab.stats = None;
        return vec![app.cancel(Slot::Stats)];
    }
    Vec::new()
}

pub(super) fn enter(app: &mut App) -> Vec<Effect> {
    let tab = app.tab_mut();
    match tab.screen {
        Screen::Tree => {
            let is_cells = tab
                .selected()
                .is_some_and(|node| is_array(node) || !TablePane::arrays(node).is_empty());
            if is_cells {
                return picture::show_either(app);
            }
            branch::tree(app, Action::Fold);
        }
        Screen::Blocks => {
            let at = usize::try_from(tab.blocks.cursor.at).unwrap_or(usize::MAX);
            if at < tab.file.blocks().len() {
                let hex = HexPane::new(at);
                let ask = hex.ask;
                app.overlay = Some(Overlay::Hex(hex));
                return vec![app.job(Slot::Hex, Work::Hex(ask))];
            }
        }
        Screen::Stats => return sheets::show_cells(app),
        Screen::Problems => {
            let at = usize::try_from(tab.problems.cursor.at).unwrap_or(usize::MAX);
            let problem = tab.problems.rows().get(at);
            match problem.map(|problem| problem.path.clone()) {
                Some(Some(path)) => go_to(app, &path),
                Some(None) => app.say(Mood::Bad, "this concerns the file as a whole"),
                None => {}
            }
        }
        Screen::Hdus if tab.hdus.header.is_none() && tab.hdus.selected().is_some() => {
            tab.hdus.header = Some(Cursor::default());
        }
        Screen::Diff => {
            let diff = tab.diff.as_ref();
            let at = diff.map_or(0, |diff| {
                usize::try_from(diff.cursor.at).unwrap_or(usize::MAX)
            });
            let path = diff
                .and_then(|diff| diff.rows().get(at))
                .map(|row| row.path.clone());
            if let Some(path) = path {
                go_to(app, &path);
            }
        }
        Screen::Image
        | Screen::Table
        | Screen::Hdus
        | Screen::World
        | Screen::Plot
        | Screen::Files => {}
    }
    Vec::new()
}
