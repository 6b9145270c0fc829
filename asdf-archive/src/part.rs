//! One Parquet file: written row after row, read column by column and row by row.

mod stream;
mod writer;

pub(crate) use stream::PartStream;
pub(crate) use writer::{PAGE, PartWriter, Purpose};

use crate::fault::{at, fault, io};
use crate::schema::{Cell, Column, cells, to_array};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Schema, SchemaRef};
use asdf_core::Result;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows that are decoded at a time.
const ROWS: usize = 8192;

/// The schema of some columns.
pub(crate) fn schema_of(columns: &[Column]) -> SchemaRef {
    let fields: Vec<_> = columns.iter().map(Column::field).collect();
    Arc::new(Schema::new(fields))
}

/// A batch of rows that are given value by value, a vector for each column.
pub(crate) fn batch(
    columns: &[Column],
    values: &[Vec<Option<Cell>>],
    path: &Path,
) -> Result<RecordBatch> {
    let arrays = columns.iter().zip(values);
    let arrays: std::result::Result<Vec<ArrayRef>, _> = arrays
        .map(|(column, cells)| to_array(&column.kind, cells))
        .collect();
    let arrays = arrays.map_err(at(path))?;
    RecordBatch::try_new(schema_of(columns), arrays).map_err(at(path))
}

/// A Parquet file that is read.
#[derive(Debug)]
pub(crate) struct Part {
    path: PathBuf,
    columns: Arc<[Column]>,
    rows: usize,
    /// Values that are there, of each column.
    counts: Vec<u64>,
    /// What the file says of itself, which is much when there are many columns and row groups.
    metadata: Option<ArrowReaderMetadata>,
}

/// Whether rows may have what is looked for, given what is known of the numbers of any column in them.
pub type MayHold<'k> = dyn Fn(&dyn Fn(&str) -> Bounds) -> bool + 'k;

/// What is known of the values of a column in some rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bounds {
    /// Nothing.
    Unknown,
    /// There are none.
    Empty,
    /// All that are there lie between these, which count.
    Within(f64, f64),
}

impl Bounds {
    /// What is known of both together.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Within(a, b), Self::Within(c, d)) => Self::Within(a.min(c), b.max(d)),
            (Self::Empty, known) | (known, Self::Empty) => known,
            _ => Self::Unknown,
        }
    }
}

impl Part {
    /// Reads what the file says of itself.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let metadata = load(path)?;
        let columns: Option<Vec<Column>> = metadata
            .schema()
            .fields()
            .iter()
            .map(|field| Column::of(field))
            .collect();
        let columns = columns
            .ok_or_else(|| fault("a column has a type that no catalogue has").at_file(path))?;
        let own = metadata.metadata();
        let mut counts = vec![0_u64; columns.len()];
        for group in own.row_groups() {
            for (leaf, chunk) in group.columns().iter().enumerate() {
                let root = metadata.parquet_schema().get_column_root_idx(leaf);
                let nulls = chunk.statistics().and_then(Statistics::null_count_opt);
                let values = u64::try_from(chunk.num_values()).unwrap_or(0);
                if let Some(count) = counts.get_mut(root) {
                    *count += values.saturating_sub(nulls.unwrap_or(0));
                }
            }
        }
        let rows = usize::try_from(own.file_metadata().num_rows()).unwrap_or(0);
        Ok(Self {
            path: path.to_path_buf(),
            columns: columns.into(),
            rows,
            counts,
            metadata: Some(metadata),
        })
    }

    /// The same with little memory, as one of many: what the file says of itself is read again, and columns are shared with another part that
    /// has the same.
    pub(crate) fn lean(mut self, other: Option<&Self>) -> Self {
        if let Some(other) = other.filter(|other| other.columns == self.columns) {
            self.columns = Arc::clone(&other.columns);
        }
        self.metadata = None;
        self
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The columns, and how many values each has.
    pub(crate) fn counted(&self) -> impl Iterator<Item = (&Column, u64)> {
        self.columns.iter().zip(self.counts.iter().copied())
    }

    fn builder(&self) -> Result<ParquetRecordBatchReaderBuilder<File>> {
        let metadata = match &self.metadata {
            Some(metadata) => metadata.clone(),
            None => load(&self.path)?,
        };
        let file = File::open(&self.path).map_err(io(&self.path))?;
        Ok(ParquetRecordBatchReaderBuilder::new_with_metadata(
            file, metadata,
        ))
    }

    /// The rows of those row groups that may have what is looked for, by what is known of the numbers of a column in each.
    pub(crate) fn groups(&self, may_hold: &MayHold<'_>) -> Vec<Range<usize>> {
        let all = || std::iter::once(0..self.rows).collect();
        let Some(metadata) = &self.metadata else {
            return all();
        };
        let mut out = Vec::new();
        let mut start = 0;
        for group in metadata.metadata().row_groups() {
            let end = start + usize::try_from(group.num_rows()).unwrap_or(0);
            if may_hold(&|name| bounds(group, name)) {
                out.push(start..end);
            }
            start = end;
        }
        ranges(out)
    }

    /// What is known of the numbers of a column in all rows.
    pub(crate) fn bounds(&self, name: &str) -> Bounds {
        let Some(metadata) = &self.metadata else {
            return Bounds::Unknown;
        };
        let groups = metadata.metadata().row_groups().iter();
        let all = groups.map(|group| bounds(group, name));
        all.reduce(Bounds::and).unwrap_or(Bounds::Empty)
    }

    /// Rows of some columns, those that the file has, batch after batch; of all rows where no ranges are given.
    pub(crate) fn read(
        &self,
        names: &[&str],
        ranges: Option<&[Range<usize>]>,
        mut visit: impl FnMut(RecordBatch) -> Result<()>,
    ) -> Result<()> {
        let builder = self.builder()?;
        let roots = self.columns.iter().enumerate();
        let roots = roots.filter(|(_, column)| names.contains(&column.name.as_str()));
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots.map(|(root, _)| root));
        let mut builder = builder.with_projection(mask).with_batch_size(ROWS);
        if let Some(wanted) = ranges {
            // Row groups of which no row is wanted are not looked at.
            let (groups, inner, rows) = touched(builder.metadata().row_groups(), wanted);
            let selection = RowSelection::from_consecutive_ranges(inner.into_iter(), rows);
            builder = builder
                .with_row_groups(groups)
                .with_row_selection(selection);
        }
        for batch in builder.build().map_err(at(&self.path))? {
            visit(batch.map_err(at(&self.path))?)?;
        }
        Ok(())
    }

    /// The values of a column.
    pub(crate) fn values(&self, name: &str) -> Result<Vec<Option<Cell>>> {
        let Some(column) = self.columns.iter().find(|column| column.name == name) else {
            return Ok(vec![None; self.rows]);
        };
        let mut out = Vec::with_capacity(self.rows);
        self.read(&[name], None, |batch| {
            if let Some(array) = batch.column_by_name(name) {
                out.extend(cells(&column.kind, array.as_ref()));
            }
            Ok(())
        })?;
        Ok(out)
    }
}

