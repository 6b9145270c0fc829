//! Parts of a catalogue: rows are put aside in small files that are sorted along the sky, and these are merged into one part.
//!
//! However many rows there are, some thousand of them are in memory, and few bytes of each other one. What a part holds depends on its rows
//! only, not on the order in which they came.

mod aside;
mod folders;
mod incomplete;
mod keys;
mod merge;
mod newest;

use crate::fault::{fault, io};
use crate::part::{self, Part, PartWriter, Purpose};
use crate::read::{self, MIXED};
use crate::row::FileRow;
use crate::schema::{self, Cell, Column, Kind, LEAF};
use arrow_array::RecordBatch;
use asdf_core::Result;
use aside::Rows;
use folders::Folders;
use incomplete::aside;
use keys::Keys;
use newest::Newest;
use serde_json::{Map, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;

/// Columns from trees that a catalogue has, unless another number is asked for.
pub const MAX_COLUMNS: usize = 1000;
/// How many times as many columns there may be before all rows are known.
const SPARE: usize = 4;
/// Tables that are merged at once at most, and bytes that these may have in memory.
const MOST: usize = 32;
const MEMORY: usize = 128 << 20;
/// Bytes in memory of a column of a table that is read.
const COLUMN: usize = 16 << 10;

/// Takes the rows of files, from several threads, and makes a part of a catalogue of them.
pub struct Indexer {
    folder: PathBuf,
    aside: TempDir,
    /// Dropped after what lies in them.
    folders: Folders,
    rows: Mutex<Rows>,
    /// Small tables, those that were merged of them, those that were merged of these ...
    levels: Mutex<Vec<Vec<[Part; 2]>>>,
    made: AtomicUsize,
    left_out: AtomicUsize,
    max_columns: usize,
}

impl std::fmt::Debug for Indexer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Indexer")
            .field("folder", &self.folder)
            .field("max_columns", &self.max_columns)
            .finish_non_exhaustive()
    }
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The name of the part, `part-….parquet`; nothing where there was no row.
    pub part: Option<String>,
    /// Rows of files, and of arrays.
    pub rows: [usize; 2],
    /// Columns from trees that were left out, as there are too many: at least this many.
    pub left_out: usize,
    /// Columns whose numbers have several units, so that they are text with their units.
    pub mixed_units: Vec<String>,
}

/// Tables, and what becomes of them.
struct Job<'j> {
    sources: &'j [[Part; 2]],
    /// Rows that are left out, of each source.
    dropped: &'j [Vec<u32>],
    columns: &'j [Column],
    purpose: Purpose,
}

