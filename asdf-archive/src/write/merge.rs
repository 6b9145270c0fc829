//! Several tables in the order of the sky as one in that order: each row is read once, and of each table a batch is in memory.

use crate::fault::at;
use crate::part::{PAGE, Part, PartStream, PartWriter};
use crate::schema::Column;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_select::interleave::interleave_record_batch;
use asdf_core::Result;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender};

/// Where a row stands: rows that say that a file is gone come first, files without a place on the sky last.
pub(super) type Key = (i64, Box<str>);
/// The cell of files that are gone, which no file has.
pub(super) const GONE: i64 = -1;
/// The cell of files without a place on the sky.
pub(super) const NOWHERE: i64 = i64::MAX;

/// What was done with a file: its source, the number of its arrays, and whether its row is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    source: usize,
    arrays: usize,
    is_kept: bool,
}

/// Rows of several sources that are put together in another order.
struct Gathering {
    streams: Vec<PartStream>,
    /// The batch of each source among those that are held, the next row of it, and the row of the source that this is.
    cursors: Vec<Cursor>,
    held: Vec<RecordBatch>,
    /// Rows by the number of the batch that is held.
    wanted: Vec<(usize, usize)>,
    writer: PartWriter,
    path: PathBuf,
}

#[derive(Debug, Clone, Copy, Default)]
struct Cursor {
    batch: Option<usize>,
    next: usize,
    row: u32,
}

impl Gathering {
    fn new<'p>(
        parts: impl Iterator<Item = &'p Part>,
        columns: &[Column],
        writer: PartWriter,
        path: &Path,
    ) -> Result<Self> {
        let streams = parts
            .map(|part| part.stream(columns))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self {
            cursors: vec![Cursor::default(); streams.len()],
            streams,
            held: Vec::new(),
            wanted: Vec::with_capacity(PAGE),
            writer,
            path: path.to_path_buf(),
        })
    }

    /// The batch that has the next row of a source, with its number in it; `None` at the end of the source.
    fn current(&mut self, source: usize) -> Result<Option<(&RecordBatch, usize)>> {
        let (Some(cursor), Some(stream)) =
            (self.cursors.get_mut(source), self.streams.get_mut(source))
        else {
            return Ok(None);
        };
        loop {
            let length = cursor.batch.and_then(|batch| self.held.get(batch));
            if length.is_some_and(|batch| cursor.next < batch.num_rows()) {
                break;
            }
            let Some(batch) = stream.next()? else {
                return Ok(None);
            };
            cursor.batch = Some(self.held.len());
            cursor.next = 0;
            self.held.push(batch);
        }
        let batch = cursor.batch.and_then(|batch| self.held.get(batch));
        Ok(batch.map(|batch| (batch, cursor.next)))
    }

    /// Takes the next row of a source, or passes over it; gives the rows that were written then.
    fn take(&mut self, source: usize, is_kept: bool) -> Result<Option<RecordBatch>> {
        if self.current(source)?.is_none() {
            return Ok(None);
        }
        if let Some(cursor) = self.cursors.get_mut(source) {
            if let Some(batch) = cursor.batch.filter(|_| is_kept) {
                self.wanted.push((batch, cursor.next));
            }
            cursor.next += 1;
            cursor.row += 1;
        }
        if self.wanted.len() < PAGE {
            return Ok(None);
        }
        self.write()
    }

    /// Writes the rows that were taken; gives them.
    fn write(&mut self) -> Result<Option<RecordBatch>> {
        if self.wanted.is_empty() {
            return Ok(None);
        }
        let held: Vec<&RecordBatch> = self.held.iter().collect();
        let batch = interleave_record_batch(&held, &self.wanted).map_err(at(&self.path))?;
        self.writer.write(&batch)?;
        self.wanted.clear();
        // Only what sources still have to give is held.
        let mut old = std::mem::take(&mut self.held)
            .into_iter()
            .map(Some)
            .collect::<Vec<_>>();
        for cursor in &mut self.cursors {
            let batch = cursor.batch.and_then(|batch| old.get_mut(batch)?.take());
            cursor.batch = batch.map(|batch| {
                self.held.push(batch);
                self.held.len() - 1
            });
        }
        Ok(Some(batch))
    }

    fn finish(mut self) -> Result<Option<RecordBatch>> {
        let last = self.write()?;
        self.writer.finish()?;
        Ok(last)
    }
}

