//! A part of a tree as YAML text that stands on its own: tags in full, shared nodes as anchors.

use super::References;
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::file::FileNode;
use crate::limits::{Limit, Limits};
use crate::tree::Node;
use crate::tree::NodeId;
use crate::tree::NodeKind;
use crate::tree::Value;
use crate::tree::quoted;
use crate::tree::verbatim_tag;
use crate::tree::yaml_float;
use std::collections::HashMap;
use std::io::Write;

/// Identity of a node across files.
type Identity = (usize, NodeId);

/// Writes a node and everything below it in block style. Text that YAML 1.1 or 1.2 would take for
/// something else is quoted; nodes that occur twice are written once and named.
///
/// # Errors
/// `expanded_nodes` of [`Limits`]; a reference that is to be resolved cannot be; `out` fails.
pub fn write_yaml(
    at: FileNode<'_>,
    references: References,
    out: &mut impl Write,
    limits: &Limits,
) -> Result<()> {
    let mut plan = Plan {
        references,
        seen: HashMap::new(),
        count: 0,
        limits,
    };
    plan.visit(at)?;
    let mut writer = Writer {
        out,
        references,
        shared: plan.seen,
        next: 1,
        limits,
    };
    writer.node(at, 0, Position::Document)?;
    Ok(())
}

/// How often a node occurs, and the anchor it got.
#[derive(Default)]
struct Sharing {
    occurrences: u32,
    anchor: Option<u32>,
}

fn follow(at: FileNode<'_>, references: References) -> Result<FileNode<'_>> {
    if references == References::Resolve {
        at.resolve()
    } else {
        Ok(at)
    }
}

fn identity(at: FileNode<'_>) -> Identity {
    (std::ptr::from_ref(at.file).addr(), at.node.id())
}

/// Counts occurrences without entering a node twice.
struct Plan<'l> {
    references: References,
    seen: HashMap<Identity, Sharing>,
    count: u64,
    limits: &'l Limits,
}

impl Plan<'_> {
    fn visit(&mut self, at: FileNode<'_>) -> Result<()> {
        let mut stack = vec![at];
        while let Some(at) = stack.pop() {
            let at = follow(at, self.references)?;
            self.count += 1;
            let allowed = self.limits.expanded_nodes;
            if self.count > allowed {
                let what = "number of nodes written";
                return Err(
                    LimitExceeded::new(what, Limit::ExpandedNodes, self.count, allowed).into(),
                );
            }
            if at.node.kind() == NodeKind::Scalar {
                continue;
            }
            let sharing = self.seen.entry(identity(at)).or_default();
            sharing.occurrences += 1;
            if sharing.occurrences == 1 {
                let below = |node| FileNode {
                    file: at.file,
                    node,
                };
                stack.extend(
                    at.node
                        .as_seq()
                        .into_iter()
                        .flat_map(crate::tree::Seq::iter)
                        .map(below),
                );
                let pairs = at
                    .node
                    .as_map()
                    .into_iter()
                    .flat_map(crate::tree::Map::iter);
                stack.extend(pairs.flat_map(|pair| [pair.0, pair.1]).map(below));
            }
        }
        Ok(())
    }
}

/// What stands in front of a node on its line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Document,
    /// After `key:`.
    Value,
    /// After `- `.
    Item,
    /// A key itself: on one line.
    Key,
}

struct Writer<'w, W> {
    out: &'w mut W,
    references: References,
    shared: HashMap<Identity, Sharing>,
    next: u32,
    limits: &'w Limits,
}

