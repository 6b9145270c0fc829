//! The rows of a Parquet file one after the other, each read once.

use super::{Part, schema_of};
use crate::fault::{at, fault};
use crate::read::MIXED;
use crate::schema::{Column, Kind, cells, to_array};
use arrow_array::{Array, ArrayRef, RecordBatch, new_null_array};
use arrow_schema::SchemaRef;
use asdf_core::Result;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use std::path::PathBuf;
use std::sync::Arc;

/// Rows that are decoded at a time: of each of many files.
const ROWS: usize = 512;

/// Rows as these columns are: columns that the file does not have are empty, values of other types are widened.
pub(crate) struct PartStream {
    reader: ParquetRecordBatchReader,
    schema: SchemaRef,
    /// The columns, what they hold in the file, and the unit that their numbers get as text.
    columns: Vec<(Column, Kind, Option<String>)>,
    path: PathBuf,
}

impl Part {
    /// All rows as these columns are, in the order of the file.
    pub(crate) fn stream(&self, columns: &[Column]) -> Result<PartStream> {
        let builder = self.builder()?;
        let is_wanted = |own: &Column| columns.iter().any(|column| column.name == own.name);
        let roots = self.columns.iter().enumerate();
        let roots = roots.filter(|(_, own)| is_wanted(own));
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots.map(|(root, _)| root));
        let reader = builder.with_projection(mask).with_batch_size(ROWS).build();
        let own = |column: &Column| {
            let mut all = self.columns.iter();
            let own = all.find(|own| own.name == column.name).unwrap_or(column);
            let is_text = column.kind == Kind::Text && own.unit != column.unit;
            let unit = own.unit.clone().filter(|unit| is_text && unit != MIXED);
            (own.kind.clone(), unit)
        };
        let columns_of = columns.iter();
        Ok(PartStream {
            reader: reader.map_err(at(self.path()))?,
            schema: schema_of(columns),
            columns: columns_of
                .map(|column| {
                    let (kind, unit) = own(column);
                    (column.clone(), kind, unit)
                })
                .collect(),
            path: self.path().to_path_buf(),
        })
    }
}

impl PartStream {
    /// The next rows; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>> {
        let Some(batch) = self.reader.next() else {
            return Ok(None);
        };
        let batch = batch.map_err(at(&self.path))?;
        let arrays = self.columns.iter().map(|(column, own, unit)| {
            let Some(array) = batch.column_by_name(&column.name) else {
                return Ok(new_null_array(&column.kind.data_type(), batch.num_rows()));
            };
            // Other programs name the items of lists otherwise, which is another type for Arrow.
            if *array.data_type() == column.kind.data_type() {
                return Ok(Arc::clone(array));
            }
            let mut cells = cells(own, array.as_ref());
            if let Some(unit) = unit {
                // Numbers of several units are text, each with its own.
                cells
                    .iter_mut()
                    .flatten()
                    .for_each(|cell| *cell = cell.clone().with_unit(unit));
            }
            to_array(&column.kind, &cells)
        });
        let arrays: std::result::Result<Vec<ArrayRef>, _> = arrays.collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays.map_err(at(&self.path))?);
        batch.map(Some).map_err(at(&self.path))
    }

    /// An error about the file.
    pub(crate) fn fault(&self, text: impl Into<String>) -> asdf_core::Error {
        fault(text).at_file(&self.path)
    }
}
