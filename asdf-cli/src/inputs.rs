//! The files that the arguments of a command name: folders are searched, lists are read.

mod folder;
mod list;

use crate::usage::refused;
use asdf_core::error::ErrorKind;
use asdf_core::{Error, Result};
pub(crate) use folder::{is_searched, search as files_below};
use std::collections::HashSet;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// How folders are searched.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Folders")]
pub(crate) struct FindArgs {
    /// Levels of a folder that are searched; 1 is the folder itself [default: all]
    #[arg(long, value_name = "N")]
    max_depth: Option<usize>,
    /// Take every file of a folder that begins as an ASDF or FITS file, whatever its name
    #[arg(long)]
    all_names: bool,
}

/// The files of one run, in order.
#[derive(Debug)]
pub(crate) struct Inputs {
    items: Vec<Item>,
    is_many: bool,
    /// Those that are worked on, when that is not all.
    part: Option<Range<usize>>,
}

/// A file of a run.
#[derive(Debug)]
pub(crate) struct Item {
    /// Its name, or what went wrong in looking for it.
    found: Result<PathBuf>,
    /// Where it lies below the folder that was searched.
    folder: PathBuf,
}

impl Inputs {
    /// The files that arguments name. A folder stands for the files in it, sorted by name; `@LIST` for the files
    /// whose names are the lines of a file, `@-` for those of standard input. What cannot be searched or read is an
    /// error in its place.
    pub(crate) fn find<P: AsRef<Path>>(names: &[P], args: &FindArgs) -> Self {
        let mut out = Self {
            items: Vec::new(),
            is_many: names.len() > 1,
            part: None,
        };
        for name in names {
            let name = name.as_ref();
            match list::named(name) {
                Some(list) => out.add_list(list, args),
                None => out.add(name, args),
            }
        }
        out
    }

    /// These files, of which there may be any number.
    pub(crate) fn of(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        Self {
            items: paths.into_iter().map(Item::named).collect(),
            is_many: true,
            part: None,
        }
    }

    /// These files, and what went wrong in looking for others, in order.
    pub(crate) fn of_found(found: impl IntoIterator<Item = Result<PathBuf>>) -> Self {
        let item = |found| match found {
            Ok(path) => Item::named(path),
            Err(error) => Item::wrong(error),
        };
        Self {
            items: found.into_iter().map(item).collect(),
            is_many: true,
            part: None,
        }
    }

    /// Each file once, where it is named first: under another name it is the same file.
    pub(crate) fn distinct(&self) -> Self {
        let mut seen = HashSet::new();
        let is_new = |item: &&Item| {
            let whole = item.path().and_then(|path| path.canonicalize().ok());
            whole.is_none_or(|whole| seen.insert(whole))
        };
        let (_, part) = self.part();
        let items = part.iter().filter(is_new).map(Item::again);
        Self {
            items: items.collect(),
            is_many: self.is_many,
            part: None,
        }
    }

    /// These files, each below a folder.
    pub(crate) fn found_below(files: Vec<(PathBuf, PathBuf)>) -> Self {
        let files = files.into_iter();
        Self {
            items: files
                .map(|(top, path)| Item::below(&top, Ok(path)))
                .collect(),
            is_many: true,
            part: None,
        }
    }

    /// The files, and what went wrong in looking for them.
    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    /// The same files, only a part of which is worked on.
    pub(crate) fn with_part(self, part: Range<usize>) -> Self {
        Self {
            part: Some(part),
            is_many: true,
            ..self
        }
    }

    /// Whether other jobs work on the other files.
    pub(crate) fn is_part(&self) -> bool {
        self.part.is_some()
    }

    /// The files that are worked on, and the number of the first.
    pub(crate) fn part(&self) -> (usize, &[Item]) {
        let part = self.part.clone().unwrap_or(0..self.items.len());
        (part.start, self.items.get(part).unwrap_or_default())
    }

    /// Whether the arguments can name several files: a folder with one file in it is many.
    pub(crate) fn is_many(&self) -> bool {
        self.is_many
    }

    fn add(&mut self, name: &Path, args: &FindArgs) {
        if let Some(found) = crate::network::list(name) {
            return self.add_objects(&crate::network::shown(name), found, args);
        }
        if !name.is_dir() {
            self.items.push(Item::named(crate::network::shown(name)));
            return;
        }
        self.is_many = true;
        let before = self.items.len();
        let found = folder::search(name, args).into_iter();
        self.items
            .extend(found.map(|found| Item::below(name, found)));
        if self.items.len() == before {
            self.items.push(Item::wrong(no_files(name, args)));
        }
    }

    /// Takes of the objects below a prefix those that a search of a folder would take.
    fn add_objects(&mut self, top: &Path, found: Result<Vec<PathBuf>>, args: &FindArgs) {
        self.is_many = true;
        let before = self.items.len();
        match found {
            Err(error) => self.items.push(Item::wrong(error)),
            Ok(_) if args.all_names => {
                let reason = "--all-names looks into the files of local folders";
                self.items.push(Item::wrong(refused(reason).at_file(top)));
            }
            Ok(found) => {
                let wanted = found
                    .into_iter()
                    .filter(|path| is_searched(top, path, args));
                self.items
                    .extend(wanted.map(|path| Item::below(top, Ok(path))));
            }
        }
        if self.items.len() == before {
            let reason = "nothing below it is named .asdf, .asdf.gz, .fits or .fits.gz";
            self.items.push(Item::wrong(refused(reason).at_file(top)));
        }
    }

