//! Nodes to YAML text that readers of YAML 1.1 and 1.2 understand alike, laid out as `PyYAML` does.

mod handles;
mod scalar;

pub(super) use handles::Handles;
pub(crate) use handles::verbatim_tag;
pub(crate) use scalar::{double_quoted, quoted};

use super::nodes::{Content, NewNode, Nodes};
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::limits::Limit;
use std::collections::HashMap;
use std::collections::HashSet;

/// The column after which a list goes on in the next line.
const WIDTH: usize = 80;
/// Bytes of a key beyond which it must be announced by `?` (YAML 1.1 allows 1024).
const SIMPLE_KEY: usize = 1000;

/// What stands in front of a node on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// `---`
    Document,
    /// `key:`
    Key,
    /// `-`, or `?`
    Item,
}

/// Writes nodes; remembers which shared ones have been written.
#[derive(Debug)]
pub(super) struct Emitter<'n> {
    nodes: &'n Nodes,
    handles: &'n Handles,
    depth: u64,
    /// Names of the nodes that are written once and referred to.
    names: HashMap<NewNode, Box<str>>,
    /// Shared nodes that stand in the text already.
    defined: HashSet<NewNode>,
    out: String,
}

impl<'n> Emitter<'n> {
    /// `names` has a name for every node that occurs more than once; `defined` are those that stand
    /// in the text already.
    pub(super) fn new(
        nodes: &'n Nodes,
        handles: &'n Handles,
        names: HashMap<NewNode, Box<str>>,
        defined: HashSet<NewNode>,
        depth: u64,
    ) -> Self {
        Self {
            nodes,
            handles,
            depth,
            names,
            defined,
            out: String::new(),
        }
    }

    /// True when a shared node stands in the text already.
    pub(super) fn is_defined(&self, node: NewNode) -> bool {
        self.defined.contains(&node)
    }

    /// A node after `key:`, `-` or `---`: what follows on the same line with its blank, then further
    /// lines; no line break at the end. `indent` is the column of the key or the dash.
    pub(super) fn value_text(
        &mut self,
        node: NewNode,
        indent: usize,
        lead: Lead,
    ) -> Result<String> {
        self.value(node, indent, lead, 0)?;
        let mut text = std::mem::take(&mut self.out);
        text.truncate(text.trim_end_matches('\n').len());
        Ok(text)
    }

    /// A node within a flow collection.
    pub(super) fn flow_text(&mut self, node: NewNode) -> Result<String> {
        self.flow(node, None, 0)?;
        Ok(std::mem::take(&mut self.out))
    }

    /// A pair of a block mapping whose keys stand in column `indent`; no line break at the end.
    pub(super) fn pair_text(
        &mut self,
        key: NewNode,
        value: NewNode,
        indent: usize,
    ) -> Result<String> {
        self.pair(key, value, indent, 0)?;
        let mut text = std::mem::take(&mut self.out);
        text.truncate(text.trim_end_matches('\n').len());
        Ok(text)
    }

    fn check(&self, depth: u64) -> Result<()> {
        let allowed = self.depth.saturating_add(2);
        LimitExceeded::check("nesting depth of the tree", Limit::Depth, depth, allowed)
    }

    /// Writes ` *name` if the node stands elsewhere; else gives its anchor and tag.
    fn head(&mut self, node: NewNode) -> Head {
        let mut head = String::new();
        if let Some(name) = self.names.get(&node) {
            if self.defined.contains(&node) {
                return Head::Alias(format!("*{name}"));
            }
            head = format!("&{name}");
            self.defined.insert(node);
        }
        if let Some(tag) = self.nodes.tag(node) {
            if !head.is_empty() {
                head.push(' ');
            }
            head.push_str(&self.handles.shorten(tag));
        }
        Head::Properties(head)
    }

