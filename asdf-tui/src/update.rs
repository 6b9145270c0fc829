//! What happens next: a message changes the state and asks for effects. Pure: nothing is read, nothing
//! waits.

mod act;
mod answer;
mod block;
mod branch;
mod columns;
mod command;
mod complete;
mod demand;
mod files;
mod find;
mod go;
mod listed;
mod motion;
mod mouse;
mod palette;
mod picture;
mod plot;
mod reload;
mod resume;
mod session;
mod sheets;
mod waiting;
mod world;

pub use resume::Resume;
pub use resume::Step;
pub(crate) use waiting::Kept;

use crate::app::App;
use crate::app::Asking;
use crate::app::Cells;
use crate::app::Mood;
use crate::app::Overlay;
use crate::app::Prompt;
use crate::app::Screen;
use crate::effect::Effect;
use crate::effect::Slot;
use crate::effect::Work;
use crate::key::Code;
use crate::key::Key;
use crate::keymap;
use crate::keymap::Action;
use crate::keymap::Meaning;
use crate::keymap::Own;
use crate::line::Edit;
use crate::modes::modes;
use crate::msg::Msg;
use crate::pane::search::Pattern;
use crate::pane::table::Filter;

/// Takes a message.
pub fn update(app: &mut App, msg: Msg) -> Vec<Effect> {
    let mut effects = match msg {
        Msg::Key(key) => press(app, key),
        Msg::Paste(text) => paste(app, &text),
        // There is nothing on the screen yet.
        Msg::Mouse(..) if waiting::awaits_file(app) => Vec::new(),
        Msg::Mouse(mouse, x, y) => mouse::mouse(app, mouse, x, y),
        Msg::Traffic(traffic) => {
            app.traffic = Some(traffic);
            Vec::new()
        }
        Msg::Resize(width, height) => {
            app.size = (width, height);
            Vec::new()
        }
        Msg::Answer(answer) => answer::take(app, answer),
        Msg::Look => reload::look(app),
    };
    effects.extend(waiting::press_kept(app));
    effects.extend(resume::go_on(app));
    effects.extend(demand::demand(app));
    effects.extend(picture::paint(app));
    effects
}

/// What is wanted when nothing has happened yet.
pub fn start(app: &mut App) -> Vec<Effect> {
    demand::demand(app)
}

/// Begins with a list of files.
pub(crate) fn begin_list(app: &mut App, ask: crate::pane::files::listing::ListAsk) -> Effect {
    listed::begin(app, ask)
}

/// Begins with what was open in an earlier run.
pub(crate) fn begin_session(app: &mut App, session: crate::session::Session) -> Vec<Effect> {
    session::restore(app, session)
}

/// A key, or what it stands for by the user's own keys.
fn press(app: &mut App, key: Key) -> Vec<Effect> {
    if waiting::waits_behind(app, key) {
        waiting::keep(app, Kept::Key(key));
        return Vec::new();
    }
    if app.prompt.is_some() || has_line(app) {
        return press_plain(app, key);
    }
    let mut keys = app.own_pending.clone();
    keys.push(key);
    let mut own = app.keys.of(&keys);
    if own == Own::Nothing && keys.len() > 1 {
        // What began one of the user's keys and is none counts as it is.
        app.own_pending.clear();
        let mut effects = Vec::new();
        let last = keys.pop();
        for key in keys {
            effects.extend(press_plain(app, key));
        }
        effects.extend(last.map(|key| press(app, key)).unwrap_or_default());
        return effects;
    }
    if app.pending.is_empty() {
        match std::mem::replace(&mut own, Own::Nothing) {
            Own::Keys(keys) => {
                app.own_pending.clear();
                let each = keys.into_iter();
                return each.flat_map(|key| press_plain(app, key)).collect();
            }
            Own::Begins => {
                app.own_pending = keys;
                return Vec::new();
            }
            Own::Nothing => {}
        }
    }
    app.own_pending.clear();
    press_plain(app, key)
}

/// Whether keys are typed into a line of an overlay.
fn has_line(app: &App) -> bool {
    matches!(app.overlay, Some(Overlay::Picker(_) | Overlay::Palette(_)))
}

fn press_plain(app: &mut App, key: Key) -> Vec<Effect> {
    if waiting::waits_behind(app, key) || waiting::waits_for_its_own(app, key) {
        waiting::keep(app, Kept::Plain(key));
        return Vec::new();
    }
    app.message = None;
    if app.prompt.is_some() {
        return type_key(app, key);
    }
    if let Some(Overlay::Palette(_)) = app.overlay
        && let Some(effects) = palette::key(app, key)
    {
        return effects;
    }
    if let Some(Overlay::Picker(_)) = app.overlay
        && let Some(effects) = files::pick_key(app, key)
    {
        return effects;
    }
    app.pending.push(key);
    let mut found = keymap::meaning(modes(app), &app.pending);
    if found == Meaning::Nothing && app.pending.len() > 1 {
        // What began a combination and is none counts for nothing, the key that ended it counts.
        app.pending = vec![key];
        found = keymap::meaning(modes(app), &app.pending);
    }
    match found {
        Meaning::Begins => Vec::new(),
        Meaning::Nothing => {
            app.pending.clear();
            Vec::new()
        }
        Meaning::Action(Action::Count) => {
            app.pending.clear();
            count(app, key);
            Vec::new()
        }
        Meaning::Action(action) => {
            app.pending.clear();
            let effects = act::act(app, action);
            app.count = None;
            effects
        }
    }
}

