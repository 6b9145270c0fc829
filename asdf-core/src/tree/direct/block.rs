//! Block collections: each line continues the collection at its column, or starts one further in.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "offsets into a text of less than 4 GiB, moved on by a few bytes"
)]

use super::bytes::offset;
use super::properties::Properties;
use super::{LONG, Reader, Scalar};
use crate::tree::arena::{EntryKind, Form};

/// An open block collection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    kind: BlockKind,
    column: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BlockKind {
    Map,
    Seq,
    /// A list in a mapping whose dashes stand at the column of the keys.
    Indentless,
}

/// A node that is announced and not yet seen: by `---`, by `-` or by the `:` of a pair.
#[derive(Debug, Clone, Copy)]
struct Awaited<'t> {
    properties: Properties<'t>,
    /// Where it is if it is left out.
    at: usize,
}

impl Awaited<'_> {
    fn at(at: usize) -> Self {
        Self {
            properties: Properties::NONE,
            at,
        }
    }
}

/// What a line leaves to the next one.
#[derive(Debug, Clone, Copy)]
enum Left<'t> {
    Node(Awaited<'t>),
    Nothing,
}

/// What the rest of a line may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    /// A scalar or a flow collection.
    Inline,
    /// Block collections, too.
    Block,
}

impl<'t> Reader<'t> {
    /// Everything from `---` to the end of the document.
    pub(super) fn nodes(&mut self) -> Option<()> {
        let start = self.text.skip_blanks(self.at);
        let mut left = self.content(start, start, Room::Inline, Awaited::at(start))?;
        while let Some(at) = self.next_line() {
            let line = self.at;
            if at == line && self.text.is_marker(at) {
                self.document_end(at)?;
                break;
            }
            left = match left {
                Left::Node(node) if at - line >= self.inner() => {
                    self.content(line, at, Room::Block, node)?
                }
                Left::Node(node) if self.is_indentless(at, at - line) => {
                    self.open_block(
                        BlockKind::Indentless,
                        at - line,
                        self.after_dash(at),
                        &node.properties,
                    )?;
                    self.item(line, at)?
                }
                Left::Node(node) => {
                    self.empty(node.at, &node.properties)?;
                    self.continued(line, at)?
                }
                Left::Nothing => self.continued(line, at)?,
            };
        }
        if let Left::Node(node) = left {
            if self.blocks.is_empty() {
                return None;
            }
            self.empty(node.at, &node.properties)?;
        }
        Some(())
    }

    /// Goes to the next line that says something; gives where its first character stands.
    fn next_line(&mut self) -> Option<usize> {
        loop {
            let at = self.text.skip_blanks(self.at);
            let end = match self.text.at(at) {
                0 => return None,
                b'\n' => at,
                b'#' => self.comment(at),
                _ => return Some(at),
            };
            self.at = self.text.after_break(end);
        }
    }

    /// After `...` nothing may follow.
    fn document_end(&mut self, at: usize) -> Option<()> {
        let rest = self.text.0.get(at..)?.strip_prefix("...")?;
        let is_end = rest.bytes().all(|byte| matches!(byte, b' ' | b'\n'));
        is_end.then_some(())
    }

    /// The first column at which a node within the innermost collection may stand.
    pub(super) fn inner(&self) -> usize {
        self.blocks.last().map_or(0, |block| block.column + 1)
    }

    fn is_dash(&self, at: usize) -> bool {
        self.text.at(at) == b'-' && self.text.is_white(at + 1)
    }

    /// Whether the value of the pair above is a list whose dash stands below the key.
    fn is_indentless(&self, at: usize, column: usize) -> bool {
        let below = |block: &Block| block.kind == BlockKind::Map && block.column == column;
        self.is_dash(at) && self.blocks.last().is_some_and(below)
    }

    /// What follows a dash and blanks: where the event parser puts the dash.
    fn after_dash(&self, at: usize) -> usize {
        self.text.skip_blanks(at + 1)
    }

    fn open_block(
        &mut self,
        kind: BlockKind,
        column: usize,
        start: usize,
        properties: &Properties<'t>,
    ) -> Option<()> {
        let entry = match kind {
            BlockKind::Map => EntryKind::Map,
            BlockKind::Seq | BlockKind::Indentless => EntryKind::Seq,
        };
        self.open(entry, Form::Block, start, start, properties)?;
        self.blocks.push(Block { kind, column });
        Some(())
    }

    pub(super) fn close_block(&mut self) {
        self.blocks.pop();
        self.build.close(0);
    }

