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
use crate::pane::chart::ChartPane;
use crate::pane::chart::Series;
use crate::pane::chart::ticks::ticks;
use crate::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::layout::Rect;
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
                let style = if self.is_busy() {
                    theme.busy
                } else {
                    theme.title
                };
                let title = super::frame::fit(&series.title, width);
                buf.set_stringn(area.x, area.y, title, width, style);
                Chart::new(series, area).draw(buf, theme);
            }
        }
    }
}

/// A series in its place.
struct Chart<'s> {
    series: &'s Series,
    /// Heights of the values: logarithms of counts.
    bottom: f64,
    top: f64,
    /// Where dots go.
    plot: Rect,
    labels: Vec<(f64, String)>,
    area: Rect,
}

/// What a value is high.
fn height(series: &Series, value: f64) -> f64 {
    if series.is_histogram {
        value.max(0.0).ln_1p()
    } else {
        value
    }
}

impl<'s> Chart<'s> {
    fn new(series: &'s Series, area: Rect) -> Self {
        let heights = series.values.iter().map(|value| height(series, *value));
        let finite = heights.filter(|value| value.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let (bottom, top) = match (series.is_histogram, low < high) {
            (true, _) => (0.0, high.max(1.0)),
            (false, true) => (low, high),
            (false, false) if low.is_finite() => (low - 0.5, low + 0.5),
            (false, false) => (0.0, 1.0),
        };
        let lines = area.height.saturating_sub(3);
        let labels = if series.is_histogram {
            counts(top, usize::from(lines / 2))
        } else {
            ticks(bottom, top, usize::from(lines / 2).max(1))
        };
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
            bottom,
            top,
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
        let mut dots = Dots::new(self.plot);
        let (width, height) = (dots.width(), dots.height());
        let mut last: Option<usize> = None;
        for x in 0..width {
            let Some((low, high)) = self.range(x, width) else {
                last = None;
                continue;
            };
            let (low, high) = (self.row(low, height), self.row(high, height));
            if self.series.is_histogram {
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
        dots.draw(buf, theme.number);
    }

    /// The least and the greatest height of the values over a column of dots.
    #[expect(clippy::cast_precision_loss, reason = "columns of a screen")]
    #[expect(clippy::cast_possible_truncation, reason = "within the values")]
    #[expect(clippy::cast_sign_loss, reason = "not below 0")]
    fn range(&self, x: usize, width: usize) -> Option<(f64, f64)> {
        let count = self.series.values.len();
        let place = |x: usize| (x as f64 / width as f64 * count as f64) as usize;
        let start = place(x).min(count.checked_sub(1)?);
        let end = place(x + 1).clamp(start + 1, count);
        let heights = self.series.values.get(start..end)?.iter();
        let heights = heights.map(|value| height(self.series, *value));
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
        if self.series.is_histogram && value <= 0.0 {
            return rows;
        }
        // Values far apart have a difference that is not a number.
        let part = (value / 2.0 - self.bottom / 2.0) / (self.top / 2.0 - self.bottom / 2.0);
        let last = rows.saturating_sub(1) as f64;
        (last - (part * last).round()).clamp(0.0, last) as usize
    }

    /// The column of a place along the horizontal axis.
    fn column(&self, place: f64) -> Option<u16> {
        let count = self.series.values.len();
        #[expect(clippy::cast_precision_loss, reason = "values of a chart")]
        let part = ((place - self.series.start) / self.series.step + 0.5) / count as f64;
        if !(0.0..=1.0).contains(&part) {
            return None;
        }
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
        #[expect(clippy::cast_precision_loss, reason = "values of a chart")]
        let end = series.start + series.step * series.values.len().saturating_sub(1) as f64;
        let most = usize::from(plot.width / 12).max(1);
        let y = plot.bottom() + 1;
        let name = series.across.width().min(usize::from(plot.width));
        let room = plot
            .right()
            .saturating_sub(u16::try_from(name + 1).unwrap_or(u16::MAX));
        let mut free = self.area.x;
        for (place, label) in ticks(series.start, end, most) {
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

/// Powers of ten up to a height, with their labels.
fn counts(top: f64, most: usize) -> Vec<(f64, String)> {
    let powers = (0..20).map(|power| 10_f64.powi(power));
    let shown: Vec<f64> = powers
        .filter(|count| count.ln_1p() <= top * 1.001)
        .collect();
    let step = shown.len().div_ceil(most.max(1)).max(1);
    let tick = |count: &f64| (count.ln_1p(), format!("{count:.0}"));
    let plain = |count: &f64| (count.ln_1p(), format!("{count:e}"));
    let shown = shown.iter().step_by(step);
    shown
        .map(|count| {
            if *count < 1e5 {
                tick(count)
            } else {
                plain(count)
            }
        })
        .collect()
}

fn put(buf: &mut Buffer, x: u16, y: u16, letter: char, theme: &Theme) {
    if let Some(cell) = buf.cell_mut(Position::new(x, y)) {
        cell.set_char(letter).set_style(theme.faint);
    }
}
