//! Bookmarks and sessions: where one was in which files, as a text that can be kept.

use crate::pane::files::listing::ListAsk;
use crate::pane::image::bookmark::PicturePlace;
use asdf_core::file::is_url;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

/// What the text of a session begins with.
pub const BEGINNING: &str = "{\n  \"asdf browse session\": 1,";
/// The format that is read and written.
const FORMAT: u64 = 1;
/// The largest text that is read.
const MOST: u64 = 64 << 20;

/// A place in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Bookmark {
    /// What it is called; empty of the place of an open file.
    pub name: String,
    /// The file.
    pub file: PathBuf,
    /// The path of what is selected.
    pub path: String,
    /// The screen, by the name that is typed.
    pub screen: String,
    /// The place in the picture.
    pub picture: Option<PicturePlace>,
}

/// All that is open, and the bookmarks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Session {
    /// The list of files.
    pub list: Option<ListAsk>,
    /// Files of the list that are marked.
    pub marks: BTreeSet<PathBuf>,
    /// Where one is in each open file.
    pub open: Vec<Bookmark>,
    /// Which of them shows.
    pub current: usize,
    /// The bookmarks.
    pub bookmarks: Vec<Bookmark>,
}

impl Bookmark {
    fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "file": kept_name(&self.file),
            "path": self.path,
            "screen": self.screen,
            "picture": self.picture.as_ref().map(PicturePlace::to_json),
        })
    }

    fn of_json(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
        Some(Self {
            name: text("name")?,
            file: text("file")?.into(),
            path: text("path")?,
            screen: text("screen")?,
            picture: match value.get("picture")? {
                Value::Null => None,
                picture => Some(PicturePlace::of_json(picture)?),
            },
        })
    }
}

/// The name of a file as a session keeps it: one that leads there from every folder.
fn kept_name(file: &Path) -> String {
    let whole = if is_url(file) {
        None
    } else {
        std::path::absolute(file).ok()
    };
    whole.as_deref().unwrap_or(file).display().to_string()
}

impl Session {
    /// The text that is kept.
    pub fn to_text(&self) -> String {
        let names = |paths: &mut dyn Iterator<Item = &PathBuf>| -> Vec<String> {
            paths.map(|path| kept_name(path)).collect()
        };
        let list = self.list.as_ref().map(|ask| {
            json!({
                "files": names(&mut ask.files.iter()),
                "columns": ask.columns,
                "where": ask.condition,
                "sort": ask.sort,
            })
        });
        let all = |bookmarks: &[Bookmark]| -> Vec<Value> {
            bookmarks.iter().map(Bookmark::to_json).collect()
        };
        let value = json!({
            "asdf browse session": FORMAT,
            "list": list,
            "marks": names(&mut self.marks.iter()),
            "open": all(&self.open),
            "current": self.current,
            "bookmarks": all(&self.bookmarks),
        });
        // It cannot fail: all keys are texts.
        serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
    }

    /// Reads a text.
    ///
    /// # Errors
    /// It is not that of a session: why.
    pub fn of_text(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| format!("not a session of asdf browse: {error}"))?;
        let format = value.get("asdf browse session").and_then(Value::as_u64);
        match format {
            Some(FORMAT) => {}
            Some(other) => {
                return Err(format!("a session of format {other}, expected {FORMAT}"));
            }
            None => return Err("not a session of asdf browse".to_owned()),
        }
        let read = || -> Option<Self> {
            let paths = |value: &Value| -> Option<Vec<PathBuf>> {
                let names = value.as_array()?.iter();
                names.map(|name| name.as_str().map(PathBuf::from)).collect()
            };
            let all = |name: &str| -> Option<Vec<Bookmark>> {
                let bookmarks = value.get(name)?.as_array()?.iter();
                bookmarks.map(Bookmark::of_json).collect()
            };
            let list = match value.get("list")? {
                Value::Null => None,
                list => {
                    let text = |name: &str| list.get(name)?.as_str().map(str::to_owned);
                    Some(ListAsk {
                        files: Arc::new(paths(list.get("files")?)?),
                        columns: text("columns")?,
                        condition: text("where")?,
                        sort: text("sort")?,
                    })
                }
            };
            let current = value.get("current")?.as_u64()?;
            Some(Self {
                list,
                marks: paths(value.get("marks")?)?.into_iter().collect(),
                open: all("open")?,
                current: usize::try_from(current).ok()?,
                bookmarks: all("bookmarks")?,
            })
        };
        read().ok_or_else(|| "a session that is not complete".to_owned())
    }

    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or is not a session: with the name of the file.
    pub fn read(path: &Path) -> Result<Self, String> {
        let told = |reason: String| format!("{}: {reason}", path.display());
        let size = std::fs::metadata(path).map_err(|error| told(error.to_string()))?;
        if size.len() > MOST {
            return Err(told(format!(
                "{} bytes are too many for a session",
                size.len()
            )));
        }
        let text = std::fs::read_to_string(path).map_err(|error| told(error.to_string()))?;
        Self::of_text(&text).map_err(told)
    }
}

