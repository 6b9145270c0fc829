//! Rows in memory, column by column, and the small files into which they go, sorted.

use super::merge::{GONE, Key, NOWHERE};
use crate::fault::at;
use crate::part::{PartWriter, Purpose, schema_of};
use crate::read::MIXED;
use crate::row::{FileRow, leaf_cell};
use crate::schema::{self, Cell, Column, Kind, LEAF, to_array};
use arrow_array::{RecordBatch, UInt32Array};
use arrow_select::take::take_record_batch;
use asdf_core::Result;
use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

/// Rows that are in memory before they are put aside.
const ROWS: usize = 1024;
/// Values of trees and of arrays, for files with many of them.
const VALUES: usize = 500_000;
/// Bytes of text in these.
const TEXT: usize = 32 << 20;

/// Rows of files and of their arrays.
pub(super) struct Rows {
    keys: Vec<Key>,
    /// Which of the rows of arrays are those of each file.
    arrays_of: Vec<Range<u32>>,
    files: Table,
    arrays: Table,
    leaves: HashMap<String, Leaf>,
    values: usize,
    text: usize,
}

/// Columns that are always there, with the values of all rows.
struct Table {
    columns: Vec<Column>,
    places: HashMap<String, usize>,
    values: Vec<Vec<Option<Cell>>>,
    rows: usize,
}

/// A column from trees, with values of those rows that have one.
struct Leaf {
    column: Column,
    values: Vec<(u32, Cell)>,
}

impl Table {
    fn new(columns: Vec<Column>) -> Self {
        let names = columns.iter().enumerate();
        Self {
            places: names
                .map(|(number, column)| (column.name.clone(), number))
                .collect(),
            values: vec![Vec::new(); columns.len()],
            columns,
            rows: 0,
        }
    }

    /// Takes a row: the columns that have a value.
    fn push(&mut self, cells: impl Iterator<Item = (impl AsRef<str>, Cell)>) {
        let row = self.rows;
        self.rows += 1;
        for (name, cell) in cells {
            let place = self.places.get(name.as_ref());
            if let Some(column) = place.and_then(|place| self.values.get_mut(*place)) {
                column.resize(row, None);
                column.push(Some(cell));
            }
        }
    }

    fn arrays(&mut self, path: &Path) -> Result<Vec<arrow_array::ArrayRef>> {
        let columns = self.columns.iter().zip(&mut self.values);
        let arrays = columns.map(|(column, values)| {
            values.resize(self.rows, None);
            let array = to_array(&column.kind, values).map_err(at(path));
            *values = Vec::new();
            array
        });
        arrays.collect()
    }
}

impl Rows {
    pub(super) fn new() -> Self {
        Self {
            keys: Vec::new(),
            arrays_of: Vec::new(),
            files: Table::new(schema::files()),
            arrays: Table::new(schema::arrays()),
            leaves: HashMap::new(),
            values: 0,
            text: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether it is time to put them aside.
    pub(super) fn is_full(&self) -> bool {
        self.keys.len() >= ROWS || self.values >= VALUES || self.text >= TEXT
    }

    /// Takes the rows of a file.
    pub(super) fn push(&mut self, row: FileRow) {
        let number = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        let cell = row.int("_healpix_29").unwrap_or(NOWHERE);
        let is_gone = row.text("status") == Some("gone");
        let cell = if is_gone { GONE } else { cell };
        let url = row.text("access_url").unwrap_or_default();
        self.keys.push((cell, url.into()));
        self.values += row.leaves.len() + row.arrays.len() * 8;
        self.files.push(row.cells.into_iter());
        for leaf in row.leaves {
            let mut cell = leaf_cell(leaf.value);
            let mut kind = kind_of(&cell);
            self.text += cell.heap();
            if let Some(known) = self.leaves.get_mut(&leaf.name) {
                let column = &mut known.column;
                if column.unit != leaf.unit {
                    // Those that came before were of one unit.
                    if let Some(unit) = column.unit.take().filter(|unit| unit != MIXED) {
                        let all = known.values.iter_mut();
                        all.for_each(|(_, cell)| *cell = cell.clone().with_unit(&unit));
                    }
                    column.unit = Some(MIXED.to_owned());
                    column.kind = Kind::Text;
                    if let Some(unit) = &leaf.unit {
                        cell = cell.with_unit(unit);
                    }
                    kind = Kind::Text;
                }
                if column.kind != kind {
                    column.kind = column.kind.clone().widened(kind);
                }
                known.values.push((number, cell));
                continue;
            }
            let column = Column {
                name: format!("{LEAF}{}", leaf.name),
                kind,
                unit: leaf.unit,
                path: Some(leaf.path),
            };
            let values = vec![(number, cell)];
            self.leaves.insert(leaf.name, Leaf { column, values });
        }
        let start = u32::try_from(self.arrays.rows).unwrap_or(u32::MAX);
        for array in row.arrays {
            self.arrays.push(array.into_iter());
        }
        let end = u32::try_from(self.arrays.rows).unwrap_or(u32::MAX);
        self.arrays_of.push(start..end);
    }

    /// Writes them in their order, with at most so many columns from trees, the most frequent ones; gives the number of those left out.
    pub(super) fn write(mut self, [files, arrays]: [&Path; 2], most: usize) -> Result<usize> {
        let mut order: Vec<u32> = (0..).take(self.keys.len()).collect();
        order.sort_by(|a, b| self.keys.get(*a as usize).cmp(&self.keys.get(*b as usize)));
        let mut leaves: Vec<Leaf> = self.leaves.into_values().collect();
        let left_out = leaves.len().saturating_sub(most);
        leaves.sort_by(|a, b| {
            let count = b.values.len().cmp(&a.values.len());
            count.then_with(|| a.column.name.cmp(&b.column.name))
        });
        leaves.truncate(most);
        leaves.sort_by(|a, b| a.column.name.cmp(&b.column.name));
        let mut columns = std::mem::take(&mut self.files.columns);
        self.files.columns.clone_from(&columns);
        let mut found = self.files.arrays(files)?;
        for leaf in leaves {
            let mut values = vec![None; self.keys.len()];
            for (row, cell) in leaf.values {
                if let Some(place) = values.get_mut(row as usize) {
                    *place = Some(cell);
                }
            }
            found.push(to_array(&leaf.column.kind, &values).map_err(at(files))?);
            columns.push(leaf.column);
        }
        let rows = RecordBatch::try_new(schema_of(&columns), found).map_err(at(files))?;
        write(files, &columns, &rows, &order)?;
        let own = order
            .iter()
            .filter_map(|row| self.arrays_of.get(*row as usize));
        let order: Vec<u32> = own.flat_map(Clone::clone).collect();
        let columns = std::mem::take(&mut self.arrays.columns);
        self.arrays.columns.clone_from(&columns);
        let found = self.arrays.arrays(arrays)?;
        let rows = RecordBatch::try_new(schema_of(&columns), found).map_err(at(arrays))?;
        write(arrays, &columns, &rows, &order)?;
        Ok(left_out)
    }
}

fn write(path: &Path, columns: &[Column], rows: &RecordBatch, order: &[u32]) -> Result<()> {
    let order = UInt32Array::from(order.to_vec());
    let sorted = take_record_batch(rows, &order).map_err(at(path))?;
    let mut out = PartWriter::create(path, columns, Purpose::Aside)?;
    out.write(&sorted)?;
    out.finish()
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
