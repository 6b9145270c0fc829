//! A line of text that is being typed, with a cursor.

use crate::key::Code;
use crate::key::Key;
use unicode_width::UnicodeWidthStr;

/// Characters that a line takes; more is not typed but pasted by mistake.
const LONGEST: usize = 4096;

/// What a key did to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// The text is another one.
    Changed,
    /// The cursor moved, or nothing happened that matters.
    Kept,
    /// The key is none that edits.
    Ignored,
}

/// The text and the cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    /// Byte of the cursor, at a character boundary.
    cursor: usize,
}

impl Line {
    /// A line with the cursor at its end.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            cursor: text.len(),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Columns before the cursor.
    pub fn column(&self) -> usize {
        self.before().width()
    }

    fn before(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or_default()
    }

    fn behind(&self) -> &str {
        self.text.get(self.cursor..).unwrap_or_default()
    }

    /// Types a text at the cursor, without its control characters.
    pub fn insert(&mut self, text: &str) {
        for char in text.chars().filter(|char| !char.is_control()) {
            if self.text.len() >= LONGEST {
                return;
            }
            self.text.insert(self.cursor, char);
            self.cursor += char.len_utf8();
        }
    }

    /// Takes an editing key.
    pub fn press(&mut self, key: Key) -> Edit {
        let before = self.text.len();
        match (key.code, key.ctrl) {
            (Code::Char('a'), true) | (Code::Home, _) => self.cursor = 0,
            (Code::Char('e'), true) | (Code::End, _) => self.cursor = self.text.len(),
            (Code::Char('u'), true) => self.cut(0),
            (Code::Char('w'), true) => self.cut(self.word()),
            (Code::Char('k'), true) => self.text.truncate(self.cursor),
            (Code::Char(char), false) if !key.alt => self.insert(char.encode_utf8(&mut [0; 4])),
            (Code::Backspace, _) => self.cut(self.previous()),
            (Code::Delete, _) if !self.behind().is_empty() => {
                self.text.remove(self.cursor);
            }
            (Code::Left | Code::ShiftLeft, _) => self.cursor = self.previous(),
            (Code::Right | Code::ShiftRight, _) => {
                self.cursor += self.behind().chars().next().map_or(0, char::len_utf8);
            }
            (Code::Delete, _) => {}
            _ => return Edit::Ignored,
        }
        if self.text.len() == before {
            Edit::Kept
        } else {
            Edit::Changed
        }
    }

    fn previous(&self) -> usize {
        let last = self.before().chars().next_back();
        self.cursor.saturating_sub(last.map_or(0, char::len_utf8))
    }

    /// Where the word before the cursor begins.
    fn word(&self) -> usize {
        let mut chars = self.before().trim_end().char_indices().rev();
        let ends = |char: char| !char.is_alphanumeric() && char != '_';
        let start = chars.find(|(_, char)| ends(*char));
        let start = start.map_or(0, |(at, char)| at + char.len_utf8());
        start.min(self.previous())
    }

    fn cut(&mut self, from: usize) {
        self.text.replace_range(from..self.cursor, "");
        self.cursor = from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(line: &mut Line, script: &str) {
        let script: crate::key::Script = script.parse().unwrap();
        for stroke in script.0 {
            if let crate::key::Stroke::Key(key) = stroke {
                line.press(key);
            }
        }
    }

    #[test]
    fn characters_go_where_the_cursor_is() {
        let mut line = Line::default();
        press(&mut line, "mta<left><left>e<end>!");
        assert_eq!((line.text(), line.column()), ("meta!", 5));
    }

    #[test]
    fn a_word_and_the_whole_line_can_be_cut() {
        let mut line = Line::new("roman/meta/日本");
        press(&mut line, "<c-w>");
        assert_eq!(line.text(), "roman/meta/");
        press(&mut line, "<c-w>");
        assert_eq!(line.text(), "roman/meta");
        press(&mut line, "<c-u>");
        assert_eq!(line, Line::default());
    }

    #[test]
    fn deleting_at_the_ends_changes_nothing() {
        let mut line = Line::new("é");
        press(&mut line, "<delete><backspace><backspace><delete>");
        assert_eq!(line, Line::default());
    }
}