/// Another digit of the count.
fn count(app: &mut App, key: Key) {
    const MOST: u64 = 1_000_000_000;
    let Code::Char(char) = key.code else { return };
    if let Some(digit) = char.to_digit(10) {
        let count = app.count.unwrap_or(0) * 10 + u64::from(digit);
        app.count = Some(count.min(MOST));
        app.say(Mood::Good, format!("{count} ×"));
    }
}

fn paste(app: &mut App, text: &str) -> Vec<Effect> {
    if waiting::is_behind(app) {
        waiting::keep(app, Kept::Text(text.to_owned()));
        return Vec::new();
    }
    if let Some(prompt) = &mut app.prompt {
        prompt.line.insert(text);
        return typed(app);
    }
    if let Some(Overlay::Picker(picker)) = &mut app.overlay {
        picker.filter.insert(text);
    }
    if let Some(Overlay::Palette(palette)) = &mut app.overlay {
        palette.line.insert(text);
        palette.search();
    }
    Vec::new()
}

/// A key while a line is typed.
fn type_key(app: &mut App, key: Key) -> Vec<Effect> {
    let is_plain = !key.ctrl && !key.alt;
    match key.code {
        Code::Esc => return leave(app),
        Code::Char('c') if key.ctrl => return leave(app),
        Code::Enter if is_plain => return enter(app),
        _ => {}
    }
    match key.code {
        Code::Tab => {
            complete::complete(app);
            return Vec::new();
        }
        Code::Up | Code::Down => {
            complete::recall(app, key.code == Code::Up);
            return Vec::new();
        }
        _ => {}
    }
    let Some(prompt) = &mut app.prompt else {
        return Vec::new();
    };
    prompt.candidates.clear();
    if key.code == Code::Backspace && prompt.line.text().is_empty() {
        return leave(app);
    }
    match prompt.line.press(key) {
        Edit::Changed => typed(app),
        Edit::Kept | Edit::Ignored => Vec::new(),
    }
}

/// The line has changed: a search starts anew.
fn typed(app: &mut App) -> Vec<Effect> {
    let Some(Prompt {
        asking: Asking::Search,
        line,
        ..
    }) = &app.prompt
    else {
        return Vec::new();
    };
    if app.tab().screen == Screen::Files {
        let wanted = line.text().to_lowercase();
        if let Some(pane) = &mut app.files {
            pane.wanted = wanted;
        }
        return Vec::new();
    }
    let pattern = Pattern::new(line.text());
    search(app, pattern)
}

/// Looks for a pattern from where the search began.
fn search(app: &mut App, pattern: Option<Pattern>) -> Vec<Effect> {
    let search = &mut app.tab_mut().search;
    search.hits = None;
    search.pattern.clone_from(&pattern);
    match pattern {
        Some(_) if app.tab().screen == Screen::Hdus => {
            find::find_card(app, true);
            Vec::new()
        }
        Some(pattern) => vec![app.job(Slot::Search, Work::Search(pattern))],
        None => vec![app.cancel(Slot::Search)],
    }
}

fn leave(app: &mut App) -> Vec<Effect> {
    let Some(prompt) = app.prompt.take() else {
        return Vec::new();
    };
    if prompt.asking != Asking::Search {
        return Vec::new();
    }
    if app.tab().screen == Screen::Files {
        if let Some(pane) = &mut app.files {
            pane.wanted.clear();
        }
        return Vec::new();
    }
    let tab = app.tab_mut();
    tab.search.pattern = None;
    tab.search.hits = None;
    let origin = tab.search.origin.take();
    if let Some(path) = origin
        .and_then(|id| tab.file.tree().by_id(id))
        .map(asdf_core::Node::path)
    {
        let file = std::sync::Arc::clone(&tab.file);
        tab.tree.reveal(&file, &path);
    }
    vec![app.cancel(Slot::Search)]
}

fn enter(app: &mut App) -> Vec<Effect> {
    let Some(prompt) = app.prompt.take() else {
        return Vec::new();
    };
    let text = prompt.line.text();
    match prompt.asking {
        Asking::Search if app.tab().screen == Screen::Files => Vec::new(),
        Asking::Search => {
            let tab = app.tab();
            let found_nothing = tab
                .search
                .hits
                .as_ref()
                .is_some_and(|hits| hits.nodes.is_empty());
            if found_nothing && tab.screen != Screen::Hdus {
                app.say(Mood::Bad, format!("`{text}` does not occur"));
            }
            Vec::new()
        }
        Asking::Command => {
            complete::remember(app, text);
            command::run(app, text)
        }
        Asking::Filter => filter(app, text),
        Asking::Cell => columns::search(app, text),
        asking => listed::typed(app, asking, text),
    }
}

fn filter(app: &mut App, text: &str) -> Vec<Effect> {
    let Some(Cells::Table(table)) = &mut app.tab_mut().cells else {
        return Vec::new();
    };
    let filter = if text.trim().is_empty() {
        Ok(None)
    } else {
        Filter::parse(text, &table.columns).map(Some)
    };
    match filter {
        Ok(filter) => {
            let ask = table.set_filter(filter);
            sheets::pick_rows(app, ask)
        }
        Err(error) => {
            app.say(Mood::Bad, error);
            Vec::new()
        }
    }
}
