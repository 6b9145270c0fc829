//! Draws a WCS or a transform: a point in every frame, and the footprint on a chart of the sky.

use super::braille::Dots;
use super::frame;
use super::value::LONGEST_PATH;
use super::wcs::draw_lines;
use crate::app::Tab;
use crate::pane::world::SkyChart;
use crate::theme::Theme;
use asdf_core::inspect::escape;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

/// Columns from which the chart stands beside the lines, and rows from which below them.
const BESIDE: u16 = 100;
const BELOW: u16 = 24;

pub(super) fn draw(tab: &Tab, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let Some(world) = &tab.world else {
        let inner = frame::frame("wcs", true, area, buf, theme);
        return frame::tell("no WCS is selected", theme.faint, inner, buf);
    };
    let path = match world.report() {
        Some(report) => report.path.to_string(),
        None => world.path.to_string(),
    };
    let title = format!("wcs {}", frame::fit_end(&escape(&path), LONGEST_PATH));
    let inner = frame::frame(&title, true, area, buf, theme);
    let report = match &world.found {
        None => return frame::tell("evaluating …", theme.busy, inner, buf),
        Some(Err(reason)) => return frame::tell(&escape(reason), theme.bad, inner, buf),
        Some(Ok(report)) => report,
    };
    let (text, chart) = match &report.chart {
        Some(chart) if inner.width >= BESIDE => {
            let width = inner.width * 2 / 5;
            let text = Rect {
                width: inner.width - width,
                ..inner
            };
            let place = Rect {
                x: inner.x + text.width,
                width,
                ..inner
            };
            (text, Some((chart, place)))
        }
        Some(chart) if inner.height >= BELOW => {
            let height = inner.height * 2 / 5;
            let text = Rect {
                height: inner.height - height,
                ..inner
            };
            let place = Rect {
                y: inner.y + text.height,
                height,
                ..inner
            };
            (text, Some((chart, place)))
        }
        _ => (inner, None),
    };
    let first = usize::try_from(world.cursor.top).unwrap_or(usize::MAX);
    draw_lines(
        report.lines.get(first..).unwrap_or_default(),
        text,
        buf,
        theme,
    );
    if let Some((chart, place)) = chart {
        draw_chart(chart, place, buf, theme);
    }
}

/// Where places of the chart are among its dots: north is up, east to the left.
struct Map {
    width: f64,
    height: f64,
    scale: f64,
}

impl Map {
    fn place(&self, [east, north]: [f64; 2]) -> Option<(usize, usize)> {
        let x = self.width / 2.0 - east * self.scale;
        let y = self.height / 2.0 - north * self.scale;
        let is_within = (0.0..self.width).contains(&x) && (0.0..self.height).contains(&y);
        #[expect(clippy::cast_possible_truncation, reason = "within the chart")]
        #[expect(clippy::cast_sign_loss, reason = "within the chart")]
        is_within.then_some((x as usize, y as usize))
    }

    /// The dots of a line through points.
    fn line(&self, points: &[[f64; 2]], dots: &mut Dots) {
        const PARTS: u32 = 40;
        for pair in points.windows(2) {
            let [from, to] = pair else { continue };
            for part in 0..=PARTS {
                let part = f64::from(part) / f64::from(PARTS);
                let at = [
                    from[0] + (to[0] - from[0]) * part,
                    from[1] + (to[1] - from[1]) * part,
                ];
                if let Some((x, y)) = self.place(at) {
                    dots.set(x, y);
                }
            }
        }
    }
}

fn draw_chart(chart: &SkyChart, area: Rect, buf: &mut Buffer, theme: &Theme) {
    if area.width < 10 || area.height < 5 {
        return;
    }
    let mut grid = Dots::new(area);
    let mut edge = Dots::new(area);
    #[expect(clippy::cast_precision_loss, reason = "the size of a screen")]
    let (width, height) = (grid.width() as f64, grid.height() as f64);
    let map = Map {
        width,
        height,
        scale: width.min(height) / 2.0 / chart.reach,
    };
    for line in &chart.lines {
        map.line(&line.points, &mut grid);
    }
    let mut outline = chart.outline.clone();
    outline.extend(chart.outline.first());
    map.line(&outline, &mut edge);
    grid.draw(buf, theme.faint);
    edge.draw(buf, theme.number);
    let cell = |place: (usize, usize)| {
        let x = area
            .x
            .saturating_add(u16::try_from(place.0 / 2).unwrap_or(u16::MAX));
        let y = area
            .y
            .saturating_add(u16::try_from(place.1 / 4).unwrap_or(u16::MAX));
        (x, y)
    };
    if let Some((x, y)) = chart.point.and_then(|point| map.place(point)).map(cell) {
        buf.set_stringn(x, y, "+", 1, theme.mark);
    }
    let mut taken: Vec<Rect> = Vec::new();
    for line in &chart.lines {
        let places = line.points.iter().filter_map(|point| map.place(*point));
        // Meridians are labelled at the bottom, parallels at the left.
        let end = if line.is_meridian {
            places.max_by_key(|place| place.1)
        } else {
            places.min_by_key(|place| place.0)
        };
        let Some((x, y)) = end.map(cell) else {
            continue;
        };
        let length = u16::try_from(line.label.width()).unwrap_or(u16::MAX);
        let x = x.min(area.right().saturating_sub(length));
        let own = Rect::new(x, y, length, 1);
        if x < area.x || taken.iter().any(|other| other.intersects(own)) {
            continue;
        }
        taken.push(own);
        buf.set_stringn(x, y, &line.label, usize::from(length), theme.faint);
    }
    buf.set_stringn(
        area.x,
        area.y,
        "N up, E left",
        usize::from(area.width),
        theme.faint,
    );
}
