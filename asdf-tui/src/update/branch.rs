//! Opening, closing and ordering the branches of the tree.

use crate::app::App;
use crate::app::Mood;
use crate::keymap::Action;
use std::sync::Arc;

pub(super) fn tree(app: &mut App, action: Action) {
    let tab = app.tab_mut();
    let file = Arc::clone(&tab.file);
    let at = tab.tree.at();
    let Some(row) = tab.tree.selected().copied() else {
        return;
    };
    let up = || tab.tree.parent(at);
    match action {
        Action::Open if row.is_branch && row.is_open => tab.tree.cursor.at += 1,
        Action::Close if !row.is_open => tab.tree.cursor.at = up().unwrap_or(at) as u64,
        Action::Close | Action::Fold if row.is_open => tab.tree.close(at),
        Action::Open | Action::Fold => tab.tree.open(&file, at),
        Action::FoldAll => tab.tree.close_all(&file),
        Action::UnfoldAll => {
            if !tab.tree.open_all(&file) {
                app.say(Mood::Bad, "the tree is too large to be opened in full");
            }
        }
        Action::Sort => {
            tab.tree.order = tab.tree.order.other();
            tab.tree.renew(&file);
        }
        Action::Hide => {
            tab.tree.shows_history = !tab.tree.shows_history;
            tab.tree.renew(&file);
        }
        _ => {
            let path = tab.tree.other_array(&file, action == Action::NextArray);
            match path {
                Some(path) => {
                    tab.tree.reveal(&file, &path);
                }
                None => app.say(Mood::Bad, "no further array"),
            }
        }
    }
}
