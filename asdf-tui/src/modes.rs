//! Where the keys of a screen are looked up.

use crate::app::App;
use crate::app::Cells;
use crate::app::Overlay;
use crate::app::Screen;
use crate::keymap::Mode;

/// Where keys are looked up, the narrowest place first.
pub(crate) fn modes(app: &App) -> &'static [Mode] {
    if let Some(Overlay::Hex(_)) = app.overlay {
        return &[Mode::Hex, Mode::List, Mode::Global];
    }
    if app.overlay.is_some() {
        return &[Mode::List, Mode::Global];
    }
    screen_modes(
        app.tab().screen,
        app.tab().cells.as_ref(),
        app.tab().is_in_detail,
    )
}

/// Where keys of a screen are looked up.
pub(crate) fn screen_modes(
    screen: Screen,
    cells: Option<&Cells>,
    is_in_detail: bool,
) -> &'static [Mode] {
    match (screen, cells) {
        (Screen::Tree, _) if is_in_detail => &[Mode::List, Mode::Global],
        (Screen::Tree, _) => &[Mode::Tree, Mode::List, Mode::Global],
        (Screen::Image, _) => &[Mode::Image, Mode::Global],
        (Screen::Table, Some(Cells::Grid(_))) => {
            &[Mode::Grid, Mode::Sheet, Mode::List, Mode::Global]
        }
        (Screen::Table, _) => &[Mode::Table, Mode::Sheet, Mode::List, Mode::Global],
        (Screen::Blocks, _) => &[Mode::Blocks, Mode::List, Mode::Global],
        (Screen::Stats, _) => &[Mode::Stats, Mode::List, Mode::Global],
        (Screen::Problems, _) => &[Mode::Problems, Mode::List, Mode::Global],
        (Screen::Hdus, _) => &[Mode::Hdus, Mode::List, Mode::Global],
        (Screen::World, _) => &[Mode::List, Mode::Global],
        (Screen::Plot, _) => &[Mode::Plot, Mode::Global],
        (Screen::Files, _) => &[Mode::Files, Mode::List, Mode::Global],
        (Screen::Diff, _) => &[Mode::Diff, Mode::List, Mode::Global],
    }
}
