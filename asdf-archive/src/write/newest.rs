//! Which rows no longer count: of several of a file the newest does.

use crate::fault::fault;
use crate::part::Part;
use crate::schema;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, RecordBatch};
use asdf_core::Result;
use std::hash::{BuildHasher, RandomState};

/// Rows of sources, counted, and those of them that are left out.
#[derive(Debug)]
pub(super) struct Newest {
    /// The rows that are left out, of each source, sorted.
    pub(super) dropped: Vec<Vec<u32>>,
    /// Rows of files, and of arrays, that are kept.
    pub(super) rows: [usize; 2],
}

/// A row by the name of its file, in few bytes: there may be a hundred million of them.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// Of the name, with keys that nobody knows: two names have the same by chance only, which does not happen.
    hash: [u64; 2],
    age: i32,
    source: u32,
    row: u32,
    arrays: u32,
    is_gone: bool,
}

impl Newest {
    /// Reads names and ages of all rows. Rows that say that a file is gone are left out when they are not `kept`.
    pub(super) fn of(sources: &[[Part; 2]], keeps_gone: bool) -> Result<Self> {
        let keys = [RandomState::new(), RandomState::new()];
        let mut entries = Vec::new();
        for (number, [files, arrays]) in sources.iter().enumerate() {
            let source = u32::try_from(number).unwrap_or(u32::MAX);
            let found = add(&mut entries, files, source, &keys)?;
            if found != arrays.rows() {
                let text = format!(
                    "{found} rows of arrays were expected, found {}",
                    arrays.rows()
                );
                return Err(fault(text).at_file(arrays.path()));
            }
        }
        entries.sort_unstable();
        let mut out = Self {
            dropped: vec![Vec::new(); sources.len()],
            rows: [0, 0],
        };
        for same in entries.chunk_by(|a, b| a.hash == b.hash) {
            let Some((newest, others)) = same.split_last() else {
                continue;
            };
            let is_left_out = newest.is_gone && !keeps_gone;
            for entry in others.iter().chain(is_left_out.then_some(newest)) {
                if let Some(rows) = out.dropped.get_mut(entry.source as usize) {
                    rows.push(entry.row);
                }
            }
            if !is_left_out {
                out.rows[0] += 1;
                out.rows[1] += newest.arrays as usize;
            }
        }
        for rows in &mut out.dropped {
            rows.sort_unstable();
        }
        Ok(out)
    }
}

/// Takes the rows of a source; gives the number of its arrays.
fn add(
    entries: &mut Vec<Entry>,
    files: &Part,
    source: u32,
    keys: &[RandomState; 2],
) -> Result<usize> {
    let wanted = ["access_url", "generation", "status", "n_arrays"];
    let columns: Vec<_> = schema::files()
        .into_iter()
        .filter(|column| wanted.contains(&column.name.as_str()))
        .collect();
    let mut stream = files.stream(&columns)?;
    let (mut row, mut arrays) = (0, 0_usize);
    entries.reserve(files.rows());
    while let Some(batch) = stream.next()? {
        let texts = |name: &str| {
            batch
                .column_by_name(name)
                .and_then(|column| column.as_string_opt::<i32>())
        };
        let (urls, statuses) = (texts("access_url"), texts("status"));
        for place in 0..batch.num_rows() {
            let url = urls.map_or("", |urls| urls.value(place));
            let count = int(&batch, "n_arrays", place).unwrap_or(0);
            let count = u32::try_from(count).unwrap_or(0);
            entries.push(Entry {
                hash: [keys[0].hash_one(url), keys[1].hash_one(url)],
                age: int(&batch, "generation", place).unwrap_or(0),
                source,
                row,
                arrays: count,
                is_gone: statuses.is_some_and(|statuses| statuses.value(place) == "gone"),
            });
            row += 1;
            arrays += count as usize;
        }
    }
    Ok(arrays)
}

/// An integer of a batch.
fn int(batch: &RecordBatch, name: &str, row: usize) -> Option<i32> {
    let column = batch
        .column_by_name(name)?
        .as_primitive_opt::<Int32Type>()?;
    column.is_valid(row).then(|| column.value(row))
}
