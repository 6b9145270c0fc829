//! What is drawn over a picture: lines, rectangles and texts, which become pixels or parts of a vector graphic.

use super::canvas::{Picture, Rgb, coordinate};
use super::contour::Stroke;
use super::glyphs;

/// Something that is drawn. Places are in pixels, whose centres are at whole numbers, from the upper left one.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Lines through places.
    Lines {
        /// The places of each line.
        lines: Vec<Vec<[f64; 2]>>,
        /// Pixels across a line.
        width: f64,
        /// The colour.
        color: Rgb,
        /// How much of it is seen, up to 1.
        part: f64,
    },
    /// A filled rectangle.
    Rectangle {
        /// Its upper left pixel.
        corner: [i64; 2],
        /// Pixels across and down.
        size: [usize; 2],
        /// The colour.
        color: Rgb,
    },
    /// A text in one line, with a dark rim.
    Text {
        /// The text.
        text: String,
        /// Its upper left pixel, at the upper edge of capitals.
        at: [i64; 2],
        /// Its size, as in [`text_size`](super::text_size).
        scale: usize,
        /// The colour.
        color: Rgb,
    },
}

/// What is drawn over a picture, in its order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawing {
    /// Pixels across and down of the picture.
    pub size: [usize; 2],
    /// What is drawn.
    pub shapes: Vec<Shape>,
}

impl Drawing {
    /// Nothing yet, for a picture.
    pub fn over(picture: &Picture) -> Self {
        Self {
            size: [picture.width, picture.height],
            shapes: Vec::new(),
        }
    }

    /// A straight line.
    pub fn line(&mut self, from: [f64; 2], to: [f64; 2], width: f64, color: Rgb) {
        self.lines(vec![vec![from, to]], width, color, 1.0);
    }

    /// Lines through places, of which a part of the colour is seen. Places that are not finite end a line.
    pub fn lines(&mut self, lines: Vec<Vec<[f64; 2]>>, width: f64, color: Rgb, part: f64) {
        let is_finite = |place: &[f64; 2]| place.iter().all(|at| at.is_finite());
        let mut whole = Vec::new();
        for line in lines {
            let parts = line.split(|place| !is_finite(place));
            whole.extend(parts.filter(|part| part.len() > 1).map(<[_]>::to_vec));
        }
        if !whole.is_empty() {
            self.shapes.push(Shape::Lines {
                lines: whole,
                width,
                color,
                part,
            });
        }
    }

    /// Stretches of contours.
    pub(super) fn strokes(&mut self, strokes: &[Stroke], width: f64, color: Rgb, part: f64) {
        let lines = strokes.iter().map(|stroke| stroke.to_vec()).collect();
        self.lines(lines, width, color, part);
    }

    /// A filled rectangle.
    pub fn rectangle(&mut self, corner: [i64; 2], size: [usize; 2], color: Rgb) {
        if !size.contains(&0) {
            self.shapes.push(Shape::Rectangle {
                corner,
                size,
                color,
            });
        }
    }

    /// A text; its upper left corner is given.
    pub fn text(&mut self, text: &str, at: [i64; 2], scale: usize, color: Rgb) {
        if !text.is_empty() {
            self.shapes.push(Shape::Text {
                text: text.to_owned(),
                at,
                scale: scale.max(1),
                color,
            });
        }
    }

    /// Moves all that is drawn so far.
    pub fn shift(&mut self, [right, down]: [i64; 2]) {
        #[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
        let by = [right as f64, down as f64];
        for shape in &mut self.shapes {
            match shape {
                Shape::Lines { lines, .. } => {
                    for place in lines.iter_mut().flatten() {
                        *place = [place[0] + by[0], place[1] + by[1]];
                    }
                }
                Shape::Rectangle { corner: at, .. } | Shape::Text { at, .. } => {
                    *at = [at[0] + right, at[1] + down];
                }
            }
        }
    }
}

impl Picture {
    /// Draws all of it.
    pub fn draw(&mut self, drawing: &Drawing) {
        for shape in &drawing.shapes {
            match shape {
                Shape::Lines {
                    lines,
                    width,
                    color,
                    part,
                } => self.draw_lines(lines, *width, *color, *part),
                Shape::Rectangle {
                    corner: [left, top],
                    size,
                    color,
                } => {
                    for y in 0..coordinate(size[1]) {
                        for x in 0..coordinate(size[0]) {
                            self.set(left + x, top + y, *color);
                        }
                    }
                }
                Shape::Text {
                    text,
                    at,
                    scale,
                    color,
                } => self.text(text, *at, *scale, *color),
            }
        }
    }

