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
    /// So many pixels for so many elements, neither a multiple of the other: what fits exactly.
    Between {
        /// Pixels.
        pixels: u64,
        /// Elements.
        elements: u64,
    },
}

/// Pixels of an element at most.
const LARGEST: u64 = 64;
/// Elements along the side of a pixel at most.
const SMALLEST: u64 = 1 << 40;
/// Pixels of an element from which on elements are equally large: a fraction would hardly show more.
const WHOLE: u64 = 4;

impl Zoom {
    /// The largest one that shows so many elements on so many pixels.
    pub fn fitting(elements: u64, pixels: u64) -> Self {
        let (elements, pixels) = (elements.max(1), pixels.max(1));
        if elements.is_multiple_of(pixels) {
            return Self::Out((elements / pixels).min(SMALLEST));
        }
        let side = pixels / elements;
        if pixels.is_multiple_of(elements) || side >= WHOLE {
            return Self::In(side.min(LARGEST));
        }
        Self::Between { pixels, elements }
    }

    /// Pixels, and the elements that they show.
    fn ratio(self) -> [i128; 2] {
        match self {
            Self::Out(elements) => [1, i128::from(elements.max(1))],
            Self::In(pixels) => [i128::from(pixels.max(1)), 1],
            Self::Between { pixels, elements } => {
                [i128::from(pixels.max(1)), i128::from(elements.max(1))]
            }
        }
    }

    /// Elements along the side of the squares that are read: at least 1. A pixel shows one of them, or those that
    /// it overlaps.
    pub fn factor(self) -> u64 {
        match self {
            Self::Out(elements) => elements.max(1),
            Self::In(_) => 1,
            Self::Between { pixels, elements } => (elements / pixels.max(1)).max(1),
        }
    }

    /// Pixels along the side of an element: at least 1.
    pub fn side(self) -> u64 {
        match self {
            Self::Out(_) => 1,
            Self::In(pixels) => pixels.max(1),
            Self::Between { pixels, elements } => (pixels / elements.max(1)).max(1),
        }
    }

    /// Pixels, and the elements that they show.
    pub fn parts(self) -> [u64; 2] {
        match self {
            Self::Out(elements) => [1, elements.max(1)],
            Self::In(pixels) => [pixels.max(1), 1],
            Self::Between { pixels, elements } => [pixels.max(1), elements.max(1)],
        }
    }

    /// The zoom of so many pixels for so many elements, if there is such a one.
    pub fn of_parts([pixels, elements]: [u64; 2]) -> Option<Self> {
        match [pixels, elements] {
            [0, _] | [_, 0] => None,
            [1, elements] => Some(Self::Out(elements.min(SMALLEST))),
            [pixels, 1] => Some(Self::In(pixels).tidy()),
            [pixels, elements] => Some(Self::Between { pixels, elements }),
        }
    }

    /// True where the pixels do not show one square each.
    pub fn is_between(self) -> bool {
        matches!(self, Self::Between { .. })
    }

    /// The same in the only way that is used of several.
    #[must_use]
    pub fn tidy(self) -> Self {
        match self {
            Self::In(0 | 1) => Self::Out(1),
            Self::In(pixels) => Self::In(pixels.min(LARGEST)),
            other => other,
        }
    }

    /// The next power of two that shows things larger.
    #[must_use]
    pub fn closer(self) -> Self {
        match self {
            Self::Out(elements) if elements > 1 => Self::Out(power_below(elements)),
            Self::Out(_) => Self::In(2),
            Self::Between { pixels, elements } if elements > pixels => {
                Self::Out(power_at_most(self.factor()))
            }
            Self::In(_) | Self::Between { .. } => {
                Self::In((power_at_most(self.side()) * 2).min(LARGEST))
            }
        }
    }

    /// The next power of two that shows more.
    #[must_use]
    pub fn further(self) -> Self {
        match self {
            Self::In(pixels) if pixels > 2 => Self::In(power_below(pixels)),
            Self::In(2) => Self::Out(1),
            Self::In(_) => Self::Out(2),
            Self::Between { pixels, elements } if pixels > elements => {
                match power_at_most(self.side()) {
                    1 => Self::Out(1),
                    side => Self::In(side),
                }
            }
            Self::Out(_) | Self::Between { .. } => {
                Self::Out((power_at_most(self.factor()) * 2).min(SMALLEST))
            }
        }
    }

