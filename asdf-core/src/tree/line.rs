//! Lines as YAML 1.1 has them: LF, CR, CR LF, NEL (U+0085), U+2028 and U+2029 end one.
//!
//! YAML 1.2, which the event parser follows, knows the first three only. It is given a copy of the
//! text in which every line ends in LF; [`Breaks`] leads from its offsets back to those of the text.

/// True for a character that ends a line.
pub(super) fn is_break(char: char) -> bool {
    matches!(char, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// True for a blank, a tab and what ends a line: no other character is white space in YAML.
pub(super) fn is_white(char: char) -> bool {
    matches!(char, ' ' | '\t') || is_break(char)
}

/// The text without white space at its end.
pub(super) fn trim_end(text: &str) -> &str {
    text.trim_end_matches(is_white)
}

/// Bytes of the line break that the text starts with; 0 if it starts with none.
pub(super) fn break_len(text: &str) -> usize {
    if text.starts_with("\r\n") {
        return 2;
    }
    let first = text.chars().next().filter(|char| is_break(*char));
    first.map_or(0, char::len_utf8)
}

/// The text without one line break at its end.
pub(super) fn strip_break(text: &str) -> &str {
    let strip = || text.strip_suffix("\r\n").or(text.strip_suffix(is_break));
    strip().unwrap_or(text)
}

/// The lines with their breaks.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(is_break).unwrap_or(rest.len());
        let end = end.saturating_add(break_len(rest.get(end..).unwrap_or_default()));
        let (line, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(line)
    })
}

/// Where the line starts that holds the offset.
pub(super) fn start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let found = before.char_indices().rfind(|(_, char)| is_break(*char));
    found.map_or(0, |(at, char)| at.saturating_add(char.len_utf8()))
}

/// Where the line ends that holds the offset, without its break.
pub(super) fn end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at.saturating_add(rest.find(is_break).unwrap_or(rest.len()))
}

/// Where the line starts that follows the one that holds the offset.
pub(super) fn next(text: &str, at: usize) -> usize {
    let end = end(text, at);
    end.saturating_add(break_len(text.get(end..).unwrap_or_default()))
}

/// The line breaks of a piece of white space: NEL, CR and CR LF are LF; U+2028 and U+2029 stay.
pub(super) fn breaks(gap: &str) -> impl Iterator<Item = char> {
    lines(gap).filter_map(|line| {
        let last = line.chars().next_back().filter(|char| is_break(*char))?;
        Some(match last {
            '\u{2028}' | '\u{2029}' => last,
            _ => '\n',
        })
    })
}

/// A text whose lines all end in LF, and where its offsets stand in the text it was made of.
#[derive(Debug, Default)]
pub(super) struct Breaks {
    text: String,
    /// Offset after a break that became shorter, and bytes lost up to there; in order.
    lost: Vec<(u32, u32)>,
}

impl Breaks {
    /// `None` when the text has only breaks that YAML 1.2 knows, too.
    pub(super) fn of(text: &str) -> Option<Self> {
        if text.is_ascii() || !text.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
            return None;
        }
        let mut breaks = Self::default();
        let mut lost = 0_u32;
        for line in lines(text) {
            let body = strip_break(line);
            breaks.text.push_str(body);
            let length = line.len().saturating_sub(body.len());
            if length == 0 {
                continue;
            }
            breaks.text.push('\n');
            if length > 1 {
                lost = lost
                    .saturating_add(u32::try_from(length.saturating_sub(1)).unwrap_or(u32::MAX));
                let at = u32::try_from(breaks.text.len()).unwrap_or(u32::MAX);
                breaks.lost.push((at, lost));
            }
        }
        Some(breaks)
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The offset in the text that this one was made of.
    pub(super) fn original(&self, offset: u32) -> u32 {
        let index = self.lost.partition_point(|(at, _)| *at <= offset);
        let lost = index.checked_sub(1).and_then(|last| self.lost.get(last));
        offset.saturating_add(lost.map_or(0, |(_, lost)| *lost))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a\u{85}b\r\nc\rd\u{2028}e\u{2029}\n";

    #[test]
    fn every_break_ends_a_line() {
        let found: Vec<&str> = lines(TEXT).collect();
        assert_eq!(
            found,
            ["a\u{85}", "b\r\n", "c\r", "d\u{2028}", "e\u{2029}", "\n"]
        );
        assert_eq!(breaks(TEXT).collect::<String>(), "\n\n\n\u{2028}\u{2029}\n");
        let starts = [0, 4, 8, 12, 16, 17].map(|at| start(TEXT, at));
        assert_eq!(starts, [0, 3, 8, 12, 16, 17]);
        assert_eq!((end(TEXT, 3), next(TEXT, 3)), (4, 6));
    }

    #[test]
    fn offsets_lead_back() {
        let breaks = Breaks::of(TEXT).unwrap();
        assert_eq!(breaks.text(), "a\nb\nc\nd\ne\n\n");
        let back: Vec<u32> = (0..=11).map(|at| breaks.original(at)).collect();
        assert_eq!(back, [0, 1, 3, 4, 6, 7, 8, 9, 12, 13, 16, 17]);
        assert!(Breaks::of("a\r\nb\nc\r\u{e9}").is_none());
    }
}
