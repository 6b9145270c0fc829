//! What the mouse does.

use super::act;
use super::demand;
use super::motion;
use super::picture;
use crate::app::App;
use crate::app::Cells;
use crate::app::Screen;
use crate::effect::Effect;
use crate::keymap::Action;
use crate::keymap::FilesKey;
use crate::layout;
use crate::mouse::Mouse;
use crate::pane::cursor::Motion;
use crate::view;
use ratatui::layout::Position;

/// Rows that a turn of the wheel moves.
const WHEEL: i64 = 3;

/// Takes what the mouse did at a column and row.
pub(super) fn mouse(app: &mut App, mouse: Mouse, x: u16, y: u16) -> Vec<Effect> {
    if picture::has_mouse(app, Position { x, y }) || mouse == Mouse::Hover {
        return picture::mouse(app, mouse, Position { x, y });
    }
    match mouse {
        Mouse::Press => press(app, Position { x, y }),
        Mouse::WheelUp => wheel(app, Position { x, y }, -WHEEL),
        Mouse::WheelDown => wheel(app, Position { x, y }, WHEEL),
        Mouse::Hover | Mouse::Drag | Mouse::RightPress | Mouse::RightDrag | Mouse::Release => {
            Vec::new()
        }
    }
}

fn press(app: &mut App, at: Position) -> Vec<Effect> {
    if app.overlay.is_some() || app.prompt.is_some() {
        return Vec::new();
    }
    let areas = layout::areas(app);
    if areas.bar.contains(at) {
        return match view::tab_at(app, at.x) {
            Some(action) => act::act(app, action),
            None => Vec::new(),
        };
    }
    if app.tab().screen == Screen::Files {
        return press_file(app, at);
    }
    if areas.side.contains(at) {
        app.tab_mut().is_in_detail = true;
        return Vec::new();
    }
    let main = layout::inner(areas.main);
    if !main.contains(at) {
        return Vec::new();
    }
    let line = u64::from(at.y - main.y);
    let height = demand::height(app);
    let tab = app.tab_mut();
    match tab.screen {
        Screen::Tree => {
            tab.is_in_detail = false;
            let row = tab.tree.cursor.top + line;
            if row >= tab.tree.len() {
                return Vec::new();
            }
            let was_there = tab.tree.cursor.at == row;
            let len = tab.tree.len();
            tab.tree.cursor.select(row, len, height);
            // A second click opens, as does one on the mark in front of the key.
            let depth = tab.tree.selected().map_or(0, |row| row.depth);
            let mark = u32::from(at.x - main.x) / 2 == depth;
            if was_there || mark {
                return act::act(app, if mark { Action::Fold } else { Action::Enter });
            }
        }
        Screen::Table => cell(app, at),
        _ => {
            if let (Some((cursor, len)), Some(line)) = (motion::list(tab), line.checked_sub(1)) {
                cursor.select(cursor.top + line, len, height.saturating_sub(1));
            }
        }
    }
    Vec::new()
}

/// Selects a file; a second click opens it.
fn press_file(app: &mut App, at: Position) -> Vec<Effect> {
    let main = layout::inner(layout::areas(app).main);
    let height = u64::from(main.height.saturating_sub(1));
    let Some(line) = at.y.checked_sub(main.y + 1).filter(|_| main.contains(at)) else {
        return Vec::new();
    };
    let Some(pane) = &mut app.files else {
        return Vec::new();
    };
    let len = pane.rows().len() as u64;
    let row = pane.cursor.top + u64::from(line);
    if row >= len {
        return Vec::new();
    }
    let was_there = pane.cursor.at == row;
    pane.cursor.select(row, len, height);
    if was_there {
        return act::act(app, Action::Files(FilesKey::Open));
    }
    Vec::new()
}

/// Selects the cell at a place.
fn cell(app: &mut App, at: Position) {
    let main = layout::inner(layout::areas(app).main);
    let sheet = match &mut app.tab_mut().cells {
        Some(Cells::Grid(grid)) => &mut grid.sheet,
        Some(Cells::Table(table)) => &mut table.sheet,
        None => return,
    };
    let Some(line) = (at.y - main.y).checked_sub(layout::SHEET_HEAD) else {
        return;
    };
    let Some(mut left) = (at.x - main.x).checked_sub(layout::sheet_margin(sheet.numbered)) else {
        return;
    };
    let mut column = sheet.column.top;
    for shown in sheet.visible() {
        column = shown;
        if left <= sheet.width(shown) {
            break;
        }
        left -= sheet.width(shown) + 1;
    }
    let row = sheet.row.top + u64::from(line);
    if row < sheet.rows {
        sheet.select(row, column);
    }
}

fn wheel(app: &mut App, at: Position, by: i64) -> Vec<Effect> {
    let areas = layout::areas(app);
    let motion = if by < 0 { Motion::Up } else { Motion::Down };
    if let (None, Screen::Files, Some(pane)) = (&app.overlay, app.tab().screen, &mut app.files) {
        let height = layout::inner(areas.main).height.saturating_sub(1);
        let len = pane.rows().len() as u64;
        pane.cursor.scroll(by, len, u64::from(height));
        return Vec::new();
    }
    let over_detail = areas.side.contains(at);
    if app.overlay.is_some() || over_detail {
        let was = app.tab().is_in_detail;
        app.tab_mut().is_in_detail |= over_detail;
        for _ in 0..by.unsigned_abs() {
            act::act(app, Action::Move(motion));
        }
        app.tab_mut().is_in_detail = was;
        return Vec::new();
    }
    let height = demand::height(app);
    let tab = app.tab_mut();
    match (tab.screen, &mut tab.cells) {
        (Screen::Tree, _) => {
            let len = tab.tree.len();
            tab.tree.cursor.scroll(by, len, height);
        }
        (Screen::Table, Some(Cells::Grid(grid))) => grid.sheet.scroll(by),
        (Screen::Table, Some(Cells::Table(table))) => table.sheet.scroll(by),
        _ => {
            if let Some((cursor, len)) = motion::list(tab) {
                cursor.scroll(by, len, height.saturating_sub(1));
            }
        }
    }
    Vec::new()
}
