//! Arguments in the wrong place: what is taken for a file is a path of the tree of the file beside it, or what is looked for.

use crate::context::Context;
use crate::inputs::{Item, names_files};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files that may have been typed one by one.
const TYPED: usize = 100;

/// How a command takes a path of the tree beside files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileUsage {
    /// Its name.
    pub(crate) command: &'static str,
    /// The option before a path; `None` where whole files are worked on.
    pub(crate) path: Option<&'static str>,
}

/// The names of the files of a run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Peers(Arc<[PathBuf]>);

impl Peers {
    pub(crate) fn of(items: &[Item]) -> Self {
        if !(2..=TYPED).contains(&items.len()) {
            return Self::default();
        }
        let names = items.iter().filter_map(Item::path);
        Self(names.map(Path::to_path_buf).collect())
    }

    /// What a name that no file has may have meant: a node of the file before it, or else of the one after it.
    pub(crate) fn hint(&self, missing: Option<&Path>, context: &Context) -> Option<String> {
        let missing = missing?;
        let at = self.0.iter().position(|name| name == missing)?;
        let (before, after) = self.0.split_at_checked(at)?;
        let mut near = before.iter().rev().chain(after);
        let file = near.find(|name| name.is_file())?;
        let text = missing.to_str()?;
        let usage = context.usage();
        let command = usage.command;
        let opened = context.open(file).ok()?;
        opened.select(text).ok()?;
        let shown = file.display();
        Some(match usage.path {
            Some(option) => format!(
                "`{text}` is a path of the tree of {shown}: `asdf {command} {option} {} {}`",
                quoted(text),
                quoted(&file.to_string_lossy())
            ),
            None => format!(
                "`{text}` is a path of the tree of {shown}, and `asdf {command}` takes whole files"
            ),
        })
    }
}

/// The command that a search without conditions may have meant: its first word is what is looked for, and no file.
pub(crate) fn search(words: &[PathBuf]) -> Option<String> {
    let (pattern, files) = words.split_first()?;
    if pattern.exists() || names_files(pattern) {
        return None;
    }
    let files: Vec<String> = files
        .iter()
        .map(|file| quoted(&file.to_string_lossy()))
        .collect();
    let files = if files.is_empty() {
        "FILE".to_owned()
    } else {
        files.join(" ")
    };
    let (shown, pattern) = (pattern.display(), quoted(&pattern.to_string_lossy()));
    Some(format!(
        "`{shown}` is not a file; what is looked for stands after -e: `asdf search -e {pattern} {files}`"
    ))
}

/// A word as a shell reads it back.
fn quoted(word: &str) -> String {
    let is_plain = |char: char| char.is_alphanumeric() || "_-./:@%+,=".contains(char);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_are_quoted_for_shells() {
        for (word, wanted) in [
            ("roman.meta", "roman.meta"),
            ("items[0]", "'items[0]'"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), wanted);
        }
    }
}