impl Indexer {
    /// Rows for a catalogue, whose folder is made when it is not there; one that was made goes again when nothing is written.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn create(folder: &Path) -> Result<Self> {
        let mut folders = Folders::default();
        for name in ["files", "arrays"] {
            folders.make(&folder.join(name))?;
        }
        Ok(Self {
            aside: aside(folder)?,
            folders,
            folder: folder.to_path_buf(),
            rows: Mutex::new(Rows::new()),
            levels: Mutex::default(),
            made: AtomicUsize::new(0),
            left_out: AtomicUsize::new(0),
            max_columns: MAX_COLUMNS,
        })
    }

    /// Takes that many columns from trees at most; the most frequent ones count.
    #[must_use]
    pub fn max_columns(mut self, count: usize) -> Self {
        self.max_columns = count;
        self
    }

    /// Takes the rows of a file.
    ///
    /// # Errors
    /// They cannot be put aside.
    pub fn push(&self, row: FileRow) -> Result<()> {
        let mut rows = lock(&self.rows);
        rows.push(row);
        if !rows.is_full() {
            return Ok(());
        }
        let full = std::mem::replace(&mut *rows, Rows::new());
        // Other threads go on meanwhile.
        drop(rows);
        self.put_aside(full)
    }

    /// Columns of what is not the part itself.
    fn spare_columns(&self) -> usize {
        self.max_columns.saturating_mul(SPARE).max(SPARE)
    }

    fn paths(&self) -> [PathBuf; 2] {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        ["files", "arrays"].map(|table| self.aside.path().join(format!("{table}-{number}.parquet")))
    }

    fn put_aside(&self, rows: Rows) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let most = self.spare_columns();
        let paths = self.paths();
        let left_out = rows.write([&paths[0], &paths[1]], most)?;
        self.left_out.fetch_max(left_out, Ordering::Relaxed);
        let mut new = open_pair(&paths)?;
        // As many as are merged at once become one, and so on: few tables are open at any time.
        for level in 0.. {
            let Some(full) = self.add(level, new) else {
                break;
            };
            let (columns, left_out, _) = leaf_columns(&full, most);
            self.left_out.fetch_max(left_out, Ordering::Relaxed);
            new = together(&full, &[], &columns, &self.paths())?;
        }
        Ok(())
    }

    /// Adds a table to a level; gives all of its tables when they are to be merged.
    fn add(&self, level: usize, mut new: [Part; 2]) -> Option<Vec<[Part; 2]>> {
        let mut levels = lock(&self.levels);
        if levels.len() <= level {
            levels.resize_with(level + 1, Vec::new);
        }
        let own = levels.get_mut(level)?;
        let other = own.last();
        let [files, arrays] = new;
        new = [
            files.lean(other.map(|other| &other[0])),
            arrays.lean(other.map(|other| &other[1])),
        ];
        own.push(new);
        (own.len() >= fan_in(own)).then(|| std::mem::take(own))
    }

    /// Writes the part, under its own name or one that says what it holds, and gives it that name when it is whole.
    ///
    /// # Errors
    /// The part cannot be written.
    pub fn finish(mut self, name: Option<&str>) -> Result<Written> {
        let rows = std::mem::replace(&mut *lock(&self.rows), Rows::new());
        self.put_aside(rows)?;
        let levels = std::mem::take(&mut *lock(&self.levels));
        let sources: Vec<[Part; 2]> = levels.into_iter().flatten().collect();
        let newest = Newest::of(&sources, true)?;
        let places = (self.folder.as_path(), self.aside.path());
        let (mut written, columns, keys) =
            write_part(places, name, sources, newest, self.max_columns)?;
        // What was left out before all rows were known comes on top; it may be counted in one piece only.
        written.left_out += self.left_out.load(Ordering::Relaxed);
        // Beside other parts what all of them hold is said when they are merged.
        let is_alone = read::part_names(&self.folder)?.len() == 1;
        if name.is_none() && is_alone && written.part.is_some() {
            keys.write(
                &self.folder.join("keys.parquet"),
                self.aside.path(),
                &columns,
            )?;
            describe(&self.folder, self.aside.path(), &columns)?;
        }
        self.folders.keep();
        Ok(written)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes one part of all parts of a catalogue: of several rows of a file the newest counts, files that are gone are left out. The old parts
/// are removed when the new one is whole.
///
/// # Errors
/// A part cannot be read, or the new one not be written.
pub fn merge(folder: &Path, max_columns: usize) -> Result<Written> {
    read::steady(|| merge_once(folder, max_columns))
}

fn merge_once(folder: &Path, max_columns: usize) -> Result<Written> {
    let names = read::part_names_of_catalogue(folder)?;
    let aside = aside(folder)?;
    let mut sources: Vec<[Part; 2]> = Vec::with_capacity(names.len());
    for name in &names {
        let path = |table: &str| folder.join(table).join(name);
        let [files, arrays] = open_pair(&[path("files"), path("arrays")])?;
        let last = sources.last();
        let pair = [
            files.lean(last.map(|last| &last[0])),
            arrays.lean(last.map(|last| &last[1])),
        ];
        sources.push(pair);
    }
    let newest = Newest::of(&sources, false)?;
    let (written, columns, keys) =
        write_part((folder, aside.path()), None, sources, newest, max_columns)?;
    keys.write(&folder.join("keys.parquet"), aside.path(), &columns)?;
    describe(folder, aside.path(), &columns)?;
    for name in names
        .iter()
        .filter(|name| Some(*name) != written.part.as_ref())
    {
        // The table of arrays goes last: parts are found by that of files.
        for table in ["files", "arrays"] {
            let path = folder.join(table).join(name);
            match fs::remove_file(&path) {
                // Another process has merged the same parts.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                done => done.map_err(io(&path))?,
            }
        }
    }
    incomplete::sweep(folder);
    Ok(written)
}

/// Whether a part of that name is there and whole.
pub fn has_part(folder: &Path, name: &str) -> bool {
    let is_whole = |table: &str| Part::open(&folder.join(table).join(name)).is_ok();
    is_whole("files") && is_whole("arrays")
}

fn open_pair(pair: &[PathBuf; 2]) -> Result<[Part; 2]> {
    let [files, arrays] = pair;
    Ok([Part::open(files)?, Part::open(arrays)?])
}

/// How many tables like these are merged at once.
fn fan_in(sources: &[[Part; 2]]) -> usize {
    let columns = sources.iter().map(|[files, _]| files.columns().len());
    let bytes = columns.max().unwrap_or(0).max(1) * COLUMN;
    (MEMORY / bytes).clamp(SPARE, MOST)
}

/// Writes rows in their order; gives the columns from trees and what is known of their values.
fn write_part(
    (folder, aside): (&Path, &Path),
    name: Option<&str>,
    mut sources: Vec<[Part; 2]>,
    newest: Newest,
    max_columns: usize,
) -> Result<(Written, Vec<Column>, Keys)> {
    let (mut leaves, left_out, mixed_units) = leaf_columns(&sources, max_columns);
    let mut keys = Keys::new(&leaves);
    let Newest { mut dropped, rows } = newest;
    let mut written = Written {
        part: None,
        rows,
        left_out,
        mixed_units,
    };
    if rows[0] == 0 {
        return Ok((written, leaves, keys));
    }
    let most = fan_in(&sources);
    for level in 0.. {
        if sources.len() <= most {
            break;
        }
        let mut merged = Vec::new();
        for (number, some) in sources.chunks(most).enumerate() {
            let paths = ["files", "arrays"]
                .map(|table| aside.join(format!("{table}-merged-{level}-{number}.parquet")));
            let first = (number * most).min(dropped.len());
            let own = dropped.get(first..dropped.len().min(first + some.len()));
            merged.push(together(some, own.unwrap_or_default(), &leaves, &paths)?);
        }
        // What was put aside is read once; parts stay until the new one is whole.
        for part in sources
            .iter()
            .flatten()
            .filter(|part| part.path().starts_with(aside))
        {
            fs::remove_file(part.path()).map_err(io(part.path()))?;
        }
        sources = merged;
        dropped = Vec::new();
    }
    for column in leaves.iter_mut().filter(|column| is_mixed(column)) {
        column.unit = None;
    }
    let columns: Vec<Column> = schema::files().into_iter().chain(leaves.clone()).collect();
    let job = Job {
        sources: &sources,
        dropped: &dropped,
        columns: &columns,
        purpose: Purpose::Part,
    };
    let paths = ["files.parquet", "arrays.parquet"].map(|name| aside.join(name));
    job.run(&paths, |batch| keys.add(batch))?;
    let [files, arrays] = &paths;
    let name = match name {
        Some(name) => name.to_owned(),
        None => format!("part-{}.parquet", digest(files)?),
    };
    // Parts are found by the table of files, which comes last.
    for (path, inner) in [(arrays, "arrays"), (files, "files")] {
        let target = folder.join(inner).join(&name);
        fs::rename(path, &target).map_err(io(&target))?;
        sync(&folder.join(inner));
    }
    written.part = Some(name);
    Ok((written, leaves, keys))
}

/// Some tables as one, which is put aside.
fn together(
    sources: &[[Part; 2]],
    dropped: &[Vec<u32>],
    leaves: &[Column],
    paths: &[PathBuf; 2],
) -> Result<[Part; 2]> {
    let columns: Vec<Column> = schema::files().into_iter().chain(leaves.to_vec()).collect();
    let job = Job {
        sources,
        dropped,
        columns: &columns,
        purpose: Purpose::Aside,
    };
    job.run(paths, |_| ())?;
    let [files, arrays] = open_pair(paths)?;
    Ok([files.lean(None), arrays.lean(None)])
}

impl Job<'_> {
    /// Writes the tables of files and of arrays side by side.
    fn run(&self, [files, arrays]: &[PathBuf; 2], see: impl FnMut(&RecordBatch)) -> Result<()> {
        let own = schema::arrays();
        let files_out = PartWriter::create(files, self.columns, self.purpose)?;
        let arrays_out = PartWriter::create(arrays, &own, self.purpose)?;
        let (give, take) = sync_channel(4);
        std::thread::scope(|scope| {
            let arrays = scope.spawn(|| {
                // The channel ends with the thread, so that the other one never waits for it.
                let take = take;
                merge::arrays(self.sources, (&own, arrays_out, arrays), &take)
            });
            let out = (self.columns, files_out, files.as_path());
            let done = merge::files(self.sources, self.dropped, out, &give, see);
            drop(give);
            let arrays = arrays.join();
            done?;
            arrays.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }
}

/// A name that is on the disk when this is done; where folders cannot be synced it is there soon.
fn sync(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// The columns from trees: types that hold the values of all sources, the most frequent ones when there are too many. Their number that
/// are left out, and those with several units.
fn leaf_columns(sources: &[[Part; 2]], most: usize) -> (Vec<Column>, usize, Vec<String>) {
    let mut found: BTreeMap<String, (Column, u64)> = BTreeMap::new();
    let mut mixed = Vec::new();
    for [files, _] in sources {
        for (column, count) in files.counted() {
            if !column.name.starts_with(LEAF) {
                continue;
            }
            let Some((known, total)) = found.get_mut(&column.name) else {
                if is_mixed(column) {
                    mixed.push(column.name.clone());
                }
                found.insert(column.name.clone(), (column.clone(), count));
                continue;
            };
            *total += count;
            known.kind = known.kind.clone().widened(column.kind.clone());
            let is_mixed = known.unit != column.unit || is_mixed(column);
            if is_mixed && !mixed.contains(&column.name) {
                mixed.push(column.name.clone());
            }
        }
    }
    let mut columns: Vec<(Column, u64)> = found.into_values().collect();
    let left_out = columns.len().saturating_sub(most);
    columns.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.name.cmp(&b.0.name)));
    columns.truncate(most);
    let mut columns: Vec<Column> = columns.into_iter().map(|column| column.0).collect();
    columns.sort_by(|a, b| a.name.cmp(&b.name));
    for column in columns
        .iter_mut()
        .filter(|column| mixed.contains(&column.name))
    {
        column.unit = Some(MIXED.to_owned());
        column.kind = Kind::Text;
    }
    (columns, left_out, mixed)
}

fn is_mixed(column: &Column) -> bool {
    column.unit.as_deref() == Some(MIXED)
}

/// Writes values, a vector for each column, as a Parquet file under its own name.
fn write_rows(path: &Path, columns: &[Column], values: &[Vec<Option<Cell>>]) -> Result<()> {
    let mut out = PartWriter::create(path, columns, Purpose::Part)?;
    out.write(&part::batch(columns, values, path)?)?;
    out.finish()
}

/// Writes a table as a Parquet file, which takes its name when it is whole.
///
/// # Errors
/// It cannot be written.
pub fn write_table(path: &Path, columns: &[Column], values: &[Vec<Option<Cell>>]) -> Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let aside = aside(folder)?;
    let made = aside.path().join("table.parquet");
    write_rows(&made, columns, values)?;
    fs::rename(&made, path).map_err(io(path))
}

/// The first twelve digits of the SHA-256 of a file.
fn digest(path: &Path) -> Result<String> {
    let mut file = File::open(path).map_err(io(path))?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        let count = file.read(&mut piece).map_err(io(path))?;
        let Some(read) = piece.get(..count).filter(|read| !read.is_empty()) else {
            break;
        };
        hash.update(read);
    }
    let digits: String = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(digits.chars().take(12).collect())
}

/// Writes `catalogue.json`.
fn describe(folder: &Path, aside: &Path, columns: &[Column]) -> Result<()> {
    let paths = columns
        .iter()
        .filter_map(|column| Some((column.name.clone(), json!(column.path.clone()?))));
    let document = json!({
        "schema": schema::VERSION,
        "asdf": env!("CARGO_PKG_VERSION"),
        "columns": paths.collect::<Map<_, _>>(),
    });
    let text = serde_json::to_string_pretty(&document).map_err(|error| fault(error.to_string()))?;
    let (made, target) = (aside.join("catalogue.json"), folder.join("catalogue.json"));
    fs::write(&made, text + "\n").map_err(io(&made))?;
    fs::rename(&made, &target).map_err(io(&target))
}
