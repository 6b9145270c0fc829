//! Where things are on the screen.
//!
//! ```text
//! obs.asdf   1 tree  2 detail  4 table …      bar
//! ┌ tree ─────────────┐┌ detail ─────────┐
//! │ roman             ││ /roman          │    main, side
//! └───────────────────┘└─────────────────┘
//! /roman                            3/120     status
//! Enter open  / search  ? help  q quit        hints
//! ```

use crate::app::App;
use crate::app::Screen;
use ratatui::layout::Rect;

/// The smallest screen that shows anything.
pub(crate) const LEAST: (u16, u16) = (20, 6);
/// Columns from which the detail stands beside the tree.
const BESIDE: u16 = 90;
/// Rows from which it stands below the tree.
const BELOW: u16 = 18;

/// Columns from which the picture of a file stands beside the list of files, and columns that it has.
const WITH_PICTURE: u16 = 70;
const LEAST_PICTURE: u16 = 26;
const MOST_PICTURE: u16 = 66;

/// The parts of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Areas {
    /// File and screens.
    pub(crate) bar: Rect,
    /// What fills the screen, frame included.
    pub(crate) main: Rect,
    /// The detail beside or below the tree, frame included; empty when there is no room.
    pub(crate) side: Rect,
    /// What is selected, what is told, what is typed.
    pub(crate) status: Rect,
    /// Keys.
    pub(crate) hints: Rect,
}

/// The area within a frame.
pub(crate) fn inner(area: Rect) -> Rect {
    let mut inner = area;
    inner.x = inner.x.saturating_add(1).min(area.right());
    inner.y = inner.y.saturating_add(1).min(area.bottom());
    inner.width = area.width.saturating_sub(2);
    inner.height = area.height.saturating_sub(2);
    inner
}

/// True when the screen is too small for anything.
pub(crate) fn is_too_small((width, height): (u16, u16)) -> bool {
    width < LEAST.0 || height < LEAST.1
}

/// The parts of the screen as it is now.
pub(crate) fn areas(app: &App) -> Areas {
    let (width, height) = app.size;
    if is_too_small(app.size) {
        return Areas::default();
    }
    let hints = u16::from(height >= 10);
    let body = Rect::new(0, 1, width, height - 2 - hints);
    let (main, side) = split(app, body);
    Areas {
        bar: Rect::new(0, 0, width, 1),
        main,
        side,
        status: Rect::new(0, height - 1 - hints, width, 1),
        hints: Rect::new(0, height - hints, width, hints),
    }
}

fn split(app: &App, body: Rect) -> (Rect, Rect) {
    let tab = app.tab();
    let nothing = Rect::default();
    if tab.screen == Screen::Files {
        if body.width < WITH_PICTURE {
            return (body, nothing);
        }
        let right = (body.width * 7 / 20).clamp(LEAST_PICTURE, MOST_PICTURE);
        let left = body.width - right;
        return (
            Rect::new(body.x, body.y, left, body.height),
            Rect::new(body.x + left, body.y, right, body.height),
        );
    }
    if tab.screen != Screen::Tree {
        return (body, nothing);
    }
    if body.width >= BESIDE {
        let left = body.width * 11 / 20;
        let right = body.width - left;
        return (
            Rect::new(body.x, body.y, left, body.height),
            Rect::new(body.x + left, body.y, right, body.height),
        );
    }
    if body.height >= BELOW {
        let lower = (body.height * 2 / 5).max(8);
        let upper = body.height - lower;
        return (
            Rect::new(body.x, body.y, body.width, upper),
            Rect::new(body.x, body.y + upper, body.width, lower),
        );
    }
    if tab.is_in_detail {
        (nothing, body)
    } else {
        (body, nothing)
    }
}

/// Rows above the cells of a sheet: heading, and units of a table.
pub(crate) const SHEET_HEAD: u16 = 2;
/// Columns left of the cells of a sheet: the numbers of rows.
pub(crate) fn sheet_margin(rows: u64) -> u16 {
    u16::try_from(rows.saturating_sub(1).to_string().len()).unwrap_or(20) + 1
}