impl<W: Write> Writer<'_, W> {
    fn node(&mut self, at: FileNode<'_>, depth: usize, position: Position) -> Result<()> {
        let at = follow(at, self.references)?;
        let (needed, allowed) = (depth as u64, self.limits.depth.saturating_mul(2));
        if needed > allowed {
            return Err(LimitExceeded::new(
                "nesting depth of the text",
                Limit::Depth,
                needed,
                allowed,
            )
            .into());
        }
        let node = at.node;
        if node.kind() == NodeKind::Scalar {
            let text = scalar(node);
            let gap = if position == Position::Value && !text.is_empty() {
                " "
            } else {
                ""
            };
            write!(self.out, "{gap}{text}")?;
            return self.end_line(position);
        }
        let mut head = String::new();
        if let Some(sharing) = self
            .shared
            .get_mut(&identity(at))
            .filter(|sharing| sharing.occurrences > 1)
        {
            if let Some(anchor) = sharing.anchor {
                let gap = if position == Position::Value { " " } else { "" };
                write!(self.out, "{gap}*id{anchor:03}")?;
                return self.end_line(position);
            }
            sharing.anchor = Some(self.next);
            head = format!("&id{:03} ", self.next);
            self.next += 1;
        }
        head.push_str(&tag_text(node));
        self.collection(at, depth, position, head.trim_end())
    }

    fn collection(
        &mut self,
        at: FileNode<'_>,
        depth: usize,
        position: Position,
        head: &str,
    ) -> Result<()> {
        let below = |node| FileNode {
            file: at.file,
            node,
        };
        let items: Vec<Node<'_>> = at
            .node
            .as_seq()
            .into_iter()
            .flat_map(crate::tree::Seq::iter)
            .collect();
        let pairs: Vec<(Node<'_>, Node<'_>)> = at
            .node
            .as_map()
            .into_iter()
            .flat_map(crate::tree::Map::iter)
            .collect();
        if items.is_empty() && pairs.is_empty() {
            let empty = if at.node.kind() == NodeKind::Seq {
                "[]"
            } else {
                "{}"
            };
            let gap = if position == Position::Value { " " } else { "" };
            let space = if head.is_empty() { "" } else { " " };
            write!(self.out, "{gap}{head}{space}{empty}")?;
            return self.end_line(position);
        }
        if let Some(line) = one_line(&items).filter(|_| position != Position::Key) {
            let gap = if position == Position::Value { " " } else { "" };
            let space = if head.is_empty() { "" } else { " " };
            writeln!(self.out, "{gap}{head}{space}{line}")?;
            return Ok(());
        }
        let mut first_inline = position == Position::Item && head.is_empty();
        match (position, head.is_empty()) {
            (Position::Value, false) => writeln!(self.out, " {head}")?,
            (Position::Value, true) => writeln!(self.out)?,
            (_, false) => writeln!(self.out, "{head}")?,
            (_, true) => {}
        }
        for item in items {
            self.indent(depth, &mut first_inline)?;
            write!(self.out, "- ")?;
            self.node(below(item), depth + 1, Position::Item)?;
        }
        for (key, value) in pairs {
            self.indent(depth, &mut first_inline)?;
            self.pair(below(key), below(value), depth)?;
        }
        Ok(())
    }

    fn pair(&mut self, key: FileNode<'_>, value: FileNode<'_>, depth: usize) -> Result<()> {
        if key.node.kind() != NodeKind::Scalar {
            write!(self.out, "? ")?;
            self.node(key, depth + 1, Position::Item)?;
            self.indent(depth, &mut false)?;
            write!(self.out, ":")?;
            return self.node(value, depth + 1, Position::Value);
        }
        self.node(key, depth, Position::Key)?;
        write!(self.out, ":")?;
        // A list below a key needs no further indentation.
        let is_list = follow(value, self.references)?.node.kind() == NodeKind::Seq;
        self.node(
            value,
            if is_list { depth } else { depth + 1 },
            Position::Value,
        )
    }

    /// The blanks in front of a line; none for the first pair or item after `- `.
    fn indent(&mut self, depth: usize, first_inline: &mut bool) -> Result<()> {
        if !std::mem::take(first_inline) {
            write!(self.out, "{:width$}", "", width = 2 * depth)?;
        }
        Ok(())
    }

    fn end_line(&mut self, position: Position) -> Result<()> {
        if position != Position::Key {
            writeln!(self.out)?;
        }
        Ok(())
    }
}

/// A short list of plain numbers and the like on one line.
fn one_line(items: &[Node<'_>]) -> Option<String> {
    let simple = |item: &Node<'_>| {
        item.kind() == NodeKind::Scalar
            && item.tag().is_none()
            && !matches!(item.value(), Value::Str(_))
    };
    if items.is_empty() || !items.iter().all(simple) {
        return None;
    }
    let line = format!(
        "[{}]",
        items
            .iter()
            .map(|item| scalar(*item))
            .collect::<Vec<_>>()
            .join(", ")
    );
    (line.len() < 100).then_some(line)
}

fn tag_text(node: Node<'_>) -> String {
    match (node.tag(), node.value()) {
        (Some(tag), _) => format!("{} ", verbatim_tag(tag.as_str())),
        (None, Value::Set(_)) => "!!set ".to_owned(),
        (None, Value::Omap(_)) => "!!omap ".to_owned(),
        (None, Value::Pairs(_)) => "!!pairs ".to_owned(),
        _ => String::new(),
    }
}

fn scalar(node: Node<'_>) -> String {
    let tag = tag_text(node);
    match node.value() {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::BigInt(value) => value.as_str().to_owned(),
        Value::Float(value) => yaml_float(value),
        Value::Timestamp(_) => node.text().unwrap_or_default().to_owned(),
        Value::Binary(_) => format!(
            "!!binary \"{}\"",
            node.text()
                .unwrap_or_default()
                .split_ascii_whitespace()
                .collect::<String>()
        ),
        _ => format!("{tag}{}", quoted(node.text().unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::OpenOptions;

    fn yaml(tree: &str) -> String {
        let text = format!("#ASDF 1.0.0\n%YAML 1.1\n---\n{tree}...\n");
        let file = OpenOptions::default()
            .read_bytes(text.into_bytes(), "test")
            .unwrap();
        let mut out = Vec::new();
        let at = FileNode {
            file: &file,
            node: file.tree().root(),
        };
        write_yaml(at, References::Keep, &mut out, file.limits()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_is_written_reads_back() {
        let text = yaml(
            "a: {b: [1, 2], c: ['yes', '1e3', 'x: y', \"a\\nb\"]}\nd: !<tag:x> [{e: 1, f: []}]\n? [1]\n: 2\n",
        );
        let wanted = "a:\n  b: [1, 2]\n  c:\n  - 'yes'\n  - '1e3'\n  - 'x: y'\n  - \"a\\nb\"\nd: !<tag:x>\n- e: 1\n  f: []\n? [1]\n: 2\n";
        assert_eq!(text, wanted);
        assert_eq!(yaml(&text), wanted);
    }

    #[test]
    fn shared_nodes_are_written_once() {
        assert_eq!(
            yaml("&r\na: &x {b: 1}\nc: *x\nd: *r\n"),
            "&id001\na: &id002\n  b: 1\nc: *id002\nd: *id001\n"
        );
    }

    #[test]
    fn floats_are_floats_to_every_reader() {
        assert_eq!(
            ["1.0e+16", "1.5e-07", "-.inf", ".nan", "0.5"],
            [1e16, 1.5e-7, -f64::INFINITY, f64::NAN, 0.5]
                .map(yaml_float)
                .each_ref()
                .map(String::as_str)
        );
    }
}
