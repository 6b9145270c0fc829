//! Catalogues that are there: their parts, their columns, and the newest row of each file.

use crate::fault::{fault, io};
pub use crate::part::{Bounds, MayHold};
use crate::part::{Part, ranges};
use crate::schema::{Cell, Column, cells};
use arrow_array::cast::AsArray;
use asdf_core::error::ErrorKind;
use asdf_core::{Error, Result};
use std::collections::HashMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The unit of a column whose numbers have several.
pub(crate) const MIXED: &str = "mixed";

/// The table of files of a catalogue.
#[derive(Debug)]
pub struct Catalogue {
    folder: PathBuf,
    names: Vec<String>,
    parts: Vec<Part>,
}

/// What a catalogue knows of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFile {
    /// Its place.
    pub access_url: String,
    /// Bytes.
    pub size: Option<i64>,
    /// What is another one when the file has changed.
    pub etag: Option<String>,
    /// `ok`, `warnings`, `error`.
    pub status: String,
    /// What is wrong.
    pub message: Option<String>,
    /// The name of the observation.
    pub obs_id: Option<String>,
    /// The run that the row is of.
    pub generation: i64,
}

/// Which rows are read.
#[derive(Clone, Copy)]
pub struct Keep<'k> {
    /// Columns that are read first,
    pub columns: &'k [&'k str],
    /// of the row groups for which this is true, given what is known of the numbers of columns in each;
    pub groups: &'k MayHold<'k>,
    /// all other columns of the rows for which this is true.
    pub rows: &'k dyn Fn(&Rows<'_>, usize) -> bool,
}

impl std::fmt::Debug for Keep<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("Keep");
        out.field("columns", &self.columns).finish_non_exhaustive()
    }
}

/// Rows of a catalogue, of the columns that were asked for.
#[derive(Debug)]
pub struct Rows<'r> {
    /// The columns, with values in their order; one that the part does not have is empty.
    pub columns: &'r [Vec<Option<Cell>>],
    /// Number of rows.
    pub len: usize,
}

impl Catalogue {
    /// The catalogue in a folder, or one that is a single Parquet file.
    ///
    /// # Errors
    /// It is not there, has no part, or a part cannot be read.
    pub fn open(path: &Path) -> Result<Self> {
        if path.is_file() {
            return Ok(Self {
                folder: PathBuf::new(),
                names: vec![path.to_string_lossy().into_owned()],
                parts: vec![Part::open(path)?],
            });
        }
        let names = part_names_of_catalogue(path)?;
        let files = path.join("files");
        let parts = names.iter().map(|name| Part::open(&files.join(name)));
        Ok(Self {
            folder: path.to_path_buf(),
            parts: parts.collect::<Result<_>>()?,
            names,
        })
    }

    /// The folder; nothing of a single file.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The names of the parts, sorted.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The columns of all parts; of types that differ the one that holds both.
    pub fn columns(&self) -> Vec<Column> {
        let mut out: Vec<Column> = Vec::new();
        for column in self.parts.iter().flat_map(Part::columns) {
            match out.iter_mut().find(|known| known.name == column.name) {
                Some(known) => known.kind = known.kind.clone().widened(column.kind.clone()),
                None => out.push(column.clone()),
            }
        }
        out
    }

    /// Number of files: of several rows of one the newest counts, and none of files that are gone.
    ///
    /// # Errors
    /// A part cannot be read.
    pub fn rows(&self) -> Result<usize> {
        let newest = self.newest()?;
        let all = || self.parts.iter().map(Part::rows).sum();
        Ok(newest.map_or_else(all, |parts| {
            let lengths = parts.iter().flatten().map(Range::len);
            lengths.sum()
        }))
    }

    /// Whether a merge would change anything: there are rows that no longer count.
    ///
    /// # Errors
    /// A part cannot be read.
    pub fn is_outdated(&self) -> Result<bool> {
        let total: usize = self.parts.iter().map(Part::rows).sum();
        Ok(self.rows()? < total)
    }