/// Writes the rows of files in their order, without those that are dropped, and tells what was done with each.
pub(super) fn files(
    sources: &[[Part; 2]],
    dropped: &[Vec<u32>],
    (columns, writer, path): (&[Column], PartWriter, &Path),
    steps: &SyncSender<Vec<Step>>,
    mut see: impl FnMut(&RecordBatch),
) -> Result<()> {
    let parts = sources.iter().map(|[files, _]| files);
    let mut rows = Gathering::new(parts, columns, writer, path)?;
    let places = Places::of(columns);
    let mut waiting: BinaryHeap<Reverse<(Key, usize)>> = BinaryHeap::new();
    for source in 0..sources.len() {
        waiting.extend(key(&mut rows, source, &places)?.map(|key| Reverse((key, source))));
    }
    let mut told = Vec::with_capacity(PAGE);
    while let Some(Reverse((last, source))) = waiting.pop() {
        let row = rows.cursors.get(source).map_or(0, |cursor| cursor.row);
        let own = dropped.get(source);
        let is_kept = own.is_none_or(|own| own.binary_search(&row).is_err());
        let current = rows.current(source)?;
        let arrays = current.and_then(|(batch, row)| places.arrays(batch, row));
        told.push(Step {
            source,
            arrays: usize::try_from(arrays.unwrap_or(0)).unwrap_or(0),
            is_kept,
        });
        if let Some(batch) = rows.take(source, is_kept)? {
            see(&batch);
        }
        if told.len() == PAGE && steps.send(std::mem::take(&mut told)).is_err() {
            // What writes the arrays has failed, and says why.
            return Ok(());
        }
        if let Some(next) = key(&mut rows, source, &places)? {
            if next < last {
                let text = "its rows are not in the order of _healpix_29 and access_url: it was changed by another program";
                let stream = rows.streams.get(source);
                return Err(
                    stream.map_or_else(|| crate::fault::fault(text), |stream| stream.fault(text))
                );
            }
            waiting.push(Reverse((next, source)));
        }
    }
    // As above.
    let _ = steps.send(told);
    if let Some(batch) = rows.finish()? {
        see(&batch);
    }
    Ok(())
}

/// Writes the rows of their arrays.
pub(super) fn arrays(
    sources: &[[Part; 2]],
    (columns, writer, path): (&[Column], PartWriter, &Path),
    steps: &Receiver<Vec<Step>>,
) -> Result<()> {
    let parts = sources.iter().map(|[_, arrays]| arrays);
    let mut rows = Gathering::new(parts, columns, writer, path)?;
    for step in steps.iter().flatten() {
        for _ in 0..step.arrays {
            rows.take(step.source, step.is_kept)?;
        }
    }
    rows.finish()?;
    Ok(())
}

/// Where the next row of a source stands.
fn key(rows: &mut Gathering, source: usize, places: &Places) -> Result<Option<Key>> {
    let current = rows.current(source)?;
    Ok(current.map(|(batch, row)| places.key(batch, row)))
}

/// The numbers of the columns that say where rows stand.
struct Places {
    url: Option<usize>,
    status: Option<usize>,
    cell: Option<usize>,
    arrays: Option<usize>,
}

impl Places {
    fn of(columns: &[Column]) -> Self {
        let place = |name: &str| columns.iter().position(|column| column.name == name);
        Self {
            url: place("access_url"),
            status: place("status"),
            cell: place("_healpix_29"),
            arrays: place("n_arrays"),
        }
    }

    fn key(&self, batch: &RecordBatch, row: usize) -> Key {
        let column = |place: Option<usize>| batch.columns().get(place?);
        let text = |place| {
            let texts = column(place)?.as_string_opt::<i32>()?;
            texts.is_valid(row).then(|| texts.value(row))
        };
        let cell = || {
            let cells = column(self.cell)?.as_primitive_opt::<Int64Type>()?;
            cells.is_valid(row).then(|| cells.value(row))
        };
        let cell = match text(self.status) {
            Some("gone") => GONE,
            _ => cell().unwrap_or(NOWHERE),
        };
        (cell, text(self.url).unwrap_or_default().into())
    }

    /// The number of arrays of the file of a row.
    fn arrays(&self, batch: &RecordBatch, row: usize) -> Option<i32> {
        let counts = batch.columns().get(self.arrays?)?;
        let counts = counts.as_primitive_opt::<Int32Type>()?;
        counts.is_valid(row).then(|| counts.value(row))
    }
}
