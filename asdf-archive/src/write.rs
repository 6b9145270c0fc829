//! Parts of a catalogue: rows are put aside in small files, then written in the order of the sky as one part.
//!
//! However many rows there are, some thousand of them are in memory, and of all others the name. What a part holds depends on its rows
//! only, not on the order in which they came.

mod keys;
mod order;

use crate::fault::{fault, io};
use crate::part::{self, Part, PartWriter};
use crate::read::{self, Catalogue};
use crate::row::{FileRow, leaf_cell};
use crate::schema::{self, Cell, Column, Kind, LEAF};
use asdf_core::Result;
use keys::Keys;
use order::Order;
use serde_json::{Map, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Rows that are in memory before they are put aside.
const ASIDE: usize = 1024;
/// Rows of a row group.
const GROUP: usize = 16_384;
/// Columns from trees that a catalogue has, unless another number is asked for.
pub const MAX_COLUMNS: usize = 1000;

/// Takes the rows of files and makes a part of a catalogue of them.
#[derive(Debug)]
pub struct Indexer {
    folder: PathBuf,
    aside: TempDir,
    rows: Vec<FileRow>,
    pairs: Vec<[PathBuf; 2]>,
    max_columns: usize,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The name of the part, `part-….parquet`; nothing where there was no row.
    pub part: Option<String>,
    /// Rows of files, and of arrays.
    pub rows: [usize; 2],
    /// Columns from trees that were left out, as there are too many.
    pub left_out: usize,
    /// Columns whose numbers have several units.
    pub mixed_units: Vec<String>,
}

/// Sources, and the columns of what is made of them.
struct Table<'a> {
    sources: &'a [[Part; 2]],
    columns: Vec<Column>,
    arrays: Vec<Column>,
}

