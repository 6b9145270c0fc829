//! All that can be done here, found by some of its letters: commands, paths, files, bookmarks.

use crate::keymap::Action;
use crate::line::Line;
use crate::pane::cursor::Cursor;
use std::path::PathBuf;

/// What an entry does.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice {
    /// What a key does.
    Act(Action),
    /// A line as it is typed after `:`.
    Line(String),
    /// The beginning of such a line, which is typed on.
    Begin(String),
    /// Opens a file of the list.
    File(PathBuf),
    /// Goes to a bookmark, by its number.
    Bookmark(usize),
}

/// An entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What is searched and shown.
    pub text: String,
    /// The key that does the same, or what kind of thing it is.
    pub aside: String,
    /// What it does.
    pub choice: Choice,
}

/// The state of the overlay.
#[derive(Debug)]
pub struct PalettePane {
    /// What it is called.
    pub title: &'static str,
    /// What was typed.
    pub line: Line,
    /// All entries.
    pub entries: Vec<Entry>,
    /// Those that fit what was typed, the best first.
    pub shown: Vec<usize>,
    /// The selected one of these.
    pub cursor: Cursor,
}

impl PalettePane {
    /// All entries in their order.
    pub fn new(title: &'static str, entries: Vec<Entry>) -> Self {
        Self {
            title,
            line: Line::default(),
            shown: (0..entries.len()).collect(),
            entries,
            cursor: Cursor::default(),
        }
    }

    /// What was typed is another text.
    pub fn search(&mut self) {
        let query = self.line.text();
        let mut found: Vec<(i32, usize)> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(at, entry)| Some((score(query, &entry.text)?, at)))
            .collect();
        found.sort_by_key(|(score, at)| (-score, *at));
        self.shown = found.into_iter().map(|found| found.1).collect();
        self.cursor = Cursor::default();
    }

    /// The selected entry.
    pub fn selected(&self) -> Option<&Entry> {
        let at = usize::try_from(self.cursor.at).ok()?;
        self.entries.get(*self.shown.get(at)?)
    }
}

/// How well a text fits words of which each letter must occur in it, in their order; `None` where one does not. Letters that
/// follow each other and begin words count more, and so do short texts. Capitals count where they are typed.
pub fn score(query: &str, text: &str) -> Option<i32> {
    let mut sum = 0;
    for word in query.split_whitespace() {
        sum += score_of_word(word, text)?;
    }
    let length = i32::try_from(text.chars().count()).unwrap_or(i32::MAX);
    Some(sum.saturating_mul(8).saturating_sub(length.min(400)))
}

/// A letter, one that follows another, one that begins a word.
const LETTER: i32 = 4;
const FOLLOWS: i32 = 12;
const BEGINS: i32 = 10;

fn score_of_word(word: &str, text: &str) -> Option<i32> {
    let counts_capitals = word.chars().any(char::is_uppercase);
    let fold = |char: char| {
        if counts_capitals {
            char
        } else {
            char.to_lowercase().next().unwrap_or(char)
        }
    };
    let letters: Vec<char> = word.chars().map(fold).collect();
    let text: Vec<char> = text.chars().map(fold).collect();
    // The best of all beginnings: the rest is taken as early as it comes.
    let first = *letters.first()?;
    let starts = text.iter().enumerate().filter(|(_, char)| **char == first);
    let from = |start: usize| -> Option<i32> {
        let (mut at, mut sum, mut last) = (start, 0, None);
        for letter in &letters {
            let found = at + text.get(at..)?.iter().position(|char| char == letter)?;
            sum += LETTER;
            let before = found.checked_sub(1).and_then(|before| text.get(before));
            if before.is_none_or(|before| !before.is_alphanumeric()) {
                sum += BEGINS;
            }
            if last.is_some_and(|last: usize| last + 1 == found) {
                sum += FOLLOWS;
            }
            last = Some(found);
            at = found + 1;
        }
        // Letters near each other are rather what was meant.
        let span = i32::try_from(at - start).unwrap_or(i32::MAX);
        Some(sum.saturating_sub(span))
    };
    starts.filter_map(|(start, _)| from(start)).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_letters_occur_in_their_order() {
        assert!(score("rmex", "/roman/meta/exposure").is_some());
        assert!(score("xe", "/roman/meta/exp").is_none());
        assert!(score("expo meta", "/roman/meta/exposure").is_some());
        assert!(score("Roman", "roman").is_none());
        assert!(score("", "anything").is_some());
    }

    #[test]
    fn letters_near_each_other_come_first() {
        let score = |text: &str| score("exptime", text).unwrap();
        assert!(score("/meta/exposure/exposure_time") > score("/meta/exposure/end_time"));
    }

    #[test]
    fn words_and_beginnings_come_first() {
        let mut texts = [
            "/roman/meta/wcsinfo/ra_ref",
            "/roman/data",
            "/roman/meta/data_problem",
            "draw all the axes",
        ];
        let order = |query: &str, texts: &mut [&str]| {
            texts.sort_by_key(|text| -score(query, text).unwrap_or(i32::MIN + 1));
        };
        order("data", &mut texts);
        assert_eq!(texts[..2], ["/roman/data", "/roman/meta/data_problem"]);
        order("wcs ref", &mut texts);
        assert_eq!(texts[0], "/roman/meta/wcsinfo/ra_ref");
    }
}
