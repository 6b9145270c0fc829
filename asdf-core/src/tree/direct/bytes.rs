//! The bytes of the text, looked at one by one; after its end stand zeros.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "offsets into a text of less than 4 GiB, moved on by a few bytes"
)]

/// A text that is read by offset.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes<'t>(pub(super) &'t str);

impl<'t> Bytes<'t> {
    /// The byte at an offset; 0, which is in no text that is read here, from the end on.
    #[inline]
    pub(super) fn at(self, at: usize) -> u8 {
        self.0.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// The first offset from `at` on that holds another byte than a blank.
    #[inline]
    pub(super) fn skip_blanks(self, at: usize) -> usize {
        let mut at = at;
        while self.at(at) == b' ' {
            at += 1;
        }
        at
    }

    /// Where the line ends, at its break or the end of the text.
    #[inline]
    pub(super) fn line_end(self, at: usize) -> usize {
        let rest = self.0.as_bytes().get(at..).unwrap_or_default();
        memchr::memchr(b'\n', rest).map_or(self.0.len(), |length| at + length)
    }

    /// The start of the next line, after the break at `at`.
    #[inline]
    pub(super) fn after_break(self, at: usize) -> usize {
        (at + 1).min(self.0.len())
    }

    /// True at a blank, the end of a line or of the text.
    #[inline]
    pub(super) fn is_white(self, at: usize) -> bool {
        matches!(self.at(at), b' ' | b'\n' | 0)
    }

    /// True after a blank or at the start of a line.
    #[inline]
    pub(super) fn is_after_white(self, at: usize) -> bool {
        at == 0 || matches!(self.at(at - 1), b' ' | b'\n')
    }

    /// True where a line starts with `---` or `...`.
    #[inline]
    pub(super) fn is_marker(self, line: usize) -> bool {
        match self.at(line) {
            b'-' => self.at(line + 1) == b'-' && self.at(line + 2) == b'-',
            b'.' => self.at(line + 1) == b'.' && self.at(line + 2) == b'.',
            _ => false,
        }
    }

    /// The name of an anchor, with where it ends; `None` when other characters than those of YAML 1.1 follow.
    pub(super) fn name(self, at: usize) -> Option<(&'t str, usize)> {
        let mut end = at;
        while is_word(self.at(end)) {
            end += 1;
        }
        let is_whole =
            end > at && (self.is_white(end) || matches!(self.at(end), b',' | b']' | b'}'));
        let name = self.0.get(at..end)?;
        is_whole.then_some((name, end))
    }
}

/// An offset or a length in a text that is shorter than 4 GiB.
#[inline]
pub(super) fn offset(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Letters and digits, `-` and `_`.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Characters of tags, without `!` and what needs a closer look.
pub(super) fn is_tag(byte: u8) -> bool {
    is_word(byte)
        || matches!(
            byte,
            b'/' | b':'
                | b'.'
                | b'#'
                | b';'
                | b'?'
                | b'@'
                | b'&'
                | b'='
                | b'+'
                | b'$'
                | b'~'
                | b'*'
        )
}

/// True when the text has no character that YAML forbids, and no line break but LF.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without a branch many bytes are looked at in one step"
)]
pub(super) fn is_usual(text: &str) -> bool {
    let bytes = text.as_bytes();
    let odd = |chunk: &[u8]| {
        chunk.iter().fold(false, |odd, &byte| {
            odd | ((byte < b' ') & (byte != b'\n') & (byte != b'\t')) | (byte == 0x7f)
        })
    };
    if bytes.chunks(4096).any(odd) {
        return false;
    }
    if text.is_ascii() {
        return true;
    }
    // Control characters from U+0080 on with NEL, U+2028, U+2029, byte order marks, U+FFFE and U+FFFF.
    let is_odd = |window: &[u8]| {
        matches!(
            window,
            [0xc2, 0x80..=0x9f, _]
                | [0xe2, 0x80, 0xa8 | 0xa9]
                | [0xef, 0xbb, 0xbf]
                | [0xef, 0xbf, 0xbe | 0xbf]
        )
    };
    bytes.last().is_some_and(u8::is_ascii) && !bytes.windows(3).any(is_odd)
}

/// Number of line breaks, commas and colons.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without a branch many bytes are looked at in one step"
)]
pub(super) fn count_ends(text: &str) -> usize {
    let count = |chunk: &[u8]| {
        chunk.iter().fold(0_u8, |count, &byte| {
            count + u8::from((byte == b'\n') | (byte == b',') | (byte == b':'))
        })
    };
    text.as_bytes()
        .chunks(255)
        .map(|chunk| usize::from(count(chunk)))
        .sum()
}
