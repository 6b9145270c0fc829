//! What a list of files has: names, and the values of columns, which the command reads as `asdf table` does.

use asdf_core::inspect::escape;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What is listed, and how: as the options of `asdf table` say it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListAsk {
    /// The files.
    pub files: Arc<Vec<PathBuf>>,
    /// The columns: `PATH` or `NAME=PATH`, separated by commas.
    pub columns: String,
    /// The condition on the rows; empty for all.
    pub condition: String,
    /// The columns that rows are sorted by, separated by commas.
    pub sort: String,
}

impl ListAsk {
    /// These files, without columns.
    pub fn of(files: Vec<PathBuf>) -> Self {
        Self {
            files: Arc::new(files),
            ..Self::default()
        }
    }
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileHead {
    /// Its name, as it is sorted by.
    pub name: String,
    /// The unit of its values.
    pub unit: Option<String>,
    /// Whether its cells are numbers.
    pub is_number: bool,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// Its path, as it was given.
    pub path: PathBuf,
    /// Its cells, escaped, in the order of the heads; the first is the name.
    pub cells: Vec<String>,
    /// Why it cannot be read.
    pub fault: Option<String>,
}

/// The rows of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileTable {
    /// The columns, of which the first is the name.
    pub heads: Vec<FileHead>,
    /// The rows that fit the condition, in order.
    pub rows: Vec<FileRow>,
    /// How many files cannot be read.
    pub faults: usize,
    /// What is to be told: columns that no file has.
    pub note: Option<String>,
}

/// Reads the rows, given what is to be listed, a flag that is set when nobody waits for them any more, and where to tell how
/// many files of how many are done. `None` when it was given up.
pub type ListFiles = Box<
    dyn Fn(&ListAsk, &AtomicBool, &(dyn Fn(u64, u64) + Sync)) -> Option<Result<FileTable, String>>
        + Send
        + Sync,
>;

/// The list without any columns: names only, as they were given or sorted.
pub fn names(ask: &ListAsk) -> FileTable {
    let head = FileHead {
        name: "file".to_owned(),
        unit: None,
        is_number: false,
    };
    let row = |path: &PathBuf| FileRow {
        path: path.clone(),
        cells: vec![escape(&path.display().to_string()).into_owned()],
        fault: None,
    };
    let mut rows: Vec<FileRow> = ask.files.iter().map(row).collect();
    match ask.sort.as_str() {
        "file" => rows.sort_by(|a, b| a.path.cmp(&b.path)),
        "-file" => rows.sort_by(|a, b| b.path.cmp(&a.path)),
        _ => {}
    }
    FileTable {
        heads: vec![head],
        rows,
        faults: 0,
        note: None,
    }
}
