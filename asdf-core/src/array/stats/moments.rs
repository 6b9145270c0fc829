//! The first pass: counts, extremes, sum, squared deviations and the histogram of the top bits.

use super::key::Key;
use super::pass::Elements;
use crate::array::ByteOrder;
use crate::error::Result;

/// Elements taken at a time: they stay in the first-level cache.
const CHUNK: usize = 1024;

/// The histogram of the top bits of the keys has so many bins.
pub(super) const BINS: usize = 1 << 16;

/// So many elements are counted in 32 bits before they are added to the 64-bit bins.
const FLUSH: u64 = 1 << 30;

/// The top sixteen bits of a key (all of a shorter one).
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "what is left are sixteen bits")]
pub(super) fn top<T: Key>(key: u64) -> u16 {
    (key >> T::BITS.saturating_sub(16)) as u16
}

/// Hands the elements that are neither masked nor NaN to `take`, a chunk at a time in their order,
/// and gives the number of NaN among those not masked. `first` is the number of the first element.
pub(super) fn chunks<T: Key>(
    elements: &Elements<'_, '_>,
    first: u64,
    bytes: &[u8],
    values: &mut Vec<T>,
    mut take: impl FnMut(&[T]),
) -> u64 {
    let mask = elements.mask().and_then(|mask| mask.get(usize::try_from(first).unwrap_or(usize::MAX)..));
    let mut nan = 0;
    for (number, bytes) in bytes.chunks(CHUNK.saturating_mul(T::SIZE)).enumerate() {
        values.clear();
        let read = bytes.chunks_exact(T::SIZE).map(|bytes| T::read(bytes, ByteOrder::Little));
        match mask {
            None => values.extend(read),
            Some(mask) => {
                let mask = mask.get(number.saturating_mul(CHUNK)..).unwrap_or_default();
                let masked = mask.iter().copied().chain(std::iter::repeat(false));
                values.extend(read.zip(masked).filter(|(_, masked)| !masked).map(|(value, _)| value));
            }
        }
        let found = values.iter().filter(|value| value.is_nan()).count();
        if found > 0 {
            values.retain(|value| !value.is_nan());
            nan += found as u64;
        }
        take(values);
    }
    nan
}

/// Count, sum and squared deviations from the mean of one stretch of elements.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Moments {
    pub(super) count: u64,
    pub(super) sum: f64,
    pub(super) squares: f64,
}

impl Moments {
    fn of<T: Key>(values: &[T]) -> Self {
        let count = values.len() as u64;
        if count == 0 {
            return Self::default();
        }
        let sum = lanes(values, T::float);
        let mean = sum / float(count);
        let squares = lanes(values, |value| {
            let deviation = value.float() - mean;
            deviation * deviation
        });
        Self { count, sum, squares }
    }

    /// The moments of both stretches together, by the formula of Chan, Golub and `LeVeque`.
    fn join(self, other: Self) -> Self {
        if self.count == 0 || other.count == 0 {
            return if self.count == 0 { other } else { self };
        }
        let (a, b) = (float(self.count), float(other.count));
        let apart = other.sum / b - self.sum / a;
        Self {
            count: self.count.saturating_add(other.count),
            sum: self.sum + other.sum,
            squares: self.squares + other.squares + apart * apart * (a * b / (a + b)),
        }
    }