    fn add_list(&mut self, name: &Path, args: &FindArgs) {
        self.is_many = true;
        match list::read(name) {
            Ok(names) if names.is_empty() => {
                self.items.push(Item::wrong(no_names(name)));
            }
            Ok(names) => names.iter().for_each(|name| self.add(name, args)),
            Err(error) => self.items.push(Item::wrong(error)),
        }
    }
}

impl Item {
    pub(crate) fn named(path: PathBuf) -> Self {
        Self {
            found: Ok(path),
            folder: PathBuf::new(),
        }
    }

    fn wrong(error: Error) -> Self {
        Self {
            found: Err(error),
            folder: PathBuf::new(),
        }
    }

    fn again(&self) -> Self {
        Self {
            found: self.given().map(Path::to_path_buf),
            folder: self.folder.clone(),
        }
    }

    fn below(top: &Path, found: Result<PathBuf>) -> Self {
        let path = found.as_deref().ok();
        let inside = path.and_then(|path| path.strip_prefix(top).ok()?.parent());
        Self {
            folder: inside.unwrap_or(Path::new("")).to_path_buf(),
            found,
        }
    }

    /// The name of the file, unless it could not be looked for.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.found.as_deref().ok()
    }

    /// Where it lies below the folder that was searched.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The name of the file.
    ///
    /// # Errors
    /// One like that which was met in looking for it.
    pub(crate) fn given(&self) -> Result<&Path> {
        self.found.as_deref().map_err(|error| {
            let again: Error = match error.kind() {
                ErrorKind::Io(error) => io::Error::new(error.kind(), error.to_string()).into(),
                kind => refused(kind.to_string()),
            };
            match &error.place().file {
                Some(file) => again.at_file(file),
                None => again,
            }
        })
    }
}

/// A folder without files that are looked for.
pub(crate) fn no_files(folder: &Path, args: &FindArgs) -> Error {
    let reason = if args.all_names {
        "the folder has no file that begins as an ASDF or FITS file"
    } else {
        "the folder has no file named .asdf, .asdf.gz, .fits or .fits.gz; --all-names looks into all"
    };
    refused(reason).at_file(folder)
}

/// The arguments with the names of lists in place of `@LIST`.
///
/// # Errors
/// A list cannot be read, or names no file.
pub(crate) fn with_lists(words: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for word in words {
        let Some(list) = list::named(word) else {
            out.push(word.clone());
            continue;
        };
        let names = list::read(list)?;
        if names.is_empty() {
            return Err(no_names(list));
        }
        out.extend(names);
    }
    Ok(out)
}

fn no_names(list: &Path) -> Error {
    refused("the list names no file").at_file(list)
}

/// Whether an argument names a file or several, which need not be there where they are elsewhere.
pub(crate) fn names_files(word: &Path) -> bool {
    word == Path::new("-")
        || list::named(word).is_some()
        || asdf_core::file::is_url(word)
        || word.exists()
}

/// Refuses words of which another one is the file, and not the first.
///
/// # Errors
/// The first names no file, and one of the others is the name of one.
pub(crate) fn check_file_first<'w>(
    first: &Path,
    others: impl IntoIterator<Item = &'w Path>,
) -> Result<()> {
    let late = others.into_iter().find(|word| word.is_file());
    let Some(file) = late.filter(|_| !names_files(first)) else {
        return Ok(());
    };
    let (path, file) = (first.display(), file.display());
    let reason =
        format!("`{path}` is not a file: the file stands before the path, as in `{file} {path}`");
    Err(refused(reason))
}

/// The two forms that commands with paths have: `FILE PATH...`, and any number of files with `--path PATH`.
///
/// # Errors
/// A PATH of the first form is the name of a file.
pub(crate) fn files_and_paths(
    words: &[PathBuf],
    options: &[String],
) -> Result<(Vec<PathBuf>, Vec<String>)> {
    if !options.is_empty() {
        return Ok((words.to_vec(), options.to_vec()));
    }
    let (files, paths) = words.split_at(words.len().min(1));
    if let ([first], [second, ..]) = (files, paths) {
        check_file_first(first, [second.as_path()])?;
    }
    if let Some(path) = paths.iter().find(|path| path.is_file()) {
        let name = path.to_string_lossy();
        let reason = format!(
            "`{name}` is a file, and here a PATH was expected: of several files a part is named by --path PATH; a node of that name is `/{name}`"
        );
        return Err(refused(reason));
    }
    // A node may have the name of a folder, but not with a separator after it.
    let is_folder = |path: &&PathBuf| {
        path.as_os_str().len() > 1 && path.to_string_lossy().ends_with('/') && path.is_dir()
    };
    if let Some(path) = paths.iter().find(is_folder) {
        let name = path.to_string_lossy();
        let reason = format!(
            "`{name}` is a folder, and here a PATH was expected: of several files a part is named by --path PATH"
        );
        return Err(refused(reason));
    }
    let text = |path: &PathBuf| path.to_string_lossy().into_owned();
    Ok((files.to_vec(), paths.iter().map(text).collect()))
}
