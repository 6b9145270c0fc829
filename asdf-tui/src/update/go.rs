//! Going to a node of the tree.

use crate::app::App;
use crate::app::Mood;
use crate::app::Screen;
use asdf_core::TreePath;
use std::sync::Arc;

/// Selects a node in the tree, or what exists of its path.
pub(super) fn go_to(app: &mut App, path: &TreePath) {
    let tab = app.tab_mut();
    let file = Arc::clone(&tab.file);
    tab.screen = Screen::Tree;
    tab.is_in_detail = false;
    if tab.tree.reveal(&file, path).is_none() {
        let path = path.to_string();
        app.say(
            Mood::Bad,
            format!("no node {}", asdf_core::inspect::escape(&path)),
        );
    }
}
