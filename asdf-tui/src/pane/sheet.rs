//! A sheet of cells, of which only a window is loaded: what grids and tables have in common.

use crate::pane::cursor::Cursor;
use crate::pane::cursor::Motion;
use crate::pane::grid::MatrixSource;
use crate::pane::table::Column;
use std::ops::Range;
use std::sync::Arc;

/// The widest cell that shows in full.
pub const WIDEST: u16 = 32;
/// The narrowest column.
const NARROWEST: u16 = 4;
/// Columns of one window.
const MOST_COLUMNS: u64 = 400;

/// Where the cells come from.
#[derive(Debug, Clone)]
pub enum SheetSource {
    /// Two axes of an array.
    Matrix(MatrixSource),
    /// Columns of a table.
    Columns(Arc<Vec<Column>>),
}

/// A window to be loaded.
#[derive(Debug, Clone)]
pub struct WindowAsk {
    /// Where the cells come from.
    pub source: SheetSource,
    /// The rows of the sheet.
    pub rows: Range<u64>,
    /// The rows of the source, when they are not those of the sheet.
    pub picked: Option<Vec<u64>>,
    /// The columns.
    pub columns: Range<u64>,
}

/// A loaded window.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Window {
    /// The rows of the sheet.
    pub rows: Range<u64>,
    /// The columns.
    pub columns: Range<u64>,
    /// The cells, row by row, escaped.
    pub cells: Vec<String>,
}

impl Window {
    /// The text of a cell; `None` when the window does not have it.
    pub fn cell(&self, row: u64, column: u64) -> Option<&str> {
        if !self.rows.contains(&row) || !self.columns.contains(&column) {
            return None;
        }
        let width = self.columns.end - self.columns.start;
        let at = (row - self.rows.start) * width + (column - self.columns.start);
        let cell = self.cells.get(usize::try_from(at).ok()?)?;
        Some(cell)
    }
}

/// The state of a sheet.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Number of rows.
    pub rows: u64,
    /// Rows of the whole, of which the numbers of rows are.
    pub numbered: u64,
    /// Number of columns.
    pub columns: u64,
    /// The selected row.
    pub row: Cursor,
    /// The selected column.
    pub column: Cursor,
    /// Columns that stay at the left.
    pub pinned: u64,
    /// What is loaded.
    pub window: Window,
    /// Why nothing is loaded.
    pub fault: Option<String>,
    /// The window that was asked for.
    asked: Option<(Range<u64>, Range<u64>)>,
    /// The width of each column, or one for all.
    widths: Vec<u16>,
    /// Rows and columns of text that there is room for.
    room: (u16, u16),
}

impl Sheet {
    /// A sheet of that size; `widths` are those of the headings, one for all columns or one each.
    pub fn new(rows: u64, columns: u64, widths: Vec<u16>) -> Self {
        Self {
            rows,
            numbered: rows,
            columns,
            widths,
            ..Self::default()
        }
    }

    /// Other columns, of which the first stay at the left.
    pub fn arrange(&mut self, widths: Vec<u16>, pinned: u64) {
        self.columns = widths.len() as u64;
        self.widths = widths;
        self.pinned = pinned;
        self.forget();
        self.show_column();
    }

    /// The columns that show, from the left.
    pub fn visible(&self) -> impl Iterator<Item = u64> + use<> {
        let first = self.column.top.max(self.pinned);
        let end = (first + self.fitting(first)).min(self.columns);
        (0..self.pinned.min(self.columns)).chain(first..end)
    }

    /// The width of a column.
    pub fn width(&self, column: u64) -> u16 {
        let own = usize::try_from(column)
            .ok()
            .and_then(|at| self.widths.get(at));
        let width = own.or_else(|| self.widths.last()).copied();
        width.unwrap_or(NARROWEST).clamp(NARROWEST, WIDEST)
    }

    /// Says how many rows and columns of text there is room for.
    pub fn set_room(&mut self, height: u16, width: u16) {
        self.room = (height, width);
        self.row.select(self.row.at, self.rows, u64::from(height));
        self.show_column();
    }

    /// Columns from the first that shows that fit, at least one.
    pub fn shown_columns(&self) -> u64 {
        self.fitting(self.column.top)
    }

    fn fitting(&self, from: u64) -> u64 {
        let pinned = (0..self.pinned).map(|column| u32::from(self.width(column)) + 1);
        let mut left = u32::from(self.room.1).saturating_sub(pinned.sum());
        let mut count = 0;
        while from + count < self.columns {
            let width = u32::from(self.width(from + count)) + 1;
            if width > left {
                break;
            }
            left -= width;
            count += 1;
        }
        count.max(1)
    }

    /// Brings the selected column onto the screen.
    fn show_column(&mut self) {
        let column = &mut self.column;
        column.at = column.at.min(self.columns.saturating_sub(1));
        let pinned = self.pinned.min(self.columns);
        if column.at < pinned {
            column.top = column.top.max(pinned);
            return;
        }
        column.top = column.top.clamp(pinned, column.at);
        // A jump far to the right need not try every column on the way.
        let most = u64::from(self.room.1) / u64::from(NARROWEST) + 1;
        self.column.top = self.column.top.max(self.column.at.saturating_sub(most));
        while self.column.top < self.column.at
            && self.column.top + self.fitting(self.column.top) <= self.column.at
        {
            self.column.top += 1;
        }
    }

