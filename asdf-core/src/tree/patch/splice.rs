//! From an operation to pieces of text that take the place of others.

use super::plan::{self, Operation};
use crate::error::Result;
use crate::tree::Tree;
use crate::tree::arena::{EntryKind, Form};
use crate::tree::emit::{Emitter, Lead};
use crate::tree::line;
use crate::tree::nodes::NewNode;
use std::ops::Range;

/// A piece of the text and what takes its place.
#[derive(Debug)]
pub(super) struct Patch {
    range: Range<usize>,
    text: String,
}

/// The text with all patches in it; `None` when two of them overlap.
pub(super) fn join(text: &str, mut patches: Vec<Patch>) -> Option<String> {
    patches.sort_by_key(|patch| (patch.range.start, patch.range.end));
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for patch in patches {
        out.push_str(text.get(at..patch.range.start)?);
        out.push_str(&patch.text.replace('\n', line_end));
        at = patch.range.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// Where a pair or an item of a block collection stands.
struct Slot {
    /// Start of the key, or the dash.
    start: usize,
    /// Column of the key or the dash.
    column: usize,
    /// After the colon or the dash.
    after: usize,
    /// The value, empty if there is none.
    value: Range<usize>,
    lead: Lead,
}

impl Slot {
    fn end(&self) -> usize {
        self.value.end.max(self.after)
    }
}

pub(super) struct Splicer<'t> {
    tree: &'t Tree,
    text: &'t str,
}

impl<'t> Splicer<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        Self {
            tree,
            text: tree.text(),
        }
    }

    /// The pieces that an operation changes; `None` when its container must be written anew.
    pub(super) fn patch(
        &self,
        operation: &Operation,
        emitter: &mut Emitter<'_>,
    ) -> Result<Option<Vec<Patch>>> {
        match operation {
            Operation::Replace {
                container,
                index,
                node,
            }
            | Operation::Revive {
                container,
                index,
                node,
            } => self.replace(*container, *index, *node, emitter),
            Operation::Remove { container, run } => {
                Ok(self.remove(*container, run).map(|patch| vec![patch]))
            }
            Operation::Append { container, added } => self.append(*container, added, emitter),
        }
    }

    /// Another tag in the place of the one that an entry is written with.
    pub(super) fn tag_patch(&self, entry: u32, tag: &str) -> Option<Patch> {
        let mut range = self.span(entry);
        let text = self.part(range.clone());
        if let Some(rest) = text.strip_prefix('&') {
            let name = rest.find(line::is_white)?;
            let rest = rest.get(name..)?;
            range.start = range
                .end
                .saturating_sub(rest.trim_start_matches(line::is_white).len());
        }
        let text = self
            .part(range.clone())
            .strip_prefix('!')
            .map(|_| self.part(range.clone()))?;
        let end = text
            .find(|char| line::is_white(char) || matches!(char, ',' | ']' | '}'))
            .unwrap_or(text.len());
        range.end = range.start.saturating_add(end);
        Some(Patch {
            range,
            text: tag.to_owned(),
        })
    }

    fn replace(
        &self,
        container: u32,
        index: usize,
        node: NewNode,
        emitter: &mut Emitter<'_>,
    ) -> Result<Option<Vec<Patch>>> {
        if self.tree.arena.entry(container).form == Form::Flow {
            let range = plan::slot(self.tree, container, index).map(|entry| self.span(entry));
            let Some(range) = range.filter(|range| !range.is_empty()) else {
                return Ok(None);
            };
            let text = emitter.flow_text(node)?;
            return Ok(Some(vec![Patch { range, text }]));
        }
        let Some(slot) = self.slot(container, index) else {
            return Ok(None);
        };
        let text = emitter.value_text(node, slot.column, slot.lead)?;
        let (first, rest) = text.split_at(text.find('\n').unwrap_or(text.len()));
        Ok(Some(self.put(&slot, first, rest)))
    }

    /// Puts a value after its key or dash: its first line there, the others below.
    fn put(&self, slot: &Slot, first: &str, rest: &str) -> Vec<Patch> {
        let patch = |range, text: &str| Patch {
            range,
            text: text.to_owned(),
        };
        let before = self.part(slot.after..slot.value.start);
        if slot.value.is_empty() || !before.contains(line::is_break) {
            let old = slot.after..slot.end();
            if self.part(old.clone()).contains(line::is_break) {
                // What stands after the last line of an old value goes with it.
                let line_end = self.line_end(old.end);
                return vec![patch(old.start..line_end, &format!("{first}{rest}"))];
            }
            let line_end = self.line_end(old.end);
            return vec![patch(old, first), patch(line_end..line_end, rest)];
        }
        // The old value begins on a line of its own; comments in between stay, but not in a text.
        let start = self.line_start(slot.value.start);
        let start = line::strip_break(self.part(..start)).len();
        let end = self.line_end(slot.value.end);
        let is_text = first
            .trim_start()
            .starts_with(['|', '>', '[', '{', '"', '\'']);
        if start < slot.after || (is_text && !rest.is_empty()) {
            return vec![patch(slot.after..end, &format!("{first}{rest}"))];
        }
        vec![
            patch(slot.after..slot.after, first),
            patch(start..end, rest),
        ]
    }

    fn remove(&self, container: u32, run: &Range<usize>) -> Option<Patch> {
        let first = self.slot(container, run.start)?;
        let last = self.slot(container, run.end.checked_sub(1)?)?;
        let text = String::new();
        if self
            .part(self.line_start(first.start)..first.start)
            .trim_matches(line::is_white)
            .is_empty()
        {
            let start = self.line_start(first.start);
            let end = self.next_line(last.end());
            return Some(Patch {
                range: start..end,
                text,
            });
        }
        // The first of a mapping or list that begins after a dash: the next one moves up.
        let next = self.slot(container, run.end)?;
        Some(Patch {
            range: first.start..next.start,
            text,
        })
    }

    fn append(
        &self,
        container: u32,
        added: &[(Option<NewNode>, NewNode)],
        emitter: &mut Emitter<'_>,
    ) -> Result<Option<Vec<Patch>>> {
        let count = self.tree.arena.slots(container).len();
        let is_map = self.tree.arena.entry(container).kind == EntryKind::Map;
        let last = if is_map { count / 2 } else { count };
        let Some(slot) = last
            .checked_sub(1)
            .and_then(|last| self.slot(container, last))
        else {
            return Ok(None);
        };
        let mut text = String::new();
        for (key, node) in added {
            text.extend(std::iter::repeat_n(' ', slot.column));
            if let Some(key) = key {
                text.push_str(&emitter.pair_text(*key, *node, slot.column)?);
            } else {
                text.push('-');
                text.push_str(&emitter.value_text(*node, slot.column, Lead::Item)?);
            }
            text.push('\n');
        }
        let at = self.next_line(slot.end());
        if !self.part(..at).ends_with(line::is_break) {
            return Ok(None);
        }
        Ok(Some(vec![Patch {
            range: at..at,
            text,
        }]))
    }

    /// Finds a pair or an item of a block collection; `None` when it is laid out in another way
    /// than `key: value` and `- item`.
    fn slot(&self, container: u32, index: usize) -> Option<Slot> {
        let arena = &self.tree.arena;
        if arena.entry(container).form == Form::Flow {
            return None;
        }
        let value = self.span(plan::slot(self.tree, container, index)?);
        let (start, after, lead) = if arena.entry(container).kind == EntryKind::Map {
            let key = self.span(*arena.slots(container).get(index.checked_mul(2)?)?);
            let rest = self.part(key.end..);
            let gap = rest
                .len()
                .saturating_sub(rest.trim_start_matches([' ', '\t']).len());
            let colon = key.end.saturating_add(gap);
            let is_colon = self.part(colon..).starts_with(':')
                && !self.part(key.clone()).contains(line::is_break);
            (
                key.start,
                is_colon.then_some(colon.saturating_add(1))?,
                Lead::Key,
            )
        } else {
            if value.is_empty() {
                return None;
            }
            let before = line::trim_end(self.part(..value.start));
            (before.strip_suffix('-')?.len(), before.len(), Lead::Item)
        };
        let lead_in = self.part(self.line_start(start)..start);
        if !lead_in.chars().all(|char| matches!(char, ' ' | '-')) {
            return None;
        }
        // A value that is not there is reported at the next one.
        let value = if value.is_empty() || value.start < after {
            after..after
        } else {
            value
        };
        let column = start.saturating_sub(self.line_start(start));
        Some(Slot {
            start,
            column,
            after,
            value,
            lead,
        })
    }

    /// Where an entry stands in the text, without white space after it.
    fn span(&self, entry: u32) -> Range<usize> {
        let entry = self.tree.arena.entry(entry);
        let (start, end) = (entry.start as usize, entry.end as usize);
        let end = start.saturating_add(line::trim_end(self.part(start..end.max(start))).len());
        start..end
    }

    fn part(&self, range: impl std::slice::SliceIndex<str, Output = str>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    fn line_start(&self, at: usize) -> usize {
        line::start(self.text, at)
    }

    /// The end of the line, without its break.
    fn line_end(&self, at: usize) -> usize {
        line::end(self.text, at)
    }

    fn next_line(&self, at: usize) -> usize {
        line::next(self.text, at)
    }
}
