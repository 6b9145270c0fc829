//! Which files are compared with which.

use crate::inputs::{FindArgs, Inputs, files_below};
use crate::json::Form;
use crate::usage::refused;
use asdf_core::file::is_url;
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

/// The comparisons of one run, in order.
#[derive(Debug)]
pub(super) struct Pairs {
    names: Inputs,
    pairs: Vec<Pair>,
}

impl Pairs {
    /// A file with each of the others, or the files of two folders by their names below them.
    ///
    /// # Errors
    /// A folder is to be compared with a file.
    pub(super) fn of(words: &[PathBuf], find: &FindArgs) -> Result<Self> {
        match words {
            [a, b] if a.is_dir() && b.is_dir() => Self::of_folders(a, b, find),
            // One that is not there is told once, whatever it was to be compared with.
            words if words.iter().any(|word| is_missing(word)) => {
                let missing = words.iter().find(|word| is_missing(word));
                let error = Error::from(std::io::Error::from(std::io::ErrorKind::NotFound));
                Err(error.at_file(missing.map_or(Path::new(""), PathBuf::as_path)))
            }
            [a, ..] if a.is_dir() => {
                let reason =
                    "a folder is compared with one other folder, a file with any number of files";
                Err(refused(reason).at_file(a))
            }
            [a, others @ ..] => {
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
            [] => Err(refused("two files are compared")),
        }
    }

    fn of_folders(a: &Path, b: &Path, find: &FindArgs) -> Result<Self> {
        let mut pairs: BTreeMap<PathBuf, Pair> = BTreeMap::new();
        for (folder, is_a) in [(a, true), (b, false)] {
            for path in files_below(folder, find) {
                let path = path?;
                let below = path.strip_prefix(folder).unwrap_or(&path).to_path_buf();
                let pair = pairs.entry(below).or_default();
                let slot = if is_a { &mut pair.a } else { &mut pair.b };
                *slot = Some(path);
            }
        }
        let pairs: Vec<Pair> = pairs.into_values().collect();
        let names = Inputs::of(pairs.iter().map(|pair| pair.name().to_path_buf()));
        Ok(Self { names, pairs })
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

/// True for a name under which there is nothing: neither standard input, nor a list of names.
fn is_missing(word: &Path) -> bool {
    let is_list = word.to_str().is_some_and(|word| word.starts_with('@'));
    word != Path::new("-") && !is_list && !is_url(word) && word.symlink_metadata().is_err()
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
        Some(self.a.as_ref()?.to_string_lossy().into_owned())
    }

    pub(super) fn b(&self) -> Option<String> {
        Some(self.b.as_ref()?.to_string_lossy().into_owned())
    }

    /// A document, in lines with the name of the file before all else.
    pub(super) fn named(&self, form: Form, rest: Value) -> Value {
        let Value::Object(rest) = rest else {
            return rest;
        };
        let mut out = serde_json::Map::new();
        if form == Form::Lines {
            out.insert("file".to_owned(), json!(self.name().to_string_lossy()));
        }
        out.extend(rest);
        Value::Object(out)
    }
}
