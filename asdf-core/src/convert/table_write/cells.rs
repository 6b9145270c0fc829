//! Columns as cells: what stands in each, and how the values of rows get there.

use super::parts::Part;
use crate::array::{Datatype, Scalar};
use crate::convert::csv_write::{Cells, RowSink, below, spread};
use crate::convert::leaf::{Leaf, Sink};
use crate::error::Result;

/// A column of cells.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) name: String,
    /// `None` for text.
    pub(super) scalar: Option<Scalar>,
    pub(super) unit: Option<String>,
    pub(super) description: Option<String>,
    /// The axes of the array that stands in a cell; none of a single value.
    pub(super) shape: Vec<u64>,
    /// Whether the cells have arrays of different lengths, of which the shape has the longest.
    pub(super) is_variable: bool,
}

impl Cell {
    /// Values of a cell.
    fn count(&self) -> u64 {
        let lengths = self.shape.iter();
        lengths.fold(1, |all: u64, length| all.saturating_mul(*length))
    }

    pub(super) fn is_array(&self) -> bool {
        !self.shape.is_empty()
    }
}

/// The cells of a column: the fields of records, and of arrays that do not stand in one cell (`keeps`) the elements, each under
/// a name of its own.
pub(super) fn of_part(
    (name, cells): (&str, &Cells<'_>),
    part: &Part<'_>,
    keeps: &dyn Fn(&Datatype, &[u64]) -> bool,
) -> Vec<Cell> {
    let mut out = Vec::new();
    let plan = Plan { part, keeps };
    let datatype = cells.datatype();
    if part.lengths.is_some() && datatype.scalar().is_some() {
        let mut cell = plan.cell(name, datatype, None);
        cell.shape = cells.inner().to_vec();
        cell.is_variable = true;
        return vec![cell];
    }
    plan.add(name, datatype, cells.inner(), None, &mut out);
    out
}

struct Plan<'p, 'f> {
    part: &'p Part<'f>,
    keeps: &'p dyn Fn(&Datatype, &[u64]) -> bool,
}

impl Plan<'_, '_> {
    /// A cell of a column, or of a field of its records.
    fn cell(&self, name: &str, datatype: &Datatype, field: Option<usize>) -> Cell {
        let about = match field {
            Some(field) => self.part.fields.get(field),
            None => Some(&self.part.about),
        };
        Cell {
            name: name.to_owned(),
            scalar: datatype.scalar(),
            unit: about.and_then(|about| about.unit.clone()),
            description: about.and_then(|about| about.description.clone()),
            shape: Vec::new(),
            is_variable: false,
        }
    }

    fn add(
        &self,
        name: &str,
        datatype: &Datatype,
        shape: &[u64],
        field: Option<usize>,
        out: &mut Vec<Cell>,
    ) {
        if let Datatype::Record(fields) = datatype {
            for label in spread(name, shape) {
                for (index, own) in fields.iter().enumerate() {
                    let name = below(&label, own.label(index));
                    let field = field.or(Some(index));
                    self.add(&name, &own.datatype, &own.shape, field, out);
                }
            }
            return;
        }
        if !shape.is_empty() && (self.keeps)(datatype, shape) {
            let mut cell = self.cell(name, datatype, field);
            cell.shape = shape.to_vec();
            out.push(cell);
            return;
        }
        let labels = spread(name, shape);
        out.extend(labels.iter().map(|label| self.cell(label, datatype, field)));
    }
}

/// `columns a, b are`
pub(super) fn several(noun: &str, names: &[String]) -> String {
    match names {
        [name] => format!("{noun} {name} is"),
        names => format!("{noun}s {} are", names.join(", ")),
    }
}

/// What writes cells.
pub(super) trait CellWriter {
    /// A value of the current cell, and its place there.
    fn value(&mut self, cell: &Cell, at: u64, leaf: &Leaf<'_>) -> Result<()>;
    /// The cell is complete, with so many values.
    fn end(&mut self, cell: &Cell, count: u64) -> Result<()>;
    fn end_row(&mut self) -> Result<()>;
}

/// Brings the values of rows to their cells.
pub(super) struct CellRows<'a, W> {
    /// The cells of each column.
    plan: &'a [Vec<Cell>],
    /// Elements of each row, of columns of arrays of different lengths.
    lengths: Vec<Option<&'a [u64]>>,
    writer: W,
    row: usize,
    column: Option<usize>,
    /// The cell within the column, and the value within the cell.
    cell: usize,
    at: u64,
}

impl<'a, W: CellWriter> CellRows<'a, W> {
    pub(super) fn new(plan: &'a [Vec<Cell>], parts: &'a [Part<'_>], writer: W) -> Self {
        let lengths = parts.iter().map(|part| part.lengths.as_deref());
        Self {
            plan,
            lengths: lengths.collect(),
            writer,
            row: 0,
            column: None,
            cell: 0,
            at: 0,
        }
    }

    pub(super) fn into_writer(self) -> W {
        self.writer
    }

    fn current(&self) -> Option<(&'a Cell, u64)> {
        let column = self.column?;
        let cell = self.plan.get(column)?.get(self.cell)?;
        let count = cell.count();
        let lengths = self.lengths.get(column).copied().flatten();
        let length = lengths.and_then(|lengths| lengths.get(self.row));
        let length = length.filter(|_| cell.is_variable).copied();
        Some((cell, length.unwrap_or(count).min(count)))
    }

    /// Ends cells that have no values.
    fn pass_empty(&mut self) -> Result<()> {
        while let Some((cell, _)) = self.current().filter(|(cell, _)| cell.count() == 0) {
            self.writer.end(cell, 0)?;
            self.cell = self.cell.saturating_add(1);
        }
        Ok(())
    }
}

impl<W: CellWriter> Sink for CellRows<'_, W> {
    fn open(&mut self) -> Result<()> {
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        Ok(())
    }

    fn leaf(&mut self, leaf: Leaf<'_>) -> Result<()> {
        self.pass_empty()?;
        let Some((cell, length)) = self.current() else {
            return Ok(());
        };
        if self.at < length {
            self.writer.value(cell, self.at, &leaf)?;
        }
        self.at = self.at.saturating_add(1);
        if self.at >= cell.count() {
            self.writer.end(cell, length)?;
            self.cell = self.cell.saturating_add(1);
            self.at = 0;
        }
        Ok(())
    }
}

impl<W: CellWriter> RowSink for CellRows<'_, W> {
    fn column(&mut self, place: usize) -> Result<()> {
        self.pass_empty()?;
        self.column = Some(place);
        (self.cell, self.at) = (0, 0);
        Ok(())
    }

    fn end_row(&mut self) -> Result<()> {
        self.pass_empty()?;
        self.column = None;
        self.row = self.row.saturating_add(1);
        self.writer.end_row()
    }
}
