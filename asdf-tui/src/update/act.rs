//! What the keys do.

use super::demand;
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
use crate::key::Code;
use crate::key::Key;
use crate::keymap::Action;
use crate::layout;
use crate::line::Edit;
use crate::line::Line;
use crate::pane::cursor::Cursor;
use crate::pane::cursor::Motion;
use crate::pane::diff::DiffPane;
use crate::pane::help::HelpPane;
use crate::pane::hex::HexPane;
use crate::pane::picker::PickerPane;
use crate::pane::picker::Purpose;
use crate::pane::stats::StatsPane;
use crate::pane::table::PickAsk;
use crate::pane::table::TablePane;
use crate::view;
use asdf_core::TreePath;
use asdf_core::is_ndarray;
use std::path::PathBuf;
use std::sync::Arc;

/// Does what a key means.
pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Quit if app.overlay.is_some() => close_overlay(app),
        Action::Quit => return vec![Effect::Quit],
        Action::Redraw => return vec![Effect::Redraw],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Help => help(app),
        Action::Command => ask(app, Asking::Command),
        Action::Search => begin_search(app),
        Action::Next => next_hit(app, true),
        Action::Previous => next_hit(app, false),
        Action::Filter => ask(app, Asking::Filter),
        Action::Focus => focus(app),
        Action::Detail => {
            let tab = app.tab_mut();
            tab.screen = Screen::Tree;
            tab.is_in_detail = true;
        }
        Action::Show(screen) => return show(app, screen),
        Action::OpenFile => return choose(app, Purpose::Open),
        Action::Compare => return choose(app, Purpose::Diff),
        Action::NextFile => app.current = (app.current + 1) % app.tabs.len().max(1),
        Action::CloseFile => return close_file(app),
        Action::CopyValue => return copy(app, true),
        Action::CopyPath => return copy(app, false),
        Action::Back => return back(app),
        Action::Move(motion) => step(app, motion),
        Action::Enter => return enter(app),
        Action::Check | Action::CheckAll => return check(app, action == Action::CheckAll),
        Action::GoToArray => go_to_user(app),
        Action::Decoded => return decoded(app),
        Action::Sort if app.tab().screen == Screen::Table => return sort_rows(app),
        Action::NextSlice
        | Action::PreviousSlice
        | Action::NextAxis
        | Action::PreviousAxis
        | Action::Transpose
        | Action::BringAxis => grid(app, action),
        Action::Close if app.tab().screen == Screen::Hdus => app.tab_mut().hdus.header = None,
        Action::Open
        | Action::Close
        | Action::Fold
        | Action::FoldAll
        | Action::UnfoldAll
        | Action::NextArray
        | Action::PreviousArray
        | Action::Sort
        | Action::Hide => tree(app, action),
    }
    Vec::new()
}

fn help(app: &mut App) {
    app.overlay = Some(Overlay::Help(HelpPane {
        screen: app.tab().screen,
        cursor: Cursor::default(),
    }));
}

fn close_overlay(app: &mut App) {
    app.overlay = None;
}

fn ask(app: &mut App, asking: Asking) {
    let line = match (&app.tab().cells, asking) {
        (Some(Cells::Table(table)), Asking::Filter) => {
            Line::new(table.filter.as_ref().map_or("", |filter| &filter.text))
        }
        _ => Line::default(),
    };
    app.prompt = Some(Prompt { asking, line });
}

fn begin_search(app: &mut App) {
    if app.tab().screen != Screen::Hdus {
        app.tab_mut().screen = Screen::Tree;
    }
    app.overlay = None;
    let tab = app.tab_mut();
    tab.search.origin = tab.tree.selected().map(|row| row.node);
    ask(app, Asking::Search);
}

fn next_hit(app: &mut App, forward: bool) {
    if app.tab().screen == Screen::Hdus {
        return find_card(app, forward);
    }
    let tab = app.tab_mut();
    let file = Arc::clone(&tab.file);
    let here = tab.tree.selected().map(|row| row.node);
    let hit = here.and_then(|here| tab.search.other(&file, here, forward));
    match hit.and_then(|hit| file.tree().by_id(hit)) {
        Some(node) => {
            tab.tree.reveal(&file, &node.path());
            tab.screen = Screen::Tree;
        }
        None if tab.search.pattern.is_none() => app.say(Mood::Bad, "no search yet: / begins one"),
        None => app.say(Mood::Bad, "the text does not occur"),
    }
}

