//! Where things are in the pane.
//!
//! ```text
//! ┌──────────────────┬──────────┐
//! │ picture          │ WCS      │   the WCS stands at the right where there is room, else below
//! ├──────────────────┴──────────┤
//! │ chart                       │
//! ├─────────────────────────────┤
//! │ x=12 y=34 v=1.2e-1 …        │   one line, or two where it is narrow
//! └─────────────────────────────┘
//! ```

use ratatui::layout::Rect;

/// What stands beside the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Nothing.
    Nothing,
    /// A chart.
    Chart,
    /// The WCS.
    Wcs,
}

/// The parts of the pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// The picture.
    pub picture: Rect,
    /// Chart or WCS; empty without one, or without room.
    pub companion: Rect,
    /// What is told of the pixel.
    pub status: Rect,
    /// The bar of colours with their values; empty without one, or without room.
    pub colorbar: Rect,
}

/// Columns of the bar of colours with its values, and those that a picture has at least beside it.
const COLORBAR: u16 = 14;
const LEAST: u16 = 20;

impl Parts {
    /// The same with a bar of colours at the right of the picture, where there is room.
    #[must_use]
    pub fn with_colorbar(mut self) -> Self {
        if self.picture.width >= COLORBAR + LEAST {
            (self.picture, self.colorbar) = cut_right(self.picture, COLORBAR);
        }
        self
    }
}

/// Columns from which what is told of a pixel has room in one line.
const WIDE: u16 = 132;
/// Columns from which the WCS stands beside the picture.
const BESIDE: u16 = 100;

/// The parts of an area.
pub fn parts(area: Rect, beside: Beside) -> Parts {
    let lines = match area.height {
        0 | 1 => 0,
        2..8 => 1,
        _ if area.width >= WIDE => 1,
        _ => 2,
    };
    let (body, status) = cut_below(area, lines);
    let (picture, companion) = match beside {
        Beside::Nothing => (body, Rect::default()),
        Beside::Wcs if body.width >= BESIDE => cut_right(body, body.width / 2),
        Beside::Wcs => cut_below(body, body.height * 3 / 5),
        Beside::Chart => cut_below(body, (body.height / 3).max(body.height.min(9))),
    };
    Parts {
        picture,
        companion,
        status,
        colorbar: Rect::default(),
    }
}

fn cut_below(area: Rect, height: u16) -> (Rect, Rect) {
    let rest = area.height.saturating_sub(height);
    let above = Rect {
        height: rest,
        ..area
    };
    let below = Rect {
        y: area.y.saturating_add(rest),
        height: area.height - rest,
        ..area
    };
    (above, below)
}

fn cut_right(area: Rect, width: u16) -> (Rect, Rect) {
    let rest = area.width.saturating_sub(width);
    let left = Rect {
        width: rest,
        ..area
    };
    let right = Rect {
        x: area.x.saturating_add(rest),
        width: area.width - rest,
        ..area
    };
    (left, right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_the_area_whatever_its_size() {
        for beside in [Beside::Nothing, Beside::Chart, Beside::Wcs] {
            for width in [0, 1, 20, 99, 100, 200] {
                for height in 0..40 {
                    let area = Rect::new(3, 5, width, height);
                    let parts = parts(area, beside);
                    let all = [parts.picture, parts.companion, parts.status];
                    let cells: u32 = all.iter().map(|part| part.area()).sum();
                    assert_eq!(cells, area.area(), "{beside:?} {width}×{height}");
                }
            }
        }
    }
}
