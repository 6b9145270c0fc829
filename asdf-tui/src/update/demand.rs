//! What the screen needs and nobody has asked for yet: facts about arrays that show, the window of a
//! sheet, what the schemas say of the selected node.

use super::listed;
use super::picture;
use crate::app::App;
use crate::app::Cells;
use crate::app::Screen;
use crate::effect::Effect;
use crate::effect::Slot;
use crate::effect::Work;
use crate::layout;
use crate::pane::grid::GridPane;
use crate::pane::table::TablePane;
use asdf_core::tree::NodeId;
use std::sync::Arc;

/// Fits the panes to the screen and asks for what they lack.
pub(super) fn demand(app: &mut App) -> Vec<Effect> {
    if layout::is_too_small(app.size) {
        return Vec::new();
    }
    if app.tab().screen == Screen::Files {
        return listed::demand(app);
    }
    if app.tab().awaited.is_some() {
        return Vec::new();
    }
    fit(app);
    let mut effects = Vec::new();
    if app.tab().faults.is_none() && !has_asked(app, Slot::Health) {
        effects.push(app.job(Slot::Health, Work::Health));
    }
    if app.tab().stamp.is_none() && !has_asked(app, Slot::Watch) {
        effects.push(app.job(Slot::Watch, Work::Watch));
    }
    match app.tab().screen {
        Screen::Tree => tree(app, &mut effects),
        Screen::Image => picture::fit(app, &mut effects),
        Screen::Table => cells(app, &mut effects),
        Screen::Blocks => {
            if app.tab().blocks.users.is_none() && !has_asked(app, Slot::Users) {
                effects.push(app.job(Slot::Users, Work::Users));
            }
        }
        Screen::Problems => {
            if app.tab().problems.found.is_none() && !has_asked(app, Slot::Problems) {
                effects.push(app.job(Slot::Problems, Work::Problems));
            }
        }
        Screen::Hdus => {
            if app.tab().hdus.found.is_none() && !has_asked(app, Slot::Hdus) {
                effects.push(app.job(Slot::Hdus, Work::Hdus));
            }
        }
        Screen::Stats | Screen::Diff | Screen::World | Screen::Plot | Screen::Files => {}
    }
    effects
}

fn has_asked(app: &App, slot: Slot) -> bool {
    app.tickets.contains_key(&(app.tab().id, slot))
}

/// Rows that show in the main pane.
pub(super) fn height(app: &App) -> u64 {
    u64::from(layout::inner(layout::areas(app).main).height)
}

/// Keeps what is selected on the screen, whatever its size.
fn fit(app: &mut App) {
    let areas = layout::areas(app);
    let main = layout::inner(areas.main);
    let tab = app.tab_mut();
    match tab.screen {
        Screen::Tree => {
            let len = tab.tree.len();
            tab.tree
                .cursor
                .select(tab.tree.cursor.at, len, u64::from(main.height));
        }
        Screen::Table => {
            let height = main.height.saturating_sub(layout::SHEET_HEAD);
            let sheet = match &mut tab.cells {
                Some(Cells::Grid(grid)) => &mut grid.sheet,
                Some(Cells::Table(table)) => &mut table.sheet,
                None => return,
            };
            let margin = layout::sheet_margin(sheet.numbered);
            sheet.set_room(height, main.width.saturating_sub(margin));
        }
        _ => {}
    }
}

fn tree(app: &mut App, effects: &mut Vec<Effect>) {
    let height = height(app);
    let tab = app.tab_mut();
    let shown = tab.tree.cursor.rows(tab.tree.len(), height);
    let bound = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    let rows = tab.tree.rows.get(bound(shown.start)..bound(shown.end));
    let selected = tab.tree.selected().map(|row| row.node);
    let nodes: Vec<NodeId> = rows
        .unwrap_or_default()
        .iter()
        .map(|row| row.node)
        .chain(selected)
        .collect();
    let missing = tab.facts.missing(&tab.file, nodes.into_iter());
    facts(app, missing, effects);
    let tab = app.tab_mut();
    if let Some(node) = selected
        && tab.node.turn_to(node)
    {
        let path = tab.tree.path(&tab.file, tab.tree.at());
        effects.push(app.job(Slot::Schema, Work::Schema(path)));
    }
}

fn facts(app: &mut App, missing: Vec<NodeId>, effects: &mut Vec<Effect>) {
    if !missing.is_empty() {
        let number = app.number();
        effects.push(app.job(Slot::Facts(number), Work::Facts(missing)));
    }
}

fn cells(app: &mut App, effects: &mut Vec<Effect>) {
    if let Some(node) = app.tab().opening {
        open(app, node, effects);
        fit(app);
    }
    let ask = match &mut app.tab_mut().cells {
        Some(Cells::Grid(grid)) => grid.missing(),
        Some(Cells::Table(table)) => table.missing(),
        None => None,
    };
    if let Some(ask) = ask {
        effects.push(app.job(Slot::Window, Work::Window(ask)));
    }
}

/// Shows the cells of a node, as soon as what its arrays are is known.
fn open(app: &mut App, id: NodeId, effects: &mut Vec<Effect>) {
    let file = Arc::clone(&app.tab().file);
    let Some(node) = file.tree().by_id(id) else {
        return;
    };
    let arrays = TablePane::arrays(node);
    let tab = app.tab_mut();
    let missing = tab.facts.missing(&file, arrays.iter().copied());
    let is_known = arrays.iter().all(|array| tab.facts.of(*array).is_some());
    if !is_known {
        return facts(app, missing, effects);
    }
    tab.opening = None;
    if tab.may_be_picture && picture::is_picture(tab, id) {
        effects.extend(picture::show_picture(app));
        return picture::fit(app, effects);
    }
    let path = node.path().to_string();
    let fact = |id| tab.facts.of(id).and_then(|fact| fact.clone().ok());
    let table = TablePane::new(&file, node, path.clone(), fact);
    let reopened = tab.reopened.take();
    tab.cells = match (table, tab.facts.of(id)) {
        (Some(table), _) => Some(Cells::Table(table)),
        (None, Some(Ok(info))) => Some(Cells::Grid(GridPane::new(id, path, info))),
        (None, _) => None,
    };
    match (&mut tab.cells, reopened.as_deref()) {
        (Some(Cells::Grid(grid)), Some(index)) => {
            grid.select(index);
        }
        (Some(Cells::Table(table)), Some([row, column])) => table.sheet.select(*row, *column),
        _ => {}
    }
    if tab.cells.is_none() {
        let reason = match tab.facts.of(id) {
            Some(Err(reason)) => reason.to_string(),
            _ => "this is not an array or table".to_owned(),
        };
        app.say(
            crate::app::Mood::Bad,
            asdf_core::inspect::escape(&reason).into_owned(),
        );
    }
}
