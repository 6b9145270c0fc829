//! Scalars in quotes.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "offsets into a text of less than 4 GiB, moved on by a few bytes"
)]

use super::bytes::offset;
use super::{Reader, Scalar};
use crate::tree::arena::Form;
use crate::tree::style::ScalarStyle;

impl Reader<'_> {
    pub(super) fn single_quoted(&mut self, at: usize) -> Option<Scalar> {
        let stop = self.quoted_stop(at + 1, true)?;
        if self.text.at(stop) == b'\'' && self.text.at(stop + 1) != b'\'' {
            return Some(as_written(at, stop, ScalarStyle::SingleQuoted));
        }
        self.rewritten(at, stop, ScalarStyle::SingleQuoted)
    }

    pub(super) fn double_quoted(&mut self, at: usize) -> Option<Scalar> {
        let stop = self.quoted_stop(at + 1, false)?;
        if self.text.at(stop) == b'"' {
            return Some(as_written(at, stop, ScalarStyle::DoubleQuoted));
        }
        self.rewritten(at, stop, ScalarStyle::DoubleQuoted)
    }

    /// A scalar with escapes or line breaks, of which the first stands at `stop`.
    fn rewritten(&mut self, at: usize, stop: usize, style: ScalarStyle) -> Option<Scalar> {
        let is_single = style == ScalarStyle::SingleQuoted;
        let from = self.build.arena.side.len();
        // What is not taken back when a line ends: blanks that are written out are.
        let mut kept = from;
        let (mut run, mut stop) = (at + 1, stop);
        let mut is_folded = false;
        let close = loop {
            let piece = self.text.0.get(run..stop)?;
            self.build.arena.side.push_str(piece);
            let bare = piece.trim_end_matches([' ', '\t']).len();
            if bare > 0 {
                kept = self.build.arena.side.len() - (piece.len() - bare);
            }
            run = match self.text.at(stop) {
                b'\n' => {
                    is_folded = true;
                    self.build.arena.side.truncate(kept);
                    let (next, breaks) = self.quoted_next(stop)?;
                    match breaks {
                        1 => self.build.arena.side.push(' '),
                        _ => self.push_breaks(breaks - 1),
                    }
                    kept = self.build.arena.side.len();
                    next
                }
                b'\'' if is_single && self.text.at(stop + 1) == b'\'' => {
                    self.build.arena.side.push('\'');
                    kept = self.build.arena.side.len();
                    stop + 2
                }
                b'\\' if self.text.at(stop + 1) == b'\n' => {
                    is_folded = true;
                    let (next, breaks) = self.quoted_next(stop + 1)?;
                    self.push_breaks(breaks - 1);
                    kept = self.build.arena.side.len();
                    next
                }
                b'\\' => {
                    let next = self.escape(stop + 1)?;
                    kept = self.build.arena.side.len();
                    next
                }
                _ => break stop,
            };
            stop = self.quoted_stop(run, is_single)?;
        };
        let (form, first, count) = self.kept(from, at, style);
        Some(Scalar {
            form,
            first,
            count,
            start: offset(at),
            end: offset(close + 1),
            next: close + 1,
            is_folded,
        })
    }

    /// The next byte from `at` on that is not content as it is.
    fn quoted_stop(&self, at: usize, is_single: bool) -> Option<usize> {
        let rest = self.text.0.as_bytes().get(at..)?;
        let length = if is_single {
            memchr::memchr2(b'\'', b'\n', rest)?
        } else {
            memchr::memchr3(b'"', b'\n', b'\\', rest)?
        };
        Some(at + length)
    }

    fn push_breaks(&mut self, count: usize) {
        let side = &mut self.build.arena.side;
        side.extend(std::iter::repeat_n('\n', count));
    }

    /// What follows the break at `at`, further breaks and blanks, and the number of all those breaks.
    fn quoted_next(&self, at: usize) -> Option<(usize, usize)> {
        let (mut at, mut breaks) = (at, 0);
        loop {
            match self.text.at(at) {
                b'\n' if self.text.is_marker(at + 1) => return None,
                b'\n' => breaks += 1,
                b' ' => {}
                b'\t' => return None,
                _ => return Some((at, breaks)),
            }
            at += 1;
        }
    }

    /// Takes what follows a backslash; gives what follows that.
    fn escape(&mut self, at: usize) -> Option<usize> {
        let char = match self.text.at(at) {
            b'0' => '\0',
            b'a' => '\u{7}',
            b'b' => '\u{8}',
            b't' => '\t',
            b'n' => '\n',
            b'v' => '\u{b}',
            b'f' => '\u{c}',
            b'r' => '\r',
            b'e' => '\u{1b}',
            b'N' => '\u{85}',
            b'_' => '\u{a0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            byte @ (b' ' | b'"' | b'/' | b'\\') => char::from(byte),
            b'x' => return self.code(at + 1, 2),
            b'u' => return self.code(at + 1, 4),
            b'U' => return self.code(at + 1, 8),
            _ => return None,
        };
        self.build.arena.side.push(char);
        Some(at + 1)
    }

    /// A character by its number of that many digits; halves of a pair are left to the event parser.
    fn code(&mut self, at: usize, digits: usize) -> Option<usize> {
        let text = self.text.0.get(at..at + digits)?;
        if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let char = char::from_u32(u32::from_str_radix(text, 16).ok()?)?;
        self.build.arena.side.push(char);
        Some(at + digits)
    }
}

/// A scalar whose content stands between its quotes.
fn as_written(at: usize, close: usize, style: ScalarStyle) -> Scalar {
    let count = offset(close - at - 1);
    let (form, first) = match count {
        0 => (Form::InSide(style), 0),
        _ => (Form::InText(style), offset(at + 1)),
    };
    Scalar {
        form,
        first,
        count,
        start: offset(at),
        end: offset(close + 1),
        next: close + 1,
        is_folded: false,
    }
}
