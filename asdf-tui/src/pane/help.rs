//! The help: all keys that mean something where it was asked for.

use crate::app::Screen;
use crate::pane::cursor::Cursor;

/// The state of the overlay.
#[derive(Debug)]
pub struct HelpPane {
    /// The screen it was asked for on.
    pub screen: Screen,
    /// The first line that shows.
    pub cursor: Cursor,
}