    /// Moves the selected cell.
    pub fn step(&mut self, motion: Motion) {
        let page = (self.shown_columns() / 2).max(1);
        match motion {
            Motion::Left => self.column.at = self.column.at.saturating_sub(1),
            Motion::Right => self.column.at = self.column.at.saturating_add(1),
            Motion::HalfLeft => self.column.at = self.column.at.saturating_sub(page),
            Motion::HalfRight => self.column.at = self.column.at.saturating_add(page),
            Motion::First => self.column.at = 0,
            Motion::Last => self.column.at = u64::MAX,
            _ => self.row.step(motion, self.rows, u64::from(self.room.0)),
        }
        self.show_column();
    }

    /// Selects a cell.
    pub fn select(&mut self, row: u64, column: u64) {
        self.row.reveal(row, self.rows, u64::from(self.room.0));
        self.column.at = column;
        self.show_column();
    }

    /// Scrolls by rows.
    pub fn scroll(&mut self, by: i64) {
        self.row.scroll(by, self.rows, u64::from(self.room.0));
    }

    /// Forgets what is loaded, because the source has changed.
    pub fn forget(&mut self) {
        self.window = Window::default();
        self.asked = None;
        self.fault = None;
    }

    /// The rows that show.
    pub fn shown_rows(&self) -> Range<u64> {
        self.row.rows(self.rows, u64::from(self.room.0))
    }

    /// The window to be asked for, when what shows is neither loaded nor asked for yet.
    pub fn missing(&mut self) -> Option<(Range<u64>, Range<u64>)> {
        let rows = self.shown_rows();
        let first = self.column.top.max(self.pinned);
        let end = (first + self.fitting(first)).min(self.columns);
        // What stays at the left belongs to every window.
        let columns = if self.pinned > 0 { 0..end } else { first..end };
        if rows.is_empty() || columns.is_empty() || self.fault.is_some() {
            return None;
        }
        let holds = |have: &(Range<u64>, Range<u64>)| {
            have.0.start <= rows.start
                && have.0.end >= rows.end
                && have.1.start <= columns.start
                && have.1.end >= columns.end
        };
        let loaded = (self.window.rows.clone(), self.window.columns.clone());
        if holds(&loaded) || self.asked.as_ref().is_some_and(holds) {
            return None;
        }
        let (above, aside) = (u64::from(self.room.0), columns.end - columns.start);
        let rows = rows.start.saturating_sub(above)..(rows.end + above).min(self.rows);
        let start = columns.start.saturating_sub(aside / 2);
        let end = (columns.end + aside).min(self.columns);
        let most = MOST_COLUMNS.max(aside);
        let window = (rows, start..end.min(start + most));
        self.asked = Some(window.clone());
        Some(window)
    }

    /// Takes a loaded window; columns grow to the texts that came, up to [`WIDEST`].
    pub fn learn(&mut self, window: Result<Window, String>) {
        match window {
            Ok(window) => {
                let columns = window.columns.clone();
                let count = usize::try_from(columns.end - columns.start)
                    .unwrap_or(1)
                    .max(1);
                for (at, cell) in window.cells.iter().enumerate() {
                    let column = if self.widths.len() > 1 {
                        usize::try_from(columns.start).unwrap_or(0) + at % count
                    } else {
                        0
                    };
                    let wide = u16::try_from(unicode_width::UnicodeWidthStr::width(&**cell));
                    if let Some(width) = self.widths.get_mut(column) {
                        *width = (*width).max(wide.unwrap_or(WIDEST)).min(WIDEST);
                    }
                }
                self.window = window;
                self.fault = None;
                self.show_column();
            }
            Err(fault) => {
                self.fault = Some(fault);
                self.asked = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let mut sheet = Sheet::new(1000, 1000, vec![9]);
        sheet.set_room(10, 50);
        sheet
    }

    #[test]
    fn only_what_shows_and_its_surroundings_is_asked_for_once() {
        let mut sheet = sheet();
        assert_eq!(sheet.missing(), Some((0..20, 0..10)));
        assert_eq!(sheet.missing(), None);
        sheet.step(Motion::PageDown);
        assert_eq!(sheet.missing(), None, "it is within what was asked for");
        sheet.step(Motion::Bottom);
        assert_eq!(sheet.missing(), Some((980..1000, 0..10)));
    }

    #[test]
    fn the_last_column_shows_at_the_right() {
        let mut sheet = sheet();
        sheet.step(Motion::Last);
        assert_eq!((sheet.column.at, sheet.column.top), (999, 995));
        sheet.step(Motion::First);
        assert_eq!(sheet.column, Cursor::default());
    }

    #[test]
    fn columns_grow_to_their_texts() {
        let mut sheet = Sheet::new(1, 2, vec![4, 4]);
        sheet.set_room(1, 80);
        sheet.learn(Ok(Window {
            rows: 0..1,
            columns: 0..2,
            cells: vec!["1".into(), "123456789".into()],
        }));
        assert_eq!((sheet.width(0), sheet.width(1)), (4, 9));
        assert_eq!(sheet.window.cell(0, 1), Some("123456789"));
        assert_eq!(sheet.window.cell(1, 0), None);
    }
}
