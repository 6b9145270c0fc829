//! What workers found goes where it was asked for.

use super::picture;
use crate::app::App;
use crate::app::Cells;
use crate::app::Mood;
use crate::app::Overlay;
use crate::app::Tab;
use crate::effect::Effect;
use crate::effect::Found;
use crate::effect::Slot;
use crate::msg::Answer;
use std::sync::Arc;

/// Takes what belongs to the list of files, to sessions, or to a column of a table; gives back what does not.
fn take_of_all(app: &mut App, tab: u64, slot: Slot, found: Found) -> Result<Vec<Effect>, Found> {
    match found {
        Found::Summary(found) => {
            if let (Some(Overlay::Summary(pane)), Some(found)) = (&mut app.overlay, found) {
                pane.found = Some(found);
            }
        }
        Found::Progress(done, all) if slot == Slot::Summary => {
            if let Some(Overlay::Summary(pane)) = &mut app.overlay {
                pane.progress = Some((done, all));
            }
        }
        Found::Cell(Some(found)) => super::columns::found(app, tab, found),
        Found::List(found) => super::listed::take(app, found),
        Found::Gathered(found) => return Ok(super::listed::gathered(app, found)),
        Found::Thumbnail(path, found) => super::listed::take_thumbnail(app, &path, found),
        Found::Session(found) => {
            return Ok(super::session::take(app, found.map(|found| *found)));
        }
        Found::Written(Ok(text)) => {
            app.say(Mood::Good, asdf_core::inspect::escape(&text).into_owned());
        }
        Found::Written(Err(text)) => {
            app.say(Mood::Bad, asdf_core::inspect::escape(&text).into_owned());
        }
        Found::Progress(done, all) if slot == Slot::List => {
            if let Some(pane) = &mut app.files {
                pane.progress = Some((done, all));
            }
        }
        found => return Err(found),
    }
    Ok(Vec::new())
}

/// Takes an answer; those with an old ticket are dropped.
pub(super) fn take(app: &mut App, answer: Answer) -> Vec<Effect> {
    let Answer {
        tab,
        ticket,
        slot,
        found,
    } = answer;
    if app.tickets.get(&(tab, slot)) != Some(&ticket) {
        return Vec::new();
    }
    if matches!(slot, Slot::Facts(_) | Slot::Open(_) | Slot::First) {
        app.tickets.remove(&(tab, slot));
    }
    let found = match take_of_all(app, tab, slot, found) {
        Ok(effects) => return effects,
        Err(found) => found,
    };
    match found {
        Found::Painted(Ok(painted)) => app.canvas.take(painted),
        Found::Painted(Err(error)) => app.say(Mood::Bad, error),
        Found::Image(msg) => return picture::tell(app, tab, msg),
        Found::Opened(opened) if slot == Slot::Reload => {
            return super::reload::take(app, tab, opened);
        }
        Found::Opened(opened) if slot == Slot::First => {
            return super::files::arrive(app, tab, opened);
        }
        Found::Opened(opened) => open(app, slot, opened),
        Found::Watched(is_changed) => super::reload::take_look(app, tab, is_changed),
        Found::Folder(listing) => {
            if let Some(Overlay::Picker(picker)) = &mut app.overlay {
                if let Ok(listing) = &listing {
                    app.folder.clone_from(&listing.folder);
                }
                picker.listing = Some(listing);
                picker.cursor = crate::pane::cursor::Cursor::default();
            }
        }
        Found::Hex(found) => {
            if let Some(Overlay::Hex(hex)) = &mut app.overlay {
                hex.found = Some(found);
            }
        }
        Found::Hits(hits) => take_hits(app, tab, hits),
        found => {
            if let Some(tab) = app.tabs.iter_mut().find(|known| known.id == tab) {
                learn(tab, slot, found);
            }
        }
    }
    Vec::new()
}

/// Takes what a search has found.
fn take_hits(app: &mut App, tab: u64, hits: crate::pane::search::Hits) {
    if let Some(tab) = app.tabs.iter_mut().find(|known| known.id == tab) {
        tab.search.hits = Some(hits);
        go_to_hit(tab);
        let found = tab
            .search
            .hits
            .as_ref()
            .is_some_and(|hits| !hits.nodes.is_empty());
        if !found && app.prompt.is_none() {
            app.say(Mood::Bad, "the text does not occur");
        }
    }
}

fn open(app: &mut App, slot: Slot, opened: Result<Arc<asdf_core::AsdfFile>, String>) {
    match opened {
        Ok(file) => {
            let id = app.number();
            app.tabs.push(Tab::new(id, file));
            if let Slot::Open(number) = slot {
                super::session::arrived(app, number, id);
            }
            if app.follow.map(Slot::Open) == Some(slot) {
                app.current = app.tabs.len() - 1;
            }
        }
        Err(error) => app.say(Mood::Bad, asdf_core::inspect::escape(&error).into_owned()),
    }
}

/// Selects the first hit from where the search began.
fn go_to_hit(tab: &mut Tab) {
    let from = tab
        .search
        .origin
        .or_else(|| tab.tree.selected().map(|row| row.node));
    let hit = from.and_then(|from| tab.search.from(from));
    let file = Arc::clone(&tab.file);
    if let Some(node) = hit.and_then(|hit| file.tree().by_id(hit)) {
        tab.tree.reveal(&file, &node.path());
    }
}

/// How far a job is.
fn progress(tab: &mut Tab, slot: Slot, (done, all): (u64, u64)) {
    match slot {
        Slot::Stats => {
            if let Some(stats) = &mut tab.stats {
                stats.progress = Some((done, all));
            }
        }
        Slot::Check => tab.blocks.progress = (done < all).then_some((done, all)),
        _ => {}
    }
}

fn learn(tab: &mut Tab, slot: Slot, found: Found) {
    match found {
        Found::Progress(done, all) => progress(tab, slot, (done, all)),
        Found::Facts(facts) => tab.facts.learn(facts),
        Found::Schema(note) => tab.node.note = Some(note),
        Found::Window(window) => match &mut tab.cells {
            Some(Cells::Grid(grid)) => grid.sheet.learn(window),
            Some(Cells::Table(table)) => table.learn(window),
            None => {}
        },
        Found::Pick(pick) => {
            if let Some(Cells::Table(table)) = &mut tab.cells {
                table.take(pick);
            }
        }
        Found::Stats(found) => {
            if let Some(stats) = &mut tab.stats {
                stats.found = Some(found);
                stats.progress = None;
            }
        }
        Found::Checked(checked) => {
            tab.blocks.learn(checked);
            tab.problems.know(&tab.blocks);
        }
        Found::World(found) => {
            if let Some(world) = &mut tab.world {
                world.found = Some(found);
            }
        }
        Found::Plot(found) => {
            if let Some(plot) = &mut tab.plot {
                plot.take(found);
            }
        }
        Found::Health(faults) => tab.faults = Some(faults),
        Found::Users(users) => tab.blocks.users = Some(Arc::new(users)),
        Found::Problems(problems) => {
            tab.problems.found = Some(problems);
            tab.problems.know(&tab.blocks);
        }
        Found::Diff(found) => {
            if let Some(diff) = &mut tab.diff {
                diff.take(found);
            }
        }
        Found::Hdus(found) => tab.hdus.found = Some(found),
        // Taken before.
        _ => {}
    }
}
