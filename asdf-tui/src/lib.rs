//! Terminal browser for ASDF files, and the pictures of arrays that it and the command line show.
//!
//! State, update and view are apart: `update` changes an [`app::App`] by a [`msg::Msg`] and asks for
//! [`effect::Effect`]s, `view` draws it, both without touching the world; `runtime` joins them to a
//! terminal, [`headless`] to a buffer, and [`worker`] does what takes time.
//!
//! The browser is a front like the command line: it asks `asdf_core` and paints the answer.

pub mod app;
pub mod canvas;
pub mod effect;
pub mod graphics;
pub mod headless;
pub mod key;
pub mod keymap;
mod layout;
pub mod line;
pub mod measure;
mod modes;
pub mod mouse;
pub mod msg;
mod painter;
pub mod pane;
pub mod raster;
mod runtime;
pub mod schema_note;
pub mod stamp;
mod terminal;
pub mod theme;
pub mod update;
pub mod view;
pub mod worker;

#[cfg(test)]
mod testing;

pub use asdf_core as core;

use app::App;
use asdf_core::AsdfFile;
use effect::Effect;
use effect::Slot;
use effect::Work;
use graphics::Graphics;
use graphics::GraphicsChoice;
use headless::Headless;
use key::Script;
use raster::Origin;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use theme::ColorDepth;
use theme::Theme;
use worker::World;

/// What to browse, and how.
#[derive(Debug)]
pub struct Browse {
    /// The first file; a FITS file without a tree as [`AsdfFile::with_hdu_tree`] gives it.
    pub file: AsdfFile,
    /// Files that are opened beside it.
    pub others: Vec<PathBuf>,
    /// How to open files and read schemas.
    pub world: World,
    /// How many colours to use.
    pub depth: ColorDepth,
    /// Where pictures have the first row.
    pub origin: Origin,
    /// How pictures are drawn.
    pub graphics: GraphicsChoice,
}

impl Browse {
    fn begin(self, size: (u16, u16)) -> (App, Arc<World>, Vec<Effect>) {
        let mut app = App::new(Arc::new(self.file), size, Theme::new(self.depth));
        app.origin = self.origin;
        let open = |path| {
            let number = app.number();
            app.job(Slot::Open(number), Work::Open(path))
        };
        let effects = self.others.into_iter().map(open).collect();
        (app, Arc::new(self.world), effects)
    }
}

/// Browses in the terminal until the user leaves.
///
/// # Errors
/// The terminal cannot be used.
pub fn browse(browse: Browse) -> io::Result<()> {
    // It fails when there is a pool already, which then is as important as the thread that draws.
    let _ = rayon::ThreadPoolBuilder::new()
        .start_handler(|_| worker::step_back())
        .build_global();
    let size = crossterm::terminal::size()?;
    let choice = browse.graphics;
    let (mut app, world, effects) = browse.begin(size);
    runtime::run(&mut app, &world, effects, choice)
}

/// The screen of that many columns and rows after some keys, as text, when all work is done.
pub fn snapshot(browse: Browse, size: (u16, u16), keys: &Script) -> String {
    let is_letters = browse.graphics == GraphicsChoice::Fixed(Graphics::Letters);
    let (mut app, world, effects) = browse.begin(size);
    if is_letters {
        app.graphics = Graphics::Letters;
    }
    let mut headless = Headless::new(app, world);
    headless.perform(effects);
    headless.press(keys);
    headless.wait();
    headless.text()
}