fn load(path: &Path) -> Result<ArrowReaderMetadata> {
    let file = File::open(path).map_err(io(path))?;
    ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(at(path))
}

/// What is known of the numbers of a column in a row group.
fn bounds(group: &RowGroupMetaData, name: &str) -> Bounds {
    let mut chunks = group.columns().iter();
    let chunk = chunks.find(|chunk| {
        chunk
            .column_path()
            .parts()
            .first()
            .is_some_and(|part| part == name)
    });
    let Some(chunk) = chunk else {
        return Bounds::Empty;
    };
    let Some(statistics) = chunk.statistics() else {
        return Bounds::Unknown;
    };
    let is_empty = statistics.null_count_opt() == u64::try_from(chunk.num_values()).ok();
    if is_empty {
        return Bounds::Empty;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "bounds of integers are compared with numbers"
    )]
    let ends = match statistics {
        Statistics::Double(values) => values.min_opt().copied().zip(values.max_opt().copied()),
        Statistics::Int64(values) => {
            let ends = values.min_opt().zip(values.max_opt());
            ends.map(|(min, max)| ((*min as f64).next_down(), (*max as f64).next_up()))
        }
        Statistics::Int32(values) => {
            let ends = values.min_opt().zip(values.max_opt());
            ends.map(|(min, max)| (f64::from(*min), f64::from(*max)))
        }
        _ => None,
    };
    match ends {
        Some((min, max)) if min <= max => Bounds::Within(min, max),
        _ => Bounds::Unknown,
    }
}

/// The row groups in which wanted rows are, those rows counted within these groups, and the rows that the groups have.
fn touched(
    groups: &[RowGroupMetaData],
    wanted: &[Range<usize>],
) -> (Vec<usize>, Vec<Range<usize>>, usize) {
    let (mut out, mut inner) = (Vec::new(), Vec::new());
    let (mut start, mut before) = (0, 0);
    let mut wanted = wanted.iter().filter(|range| !range.is_empty()).peekable();
    for (number, group) in groups.iter().enumerate() {
        let length = usize::try_from(group.num_rows()).unwrap_or(0);
        let end = start + length;
        let mut is_touched = false;
        while let Some(range) = wanted.peek().filter(|range| range.start < end) {
            is_touched = true;
            inner
                .push(range.start.max(start) - start + before..range.end.min(end) - start + before);
            if range.end > end {
                break;
            }
            wanted.next();
        }
        if is_touched {
            out.push(number);
            before += length;
        }
        start = end;
    }
    (out, ranges(inner), before)
}

/// Numbers that follow each other as ranges.
pub(crate) fn ranges(numbers: impl IntoIterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for range in numbers {
        match out.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => out.push(range),
        }
    }
    out.retain(|range| !range.is_empty());
    out
}
