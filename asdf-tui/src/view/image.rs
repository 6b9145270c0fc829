//! Draws the picture, what is told of its pixel, and the panels over it.

mod colorbar;
mod status;

use super::frame;
use crate::app::Tab;
use crate::graphics::Graphics;
use crate::graphics::Protocol;
use crate::measure::RegionShape;
use crate::pane::image::Companion;
use crate::pane::image::ImagePane;
use crate::pane::image::Region;
use crate::pane::image::flags;
use crate::pane::image::readout;
use crate::pane::image::scene::Dot;
use crate::pane::image::scene::Ground;
use crate::pane::image::scene::OUTSIDE_COLOR;
use crate::pane::image::scene::Scene;
use crate::pane::image::viewport::Viewport;
use crate::theme::ColorDepth;
use crate::theme::Theme;
use asdf_core::inspect::escape;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

/// Brightness as letters, from dark to bright.
const RAMP: &[u8; 10] = b" .:-=+*#%@";

pub(super) fn draw(tab: &Tab, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let Some(pane) = &tab.image else {
        let inner = frame::frame("image", true, area, buf, theme);
        return frame::tell("no array is selected", theme.faint, inner, buf);
    };
    let right = status::view(pane).join("  ");
    let room = usize::from(area.width).saturating_sub(12);
    let text = pane.colors_text().unwrap_or_else(|| pane.shown.text());
    let path = frame::fit_end(&escape(&text), room);
    let inner = frame::frame(&format!("image {path}"), true, area, buf, theme);
    let used = path.width() + 10;
    let place = usize::from(area.width).checked_sub(right.width() + 3);
    if let Some(place) = place.filter(|place| *place > used) {
        let x = area
            .x
            .saturating_add(u16::try_from(place).unwrap_or(u16::MAX));
        buf.set_string(x, area.y, format!(" {right} "), theme.faint);
    }
    pane.draw(inner, buf, theme);
}

