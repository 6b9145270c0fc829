//! Keys that wait, in their order, for what is still being read: a file, the list of HDUs, the picture or the cells of an
//! array, a comparison.

use super::has_line;
use super::paste;
use super::press;
use super::press_plain;
use crate::app::App;
use crate::app::Asking;
use crate::app::Mood;
use crate::app::Prompt;
use crate::app::Screen;
use crate::effect::Effect;
use crate::key::Code;
use crate::key::Key;
use crate::keymap;
use crate::keymap::Action;
use crate::keymap::Meaning;
use crate::keymap::Own;
use crate::layout;
use crate::modes::modes;
use crate::pane::diff::DiffPane;
use crate::pane::image::ImageKey;
use crate::pane::image::ImagePane;

/// What waits.
#[derive(Debug)]
pub(crate) enum Kept {
    /// A key as it was pressed.
    Key(Key),
    /// One that counts as it is, whatever the user's own keys are.
    Plain(Key),
    /// A text that was pasted.
    Text(String),
}

/// Entries that wait at most.
const MOST: usize = 256;

/// Lines that have nothing to do with what is being read.
const FREE: [&str; 9] = [
    "q", "quit", "close", "help", "open", "tree", "blocks", "problems", "hdus",
];

/// Lets something wait behind what waits already.
pub(super) fn keep(app: &mut App, kept: Kept) {
    if app.kept.len() < MOST {
        app.kept.push_back(kept);
    } else {
        let text = format!("{MOST} keys wait for what is being read: no more are taken");
        app.say(Mood::Bad, text);
    }
}

/// Whether what is pressed or pasted now comes after something that waits.
pub(super) fn is_behind(app: &App) -> bool {
    !app.kept.is_empty() && app.overlay.is_none()
}

/// Whether a key has to wait because others do; `Esc` forgets those, and acts.
pub(super) fn waits_behind(app: &mut App, key: Key) -> bool {
    if !is_behind(app) {
        return false;
    }
    let is_line = app.prompt.is_some();
    if is_line && (key.code == Code::Esc || key.ctrl && key.code == Code::Char('c')) {
        app.kept.clear();
        return false;
    }
    if will_be_in_line(app) || app.keys.of(&[key]) != Own::Nothing {
        return true;
    }
    match keymap::meaning(modes(app), &[key]) {
        Meaning::Action(Action::Quit) => {
            // The line whose end waits is left too.
            app.prompt = None;
            false
        }
        _ if is_line => true,
        Meaning::Action(Action::Redraw | Action::Suspend) => false,
        Meaning::Action(action) if awaits_file(app) => !is_elsewhere(action),
        Meaning::Action(Action::Back | Action::Image(ImageKey::Back)) if !waits_for_list(app) => {
            app.kept.clear();
            false
        }
        _ => true,
    }
}

/// Whether a line is being typed after all that waits.
fn will_be_in_line(app: &App) -> bool {
    let mut is_line = app.prompt.is_some();
    for kept in &app.kept {
        let (Kept::Key(key) | Kept::Plain(key)) = kept else {
            continue;
        };
        is_line = if is_line {
            let leaves = key.ctrl && key.code == Code::Char('c');
            !leaves && !matches!(key.code, Code::Enter | Code::Esc)
        } else {
            matches!(
                keymap::meaning(modes(app), &[*key]),
                Meaning::Action(
                    Action::Command
                        | Action::Search
                        | Action::Filter
                        | Action::Palette
                        | Action::OpenFile
                        | Action::Compare
                )
            )
        };
    }
    is_line
}

