//! Large images made small: each pixel is a square of elements.

use super::image::Image;
use super::scan;
use super::scan::Segment;
use asdf_core::Result;
use asdf_core::error::ErrorKind;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What a square of elements becomes; those that are not finite do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reduction {
    /// Their mean: the area keeps its brightness.
    #[default]
    Mean,
    /// Their greatest: nothing bright is lost, the noise is lifted.
    Max,
}

/// An image with a value for each square of elements, NaN where a square has no finite one.
#[derive(Debug, Clone, PartialEq)]
pub struct Reduced {
    /// Squares along a row.
    pub width: usize,
    /// Squares along a column.
    pub height: usize,
    /// Their values, the first row first.
    pub values: Vec<f64>,
    /// Rows and columns of elements in a square.
    pub factor: [u64; 2],
}

/// What was seen of all elements on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// How many are finite.
    pub finite: u64,
    /// The least finite one; infinity when there is none.
    pub min: f64,
    /// The greatest finite one; minus infinity when there is none.
    pub max: f64,
    /// The pieces in C order, with the number of finite elements in each.
    pub pieces: Vec<(Segment, u64)>,
}

/// How many elements a pixel must have along each axis, so that the longer side has at most `size` of them: at least 1.
pub fn factor(shape: [u64; 2], size: u64) -> [u64; 2] {
    let longest = shape.iter().copied().max().unwrap_or(1);
    [longest.div_ceil(size.max(1)).max(1); 2]
}

/// Makes an image small by a factor for rows and one for columns.
///
/// # Errors
/// The array cannot be read.
pub fn reduce(
    image: &Image<'_>,
    factor: [u64; 2],
    reduction: Reduction,
) -> Result<(Reduced, Survey)> {
    reduce_telling(image, factor, reduction, &|_, _| ())
}

/// The same, telling after each piece of the work how many are done of how many.
///
/// # Errors
/// The array cannot be read.
pub fn reduce_telling(
    image: &Image<'_>,
    factor: [u64; 2],
    reduction: Reduction,
    tell: &(dyn Fn(usize, usize) + Sync),
) -> Result<(Reduced, Survey)> {
    let [height, width] = image.shape();
    let watch = |done, total| {
        tell(done, total);
        true
    };
    reduce_window(image, [0..height, 0..width], factor, reduction, &watch)
}

/// Makes a window of an image small, given as rows and columns; the first square begins with the window. After each
/// piece of the work `watch` hears how many are done of how many, and says whether to go on.
///
/// # Errors
/// The array cannot be read; the window is not within it; the work was stopped ([`ErrorKind::Cancelled`]).
pub fn reduce_window(
    image: &Image<'_>,
    [rows, columns]: [Range<u64>; 2],
    factor: [u64; 2],
    reduction: Reduction,
    watch: &(dyn Fn(usize, usize) -> bool + Sync),
) -> Result<(Reduced, Survey)> {
    let factor = factor.map(|factor| factor.max(1));
    let length = |range: &Range<u64>| range.end.saturating_sub(range.start);
    let shape = [length(&rows), length(&columns)];
    let width = index(shape[1].div_ceil(factor[1]));
    let turns = scan::turns(shape, factor[0]);
    let done = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let work = |turn: &Range<u64>| {
        if stopped.load(Ordering::Relaxed) {
            return Err(ErrorKind::Cancelled.into());
        }
        let start = rows.start;
        let turn = start.saturating_add(turn.start)..start.saturating_add(turn.end);
        let band = self::turn(image, &turn, &columns, factor, reduction);
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if !watch(done, turns.len()) {
            stopped.store(true, Ordering::Relaxed);
        }
        band
    };
    // Each thread takes the next turn that nobody has: those in work at a time lie side by side, as what is decoded together.
    let next = AtomicUsize::new(0);
    let take = |_| -> Result<Vec<(usize, Band)>> {
        let mut own = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(turn) = turns.get(number) else {
                return Ok(own);
            };
            own.push((number, work(turn)?));
        }
    };
    let threads = turns.len().clamp(1, rayon::current_num_threads());
    let bands = (0..threads).into_par_iter().map(take);
    let bands: Vec<Vec<(usize, Band)>> = bands.collect::<Result<_>>()?;
    let mut bands: Vec<(usize, Band)> = bands.into_iter().flatten().collect();
    bands.sort_unstable_by_key(|band| band.0);
    let bands = bands.into_iter().map(|band| band.1);
    let mut values = Vec::new();
    let mut survey = Survey {
        finite: 0,
        min: f64::INFINITY,
        max: f64::NEG_INFINITY,
        pieces: Vec::new(),
    };
    for band in bands {
        values.extend(band.squares.iter().map(|square| square.value(reduction)));
        survey.min = survey.min.min(band.min);
        survey.max = survey.max.max(band.max);
        survey.finite += band.pieces.iter().map(|piece| piece.1).sum::<u64>();
        survey.pieces.extend(band.pieces);
    }
    let height = values.len().checked_div(width).unwrap_or(0);
    let reduced = Reduced {
        width,
        height,
        values,
        factor,
    };
    Ok((reduced, survey))
}

