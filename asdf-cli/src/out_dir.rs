//! A folder that the outputs of many files go to.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::format::Format;
use crate::inputs::{FindArgs, Inputs, Item};
use crate::network::shown;
use crate::usage::refused;
use asdf_core::{Error, Result};
use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Options of commands that write a file for each of many.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct OutDirArgs {
    /// Write a file for each FILE into this folder, which is made when it is not there
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
    /// Their names: {stem}, {ext}, {dir} (the folder below the one that was searched) [default: {stem}.{ext}]
    #[arg(long, value_name = "PATTERN", requires = "out_dir")]
    name: Option<String>,
}

impl OutDirArgs {
    /// Whether there is such a folder.
    pub(crate) fn is_given(&self) -> bool {
        self.out_dir.is_some()
    }

    /// The format that the pattern of the names tells.
    pub(crate) fn format(&self) -> Option<Format> {
        Format::named(Path::new(self.name.as_deref()?))
    }

    /// The names of the outputs.
    ///
    /// # Errors
    /// The folder cannot be made, or the pattern says something that is not known.
    pub(crate) fn outputs(&self, files: &Inputs, extension: &str) -> Result<Outputs> {
        let folder = shown(self.out_dir.as_deref().unwrap_or(Path::new(".")));
        let pattern = self.name.as_deref().unwrap_or("{stem}.{ext}");
        let name = |item: &Item| Ok(folder.join(fill(pattern, item, extension)?));
        let names = files.items().iter().map(name).collect::<Result<Vec<_>>>()?;
        // Other jobs may be about to write into a folder that this one has made.
        let made = Folders::new(!files.is_part());
        made.make(&folder)?;
        Ok(Outputs::new(folder, names, files, made))
    }
}

impl OutDirArgs {
    /// The names of the outputs of each of these files, one for each of these names, which stand for `{name}` in the pattern.
    ///
    /// # Errors
    /// As [`OutDirArgs::outputs`]; the pattern does not have `{name}` where there are several names; two outputs are the same file.
    pub(crate) fn outputs_named(
        &self,
        items: &[Item],
        names: &[&str],
        extension: &str,
    ) -> Result<Vec<Vec<PathBuf>>> {
        let folder = shown(self.out_dir.as_deref().unwrap_or(Path::new(".")));
        let pattern = self.name.as_deref().unwrap_or("{stem}_{name}.{ext}");
        if names.len() > 1 && !pattern.contains("{name}") {
            return Err(refused(
                "--name needs {name} where several parts are cut out of a file",
            ));
        }
        let mut known = HashSet::new();
        if let Some(name) = names.iter().find(|name| !known.insert(**name)) {
            return Err(refused(format!("two positions are called `{name}`")));
        }
        let mut taken: HashMap<PathBuf, &Item> = HashMap::new();
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            let mut own = Vec::with_capacity(names.len());
            // What cannot be looked for has no output.
            for name in names.iter().filter(|_| item.path().is_some()) {
                let pattern = pattern.replace("{name}", &name.replace('{', "_"));
                let path = folder.join(fill(&pattern, item, extension)?);
                if let Some(other) = taken.insert(path.clone(), item) {
                    let shown =
                        |item: &Item| item.path().unwrap_or(Path::new("-")).display().to_string();
                    let reason = format!(
                        "would be the output of {} and of {}: nothing is written; --name '{{dir}}/{{stem}}_{{name}}.{{ext}}' keeps the folders",
                        shown(other),
                        shown(item)
                    );
                    return Err(refused(reason).at_file(&path));
                }
                own.push(path);
            }
            out.push(own);
        }
        Ok(out)
    }
}

/// Folders that a command has made: those that nothing was written into go when it ends.
#[derive(Debug)]
pub(crate) struct Folders {
    made: Mutex<Vec<PathBuf>>,
    /// Whether empty ones go.
    goes: bool,
}

impl Folders {
    pub(crate) fn new(goes: bool) -> Self {
        Self {
            made: Mutex::default(),
            goes,
        }
    }

    /// Makes a folder; a bucket needs none.
    ///
    /// # Errors
    /// It cannot be made.
    pub(crate) fn make(&self, folder: &Path) -> Result<()> {
        if crate::network::is_object(folder) {
            return Ok(());
        }
        let missing = folder.ancestors().take_while(|folder| {
            !folder.as_os_str().is_empty() && folder.symlink_metadata().is_err()
        });
        let missing: Vec<PathBuf> = missing.map(Path::to_path_buf).collect();
        if !missing.is_empty() {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            made.extend(missing);
        }
        std::fs::create_dir_all(folder).map_err(|error| Error::from(error).at_file(folder))
    }

