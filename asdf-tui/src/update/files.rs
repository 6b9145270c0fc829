//! Opening, choosing, comparing and closing files.

use crate::app::App;
use crate::app::Awaited;
use crate::app::Mood;
use crate::app::Overlay;
use crate::app::Screen;
use crate::app::Tab;
use crate::effect::Effect;
use crate::effect::Slot;
use crate::effect::Work;
use crate::key::Code;
use crate::key::Key;
use crate::line::Edit;
use crate::line::Line;
use crate::pane::cursor::Cursor;
use crate::pane::diff::DiffPane;
use crate::pane::picker::PickerPane;
use crate::pane::picker::Purpose;
use asdf_core::AsdfFile;
use std::path::PathBuf;
use std::sync::Arc;

pub(super) fn choose(app: &mut App, purpose: Purpose) -> Vec<Effect> {
    app.overlay = Some(Overlay::Picker(PickerPane::new(purpose)));
    let folder = if app.folder.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        app.folder.clone()
    };
    vec![app.job(Slot::Folder, Work::Folder(folder))]
}

/// Keys of the picker: they are typed into its filter. `None` for those that mean the same as in
/// other lists.
pub(super) fn pick_key(app: &mut App, key: Key) -> Option<Vec<Effect>> {
    let Some(Overlay::Picker(picker)) = &mut app.overlay else {
        return None;
    };
    match key.code {
        Code::Enter => {
            let (purpose, entry) = (picker.purpose, picker.selected()?.clone());
            if entry.is_folder {
                picker.listing = None;
                picker.filter = Line::default();
                return Some(vec![app.job(Slot::Folder, Work::Folder(entry.path))]);
            }
            app.overlay = None;
            Some(match purpose {
                Purpose::Open => open_file(app, entry.path),
                Purpose::Diff => compare(app, entry.path),
            })
        }
        Code::Char(_) | Code::Backspace if !key.ctrl && !key.alt => {
            if picker.filter.press(key) == Edit::Changed {
                picker.cursor = Cursor::default();
            }
            Some(Vec::new())
        }
        _ => None,
    }
}

/// Opens a file beside those that are open.
pub(super) fn open_file(app: &mut App, path: PathBuf) -> Vec<Effect> {
    app.say(
        Mood::Good,
        format!(
            "opening {}",
            asdf_core::inspect::escape(&path.display().to_string())
        ),
    );
    let number = app.number();
    app.follow = Some(number);
    vec![app.job(Slot::Open(number), Work::Open(path))]
}

/// Compares with another file.
pub(super) fn compare(app: &mut App, path: PathBuf) -> Vec<Effect> {
    let tab = app.tab_mut();
    tab.diff = Some(DiffPane::new(path.clone()));
    tab.screen = Screen::Diff;
    vec![app.job(Slot::Diff, Work::Diff(path))]
}

/// The file of a tab is open, or cannot be opened.
pub(super) fn arrive(app: &mut App, id: u64, opened: Result<Arc<AsdfFile>, String>) -> Vec<Effect> {
    let is_only = app.tabs.len() < 2
        && app.files.is_none()
        && !app
            .tickets
            .keys()
            .any(|(_, slot)| matches!(slot, Slot::Open(_)));
    let Some(tab) = app.tabs.iter_mut().find(|tab| tab.id == id) else {
        return Vec::new();
    };
    match opened {
        Ok(file) => {
            *tab = Tab::new(id, file);
            super::listed::arrived(app, id)
        }
        Err(error) if is_only => {
            app.failure = Some(error);
            vec![Effect::Quit]
        }
        Err(error) => {
            tab.awaited = Some(Awaited::Failed(error));
            Vec::new()
        }
    }
}

pub(super) fn close_file(app: &mut App) -> Vec<Effect> {
    if app.tabs.len() < 2 {
        let is_open = app.tab().awaited != Some(Awaited::Nothing);
        return if app.files.is_some() && is_open {
            super::listed::close_last(app)
        } else {
            vec![Effect::Quit]
        };
    }
    let id = app.tab().id;
    app.tabs.remove(app.current);
    app.current = app.current.min(app.tabs.len() - 1);
    if app.tab().awaited == Some(Awaited::Nothing) {
        app.tab_mut().screen = Screen::Files;
    }
    super::reload::cancel_all(app, id)
}