impl Indexer {
    /// Rows for a catalogue, whose folder is made when it is not there.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn create(folder: &Path) -> Result<Self> {
        for name in ["files", "arrays"] {
            let inner = folder.join(name);
            fs::create_dir_all(&inner).map_err(io(&inner))?;
        }
        Ok(Self {
            aside: aside(folder)?,
            folder: folder.to_path_buf(),
            rows: Vec::new(),
            pairs: Vec::new(),
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
    pub fn push(&mut self, row: FileRow) -> Result<()> {
        self.rows.push(row);
        if self.rows.len() >= ASIDE {
            self.put_aside()?;
        }
        Ok(())
    }

    fn put_aside(&mut self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.rows);
        let number = self.pairs.len();
        let path = |table: &str| self.aside.path().join(format!("{table}-{number}.parquet"));
        let (files, arrays) = (path("files"), path("arrays"));
        write_files(&files, &rows)?;
        write_arrays(&arrays, &rows)?;
        self.pairs.push([files, arrays]);
        Ok(())
    }

    /// Writes the part, under its own name or one that says what it holds, and gives it that name when it is whole.
    ///
    /// # Errors
    /// The part cannot be written.
    pub fn finish(mut self, name: Option<&str>) -> Result<Written> {
        self.put_aside()?;
        let sources = self
            .pairs
            .iter()
            .map(open_pair)
            .collect::<Result<Vec<_>>>()?;
        let order = Order::of_all(&sources)?;
        let places = (self.folder.as_path(), self.aside.path());
        let (written, columns, keys) =
            write_part(places, name, &sources, &order, self.max_columns)?;
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
        Ok(written)
    }
}

/// Makes one part of all parts of a catalogue: of several rows of a file the newest counts, files that are gone are left out. The old parts
/// are removed when the new one is whole.
///
/// # Errors
/// A part cannot be read, or the new one not be written.
pub fn merge(folder: &Path, max_columns: usize) -> Result<Written> {
    let catalogue = Catalogue::open(folder)?;
    let names: Vec<String> = catalogue.names().to_vec();
    let aside = aside(folder)?;
    let pairs = names.iter().map(|name| {
        let path = |table: &str| folder.join(table).join(name);
        [path("files"), path("arrays")]
    });
    let sources = pairs
        .map(|pair| open_pair(&pair))
        .collect::<Result<Vec<_>>>()?;
    let order = Order::of_newest(&sources)?;
    let (written, columns, keys) =
        write_part((folder, aside.path()), None, &sources, &order, max_columns)?;
    drop(sources);
    keys.write(&folder.join("keys.parquet"), aside.path(), &columns)?;
    describe(folder, aside.path(), &columns)?;
    for name in names
        .iter()
        .filter(|name| Some(*name) != written.part.as_ref())
    {
        // The table of arrays goes last: parts are found by that of files.
        for table in ["files", "arrays"] {
            let path = folder.join(table).join(name);
            fs::remove_file(&path).map_err(io(&path))?;
        }
    }
    Ok(written)
}

/// Whether a part of that name is there and whole.
pub fn has_part(folder: &Path, name: &str) -> bool {
    let is_whole = |table: &str| Part::open(&folder.join(table).join(name)).is_ok();
    is_whole("files") && is_whole("arrays")
}

/// A folder for what is not complete, on the file system of the catalogue.
fn aside(folder: &Path) -> Result<TempDir> {
    let made = tempfile::Builder::new()
        .prefix(".incomplete-")
        .tempdir_in(folder);
    made.map_err(io(folder))
}

fn open_pair(pair: &[PathBuf; 2]) -> Result<[Part; 2]> {
    let [files, arrays] = pair;
    Ok([Part::open(files)?, Part::open(arrays)?])
}

/// Writes rows in their order; gives the columns from trees and what is known of their values.
fn write_part(
    (folder, aside): (&Path, &Path),
    name: Option<&str>,
    sources: &[[Part; 2]],
    order: &Order,
    max_columns: usize,
) -> Result<(Written, Vec<Column>, Keys)> {
    let (leaves, left_out, mixed_units) = leaf_columns(sources, max_columns);
    let mut keys = Keys::new(&leaves);
    let mut written = Written {
        part: None,
        rows: [order.len(), order.arrays()],
        left_out,
        mixed_units,
    };
    if order.len() == 0 {
        return Ok((written, leaves, keys));
    }
    let table = Table {
        sources,
        columns: schema::files().into_iter().chain(leaves.clone()).collect(),
        arrays: schema::arrays(),
    };
    let paths = ["files.parquet", "arrays.parquet"].map(|name| aside.join(name));
    let [files, arrays] = &paths;
    let mut files_out = PartWriter::create(files, &table.columns)?;
    let mut arrays_out = PartWriter::create(arrays, &table.arrays)?;
    for window in order.windows(GROUP) {
        let (rows, wanted) = order.files(window.clone());
        let batch = table.gather(0, &table.columns, &rows, &wanted, files)?;
        keys.add(&batch);
        files_out.write(&batch)?;
        // There are many times as many arrays: they are gathered in smaller pieces.
        for piece in order.pieces(window, GROUP) {
            let (rows, wanted) = order.arrays_of(piece);
            if !wanted.is_empty() {
                let batch = table.gather(1, &table.arrays, &rows, &wanted, arrays)?;
                arrays_out.write(&batch)?;
            }
        }
    }
    files_out.finish()?;
    arrays_out.finish()?;
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

/// A name that is on the disk when this is done; where folders cannot be synced it is there soon.
fn sync(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

impl Table<'_> {
    /// Rows of one of the tables: ranges of rows of each source, and the order of all of them.
    fn gather(
        &self,
        table: usize,
        columns: &[Column],
        rows: &[Vec<std::ops::Range<usize>>],
        wanted: &[u64],
        path: &Path,
    ) -> Result<arrow_array::RecordBatch> {
        let mut batches = Vec::new();
        for (source, ranges) in self.sources.iter().zip(rows) {
            if let Some(part) = source.get(table).filter(|_| !ranges.is_empty()) {
                batches.extend(part.gather(columns, &part::ranges(ranges.iter().cloned()))?);
            }
        }
        part::arranged(columns, &batches, wanted, path)
    }
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
                found.insert(column.name.clone(), (column.clone(), count));
                continue;
            };
            *total += count;
            known.kind = known.kind.clone().widened(column.kind.clone());
            if known.unit != column.unit && !mixed.contains(&column.name) {
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
        column.unit = None;
    }
    (columns, left_out, mixed)
}

/// Rows of files as a Parquet file with columns of its own.
fn write_files(path: &Path, rows: &[FileRow]) -> Result<()> {
    let mut columns = schema::files();
    let fixed: HashMap<String, usize> = places(&columns);
    let mut leaves: BTreeMap<&str, Column> = BTreeMap::new();
    for leaf in rows.iter().flat_map(|row| &row.leaves) {
        let kind = kind_of(&leaf_cell(&leaf.value));
        if let Some(known) = leaves.get_mut(leaf.name.as_str()) {
            known.kind = known.kind.clone().widened(kind);
            if known.unit != leaf.unit {
                known.unit = Some(read::MIXED.to_owned());
            }
            continue;
        }
        let column = Column {
            name: format!("{LEAF}{}", leaf.name),
            kind,
            unit: leaf.unit.clone(),
            path: Some(leaf.path.clone()),
        };
        leaves.insert(&leaf.name, column);
    }
    let first = columns.len();
    let numbers = leaves.keys().enumerate();
    let numbers: HashMap<&str, usize> = numbers.map(|(at, name)| (*name, first + at)).collect();
    columns.extend(leaves.values().cloned());
    let mut values = vec![vec![None; rows.len()]; columns.len()];
    let mut put = |column: usize, row: usize, cell: Cell| {
        if let Some(place) = values
            .get_mut(column)
            .and_then(|column| column.get_mut(row))
        {
            *place = Some(cell);
        }
    };
    for (number, row) in rows.iter().enumerate() {
        for (name, cell) in &row.cells {
            if let Some(column) = fixed.get(name) {
                put(*column, number, cell.clone());
            }
        }
        for leaf in &row.leaves {
            if let Some(column) = numbers.get(leaf.name.as_str()) {
                put(*column, number, leaf_cell(&leaf.value));
            }
        }
    }
    write_rows(path, &columns, &values)
}

fn write_arrays(path: &Path, rows: &[FileRow]) -> Result<()> {
    let columns = schema::arrays();
    let fixed = places(&columns);
    let count = rows.iter().map(|row| row.arrays.len()).sum();
    let mut values = vec![vec![None; count]; columns.len()];
    let arrays = rows.iter().flat_map(|row| &row.arrays);
    for (number, cells) in arrays.enumerate() {
        for (name, cell) in cells {
            let column = fixed.get(*name).and_then(|column| values.get_mut(*column));
            if let Some(place) = column.and_then(|column| column.get_mut(number)) {
                *place = Some(cell.clone());
            }
        }
    }
    write_rows(path, &columns, &values)
}

/// Writes values, a vector for each column, as a Parquet file under its own name.
fn write_rows(path: &Path, columns: &[Column], values: &[Vec<Option<Cell>>]) -> Result<()> {
    let mut out = PartWriter::create(path, columns)?;
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

fn places(columns: &[Column]) -> HashMap<String, usize> {
    let names = columns.iter().enumerate();
    names
        .map(|(number, column)| (column.name.clone(), number))
        .collect()
}

fn kind_of(cell: &Cell) -> Kind {
    match cell {
        Cell::Bool(_) => Kind::Bool,
        Cell::Int(_) => Kind::Int,
        Cell::Float(_) => Kind::Float,
        Cell::Time(_) => Kind::Time,
        Cell::Text(_) => Kind::Text,
        Cell::Digest(_) => Kind::Digest,
        Cell::List(items) => items.first().map_or(Kind::Text, kind_of).list(),
    }
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
