//! The text of one scalar.

use super::Content;
use super::NewNode;
use super::Nodes;
use crate::tree::CoreTag;
use crate::tree::ScalarStyle;
use crate::tree::is_plain_text;
use crate::tree::nodes::{is_literal_text, is_printable};

/// A scalar in block context, its further lines indented by `indent`.
pub(super) fn block(nodes: &Nodes, node: NewNode, indent: usize) -> String {
    let Some(Content::Scalar { text, style }) = nodes.content(node) else {
        return String::new();
    };
    match style {
        ScalarStyle::Literal | ScalarStyle::Folded if is_literal_text(text) => {
            literal(text, indent)
        }
        // What stood plain in a block may go on standing so.
        ScalarStyle::Plain if !text.is_empty() && text.chars().all(is_printable) => {
            text.to_string()
        }
        _ => flow(nodes, node),
    }
}

/// A scalar on one line, such that it can stand in a flow collection.
pub(super) fn flow(nodes: &Nodes, node: NewNode) -> String {
    let Some(Content::Scalar { text, style }) = nodes.content(node) else {
        return String::new();
    };
    let is_text = nodes.scalar_type(node) == Some(CoreTag::Str);
    match style {
        // The look of a number, a date or a null is its meaning, and none of them needs care.
        ScalarStyle::Plain if text.is_empty() && nodes.tag(node).is_none() => "null".to_owned(),
        ScalarStyle::Plain if !is_text || text.is_empty() || is_plain_text(text) => {
            text.to_string()
        }
        ScalarStyle::DoubleQuoted => double_quoted(text),
        _ => in_quotes(text),
    }
}

/// A string on one line: bare where no reader takes it for anything else, in quotes elsewhere.
pub(crate) fn quoted(text: &str) -> String {
    if is_plain_text(text) {
        text.to_owned()
    } else {
        in_quotes(text)
    }
}

fn in_quotes(text: &str) -> String {
    if text.chars().all(is_printable) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        double_quoted(text)
    }
}

fn literal(text: &str, indent: usize) -> String {
    let (body, mut out) = match text.strip_suffix('\n') {
        Some(body) => (body, "|".to_owned()),
        None => (text, "|-".to_owned()),
    };
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
        }
    }
    out
}

/// A string in double quotes; what is not a printable character is escaped.
pub(crate) fn double_quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            char if is_printable(char) => out.push(char),
            char if u32::from(char) < 0x100 => out.push_str(&format!("\\x{:02X}", u32::from(char))),
            char if u32::from(char) < 0x1_0000 => {
                out.push_str(&format!("\\u{:04X}", u32::from(char)));
            }
            char => out.push_str(&format!("\\U{:08X}", u32::from(char))),
        }
    }
    out.push('"');
    out
}