/// Goes to the next card of the open header, or of the selected HDU, with the text.
pub(super) fn find_card(app: &mut App, forward: bool) {
    let hdus = &mut app.tab_mut().hdus;
    let at = hdus.header.map_or(0, |cursor| cursor.at);
    let tab = app.tab();
    let Some(pattern) = &tab.search.pattern else {
        return app.say(Mood::Bad, "no search yet: / begins one");
    };
    match tab.hdus.find(pattern, at, forward) {
        Some(found) => {
            let len = tab.hdus.selected().map_or(0, |hdu| hdu.cards.len() as u64);
            let height = demand::height(app);
            let header = app.tab_mut().hdus.header.get_or_insert_default();
            header.reveal(found, len, height);
        }
        None => app.say(Mood::Bad, "no card has the text"),
    }
}

fn focus(app: &mut App) {
    let tab = app.tab_mut();
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
    let tab = app.tab_mut();
    tab.is_in_detail = false;
    match screen {
        Screen::Table => return show_cells(app),
        Screen::Stats => return show_stats(app),
        Screen::Diff if tab.diff.is_none() => return choose(app, Purpose::Diff),
        _ => tab.screen = screen,
    }
    Vec::new()
}

/// The cells of the selected array or table; without one those that were shown last.
fn show_cells(app: &mut App) -> Vec<Effect> {
    let tab = app.tab_mut();
    let node = tab.selected();
    let is_new = node.filter(|node| is_ndarray(*node) || !TablePane::arrays(*node).is_empty());
    match is_new.map(|node| (node.id(), node.path().to_string())) {
        Some((node, path)) => {
            let shown = match &tab.cells {
                Some(Cells::Grid(grid)) => Some(&grid.path),
                Some(Cells::Table(table)) => Some(&table.path),
                None => None,
            };
            if shown != Some(&path) {
                tab.cells = None;
                tab.opening = Some(node);
            }
            tab.screen = Screen::Table;
        }
        None if tab.cells.is_some() => tab.screen = Screen::Table,
        None => app.say(
            Mood::Bad,
            "no array or table is selected: J goes to the next array",
        ),
    }
    Vec::new()
}

fn show_stats(app: &mut App) -> Vec<Effect> {
    let tab = app.tab_mut();
    let node = tab.selected().filter(|node| is_ndarray(*node));
    match node.map(|node| (node.id(), node.path().to_string())) {
        Some((node, path)) => {
            tab.screen = Screen::Stats;
            if tab.stats.as_ref().is_some_and(|stats| stats.node == node) {
                return Vec::new();
            }
            tab.stats = Some(StatsPane::new(node, path));
            vec![app.job(Slot::Stats, Work::Stats(node))]
        }
        None if tab.stats.is_some() => {
            tab.screen = Screen::Stats;
            Vec::new()
        }
        None => {
            app.say(Mood::Bad, "no array is selected: J goes to the next one");
            Vec::new()
        }
    }
}

fn choose(app: &mut App, purpose: Purpose) -> Vec<Effect> {
    app.overlay = Some(Overlay::Picker(PickerPane::new(purpose)));
    let folder = if app.folder.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        app.folder.clone()
    };
    vec![app.job(Slot::Folder, Work::Folder(folder))]
}

/// Keys of the picker: they are typed into its filter. `None` for those that mean the same as in
/// other lists.
pub(super) fn pick_key(app: &mut App, key: Key) -> Option<Vec<Effect>> {
    let Some(Overlay::Picker(picker)) = &mut app.overlay else {
        return None;
    };
    match key.code {
        Code::Enter => {
            let (purpose, entry) = (picker.purpose, picker.selected()?.clone());
            if entry.is_folder {
                picker.listing = None;
                picker.filter = Line::default();
                return Some(vec![app.job(Slot::Folder, Work::Folder(entry.path))]);
            }
            app.overlay = None;
            Some(match purpose {
                Purpose::Open => open_file(app, entry.path),
                Purpose::Diff => compare(app, entry.path),
            })
        }
        Code::Char(_) | Code::Backspace if !key.ctrl && !key.alt => {
            if picker.filter.press(key) == Edit::Changed {
                picker.cursor = Cursor::default();
            }
            Some(Vec::new())
        }
        _ => None,
    }
}

/// Opens a file beside those that are open.
pub(super) fn open_file(app: &mut App, path: PathBuf) -> Vec<Effect> {
    app.say(
        Mood::Good,
        format!("opening {}", asdf_core::escape(&path.display().to_string())),
    );
    let number = app.number();
    app.follow = Some(number);
    vec![app.job(Slot::Open(number), Work::Open(path))]
}

