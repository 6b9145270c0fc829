//! The line that tells what is known of the pixel.

use crate::pane::image::ImagePane;
use crate::pane::image::Region;
use crate::pane::image::cut::Cut;
use crate::pane::image::readout;
use crate::raster::Origin;
use crate::raster::Reduction;
use crate::theme::Theme;
use asdf_core::inspect::escape;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

/// Writes the parts one after the other, as many in a line as have room.
pub(super) fn draw(pane: &ImagePane, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let (mut x, mut y) = (area.left(), area.top());
    for (text, style) in parts(pane, theme) {
        let width = u16::try_from(text.width()).unwrap_or(u16::MAX);
        if x > area.left() && x.saturating_add(width) > area.right() && y + 1 < area.bottom() {
            (x, y) = (area.left(), y + 1);
        }
        if x >= area.right() || y >= area.bottom() {
            return;
        }
        let room = usize::from(area.right() - x);
        (x, _) = buf.set_stringn(x, y, text, room, style);
        x = x.saturating_add(2);
    }
}

/// The parts, which stand two blanks apart: what is to be told first, if there is something.
pub(super) fn parts(pane: &ImagePane, theme: &Theme) -> Vec<(String, Style)> {
    let mut parts = Vec::new();
    if let Some(note) = &pane.note {
        parts.push((note.clone(), theme.warn));
    }
    if pane.error.is_some() {
        // What went wrong is told where the picture would be.
        parts.push((escape(&pane.path().to_string()).into_owned(), theme.faint));
        return parts;
    }
    let Some(subject) = &pane.shown.subject else {
        parts.push(("…".to_owned(), theme.busy));
        return parts;
    };
    parts.push((pixel(pane, &subject.datatype, &subject.unit), theme.text));
    let readout = pane
        .shown
        .readout
        .as_ref()
        .filter(|readout| readout.pixel == pane.cursor);
    if let Some(world) = readout.and_then(|readout| readout.world.as_ref()) {
        parts.push((world.text.clone(), theme.text));
        if !world.is_inside {
            parts.push(("outside of the bounding box".to_owned(), theme.warn));
        }
    }
    parts.extend(view(pane, theme));
    if let (Some(flags), Some(source)) = (readout.and_then(|readout| readout.flags), &subject.flags)
    {
        let style = if flags == 0 { theme.faint } else { theme.warn };
        parts.push((format!("DQ: {}", source.names.text(flags)), style));
    }
    if let Some(limits) = pane.shown.limits {
        let [low, high] = limits.values.map(readout::number);
        parts.push((format!("{low} … {high}"), theme.faint));
    }
    if matches!(pane.region, Region::Begun(_)) {
        parts.push(("the other corner?".to_owned(), theme.mark));
    }
    let is_coarse = pane.shown.tile.as_ref().is_none_or(|tile| !tile.is_exact);
    if is_coarse || pane.is_busy() {
        parts.push(("…".to_owned(), theme.busy));
    }
    let cut = pane.shown.cut.as_ref().map(Cut::text).unwrap_or_default();
    let path = format!("{}{cut}", pane.path());
    parts.push((escape(&path).into_owned(), theme.faint));
    parts
}

/// How the picture is shown: zoom, limits, stretch.
fn view(pane: &ImagePane, theme: &Theme) -> Vec<(String, Style)> {
    let Some(view) = &pane.view else {
        return Vec::new();
    };
    let sampled = match pane.shown.limits {
        Some(limits) if !limits.is_exact => "~",
        _ => "",
    };
    let mut texts = vec![
        format!("zoom {}", view.zoom.text()),
        format!("{sampled}{}", pane.look.text()),
    ];
    if view.origin == Origin::Upper {
        texts.push("row 0 at the top".to_owned());
    }
    if pane.reduction == Reduction::Max {
        texts.push("block max".to_owned());
    }
    texts.into_iter().map(|text| (text, theme.faint)).collect()
}

fn pixel(pane: &ImagePane, datatype: &str, unit: &str) -> String {
    let lengths = pane.shown.cut.as_ref().map_or([1, 1], Cut::lengths);
    let pixel = readout::pixel_text(pane.cursor, lengths);
    let readout = pane
        .shown
        .readout
        .as_ref()
        .filter(|readout| readout.pixel == pane.cursor);
    let value = readout.map_or_else(
        || "…".to_owned(),
        |readout| readout::value_text(readout.value, datatype),
    );
    let name = if datatype.starts_with("complex") {
        "|v|"
    } else {
        "v"
    };
    format!("{pixel} {name}={value} {}", escape(unit))
        .trim_end()
        .to_owned()
}