/// Writes a text into a new file, or in the place of one that begins like `replaced`.
///
/// # Errors
/// There is such a file already, or it cannot be written: with its name.
pub fn write_text(path: &Path, text: &str, replaced: Option<&str>) -> Result<(), String> {
    use std::io::Read;
    use std::io::Write;
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    match std::fs::File::create_new(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map_err(told),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let Some(replaced) = replaced else {
                return Err(format!(
                    "{} is there already: another name is needed",
                    path.display()
                ));
            };
            let mut begin = vec![0; replaced.len()];
            let mut old = std::fs::File::open(path).map_err(told)?;
            if old.read_exact(&mut begin).is_err() || begin != replaced.as_bytes() {
                return Err(format!(
                    "{} is another file, which is not overwritten",
                    path.display()
                ));
            }
            // The old one stays whole until the new one is.
            let mut name = path.as_os_str().to_owned();
            name.push(".new");
            let new = PathBuf::from(name);
            std::fs::write(&new, text).map_err(told)?;
            std::fs::rename(&new, path).map_err(told)
        }
        Err(error) => Err(told(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_the_same_after_it_was_read() {
        // Names are kept so that they lead there from every folder.
        let name = |name: &str| std::path::absolute(name).unwrap();
        let bookmark = Bookmark {
            name: "the \"star\"".to_owned(),
            file: name("night/a.asdf"),
            path: "/roman/data".to_owned(),
            screen: "image".to_owned(),
            picture: None,
        };
        let session = Session {
            list: Some(ListAsk {
                files: Arc::new(vec![name("night/a.asdf"), name("ü.fits")]),
                columns: "t=meta.t".to_owned(),
                condition: "t > 3".to_owned(),
                sort: "-t".to_owned(),
            }),
            marks: BTreeSet::from([name("ü.fits")]),
            open: vec![bookmark.clone()],
            current: 0,
            bookmarks: vec![bookmark],
        };
        let text = session.to_text();
        assert!(text.starts_with(BEGINNING), "{text}");
        assert_eq!(Session::of_text(&text), Ok(session));
    }

    #[test]
    fn what_is_not_a_session_is_told() {
        let error = |text: &str| Session::of_text(text).unwrap_err();
        assert_eq!(error("{}"), "not a session of asdf browse");
        assert_eq!(
            error("{\"asdf browse session\": 2}"),
            "a session of format 2, expected 1"
        );
        assert_eq!(
            error("{\"asdf browse session\": 1, \"list\": null}"),
            "a session that is not complete"
        );
        assert!(error("a").contains("line 1"));
    }

    #[test]
    fn only_sessions_are_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.json");
        let text = Session::default().to_text();
        write_text(&path, &text, Some(BEGINNING)).unwrap();
        write_text(&path, &text, Some(BEGINNING)).unwrap();
        assert!(
            write_text(&path, "x", None)
                .unwrap_err()
                .contains("already")
        );
        std::fs::write(&path, "notes").unwrap();
        let error = write_text(&path, &text, Some(BEGINNING)).unwrap_err();
        assert!(error.contains("not overwritten"), "{error}");
    }
}
