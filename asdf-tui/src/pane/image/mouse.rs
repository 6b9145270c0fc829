//! What the pane makes of the mouse.

use super::ImageJob;
use super::ImagePane;
use super::message::Lane;
use super::viewport::Zoom;
use crate::mouse::Mouse;
use ratatui::layout::Position;
use ratatui::layout::Rect;

/// A button is down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Drag {
    /// The left one, at this pixel when the view was last moved.
    Left([i64; 2]),
    /// The right one: where it went down, with contrast and bias as they were.
    Right {
        start: [i64; 2],
        contrast: f64,
        bias: f64,
    },
}

impl ImagePane {
    pub(super) fn on_mouse(&mut self, kind: Mouse, [x, y]: [u16; 2]) -> Vec<ImageJob> {
        let (width, height) = self.size;
        let picture = self.parts(Rect::new(0, 0, width, height)).picture;
        let is_inside = picture.contains(Position::new(x, y));
        let at = self.pixel([x, y]);
        match kind {
            Mouse::Hover => self.hover_at(at, is_inside),
            Mouse::Press if is_inside => self.press(at),
            Mouse::WheelUp if is_inside => self.wheel(at, Zoom::closer),
            Mouse::WheelDown if is_inside => self.wheel(at, Zoom::further),
            Mouse::RightPress if is_inside => {
                self.drag = Some(Drag::Right {
                    start: at,
                    contrast: self.look.contrast,
                    bias: self.look.bias,
                });
                Vec::new()
            }
            Mouse::Drag => self.drag_view(at),
            Mouse::RightDrag => {
                self.drag_colors(at);
                Vec::new()
            }
            Mouse::Release => {
                self.drag = None;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// The pixel in the middle of a cell.
    fn pixel(&self, cell: [u16; 2]) -> [i64; 2] {
        let along = |axis: usize| {
            let (size, place) = (i64::from(self.cell[axis]), i64::from(cell[axis]));
            place * size + size / 2
        };
        let [x, y] = [along(0), along(1)];
        // In the second of two pictures it is the same place as in the first.
        let offset = i64::try_from(self.offset()).unwrap_or(i64::MAX);
        let is_second = self.beside.is_some() && x >= offset;
        [if is_second { x - offset } else { x }, y]
    }

    /// The pixel under the mouse is told until the mouse leaves the picture.
    fn hover_at(&mut self, at: [i64; 2], is_inside: bool) -> Vec<ImageJob> {
        let view = self.view.filter(|view| {
            // Between two pictures there is nothing.
            let width = i64::try_from(view.pixels[0]).unwrap_or(i64::MAX);
            is_inside && (self.beside.is_none() || at[0] < width)
        });
        let pixel = view.and_then(|view| view.middle_of(at));
        if pixel == self.hover.as_ref().map(|hover| hover.0) {
            return Vec::new();
        }
        // What was known of another pixel is not told of this one.
        self.hover = pixel.map(|pixel| (pixel, None));
        self.tickets.remove(&Lane::Hover);
        let work = pixel.and_then(|pixel| self.readout_of(pixel));
        work.map(|work| self.job(Lane::Hover, work))
            .into_iter()
            .collect()
    }

    fn press(&mut self, at: [i64; 2]) -> Vec<ImageJob> {
        self.drag = Some(Drag::Left(at));
        let Some(view) = &self.view else {
            return Vec::new();
        };
        let Some(pixel) = view.middle_of(at) else {
            return Vec::new();
        };
        self.cursor = pixel;
        self.hover = None;
        self.has_crosshair = true;
        self.demand_pixel()
    }

    fn wheel(&mut self, at: [i64; 2], change: impl Fn(Zoom) -> Zoom) -> Vec<ImageJob> {
        if let Some(view) = &mut self.view {
            view.zoom_at(change(view.zoom), at);
        }
        self.demand_picture()
    }

    fn drag_view(&mut self, at: [i64; 2]) -> Vec<ImageJob> {
        let (Some(Drag::Left(last)), Some(view)) = (self.drag, &mut self.view) else {
            return Vec::new();
        };
        let moved = [last[0] - at[0], last[1] - at[1]];
        if moved == [0, 0] {
            return Vec::new();
        }
        let side = i64::try_from(view.zoom.side()).unwrap_or(1);
        // Less than an element waits for more.
        let whole = moved.map(|pixels| pixels / side * side);
        if whole == [0, 0] {
            return Vec::new();
        }
        view.shift(whole);
        self.drag = Some(Drag::Left([last[0] - whole[0], last[1] - whole[1]]));
        self.demand_picture()
    }

    #[expect(clippy::cast_precision_loss, reason = "pixels of a screen")]
    fn drag_colors(&mut self, at: [i64; 2]) {
        let (
            Some(Drag::Right {
                start,
                contrast,
                bias,
            }),
            Some(view),
        ) = (self.drag, self.view)
        else {
            return;
        };
        let part = |axis: usize| {
            let side = view.pixels[axis].max(1) as f64;
            (at[axis] - start[axis]) as f64 / side
        };
        self.look.bias = (bias + part(0)).clamp(0.0, 1.0);
        self.look.contrast = (contrast * 10_f64.powf(-2.0 * part(1))).clamp(0.05, 20.0);
    }
}
