//! A selected row in a list longer than the screen, and the rows that show.

use std::ops::Range;

/// A step over a list or a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// One up.
    Up,
    /// One down.
    Down,
    /// One to the left.
    Left,
    /// One to the right.
    Right,
    /// Half a screen up.
    HalfUp,
    /// Half a screen down.
    HalfDown,
    /// A screen up.
    PageUp,
    /// A screen down.
    PageDown,
    /// Half a screen to the left.
    HalfLeft,
    /// Half a screen to the right.
    HalfRight,
    /// To the first row.
    Top,
    /// To the last row.
    Bottom,
    /// To the first column.
    First,
    /// To the last column.
    Last,
}

/// Where a list stands. Positions are `u64`: lists may be the rows of an array.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The selected row.
    pub at: u64,
    /// The first row that shows.
    pub top: u64,
}

impl Cursor {
    /// Moves up or down in a list of `len` rows of which `height` show.
    pub fn step(&mut self, motion: Motion, len: u64, height: u64) {
        let half = (height / 2).max(1);
        let page = height.saturating_sub(1).max(1);
        let at = match motion {
            Motion::Up => self.at.saturating_sub(1),
            Motion::Down => self.at.saturating_add(1),
            Motion::HalfUp => self.at.saturating_sub(half),
            Motion::HalfDown => self.at.saturating_add(half),
            Motion::PageUp => self.at.saturating_sub(page),
            Motion::PageDown => self.at.saturating_add(page),
            Motion::Top => 0,
            Motion::Bottom => u64::MAX,
            Motion::Left
            | Motion::Right
            | Motion::HalfLeft
            | Motion::HalfRight
            | Motion::First
            | Motion::Last => self.at,
        };
        self.select(at, len, height);
    }

    /// Selects a row and shows it, with the list moved as little as possible.
    pub fn select(&mut self, at: u64, len: u64, height: u64) {
        self.at = at.min(len.saturating_sub(1));
        let least = self.at.saturating_add(1).saturating_sub(height.max(1));
        let most = len.saturating_sub(height);
        self.top = self.top.clamp(least, self.at).min(most.max(least));
    }

    /// Selects a row and shows it in the middle, unless it shows already.
    pub fn reveal(&mut self, at: u64, len: u64, height: u64) {
        if !self.rows(len, height).contains(&at) {
            self.top = at.saturating_sub(height / 2);
        }
        self.select(at, len, height);
    }

    /// Scrolls by rows; the selected row stays on the screen.
    pub fn scroll(&mut self, by: i64, len: u64, height: u64) {
        let most = len.saturating_sub(height);
        self.top = self.top.saturating_add_signed(by).min(most);
        let last = self.top.saturating_add(height.max(1)).saturating_sub(1);
        self.at = self.at.clamp(self.top, last).min(len.saturating_sub(1));
    }

    /// The rows that show.
    pub fn rows(&self, len: u64, height: u64) -> Range<u64> {
        self.top.min(len)..self.top.saturating_add(height).min(len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_moves_as_little_as_possible() {
        let mut cursor = Cursor::default();
        cursor.step(Motion::PageDown, 100, 10);
        assert_eq!(cursor, Cursor { at: 9, top: 0 });
        cursor.step(Motion::Down, 100, 10);
        assert_eq!(cursor, Cursor { at: 10, top: 1 });
        cursor.step(Motion::Bottom, 100, 10);
        assert_eq!(cursor, Cursor { at: 99, top: 90 });
        cursor.step(Motion::Up, 100, 10);
        assert_eq!(cursor, Cursor { at: 98, top: 90 });
    }

    #[test]
    fn an_empty_list_and_no_height_are_no_trouble() {
        let mut cursor = Cursor { at: 7, top: 5 };
        cursor.step(Motion::Down, 0, 0);
        assert_eq!(cursor, Cursor { at: 0, top: 0 });
        cursor.scroll(-3, 0, 0);
        assert!(cursor.rows(0, 0).is_empty());
        cursor.select(4, 9, 0);
        assert_eq!(cursor.at, 4);
    }

    #[test]
    fn the_wheel_takes_the_selection_along() {
        let mut cursor = Cursor::default();
        cursor.scroll(30, 100, 10);
        assert_eq!(cursor, Cursor { at: 30, top: 30 });
        cursor.reveal(80, 100, 10);
        assert_eq!(cursor, Cursor { at: 80, top: 75 });
    }
}
