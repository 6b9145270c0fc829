//! Moving in whatever has the keys.

use super::demand;
use crate::app::App;
use crate::app::Cells;
use crate::app::Overlay;
use crate::app::Screen;
use crate::app::Tab;
use crate::layout;
use crate::pane::cursor::Cursor;
use crate::pane::cursor::Motion;
use crate::view;

/// Moves in whatever has the keys.
pub(super) fn step(app: &mut App, motion: Motion) {
    let height = demand::height(app);
    let screen_height = u64::from(app.size.1.saturating_sub(4));
    let (side, theme) = (layout::inner(view::detail_area(app)), app.theme.clone());
    match &mut app.overlay {
        Some(Overlay::Help(help)) => {
            let len = view::help_len(help, app.size);
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
        Some(Overlay::Summary(pane)) => {
            let len = view::summary_len(pane);
            return scroll(&mut pane.cursor, motion, len, screen_height);
        }
        Some(Overlay::Palette(palette)) => {
            let len = palette.shown.len() as u64;
            return palette
                .cursor
                .step(motion, len, screen_height.saturating_sub(1));
        }
        None => {}
    }
    if let (Screen::Files, Some(pane)) = (app.tab().screen, &mut app.files) {
        let len = pane.rows().len() as u64;
        return pane.cursor.step(motion, len, height.saturating_sub(1));
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
            tab.hdus.is_chosen = true;
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
        Screen::World => {
            let world = tab.world.as_mut()?;
            let len = world.len();
            (&mut world.cursor, len)
        }
        Screen::Tree | Screen::Image | Screen::Table | Screen::Plot | Screen::Files => {
            return None;
        }
    })
}

/// Moves a text without a selected row.
pub(super) fn scroll(cursor: &mut Cursor, motion: Motion, len: u64, height: u64) {
    let last = len.saturating_sub(height);
    let mut at = Cursor {
        at: cursor.top,
        top: 0,
    };
    at.step(motion, last + 1, height);
    cursor.top = at.at;
    cursor.at = at.at;
}
