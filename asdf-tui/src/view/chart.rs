//! Draws a chart: title, values with ticks at the left, places with ticks below.
//!
//! ```text
//! row y=512 [MJy/sr]
//!  0.4┤      ⢀⡀
//!  0.2┤⣀⣀⣀⣀⣀⡠⠃⠱⣀⣀⣀⣀
//!     └┬──────┬─────
//!      0     500       x
//! ```

use super::braille::Dots;
use crate::pane::chart::Axes;
use crate::pane::chart::CURVE_COLORS;
use crate::pane::chart::ChartPane;
use crate::pane::chart::Curve;
use crate::pane::chart::Drawing;
use crate::pane::chart::LogAxes;
use crate::pane::chart::Places;
use crate::pane::chart::Series;
use crate::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

impl ChartPane {
    /// Draws the pane.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let width = usize::from(area.width);
        match self.series() {
            None if self.is_busy() => {
                buf.set_stringn(area.x, area.y, "…", width, theme.busy);
            }
            None => {}
            Some(Err(text)) => {
                buf.set_stringn(area.x, area.y, text, width, theme.bad);
            }
            Some(Ok(series)) => {
                draw(
                    series,
                    self.kept(),
                    (self.log, self.is_busy()),
                    area,
                    buf,
                    theme,
                );
            }
        }
    }
}

/// Draws what a chart shows and curves that were kept, with logarithmic axes or not; dimmed while something newer is read.
pub(super) fn draw(
    series: &Series,
    kept: &[Curve],
    (log, is_busy): (LogAxes, bool),
    area: Rect,
    buf: &mut Buffer,
    theme: &Theme,
) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let style = if is_busy { theme.busy } else { theme.title };
    let width = usize::from(area.width);
    let title = super::frame::fit(&series.title, width);
    let (mut x, _) = buf.set_stringn(area.x, area.y, title, width, style);
    let curves: Vec<&Curve> = series.curves.iter().chain(kept).collect();
    if curves.len() > 1 {
        for (number, curve) in curves.iter().enumerate() {
            let room = usize::from(area.right().saturating_sub(x));
            let text = format!("  ━ {}", curve.name);
            if text.width() > room {
                buf.set_stringn(x, area.y, " …", room, theme.faint);
                break;
            }
            let style = curve_style(number, theme);
            (x, _) = buf.set_stringn(x, area.y, text, room, style);
        }
    }
    Chart::new(series, curves, log, area).draw(buf, theme);
}

fn curve_style(number: usize, theme: &Theme) -> Style {
    match number.checked_sub(1) {
        None => theme.number,
        Some(further) => {
            let color = CURVE_COLORS.get(further % CURVE_COLORS.len());
            theme.foreground(color.copied().unwrap_or_default())
        }
    }
}

/// A series in its place.
struct Chart<'s> {
    series: &'s Series,
    curves: Vec<&'s Curve>,
    is_log_across: bool,
    axes: Axes,
    /// Where dots go.
    plot: Rect,
    labels: Vec<(f64, String)>,
    area: Rect,
}

impl<'s> Chart<'s> {
    fn new(series: &'s Series, curves: Vec<&'s Curve>, log: LogAxes, area: Rect) -> Self {
        let axes = Axes::new(series, &curves, log);
        let lines = area.height.saturating_sub(3);
        let labels = axes.ticks_up(usize::from(lines / 2));
        let widest = labels
            .iter()
            .map(|label| label.1.width())
            .max()
            .unwrap_or(0);
        let margin = u16::try_from(widest + 1)
            .unwrap_or(u16::MAX)
            .min(area.width / 2);
        let plot = Rect::new(area.x + margin, area.y + 1, area.width - margin, lines);
        Self {
            series,
            curves,
            is_log_across: log.across,
            axes,
            plot,
            labels,
            area,
        }
    }

    fn draw(&self, buf: &mut Buffer, theme: &Theme) {
        if self.plot.is_empty() {
            return;
        }
        self.draw_axes(buf, theme);
        self.draw_marks(buf, theme);
        for (number, curve) in self.curves.iter().enumerate().rev() {
            let mut dots = Dots::new(self.plot);
            match (self.series.drawing, &curve.places) {
                (Drawing::Points, _) => self.points(curve, &mut dots),
                (Drawing::Histogram, _) if self.is_log_across => self.bars(curve, &mut dots),
                (Drawing::Histogram, _) => self.columns(curve, &mut dots),
                (Drawing::Line, Places::Even { .. })
                    if self.curves.len() == 1 && !self.is_log_across =>
                {
                    self.columns(curve, &mut dots);
                }
                (Drawing::Line, _) => self.segments(curve, &mut dots),
            }
            dots.draw(buf, curve_style(number, theme));
        }
    }

