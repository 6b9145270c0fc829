//! A matrix of two axes of an array; the other axes stand at one index each.

use crate::pane::cursor::Motion;
use crate::pane::sheet::Sheet;
use crate::pane::sheet::SheetSource;
use crate::pane::sheet::Window;
use crate::pane::sheet::WindowAsk;
use asdf_core::ArrayRef;
use asdf_core::AsdfFile;
use asdf_core::Result;
use asdf_core::array::Slice;
use asdf_core::inspect::ArrayInfo;
use asdf_core::inspect::escape;
use asdf_core::tree::NodeId;
use std::ops::Range;

/// Characters of a cell that are kept.
pub const LONGEST_CELL: usize = 200;

/// Two axes of an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixSource {
    /// The array.
    pub node: NodeId,
    /// The index on every axis; those of the two axes that show do not count.
    pub index: Vec<u64>,
    /// The axis whose positions are rows.
    pub down: Option<usize>,
    /// The axis whose positions are columns.
    pub across: Option<usize>,
}

/// The state of the pane.
#[derive(Debug)]
pub struct GridPane {
    /// What shows.
    pub source: MatrixSource,
    /// The path of the array.
    pub path: String,
    /// Lengths of the axes.
    pub shape: Vec<u64>,
    /// The datatype, for people.
    pub datatype: String,
    /// The axis that `[` and `]` walk along.
    pub axis: Option<usize>,
    /// The cells.
    pub sheet: Sheet,
}

impl GridPane {
    /// The last two axes of an array.
    pub fn new(node: NodeId, path: String, info: &ArrayInfo) -> Self {
        let shape = info.shape.clone();
        let last = shape.len().checked_sub(1);
        let (down, across) = match last {
            Some(0) => (Some(0), None),
            Some(last) => (Some(last - 1), Some(last)),
            None => (None, None),
        };
        let mut pane = Self {
            source: MatrixSource {
                node,
                index: vec![0; shape.len()],
                down,
                across,
            },
            path,
            shape,
            datatype: info.datatype.to_string(),
            axis: None,
            sheet: Sheet::default(),
        };
        pane.axis = pane.free().last();
        pane.lay_out();
        pane
    }

    /// The axes that stand at one index.
    pub fn free(&self) -> impl DoubleEndedIterator<Item = usize> + use<> {
        let (down, across) = (self.source.down, self.source.across);
        (0..self.shape.len()).filter(move |axis| Some(*axis) != down && Some(*axis) != across)
    }

    fn length(&self, axis: Option<usize>) -> u64 {
        axis.map_or(1, |axis| self.shape.get(axis).copied().unwrap_or(0))
    }

    fn lay_out(&mut self) {
        let is_empty = self.shape.contains(&0);
        let rows = if is_empty {
            0
        } else {
            self.length(self.source.down)
        };
        let columns = self.length(self.source.across);
        let digits = columns.saturating_sub(1).to_string().len();
        let width = u16::try_from(digits).unwrap_or(20);
        self.sheet = Sheet::new(rows, columns, vec![width]);
    }

    /// One further along the chosen axis, or back.
    pub fn slice(&mut self, forward: bool) -> bool {
        let Some(axis) = self.axis else {
            return false;
        };
        let most = self.length(Some(axis)).saturating_sub(1);
        let Some(index) = self.source.index.get_mut(axis) else {
            return false;
        };
        let before = *index;
        *index = if forward {
            (before + 1).min(most)
        } else {
            before.saturating_sub(1)
        };
        if *index != before {
            self.sheet.forget();
        }
        true
    }

    /// The next axis for `[` and `]`, or the one before.
    pub fn other_axis(&mut self, forward: bool) {
        let free: Vec<usize> = self.free().collect();
        let here = free.iter().position(|axis| Some(*axis) == self.axis);
        let count = free.len().max(1);
        let at = here.unwrap_or(0) + if forward { 1 } else { count - 1 };
        self.axis = free.get(at % count).copied();
    }

