//! Cells and statistics: which array they are of, and in which order.

use crate::app::App;
use crate::app::Cells;
use crate::app::Mood;
use crate::app::Screen;
use crate::effect::Effect;
use crate::effect::Slot;
use crate::effect::Work;
use crate::keymap::Action;
use crate::pane::stats::StatsPane;
use crate::pane::table::PickAsk;
use crate::pane::table::TablePane;
use asdf_core::array::is_array;

/// The cells of the selected array or table; without one those that were shown last.
pub(super) fn show_cells(app: &mut App) -> Vec<Effect> {
    let tab = app.tab_mut();
    tab.may_be_picture = false;
    let node = tab.selected();
    let is_new = node.filter(|node| is_array(*node) || !TablePane::arrays(*node).is_empty());
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

/// Selects an element of the matrix of an array, or has it selected when the matrix is there.
pub(super) fn select_element(app: &mut App, path: &str, index: Vec<u64>) {
    let tab = app.tab_mut();
    match &mut tab.cells {
        Some(Cells::Grid(grid)) if grid.path == path => {
            grid.select(&index);
        }
        None if tab.opening.is_some() => tab.reopened = Some(index),
        _ => {}
    }
}

pub(super) fn show_stats(app: &mut App) -> Vec<Effect> {
    let tab = app.tab_mut();
    let node = tab.selected().filter(|node| is_array(*node));
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

pub(super) fn sort_rows(app: &mut App) -> Vec<Effect> {
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

pub(super) fn grid(app: &mut App, action: Action) {
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
