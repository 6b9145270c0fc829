//! Going from hit to hit.

use super::act;
use super::demand;
use crate::app::App;
use crate::app::Asking;
use crate::app::Mood;
use crate::app::Screen;
use crate::pane::cursor::Motion;
use std::sync::Arc;

pub(super) fn begin_search(app: &mut App) {
    if !matches!(app.tab().screen, Screen::Hdus | Screen::Files) {
        app.tab_mut().screen = Screen::Tree;
    }
    app.overlay = None;
    let tab = app.tab_mut();
    tab.search.origin = tab.tree.selected().map(|row| row.node);
    act::ask(app, Asking::Search);
}

pub(super) fn next_hit(app: &mut App, forward: bool) {
    if app.tab().screen == Screen::Files {
        let motion = if forward { Motion::Down } else { Motion::Up };
        return super::motion::step(app, motion);
    }
    if app.tab().screen == Screen::Hdus {
        return find_card(app, forward);
    }
    let tab = app.tab_mut();
    let file = Arc::clone(&tab.file);
    let here = tab.tree.selected().map(|row| row.node);
    let hit = here.and_then(|here| tab.search.other(&file, here, forward));
    match hit.and_then(|hit| file.tree().by_id(hit)) {
        Some(node) => {
            tab.tree.reveal(&file, &node.path());
            tab.screen = Screen::Tree;
        }
        None if tab.search.pattern.is_none() => app.say(Mood::Bad, "no search yet: / begins one"),
        None => app.say(Mood::Bad, "the text does not occur"),
    }
}

/// Goes to the next card of the open header, or of the selected HDU, with the text.
pub(super) fn find_card(app: &mut App, forward: bool) {
    let hdus = &mut app.tab_mut().hdus;
    let at = hdus.header.map_or(0, |cursor| cursor.at);
    let tab = app.tab();
    let Some(pattern) = &tab.search.pattern else {
        return app.say(Mood::Bad, "no search yet: / begins one");
    };
    match tab.hdus.find(pattern, at, forward) {
        Some(found) => {
            let len = tab.hdus.selected().map_or(0, |hdu| hdu.cards.len() as u64);
            let height = demand::height(app);
            let header = app.tab_mut().hdus.header.get_or_insert_default();
            header.reveal(found, len, height);
        }
        None => app.say(Mood::Bad, "no card has the text"),
    }
}