    /// The squared deviations from another mean.
    fn squares_from(&self, mean: f64) -> f64 {
        let apart = self.sum / float(self.count) - mean;
        self.squares + float(self.count) * apart * apart
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts as weights")]
pub(super) fn float(count: u64) -> f64 {
    count as f64
}

/// The sum of what `of` makes of the values: in eight running sums, independent of each other.
#[inline]
fn lanes<T: Key>(values: &[T], of: impl Fn(T) -> f64) -> f64 {
    let (whole, rest) = values.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for values in whole {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += of(*value);
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    let rest: f64 = rest.iter().map(|value| of(*value)).sum();
    (((a + b) + (c + d)) + ((e + f) + (g + h))) + rest
}

/// How often each of the top sixteen bits occurs.
pub(super) struct Histogram {
    /// Two, taken in turns: the same bin twice in a row does not wait for itself.
    recent: [Box<[u32]>; 2],
    pending: u64,
    bins: Vec<u64>,
}

impl Histogram {
    pub(super) fn new() -> Self {
        let recent = || vec![0; BINS].into_boxed_slice();
        Self { recent: [recent(), recent()], pending: 0, bins: vec![0; BINS] }
    }

    #[inline]
    pub(super) fn add(&mut self, bins: impl ExactSizeIterator<Item = u16>) {
        self.pending = self.pending.saturating_add(bins.len() as u64);
        let [even, odd] = &mut self.recent;
        let (Ok(even), Ok(odd)) = (<&mut [u32; BINS]>::try_from(&mut **even), <&mut [u32; BINS]>::try_from(&mut **odd)) else {
            return;
        };
        let mut turn = false;
        for bin in bins {
            let bins = if turn { &mut *odd } else { &mut *even };
            turn = !turn;
            if let Some(count) = bins.get_mut(usize::from(bin)) {
                *count = count.wrapping_add(1);
            }
        }
        if self.pending >= FLUSH {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.pending = 0;
        for recent in &mut self.recent {
            for (bin, count) in self.bins.iter_mut().zip(recent.iter_mut()) {
                *bin += u64::from(std::mem::take(count));
            }
        }
    }

    pub(super) fn join(mut self, mut other: Self) -> Self {
        other.flush();
        self.flush();
        self.bins.iter_mut().zip(&other.bins).for_each(|(bin, other)| *bin += other);
        self
    }

    pub(super) fn finish(mut self) -> Vec<u64> {
        self.flush();
        self.bins
    }
}

/// What the first pass finds.
#[derive(Debug)]
pub(super) struct First {
    pub(super) nan: u64,
    pub(super) infinite: u64,
    /// Elements that are neither masked nor NaN.
    pub(super) count: u64,
    /// Keys of the smallest and the largest.
    pub(super) min: u64,
    pub(super) max: u64,
    pub(super) mean: f64,
    /// The sum of the squared deviations from the mean.
    pub(super) squares: f64,
    /// How often the top bits of a key occur.
    pub(super) bins: Vec<u64>,
}

struct State<T> {
    nan: u64,
    exact: i128,
    min: Option<T>,
    max: Option<T>,
    /// Of each slice, with the number of its first element: joined in order at the end, so that it
    /// does not matter who did which.
    moments: Vec<(u64, Moments)>,
    histogram: Histogram,
    values: Vec<T>,
}

impl<T: Key> State<T> {
    fn new() -> Self {
        let (moments, values) = (Vec::new(), Vec::with_capacity(CHUNK));
        Self { nan: 0, exact: 0, min: None, max: None, moments, histogram: Histogram::new(), values }
    }

    fn slice(&mut self, elements: &Elements<'_, '_>, first: u64, bytes: &[u8]) {
        let Self { exact, min, max, histogram, values, .. } = self;
        let mut moments = Moments::default();
        let nan = chunks::<T>(elements, first, bytes, values, |values| {
            histogram.add(values.iter().map(|value| top::<T>(value.key())));
            // Short numbers have a bin each, which tells all.
            if T::BITS > 16 {
                moments = moments.join(Moments::of(values));
                *exact = exact.saturating_add(T::exact_sum(values));
                let (low, high) = extremes(values);
                *min = smaller(*min, low);
                *max = larger(*max, high);
            }
        });
        self.nan += nan;
        if T::BITS > 16 {
            self.moments.push((first, moments));
        }
    }

    fn join(mut self, other: Self) -> Self {
        self.nan += other.nan;
        self.exact = self.exact.saturating_add(other.exact);
        self.min = smaller(self.min, other.min);
        self.max = larger(self.max, other.max);
        self.moments.extend(other.moments);
        self.histogram = self.histogram.join(other.histogram);
        self
    }

    fn finish(mut self) -> First {
        let bins = self.histogram.finish();
        if T::BITS <= 16 {
            return of_bins::<T>(self.nan, bins);
        }
        self.moments.sort_by_key(|slice| slice.0);
        let moments: Vec<Moments> = self.moments.iter().map(|slice| slice.1).filter(|part| part.count > 0).collect();
        let count = moments.iter().map(|part| part.count).sum();
        let mut sums: Vec<f64> = moments.iter().map(|part| part.sum).collect();
        let mean = if T::IS_INTEGER { wide(self.exact) } else { pairwise(&mut sums) } / float(count);
        let mut squares: Vec<f64> = moments.iter().map(|part| part.squares_from(mean)).collect();
        let infinite = T::INFINITE.iter().filter_map(|key| bins.get(usize::from(top::<T>(*key)))).sum();
        First {
            nan: self.nan,
            infinite,
            count,
            min: self.min.map_or(0, T::key),
            max: self.max.map_or(0, T::key),
            mean,
            squares: pairwise(&mut squares),
            bins,
        }
    }
}

/// Everything about numbers that have a bin each.
fn of_bins<T: Key>(nan: u64, bins: Vec<u64>) -> First {
    let used = || bins.iter().enumerate().filter(|(_, count)| **count > 0).map(|(key, count)| (key as u64, *count));
    let count = used().map(|(_, count)| count).sum();
    let mut sums: Vec<f64> = used().map(|(key, count)| T::value(key) * float(count)).collect();
    let exact = used().map(|(key, count)| T::int(key).saturating_mul(i128::from(count)));
    let mean = if T::IS_INTEGER { wide(exact.sum()) } else { pairwise(&mut sums) } / float(count);
    let mut squares: Vec<f64> =
        used().map(|(key, count)| (T::value(key) - mean) * (T::value(key) - mean) * float(count)).collect();
    let infinite = used().filter(|(key, _)| T::INFINITE.contains(key)).map(|(_, count)| count).sum();
    let min = used().next().map_or(0, |(key, _)| key);
    let max = used().next_back().map_or(0, |(key, _)| key);
    First { nan, infinite, count, min, max, mean, squares: pairwise(&mut squares), bins }
}

#[expect(clippy::cast_precision_loss, reason = "a mean is a float")]
fn wide(sum: i128) -> f64 {
    sum as f64
}

/// The sum in pairs, pairs of pairs and so on: rounding errors grow with the logarithm only.
fn pairwise(values: &mut Vec<f64>) -> f64 {
    while values.len() > 1 {
        *values = values.chunks(2).map(|pair| pair.iter().sum()).collect();
    }
    values.first().copied().unwrap_or(0.0)
}

fn smaller<T: Key>(a: Option<T>, b: Option<T>) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.key() < a.key() { b } else { a }),
        (a, b) => a.or(b),
    }
}

fn larger<T: Key>(a: Option<T>, b: Option<T>) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.key() > a.key() { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// The smallest and the largest, in eight lanes.
#[inline]
fn extremes<T: Key>(values: &[T]) -> (Option<T>, Option<T>) {
    let Some(&start) = values.first() else { return (None, None) };
    let (mut low, mut high) = ([start; 8], [start; 8]);
    let (whole, rest) = values.as_chunks::<8>();
    for values in whole {
        for ((low, high), value) in low.iter_mut().zip(&mut high).zip(values) {
            *low = if *value < *low { *value } else { *low };
            *high = if *value > *high { *value } else { *high };
        }
    }
    let low = low.iter().chain(rest).copied().map(Some).fold(None, smaller);
    let high = high.iter().chain(rest).copied().map(Some).fold(None, larger);
    (low, high)
}

/// Goes over all elements once.
pub(super) fn first<T: Key>(elements: &Elements<'_, '_>) -> Result<First> {
    let step = |state: &mut State<T>, first: u64, bytes: &[u8]| state.slice(elements, first, bytes);
    elements.pass(State::new, step, State::join).map(State::finish)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_parts_join_to_those_of_the_whole() {
        let values: Vec<f64> = (0..1000).map(|value| f64::from(value) * 0.25 + 1e6).collect();
        let whole = Moments::of(&values);
        let joined = values.chunks(77).map(Moments::of).fold(Moments::default(), Moments::join);
        // numpy: np.var(np.arange(1000) * .25 + 1e6) * 1000
        assert!((whole.squares - 5_208_328.125).abs() < 1e-6, "{whole:?}");
        assert!((joined.squares - whole.squares).abs() < 1e-6, "{joined:?}");
        assert_eq!((joined.count, joined.sum), (1000, 1_000_124_875.0));
    }

    #[test]
    fn extremes_are_found_in_every_lane_and_behind_the_last() {
        let values: Vec<i32> = (0..21).map(|value| (value * 8) % 21 - 10).collect();
        assert_eq!(extremes(&values), (Some(-10), Some(10)));
        assert_eq!(extremes::<u8>(&[]), (None, None));
    }
}
