//! One Parquet file: written row group by row group, read column by column and row by row.

use crate::fault::{at, fault, io};
use crate::schema::{Cell, Column, cells, to_array};
use arrow_array::{ArrayRef, RecordBatch, UInt64Array, new_null_array};
use arrow_schema::{Schema, SchemaRef};
use arrow_select::concat::concat_batches;
use arrow_select::take::take_record_batch;
use asdf_core::Result;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReaderBuilder, RowSelection};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
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

/// A Parquet file that is being written.
pub(crate) struct PartWriter {
    writer: ArrowWriter<File>,
    path: PathBuf,
}

impl PartWriter {
    pub(crate) fn create(path: &Path, columns: &[Column]) -> Result<Self> {
        let level = ZstdLevel::try_new(3).map_err(at(path))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by(format!("asdf {}", env!("CARGO_PKG_VERSION")))
            .build();
        let file = File::create(path).map_err(io(path))?;
        let writer = ArrowWriter::try_new(file, schema_of(columns), Some(properties));
        Ok(Self {
            writer: writer.map_err(at(path))?,
            path: path.to_path_buf(),
        })
    }

    /// Writes a row group.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let written = self.writer.write(batch);
        written
            .and_then(|()| self.writer.flush())
            .map_err(at(&self.path))
    }

    /// Completes the file and brings it to the disk.
    pub(crate) fn finish(self) -> Result<()> {
        let file = self.writer.into_inner().map_err(at(&self.path))?;
        file.sync_all().map_err(io(&self.path))
    }
}

/// A Parquet file that is read.
#[derive(Debug)]
pub(crate) struct Part {
    path: PathBuf,
    columns: Vec<Column>,
    rows: usize,
    /// Values that are there, of each column.
    counts: Vec<u64>,
}

impl Part {
    /// Reads what the file says of itself.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let reader = builder(path)?;
        let columns: Option<Vec<Column>> = reader
            .schema()
            .fields()
            .iter()
            .map(|field| Column::of(field))
            .collect();
        let columns = columns
            .ok_or_else(|| fault("a column has a type that no catalogue has").at_file(path))?;
        let metadata = reader.metadata();
        let mut counts = vec![0_u64; columns.len()];
        for group in metadata.row_groups() {
            for (leaf, chunk) in group.columns().iter().enumerate() {
                let root = reader.parquet_schema().get_column_root_idx(leaf);
                let nulls = chunk.statistics().and_then(Statistics::null_count_opt);
                let values = u64::try_from(chunk.num_values()).unwrap_or(0);
                if let Some(count) = counts.get_mut(root) {
                    *count += values.saturating_sub(nulls.unwrap_or(0));
                }
            }
        }
        let rows = usize::try_from(metadata.file_metadata().num_rows()).unwrap_or(0);
        Ok(Self {
            path: path.to_path_buf(),
            columns,
            rows,
            counts,
        })
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

    /// Rows of some columns, those that the file has, batch after batch; of all rows where no ranges are given.
    pub(crate) fn read(
        &self,
        names: &[&str],
        ranges: Option<&[Range<usize>]>,
        mut visit: impl FnMut(RecordBatch) -> Result<()>,
    ) -> Result<()> {
        let builder = builder(&self.path)?;
        let roots = self.columns.iter().enumerate();
        let roots = roots.filter(|(_, column)| names.contains(&column.name.as_str()));
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots.map(|(root, _)| root));
        let mut builder = builder.with_projection(mask).with_batch_size(ROWS);
        if let Some(ranges) = ranges {
            let ranges = ranges.iter().cloned();
            let selection = RowSelection::from_consecutive_ranges(ranges, self.rows);
            builder = builder.with_row_selection(selection);
        }
        for batch in builder.build().map_err(at(&self.path))? {
            visit(batch.map_err(at(&self.path))?)?;
        }
        Ok(())
    }

    /// Some rows as these columns are, in the order of the file: columns that the file does not have are empty.
    pub(crate) fn gather(
        &self,
        columns: &[Column],
        ranges: &[Range<usize>],
    ) -> Result<Vec<RecordBatch>> {
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let schema = schema_of(columns);
        let mut out = Vec::new();
        self.read(&names, Some(ranges), |batch| {
            let arrays: Result<Vec<ArrayRef>> = columns
                .iter()
                .map(|column| self.conform(column, &batch))
                .collect();
            let new = RecordBatch::try_new(Arc::clone(&schema), arrays?);
            out.push(new.map_err(at(&self.path))?);
            Ok(())
        })?;
        Ok(out)
    }

    /// A column of a batch as it is to be.
    fn conform(&self, column: &Column, batch: &RecordBatch) -> Result<ArrayRef> {
        let Some(array) = batch.column_by_name(&column.name) else {
            return Ok(new_null_array(&column.kind.data_type(), batch.num_rows()));
        };
        let own = self.columns.iter().find(|own| own.name == column.name);
        match own {
            Some(own) if own.kind != column.kind => {
                let cells = cells(&own.kind, array.as_ref());
                to_array(&column.kind, &cells).map_err(at(&self.path))
            }
            _ => Ok(Arc::clone(array)),
        }
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

fn builder(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>> {
    let file = File::open(path).map_err(io(path))?;
    ParquetRecordBatchReaderBuilder::try_new(file).map_err(at(path))
}

/// Rows of several batches as one, in this order of all of them.
pub(crate) fn arranged(
    columns: &[Column],
    batches: &[RecordBatch],
    order: &[u64],
    path: &Path,
) -> Result<RecordBatch> {
    let all = concat_batches(&schema_of(columns), batches).map_err(at(path))?;
    let order = UInt64Array::from(order.to_vec());
    take_record_batch(&all, &order).map_err(at(path))
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
