//! Bookmarks and sessions: made of where one is, and gone back to.

use super::listed;
use super::resume;
use super::resume::Resume;
use super::resume::Step;
use crate::app::App;
use crate::app::Awaited;
use crate::app::Mood;
use crate::app::Screen;
use crate::app::Tab;
use crate::effect::Effect;
use crate::effect::Slot;
use crate::effect::Work;
use crate::pane::files::FilesPane;
use crate::pane::image::ImagePane;
use crate::session::BEGINNING;
use crate::session::Bookmark;
use crate::session::Session;
use crate::view;
use asdf_core::inspect::escape;
use std::path::PathBuf;

/// Where one is in a file; `None` of one that is not open.
fn here(tab: &Tab, name: String) -> Option<Bookmark> {
    if tab.awaited.is_some() {
        return None;
    }
    let screen = match tab.screen {
        Screen::Files => tab.under,
        // The other file is not kept.
        Screen::Diff => Screen::Tree,
        screen => screen,
    };
    let named = Screen::ALL.iter().find(|entry| entry.0 == screen);
    let picture = tab.image.as_ref().filter(|_| screen == Screen::Image);
    let path = match picture {
        Some(pane) => pane.path().to_string(),
        None => view::node_path(tab),
    };
    Some(Bookmark {
        name,
        file: tab.file.name().to_path_buf(),
        path,
        screen: named.map_or("tree", |entry| entry.2).to_owned(),
        picture: picture.and_then(ImagePane::picture_place),
    })
}

/// Sets a bookmark where one is; without a name by the file and the place.
pub(super) fn bookmark(app: &mut App, name: &str) {
    let tab = app.tab();
    let text = match name.trim() {
        "" => {
            let file = tab.file.name().file_name();
            let file = file.map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            let place = view::copied_path(tab).unwrap_or_default();
            format!("{file} {place}")
        }
        name => name.to_owned(),
    };
    match here(tab, text.clone()) {
        Some(mut new) => {
            // What is drawn now stays when one comes back.
            if let Some(place) = &mut new.picture {
                place.kept = None;
            }
            app.bookmarks.retain(|old| old.name != new.name);
            app.bookmarks.push(new);
            let text = format!("bookmark `{}`: ' goes back to it", escape(&text));
            app.say(Mood::Good, text);
        }
        None => app.say(Mood::Bad, "no file is open"),
    }
}

fn steps(bookmark: &Bookmark) -> Vec<Step> {
    let mut steps = Vec::new();
    if !bookmark.path.is_empty() && bookmark.path != "/" {
        steps.push(Step::Line(bookmark.path.clone()));
    }
    if bookmark.screen != "tree" {
        steps.push(Step::Line(bookmark.screen.clone()));
    }
    if let Some(place) = &bookmark.picture {
        steps.push(Step::Picture(Box::new(place.clone())));
    }
    steps
}

/// Goes to a bookmark.
pub(super) fn go_to(app: &mut App, at: usize) -> Vec<Effect> {
    let Some(bookmark) = app.bookmarks.get(at).cloned() else {
        return Vec::new();
    };
    listed::open(app, bookmark.file.clone(), steps(&bookmark))
}

/// What is open now.
fn now(app: &App) -> Session {
    let pane = app.files.as_ref();
    let open = app.tabs.iter().filter_map(|tab| here(tab, String::new()));
    // A file that is not open has no place among them.
    let before = app.tabs.iter().take(app.current);
    let current = before.filter(|tab| tab.awaited.is_none()).count();
    Session {
        list: pane.map(|pane| pane.ask.clone()),
        marks: pane.map(|pane| pane.marks.clone()).unwrap_or_default(),
        open: open.collect(),
        current,
        bookmarks: app.bookmarks.clone(),
    }
}

/// `1 open file`, `2 open files`.
pub(super) fn count_of(count: usize, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}

/// `session save FILE`, `session open FILE`.
pub(super) fn typed(app: &mut App, rest: &str) -> Vec<Effect> {
    let (verb, name) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
    let path = PathBuf::from(name.trim());
    match verb {
        "save" if !name.trim().is_empty() => {
            let session = now(app);
            let what = format!(
                "{} and {}",
                count_of(session.open.len(), "open file"),
                count_of(session.bookmarks.len(), "bookmark")
            );
            let work = Work::ReplaceText(path, session.to_text(), BEGINNING, what);
            vec![app.job_of_all(Slot::Write, work)]
        }
        "open" if !name.trim().is_empty() => {
            app.say(Mood::Good, "reading the session …");
            vec![app.job_of_all(Slot::Session, Work::Session(path))]
        }
        _ => {
            app.say(
                Mood::Bad,
                "session save FILE keeps what is open, session open FILE brings it back",
            );
            Vec::new()
        }
    }
}

/// Opens what a session has, in the place of what is open.
pub(crate) fn restore(app: &mut App, session: Session) -> Vec<Effect> {
    app.message = None;
    app.overlay = None;
    app.resumes.clear();
    app.bookmarks = session.bookmarks;
    let mut effects = Vec::new();
    while app.tabs.len() > 1 {
        app.current = app.tabs.len() - 1;
        effects.extend(super::files::close_file(app));
    }
    app.files = session.list.map(|ask| {
        let mut pane = FilesPane::new(ask);
        pane.marks = session.marks;
        pane
    });
    let ask = app.files.as_ref().map(|pane| pane.ask.clone());
    effects.extend(ask.map(|ask| app.job_of_all(Slot::List, Work::List(ask))));
    let mut open = session.open.into_iter().enumerate();
    match open.next() {
        Some((_, first)) => effects.extend(listed::open(app, first.file.clone(), steps(&first))),
        None if app.files.is_some() => {
            let tab = app.tab_mut();
            tab.awaited = Some(Awaited::Nothing);
            tab.screen = Screen::Files;
        }
        None => {}
    }
    for (at, place) in open {
        let number = app.number();
        if at == session.current {
            app.follow = Some(number);
        }
        app.arriving.push((number, steps(&place)));
        effects.push(app.job(Slot::Open(number), Work::Open(place.file)));
    }
    effects
}

/// A file that was opened beside others is there: what is to be done in it waits until it shows.
pub(super) fn arrived(app: &mut App, number: u64, tab: u64) {
    let Some(at) = app.arriving.iter().position(|entry| entry.0 == number) else {
        return;
    };
    let (_, steps) = app.arriving.swap_remove(at);
    app.resumes.extend(Resume::new(tab, steps));
}

/// Takes a session that was read.
pub(super) fn take(app: &mut App, found: Result<Session, String>) -> Vec<Effect> {
    match found {
        Ok(session) => {
            let mut effects = restore(app, session);
            effects.extend(resume::go_on(app));
            effects
        }
        Err(error) => {
            app.say(Mood::Bad, escape(&error).into_owned());
            Vec::new()
        }
    }
}
