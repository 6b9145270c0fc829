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
pub mod session;
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
use graphics::Graphics;
use graphics::GraphicsChoice;
use headless::Headless;
use key::Script;
use keymap::UserKeys;
use pane::files::listing::ListAsk;
use raster::Origin;
use session::Session;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use theme::Theme;
use worker::World;

/// What to browse, and how.
#[derive(Debug)]
pub struct Browse {
    /// The first file.
    pub first: First,
    /// How to open files and read schemas.
    pub world: World,
    /// The styles.
    pub theme: Theme,
    /// Keys of the user's own.
    pub keys: UserKeys,
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
    /// A list of files, none of which is open.
    List(ListAsk),
    /// What was open in an earlier run.
    Session(Box<Session>),
}

impl Browse {
    fn begin(self, size: (u16, u16)) -> io::Result<(App, Arc<World>, Vec<Effect>)> {
        let mut effects = Vec::new();
        let theme = self.theme;
        let mut app = match self.first {
            First::Open(file) => App::new(Arc::new(*file), size, theme),
            First::Later(path) => {
                let empty = self.world.empty(&path).map_err(io::Error::other)?;
                let mut app = App::new(Arc::new(empty), size, theme);
                effects.push(app.await_first(path));
                app
            }
            First::List(ask) => {
                let path = ask.files.first().cloned().unwrap_or_default();
                let empty = self.world.empty(&path).map_err(io::Error::other)?;
                let mut app = App::new(Arc::new(empty), size, theme);
                effects.push(update::begin_list(&mut app, ask));
                app
            }
            First::Session(session) => {
                let empty = self.world.empty(Path::new("session"));
                let empty = empty.map_err(io::Error::other)?;
                let mut app = App::new(Arc::new(empty), size, theme);
                effects.extend(update::begin_session(&mut app, *session));
                app
            }
        };
        app.keys = self.keys;
        app.origin = self.origin;
        Ok((app, Arc::new(self.world), effects))
    }
}

impl Browse {
    /// The browser on a screen of that many columns and rows, without a terminal.
    ///
    /// # Errors
    /// There is no name for an empty file.
    pub fn headless(self, size: (u16, u16)) -> io::Result<Headless> {
        let (app, world, effects) = self.begin(size)?;
        let mut headless = Headless::new(app, world);
        headless.perform(effects);
        Ok(headless)
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
    let mut headless = browse.headless(size)?;
    if is_letters {
        headless.app.graphics = Graphics::Letters;
    }
    headless.press(keys);
    headless.wait();
    Ok(headless.text())
}