/// Whether a key has to wait for what it needs.
pub(super) fn waits_for_its_own(app: &App, key: Key) -> bool {
    if app.overlay.is_some() || has_line(app) || layout::is_too_small(app.size) {
        return false;
    }
    if let Some(prompt) = &app.prompt {
        let is_enter = key.code == Code::Enter && !key.ctrl && !key.alt;
        return is_enter && line_waits(app, prompt);
    }
    let mut keys = app.pending.clone();
    keys.push(key);
    let mut found = keymap::meaning(modes(app), &keys);
    if found == Meaning::Nothing {
        found = keymap::meaning(modes(app), &[key]);
    }
    if let Meaning::Action(Action::Quit) = found {
        return false;
    }
    if awaits_file(app) {
        return !matches!(found, Meaning::Action(action) if is_elsewhere(action));
    }
    if waits_for_list(app) {
        return true;
    }
    match app.tab().screen {
        Screen::Image => app
            .tab()
            .image
            .as_ref()
            .is_some_and(|pane| picture_waits(pane, found)),
        _ if awaits_cells(app) || awaits_comparison(app) => match found {
            Meaning::Action(Action::Back | Action::Command) => false,
            // Which keys there are is not known before: of the others those everywhere alone.
            Meaning::Action(action) => !is_elsewhere(action),
            Meaning::Begins | Meaning::Nothing => true,
        },
        _ => false,
    }
}

/// Whether a key needs what is still being read for a picture.
fn picture_waits(pane: &ImagePane, found: Meaning) -> bool {
    let action = match found {
        Meaning::Nothing => return false,
        Meaning::Begins => return pane.awaits_place(),
        Meaning::Action(action) => action,
    };
    match action {
        Action::Image(key) => pane.awaits_for_key(key),
        Action::CopyValue => pane.awaits_value(),
        Action::Back
        | Action::Command
        | Action::Show(Screen::Tree | Screen::Blocks | Screen::Problems | Screen::Hdus) => false,
        // The next file shows the same place.
        Action::NextFile | Action::NextListed | Action::PreviousListed => pane.is_looking(),
        action => !is_elsewhere(action) && pane.awaits_place(),
    }
}

/// Whether a line that was typed needs what is still being read.
fn line_waits(app: &App, prompt: &Prompt) -> bool {
    let text = prompt.line.text().trim();
    if prompt.asking != Asking::Command || FREE.contains(&text) || text.starts_with("open ") {
        return false;
    }
    let tab = app.tab();
    match (tab.screen, &tab.image) {
        (Screen::Image, Some(pane)) => pane.awaits_for_line(text),
        _ => awaits_cells(app) || awaits_comparison(app),
    }
}

/// What has nothing to do with the file that shows, or with what is being read of it.
fn is_elsewhere(action: Action) -> bool {
    matches!(
        action,
        Action::Help
            | Action::OpenFile
            | Action::ShowFiles
            | Action::NextListed
            | Action::PreviousListed
            | Action::NextFile
            | Action::CloseFile
            | Action::Redraw
            | Action::Suspend
    )
}

/// True while the list that keys would be for is not there yet.
fn waits_for_list(app: &App) -> bool {
    let tab = app.tab();
    app.overlay.is_none() && tab.screen == Screen::Hdus && tab.hdus.found.is_none()
}

/// True while the file that keys would be for is not open.
pub(super) fn awaits_file(app: &App) -> bool {
    app.overlay.is_none() && app.tab().awaited.is_some() && app.tab().screen != Screen::Files
}

/// True while it is not known whether cells or a picture show.
fn awaits_cells(app: &App) -> bool {
    app.tab().screen == Screen::Table && app.tab().opening.is_some()
}

fn awaits_comparison(app: &App) -> bool {
    let is_open = |pane: &DiffPane| pane.found.is_none();
    app.tab().screen == Screen::Diff && app.tab().diff.as_ref().is_some_and(is_open)
}

/// What waited counts as far as what it needs is there now.
pub(super) fn press_kept(app: &mut App) -> Vec<Effect> {
    let mut effects = Vec::new();
    if app.overlay.is_some() {
        return effects;
    }
    let mut left = std::mem::take(&mut app.kept);
    while let Some(next) = left.pop_front() {
        effects.extend(match next {
            Kept::Key(key) => press(app, key),
            Kept::Plain(key) => press_plain(app, key),
            Kept::Text(text) => paste(app, &text),
        });
        // It has to wait, so the rest waits too.
        if !app.kept.is_empty() {
            app.kept.append(&mut left);
        }
    }
    effects
}
