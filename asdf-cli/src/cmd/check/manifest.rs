//! Manifests: the files of a delivery with their sizes and digests, as CSV.

use super::finding::Outcome;
use super::report::Report;
use crate::context::{Context, Failure};
use crate::inputs::Item;
use crate::output;
use asdf_core::{Error, Result};
use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::Path;

/// The files that are expected.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// Names in their order.
    names: Vec<String>,
    entries: HashMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    size: Option<u64>,
    sha256: Option<String>,
}

/// The name of a file in a manifest: below the folder that was searched, else without its folder. Steps are separated by `/`.
pub(super) fn name(item: &Item) -> String {
    let Some(path) = item.path() else {
        return String::new();
    };
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    let folders = item.folder().components();
    let folders = folders.map(|part| part.as_os_str().to_string_lossy().into_owned());
    folders
        .chain([name.into_owned()])
        .collect::<Vec<_>>()
        .join("/")
}

/// True for 64 hexadecimal digits.
fn is_sum(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// Refuses files that a manifest could not tell from others: by a name that is not text, or one that two of them have.
pub(super) fn check_names(items: &[Item]) -> Result<()> {
    let mut names: HashMap<String, &Path> = HashMap::new();
    for item in items {
        let Some(path) = item.path() else {
            continue;
        };
        if path.to_str().is_none() {
            let reason = "the name is not UTF-8, which a manifest cannot have";
            return Err(crate::usage::refused(reason).at_file(path));
        }
        let name = name(item);
        if let Some(other) = names.insert(name.clone(), path) {
            let reason = format!(
                "has the name `{name}` in a manifest, as {} has: names are those below the folder that is searched, and each is there once",
                other.display()
            );
            return Err(crate::usage::refused(reason).at_file(path));
        }
    }
    Ok(())
}

impl Manifest {
    /// Reads a table with a line of headings: `name`, and `size` and `sha256` where these are known.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let bad = |line: u64, reason: &str| {
            let reason = format!("line {line}: {reason}");
            crate::usage::refused(reason).at_file(path)
        };
        let file =
            asdf_core::file::open_file(path).map_err(|error| Error::from(error).at_file(path))?;
        let mut table = csv::ReaderBuilder::new()
            .trim(csv::Trim::Headers)
            .from_reader(file);
        let headings = table
            .headers()
            .map_err(|error| bad(1, &error.to_string()))?
            .clone();
        let column = |wanted: &str| headings.iter().position(|heading| heading == wanted);
        let known = ["name", "size", "sha256"];
        if let Some(heading) = headings.iter().find(|heading| !known.contains(heading)) {
            let reason = format!("the heading `{heading}`, expected name, size and sha256");
            return Err(bad(1, &reason));
        }
        let Some(name) = column("name") else {
            return Err(bad(1, "the headings have no `name`"));
        };
        let mut out = Self {
            names: Vec::new(),
            entries: HashMap::new(),
        };
        for row in table.records() {
            let row = row.map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line);
                bad(line, "not as many fields as headings, or not UTF-8")
            })?;
            let line = row.position().map_or(0, csv::Position::line);
            let cell = |column: Option<usize>| {
                column
                    .and_then(|column| row.get(column))
                    .filter(|cell| !cell.is_empty())
            };
            let Some(name) = cell(Some(name)) else {
                return Err(bad(line, "the name is missing"));
            };
            let size = cell(column("size"))
                .map(|size| size.trim().parse())
                .transpose();
            let size = size.map_err(|_error| bad(line, "the size is not a number of bytes"))?;
            let sha256 = cell(column("sha256")).map(|sum| sum.trim().to_ascii_lowercase());
            if sha256.as_deref().is_some_and(|sum| !is_sum(sum)) {
                return Err(bad(line, "the sha256 is not 64 hexadecimal digits"));
            }
            // Elsewhere it is a character of a name.
            let separator = if cfg!(windows) { "\\" } else { "/" };
            let name = name.trim_start_matches("./").replace(separator, "/");
            out.names.push(name.clone());
            if out
                .entries
                .insert(name.clone(), Entry { size, sha256 })
                .is_some()
            {
                return Err(bad(line, &format!("`{name}` stands there twice")));
            }
        }
        Ok(out)
    }

    /// The names in their order, and the sizes where these are known.
    #[cfg(feature = "archive")]
    pub(crate) fn sizes(&self) -> impl Iterator<Item = (&str, Option<u64>)> {
        let size = |name: &String| self.entries.get(name).and_then(|entry| entry.size);
        self.names
            .iter()
            .map(move |name| (name.as_str(), size(name)))
    }

    /// Whether files must be hashed.
    pub(super) fn has_sums(&self) -> bool {
        self.entries.values().any(|entry| entry.sha256.is_some())
    }

    /// Notes what of a file is not as expected.
    pub(super) fn compare(&self, name: &str, outcome: &mut Outcome) {
        let Some(entry) = self.entries.get(name) else {
            outcome.add("extra", None, "the manifest does not have this file");
            return;
        };
        if let (Some(wanted), Some(size)) = (entry.size, outcome.size)
            && wanted != size
        {
            outcome.add(
                "size",
                None,
                format!("{size} bytes, the manifest says {wanted}"),
            );
        }
        if let (Some(wanted), Some(sum)) = (&entry.sha256, outcome.sha256.clone())
            && *wanted != sum
        {
            outcome.add(
                "sha256",
                None,
                format!("sha256 is {sum}, the manifest says {wanted}"),
            );
        }
    }

    /// The files that are not there.
    pub(super) fn missing(&self, report: &Report) -> Vec<Outcome> {
        let there: HashSet<&str> = report
            .outcomes()
            .iter()
            .map(|file| file.name.as_str())
            .collect();
        let missing = self
            .names
            .iter()
            .filter(|name| !there.contains(name.as_str()));
        let outcome = |name: &String| {
            let mut outcome = Outcome {
                file: name.clone(),
                name: name.clone(),
                ..Outcome::default()
            };
            outcome.add(
                "missing",
                None,
                "the manifest has this file, and it is not there",
            );
            outcome
        };
        missing.map(outcome).collect()
    }
}

/// Writes the manifest of all files: one that could not be read would be missing in it, and then be taken for one too many.
pub(super) fn write(
    path: &Path,
    report: &Report,
    context: &mut Context,
) -> std::result::Result<(), Failure> {
    let mut files = report.outcomes().iter();
    if let Some(file) = files.find(|file| file.is_unreadable && file.sha256.is_none()) {
        let reason = format!(
            "not written, as {} could not be read",
            file.file.escape_debug()
        );
        return Err(crate::usage::refused(reason).at_file(path).into());
    }
    let mut table = csv::Writer::from_writer(Vec::new());
    let broken = |error: csv::Error| Failure::from(std::io::Error::other(error));
    table
        .write_record(["name", "size", "sha256"])
        .map_err(broken)?;
    for file in report.outcomes() {
        if let (Some(size), Some(sum)) = (file.size, &file.sha256) {
            let size = size.to_string();
            table
                .write_record([file.name.as_str(), &size, sum])
                .map_err(broken)?;
        }
    }
    let text = table
        .into_inner()
        .map_err(|error| std::io::Error::other(error.to_string()))?;
    output::write(path, &mut context.out, |sink| Ok(sink.write_all(&text)?))
}
