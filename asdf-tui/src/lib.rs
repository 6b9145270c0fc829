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
pub mod traffic;
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
    /// The first file.
    pub first: First,
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

/// The file that shows first.
#[derive(Debug)]
pub enum First {
    /// An open one; a FITS file without a tree as [`AsdfFile::with_hdu_tree`] gives it.
    Open(Box<AsdfFile>),
    /// One that takes its time to open: the browser shows at once, and tells what it waits for.
    Later(PathBuf),
}

impl Browse {
    fn begin(self, size: (u16, u16)) -> io::Result<(App, Arc<World>, Vec<Effect>)> {
        let mut effects = Vec::new();
        let theme = Theme::new(self.depth);
        let mut app = match self.first {
            First::Open(file) => App::new(Arc::new(*file), size, theme),
            First::Later(path) => {
                let empty = self.world.empty(&path).map_err(io::Error::other)?;
                let mut app = App::new(Arc::new(empty), size, theme);
                effects.push(app.await_first(path));
                app
            }
        };
        app.origin = self.origin;
        let open = |path| {
            let number = app.number();
            app.job(Slot::Open(number), Work::Open(path))
        };
        effects.extend(self.others.into_iter().map(open));
        Ok((app, Arc::new(self.world), effects))
    }
}

/// Browses in the terminal until the user leaves. Gives why the only file could not be opened, when that came to be known later.
///
/// # Errors
/// The terminal cannot be used.
pub fn browse(browse: Browse) -> io::Result<Option<String>> {
    // It fails when there is a pool already, which then is as important as the thread that draws.
    let _ = rayon::ThreadPoolBuilder::new()
        .start_handler(|_| worker::step_back())
        .build_global();
    let size = crossterm::terminal::size()?;
    let choice = browse.graphics;
    let (mut app, world, effects) = browse.begin(size)?;
    runtime::run(&mut app, &world, effects, choice)?;
    Ok(app.failure)
}

/// The screen of that many columns and rows after some keys, as text, when all work is done.
///
/// # Errors
/// There is no name for an empty file.
pub fn snapshot(browse: Browse, size: (u16, u16), keys: &Script) -> io::Result<String> {
    let is_letters = browse.graphics == GraphicsChoice::Fixed(Graphics::Letters);
    let (mut app, world, effects) = browse.begin(size)?;
    if is_letters {
        app.graphics = Graphics::Letters;
    }
    let mut headless = Headless::new(app, world);
    headless.perform(effects);
    headless.press(keys);
    headless.wait();
    Ok(headless.text())
}
