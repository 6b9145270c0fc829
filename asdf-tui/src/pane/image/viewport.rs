//! Which part of a plane shows, and how large: the way from pixels of the screen to elements and back.

use crate::raster::Origin;
use std::ops::Range;

/// Pixels of the screen for an element, or elements for a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zoom {
    /// A square of so many elements along each side is one pixel; 1 is life size.
    Out(u64),
    /// An element is a square of so many pixels along each side.
    In(u64),
}

/// Pixels of an element at most.
const LARGEST: u64 = 64;
/// Elements along the side of a pixel at most.
const SMALLEST: u64 = 1 << 40;

impl Zoom {
    /// Elements along the side of a pixel: at least 1.
    pub fn factor(self) -> u64 {
        match self {
            Self::Out(elements) => elements.max(1),
            Self::In(_) => 1,
        }
    }

    /// Pixels along the side of an element: at least 1.
    pub fn side(self) -> u64 {
        match self {
            Self::Out(_) => 1,
            Self::In(pixels) => pixels.max(1),
        }
    }

    /// The next power of two that shows things larger.
    #[must_use]
    pub fn closer(self) -> Self {
        match self {
            Self::Out(elements) if elements > 1 => Self::Out(power_below(elements)),
            Self::Out(_) => Self::In(2),
            Self::In(pixels) => Self::In((power_at_most(pixels) * 2).min(LARGEST)),
        }
    }

    /// The next power of two that shows more.
    #[must_use]
    pub fn further(self) -> Self {
        match self {
            Self::In(pixels) if pixels > 2 => Self::In(power_below(pixels)),
            Self::In(2) => Self::Out(1),
            Self::In(_) => Self::Out(2),
            Self::Out(elements) => Self::Out((power_at_most(elements) * 2).min(SMALLEST)),
        }
    }

    /// `1`, `1/4`, `8`.
    pub fn text(self) -> String {
        match self {
            Self::Out(0 | 1) => "1".to_owned(),
            Self::Out(elements) => format!("1/{elements}"),
            Self::In(pixels) => pixels.to_string(),
        }
    }
}

/// The greatest power of two that is not greater.
fn power_at_most(number: u64) -> u64 {
    1 << number.max(1).ilog2()
}

/// The greatest power of two that is less; 1 for 1.
fn power_below(number: u64) -> u64 {
    power_at_most(number.saturating_sub(1))
}

/// A way on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To lower columns.
    Left,
    /// To higher columns.
    Right,
    /// To the top of the screen.
    Up,
    /// To the bottom of the screen.
    Down,
}

/// A view of a plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewport {
    /// Lengths of the plane, x first.
    pub lengths: [u64; 2],
    /// Pixels of the view, across and down.
    pub pixels: [u64; 2],
    /// The element, x first, of the pixel where both count from: at the left, and at the bottom or top. Negative
    /// where the plane is smaller than the view.
    pub corner: [i64; 2],
    /// How large.
    pub zoom: Zoom,
    /// Where the first row is.
    pub origin: Origin,
}

impl Viewport {
    /// A view of a whole plane of rows and columns.
    pub fn new([rows, columns]: [u64; 2], pixels: [u64; 2]) -> Self {
        let mut view = Self {
            lengths: [columns, rows],
            pixels,
            corner: [0, 0],
            zoom: Zoom::Out(1),
            origin: Origin::Lower,
        };
        view.fit();
        view
    }

    /// Shows all of the plane as large as it can be.
    pub fn fit(&mut self) {
        let axes = || self.lengths.iter().zip(self.pixels);
        let factor = axes().map(|(length, pixels)| length.div_ceil(pixels.max(1)));
        let factor = factor.max().unwrap_or(1).max(1);
        let side = axes().map(|(length, pixels)| pixels / (*length).max(1));
        let side = side.min().unwrap_or(1).clamp(1, LARGEST);
        self.zoom = if factor > 1 {
            Zoom::Out(factor)
        } else if side > 1 {
            Zoom::In(side)
        } else {
            Zoom::Out(1)
        };
        self.corner = [0, 0];
        self.settle();
    }

