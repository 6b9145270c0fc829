//! The line that tells what is known of the pixel.

use crate::pane::image::ImagePane;
use crate::pane::image::Region;
use crate::pane::image::cut::Cut;
use crate::pane::image::readout;
use crate::raster::Origin;
use crate::raster::Reduction;
use crate::theme::Theme;
use crate::view::frame;
use asdf_core::inspect::escape;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

/// Writes the parts, the most important first: each into the first line that has room. What has none is in the title of the
/// frame as well; `…` at the end tells that there was more.
pub(super) fn draw(pane: &ImagePane, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let mut ends: Vec<u16> = vec![area.left(); usize::from(area.height)];
    let mut is_all = true;
    for (text, style) in parts(pane, theme) {
        let width = u16::try_from(text.width()).unwrap_or(u16::MAX);
        let fits = |end: &u16| *end == area.left() || end.saturating_add(width) <= area.right();
        let Some(line) = ends.iter().position(fits) else {
            is_all = false;
            continue;
        };
        let Some(end) = ends.get_mut(line) else {
            continue;
        };
        let y = area.top() + u16::try_from(line).unwrap_or(0);
        let room = usize::from(area.right().saturating_sub(*end));
        let (x, _) = buf.set_stringn(*end, y, frame::fit(&text, room), room, style);
        *end = x.saturating_add(2);
    }
    if let (false, Some(end)) = (is_all, ends.last())
        && *end > area.left()
    {
        let x = end.saturating_sub(1).min(area.right().saturating_sub(1));
        buf.set_stringn(x, area.bottom().saturating_sub(1), "…", 1, theme.faint);
    }
}

/// The parts in the order of their importance: what is to be told first, if there is something.
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
    let style = if pane.is_hovered() {
        theme.mark
    } else {
        theme.text
    };
    let content = pane.shown.content();
    let datatype = content.as_ref().map_or("", |content| content.datatype());
    let readout = pane.told().1;
    let channels = readout.and_then(|readout| readout.channels);
    let is_plain = channels.is_some() && subject.channels.is_some() && pane.colors_text().is_some();
    if is_plain {
        let lengths = pane.shown.cut.as_ref().map_or([1, 1], Cut::lengths);
        parts.push((readout::pixel_text(pane.told().0, lengths), style));
    } else {
        parts.push((pixel(pane, datatype, &pane.shown.unit), style));
    }
    if let Some(values) = channels {
        parts.push((pane.channels_text(&values), style));
    }
    if let Some([first, second]) = readout.and_then(|readout| readout.pair) {
        let text = |value: f64| readout::value_text(value, "float64");
        parts.push((format!("of {}, {}", text(first), text(second)), style));
    }
    if let (Some(flags), Some(source)) = (readout.and_then(|readout| readout.flags), &subject.flags)
    {
        let style = if flags == 0 { theme.faint } else { theme.warn };
        parts.push((format!("DQ: {}", source.names.text(flags)), style));
    }
    if matches!(pane.region, Region::Begun(_)) {
        parts.push(("the other corner?".to_owned(), theme.mark));
    }
    if let Some(world) = readout.and_then(|readout| readout.world.as_ref()) {
        parts.push((world.text.clone(), theme.text));
        if !world.is_inside {
            parts.push(("outside of the bounding box".to_owned(), theme.warn));
        }
    }
    let is_coarse = pane.shown.tile.as_ref().is_none_or(|tile| !tile.is_exact);
    if is_coarse || pane.is_busy() {
        parts.push(("…".to_owned(), theme.busy));
    }
    parts.extend(view(pane).into_iter().map(|text| (text, theme.faint)));
    let text = pane.colors_text().unwrap_or_else(|| pane.shown.text());
    parts.push((escape(&text).into_owned(), theme.faint));
    parts
}

/// How the picture is shown: zoom, limits, stretch.
pub(super) fn view(pane: &ImagePane) -> Vec<String> {
    let Some(view) = &pane.view else {
        return Vec::new();
    };
    let mut texts = vec![format!("zoom {}", view.zoom.text())];
    if let Some(text) = pane.blend_text() {
        texts.push(text);
    } else if let Some(limits) = pane.shown.limits {
        let sampled = if limits.is_exact { "" } else { "~" };
        let [low, high] = readout::limits_text(limits.values);
        texts.push(format!("limits {sampled}{low} … {high}"));
    }
    if pane.blend_text().is_none() {
        texts.push(pane.look.text());
    }
    if view.origin == Origin::Upper {
        texts.push("row 0 at the top".to_owned());
    }
    if pane.reduction == Reduction::Max {
        texts.push("block max".to_owned());
    }
    texts
}

fn pixel(pane: &ImagePane, datatype: &str, unit: &str) -> String {
    let lengths = pane.shown.cut.as_ref().map_or([1, 1], Cut::lengths);
    let (pixel, readout) = pane.told();
    let pixel = readout::pixel_text(pixel, lengths);
    let value = readout.map_or_else(
        || "…".to_owned(),
        |readout| {
            let range = pane
                .shown
                .limits
                .map_or(0.0, |limits| limits.values[1] - limits.values[0]);
            let text = || readout::value_in(readout.value, datatype, range);
            readout.exact.clone().unwrap_or_else(text)
        },
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