    /// Makes the folder of a file.
    ///
    /// # Errors
    /// It cannot be made.
    pub(crate) fn make_for(&self, file: &Path) -> Result<()> {
        file.parent().map_or(Ok(()), |folder| self.make(folder))
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        let made = self.made.get_mut().unwrap_or_else(PoisonError::into_inner);
        // The inner ones first.
        made.sort_by_key(|folder| std::cmp::Reverse(folder.components().count()));
        for folder in made.iter().filter(|_| self.goes) {
            // One that holds something stays.
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// What a command with one output for each input has to do.
pub(crate) enum Jobs {
    /// One file, and the name of its output.
    One(PathBuf, PathBuf),
    /// Files, and the outputs that go with them.
    Many(Inputs, Outputs),
}

impl OutDirArgs {
    /// The jobs of a command `IN OUT`, which with --out-dir has any number of files.
    ///
    /// # Errors
    /// There are not two names; the input is a folder; as [`OutDirArgs::outputs`].
    pub(crate) fn jobs(&self, words: &[PathBuf], find: &FindArgs, extension: &str) -> Result<Jobs> {
        if self.is_given() {
            let files = Inputs::find(words, find);
            let outputs = self.outputs(&files, extension)?;
            return Ok(Jobs::Many(files, outputs));
        }
        let [input, output] = words else {
            let reason = "two names are needed, IN and OUT; for several files --out-dir DIR says where they go";
            return Err(refused(reason));
        };
        if crate::network::is_folder(input) {
            let reason = "a folder has many files: --out-dir DIR says where they go";
            return Err(refused(reason).at_file(&shown(input)));
        }
        Ok(Jobs::One(shown(input), shown(output)))
    }

    /// The jobs of a command `FILE... [-o OUT]`; without either option `default` gives the name of an output.
    ///
    /// # Errors
    /// Several files have one output, or none where there is no default; as [`OutDirArgs::outputs`].
    pub(crate) fn jobs_of(
        &self,
        files: &[PathBuf],
        output: Option<&Path>,
        find: &FindArgs,
        extension: &str,
        default: Option<&dyn Fn(&Path) -> PathBuf>,
    ) -> Result<Jobs> {
        let files = Inputs::find(files, find);
        if self.is_given() {
            let outputs = self.outputs(&files, extension)?;
            return Ok(Jobs::Many(files, outputs));
        }
        match (output, default, files.items()) {
            (Some(output), _, [item]) if !files.is_many() => {
                Ok(Jobs::One(item.given()?.to_path_buf(), shown(output)))
            }
            (Some(_), ..) => {
                let reason = "--output is for the result of one file; for several --out-dir DIR says where they go";
                Err(refused(reason))
            }
            (None, Some(default), items) => {
                let name = |item: &Item| default(item.path().unwrap_or(Path::new("-")));
                let names = items.iter().map(name).collect();
                let outputs = Outputs::new(PathBuf::new(), names, &files, Folders::new(true));
                Ok(Jobs::Many(files, outputs))
            }
            (None, None, _) => {
                let reason = "where does it go? -o OUT, or --out-dir DIR for several files";
                Err(refused(reason))
            }
        }
    }
}

impl Jobs {
    /// Runs `work` on each file with the name of its output.
    pub(crate) fn run(
        &self,
        context: &mut Context,
        work: impl Fn(&mut Context, &Path, &Path) -> std::result::Result<Exit, Failure> + Sync,
    ) -> std::result::Result<Exit, Failure> {
        match self {
            Self::One(input, output) => work(context, input, output),
            Self::Many(files, outputs) => context.each_path(files, |context, input| {
                let input = input?;
                work(context, input, outputs.of(context.number)?)
            }),
        }
    }
}

/// The name whose data in files of their own may have that name: `obs.asdf` of `obs0012.asdf`.
fn whole(name: &Path) -> Option<PathBuf> {
    let stem = name.file_name()?.to_str()?.strip_suffix(".asdf")?;
    // The digits before the last four belong to the stem.
    let (whole, number) = stem.split_at_checked(stem.len().checked_sub(4)?)?;
    let is_number = number.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| name.with_file_name(format!("{whole}.asdf")))
}

/// The names of outputs, in the order of the files.
#[derive(Debug)]
pub(crate) struct Outputs {
    folder: PathBuf,
    names: Vec<PathBuf>,
    /// The number of the first file that has a name.
    taken: HashMap<PathBuf, usize>,
    inputs: Vec<Option<PathBuf>>,
    made: Folders,
}

impl Outputs {
    fn new(folder: PathBuf, names: Vec<PathBuf>, files: &Inputs, made: Folders) -> Self {
        let mut taken = HashMap::new();
        for (number, name) in names.iter().enumerate() {
            taken.entry(name.clone()).or_insert(number);
        }
        let path = |item: &Item| item.path().map(Path::to_path_buf);
        Self {
            folder,
            names,
            taken,
            inputs: files.items().iter().map(path).collect(),
            made,
        }
    }

    /// The output of a file; its folder is there.
    ///
    /// # Errors
    /// Another file has that output, or its folder cannot be made.
    pub(crate) fn of(&self, number: usize) -> Result<&Path> {
        let Some(name) = self.names.get(number) else {
            return Err(refused("there is no such file"));
        };
        let first = self.taken.get(name).filter(|first| **first != number);
        if let Some(&first) = first {
            let other = self.inputs.get(first).cloned().flatten();
            let other = other.unwrap_or_default();
            let reason = format!(
                "is already the output of {}: --name '{{dir}}/{{stem}}.{{ext}}' keeps the folders",
                other.display()
            );
            return Err(refused(reason).at_file(name));
        }
        if let Some(whole) = whole(name).filter(|whole| self.taken.contains_key(whole)) {
            let reason = format!(
                "may be the name of a file with data of {}: convert it in a run of its own, or with another --name",
                whole.display()
            );
            return Err(refused(reason).at_file(name));
        }
        // Without a folder of their own outputs lie beside their inputs.
        let has_folder = !self.folder.as_os_str().is_empty();
        let folder = name.parent();
        let folder = folder.filter(|folder| has_folder && *folder != self.folder);
        if let Some(folder) = folder {
            self.made.make(folder)?;
        }
        Ok(name)
    }
}

/// The pattern with what a file has for its parts.
fn fill(pattern: &str, item: &Item, extension: &str) -> Result<PathBuf> {
    let path = item.path().unwrap_or(Path::new("-"));
    // Names need not be UTF-8.
    let mut out = OsString::new();
    let mut rest = pattern;
    while let Some((plain, after)) = rest.split_once('{') {
        let Some((part, behind)) = after.split_once('}') else {
            break;
        };
        out.push(plain);
        match part {
            "stem" => out.push(stem(path)),
            "ext" => out.push(extension),
            "dir" => out.push(item.folder()),
            other => {
                let reason =
                    format!("--name has `{{{other}}}`; there are {{stem}}, {{ext}} and {{dir}}");
                return Err(refused(reason));
            }
        }
        rest = behind;
    }
    out.push(rest);
    let name = PathBuf::from(out);
    // An empty {dir} leaves a separator in front.
    let name = name
        .strip_prefix("/")
        .map(Path::to_path_buf)
        .unwrap_or(name);
    let stays = name
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !stays || name.as_os_str().is_empty() {
        let reason = format!(
            "--name makes `{}`, which does not lie in the folder",
            name.display()
        );
        return Err(refused(reason));
    }
    Ok(name)
}

/// The name of a file without its folder and without the ending of its format; `stdin` of standard input.
pub(crate) fn stem(path: &Path) -> &OsStr {
    if path == Path::new("-") {
        return OsStr::new("stdin");
    }
    let is_packed = path.extension().is_some_and(|ending| ending == "gz");
    let bare = path.file_stem().unwrap_or_default();
    let within = Path::new(bare).file_stem().filter(|_| is_packed);
    within.unwrap_or(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_part_of_another_output_is_known_by_its_name() {
        let of = |name: &str| whole(Path::new(name)).map(|path| path.display().to_string());
        assert_eq!(of("o/x0000.asdf"), Some("o/x.asdf".to_owned()));
        assert_eq!(of("o/x20250012.asdf"), Some("o/x2025.asdf".to_owned()));
        assert_eq!(of("o/x000.asdf"), None);
        assert_eq!(of("o/x0000.fits"), None);
    }

    #[test]
    fn a_stem_has_no_ending_of_a_format() {
        for (name, wanted) in [
            ("a/obs.asdf", "obs"),
            ("obs.fits.gz", "obs"),
            ("v1.2.asdf", "v1.2"),
            (".asdf", ".asdf"),
            ("-", "stdin"),
        ] {
            assert_eq!(stem(Path::new(name)), wanted, "{name}");
        }
    }
}