    /// Values at even distances that fill the axis: what is over a column of dots, joined with that before it.
    fn columns(&self, curve: &Curve, dots: &mut Dots) {
        let (width, height) = (dots.width(), dots.height());
        let mut last: Option<usize> = None;
        for x in 0..width {
            let Some((low, high)) = self.range(curve, x, width) else {
                last = None;
                continue;
            };
            let (low, high) = (self.row(low, height), self.row(high, height));
            if self.series.drawing == Drawing::Histogram {
                if high < height {
                    dots.column(x, high, height.saturating_sub(1));
                }
                continue;
            }
            // What was left of it is joined.
            let (from, to) = match last {
                Some(last) if last < high => (last + 1, low),
                Some(last) if last > low => (high, last - 1),
                _ => (high, low),
            };
            dots.column(x, from.min(to), from.max(to));
            last = Some(usize::midpoint(low, high));
        }
    }

    /// Columns of counts that are not at even distances.
    fn bars(&self, curve: &Curve, dots: &mut Dots) {
        let height = dots.height();
        for (x, y) in self.dots(curve, dots).into_iter().flatten() {
            if y < height {
                dots.column(x, y, height.saturating_sub(1));
            }
        }
    }

    /// Each value by itself.
    fn points(&self, curve: &Curve, dots: &mut Dots) {
        for (x, y) in self.dots(curve, dots).into_iter().flatten() {
            dots.set(x, y);
        }
    }

    /// Values joined by lines, wherever they are.
    fn segments(&self, curve: &Curve, dots: &mut Dots) {
        let mut last: Option<(usize, usize)> = None;
        for place in self.dots(curve, dots) {
            if let (Some(from), Some(to)) = (last, place) {
                join(from, to, dots);
            } else if let Some((x, y)) = place {
                dots.set(x, y);
            }
            last = place;
        }
    }

    /// The dot of each value.
    fn dots(&self, curve: &Curve, dots: &Dots) -> Vec<Option<(usize, usize)>> {
        let (width, height) = (dots.width(), dots.height());
        let dot = |(at, value): (usize, &f64)| {
            let part = self.axes.across(curve.place(at))?;
            let value = self.axes.height(*value);
            if !value.is_finite() {
                return None;
            }
            #[expect(clippy::cast_precision_loss, reason = "columns of a screen")]
            #[expect(clippy::cast_possible_truncation, reason = "columns of a screen")]
            #[expect(clippy::cast_sign_loss, reason = "not below 0")]
            let x = (part * width as f64) as usize;
            Some((x.min(width.saturating_sub(1)), self.row(value, height)))
        };
        curve.values.iter().enumerate().map(dot).collect()
    }

    /// The least and the greatest height of the values over a column of dots.
    #[expect(clippy::cast_precision_loss, reason = "columns of a screen")]
    #[expect(clippy::cast_possible_truncation, reason = "within the values")]
    #[expect(clippy::cast_sign_loss, reason = "not below 0")]
    fn range(&self, curve: &Curve, x: usize, width: usize) -> Option<(f64, f64)> {
        let count = curve.values.len();
        let place = |x: usize| (x as f64 / width as f64 * count as f64) as usize;
        let start = place(x).min(count.checked_sub(1)?);
        let end = place(x + 1).clamp(start + 1, count);
        let heights = curve.values.get(start..end)?.iter();
        let heights = heights.map(|value| self.axes.height(*value));
        let finite = heights.filter(|value| value.is_finite());
        finite.fold(None, |found, value| match found {
            None => Some((value, value)),
            Some((low, high)) => Some((value.min(low), value.max(high))),
        })
    }

