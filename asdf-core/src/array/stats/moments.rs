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
pub(super) const FLUSH: u64 = 1 << 30;

/// The top sixteen bits of a key (all of a shorter one).
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "what is left are sixteen bits"
)]
pub(super) fn top<T: Key>(key: u64) -> u16 {
    (key >> T::BITS.saturating_sub(16)) as u16
}

/// Hands the elements that are not masked to `take`, a chunk at a time in their order. `first` is the
/// number of the first element; `spare` is room for a chunk.
pub(super) fn chunks<T: Key>(
    elements: &Elements<'_, '_>,
    first: u64,
    bytes: &[u8],
    spare: &mut Vec<T>,
    mut take: impl FnMut(&[T]),
) {
    let mask = elements
        .mask()
        .and_then(|mask| mask.get(usize::try_from(first).unwrap_or(usize::MAX)..));
    if let (None, ByteOrder::Little, Some(values)) = (mask, ByteOrder::NATIVE, T::cast(bytes)) {
        return values.chunks(CHUNK).for_each(take);
    }
    for (number, bytes) in bytes.chunks(CHUNK.saturating_mul(T::SIZE)).enumerate() {
        spare.clear();
        let read = bytes
            .chunks_exact(T::SIZE)
            .map(|bytes| T::read(bytes, ByteOrder::Little));
        match mask {
            None => spare.extend(read),
            Some(mask) => {
                let mask = mask.get(number.saturating_mul(CHUNK)..).unwrap_or_default();
                let masked = mask.iter().copied().chain(std::iter::repeat(false));
                spare.extend(
                    read.zip(masked)
                        .filter(|(_, masked)| !masked)
                        .map(|(value, _)| value),
                );
            }
        }
        take(spare);
    }
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
        if sum.is_nan() {
            return Self {
                count,
                sum,
                squares: f64::NAN,
            };
        }
        let mean = sum / float(count);
        let squares = lanes(values, |value| {
            let deviation = value.float() - mean;
            deviation * deviation
        });
        Self {
            count,
            sum,
            squares,
        }
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
    let (low, high) = sums.split_at(4);
    let rest: f64 = rest.iter().map(|value| of(*value)).sum();
    (low.iter().sum::<f64>() + high.iter().sum::<f64>()) + rest
}

/// A bin of a histogram and how many elements are in it.
pub(super) type Bin = (u64, u64);

/// How often each of the top sixteen bits occurs.
pub(super) struct Histogram {
    /// The top bits themselves, while there are few elements: a table of many short columns would spend its time on empty bins.
    few: Vec<u16>,
    /// Two, interleaved, to break the dependency of a store on the load before it. Empty while there are few elements, as `bins`.
    recent: [Box<[u32]>; 2],
    pending: u64,
    bins: Vec<u64>,
}

impl Histogram {
    pub(super) fn new() -> Self {
        Self {
            few: Vec::new(),
            recent: [Box::default(), Box::default()],
            pending: 0,
            bins: Vec::new(),
        }
    }

    fn add<T: Key>(&mut self, values: &[T]) {
        if self.bins.is_empty() {
            if self.few.len().saturating_add(values.len()) <= CHUNK {
                let tops = values.iter().map(|value| top::<T>(value.key()));
                return self.few.extend(tops);
            }
            self.spread();
        }
        self.pending = self.pending.saturating_add(values.len() as u64);
        let [even, odd] = &mut self.recent;
        let count = |bins: &mut [u32], value: T| {
            if let Some(bin) = bins.get_mut(usize::from(top::<T>(value.key()))) {
                *bin = bin.wrapping_add(1);
            }
        };
        let (pairs, rest) = values.as_chunks::<2>();
        for [first, second] in pairs {
            count(even, *first);
            count(odd, *second);
        }
        for value in rest {
            count(even, *value);
        }
        if self.pending >= FLUSH {
            self.flush();
        }
    }

    /// Goes over to a bin for each of the top bits.
    fn spread(&mut self) {
        if self.bins.is_empty() {
            self.recent = [(); 2].map(|()| vec![0; BINS].into_boxed_slice());
            self.bins = vec![0; BINS];
        }
        for top in std::mem::take(&mut self.few) {
            if let Some(bin) = self.bins.get_mut(usize::from(top)) {
                *bin += 1;
            }
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
        self.spread();
        other.spread();
        other.flush();
        self.flush();
        self.bins
            .iter_mut()
            .zip(&other.bins)
            .for_each(|(bin, other)| *bin += other);
        self
    }

    /// The bins that have an element, in their order.
    pub(super) fn finish(mut self) -> Vec<Bin> {
        self.flush();
        self.few.sort_unstable();
        let few = self.few.chunk_by(|a, b| a == b);
        let few = few.filter_map(|same| Some((u64::from(*same.first()?), same.len() as u64)));
        let bins = (0_u64..).zip(self.bins.iter().copied());
        few.chain(bins.filter(|bin| bin.1 > 0)).collect()
    }
}

/// What the first pass finds.
#[derive(Debug)]
pub(super) struct First {
    pub(super) nan: u64,
    pub(super) infinite: u64,
    /// Elements that are neither masked nor NaN.
    pub(super) count: u64,
    pub(super) mean: f64,
    /// The sum of the squared deviations from the mean.
    pub(super) squares: f64,
    /// How often the top bits of a key occur, those that do.
    pub(super) bins: Vec<Bin>,
}

struct State<T> {
    nan: u64,
    exact: i128,
    /// Of each slice, with the number of its first element: joined in order at the end, so that it
    /// does not matter who did which.
    moments: Vec<(u64, Moments)>,
    histogram: Histogram,
    spare: Vec<T>,
    numbers: Vec<T>,
}

impl<T: Key> State<T> {
    fn new() -> Self {
        let histogram = Histogram::new();
        Self {
            nan: 0,
            exact: 0,
            moments: Vec::new(),
            histogram,
            spare: Vec::new(),
            numbers: Vec::new(),
        }
    }