    fn draw_lines(&mut self, lines: &[Vec<[f64; 2]>], width: f64, color: Rgb, part: f64) {
        let before = (part < 1.0).then(|| self.clone());
        for line in lines {
            for pair in line.windows(2) {
                if let [from, to] = pair {
                    self.line(*from, *to, width, color);
                }
            }
        }
        let Some(before) = before else { return };
        // Where lines cross no more is seen of them than elsewhere.
        for (pixel, under) in self.pixels.iter_mut().zip(&before.pixels) {
            for (own, under) in pixel.iter_mut().zip(under) {
                let mix = f64::from(*own) * part + f64::from(*under) * (1.0 - part);
                #[expect(clippy::cast_possible_truncation, reason = "between two bytes")]
                #[expect(clippy::cast_sign_loss, reason = "between two bytes")]
                {
                    *own = mix.clamp(0.0, 255.0) as u8;
                }
            }
        }
    }

    /// Text with a dark rim, so that it can be read on anything; its upper left corner, at the upper edge of capitals, is given.
    pub fn text(&mut self, text: &str, [x, y]: [i64; 2], scale: usize, color: Rgb) {
        const RIM: Rgb = [0, 0, 0];
        let found = glyphs::coverage(text, scale);
        let top = y - coordinate(found.above);
        let (width, height) = (coordinate(found.width), coordinate(found.height));
        let value = |column: i64, row: i64| {
            if !(0..width).contains(&column) || !(0..height).contains(&row) {
                return 0;
            }
            let at = usize::try_from(row * width + column).ok();
            let value = at.and_then(|at| found.values.get(at));
            value.copied().unwrap_or(0)
        };
        for row in -1..=height {
            for column in -1..=width {
                let around = (-1..=1).flat_map(|down| (-1..=1).map(move |right| (right, down)));
                let rim = around
                    .map(|(right, down)| value(column + right, row + down))
                    .max();
                let rim = f64::from(rim.unwrap_or(0)) / 255.0;
                if rim > 0.0 {
                    self.blend(x + column, top + row, RIM, rim);
                }
            }
        }
        for row in 0..height {
            for column in 0..width {
                let part = f64::from(value(column, row)) / 255.0;
                if part > 0.0 {
                    self.blend(x + column, top + row, color, part);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_where_it_was_said_and_moves() {
        let mut picture = Picture::new(10, 8, [0; 3]);
        let mut drawing = Drawing::over(&picture);
        drawing.rectangle([1, 2], [2, 1], [9, 9, 9]);
        drawing.line([4.0, 4.0], [7.0, 4.0], 1.0, [200, 0, 0]);
        drawing.shift([1, 1]);
        picture.draw(&drawing);
        assert_eq!(picture.get(2, 3), Some([9, 9, 9]));
        assert_eq!(picture.get(1, 2), Some([0, 0, 0]));
        assert_eq!(picture.get(6, 5), Some([200, 0, 0]));
    }

    #[test]
    fn sheer_lines_are_seen_once_where_they_cross() {
        let mut picture = Picture::new(9, 9, [0; 3]);
        let mut drawing = Drawing::over(&picture);
        let lines = vec![vec![[0.0, 4.0], [8.0, 4.0]], vec![[4.0, 0.0], [4.0, 8.0]]];
        drawing.lines(lines, 1.0, [200, 200, 200], 0.5);
        picture.draw(&drawing);
        assert_eq!(picture.get(4, 4), Some([100; 3]));
        assert_eq!(picture.get(2, 4), Some([100; 3]));
    }

    #[test]
    fn lines_are_cut_where_they_have_no_place() {
        let mut drawing = Drawing::default();
        let line = vec![[0.0, 0.0], [1.0, 1.0], [f64::NAN, 2.0], [3.0, 3.0]];
        drawing.lines(vec![line], 1.0, [0; 3], 1.0);
        let [Shape::Lines { lines, .. }] = drawing.shapes.as_slice() else {
            panic!("{drawing:?}");
        };
        assert_eq!(lines, &[vec![[0.0, 0.0], [1.0, 1.0]]]);
    }
}