    /// What is known of each file, by its place.
    ///
    /// # Errors
    /// A part cannot be read.
    pub fn files(&self) -> Result<HashMap<String, KnownFile>> {
        let mut out = HashMap::new();
        let names = [
            "access_url",
            "file_size",
            "file_etag",
            "status",
            "message",
            "obs_id",
            "generation",
        ];
        self.scan(&names, None, |rows| {
            for row in 0..rows.len {
                let int = |column| rows.int(column, row);
                let text = |column| rows.text(column, row).map(str::to_owned);
                let file = KnownFile {
                    access_url: text(0).unwrap_or_default(),
                    size: int(1),
                    etag: text(2),
                    status: text(3).unwrap_or_default(),
                    message: text(4),
                    obs_id: text(5),
                    generation: int(6).unwrap_or(0),
                };
                out.insert(file.access_url.clone(), file);
            }
            Ok(())
        })?;
        Ok(out)
    }

    /// Gives the rows that count batch after batch, with these columns. With `keep` first those columns are read, and of all others only
    /// the rows for which it is true.
    ///
    /// # Errors
    /// A part cannot be read; what `visit` says.
    pub fn scan(
        &self,
        names: &[&str],
        keep: Option<Keep<'_>>,
        mut visit: impl FnMut(&Rows<'_>) -> Result<()>,
    ) -> Result<()> {
        let newest = self.newest()?;
        for (number, part) in self.parts.iter().enumerate() {
            let mut wanted = newest.as_ref().and_then(|parts| parts.get(number).cloned());
            if let Some(keep) = keep {
                let groups = part.groups(keep.groups);
                let rows = match &wanted {
                    Some(wanted) => common(wanted, &groups),
                    None => groups,
                };
                let mut kept = Vec::new();
                let mut numbers = rows.iter().cloned().flatten();
                read(part, keep.columns, Some(&rows), &mut |rows| {
                    for row in 0..rows.len {
                        let place = numbers.next().unwrap_or(0);
                        if (keep.rows)(rows, row) {
                            kept.push(place..place + 1);
                        }
                    }
                    Ok(())
                })?;
                wanted = Some(ranges(kept));
            }
            if wanted.as_ref().is_some_and(Vec::is_empty) {
                continue;
            }
            read(part, names, wanted.as_deref(), &mut visit)?;
        }
        Ok(())
    }

    /// Whether every row counts: they are of one run, or of one part, in which a file has one row, and none says that a file is gone.
    fn is_plain(&self) -> Result<bool> {
        let generation = |part: &Part| part.bounds("generation");
        let first = self.parts.first().map(generation);
        let is_one_run = matches!(first, Some(Bounds::Within(a, b)) if b - a < 0.5)
            && self
                .parts
                .iter()
                .all(|part| Some(generation(part)) == first);
        if is_one_run {
            return Ok(true);
        }
        let [part] = self.parts.as_slice() else {
            return Ok(false);
        };
        let mut is_plain = true;
        part.read(&["status"], None, |batch| {
            let statuses = batch.columns().first();
            let statuses = statuses.and_then(|column| column.as_string_opt::<i32>());
            let mut texts = statuses.into_iter().flat_map(|texts| texts.iter());
            is_plain &= !texts.any(|text| text == Some("gone"));
            Ok(())
        })?;
        Ok(is_plain)
    }

    /// The rows of each part that count; `None` when all do.
    fn newest(&self) -> Result<Option<Vec<Vec<Range<usize>>>>> {
        if self.is_plain()? {
            return Ok(None);
        }
        let mut known: HashMap<String, (i64, usize, usize, bool)> = HashMap::new();
        for (number, part) in self.parts.iter().enumerate() {
            let urls = part.values("access_url")?;
            let (generations, statuses) = (part.values("generation")?, part.values("status")?);
            let rows = urls.into_iter().zip(generations).zip(statuses);
            for (row, ((url, age), status)) in rows.enumerate() {
                let (Some(Cell::Text(url)), Some(Cell::Int(age))) = (url, age) else {
                    continue;
                };
                let is_gone = status == Some(Cell::Text("gone".to_owned()));
                let is_newer = known.get(&url).is_none_or(|known| known.0 <= age);
                if is_newer {
                    known.insert(url, (age, number, row, is_gone));
                }
            }
        }
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); self.parts.len()];
        for (_, number, row, is_gone) in known.into_values() {
            if let Some(own) = rows.get_mut(number).filter(|_| !is_gone) {
                own.push(row);
            }
        }
        let sorted = rows.into_iter().map(|mut rows| {
            rows.sort_unstable();
            ranges(rows.into_iter().map(|row| row..row + 1))
        });
        Ok(Some(sorted.collect()))
    }
}