    fn slice(&mut self, elements: &Elements<'_, '_>, first: u64, bytes: &[u8]) {
        let Self {
            nan,
            exact,
            histogram,
            spare,
            numbers,
            ..
        } = self;
        let mut moments = Moments::default();
        chunks::<T>(elements, first, bytes, spare, |values| {
            // Short numbers have a bin each, which tells all.
            if T::BITS <= 16 {
                return histogram.add(values);
            }
            let mut own = Moments::of(values);
            let mut values = values;
            // NaN shows in the sum; so does infinity of both signs.
            if own.sum.is_nan() {
                numbers.clear();
                numbers.extend(values.iter().filter(|value| !value.is_nan()));
                *nan += values.len().saturating_sub(numbers.len()) as u64;
                values = numbers;
                own = Moments::of(values);
            }
            histogram.add(values);
            *exact = exact.saturating_add(T::exact_sum(values));
            moments = moments.join(own);
        });
        if T::BITS > 16 {
            self.moments.push((first, moments));
        }
    }

    fn join(mut self, other: Self) -> Self {
        self.nan += other.nan;
        self.exact = self.exact.saturating_add(other.exact);
        self.moments.extend(other.moments);
        self.histogram = self.histogram.join(other.histogram);
        self
    }

    fn finish(mut self) -> First {
        let bins = self.histogram.finish();
        if T::BITS <= 16 {
            return of_bins::<T>(bins);
        }
        self.moments.sort_by_key(|slice| slice.0);
        let moments: Vec<Moments> = self
            .moments
            .iter()
            .map(|slice| slice.1)
            .filter(|part| part.count > 0)
            .collect();
        let count = moments.iter().map(|part| part.count).sum();
        let mut sums: Vec<f64> = moments.iter().map(|part| part.sum).collect();
        let mean = if T::IS_INTEGER {
            wide(self.exact)
        } else {
            pairwise(&mut sums)
        } / float(count);
        let mut squares: Vec<f64> = moments.iter().map(|part| part.squares_from(mean)).collect();
        let is_infinite = |bin: &&Bin| {
            let mut keys = T::INFINITE.iter();
            keys.any(|key| u64::from(top::<T>(*key)) == bin.0)
        };
        let infinite = bins.iter().filter(is_infinite).map(|bin| bin.1).sum();
        First {
            nan: self.nan,
            infinite,
            count,
            mean,
            squares: pairwise(&mut squares),
            bins,
        }
    }
}

/// Everything about numbers that have a bin each.
fn of_bins<T: Key>(mut bins: Vec<Bin>) -> First {
    let keys = || bins.iter().copied();
    let nan = keys()
        .filter(|(key, _)| T::value(*key).is_nan())
        .map(|(_, count)| count)
        .sum();
    let used = || keys().filter(|(key, _)| !T::value(*key).is_nan());
    let count = used().map(|(_, count)| count).sum();
    let mut sums: Vec<f64> = used()
        .map(|(key, count)| T::value(key) * float(count))
        .collect();
    let exact = used().map(|(key, count)| T::int(key).saturating_mul(i128::from(count)));
    let mean = if T::IS_INTEGER {
        wide(exact.sum())
    } else {
        pairwise(&mut sums)
    } / float(count);
    let mut squares: Vec<f64> = used()
        .map(|(key, count)| (T::value(key) - mean) * (T::value(key) - mean) * float(count))
        .collect();
    let infinite = used()
        .filter(|(key, _)| T::INFINITE.contains(key))
        .map(|(_, count)| count)
        .sum();
    let squares = pairwise(&mut squares);
    bins.retain(|(key, _)| !T::value(*key).is_nan());
    First {
        nan,
        infinite,
        count,
        mean,
        squares,
        bins,
    }
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

/// Goes over all elements once.
pub(super) fn first<T: Key>(elements: &Elements<'_, '_>) -> Result<First> {
    let step = |state: &mut State<T>, first: u64, bytes: &[u8]| state.slice(elements, first, bytes);
    elements
        .pass(State::new, step, State::join)
        .map(State::finish)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_parts_join_to_those_of_the_whole() {
        let values: Vec<f64> = (0..1000)
            .map(|value| f64::from(value) * 0.25 + 1e6)
            .collect();
        let whole = Moments::of(&values);
        let joined = values
            .chunks(77)
            .map(Moments::of)
            .fold(Moments::default(), Moments::join);
        // numpy: np.var(np.arange(1000) * .25 + 1e6) * 1000
        assert!((whole.squares - 5_208_328.125).abs() < 1e-6, "{whole:?}");
        assert!((joined.squares - whole.squares).abs() < 1e-6, "{joined:?}");
        assert_eq!((joined.count, joined.sum), (1000, 1_000_124_875.0));
    }
}
