//! Going to a node of the tree.

use crate::app::App;
use crate::app::Mood;
use crate::app::Screen;
use asdf_core::TreePath;
use std::sync::Arc;

/// Selects a node in the tree; one that is not there is told, with the one that may have been meant.
pub(super) fn go_to(app: &mut App, path: &TreePath) {
    let tab = app.tab_mut();
    let file = Arc::clone(&tab.file);
    if file.node(path).is_err() {
        // Where one is stays: it was a slip of the keys.
        let mut text = format!("no node {path}");
        if let Some(similar) = file.similar_path(path) {
            text.push_str(&format!(": {similar}?"));
        }
        return app.say(Mood::Bad, asdf_core::inspect::escape(&text).into_owned());
    }
    tab.screen = Screen::Tree;
    tab.is_in_detail = false;
    tab.tree.reveal(&file, path);
}
