//! The WCS or transform of a node, and the points that are typed for it.

use crate::app::App;
use crate::app::Cells;
use crate::app::Screen;
use crate::app::Tab;
use crate::effect::Effect;
use crate::effect::Slot;
use crate::effect::Work;
use crate::pane::cursor::Cursor;
use crate::pane::world::WorldAsk;
use crate::pane::world::WorldPane;
use crate::pane::world::WorldPoint;
use asdf_core::TreePath;

/// Shows the WCS of what shows: of the array, else of the selected node.
pub(super) fn show(app: &mut App) -> Vec<Effect> {
    let path = subject(app.tab());
    let tab = app.tab_mut();
    tab.screen = Screen::World;
    if tab.world.as_ref().is_some_and(|world| world.path == path) {
        return Vec::new();
    }
    ask(app, path, None)
}

fn subject(tab: &Tab) -> TreePath {
    let shown = match tab.screen {
        Screen::Image => tab.image.as_ref().map(|pane| pane.path().clone()),
        Screen::Table => match &tab.cells {
            Some(Cells::Grid(grid)) => TreePath::parse(&grid.path).ok(),
            _ => None,
        },
        Screen::World => tab.world.as_ref().map(|world| world.path.clone()),
        _ => None,
    };
    shown.unwrap_or_else(|| tab.tree.path(&tab.file, tab.tree.at()))
}

fn ask(app: &mut App, path: TreePath, point: Option<WorldPoint>) -> Vec<Effect> {
    let ask = WorldAsk {
        path: path.clone(),
        point,
    };
    let cursor = app
        .tab()
        .world
        .as_ref()
        .map_or_else(Cursor::default, |world| world.cursor);
    app.tab_mut().world = Some(WorldPane {
        path,
        found: None,
        cursor,
    });
    vec![app.job(Slot::World, Work::World(ask))]
}

/// Takes a point that was typed; `None` when it is none.
pub(super) fn typed(app: &mut App, text: &str) -> Option<Vec<Effect>> {
    let path = app.tab().world.as_ref()?.path.clone();
    let point = WorldPoint::parse(text)?;
    Some(ask(app, path, Some(point)))
}