/// Compares with another file.
pub(super) fn compare(app: &mut App, path: PathBuf) -> Vec<Effect> {
    let tab = app.tab_mut();
    tab.diff = Some(DiffPane::new(path.clone()));
    tab.screen = Screen::Diff;
    vec![app.job(Slot::Diff, Work::Diff(path))]
}

fn close_file(app: &mut App) -> Vec<Effect> {
    if app.tabs.len() < 2 {
        return vec![Effect::Quit];
    }
    let id = app.tab().id;
    app.tabs.remove(app.current);
    app.current = app.current.min(app.tabs.len() - 1);
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

fn copy(app: &mut App, value: bool) -> Vec<Effect> {
    let tab = app.tab();
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

fn back(app: &mut App) -> Vec<Effect> {
    if app.overlay.take().is_some() {
        return Vec::new();
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
    tab.screen = Screen::Tree;
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

/// Moves in whatever has the keys.
fn step(app: &mut App, motion: Motion) {
    let height = demand::height(app);
    let screen_height = u64::from(app.size.1.saturating_sub(4));
    let (side, theme) = (layout::inner(view::detail_area(app)), app.theme.clone());
    match &mut app.overlay {
        Some(Overlay::Help(help)) => {
            let len = view::help_len(help);
            return scroll(&mut help.cursor, motion, len, screen_height);
        }
        Some(Overlay::Hex(hex)) => {
            let len = hex.len();
            return scroll(&mut hex.cursor, motion, len, screen_height);
        }
        Some(Overlay::Picker(picker)) => {
            let len = picker.shown().len() as u64;
            return picker
                .cursor
                .step(motion, len, screen_height.saturating_sub(2));
        }
        None => {}
    }
    let tab = app.tab_mut();
    match tab.screen {
        Screen::Tree if tab.is_in_detail => {
            let len = view::detail_len(tab, side, &theme);
            scroll(&mut tab.node.cursor, motion, len, u64::from(side.height));
        }
        Screen::Tree => tab.tree.cursor.step(motion, tab.tree.len(), height),
        Screen::Table => match &mut tab.cells {
            Some(Cells::Grid(grid)) => grid.step(motion),
            Some(Cells::Table(table)) => table.step(motion),
            None => {}
        },
        _ => {
            let height = height.saturating_sub(1);
            if let Some((cursor, len)) = list(tab) {
                cursor.step(motion, len, height);
            }
        }
    }
}

/// The list of a screen that has one, and how many rows it has.
pub(super) fn list(tab: &mut Tab) -> Option<(&mut Cursor, u64)> {
    Some(match tab.screen {
        Screen::Blocks => {
            let len = tab.file.blocks().len() as u64;
            (&mut tab.blocks.cursor, len)
        }
        Screen::Problems => {
            let len = tab.problems.rows().len() as u64;
            (&mut tab.problems.cursor, len)
        }
        Screen::Hdus => {
            let cards = tab.hdus.selected().map_or(0, |hdu| hdu.cards.len() as u64);
            let len = tab.hdus.rows().len() as u64;
            match &mut tab.hdus.header {
                Some(cursor) => (cursor, cards),
                None => (&mut tab.hdus.cursor, len),
            }
        }
        Screen::Diff => {
            let diff = tab.diff.as_mut()?;
            let len = diff.rows().len() as u64;
            (&mut diff.cursor, len)
        }
        Screen::Stats => {
            let stats = tab.stats.as_mut()?;
            let len = view::stats_len(stats);
            (&mut stats.cursor, len)
        }
        Screen::Tree | Screen::Table => return None,
    })
}

/// Moves a text without a selected row.
fn scroll(cursor: &mut Cursor, motion: Motion, len: u64, height: u64) {
    let last = len.saturating_sub(height);
    let mut at = Cursor {
        at: cursor.top,
        top: 0,
    };
    at.step(motion, last + 1, height);
    cursor.top = at.at;
    cursor.at = at.at;
}

fn enter(app: &mut App) -> Vec<Effect> {
    let tab = app.tab_mut();
    match tab.screen {
        Screen::Tree => {
            let is_cells = tab
                .selected()
                .is_some_and(|node| is_ndarray(node) || !TablePane::arrays(node).is_empty());
            if is_cells {
                return show_cells(app);
            }
            tree(app, Action::Fold);
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
        Screen::Stats => return show_cells(app),
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
        Screen::Table | Screen::Hdus => {}
    }
    Vec::new()
}

/// Selects a node in the tree, or what exists of its path.
pub(super) fn go_to(app: &mut App, path: &TreePath) {
    let tab = app.tab_mut();
    let file = Arc::clone(&tab.file);
    tab.screen = Screen::Tree;
    tab.is_in_detail = false;
    if tab.tree.reveal(&file, path).is_none() {
        let path = path.to_string();
        app.say(Mood::Bad, format!("no node {}", asdf_core::escape(&path)));
    }
}

fn check(app: &mut App, all: bool) -> Vec<Effect> {
    let tab = app.tab_mut();
    let count = tab.file.blocks().len();
    let at = usize::try_from(tab.blocks.cursor.at).unwrap_or(usize::MAX);
    let blocks: Vec<usize> = if all {
        (0..count).collect()
    } else {
        (at..count).take(1).collect()
    };
    if blocks.is_empty() {
        return Vec::new();
    }
    tab.blocks.progress = Some((0, blocks.len() as u64));
    vec![app.job(Slot::Check, Work::Check(blocks))]
}

fn go_to_user(app: &mut App) {
    let tab = app.tab();
    let node = tab.blocks.user().and_then(|id| tab.file.tree().by_id(id));
    match node.map(asdf_core::Node::path) {
        Some(path) => go_to(app, &path),
        None => app.say(Mood::Bad, "no array of this file uses the block"),
    }
}

fn decoded(app: &mut App) -> Vec<Effect> {
    let Some(Overlay::Hex(hex)) = &mut app.overlay else {
        return Vec::new();
    };
    hex.ask.decoded = !hex.ask.decoded;
    hex.found = None;
    hex.cursor = Cursor::default();
    let ask = hex.ask;
    vec![app.job(Slot::Hex, Work::Hex(ask))]
}

fn sort_rows(app: &mut App) -> Vec<Effect> {
    let Some(Cells::Table(table)) = &mut app.tab_mut().cells else {
        return Vec::new();
    };
    let ask = table.sort();
    pick_rows(app, ask)
}

/// Asks for the rows of a table, or takes back what was asked for.
pub(super) fn pick_rows(app: &mut App, ask: Option<PickAsk>) -> Vec<Effect> {
    match ask {
        Some(ask) => vec![app.job(Slot::Pick, Work::Pick(ask))],
        None => vec![app.cancel(Slot::Pick)],
    }
}

fn grid(app: &mut App, action: Action) {
    let Some(Cells::Grid(grid)) = &mut app.tab_mut().cells else {
        return;
    };
    match action {
        Action::NextSlice | Action::PreviousSlice => {
            if !grid.slice(action == Action::NextSlice) {
                app.say(Mood::Bad, "all axes show: there are no slices");
            }
        }
        Action::NextAxis | Action::PreviousAxis => grid.other_axis(action == Action::NextAxis),
        _ => grid.turn(action == Action::BringAxis),
    }
}

fn tree(app: &mut App, action: Action) {
    let tab = app.tab_mut();
    let file = Arc::clone(&tab.file);
    let at = tab.tree.at();
    let Some(row) = tab.tree.selected().copied() else {
        return;
    };
    let up = || tab.tree.parent(at);
    match action {
        Action::Open if row.is_branch && row.is_open => tab.tree.cursor.at += 1,
        Action::Open => tab.tree.open(&file, at),
        Action::Close if row.is_open => tab.tree.close(at),
        Action::Close => tab.tree.cursor.at = up().unwrap_or(at) as u64,
        Action::Fold if row.is_open => tab.tree.close(at),
        Action::Fold => tab.tree.open(&file, at),
        Action::FoldAll => tab.tree.close_all(&file),
        Action::UnfoldAll => {
            if !tab.tree.open_all(&file) {
                app.say(Mood::Bad, "the tree is too large to be opened in full");
            }
        }
        Action::Sort => {
            tab.tree.order = tab.tree.order.other();
            tab.tree.renew(&file);
        }
        Action::Hide => {
            tab.tree.shows_history = !tab.tree.shows_history;
            tab.tree.renew(&file);
        }
        _ => {
            let path = tab.tree.other_array(&file, action == Action::NextArray);
            match path {
                Some(path) => {
                    tab.tree.reveal(&file, &path);
                }
                None => app.say(Mood::Bad, "no further array"),
            }
        }
    }
}
