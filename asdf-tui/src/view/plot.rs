//! Draws lines, dots and histograms of numbers.

use super::chart;
use super::frame;
use crate::app::Tab;
use crate::theme::Theme;
use asdf_core::inspect::escape;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub(super) fn draw(tab: &Tab, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let Some(plot) = &tab.plot else {
        let inner = frame::frame("plot", true, area, buf, theme);
        let text = "nothing is plotted: p on an array with one axis or a column of a table";
        return frame::tell(text, theme.faint, inner, buf);
    };
    let room = usize::from(area.width).saturating_sub(12);
    let path = frame::fit_end(&escape(&plot.path()), room);
    let inner = frame::frame(&format!("plot {path}"), true, area, buf, theme);
    match &plot.found {
        None => frame::tell("reading …", theme.busy, inner, buf),
        Some(Err(error)) => frame::tell(&escape(error), theme.bad, inner, buf),
        Some(Ok(series)) => {
            chart::draw(series, &[], (plot.log, plot.is_busy), inner, buf, theme);
        }
    }
}