    /// The row of dots of a height, from the top; below the last one for counts of zero.
    #[expect(clippy::cast_precision_loss, reason = "rows of a screen")]
    #[expect(clippy::cast_possible_truncation, reason = "rows of a screen")]
    #[expect(clippy::cast_sign_loss, reason = "not below 0")]
    fn row(&self, value: f64, rows: usize) -> usize {
        if self.series.drawing == Drawing::Histogram && value <= 0.0 {
            return rows;
        }
        let part = self.axes.up(value);
        let last = rows.saturating_sub(1) as f64;
        (last - (part * last).round()).clamp(0.0, last) as usize
    }

    /// The column of a place along the horizontal axis.
    fn column(&self, place: f64) -> Option<u16> {
        let part = self.axes.across(place)?;
        #[expect(clippy::cast_possible_truncation, reason = "columns of a screen")]
        #[expect(clippy::cast_sign_loss, reason = "not below 0")]
        let column = (part * f64::from(self.plot.width)) as u16;
        Some(self.plot.x + column.min(self.plot.width.saturating_sub(1)))
    }

    fn draw_axes(&self, buf: &mut Buffer, theme: &Theme) {
        let plot = self.plot;
        let below = plot.bottom();
        for x in plot.left()..plot.right() {
            put(buf, x, below, '─', theme);
        }
        if plot.x > self.area.x {
            for y in plot.top()..plot.bottom() {
                put(buf, plot.x - 1, y, '│', theme);
            }
            put(buf, plot.x - 1, below, '└', theme);
        }
        let rows = usize::from(plot.height) * 4;
        for (value, label) in &self.labels {
            let row = self.row(*value, rows).min(rows.saturating_sub(1)) / 4;
            let y = plot.y + u16::try_from(row).unwrap_or(0);
            let width = usize::from((plot.x - self.area.x).saturating_sub(1));
            let skip = width.saturating_sub(label.width());
            let x = self.area.x + u16::try_from(skip).unwrap_or(0);
            buf.set_stringn(x, y, label, width, theme.faint);
            if plot.x > self.area.x {
                put(buf, plot.x - 1, y, '┤', theme);
            }
        }
        self.draw_places(buf, theme);
    }

    fn draw_places(&self, buf: &mut Buffer, theme: &Theme) {
        let (plot, series) = (self.plot, self.series);
        let most = usize::from(plot.width / 12).max(1);
        let y = plot.bottom() + 1;
        let name = series.across.width().min(usize::from(plot.width));
        let room = plot
            .right()
            .saturating_sub(u16::try_from(name + 1).unwrap_or(u16::MAX));
        let mut free = self.area.x;
        for (place, label) in self.axes.ticks_across(most) {
            let Some(x) = self.column(place) else {
                continue;
            };
            put(buf, x, plot.bottom(), '┬', theme);
            let width = u16::try_from(label.width()).unwrap_or(u16::MAX);
            let start = x.saturating_sub(width / 2).max(self.area.x);
            if start >= free && start.saturating_add(width) <= room {
                buf.set_stringn(start, y, &label, usize::from(width), theme.faint);
                free = start + width + 1;
            }
        }
        let x = plot.right() - u16::try_from(name).unwrap_or(plot.width);
        buf.set_stringn(x, y, &series.across, name, theme.faint);
    }

    fn draw_marks(&self, buf: &mut Buffer, theme: &Theme) {
        for x in self
            .series
            .marks
            .iter()
            .filter_map(|mark| self.column(*mark))
        {
            for y in self.plot.top()..self.plot.bottom() {
                if let Some(cell) = buf.cell_mut(Position::new(x, y)) {
                    cell.set_char('┊').set_style(theme.mark);
                }
            }
        }
    }
}

/// The dots of a line from one dot to another.
fn join(from: (usize, usize), to: (usize, usize), dots: &mut Dots) {
    let (across, down) = (from.0.abs_diff(to.0), from.1.abs_diff(to.1));
    let steps = across.max(down).max(1);
    // Rounded in whole numbers: a part of the way from one end to the other.
    let along = |start: usize, end: usize, step: usize| {
        let way = (start.abs_diff(end) * step + steps / 2) / steps;
        if end >= start {
            start + way
        } else {
            start - way
        }
    };
    for step in 0..=steps {
        dots.set(along(from.0, to.0, step), along(from.1, to.1, step));
    }
}

fn put(buf: &mut Buffer, x: u16, y: u16, letter: char, theme: &Theme) {
    if let Some(cell) = buf.cell_mut(Position::new(x, y)) {
        cell.set_char(letter).set_style(theme.faint);
    }
}
