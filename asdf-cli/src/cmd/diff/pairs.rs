//! Which files are compared with which.

use crate::inputs::{FindArgs, Inputs, files_below, no_files, with_lists};
use crate::json::Form;
use crate::network::is_folder;
use crate::usage::refused;
use asdf_core::file::is_url;
use asdf_core::inspect::file_name_text;
use asdf_core::{Error, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Two files, or one that has no other.
#[derive(Debug, Default)]
pub(super) struct Pair {
    a: Option<PathBuf>,
    b: Option<PathBuf>,
}

/// What the folders have at a place, or what went wrong there.
#[derive(Debug, Default)]
struct Place {
    pair: Pair,
    wrong: Vec<Error>,
}

/// The comparisons of one run, in order.
#[derive(Debug)]
pub(super) struct Pairs {
    names: Inputs,
    pairs: Vec<Pair>,
}

impl Pairs {
    /// A file with each of the others, or the files of two folders by their names below them. What cannot be read is an error
    /// in its place, which stops no other comparison.
    ///
    /// # Errors
    /// A folder is to be compared with a file; there is no first file, and no documents are to tell of each comparison.
    pub(super) fn of(words: &[PathBuf], find: &FindArgs, form: Option<Form>) -> Result<Self> {
        let words = with_lists(words)?;
        match words.as_slice() {
            [a, b] if is_folder(a) && is_folder(b) => Ok(Self::of_folders(a, b, find)),
            [a, others @ ..] if is_folder(a) => {
                if let Some(error) = others.iter().find_map(|word| missing(word)) {
                    return Err(error);
                }
                let reason =
                    "a folder is compared with one other folder, a file with any number of files";
                Err(refused(reason).at_file(a))
            }
            [a, _, ..] if form.is_none() && missing(a).is_some() => {
                // It is told once, whatever it was to be compared with.
                Err(missing(a).unwrap_or_else(|| refused("two files are compared")))
            }
            [a, others @ ..] if !others.is_empty() => {
                let names = Inputs::find(others, find);
                let a = crate::network::shown(a);
                let pair = |b: Option<&Path>| Pair {
                    a: Some(a.clone()),
                    b: b.map(Path::to_path_buf),
                };
                let pairs = names.items().iter().map(|item| pair(item.path()));
                Ok(Self {
                    pairs: pairs.collect(),
                    names,
                })
            }
            _ => Err(refused("two files are compared, and one was named")),
        }
    }

    fn of_folders(a: &Path, b: &Path, find: &FindArgs) -> Self {
        let mut places: BTreeMap<PathBuf, Place> = BTreeMap::new();
        for (folder, is_a) in [(a, true), (b, false)] {
            let found = found_below(folder, find);
            if found.is_empty() {
                let place = places.entry(PathBuf::new()).or_default();
                place.wrong.push(no_files(folder, find));
            }
            let below = |path: &Path| path.strip_prefix(folder).unwrap_or(path).to_path_buf();
            for found in found {
                match found {
                    Ok(path) => {
                        let pair = &mut places.entry(below(&path)).or_default().pair;
                        let slot = if is_a { &mut pair.a } else { &mut pair.b };
                        *slot = Some(path);
                    }
                    Err(error) => {
                        let file = error.place().file.as_deref().unwrap_or(folder);
                        let place = places.entry(below(file)).or_default();
                        place.wrong.push(error);
                    }
                }
            }
        }
        // Whether what lies in a folder that cannot be read is in one of them alone is not known.
        let closed = places.iter().filter(|(_, place)| !place.wrong.is_empty());
        let closed: Vec<PathBuf> = closed.map(|(path, _)| path.clone()).collect();
        let is_closed = |path: &Path| {
            let mut above = closed
                .iter()
                .filter(|folder| !folder.as_os_str().is_empty());
            above.any(|folder| path.starts_with(folder))
        };
        let (mut found, mut pairs) = (Vec::new(), Vec::new());
        for (below, Place { pair, wrong }) in places {
            let mut told: Vec<String> = Vec::new();
            for error in wrong {
                // Both may be the same folder.
                let text = error.to_string();
                if !told.contains(&text) {
                    told.push(text);
                    found.push(Err(error));
                    pairs.push(Pair::default());
                }
            }
            let is_both = pair.both().is_ok();
            let is_one = pair.a.is_some() || pair.b.is_some();
            if is_both || (is_one && !is_closed(&below)) {
                found.push(Ok(pair.name().to_path_buf()));
                pairs.push(pair);
            }
        }
        let names = Inputs::of_found(found);
        Self { names, pairs }
    }

    /// The names that comparisons go under.
    pub(super) fn names(&self) -> &Inputs {
        &self.names
    }

    /// A comparison.
    ///
    /// # Errors
    /// There is none of that number.
    pub(super) fn at(&self, number: usize) -> Result<&Pair> {
        self.pairs
            .get(number)
            .ok_or_else(|| refused("there is no such file"))
    }
}

/// The files below a folder, or the objects below a prefix.
fn found_below(folder: &Path, find: &FindArgs) -> Vec<Result<PathBuf>> {
    if !is_url(folder) {
        return files_below(folder, find);
    }
    let found = Inputs::find(&[folder.to_path_buf()], find);
    let items = found.items().iter();
    items
        .map(|item| item.given().map(Path::to_path_buf))
        .collect()
}

/// The error of a name under which there is nothing; standard input and URLs are not looked for.
fn missing(word: &Path) -> Option<Error> {
    if word == Path::new("-") || is_url(word) {
        return None;
    }
    let error = word.symlink_metadata().err()?;
    Some(Error::from(error).at_file(word))
}

impl Pair {
    /// The name that the comparison goes under: the second file where there is one.
    pub(super) fn name(&self) -> &Path {
        let name = self.b.as_deref().or(self.a.as_deref());
        name.unwrap_or(Path::new(""))
    }

    /// Both files, or which of them is there.
    pub(super) fn both(&self) -> std::result::Result<(&Path, &Path), char> {
        match (&self.a, &self.b) {
            (Some(a), Some(b)) => Ok((a, b)),
            (Some(_), None) => Err('a'),
            _ => Err('b'),
        }
    }

    pub(super) fn a(&self) -> Option<String> {
        Some(file_name_text(self.a.as_ref()?).into_owned())
    }

    pub(super) fn b(&self) -> Option<String> {
        Some(file_name_text(self.b.as_ref()?).into_owned())
    }

    /// A document, in lines with the name of the file before all else.
    pub(super) fn named(&self, form: Form, rest: Value) -> Value {
        let Value::Object(rest) = rest else {
            return rest;
        };
        let mut out = serde_json::Map::new();
        if form == Form::Lines {
            out.insert("file".to_owned(), json!(file_name_text(self.name())));
        }
        out.extend(rest);
        Value::Object(out)
    }
}
