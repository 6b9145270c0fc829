//! Draws the HDUs, or the cards of one header.

use super::frame;
use super::frame::Column;
use crate::app::Tab;
use crate::pane::hdus::HduRow;
use crate::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

pub(super) fn draw(tab: &Tab, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let hdus = &tab.hdus;
    if let (Some(cursor), Some(hdu)) = (&hdus.header, hdus.selected()) {
        let title = format!("header of HDU {} {}", hdus.cursor.at, hdu.name);
        let inner = frame::frame(&title, true, area, buf, theme);
        let columns = [column("card", 0, false)];
        let len = hdu.cards.len() as u64;
        return frame::table(&columns, cursor, len, inner, buf, theme, |row| {
            let card = usize::try_from(row).ok().and_then(|at| hdu.cards.get(at));
            let text = card.cloned().unwrap_or_default();
            let is_remark = text.starts_with("COMMENT") || text.starts_with("HISTORY");
            let style = if is_remark { theme.faint } else { theme.text };
            vec![(text, style)]
        });
    }
    let inner = frame::frame("HDUs", true, area, buf, theme);
    match &hdus.found {
        None => frame::tell("reading …", theme.busy, inner, buf),
        Some(Err(error)) => frame::tell(error, theme.faint, inner, buf),
        Some(Ok(rows)) => {
            let columns = [
                column("#", 5, true),
                column("name", 14, false),
                column("type", 12, false),
                column("cards", 6, true),
                column("size", 9, true),
                column("contents", 0, false),
            ];
            let len = rows.len() as u64;
            frame::table(&columns, &hdus.cursor, len, inner, buf, theme, |row| {
                let hdu = usize::try_from(row).ok().and_then(|at| rows.get(at));
                hdu.map_or_else(Vec::new, |hdu| cells(row, hdu, theme))
            });
        }
    }
}

const fn column(name: &'static str, width: u16, is_number: bool) -> Column {
    Column {
        name,
        width,
        is_number,
    }
}

fn cells(number: u64, hdu: &HduRow, theme: &Theme) -> Vec<(String, Style)> {
    let tree = if hdu.holds_tree {
        ", the ASDF tree"
    } else {
        ""
    };
    vec![
        (number.to_string(), theme.faint),
        (hdu.name.clone(), theme.key),
        (hdu.kind.clone(), theme.kind),
        (hdu.cards.len().to_string(), theme.number),
        (hdu.size.clone(), theme.number),
        (format!("{}{tree}", hdu.contents), theme.array),
    ]
}