    /// `1`, `1/4`, `8`, `1/1.05`.
    pub fn text(self) -> String {
        #[expect(
            clippy::cast_precision_loss,
            reason = "two digits after the point are shown"
        )]
        let quotient = |above: u64, below: u64| {
            let text = format!("{:.2}", above as f64 / below.max(1) as f64);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        match self {
            Self::Out(0 | 1) => "1".to_owned(),
            Self::Out(elements) => format!("1/{elements}"),
            Self::In(pixels) => pixels.to_string(),
            Self::Between { pixels, elements } if elements > pixels => {
                format!("1/{}", quotient(elements, pixels))
            }
            Self::Between { pixels, elements } => quotient(pixels, elements),
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
        // Of the axes the one that has least room: pixels by elements, compared crosswise.
        let axes = self.lengths.map(|length| length.max(1)).into_iter();
        let axes = axes.zip(self.pixels.map(|pixels| pixels.max(1)));
        let product = |a: u64, b: u64| u128::from(a) * u128::from(b);
        let tightest = axes.reduce(|first, second| {
            if product(second.1, first.0) < product(first.1, second.0) {
                second
            } else {
                first
            }
        });
        if let Some((length, pixels)) = tightest {
            self.zoom = Zoom::fitting(length, pixels);
        }
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
        let elements = |count: i64| {
            let [pixels, elements] = self.zoom.ratio();
            let whole = clamped(i128::from(count) * elements / pixels);
            // A step of less than an element is one.
            if whole == 0 { count.signum() } else { whole }
        };
        let steps = [elements(across), elements(along)];
        for (corner, step) in self.corner.iter_mut().zip(steps) {
            *corner = corner.saturating_add(step);
        }
        self.settle();
    }

    /// The first element of a pixel, from the left and from the top; it may be outside of the plane.
    pub fn element(&self, [across, down]: [i64; 2]) -> [i64; 2] {
        [self.first(0, across), self.first(1, self.counted(down))]
    }

    /// The elements of a pixel, from the left and from the top: of a part of one that one.
    pub fn elements(&self, [across, down]: [i64; 2]) -> [Range<i64>; 2] {
        let range = |axis: usize, pixel: i64| {
            let first = self.first(axis, pixel);
            let next = self.first(axis, pixel.saturating_add(1));
            first..next.max(first.saturating_add(1))
        };
        [range(0, across), range(1, self.counted(down))]
    }

    /// Pixels of the screen along an element.
    #[expect(clippy::cast_precision_loss, reason = "the size of a screen")]
    pub fn scale(&self) -> f64 {
        let [pixels, elements] = self.zoom.ratio();
        pixels as f64 / elements as f64
    }

    /// Where a place in the array (x first, from 0 at the centre of the first element) is on the screen, from the left and
    /// from the top, in pixels whose first begins at 0.
    #[expect(clippy::cast_precision_loss, reason = "the size of a screen")]
    pub fn screen(&self, place: [f64; 2]) -> [f64; 2] {
        let scale = self.scale();
        let along = |axis: usize| (place[axis] + 0.5 - self.corner[axis] as f64) * scale;
        let (x, y) = (along(0), along(1));
        match self.origin {
            Origin::Lower => [x, self.pixels[1] as f64 - y],
            Origin::Upper => [x, y],
        }
    }

    /// The element in the middle of those that a pixel shows; `None` outside of the plane.
    pub fn middle_of(&self, pixel: [i64; 2]) -> Option<[u64; 2]> {
        let middle = |range: &Range<i64>, length: u64| {
            let first = u64::try_from(range.start).ok().filter(|at| *at < length)?;
            let half = range.end.saturating_sub(range.start) / 2;
            let middle = first.saturating_add(u64::try_from(half).unwrap_or(0));
            Some(middle.min(length - 1))
        };
        let [x, y] = self.elements(pixel);
        let [columns, rows] = self.lengths;
        Some([middle(&x, columns)?, middle(&y, rows)?])
    }

    /// The first element of a pixel that is counted from the corner.
    fn first(&self, axis: usize, pixel: i64) -> i64 {
        let [pixels, elements] = self.zoom.ratio();
        let apart = (i128::from(pixel) * elements).div_euclid(pixels);
        self.corner[axis].saturating_add(clamped(apart))
    }

    /// The pixels of an element across and down, from the left and from the top.
    pub fn pixels_of(&self, element: [i64; 2]) -> [Range<i64>; 2] {
        let [pixels, elements] = self.zoom.ratio();
        let ceil = |number: i128| -(-number).div_euclid(elements);
        let range = |axis: usize| {
            let apart = i128::from(element[axis]) - i128::from(self.corner[axis]);
            // Of a pixel with several elements all have that one.
            let end = ceil((apart + 1) * pixels);
            let start = ceil(apart * pixels).min(end - 1);
            clamped(start)..clamped(end)
        };
        let (across, along) = (range(0), range(1));
        let down = match self.origin {
            Origin::Lower => {
                let last = self.counted(along.start).saturating_add(1);
                self.counted(along.end.saturating_sub(1))..last
            }
            Origin::Upper => along,
        };
        [across, down]
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
        let [pixels, elements] = self.zoom.ratio();
        let shown = i128::from(self.pixels[axis]) * elements;
        clamped(-(-shown).div_euclid(pixels))
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
            self.corner[axis] = if spare >= 0 {
                // Whole squares of what is spare: no element is pushed out at the other end.
                -(spare / 2 / factor * factor)
            } else {
                // The last square may be a part.
                let last = spare.saturating_neg().saturating_add(factor - 1);
                let corner = self.corner[axis].clamp(0, last);
                corner.div_euclid(factor).saturating_mul(factor)
            };
        }
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn clamped(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BETWEEN: [Zoom; 2] = [
        Zoom::Between {
            pixels: 40,
            elements: 59,
        },
        Zoom::Between {
            pixels: 59,
            elements: 40,
        },
    ];

    #[test]
    fn every_element_shows_whatever_the_sizes() {
        let lengths = [1, 2, 7, 39, 40, 41, 64, 99, 100, 101, 997, 4088, 65_537];
        let pixels = [1, 2, 13, 38, 40, 44, 80, 101, 640];
        for rows in lengths {
            for columns in lengths {
                for (width, height) in pixels.into_iter().zip(pixels.into_iter().rev()) {
                    for origin in [Origin::Lower, Origin::Upper] {
                        let mut view = Viewport::new([rows, columns], [width, height]);
                        view.origin = origin;
                        let case = format!("{columns}×{rows} on {width}×{height} {view:?}");
                        assert_eq!(view.window(), [0..rows, 0..columns], "{case}");
                        // Pixel by pixel along both axes, without a gap.
                        for axis in 0..2 {
                            let count = signed([width, height][axis]);
                            let place =
                                |pixel: i64| if axis == 0 { [pixel, 0] } else { [0, pixel] };
                            let shown = |pixel: i64| view.elements(place(pixel))[axis].clone();
                            let ends = [shown(0), shown(count - 1)];
                            let least = ends.iter().map(|end| end.start).min().unwrap();
                            let most = ends.iter().map(|end| end.end).max().unwrap();
                            assert!(least <= 0 && most >= signed(view.lengths[axis]), "{case}");
                            for pixel in 1..count {
                                let (a, b) = (shown(pixel - 1), shown(pixel));
                                assert!(a.end >= b.start && b.end >= a.start, "{case} {pixel}");
                            }
                        }
                        // Nothing larger would fit, but for the fractions of elements that are large.
                        let used = [0, 1].map(|axis| {
                            let last = signed(view.lengths[axis] - 1);
                            let at = |element: i64| view.pixels_of([element; 2])[axis].clone();
                            let (first, last) = (at(0), at(last));
                            let end = first.end.max(last.end) - first.start.min(last.start);
                            (end, signed([width, height][axis]))
                        });
                        let is_tight = |(used, room): (i64, i64)| used * 4 >= room * 3 - 4;
                        let most = view.zoom == Zoom::In(LARGEST);
                        assert!(most || used.into_iter().any(is_tight), "{case} {used:?}");
                    }
                }
            }
        }
    }

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
            (BETWEEN[0], Origin::Lower),
            (BETWEEN[1], Origin::Upper),
        ] {
            let mut view = Viewport::new([300, 300], [40, 30]);
            view.origin = origin;
            view.zoom_at(zoom, [0, 0]);
            let element = view.element([10, 10]);
            let [across, down] = view.pixels_of(element);
            assert!(across.contains(&10) && down.contains(&10), "{zoom:?}");
            let [x, y] = view.elements([across.start, down.start]);
            assert!(
                x.contains(&element[0]) && y.contains(&element[1]),
                "{zoom:?}"
            );
        }
    }

    #[test]
    fn zooming_goes_by_powers_of_two() {
        let steps = |zoom: Zoom| [zoom.further(), zoom.closer()].map(Zoom::text);
        assert_eq!(steps(Zoom::Out(5)), ["1/8", "1/4"]);
        assert_eq!(steps(Zoom::Out(1)), ["1/2", "2"]);
        assert_eq!(steps(Zoom::In(2)), ["1", "4"]);
        assert_eq!(steps(Zoom::In(11)), ["8", "16"]);
        assert_eq!(steps(BETWEEN[0]), ["1/2", "1"]);
        assert_eq!(steps(BETWEEN[1]), ["1", "2"]);
        assert_eq!(BETWEEN.map(Zoom::text), ["1/1.48", "1.48"]);
    }
}
