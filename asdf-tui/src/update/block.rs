//! Checksums and bytes of blocks.

use super::go;
use crate::app::App;
use crate::app::Mood;
use crate::app::Overlay;
use crate::effect::Effect;
use crate::effect::Slot;
use crate::effect::Work;
use crate::pane::cursor::Cursor;

pub(super) fn check(app: &mut App, all: bool) -> Vec<Effect> {
    let tab = app.tab_mut();
    let count = tab.file.blocks().len();
    let at = usize::try_from(tab.blocks.cursor.at).unwrap_or(usize::MAX);
    let blocks: Vec<usize> = if all {
        (0..count).collect()
    } else {
        (at..count).take(1).collect()
    };
    if blocks.is_empty() {
        return Vec::new();
    }
    tab.blocks.progress = Some((0, blocks.len() as u64));
    vec![app.job(Slot::Check, Work::Check(blocks))]
}

pub(super) fn go_to_user(app: &mut App) {
    let tab = app.tab();
    let node = tab.blocks.user().and_then(|id| tab.file.tree().by_id(id));
    match node.map(asdf_core::Node::path) {
        Some(path) => go::go_to(app, &path),
        None => app.say(Mood::Bad, "no array of this file uses the block"),
    }
}

pub(super) fn decoded(app: &mut App) -> Vec<Effect> {
    let Some(Overlay::Hex(hex)) = &mut app.overlay else {
        return Vec::new();
    };
    hex.ask.decoded = !hex.ask.decoded;
    hex.found = None;
    hex.cursor = Cursor::default();
    let ask = hex.ask;
    vec![app.job(Slot::Hex, Work::Hex(ask))]
}
