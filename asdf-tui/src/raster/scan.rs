//! One pass over an image, in pieces of a bounded size, several at a time.

use super::image::Image;
use asdf_core::Result;
use rayon::prelude::*;
use std::ops::Range;

/// Elements that are read at once: a megabyte of float64, which stays in a core's cache.
const PIECE: u64 = 1 << 17;
/// Elements of one turn of a thread, at least: enough to be worth it.
const TURN: u64 = 1 << 18;

/// A piece of an image: whole rows, or a part of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The rows.
    pub rows: Range<u64>,
    /// The columns; all of them where there are several rows.
    pub columns: Range<u64>,
}

/// The pieces of some rows, in C order.
pub(super) fn segments(rows: &Range<u64>, width: u64) -> impl Iterator<Item = Segment> + use<> {
    let height = (PIECE / width.max(1)).max(1);
    let span = width.clamp(1, PIECE);
    let end = rows.end;
    let starts = rows.clone().step_by(usize::try_from(height).unwrap_or(1));
    starts.flat_map(move |row| {
        let starts = (0..width).step_by(usize::try_from(span).unwrap_or(1));
        starts.map(move |column| Segment {
            rows: row..row.saturating_add(height).min(end),
            columns: column..column.saturating_add(span).min(width),
        })
    })
}

/// The rows of an image in turns of a good size, each a whole number of `step` rows.
pub(super) fn turns(shape: [u64; 2], step: u64) -> Vec<Range<u64>> {
    let [height, width] = shape;
    let step = step.max(1);
    let blocks = (TURN / width.max(1).saturating_mul(step)).max(1);
    let turn = usize::try_from(blocks.saturating_mul(step)).unwrap_or(usize::MAX);
    let starts = (0..height).step_by(turn);
    starts
        .map(|start| start..start.saturating_add(turn as u64).min(height))
        .collect()
}

/// Goes over all elements: `make` an answer for each turn, `step` for each piece of it, `join` them in any order.
pub(super) fn fold<A: Send>(
    image: &Image<'_>,
    make: impl Fn() -> A + Sync + Send,
    step: impl Fn(&mut A, &[f64]) + Sync,
    join: impl Fn(A, A) -> A + Sync + Send,
) -> Result<A> {
    let shape = image.shape();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let turns = turns(shape, 1);
    // An answer may be large (histograms): one for each thread, which takes the next turn that nobody has.
    let work = |_| -> Result<A> {
        let mut answer = make();
        loop {
            let turn = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(rows) = turns.get(turn) else {
                return Ok(answer);
            };
            for segment in segments(rows, shape[1]) {
                step(&mut answer, &image.values(&segment.rows, &segment.columns)?);
            }
        }
    };
    let threads = turns.len().clamp(1, rayon::current_num_threads());
    let answers = (0..threads).into_par_iter().map(work);
    answers
        .try_reduce_with(|a, b| Ok(join(a, b)))
        .unwrap_or_else(|| Ok(make()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_rows_or_parts_of_one_and_miss_nothing() {
        for shape in [[5, 7], [1000, 1000], [3, 300_000], [2_000_000, 1]] {
            let mut count = 0;
            let mut last = 0;
            for rows in turns(shape, 3) {
                assert!(
                    rows.start == last && (rows.end - rows.start) % 3 == 0 || rows.end == shape[0]
                );
                last = rows.end;
                for segment in segments(&rows, shape[1]) {
                    let height = segment.rows.end - segment.rows.start;
                    let width = segment.columns.end - segment.columns.start;
                    assert!(height * width <= PIECE);
                    assert!(height == 1 || width == shape[1]);
                    count += height * width;
                }
            }
            assert_eq!(count, shape[0] * shape[1]);
        }
    }
}