    /// A line that goes on with one of the open collections, closing those further in.
    fn continued(&mut self, line: usize, at: usize) -> Option<Left<'t>> {
        let column = at - line;
        let is_dash = self.is_dash(at);
        loop {
            let Block {
                kind,
                column: known,
            } = *self.blocks.last()?;
            let is_over =
                known > column || (known == column && kind == BlockKind::Indentless && !is_dash);
            if !is_over {
                return match kind {
                    _ if known != column => None,
                    BlockKind::Map => self.pair(line, at),
                    BlockKind::Seq | BlockKind::Indentless => self.item(line, at),
                };
            }
            self.close_block();
        }
    }

    /// An item of the innermost list, whose dash stands at `at`.
    fn item(&mut self, line: usize, at: usize) -> Option<Left<'t>> {
        if !self.is_dash(at) {
            return None;
        }
        let start = self.after_dash(at);
        if self.text.at(start) == b'#' {
            return None;
        }
        self.content(line, start, Room::Block, Awaited::at(start))
    }

    /// A pair of the innermost mapping, whose key stands at `at`.
    fn pair(&mut self, line: usize, at: usize) -> Option<Left<'t>> {
        let key = self.inline_scalar(at)?;
        let colon = self.colon(&key)?;
        self.scalar(&key, &Properties::NONE)?;
        self.value(line, colon)
    }

    /// The value of the pair with that colon.
    fn value(&mut self, line: usize, colon: usize) -> Option<Left<'t>> {
        let start = self.text.skip_blanks(colon + 1);
        self.content(line, start, Room::Inline, Awaited::at(colon))
    }

    /// Where the colon is that makes a scalar a key.
    fn colon(&self, key: &Scalar) -> Option<usize> {
        let at = self.text.skip_blanks(key.next);
        let is_key = self.text.at(at) == b':'
            && self.text.is_white(at + 1)
            && !key.is_folded
            && key.end - key.start <= offset(LONG);
        is_key.then_some(at)
    }

    /// A plain or quoted scalar in block context.
    fn inline_scalar(&mut self, at: usize) -> Option<Scalar> {
        match self.text.at(at) {
            b'\'' => self.single_quoted(at),
            b'"' => self.double_quoted(at),
            _ => self.plain(at, Some(self.inner())),
        }
    }

    /// The rest of a line, from `at` on, which says what is awaited or some of it.
    fn content(
        &mut self,
        line: usize,
        at: usize,
        room: Room,
        awaited: Awaited<'t>,
    ) -> Option<Left<'t>> {
        let (mut line_at, mut room, mut awaited) = (at, room, awaited);
        loop {
            while matches!(self.text.at(line_at), b'!' | b'&') {
                line_at = self.property(line_at, &mut awaited.properties)?;
                // What stands in front of a key belongs to the key.
                room = Room::Inline;
            }
            if awaited.properties.is_split(line) {
                return None;
            }
            if self.ends_line(line_at) {
                self.end_line(line_at)?;
                return Some(Left::Node(awaited));
            }
            let column = line_at - line;
            if self.is_dash(line_at) {
                if room != Room::Block {
                    return None;
                }
                self.open_block(BlockKind::Seq, column, line_at, &awaited.properties)?;
                line_at = self.after_dash(line_at);
                if self.text.at(line_at) == b'#' {
                    return None;
                }
                awaited = Awaited::at(line_at);
                continue;
            }
            if self.whole_node(line_at, &awaited.properties)? {
                return Some(Left::Nothing);
            }
            let scalar = self.inline_scalar(line_at)?;
            let Some(colon) = self.colon(&scalar) else {
                if self.blocks.is_empty() {
                    return None;
                }
                self.scalar(&scalar, &awaited.properties)?;
                self.end_line(scalar.next)?;
                return Some(Left::Nothing);
            };
            if room != Room::Block {
                return None;
            }
            self.open_block(BlockKind::Map, column, line_at, &awaited.properties)?;
            self.scalar(&scalar, &Properties::NONE)?;
            awaited = Awaited::at(colon);
            line_at = self.text.skip_blanks(colon + 1);
            room = Room::Inline;
        }
    }

    /// A flow collection, a block scalar or an alias, which end with their line; says whether it is one.
    fn whole_node(&mut self, at: usize, properties: &Properties<'t>) -> Option<bool> {
        match self.text.at(at) {
            b'[' | b'{' => {
                let end = self.flow(at, properties)?;
                self.end_line(end)?;
            }
            b'|' | b'>' => self.literal(at, properties)?,
            b'*' if properties.is_none() && !self.blocks.is_empty() => {
                let end = self.alias(at)?;
                self.end_line(end)?;
            }
            _ => return Some(false),
        }
        Some(true)
    }
}