    /// The view gets another size; what was in the middle stays there, and what was fitted is fitted again.
    pub fn resize(&mut self, pixels: [u64; 2]) {
        let mut fitted = *self;
        fitted.fit();
        if fitted == *self {
            self.pixels = pixels;
            self.fit();
            return;
        }
        let middle = self.element(self.pixels.map(|count| signed(count / 2)));
        self.pixels = pixels;
        self.center(middle);
    }

    /// Puts an element into the middle.
    pub fn center(&mut self, element: [i64; 2]) {
        self.put(element, self.pixels.map(|count| signed(count / 2)));
    }

    /// Another size, with the element that is at a pixel (from the left, from the top) staying there.
    pub fn zoom_at(&mut self, zoom: Zoom, pixel: [i64; 2]) {
        let element = self.element(pixel);
        self.zoom = zoom;
        self.put(element, pixel);
    }

    /// Moves the view by a part of its size.
    pub fn pan(&mut self, direction: Direction, part: f64) {
        #[expect(clippy::cast_precision_loss, reason = "the size of a screen")]
        #[expect(clippy::cast_possible_truncation, reason = "the size of a screen")]
        let step = |axis: usize| (self.pixels[axis] as f64 * part).round().max(1.0) as i64;
        let [across, down] = match direction {
            Direction::Left => [-step(0), 0],
            Direction::Right => [step(0), 0],
            Direction::Up => [0, -step(1)],
            Direction::Down => [0, step(1)],
        };
        self.shift([across, down]);
    }

    /// Moves the view by pixels to the right and down.
    pub fn shift(&mut self, [across, down]: [i64; 2]) {
        let along = match self.origin {
            Origin::Lower => down.saturating_neg(),
            Origin::Upper => down,
        };
        let elements = |pixels: i64| {
            let (factor, side) = (signed(self.zoom.factor()), signed(self.zoom.side()));
            let whole = pixels.saturating_mul(factor) / side;
            // A step of less than an element is one.
            if whole == 0 { pixels.signum() } else { whole }
        };
        let steps = [elements(across), elements(along)];
        for (corner, step) in self.corner.iter_mut().zip(steps) {
            *corner = corner.saturating_add(step);
        }
        self.settle();
    }

    /// The first element of a pixel, from the left and from the top; it may be outside of the plane.
    pub fn element(&self, [across, down]: [i64; 2]) -> [i64; 2] {
        let along = self.counted(down);
        let (factor, side) = (signed(self.zoom.factor()), signed(self.zoom.side()));
        let at = |corner: i64, pixel: i64| {
            corner.saturating_add(pixel.div_euclid(side).saturating_mul(factor))
        };
        [at(self.corner[0], across), at(self.corner[1], along)]
    }

    /// The pixels of an element across and down, from the left and from the top.
    pub fn pixels_of(&self, element: [i64; 2]) -> [Range<i64>; 2] {
        let (factor, side) = (signed(self.zoom.factor()), signed(self.zoom.side()));
        let first = |axis: usize| {
            let apart = element[axis].saturating_sub(self.corner[axis]);
            apart.div_euclid(factor).saturating_mul(side)
        };
        let (across, along) = (first(0), first(1));
        let down = match self.origin {
            Origin::Lower => self.counted(along).saturating_sub(side - 1),
            Origin::Upper => along,
        };
        [
            across..across.saturating_add(side),
            down..down.saturating_add(side),
        ]
    }

    /// The rows and columns that show, beginning with a whole square; empty when none does.
    pub fn window(&self) -> [Range<u64>; 2] {
        let range = |axis: usize| {
            let span = self.span(axis);
            let start = u64::try_from(self.corner[axis].max(0)).unwrap_or(0);
            let end = u64::try_from(self.corner[axis].saturating_add(span)).unwrap_or(0);
            let end = end.min(self.lengths[axis]);
            start.min(end)..end
        };
        [range(1), range(0)]
    }

    /// Elements that fit into the view along an axis.
    fn span(&self, axis: usize) -> i64 {
        let elements = self.pixels[axis].div_ceil(self.zoom.side());
        signed(elements.saturating_mul(self.zoom.factor()))
    }

