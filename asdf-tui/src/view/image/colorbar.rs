//! The bar of colours with the values that they stand for.

use crate::pane::image::ImagePane;
use crate::pane::image::readout;
use crate::raster::base as base_of;
use crate::raster::tick_text;
use crate::raster::ticks;
use crate::theme::ColorDepth;
use crate::theme::Theme;
use crate::view::frame;
use asdf_core::inspect::escape;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::layout::Rect;

/// Brightness as letters, from dark to bright.
const RAMP: &[u8; 10] = b" .:-=+*#%@";
/// Columns of the bar itself, after one between it and the picture.
const BAR: u16 = 2;

pub(super) fn draw(pane: &ImagePane, area: Rect, buf: &mut Buffer, theme: &Theme) {
    // Colours of three values have no bar.
    let Some(limits) = pane.shown.limits.filter(|_| pane.colored.is_none()) else {
        return;
    };
    if area.is_empty() || area.height < 3 {
        return;
    }
    // The last line is the unit.
    let rows = area.height - 1;
    let x = area.x + 1;
    for row in 0..rows {
        let level = |half: u16| {
            let from_top = f64::from(row * 2 + half) + 0.5;
            let part = 1.0 - from_top / f64::from(rows * 2);
            level(pane, part)
        };
        let both = [level(0), level(1)];
        let colors = both.map(|level| theme.depth.color(pane.look.colormap.color(level)));
        for column in x..x + BAR {
            let Some(cell) = buf.cell_mut(Position::new(column, area.y + row)) else {
                continue;
            };
            match colors {
                [Some(upper), Some(lower)] if theme.depth != ColorDepth::None => {
                    cell.set_char('▀').set_fg(upper).set_bg(lower);
                }
                _ => {
                    let mean = usize::midpoint(usize::from(both[0]), usize::from(both[1]));
                    let letter = RAMP.get(mean * RAMP.len() / 256).copied();
                    cell.set_char(char::from(letter.unwrap_or(b' ')));
                }
            }
        }
    }
    labels(
        pane,
        limits.values,
        Rect {
            x,
            width: area.width - 1,
            ..area
        },
        buf,
        theme,
    );
}

/// The values beside the bar that begins at the left of an area, and their unit below.
fn labels(pane: &ImagePane, limits: [f64; 2], area: Rect, buf: &mut Buffer, theme: &Theme) {
    let [low, high] = limits;
    let (x, rows) = (area.x, area.height - 1);
    let left = x + BAR;
    let room = usize::from(area.right().saturating_sub(left + 1));
    let mut taken = None;
    let ticks = ticks(pane.look.stretch, limits);
    // What has no room is told as the difference from a number that stands below.
    let is_long = |value: f64| tick_text(value, high - low).len() >= room;
    let base = ticks.iter().any(|tick| is_long(tick.0));
    let base = base.then(|| base_of(limits));
    for (value, part) in ticks {
        let row = row_of(part, rows);
        // Values that would stand in one line: the first of them.
        if taken == Some(row) {
            continue;
        }
        taken = Some(row);
        let value = value - base.unwrap_or(0.0);
        let text = format!("─{}", tick_text(value, high - low));
        buf.set_stringn(
            left,
            area.y + row,
            frame::fit(&text, room),
            room,
            theme.text,
        );
    }
    let unit = if let Some(base) = base {
        format!("+{base} {}", escape(&pane.shown.unit))
    } else if pane.shown.unit.is_empty() {
        readout::limits_text([low, high]).join(" … ")
    } else {
        escape(&pane.shown.unit).into_owned()
    };
    let room = usize::from(area.width);
    let text = frame::fit(&unit, room);
    buf.set_stringn(x, area.y + rows, text, room, theme.faint);
}

/// The level of a brightness, as the contrast has it.
#[expect(clippy::cast_possible_truncation, reason = "from 0 to 255")]
#[expect(clippy::cast_sign_loss, reason = "not below 0")]
fn level(pane: &ImagePane, part: f64) -> u8 {
    let look = &pane.look;
    let part = (part - look.bias) * look.contrast + 0.5;
    (part * 256.0).clamp(0.0, 255.0) as u8
}

#[expect(clippy::cast_possible_truncation, reason = "within the rows")]
#[expect(clippy::cast_sign_loss, reason = "within the rows")]
fn row_of(part: f64, rows: u16) -> u16 {
    let row = (1.0 - part) * f64::from(rows.saturating_sub(1));
    (row.round().max(0.0) as u16).min(rows.saturating_sub(1))
}
