//! Block scalars: `|` and `>`.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "offsets into a text of less than 4 GiB, moved on by a few bytes"
)]

use super::bytes::offset;
use super::properties::Properties;
use super::{Reader, Scalar};
use crate::tree::style::ScalarStyle;

/// What becomes of the line breaks at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl<'t> Reader<'t> {
    /// The block scalar whose indicator stands at `at`; goes to the line after it.
    pub(super) fn literal(&mut self, at: usize, properties: &Properties<'t>) -> Option<()> {
        let inner = self.inner();
        if inner == 0 {
            return None;
        }
        let style = match self.text.at(at) {
            b'|' => ScalarStyle::Literal,
            _ => ScalarStyle::Folded,
        };
        let (chomping, extra, body) = self.literal_header(at + 1)?;
        let (start, indent, breaks) = match extra {
            0 => self.literal_indent(body, inner)?,
            _ => self.literal_first(body, inner - 1 + extra)?,
        };
        let from = self.build.arena.side.len();
        let end = self.literal_lines(start, indent, breaks, style, chomping)?;
        let (form, first, count) = self.kept(from, start, style);
        let scalar = Scalar {
            form,
            first,
            count,
            start: offset(start),
            end: offset(end),
            next: end,
            is_folded: true,
        };
        self.scalar(&scalar, properties)
    }

    /// Chomping, indentation beyond the collection's (0: found from the text), and the start of the next line.
    fn literal_header(&self, at: usize) -> Option<(Chomping, usize, usize)> {
        let (mut chomping, mut extra, mut at) = (None, 0, at);
        loop {
            match self.text.at(at) {
                b'+' if chomping.is_none() => chomping = Some(Chomping::Keep),
                b'-' if chomping.is_none() => chomping = Some(Chomping::Strip),
                digit @ b'1'..=b'9' if extra == 0 => extra = usize::from(digit - b'0'),
                _ => break,
            }
            at += 1;
        }
        let end = self.text.skip_blanks(at);
        let chomping = chomping.unwrap_or(Chomping::Clip);
        (self.text.at(end) == b'\n').then_some((chomping, extra, end + 1))
    }

    /// The first line of text: where it starts, its column, and the number of empty lines in front of it.
    fn literal_indent(&self, body: usize, inner: usize) -> Option<(usize, usize, usize)> {
        let (mut line, mut breaks) = (body, 0);
        while self.text.at(line) == b'\n' {
            (line, breaks) = (line + 1, breaks + 1);
        }
        let start = self.text.skip_blanks(line);
        let column = start - line;
        let is_text = !matches!(self.text.at(start), b'\n' | b'\t' | 0);
        (is_text && column >= inner).then_some((start, column, breaks))
    }

    /// The same where the column is given.
    fn literal_first(&self, body: usize, indent: usize) -> Option<(usize, usize, usize)> {
        let (line, start, breaks) = self.skip_indent(body, indent);
        let is_text = !matches!(self.text.at(start), b'\t' | 0);
        (is_text && start - line == indent).then_some((start, indent, breaks))
    }

    /// Skips indentation and lines that have no more than that: the line, where in it, and the number of lines skipped.
    fn skip_indent(&self, line: usize, indent: usize) -> (usize, usize, usize) {
        let (mut line, mut breaks) = (line, 0);
        loop {
            let mut at = line;
            while at - line < indent && self.text.at(at) == b' ' {
                at += 1;
            }
            if self.text.at(at) != b'\n' {
                return (line, at, breaks);
            }
            (line, breaks) = (at + 1, breaks + 1);
        }
    }

    /// Writes the lines from `start` on to the side text; gives where the first character stands that is not theirs.
    fn literal_lines(
        &mut self,
        start: usize,
        indent: usize,
        breaks: usize,
        style: ScalarStyle,
        chomping: Chomping,
    ) -> Option<usize> {
        let is_blank = |byte: u8| matches!(byte, b' ' | b'\t');
        let (mut at, mut breaks) = (start, breaks);
        let (mut is_first, mut after_blank) = (true, false);
        let line = loop {
            let starts_blank = is_blank(self.text.at(at));
            let side = &mut self.build.arena.side;
            let folds = style == ScalarStyle::Folded && !is_first && !after_blank && !starts_blank;
            if folds && breaks == 0 {
                side.push(' ');
            } else if !folds && !is_first {
                side.push('\n');
            }
            side.extend(std::iter::repeat_n('\n', breaks));
            after_blank = starts_blank;
            is_first = false;
            let end = self.text.line_end(at);
            side.push_str(self.text.0.get(at..end)?);
            if end >= self.text.0.len() {
                return None;
            }
            let (line, next, skipped) = self.skip_indent(end + 1, indent);
            (at, breaks) = (next, skipped);
            if next - line < indent || self.text.at(next) == 0 {
                break line;
            }
        };
        if self.text.at(at) == b'\t' {
            return None;
        }
        let kept = match chomping {
            Chomping::Strip => 0,
            Chomping::Clip => 1,
            Chomping::Keep => breaks + 1,
        };
        let side = &mut self.build.arena.side;
        side.extend(std::iter::repeat_n('\n', kept));
        self.at = line;
        Some(at)
    }
}
