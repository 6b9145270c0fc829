//! Draws the table of blocks.

use super::frame;
use super::frame::Column;
use crate::app::Tab;
use crate::pane::blocks::Checked;
use crate::theme::Theme;
use asdf_core::block::BlockHeader;
use asdf_core::inspect::escape;
use asdf_core::inspect::human_bytes;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

const COLUMNS: [Column; 8] = [
    column("#", 6, true),
    column("offset", 11, true),
    column("used", 9, true),
    column("allocated", 9, true),
    column("codec", 6, false),
    column("ratio", 6, true),
    column("checksum", 9, false),
    column("used by", 0, false),
];

const fn column(name: &'static str, width: u16, is_number: bool) -> Column {
    Column {
        name,
        width,
        is_number,
    }
}

pub(super) fn draw(tab: &Tab, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let table = tab.file.block_table();
    let headers = table.headers();
    let mut title = format!("blocks: {}, index {}", headers.len(), table.index().name());
    if let Some((done, all)) = tab.blocks.progress {
        title.push_str(&format!(", checked {done} of {all}"));
    }
    let inner = frame::frame(&title, true, area, buf, theme);
    if headers.is_empty() {
        return frame::tell("this file has no blocks", theme.faint, inner, buf);
    }
    let cursor = &tab.blocks.cursor;
    frame::table(
        &COLUMNS,
        cursor,
        headers.len() as u64,
        inner,
        buf,
        theme,
        |row| {
            let at = usize::try_from(row).unwrap_or(usize::MAX);
            headers
                .get(at)
                .map_or_else(Vec::new, |header| cells(tab, header, theme))
        },
    );
}

fn cells(tab: &Tab, header: &BlockHeader, theme: &Theme) -> Vec<(String, Style)> {
    let codec = header.label_text();
    let ratio = match &codec {
        Some(_) if header.available > 0 => ratio(header.decoded_size(), header.available),
        _ => "-".to_owned(),
    };
    vec![
        (header.index.to_string(), theme.faint),
        (format!("{:#x}", header.offset), theme.text),
        (human_bytes(header.used), theme.number),
        (human_bytes(header.allocated), theme.number),
        (
            codec.map_or("-".to_owned(), |codec| escape(&codec).into_owned()),
            theme.kind,
        ),
        (ratio, theme.number),
        checksum(tab, header, theme),
        (users(tab, header.index), theme.key),
    ]
}

/// How many times smaller the data became, with one digit.
fn ratio(decoded: u64, stored: u64) -> String {
    let tenths = decoded.saturating_mul(10) / stored.max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn checksum(tab: &Tab, header: &BlockHeader, theme: &Theme) -> (String, Style) {
    let (text, style) = match tab.blocks.checked.get(&header.index) {
        Some(Checked::Good) => ("ok", theme.good),
        Some(Checked::Legacy) => ("ok (old)", theme.good),
        Some(Checked::Wrong) => ("WRONG", theme.bad),
        Some(Checked::Absent) => ("none", theme.faint),
        Some(Checked::Broken(reason)) => (&**reason, theme.bad),
        None if header.checksum == [0; 16] => ("none", theme.faint),
        None => ("?", theme.faint),
    };
    (escape(text).into_owned(), style)
}

/// The first array that uses a block, and how many more there are.
fn users(tab: &Tab, index: usize) -> String {
    let Some(users) = &tab.blocks.users else {
        return "…".to_owned();
    };
    let nodes = users.get(&index).map(Vec::as_slice).unwrap_or_default();
    let first = nodes.first().and_then(|id| tab.file.tree().by_id(*id));
    let path = first.map_or_else(|| "-".to_owned(), |node| node.path().to_string());
    let path = frame::fit_end(&path, 40);
    match nodes.len() {
        0 | 1 => escape(&path).into_owned(),
        count => format!("{} and {} more", escape(&path), count - 1),
    }
}
