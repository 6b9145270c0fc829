//! Text from a file made safe for a terminal.

use std::borrow::Cow;

/// Replaces everything that could drive a terminal or disguise text: control characters (C0, DEL and
/// C1), line and paragraph separators, marks that reorder text, and marks without width. Tabs and line ends become `\t` and `\n`.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for char in text.chars() {
        match char {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ if is_unsafe(char) => out.extend(char.escape_unicode()),
            _ => out.push(char),
        }
    }
    Cow::Owned(out)
}

/// True for a character that [`escape`] replaces.
pub fn is_unsafe(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}'
                | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e01ef}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_sequence_cannot_reach_the_terminal() {
        assert_eq!(escape("a\u{1b}[31mb\n"), "a\\u{1b}[31mb\\n");
    }

    #[test]
    fn ordinary_text_is_borrowed() {
        assert!(matches!(escape("naïve 日本 µm"), Cow::Borrowed(_)));
    }

    #[test]
    fn marks_that_reorder_text_are_shown() {
        assert_eq!(escape("a\u{202e}b"), "a\\u{202e}b");
        let marks = "\u{ad}\u{34f}\u{3164}\u{fe0f}\u{e0100}\u{61c}\u{7f}\u{80}\u{9b}\u{9f}\u{200b}\u{200d}\u{200f}\u{2028}\u{2060}\u{2066}\u{2069}\u{feff}\u{e0041}";
        assert!(marks.chars().all(is_unsafe));
        assert!(escape(marks).is_ascii());
    }
}