impl ImagePane {
    /// Draws the pane; the area has the size that the pane was told.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let area = area.intersection(buf.area);
        let parts = self.parts(area);
        let picture = parts.picture;
        if let Some(error) = &self.error {
            let width = usize::from(picture.width);
            if !picture.is_empty() {
                buf.set_stringn(picture.x, picture.y, error, width, theme.bad);
            }
        } else if let Some(scene) = self.scene() {
            match self.graphics {
                // The terminal draws it below or over blank cells.
                Graphics::Pixels(Protocol::Kitty) => draw_cross(&scene, picture, buf, theme),
                Graphics::Pixels(_) => {}
                Graphics::HalfBlocks if theme.depth != ColorDepth::None => {
                    draw_blocks(&scene, picture, buf, theme);
                }
                Graphics::HalfBlocks | Graphics::Letters => draw_letters(&scene, picture, buf),
            }
        }
        colorbar::draw(self, parts.colorbar, buf, theme);
        self.draw_labels(self.first(picture), buf, theme);
        self.draw_second(picture, buf, theme);
        self.draw_legend(picture, buf, theme);
        self.draw_region(picture, buf, theme);
        self.draw_aperture(picture, buf, theme);
        match &self.companion {
            Some(Companion::Chart(pane)) => pane.draw(parts.companion, buf, theme),
            Some(Companion::Wcs(pane)) => pane.draw(parts.companion, buf, theme),
            None => {}
        }
        status::draw(self, parts.status, buf, theme);
    }

    /// The cells of the first of two pictures; all where there is one.
    fn first(&self, area: Rect) -> Rect {
        match self.beside {
            Some(_) => Rect {
                width: area.width.saturating_sub(1) / 2,
                ..area
            },
            None => area,
        }
    }

    /// What the second picture is of, at its lower left corner, with its limits.
    fn draw_second(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let Some(half) = &self.beside else { return };
        let x = area.x + self.first(area).width + 1;
        let room = usize::from(area.right().saturating_sub(x));
        let limits = half
            .limits
            .map(|limits| readout::limits_text(limits.values));
        let limits = limits.map_or_else(|| "…".to_owned(), |[low, high]| format!("{low} … {high}"));
        let matched = half.versus.matched;
        let matched = matched.map_or_else(String::new, |how| format!(" (WCS, {how})"));
        let text = format!(" {}{matched}  {limits} ", escape(&half.versus.second.name));
        if let Some(y) = area.bottom().checked_sub(1).filter(|y| *y >= area.y) {
            buf.set_stringn(x, y, frame::fit(&text, room), room, theme.title);
        }
    }

    /// The flags in the view, in the upper left corner.
    fn draw_legend(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let Some(choice) = &self.flags else { return };
        let lines = self.legend();
        if lines.is_empty() {
            let text = match self.shown.flag_counts {
                Some(_) => " no flags here ",
                None => " flags … ",
            };
            panel(&[(text.to_owned(), theme.faint)], area, true, buf);
            return;
        }
        let order = self.flag_order();
        let row = |(number, line): (usize, flags::FlagLine)| {
            let mark = if line.is_shown { '■' } else { '□' };
            let at = if number == choice.at { '>' } else { ' ' };
            let text = format!("{at}{mark} {} {} ", line.name, line.count);
            (text, theme.foreground(order.color(line.bit)))
        };
        let rows: Vec<_> = lines.into_iter().enumerate().map(row).collect();
        panel(&rows, area, true, buf);
    }

    /// The labels of what is marked, beside it, as far as they do not cover each other.
    fn draw_labels(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let Some(view) = self.view.filter(|_| self.error.is_none()) else {
            return;
        };
        let mut taken: Vec<Rect> = Vec::new();
        let labelled = self
            .marked
            .iter()
            .filter(|marked| !marked.region.label.is_empty());
        for marked in labelled {
            if taken.len() >= MOST_LABELS {
                return;
            }
            let Some(at) = label_place(&marked.shape, &view, area) else {
                continue;
            };
            let room = usize::from(area.right().saturating_sub(at.x)).min(LONGEST_LABEL);
            let text = frame::fit(&escape(&marked.region.label), room);
            let width = u16::try_from(text.width()).unwrap_or(0);
            let own = Rect::new(at.x, at.y, width, 1);
            if width == 0 || taken.iter().any(|other| other.intersects(own)) {
                continue;
            }
            // On a ground of its own it can be read on anything bright.
            let ground = theme.background(OUTSIDE_COLOR);
            let style = ground.patch(theme.foreground(marked.color));
            buf.set_stringn(at.x, at.y, &text, room, style);
            taken.push(own);
        }
    }

    /// What was measured in the aperture, in the upper right corner.
    fn draw_aperture(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let Some(state) = self
            .aperture
            .as_ref()
            .filter(|_| !matches!(self.region, Region::Whole(..)))
        else {
            return;
        };
        let rows = match &state.found {
            None => vec![(" … ".to_owned(), theme.busy)],
            Some(Err(text)) => vec![(format!(" {text} "), theme.bad)],
            Some(Ok(found)) => {
                let is_here = state.measured(self.radii).is_some();
                let style = if is_here { theme.text } else { theme.busy };
                let line = |(name, value): (&str, String)| (format!(" {name:<8} {value} "), style);
                found.lines().into_iter().map(line).collect()
            }
        };
        panel(&rows, area, false, buf);
    }

    /// The statistics of the region, in the upper right corner.
    fn draw_region(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let Region::Whole(_, stats) = &self.region else {
            return;
        };
        let rows = match stats {
            None => vec![(" … ".to_owned(), theme.busy)],
            Some(Err(text)) => vec![(format!(" {text} "), theme.bad)],
            Some(Ok(stats)) => {
                let line =
                    |(name, value): (&str, String)| (format!(" {name:<7} {value} "), theme.text);
                stats.lines().into_iter().map(line).collect()
            }
        };
        panel(&rows, area, false, buf);
    }
}

/// Labels that are drawn at most, and columns of one.
const MOST_LABELS: usize = 200;
const LONGEST_LABEL: usize = 24;

/// The cell beside a shape, if that is on the picture.
fn label_place(shape: &RegionShape, view: &Viewport, area: Rect) -> Option<Position> {
    let (center, reach) = shape.anchor();
    let [x, y] = view.screen(center);
    let right = x + reach * view.scale();
    #[expect(clippy::cast_precision_loss, reason = "the size of a screen")]
    let cell = |place: f64, pixels: u64, cells: u16| {
        let at = place / (pixels.max(1) as f64) * f64::from(cells);
        #[expect(clippy::cast_possible_truncation, reason = "within the screen")]
        #[expect(clippy::cast_sign_loss, reason = "within the screen")]
        (0.0..f64::from(cells)).contains(&at).then_some(at as u16)
    };
    let column = cell(right, view.pixels[0], area.width)?;
    let row = cell(y, view.pixels[1], area.height)?;
    let column = column.saturating_add(2);
    (column < area.width).then(|| Position::new(area.x + column, area.y + row))
}

/// Lines over the picture, in one of its upper corners.
fn panel(rows: &[(String, Style)], area: Rect, is_left: bool, buf: &mut Buffer) {
    let widest = rows.iter().map(|row| row.0.width()).max().unwrap_or(0);
    let width = u16::try_from(widest).unwrap_or(u16::MAX).min(area.width);
    let x = if is_left {
        area.x
    } else {
        area.right() - width
    };
    for (y, (text, style)) in (area.y..area.bottom()).zip(rows) {
        for x in x..x + width {
            if let Some(cell) = buf.cell_mut(Position::new(x, y)) {
                cell.reset();
            }
        }
        let text = frame::fit(text, usize::from(width));
        buf.set_stringn(x, y, text, usize::from(width), *style);
    }
}

