//! Scalars without quotes, folded where they go over several lines.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "offsets into a text of less than 4 GiB, moved on by a few bytes"
)]

use super::bytes::offset;
use super::{Reader, Scalar};
use crate::tree::arena::Form;
use crate::tree::style::ScalarStyle;

/// Bytes that need a look within a plain scalar, by context.
const BLOCK: u8 = 1;
const FLOW: u8 = 2;
const STOPS: [u8; 256] = stops();

#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
const fn stops() -> [u8; 256] {
    let mut stops = [0; 256];
    let both: &[u8] = b"\0\t\n:#";
    let flow: &[u8] = b",[]{}";
    let mut index = 0;
    while index < both.len() {
        stops[both[index] as usize] = BLOCK | FLOW;
        index += 1;
    }
    index = 0;
    while index < flow.len() {
        stops[flow[index] as usize] = FLOW;
        index += 1;
    }
    stops
}

impl Reader<'_> {
    /// The plain scalar at `at`. In block context `inner` is the first column at which a line continues it; `None` is flow
    /// context.
    pub(super) fn plain(&mut self, at: usize, inner: Option<usize>) -> Option<Scalar> {
        if !self.starts_plain(at) {
            return None;
        }
        let in_flow = inner.is_none();
        let (first_end, mut stop) = self.plain_line(at, in_flow)?;
        let mut end = first_end;
        let mut scalar = Scalar {
            form: Form::InText(ScalarStyle::Plain),
            first: offset(at),
            count: offset(end - at),
            start: offset(at),
            end: offset(end),
            next: stop,
            is_folded: false,
        };
        if self.text.at(stop) != b'\n' {
            return Some(scalar);
        }
        let from = self.build.arena.side.len();
        loop {
            let (start, breaks) = self.plain_next(stop, inner)?;
            if breaks == 0 {
                break;
            }
            let side = &mut self.build.arena.side;
            if !scalar.is_folded {
                side.push_str(self.text.0.get(at..end)?);
                scalar.is_folded = true;
            }
            match breaks {
                1 => side.push(' '),
                _ => side.extend(std::iter::repeat_n('\n', breaks - 1)),
            }
            (end, stop) = self.plain_line(start, in_flow)?;
            let side = &mut self.build.arena.side;
            side.push_str(self.text.0.get(start..end)?);
            if self.text.at(stop) != b'\n' {
                break;
            }
        }
        if scalar.is_folded {
            (scalar.form, scalar.first, scalar.count) = self.kept(from, at, ScalarStyle::Plain);
            scalar.end = offset(end);
            scalar.next = stop;
        }
        Some(scalar)
    }

    fn starts_plain(&self, at: usize) -> bool {
        match self.text.at(at) {
            0 | b'\t' | b'\n' | b' ' | b'#' | b'%' | b'@' | b'`' | b'|' | b'>' | b'?' | b':'
            | b'&' | b'*' | b'!' | b'\'' | b'"' | b',' | b'[' | b']' | b'{' | b'}' => false,
            b'-' => {
                let next = at + 1;
                !self.text.is_white(next)
                    && !matches!(self.text.at(next), b'\t' | b',' | b'[' | b']' | b'{' | b'}')
            }
            _ => true,
        }
    }

    /// A line of a plain scalar from `at` on: where its text ends, and where the line or what follows is.
    #[inline]
    fn plain_line(&self, at: usize, in_flow: bool) -> Option<(usize, usize)> {
        let context = if in_flow { FLOW } else { BLOCK };
        let bytes = self.text.0.as_bytes();
        let mut stop = at;
        loop {
            let rest = bytes.get(stop..).unwrap_or_default();
            let is_stop = |byte: &u8| {
                STOPS
                    .get(usize::from(*byte))
                    .is_none_or(|stop| stop & context != 0)
            };
            stop += rest.iter().position(is_stop).unwrap_or(rest.len());
            match self.text.at(stop) {
                b'\t' => return None,
                b':' => {
                    let next = self.text.at(stop + 1);
                    let is_end = matches!(next, b' ' | b'\n' | 0 | b'\t')
                        || (in_flow && matches!(next, b',' | b'[' | b']' | b'{' | b'}'));
                    if is_end {
                        break;
                    }
                }
                b'#' if !self.text.is_after_white(stop) => {}
                _ => break,
            }
            stop += 1;
        }
        let mut end = stop;
        while end > at && self.text.at(end - 1) == b' ' {
            end -= 1;
        }
        (end > at).then_some((end, stop))
    }

    /// The line that continues the scalar after the break at `at`, and the number of breaks in front of it, 0 when none does.
    fn plain_next(&self, at: usize, inner: Option<usize>) -> Option<(usize, usize)> {
        let (mut line, mut breaks) = (at + 1, 1);
        let start = loop {
            let start = self.text.skip_blanks(line);
            if self.text.at(start) != b'\n' {
                break start;
            }
            (line, breaks) = (start + 1, breaks + 1);
        };
        let is_marker = start == line && self.text.is_marker(line);
        match (self.text.at(start), inner) {
            (b'\t', _) => None,
            (0 | b'#', _) => Some((at, 0)),
            (_, Some(inner)) if start - line < inner || is_marker => Some((at, 0)),
            (b':', Some(_)) if self.text.is_white(start + 1) => None,
            (_, None) if is_marker => None,
            (b',' | b'[' | b']' | b'{' | b'}', None) => Some((at, 0)),
            (b':', None) => None,
            _ => Some((start, breaks)),
        }
    }
}