fn index(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// The squares of some rows.
struct Band {
    squares: Vec<Square>,
    min: f64,
    max: f64,
    pieces: Vec<(Segment, u64)>,
}

/// Sum (or greatest) and number of the finite elements of a square.
#[derive(Debug, Clone, Copy, Default)]
struct Square {
    total: f64,
    count: u64,
}

impl Square {
    fn value(self, reduction: Reduction) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 elements")]
        match (self.count, reduction) {
            (0, _) => f64::NAN,
            (count, Reduction::Mean) => self.total / count as f64,
            (_, Reduction::Max) => self.total,
        }
    }

    fn join(&mut self, other: Self, reduction: Reduction) {
        match reduction {
            Reduction::Mean => self.total += other.total,
            Reduction::Max if self.count == 0 => self.total = other.total,
            Reduction::Max if other.count > 0 => self.total = self.total.max(other.total),
            Reduction::Max => {}
        }
        self.count += other.count;
    }
}

fn turn(
    image: &Image<'_>,
    rows: &Range<u64>,
    columns: &Range<u64>,
    factor: [u64; 2],
    reduction: Reduction,
) -> Result<Band> {
    let width = columns.end.saturating_sub(columns.start);
    let across = index(width.div_ceil(factor[1]));
    let down = index((rows.end - rows.start).div_ceil(factor[0]));
    let mut band = Band {
        squares: vec![Square::default(); across.saturating_mul(down)],
        min: f64::INFINITY,
        max: f64::NEG_INFINITY,
        pieces: Vec::new(),
    };
    for segment in scan::segments(rows, width) {
        let part = &segment.columns;
        let part = columns.start.saturating_add(part.start)..columns.start.saturating_add(part.end);
        let values = image.values(&segment.rows, &part)?;
        let length = index(segment.columns.end - segment.columns.start).max(1);
        let mut finite = 0;
        for (row, values) in segment.rows.clone().zip(values.chunks(length)) {
            let line = index((row - rows.start) / factor[0]).saturating_mul(across);
            let line = band.squares.get_mut(line..).unwrap_or_default();
            let (count, min, max) =
                add_row(line, values, segment.columns.start, factor[1], reduction);
            finite += count;
            band.min = band.min.min(min);
            band.max = band.max.max(max);
        }
        band.pieces.push((segment, finite));
    }
    Ok(band)
}

/// Adds elements of a row, which begin at that column, to its squares; their number, least and greatest.
fn add_row(
    line: &mut [Square],
    values: &[f64],
    start: u64,
    factor: u64,
    reduction: Reduction,
) -> (u64, f64, f64) {
    let (mut finite, mut min, mut max) = (0, f64::INFINITY, f64::NEG_INFINITY);
    let mut place = index(start / factor);
    // A piece may begin within a square.
    let mut length = index(factor - start % factor);
    let mut rest = values;
    while !rest.is_empty() {
        let (own, behind) = rest.split_at(length.min(rest.len()));
        rest = behind;
        length = index(factor);
        let mut square = Square::default();
        let mut greatest = f64::NEG_INFINITY;
        for value in own {
            let is_finite = value.is_finite();
            let counted = if is_finite { *value } else { 0.0 };
            square.total += counted;
            square.count += u64::from(is_finite);
            min = if is_finite { min.min(*value) } else { min };
            greatest = if is_finite {
                greatest.max(*value)
            } else {
                greatest
            };
        }
        max = max.max(greatest);
        finite += square.count;
        if reduction == Reduction::Max {
            square.total = greatest;
        }
        if let Some(slot) = line.get_mut(place) {
            slot.join(square, reduction);
        }
        place += 1;
    }
    (finite, min, max)
}
