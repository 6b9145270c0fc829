//! The configuration file: how things look, never what comes out.
//!
//! `$ASDF_CONFIG`, else `asdf/config.toml` in the user's configuration folder. What the command line says comes first.

use crate::global::ColorChoice;
use crate::usage::refused;
use asdf_core::{Error, Result};
use asdf_tui::graphics::GraphicsChoice;
use asdf_tui::raster::Origin;
use asdf_tui::theme::ThemeName;
use serde::Deserialize;
use serde::de::{self, Deserializer};
use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// What the file may say. Everything else in it is refused, so that no slip goes unnoticed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// `auto`, `always`, `never`
    pub(crate) color: Option<ColorChoice>,
    /// Threads, as --threads
    #[serde(deserialize_with = "threads")]
    pub(crate) threads: Option<usize>,
    /// False for no progress lines
    pub(crate) progress: Option<bool>,
    /// Folders or wheels with schemas, as --schemas
    pub(crate) schemas: Vec<PathBuf>,
    pub(crate) browse: BrowseConfig,
}

/// The section `[browse]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct BrowseConfig {
    /// As --graphics of `asdf browse`
    #[serde(deserialize_with = "parsed")]
    pub(crate) graphics: Option<GraphicsChoice>,
    /// As --origin of `asdf browse`
    #[serde(deserialize_with = "parsed")]
    pub(crate) origin: Option<Origin>,
    /// The styles: dark, light or plain
    #[serde(deserialize_with = "parsed")]
    pub(crate) theme: Option<ThemeName>,
    /// Colours of styles by their names, in the order of the names
    pub(crate) colors: BTreeMap<String, String>,
    /// Keys, and those that they stand for
    pub(crate) keys: BTreeMap<String, String>,
}

/// A text that has a form of its own.
fn parsed<'de, D, T>(deserializer: D) -> std::result::Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(de::Error::custom)
}

fn threads<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<usize>, D::Error> {
    match usize::deserialize(deserializer)? {
        threads @ 1..=1024 => Ok(Some(threads)),
        other => Err(de::Error::custom(format!(
            "expected a number from 1 to 1024, found {other}"
        ))),
    }
}

static CONFIG: OnceLock<Config> = OnceLock::new();

/// Reads the file, if there is one; once, before anything asks for it.
///
/// # Errors
/// It cannot be read, or says something that is not known; the file of `$ASDF_CONFIG` is not there.
pub(crate) fn read() -> Result<()> {
    let config = match file() {
        Some(path) => of_file(&path)?,
        None => Config::default(),
    };
    // Who was earlier has read the same file.
    let _ = CONFIG.set(config);
    Ok(())
}

/// What it says; nothing where it was not read.
pub(crate) fn get() -> &'static Config {
    CONFIG.get_or_init(Config::default)
}

/// Where it is, if it is there or must be.
fn file() -> Option<PathBuf> {
    let variable = |name| {
        let value = env::var_os(name).filter(|value| !value.is_empty());
        value.map(PathBuf::from)
    };
    if let Some(named) = variable("ASDF_CONFIG") {
        return Some(named);
    }
    let folder = variable("XDG_CONFIG_HOME").or_else(|| {
        let own = variable("APPDATA").filter(|_| cfg!(windows));
        own.or_else(|| Some(variable("HOME")?.join(".config")))
    })?;
    let path = folder.join("asdf").join("config.toml");
    path.exists().then_some(path)
}

/// What is wrong with a text in TOML, in one line with the number of its line.
pub(crate) fn toml_fault(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    match before {
        Some(before) => format!(
            "line {}: {}",
            before.matches('\n').count() + 1,
            error.message()
        ),
        None => error.message().to_owned(),
    }
}

fn of_file(path: &Path) -> Result<Config> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::from(error).at_file(path))?;
    let mut config: Config =
        toml::from_str(&text).map_err(|error| refused(toml_fault(&text, &error)).at_file(path))?;
    // Names are of where the file is.
    let folder = path.parent().unwrap_or(Path::new(""));
    for package in &mut config.schemas {
        *package = folder.join(&*package);
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_may_say_and_nothing_else() {
        let read = |text: &str| toml::from_str::<Config>(text);
        let config = read(
            "color = \"never\"\nthreads = 2\nschemas = [\"rad.whl\"]\n[browse]\norigin = \"upper\"\n",
        );
        let config = config.unwrap();
        assert_eq!(config.color, Some(ColorChoice::Never));
        assert_eq!(
            (config.threads, config.browse.origin),
            (Some(2), Some(Origin::Upper))
        );
        for wrong in [
            "colour = \"never\"",
            "color = \"sometimes\"",
            "threads = 0",
            "compress = \"lz4\"",
            "[browse]\ngraphics = \"vga\"",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
