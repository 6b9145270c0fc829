//! Lines after `:`: completed by Tab, recalled by the arrows.

use super::command::COMMANDS;
use super::command::LONGER;
use crate::app::App;
use crate::app::Asking;
use crate::app::Screen;
use crate::line::Line;
use crate::pane::image::typed;
use asdf_core::Node;
use asdf_core::TreePath;

/// Lines that are remembered.
const MOST: usize = 200;
/// Settings that name arrays.
const TAKES_ARRAYS: [&str; 3] = ["rgb", "second", "catalog"];
/// Candidates that are kept.
const MOST_CANDIDATES: usize = 1000;

/// Remembers a line.
pub(super) fn remember(app: &mut App, text: &str) {
    let text = text.trim();
    if text.is_empty() || app.history.last().is_some_and(|last| last == text) {
        return;
    }
    if app.history.len() >= MOST {
        app.history.remove(0);
    }
    app.history.push(text.to_owned());
}

/// Brings back the line before, or the one after.
pub(super) fn recall(app: &mut App, is_older: bool) {
    let Some(prompt) = &mut app.prompt else {
        return;
    };
    if prompt.asking != Asking::Command {
        return;
    }
    let next = match (prompt.recalled, is_older) {
        (None, true) => Some(0),
        (Some(at), true) => Some((at + 1).min(app.history.len().saturating_sub(1))),
        (Some(at), false) => at.checked_sub(1),
        (None, false) => None,
    };
    let line = next.and_then(|at| app.history.iter().rev().nth(at));
    prompt.line = Line::new(line.map_or("", String::as_str));
    prompt.recalled = next.filter(|_| line.is_some());
    prompt.candidates.clear();
}

/// Completes the word at the end as far as all that it may become agrees.
pub(super) fn complete(app: &mut App) {
    let Some(prompt) = &app.prompt else { return };
    if prompt.asking != Asking::Command {
        return;
    }
    let text = prompt.line.text().to_owned();
    let (kept, found) = candidates(app, &text);
    let Some(prompt) = &mut app.prompt else {
        return;
    };
    if let Some(common) = common(&found) {
        prompt.line = Line::new(&format!("{kept}{common}"));
    }
    prompt.candidates = if found.len() > 1 { found } else { Vec::new() };
}

/// The beginning of a line that stays, and what the rest may become.
fn candidates(app: &App, text: &str) -> (String, Vec<String>) {
    let is_picture = app.tab().screen == Screen::Image;
    if let Some((word, rest)) = text.split_once(' ') {
        let settings = typed::settings();
        let setting = settings.iter().find(|setting| setting.0 == word);
        let values = setting.filter(|_| is_picture).map(|setting| &setting.1);
        let values = values.into_iter().flatten();
        let found = values.filter(|value| value.starts_with(rest));
        let mut found: Vec<String> = found.map(ToString::to_string).collect();
        if found.is_empty() && TAKES_ARRAYS.contains(&word) {
            // The array at the end of the line.
            let start = rest.rfind([' ', '=']).map_or(0, |at| at + 1);
            let (before, path) = rest.split_at_checked(start).unwrap_or(("", rest));
            let (kept, paths) = paths(app, path);
            found = paths;
            return (format!("{word} {before}{kept}"), found);
        }
        return (format!("{word} "), found);
    }
    let (kept, found) = paths(app, text);
    if !kept.is_empty() {
        return (kept, found);
    }
    let commands = COMMANDS.iter().map(|command| command.0.to_owned());
    let settings = typed::settings().into_iter().filter(|_| is_picture);
    let settings = settings.map(|(name, values)| {
        if values.is_empty() {
            name.to_owned()
        } else {
            format!("{name} ")
        }
    });
    let words = commands
        .chain(settings)
        .chain(LONGER.map(|word| format!("{word} ")));
    let words = words.filter(|word| word.starts_with(text));
    let mut all: Vec<String> = words.chain(found).collect();
    all.sort();
    all.dedup();
    // `open` and `open ` are one.
    let doubled: Vec<String> = all
        .iter()
        .filter_map(|word| word.strip_suffix(' ').map(str::to_owned))
        .collect();
    all.retain(|word| !doubled.contains(word));
    (String::new(), all)
}

/// The same of a path: what is before its last step stays.
fn paths(app: &App, text: &str) -> (String, Vec<String>) {
    let cut = text.rfind(['.', '/']).map_or(0, |at| at + 1);
    let (kept, last) = text.split_at_checked(cut).unwrap_or(("", text));
    let above = kept.trim_end_matches(['.', '/']);
    let tree = app.tab().file.tree();
    let node = if above.is_empty() {
        Some(tree.root())
    } else {
        TreePath::parse(above)
            .ok()
            .and_then(|path| app.tab().file.node(&path).ok())
    };
    let keys = node.and_then(Node::as_map);
    let keys = keys.iter().flat_map(|map| map.iter());
    // Keys that a path has to quote are left to be typed.
    let is_plain = |key: &String| {
        key.chars()
            .all(|char| char.is_alphanumeric() || char == '_' || char == '-')
    };
    let found = keys.map(|(key, _)| key.key_text().into_owned());
    let found = found.filter(|key| key.starts_with(last) && is_plain(key));
    let mut found: Vec<String> = found.take(MOST_CANDIDATES).collect();
    found.sort();
    (kept.to_owned(), found)
}

/// The longest text that all begin with.
fn common(found: &[String]) -> Option<String> {
    let (first, rest) = found.split_first()?;
    let mut length = first.len();
    for other in rest {
        let same = first.char_indices().zip(other.chars());
        let same = same.take_while(|((_, a), b)| a == b);
        length = length.min(
            same.map(|((at, char), _)| at + char.len_utf8())
                .last()
                .unwrap_or(0),
        );
    }
    first.get(..length).map(str::to_owned)
}
