//! Draws the tree: mark, key, value, and at the right what it is.

use super::frame;
use super::value;
use crate::app::Tab;
use crate::pane::search::Pattern;
use crate::pane::tree::Label;
use crate::pane::tree::Row;
use crate::theme::Theme;
use asdf_core::Node;
use asdf_core::array::is_array;
use asdf_core::inspect::escape;
use asdf_core::inspect::human_bytes;
use asdf_core::inspect::short_tag;
use asdf_core::inspect::type_name;
use asdf_core::tree::Map;
use asdf_core::tree::NodeKind;
use asdf_core::tree::Seq;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

/// Characters of a value that are looked at for a row.
const LONG: usize = 400;
/// Levels that are told apart by their indent; deeper rows stand as those.
const DEEPEST: u32 = 40;

pub(super) fn draw(tab: &Tab, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let has_focus = !tab.is_in_detail;
    let inner = frame::frame("tree", has_focus, area, buf, theme);
    if tab.tree.is_empty() {
        return frame::tell("this file has no tree", theme.faint, inner, buf);
    }
    let cursor = tab.tree.cursor;
    for (at, y) in cursor
        .rows(tab.tree.len(), u64::from(inner.height))
        .zip(inner.y..)
    {
        let row = usize::try_from(at)
            .ok()
            .and_then(|at| tab.tree.rows.get(at));
        let Some((row, node)) = row.and_then(|row| Some((row, tab.file.tree().by_id(row.node)?)))
        else {
            continue;
        };
        let line = Rect::new(inner.x, y, inner.width, 1);
        if at == cursor.at {
            let style = if has_focus {
                theme.selected
            } else {
                theme.selected_dim
            };
            // Below the text, so that what was searched for keeps its own ground.
            buf.set_style(line, style);
        }
        draw_row(tab, row, node, line, buf, theme);
    }
}

fn draw_row(tab: &Tab, row: &Row, node: Node<'_>, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let (kind, kind_style) = kind(tab, node, theme);
    let most = usize::from(area.width / 2);
    let kind = frame::fit(&kind, most);
    let kind_width = u16::try_from(kind.width()).unwrap_or(0);
    let left = area.width.saturating_sub(kind_width + 1);
    let indent = "  ".repeat(usize::try_from(row.depth.min(DEEPEST)).unwrap_or(0));
    let mark = match (row.is_branch, row.is_open) {
        (true, true) => "▾ ",
        (true, false) if is_array(node) => "▪ ",
        (true, false) => "▸ ",
        (false, _) => "  ",
    };
    let pattern = tab.search.pattern.as_ref();
    let mut spans = vec![Span::styled(format!("{indent}{mark}"), theme.faint)];
    spans.extend(found(&label(tab, row), theme.key, pattern, theme));
    if let Some((text, style)) = content(node, row, theme) {
        spans.push(Span::styled(": ", theme.faint));
        spans.extend(found(&text, style, pattern, theme));
    }
    let line = Line::from(spans);
    let is_cut = line.width() > usize::from(left);
    buf.set_line(area.x, area.y, &line, left);
    if is_cut && left > 0 {
        buf.set_string(area.x + left - 1, area.y, "…", theme.faint);
    }
    let x = area.right() - kind_width.min(area.width);
    buf.set_stringn(x, area.y, kind, usize::from(area.width), kind_style);
}

fn label(tab: &Tab, row: &Row) -> String {
    match row.label {
        Label::Root => "/".to_owned(),
        Label::Index(index) => format!("[{index}]"),
        Label::Key(key) => match tab.file.tree().by_id(key) {
            Some(key) => {
                let text: String = key.key_text().chars().take(LONG).collect();
                escape(&text).into_owned()
            }
            None => String::new(),
        },
    }
}

/// The value of a row that is not open.
fn content(node: Node<'_>, row: &Row, theme: &Theme) -> Option<(String, Style)> {
    if let Some(uri) = node.get("$ref").and_then(Node::text) {
        let text: String = uri.chars().take(LONG).collect();
        return Some((format!("→ {}", escape(&text)), theme.string));
    }
    match node.kind() {
        NodeKind::Scalar => Some(value::scalar(node, LONG, theme)),
        NodeKind::Seq if !row.is_open => {
            value::list(node, LONG, theme).map(|text| (text, theme.number))
        }
        _ => None,
    }
}

/// What a node is: datatype, shape and size of an array, else tag or type and the number of children.
fn kind(tab: &Tab, node: Node<'_>, theme: &Theme) -> (String, Style) {
    if is_array(node) {
        return match tab.facts.of(node.id()) {
            Some(Ok(info)) => {
                let codec = info
                    .compression
                    .as_deref()
                    .map_or(String::new(), |codec| format!(" {}", escape(codec)));
                (
                    format!("{} {}{codec}", value::array(info), human_bytes(info.bytes)),
                    theme.array,
                )
            }
            Some(Err(error)) => (escape(error).into_owned(), theme.bad),
            None => ("array …".to_owned(), theme.busy),
        };
    }
    let mut out = match node.tag() {
        Some(tag) => escape(&short_tag(tag)).into_owned(),
        None => type_name(node).to_owned(),
    };
    let children = match node.kind() {
        NodeKind::Scalar => None,
        NodeKind::Seq => node.as_seq().map(Seq::len),
        NodeKind::Map => node.as_map().map(Map::len),
    };
    if let Some(children) = children {
        out.push_str(&format!(" {children}"));
    }
    (out, theme.kind)
}

/// A text with what was searched for in another style.
fn found<'a>(text: &str, style: Style, pattern: Option<&Pattern>, theme: &Theme) -> Vec<Span<'a>> {
    let mut spans = Vec::new();
    let mut from = 0;
    let mut push = |text: Option<&str>, style| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            spans.push(Span::styled(text.to_owned(), style));
        }
    };
    while let Some(range) = pattern.and_then(|pattern| pattern.find(text, from)) {
        push(text.get(from..range.start), style);
        push(text.get(range.clone()), theme.found);
        from = range.end;
    }
    push(text.get(from..), style);
    spans
}
