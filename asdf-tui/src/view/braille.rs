//! Dots in the letters of the braille alphabet: two across and four down in each cell.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Dots over an area.
#[derive(Debug)]
pub(super) struct Dots {
    area: Rect,
    cells: Vec<u8>,
}

/// The bit of each dot, rows of two.
const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

impl Dots {
    pub(super) fn new(area: Rect) -> Self {
        let cells = usize::from(area.width) * usize::from(area.height);
        Self {
            area,
            cells: vec![0; cells],
        }
    }

    /// Dots across.
    pub(super) fn width(&self) -> usize {
        usize::from(self.area.width) * 2
    }

    /// Dots down.
    pub(super) fn height(&self) -> usize {
        usize::from(self.area.height) * 4
    }

    /// Sets a dot, from the left and from the top; what is outside is left out.
    pub(super) fn set(&mut self, x: usize, y: usize) {
        let width = usize::from(self.area.width);
        if x / 2 >= width {
            return;
        }
        let bit = BITS.get(y % 4).and_then(|row| row.get(x % 2));
        if let (Some(cell), Some(bit)) = (self.cells.get_mut(y / 4 * width + x / 2), bit) {
            *cell |= bit;
        }
    }

    /// Sets the dots from one row to another.
    pub(super) fn column(&mut self, x: usize, from: usize, to: usize) {
        for y in from.min(to)..=from.max(to) {
            self.set(x, y);
        }
    }

    /// Writes the cells that have dots.
    pub(super) fn draw(&self, buf: &mut Buffer, style: Style) {
        let width = usize::from(self.area.width).max(1);
        for (y, row) in (self.area.y..).zip(self.cells.chunks(width)) {
            for (x, bits) in (self.area.x..).zip(row) {
                let letter = char::from_u32(0x2800 + u32::from(*bits));
                if let (Some(letter), Some(cell)) = (letter, buf.cell_mut(Position::new(x, y)))
                    && *bits != 0
                {
                    cell.set_char(letter).set_style(style);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_has_eight_dots() {
        let area = Rect::new(0, 0, 2, 1);
        let mut dots = Dots::new(area);
        dots.set(0, 0);
        dots.set(1, 3);
        dots.column(2, 3, 0);
        dots.set(4, 0);
        dots.set(0, 4);
        let mut buf = Buffer::empty(area);
        dots.draw(&mut buf, Style::new());
        assert_eq!(buf, Buffer::with_lines(["⢁⡇"]));
    }
}
