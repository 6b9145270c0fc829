//! A browser on a screen of text, driven by scripts of keys.

use asdf_core::AsdfFile;
use asdf_core::OpenOptions;
use asdf_core::schema::SchemaLibrary;
use asdf_tui::Browse;
use asdf_tui::First;
use asdf_tui::app::App;
use asdf_tui::graphics::GraphicsChoice;
use asdf_tui::headless::Headless;
use asdf_tui::keymap::UserKeys;
use asdf_tui::pane::files::listing::ListAsk;
use asdf_tui::raster::Origin;
use asdf_tui::theme::ColorDepth;
use asdf_tui::theme::Theme;
use asdf_tui::worker::World;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

/// The folder of the files.
pub(crate) fn data() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data"))
}

/// Where the browser runs: a folder that keys may write to, beside which the files are as they are beside the sources.
#[cfg(unix)]
fn enter_home() {
    use std::sync::Once;
    static HOME: Once = Once::new();
    HOME.call_once(|| {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browsing");
        std::fs::create_dir_all(home.join("here")).unwrap();
        let link = home.join("test-data");
        // One of another run, or of another folder of sources, may be there.
        drop(std::fs::remove_file(&link));
        std::os::unix::fs::symlink(data(), &link).unwrap();
        std::env::set_current_dir(home.join("here")).unwrap();
    });
}

#[cfg(not(unix))]
fn enter_home() {}

/// The browser on a file.
pub(crate) struct Stage(pub(crate) Headless);

/// Opens a file of `test-data` on a screen of that size.
pub(crate) fn stage(name: &str, width: u16, height: u16) -> Stage {
    on(&data().join(name), width, height, ColorDepth::None)
}

/// Opens any file.
pub(crate) fn on(path: &Path, width: u16, height: u16, depth: ColorDepth) -> Stage {
    enter_home();
    let file = AsdfFile::open(path)
        .and_then(AsdfFile::with_hdu_tree)
        .unwrap();
    let app = App::new(Arc::new(file), (width, height), Theme::new(depth));
    let load = || Ok(Arc::new(SchemaLibrary::new()));
    let world = World::new(OpenOptions::default(), Box::new(load));
    Stage(Headless::new(app, Arc::new(world)))
}

/// A list of files of `test-data`.
pub(crate) fn listed(names: &[&str], width: u16, height: u16, depth: ColorDepth) -> Stage {
    enter_home();
    // As they are named from where tests run, so that no screen depends on the folder of all.
    let paths = names
        .iter()
        .map(|name| PathBuf::from("../test-data").join(name));
    let paths: Vec<PathBuf> = paths.collect();
    let load = || Ok(Arc::new(SchemaLibrary::new()));
    let world = World::new(OpenOptions::default(), Box::new(load));
    let browse = Browse {
        first: First::List(ListAsk::of(paths)),
        world,
        theme: Theme::new(depth),
        keys: UserKeys::default(),
        origin: Origin::Lower,
        graphics: GraphicsChoice::Auto,
    };
    Stage(browse.headless((width, height)).unwrap())
}

impl Stage {
    /// Presses keys; nothing is waited for but where the script says so.
    pub(crate) fn keys(mut self, script: &str) -> Self {
        self.0.press(&script.parse().unwrap());
        self
    }

    /// Waits for all work and gives the screen as text, without the folder of the tests.
    pub(crate) fn text(&mut self) -> String {
        self.0.wait();
        let text = self.0.text();
        text.replace(&data().display().to_string(), "DATA")
    }

    /// Compares the screen with the one that is kept under a name.
    #[track_caller]
    pub(crate) fn shows(mut self, name: &str) -> Self {
        insta::assert_snapshot!(name, self.text());
        self
    }

    /// Asserts that the screen has a text.
    #[track_caller]
    pub(crate) fn has(mut self, wanted: &str) -> Self {
        let text = self.text();
        assert!(text.contains(wanted), "`{wanted}` is not in\n{text}");
        self
    }

    /// The styles as lengths of runs, a line for each row.
    pub(crate) fn styles(&mut self) -> String {
        self.0.wait();
        let frame = self.0.frame();
        let mut out = String::new();
        for y in 0..frame.area.height {
            let mut runs: Vec<(String, usize)> = Vec::new();
            for x in 0..frame.area.width {
                let cell = frame.cell((x, y)).unwrap();
                let style = format!("{}/{}/{:?}", cell.fg, cell.bg, cell.modifier);
                match runs.last_mut() {
                    Some((last, count)) if *last == style => *count += 1,
                    _ => runs.push((style, 1)),
                }
            }
            let runs: Vec<String> = runs
                .into_iter()
                .map(|(style, count)| format!("{count}×{style}"))
                .collect();
            out.push_str(&runs.join("  "));
            out.push('\n');
        }
        out
    }
}
