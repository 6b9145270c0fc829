//! Draws the state. Pure: nothing is asked for, nothing is read but what the panes hold and the tree.

mod bar;
mod blocks;
mod braille;
mod chart;
mod diff;
mod files;
mod footer;
mod frame;
mod hdus;
mod help;
mod hex;
mod image;
mod node;
mod palette;
mod picker;
mod plot;
mod problems;
mod sheet;
mod stats;
mod summary;
mod tree;
mod value;
mod waiting;
mod wcs;
mod world;

pub use bar::tab_at;
pub(crate) use files::picture_area as thumbnail_area;
pub use help::help_len;
pub use help::key_table;
pub use stats::stats_len;
pub use summary::summary_len;
pub use value::copied_path;
pub use value::copied_value;
pub(crate) use value::node_path;

use crate::app::App;
use crate::app::Overlay;
use crate::app::Screen;
use crate::app::Tab;
use crate::layout;
use crate::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::layout::Rect;

/// Draws the screen; gives the place of the cursor while a line is typed.
pub fn draw(app: &App, buf: &mut Buffer) -> Option<Position> {
    let cursor = draw_all(app, buf);
    disarm(buf);
    cursor
}

/// What could drive the terminal or disguise text never leaves a cell, whoever wrote it there.
fn disarm(buf: &mut Buffer) {
    for cell in &mut buf.content {
        if cell.symbol().chars().any(asdf_core::inspect::is_unsafe) {
            cell.set_char(char::REPLACEMENT_CHARACTER);
        }
    }
}

fn draw_all(app: &App, buf: &mut Buffer) -> Option<Position> {
    let area = buf.area;
    if layout::is_too_small((area.width, area.height)) || layout::is_too_small(app.size) {
        let (width, height) = layout::LEAST;
        let text = format!("at least {width}×{height}");
        buf.set_stringn(
            area.x,
            area.y,
            text,
            usize::from(area.width),
            app.theme.text,
        );
        return None;
    }
    let areas = layout::areas(app);
    bar::draw(app, areas.bar, buf);
    screen(app, areas, buf);
    let cursor = footer::draw(app, areas, buf);
    match &app.overlay {
        Some(Overlay::Help(help)) => help::draw(app, help, buf),
        Some(Overlay::Hex(hex)) => hex::draw(app, hex, buf),
        Some(Overlay::Summary(pane)) => summary::draw(app, pane, buf),
        Some(Overlay::Palette(palette)) => return Some(palette::draw(app, palette, buf)),
        Some(Overlay::Picker(picker)) => return Some(picker::draw(app, picker, buf)),
        None => {}
    }
    cursor
}

fn screen(app: &App, areas: layout::Areas, buf: &mut Buffer) {
    let (tab, theme) = (app.tab(), &app.theme);
    let main = areas.main;
    if let (Screen::Files, Some(pane)) = (tab.screen, &app.files) {
        files::draw(app, pane, main, buf);
        if !areas.side.is_empty() {
            files::side(app, pane, areas.side, buf);
        }
        return;
    }
    if let Some(awaited) = &tab.awaited {
        return waiting::draw(app, awaited, main.union(areas.side), buf);
    }
    match tab.screen {
        Screen::Tree => {
            if !main.is_empty() {
                tree::draw(tab, main, buf, theme);
            }
            if !areas.side.is_empty() {
                node::draw(tab, areas.side, buf, theme);
            }
        }
        Screen::Image => image::draw(tab, main, buf, theme),
        Screen::Table => sheet::draw(tab, main, buf, theme),
        Screen::Blocks => blocks::draw(tab, main, buf, theme),
        Screen::Stats => stats::draw(tab, main, buf, theme),
        Screen::Problems => problems::draw(tab, main, buf, theme),
        Screen::Hdus => hdus::draw(tab, main, buf, theme),
        Screen::Plot => plot::draw(tab, main, buf, theme),
        Screen::World => world::draw(tab, main, buf, theme),
        Screen::Diff => diff::draw(tab, main, buf, theme),
        // It is drawn before.
        Screen::Files => {}
    }
}

/// Where the detail stands.
pub fn detail_area(app: &App) -> Rect {
    layout::areas(app).side
}

/// Lines of the detail on an area of that size.
pub fn detail_len(tab: &Tab, area: Rect, theme: &Theme) -> u64 {
    node::lines(tab, area.width, theme).len() as u64
}