    fn value(&mut self, node: NewNode, indent: usize, lead: Lead, depth: u64) -> Result<()> {
        self.check(depth)?;
        let nodes = self.nodes;
        let properties = match self.head(node) {
            Head::Alias(alias) => {
                self.out.push(' ');
                self.out.push_str(&alias);
                self.out.push('\n');
                return Ok(());
            }
            Head::Properties(properties) => properties,
        };
        if !properties.is_empty() {
            self.out.push(' ');
            self.out.push_str(&properties);
        }
        let inner = match (lead, nodes.content(node)) {
            (Lead::Document, _) => 0,
            // A list below a key needs no further indentation.
            (Lead::Key, Some(Content::Seq { .. })) => indent,
            _ => indent.saturating_add(2),
        };
        match nodes.content(node) {
            Some(Content::Seq { items, flow: false }) if !items.is_empty() => {
                let mut compact = lead == Lead::Item && properties.is_empty();
                if !compact {
                    self.out.push('\n');
                }
                for item in items {
                    self.start_line(inner, &mut compact);
                    self.out.push('-');
                    self.value(*item, inner, Lead::Item, depth.saturating_add(1))?;
                }
            }
            Some(Content::Map { pairs, flow: false }) if !pairs.is_empty() => {
                let mut compact = lead == Lead::Item && properties.is_empty();
                if !compact {
                    self.out.push('\n');
                }
                for (key, value) in pairs {
                    self.start_line(inner, &mut compact);
                    self.pair(*key, *value, inner, depth.saturating_add(1))?;
                }
            }
            Some(Content::Scalar { .. }) => {
                let indent = if lead == Lead::Document { 0 } else { indent };
                let text = scalar::block(nodes, node, indent.saturating_add(2));
                if !text.is_empty() {
                    self.out.push(' ');
                    self.out.push_str(&text);
                }
                self.out.push('\n');
            }
            _ => {
                self.out.push(' ');
                self.flow_body(node, Some(indent.saturating_add(2)), depth)?;
                self.out.push('\n');
            }
        }
        Ok(())
    }

    /// The blanks in front of a line, or the one after a dash for the first line of its item.
    fn start_line(&mut self, indent: usize, compact: &mut bool) {
        if std::mem::take(compact) {
            self.out.push(' ');
        } else {
            self.out.extend(std::iter::repeat_n(' ', indent));
        }
    }

    fn pair(&mut self, key: NewNode, value: NewNode, indent: usize, depth: u64) -> Result<()> {
        if self.key(key, depth)? {
            self.out.push(':');
            return self.value(value, indent, Lead::Key, depth);
        }
        self.out.push('?');
        self.value(key, indent, Lead::Item, depth)?;
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.out.push(':');
        self.value(value, indent, Lead::Item, depth)
    }

    /// Writes a key on one line, if it can stand in front of a colon; false if not.
    fn key(&mut self, key: NewNode, depth: u64) -> Result<bool> {
        let Some(Content::Scalar { .. }) = self.nodes.content(key) else {
            return Ok(false);
        };
        self.check(depth)?;
        let start = self.out.len();
        let defined = self.names.contains_key(&key) && !self.defined.contains(&key);
        self.flow(key, None, depth)?;
        let length = self.out.len().saturating_sub(start);
        if length > SIMPLE_KEY {
            self.out.truncate(start);
            if defined {
                self.defined.remove(&key);
            }
            return Ok(false);
        }
        // The colon must not become a part of the name, or of nothing.
        if self
            .out
            .get(start..)
            .is_some_and(|text| text.starts_with('*') || text.is_empty())
            || self.out.ends_with('!')
        {
            self.out.push(' ');
        }
        Ok(true)
    }

    /// A node in flow style; lines are broken only when there is an indentation for the next one.
    fn flow(&mut self, node: NewNode, wrap: Option<usize>, depth: u64) -> Result<()> {
        self.check(depth)?;
        match self.head(node) {
            Head::Alias(alias) => {
                self.out.push_str(&alias);
                Ok(())
            }
            Head::Properties(properties) => {
                let is_empty = properties.is_empty();
                self.out.push_str(&properties);
                if !is_empty {
                    self.out.push(' ');
                }
                self.flow_body(node, wrap, depth)
            }
        }
    }

    fn flow_body(&mut self, node: NewNode, wrap: Option<usize>, depth: u64) -> Result<()> {
        match self.nodes.content(node) {
            Some(Content::Seq { items, .. }) => {
                self.out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.separate(index, wrap);
                    self.flow(*item, wrap, depth.saturating_add(1))?;
                }
                self.out.push(']');
            }
            Some(Content::Map { pairs, .. }) => {
                self.out.push('{');
                for (index, (key, value)) in pairs.iter().enumerate() {
                    self.separate(index, wrap);
                    if !self.key(*key, depth.saturating_add(1))? {
                        self.out.push_str("? ");
                        self.flow(*key, None, depth.saturating_add(1))?;
                        self.out.push(' ');
                    }
                    self.out.push_str(": ");
                    self.flow(*value, wrap, depth.saturating_add(1))?;
                }
                self.out.push('}');
            }
            Some(Content::Scalar { .. }) => self.out.push_str(&scalar::flow(self.nodes, node)),
            None => {}
        }
        Ok(())
    }

    fn separate(&mut self, index: usize, wrap: Option<usize>) {
        if index == 0 {
            return;
        }
        self.out.push(',');
        let line = self.out.rfind('\n').map_or(0, |at| at.saturating_add(1));
        match wrap {
            Some(indent) if self.out.len().saturating_sub(line) > WIDTH => {
                self.out.push('\n');
                self.out.extend(std::iter::repeat_n(' ', indent));
            }
            _ => self.out.push(' '),
        }
    }
}

enum Head {
    Alias(String),
    Properties(String),
}