impl Rows<'_> {
    /// The value of a column.
    pub fn cell(&self, column: usize, row: usize) -> Option<&Cell> {
        self.columns.get(column)?.get(row)?.as_ref()
    }

    /// The text of a column.
    pub fn text(&self, column: usize, row: usize) -> Option<&str> {
        match self.cell(column, row)? {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer of a column.
    pub fn int(&self, column: usize, row: usize) -> Option<i64> {
        match self.cell(column, row)? {
            Cell::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The number of a column.
    pub fn number(&self, column: usize, row: usize) -> Option<f64> {
        match self.cell(column, row)? {
            #[expect(clippy::cast_precision_loss, reason = "a number is asked for")]
            Cell::Int(value) => Some(*value as f64),
            Cell::Float(value) => Some(*value),
            _ => None,
        }
    }
}

/// Reads columns of a part, in the order in which they are named.
fn read(
    part: &Part,
    names: &[&str],
    wanted: Option<&[Range<usize>]>,
    visit: &mut dyn FnMut(&Rows<'_>) -> Result<()>,
) -> Result<()> {
    part.read(names, wanted, |batch| {
        let columns: Vec<Vec<Option<Cell>>> = names
            .iter()
            .map(|name| {
                let own = part.columns().iter().find(|column| column.name == *name);
                match own.zip(batch.column_by_name(name)) {
                    Some((column, array)) => cells(&column.kind, array.as_ref()),
                    None => vec![None; batch.num_rows()],
                }
            })
            .collect();
        visit(&Rows {
            columns: &columns,
            len: batch.num_rows(),
        })
    })
}

/// The numbers that are in both of two lists of ranges, each in their order.
fn common(a: &[Range<usize>], b: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(first), Some(second)) = (a.peek(), b.peek()) {
        out.push(first.start.max(second.start)..first.end.min(second.end));
        if first.end < second.end {
            a.next();
        } else {
            b.next();
        }
    }
    out.retain(|range| range.start < range.end);
    out
}

/// Does what reads all parts of a catalogue, again when another process has merged them meanwhile.
///
/// # Errors
/// What `work` says; the parts are other ones each time.
pub fn steady<T>(mut work: impl FnMut() -> Result<T>) -> Result<T> {
    for pause in [50, 100, 200, 400, 800, 1600] {
        match work() {
            Err(error) if is_part_gone(&error) => {
                std::thread::sleep(Duration::from_millis(pause));
            }
            done => return done,
        }
    }
    work().map_err(|error| {
        if is_part_gone(&error) {
            fault("another process has changed the catalogue meanwhile: run it again")
        } else {
            error
        }
    })
}

/// True for a part that was listed and is not there any more.
fn is_part_gone(error: &Error) -> bool {
    let name = error.place().file.as_deref().and_then(Path::file_name);
    let is_part = name.is_some_and(|name| name.to_string_lossy().starts_with("part-"));
    let kind = match error.kind() {
        ErrorKind::Io(error) => Some(error.kind()),
        _ => None,
    };
    is_part && kind == Some(std::io::ErrorKind::NotFound)
}

/// The names of the parts of a catalogue, of which there is at least one, sorted.
pub(crate) fn part_names_of_catalogue(folder: &Path) -> Result<Vec<String>> {
    let is_one = folder.join("files").is_dir() || !folder.is_dir();
    let names = if is_one {
        part_names(folder)?
    } else {
        Vec::new()
    };
    if names.is_empty() {
        let text = "it is not a catalogue: there is no files/part-….parquet in it";
        return Err(fault(text).at_file(folder));
    }
    Ok(names)
}

/// The names of the parts of a catalogue, sorted.
///
/// # Errors
/// The folder cannot be listed.
pub fn part_names(folder: &Path) -> Result<Vec<String>> {
    let files = folder.join("files");
    let entries = fs::read_dir(&files).map_err(io(&files))?;
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(io(&files))?.file_name();
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("part-") && name.ends_with(".parquet") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