    /// Counts pixels from the other end where the first row is at the bottom.
    fn counted(&self, down: i64) -> i64 {
        match self.origin {
            Origin::Lower => signed(self.pixels[1])
                .saturating_sub(1)
                .saturating_sub(down),
            Origin::Upper => down,
        }
    }

    fn put(&mut self, element: [i64; 2], pixel: [i64; 2]) {
        self.corner = [0, 0];
        let there = self.element(pixel);
        for ((corner, element), there) in self.corner.iter_mut().zip(element).zip(there) {
            *corner = element.saturating_sub(there);
        }
        self.settle();
    }

    /// Keeps the plane in the view, in the middle where it is smaller, and squares where they are.
    fn settle(&mut self) {
        let factor = signed(self.zoom.factor());
        for axis in 0..2 {
            let (span, length) = (self.span(axis), signed(self.lengths[axis]));
            let spare = span.saturating_sub(length);
            let corner = if spare >= 0 {
                -(spare / 2)
            } else {
                // The last square may be a part.
                let last = spare.saturating_neg().saturating_add(factor - 1);
                self.corner[axis].clamp(0, last)
            };
            self.corner[axis] = corner.div_euclid(factor).saturating_mul(factor);
        }
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_plane_is_fitted_by_whole_squares() {
        let view = Viewport::new([1000, 2000], [80, 44]);
        assert_eq!(view.zoom, Zoom::Out(25));
        assert_eq!(view.window(), [0..1000, 0..2000]);
        assert_eq!(view.corner, [0, -50]);
    }

    #[test]
    fn a_small_plane_is_enlarged_and_stands_in_the_middle() {
        let view = Viewport::new([4, 4], [80, 44]);
        assert_eq!(view.zoom, Zoom::In(11));
        assert_eq!(view.window(), [0..4, 0..4]);
        assert_eq!(view.element([2 * 11, 43]), [0, 0]);
        assert_eq!(view.element([2 * 11, 0]), [0, 3]);
    }

    #[test]
    fn the_element_under_the_pointer_stays_when_zooming() {
        let mut view = Viewport::new([4096, 4096], [100, 60]);
        let element = view.element([70, 20]);
        view.zoom_at(Zoom::Out(16), [70, 20]);
        let after = view.element([70, 20]);
        assert!(after.iter().zip(element).all(|(a, b)| a.abs_diff(b) < 16));
        assert!(view.corner.iter().all(|corner| corner % 16 == 0));
    }

    #[test]
    fn panning_stops_at_the_edges() {
        let mut view = Viewport::new([1000, 1000], [100, 50]);
        view.zoom_at(Zoom::Out(1), [50, 25]);
        for _ in 0..100 {
            view.pan(Direction::Left, 0.5);
            view.pan(Direction::Up, 0.5);
        }
        assert_eq!(view.window(), [950..1000, 0..100]);
    }

    #[test]
    fn pixels_of_an_element_lead_back_to_it() {
        for (zoom, origin) in [
            (Zoom::In(4), Origin::Lower),
            (Zoom::In(3), Origin::Upper),
            (Zoom::Out(8), Origin::Lower),
        ] {
            let mut view = Viewport::new([300, 300], [40, 30]);
            view.origin = origin;
            view.zoom_at(zoom, [0, 0]);
            let element = view.element([10, 10]);
            let [across, down] = view.pixels_of(element);
            assert!(across.contains(&10) && down.contains(&10), "{zoom:?}");
            assert_eq!(view.element([across.start, down.start]), element);
        }
    }

    #[test]
    fn zooming_goes_by_powers_of_two() {
        let steps = |zoom: Zoom| [zoom.further(), zoom.closer()].map(Zoom::text);
        assert_eq!(steps(Zoom::Out(5)), ["1/8", "1/4"]);
        assert_eq!(steps(Zoom::Out(1)), ["1/2", "2"]);
        assert_eq!(steps(Zoom::In(2)), ["1", "4"]);
        assert_eq!(steps(Zoom::In(11)), ["8", "16"]);
    }
}