/// The arms of a crosshair of text: cells to the right and below, and what stands there.
const ARMS: [(i32, i32, char); 6] = [
    (-2, 0, '─'),
    (-1, 0, '─'),
    (1, 0, '─'),
    (2, 0, '─'),
    (0, -1, '│'),
    (0, 1, '│'),
];

/// The crosshair as text over a picture that the terminal draws: two cells to the sides, one up and down.
fn draw_cross(scene: &Scene, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let middle = |range: &std::ops::Range<i64>, pixels: u64, cells: u16| {
        let middle = u64::try_from(i64::midpoint(range.start, range.end)).ok()?;
        let size = (pixels / u64::from(cells.max(1))).max(1);
        i32::try_from(middle / size)
            .ok()
            .filter(|at| *at < i32::from(cells))
    };
    let [width, height] = scene.size();
    for [across, down] in scene.crosshairs() {
        let (Some(x), Some(y)) = (
            middle(&across, width, area.width),
            middle(&down, height, area.height),
        ) else {
            continue;
        };
        for (right, below, char) in ARMS {
            let (Ok(x), Ok(y)) = (u16::try_from(x + right), u16::try_from(y + below)) else {
                continue;
            };
            let place = Position::new(area.x.saturating_add(x), area.y.saturating_add(y));
            if let Some(cell) = buf.cell_mut(place).filter(|_| area.contains(place)) {
                cell.set_char(char).set_style(theme.mark);
            }
        }
    }
}

/// Two pixels in a cell: the upper one's colour over the lower one's.
fn draw_blocks(scene: &Scene, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let marks = scene.marks();
    let color = |x: u16, y: u32| {
        let dot = scene.dot([i64::from(x), i64::from(y)], &marks);
        scene.color(dot).and_then(|color| theme.depth.color(color))
    };
    for row in 0..area.height {
        for column in 0..area.width {
            let y = u32::from(row) * 2;
            let place = Position::new(area.x + column, area.y + row);
            let Some(cell) = buf.cell_mut(place) else {
                continue;
            };
            match (color(column, y), color(column, y + 1)) {
                (Some(upper), Some(lower)) if upper == lower => {
                    cell.set_char(' ').set_bg(lower);
                }
                (Some(upper), Some(lower)) => {
                    cell.set_char('▀').set_fg(upper).set_bg(lower);
                }
                (Some(upper), None) => {
                    cell.set_char('▀').set_fg(upper);
                }
                (None, Some(lower)) => {
                    cell.set_char('▄').set_fg(lower);
                }
                (None, None) => {}
            }
        }
    }
}

/// Two pixels in a cell as a letter: `?` for no value, `!` for flags.
fn draw_letters(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let marks = scene.marks();
    for row in 0..area.height {
        for column in 0..area.width {
            let y = i64::from(row) * 2;
            let dots = [y, y + 1].map(|y| scene.dot([i64::from(column), y], &marks));
            let place = Position::new(area.x + column, area.y + row);
            if let (Some(letter), Some(cell)) = (letter(dots), buf.cell_mut(place)) {
                cell.set_char(letter);
            }
        }
    }
}

/// How bright a colour looks, by the weights of Rec. 709.
fn brightness([red, green, blue]: [u8; 3]) -> usize {
    let [red, green, blue] = [red, green, blue].map(usize::from);
    (red * 2126 + green * 7152 + blue * 722) / 10_000
}

/// The letter of two pixels one above the other; `None` where there is nothing.
pub(super) fn letter(dots: [Dot; 2]) -> Option<char> {
    let is = |wanted: fn(&Dot) -> bool| dots.iter().any(wanted);
    if is(|dot| matches!(dot, Dot::Mark)) {
        return Some('·');
    }
    if is(|dot| matches!(dot, Dot::Outline(_))) {
        return Some('o');
    }
    // Where few elements have a flag the brightness is seen.
    if is(|dot| matches!(dot, Dot::Flag(_, _, share) if *share >= 64)) {
        return Some('!');
    }
    let levels = dots.iter().filter_map(|dot| match dot {
        Dot::Level(level) | Dot::Flag(_, Ground::Level(level), _) => Some(usize::from(*level)),
        Dot::Color(color) | Dot::Flag(_, Ground::Color(color), _) => Some(brightness(*color)),
        _ => None,
    });
    let (sum, count) = levels.fold((0, 0), |(sum, count), level| (sum + level, count + 1));
    if let Some(level) = sum.checked_div(count) {
        return RAMP
            .get(level * RAMP.len() / 256)
            .map(|byte| char::from(*byte));
    }
    is(|dot| matches!(dot, Dot::Missing)).then_some('?')
}