    /// Exchanges rows and columns, or brings the chosen axis down the rows.
    pub fn turn(&mut self, bring: bool) {
        let source = &mut self.source;
        match (bring, self.axis) {
            (true, Some(axis)) => {
                self.axis = source.down.replace(axis);
            }
            (true, None) => return,
            (false, _) => std::mem::swap(&mut source.down, &mut source.across),
        }
        self.lay_out();
    }

    /// The index of the selected element.
    pub fn index(&self) -> Vec<u64> {
        let mut index = self.source.index.clone();
        for (axis, at) in [
            (self.source.down, self.sheet.row.at),
            (self.source.across, self.sheet.column.at),
        ] {
            if let Some(slot) = axis.and_then(|axis| index.get_mut(axis)) {
                *slot = at;
            }
        }
        index
    }

    /// Selects an element by its index; false when the array has no such element.
    pub fn select(&mut self, index: &[u64]) -> bool {
        let fits = index
            .iter()
            .zip(&self.shape)
            .all(|(at, length)| at < length);
        if !fits || index.len() != self.shape.len() {
            return false;
        }
        let at = |axis: Option<usize>| axis.and_then(|axis| index.get(axis)).copied().unwrap_or(0);
        let (row, column) = (at(self.source.down), at(self.source.across));
        let other = self
            .free()
            .any(|axis| self.source.index.get(axis) != index.get(axis));
        if other {
            self.source.index = index.to_vec();
            self.sheet.forget();
        }
        self.sheet.select(row, column);
        true
    }

    /// Moves the selected element.
    pub fn step(&mut self, motion: Motion) {
        self.sheet.step(motion);
    }

    /// What is to be loaded.
    pub fn missing(&mut self) -> Option<WindowAsk> {
        let (rows, columns) = self.sheet.missing()?;
        Some(WindowAsk {
            source: SheetSource::Matrix(self.source.clone()),
            rows,
            picked: None,
            columns,
        })
    }
}

/// Loads the cells of a matrix.
///
/// # Errors
/// The array cannot be located or read.
pub fn load(
    file: &AsdfFile,
    source: &MatrixSource,
    rows: Range<u64>,
    columns: Range<u64>,
) -> Result<Window> {
    let node = file.tree().by_id(source.node);
    let array = file.array_at(node.unwrap_or_else(|| file.tree().root()))?;
    let cells = matrix(&array, source, &rows, &columns)?;
    Ok(Window {
        rows,
        columns,
        cells,
    })
}

fn matrix(
    array: &ArrayRef<'_>,
    source: &MatrixSource,
    rows: &Range<u64>,
    columns: &Range<u64>,
) -> Result<Vec<String>> {
    let at = |position: u64| i64::try_from(position).unwrap_or(i64::MAX);
    let part = |range: &Range<u64>| Slice::Range {
        start: Some(at(range.start)),
        stop: Some(at(range.end)),
        step: 1,
    };
    let slices: Vec<Slice> = (0..)
        .zip(&source.index)
        .map(|(axis, index)| match axis {
            _ if Some(axis) == source.down => part(rows),
            _ if Some(axis) == source.across => part(columns),
            _ => Slice::Index(at(*index)),
        })
        .collect();
    let data = array.copy_slices(&slices)?;
    let is_turned = source.down > source.across && source.across.is_some();
    let mut cells = Vec::new();
    for row in 0..rows.end - rows.start {
        for column in 0..columns.end - columns.start {
            let index: &[u64] = match (source.down, source.across) {
                (None, None) => &[],
                (None, Some(_)) => &[column],
                (Some(_), None) => &[row],
                (Some(_), Some(_)) if is_turned => &[column, row],
                (Some(_), Some(_)) => &[row, column],
            };
            cells.push(short(&data.cell(index)));
        }
    }
    Ok(cells)
}

/// A cell fit for the screen.
pub fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST_CELL) {
        Some((end, _)) => format!("{}…", escape(text.get(..end).unwrap_or_default())),
        None => escape(text).into_owned(),
    }
}
