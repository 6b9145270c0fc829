//! `keys.parquet`: the dictionary of an archive, a row for each column that came from trees.

use super::write_rows;
use crate::fault::io;
use crate::schema::{self, Cell, Column, Kind, cells};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use asdf_core::Result;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// Characters of a text that are kept.
const TEXT: usize = 80;

/// What is known of the values of columns.
pub(super) struct Keys {
    known: HashMap<String, Known>,
    kinds: HashMap<String, Kind>,
}

#[derive(Default)]
struct Known {
    files: i64,
    least: Option<Cell>,
    most: Option<Cell>,
}

impl Keys {
    pub(super) fn new(columns: &[Column]) -> Self {
        let kinds = columns.iter();
        Self {
            known: HashMap::new(),
            kinds: kinds
                .map(|column| (column.name.clone(), column.kind.clone()))
                .collect(),
        }
    }

    /// Takes in the rows of a batch.
    pub(super) fn add(&mut self, batch: &RecordBatch) {
        for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
            let Some(kind) = self.kinds.get(field.name()) else {
                continue;
            };
            let known = self.known.entry(field.name().clone()).or_default();
            let there = array.len().saturating_sub(array.null_count());
            known.files += i64::try_from(there).unwrap_or(0);
            if matches!(kind, Kind::List(_)) {
                continue;
            }
            for cell in ends(kind, array.as_ref()).into_iter().flatten() {
                known.add(cell);
            }
        }
    }

    /// Writes the table.
    pub(super) fn write(&self, path: &Path, aside: &Path, leaves: &[Column]) -> Result<()> {
        let columns = schema::keys();
        let none = Known::default();
        let text = |text: &str| Some(Cell::Text(text.to_owned()));
        let mut values = vec![Vec::with_capacity(leaves.len()); columns.len()];
        for leaf in leaves {
            let known = self.known.get(&leaf.name).unwrap_or(&none);
            let end = |cell: &Option<Cell>| {
                let cell = cell.as_ref()?;
                text(&cell.text().chars().take(TEXT).collect::<String>())
            };
            let row = [
                text(&leaf.name),
                leaf.path.as_deref().and_then(text),
                text(&leaf.kind.name()),
                leaf.unit.as_deref().and_then(text),
                Some(Cell::Int(known.files)),
                end(&known.least),
                end(&known.most),
            ];
            for (column, cell) in values.iter_mut().zip(row) {
                column.push(cell);
            }
        }
        let made = aside.join("keys.parquet");
        write_rows(&made, &columns, &values)?;
        fs::rename(&made, path).map_err(io(path))
    }
}

impl Known {
    fn add(&mut self, cell: Cell) {
        let is_less = |other: &Option<Cell>| {
            let other = other.as_ref();
            other.is_none_or(|other| order(&cell, other) == Some(Ordering::Less))
        };
        let is_more = |other: &Option<Cell>| {
            let other = other.as_ref();
            other.is_none_or(|other| order(&cell, other) == Some(Ordering::Greater))
        };
        let (less, more) = (is_less(&self.least), is_more(&self.most));
        if less {
            self.least = Some(cell.clone());
        }
        if more {
            self.most = Some(cell);
        }
    }
}

/// The least and the greatest value of an array.
fn ends(kind: &Kind, array: &dyn Array) -> [Option<Cell>; 2] {
    fn of<T: Copy>(
        values: impl Iterator<Item = T> + Clone,
        less: impl Fn(&T, &T) -> Ordering,
        cell: impl Fn(T) -> Cell,
    ) -> [Option<Cell>; 2] {
        let (least, most) = (values.clone().min_by(&less), values.max_by(&less));
        [least.map(&cell), most.map(cell)]
    }
    match kind {
        Kind::Float => {
            let values = array.as_primitive::<Float64Type>().iter().flatten();
            let values = values.filter(|value| !value.is_nan());
            of(values, f64::total_cmp, Cell::Float)
        }
        Kind::Int => {
            let values = array.as_primitive::<Int64Type>().iter().flatten();
            of(values, Ord::cmp, Cell::Int)
        }
        Kind::Text => {
            let values = array.as_string::<i32>().iter().flatten();
            of(values, Ord::cmp, |text: &str| Cell::Text(text.to_owned()))
        }
        _ => {
            let all = cells(kind, array);
            let least = |a: &&Cell, b: &&Cell| order(a, b).unwrap_or(Ordering::Equal);
            let there = || all.iter().flatten();
            [
                there().min_by(least).cloned(),
                there().max_by(least).cloned(),
            ]
        }
    }
}

fn order(a: &Cell, b: &Cell) -> Option<Ordering> {
    match (a, b) {
        (Cell::Bool(a), Cell::Bool(b)) => Some(a.cmp(b)),
        (Cell::Int(a), Cell::Int(b)) | (Cell::Time(a), Cell::Time(b)) => Some(a.cmp(b)),
        (Cell::Float(a), Cell::Float(b)) => a.partial_cmp(b),
        (Cell::Text(a), Cell::Text(b)) => Some(a.cmp(b)),
        _ => None,
    }
}
