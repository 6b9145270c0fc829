//! Draws the selected node in detail.

use super::frame;
use super::value;
use crate::app::Tab;
use crate::pane::tree::Label;
use crate::theme::Theme;
use asdf_core::Node;
use asdf_core::inspect::ArrayInfo;
use asdf_core::inspect::ArrayStorage;
use asdf_core::inspect::escape;
use asdf_core::inspect::human_bytes;
use asdf_core::inspect::type_name;
use asdf_core::tree::NodeKind;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::text::Span;

/// Characters of a value that are shown.
const LONG: usize = 4000;
/// Columns of the names of facts.
const NAME: u16 = 11;

pub(super) fn draw(tab: &Tab, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let inner = frame::frame("detail", tab.is_in_detail, area, buf, theme);
    let lines = lines(tab, inner.width, theme);
    let top = usize::try_from(tab.node.cursor.top).unwrap_or(usize::MAX);
    for (line, y) in lines.iter().skip(top).zip(inner.y..inner.bottom()) {
        buf.set_line(inner.x, y, line, inner.width);
    }
}

/// Lines of facts.
struct Facts<'a> {
    lines: Vec<Line<'a>>,
    width: u16,
    name: Style,
}

impl Facts<'_> {
    fn push(&mut self, name: &str, text: &str, style: Style) {
        let room = self.width.saturating_sub(NAME);
        for (number, part) in frame::wrap(text, room).into_iter().enumerate() {
            let name = if number == 0 { name } else { "" };
            let name = format!("{name:<width$}", width = usize::from(NAME));
            self.lines.push(Line::from(vec![
                Span::styled(name, self.name),
                Span::styled(part, style),
            ]));
        }
    }
}

/// All that is known, on lines of a width.
pub(super) fn lines<'a>(tab: &Tab, width: u16, theme: &Theme) -> Vec<Line<'a>> {
    let mut facts = Facts {
        lines: Vec::new(),
        width,
        name: theme.faint,
    };
    let Some(node) = tab.selected() else {
        return facts.lines;
    };
    let path = tab.tree.path(&tab.file, tab.tree.at()).to_string();
    let path = if path.is_empty() {
        "/".to_owned()
    } else {
        path
    };
    facts.push("path", &escape(&path), theme.key);
    facts.push("type", &kind(node), theme.kind);
    if let Some(tag) = node.tag() {
        facts.push("tag", &escape(tag.as_str()), theme.kind);
    }
    if let Some(anchor) = node.anchor() {
        facts.push("anchor", &escape(anchor), theme.text);
    }
    if node.kind() == NodeKind::Scalar {
        let (text, style) = value::scalar(node, LONG, theme);
        facts.push("value", &text, style);
    } else if let Some(text) = value::list(node, LONG, theme) {
        facts.push("value", &text, theme.number);
    }
    if let Some(unit) = unit(tab, node) {
        facts.push("unit", &unit, theme.kind);
    }
    match tab.facts.of(node.id()) {
        Some(Ok(info)) => array(tab, info, &mut facts, theme),
        Some(Err(error)) => facts.push("array", &escape(error), theme.bad),
        None => {}
    }
    if tab.file.tree_span().is_some() {
        let span = node.span();
        let text = format!("{:#x}..{:#x} of the tree's text", span.start, span.end);
        facts.push("bytes", &text, theme.faint);
    }
    schema(tab, &mut facts, theme);
    facts.lines
}

fn kind(node: Node<'_>) -> String {
    let name = type_name(node);
    if let Some(list) = node.as_seq() {
        return format!("{name} of {}", list.len());
    }
    match node.as_map() {
        Some(map) => format!("{name} of {}", map.len()),
        None => name.to_owned(),
    }
}

/// The unit of a quantity, or of the one whose value this is.
fn unit(tab: &Tab, node: Node<'_>) -> Option<String> {
    let own = node.get("unit");
    let beside = || {
        let at = tab.tree.at();
        let Label::Key(key) = tab.tree.rows.get(at)?.label else {
            return None;
        };
        let key = tab.file.tree().by_id(key)?;
        let parent = tab.tree.rows.get(tab.tree.parent(at)?)?;
        let is_value = matches!(key.text(), Some("value" | "data" | "datatype"));
        tab.file
            .tree()
            .by_id(parent.node)?
            .get("unit")
            .filter(|_| is_value)
    };
    let unit = own.or_else(beside)?.text()?;
    Some(escape(unit).into_owned())
}

fn array(tab: &Tab, info: &ArrayInfo, facts: &mut Facts<'_>, theme: &Theme) {
    facts.push("datatype", &escape(&info.datatype.to_string()), theme.array);
    facts.push("shape", &info.shape_text(), theme.array);
    facts.push("byte order", info.byteorder(), theme.text);
    facts.push(
        "size",
        &format!("{} ({} bytes)", human_bytes(info.bytes), info.bytes),
        theme.number,
    );
    facts.push("stored", &escape(&info.storage_text()), theme.text);
    if info.is_masked {
        facts.push("mask", "yes", theme.text);
    }
    let (ArrayStorage::Block(index) | ArrayStorage::Streamed(index)) = info.storage else {
        return;
    };
    let Some(header) = tab.file.block_table().headers().get(index) else {
        return;
    };
    let offset = format!(
        "header at {:#x}, data at {:#x}",
        header.offset, header.data_offset
    );
    facts.push("block", &offset, theme.text);
    if let (Some(codec), Some(stored)) = (&info.compression, info.stored_bytes) {
        facts.push(
            "codec",
            &format!("{}, {} in the file", escape(codec), human_bytes(stored)),
            theme.text,
        );
    }
}

fn schema(tab: &Tab, facts: &mut Facts<'_>, theme: &Theme) {
    let Some(note) = &tab.node.note else {
        return;
    };
    for (name, texts) in [("schema", &note.key), ("tag schema", &note.tag)] {
        let Some((title, description)) = texts else {
            continue;
        };
        if !title.is_empty() {
            facts.push(name, title, theme.title);
        }
        if !description.is_empty() {
            let name = if title.is_empty() { name } else { "" };
            facts.push(name, description, theme.text);
        }
    }
}
