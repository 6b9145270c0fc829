//! Exact quantiles by closing in on their keys, sixteen bits a pass.

use super::PERCENTILES;
use super::key::Key;
use super::moments;
use super::moments::{BINS, Bin, FLUSH, First};
use super::pass::Elements;
use crate::error::Result;

/// So few elements that are left are collected and sorted.
const FEW: u64 = 1 << 17;
/// So few elements are looked for without a table of their bits.
const SHORT: u64 = 1 << 12;
/// Marks bits that no quantile has.
const NONE: u8 = u8::MAX;
/// Bins for keys that are not looked for, interleaved to break the dependency of a store on the load before it.
const OTHERS: usize = 8;

/// An element looked for: the one of that rank among those whose key begins with a prefix.
#[derive(Debug, Clone, Copy)]
struct Target {
    /// The rank in the whole array, from 0.
    rank: u64,
    /// The rank within the prefix.
    within: u64,
    prefix: u64,
    /// How many keys begin with the prefix.
    count: u64,
}

/// What is found by rank.
#[derive(Debug)]
pub(super) struct Quantiles {
    /// Key of the smallest.
    pub(super) min: u64,
    /// Key of the largest.
    pub(super) max: u64,
    /// In the order of [`PERCENTILES`].
    pub(super) percentiles: Vec<(u8, f64)>,
}

/// Finds them among the elements that the first pass has counted, at least one.
pub(super) fn find<T: Key>(elements: &Elements<'_, '_>, first: &First) -> Result<Quantiles> {
    let mut targets: Vec<Target> = ranks(first.count)
        .map(|rank| {
            let start = Target {
                rank,
                within: rank,
                prefix: 0,
                count: first.count,
            };
            narrow(start, first.bins.iter().copied())
        })
        .collect();
    let mut known = T::BITS.min(16);
    while known < T::BITS {
        let prefixes = prefixes(&targets);
        let few: u64 = prefixes
            .iter()
            .map(|prefix| prefix.1)
            .fold(0, u64::saturating_add);
        let search = Search {
            known,
            prefixes: &prefixes,
            collect: few <= FEW,
        };
        let found = search.pass::<T>(elements)?;
        for target in &mut targets {
            let slot = prefixes.iter().position(|prefix| prefix.0 == target.prefix);
            let slot = slot.unwrap_or(0);
            if search.collect {
                pick(target, found.keys.get(slot).map(Vec::as_slice));
            } else {
                let start = slot.saturating_mul(BINS);
                let bins = found.bins.get(start..start.saturating_add(BINS));
                let bins = bins.unwrap_or_default().iter().copied();
                *target = narrow(*target, (0..).zip(bins));
            }
        }
        known = if search.collect { T::BITS } else { known + 16 };
    }
    let key = |rank: u64| {
        targets
            .iter()
            .find(|target| target.rank == rank)
            .map_or(0, |target| target.prefix)
    };
    let value = |rank: u64| T::value(key(rank));
    let percentiles = PERCENTILES
        .iter()
        .map(|percent| (*percent, interpolate(*percent, first.count, value)))
        .collect();
    Ok(Quantiles {
        min: key(0),
        max: key(first.count.saturating_sub(1)),
        percentiles,
    })
}

/// Gives a target its key: the one of its rank among the sorted keys with its prefix.
fn pick(target: &mut Target, keys: Option<&[u64]>) {
    let at = usize::try_from(target.within).unwrap_or(usize::MAX);
    let key = keys.unwrap_or_default().get(at);
    target.prefix = key.copied().unwrap_or(target.prefix);
}

/// Position of a percentile in hundredths of ranks: whole rank and remainder.
fn position(percent: u8, count: u64) -> (u64, u64) {
    let hundredths = u128::from(percent) * u128::from(count.saturating_sub(1));
    let whole = u64::try_from(hundredths / 100).unwrap_or(u64::MAX);
    (whole, u64::try_from(hundredths % 100).unwrap_or(0))
}

/// The ranks between which percentiles are interpolated, with the first and the last.
fn ranks(count: u64) -> impl Iterator<Item = u64> {
    let last = count.saturating_sub(1);
    let mut ranks = vec![0, last];
    for percent in PERCENTILES {
        let (whole, _) = position(percent, count);
        ranks.extend([whole, whole.saturating_add(1).min(last)]);
    }
    ranks.sort_unstable();
    ranks.dedup();
    ranks.into_iter()
}

/// numpy's linear interpolation, from the nearer side as numpy does it.
#[expect(clippy::cast_precision_loss, reason = "a remainder below 100")]
fn interpolate(percent: u8, count: u64, value: impl Fn(u64) -> f64) -> f64 {
    let (whole, rest) = position(percent, count);
    let low = value(whole);
    if rest == 0 {
        return low;
    }
    let high = value(whole.saturating_add(1));
    let part = rest as f64 / 100.0;
    let step = high - low;
    if !step.is_finite() {
        // numpy's `percentile` gives NaN here (its `median` does not): the difference overflows,
        // the mean of the two does not.
        return low * (1.0 - part) + high * part;
    }
    if part >= 0.5 {
        high - step * (1.0 - part)
    } else {
        low + step * part
    }
}

/// The bin that holds the target, and its rank there.
fn narrow(target: Target, bins: impl Iterator<Item = Bin>) -> Target {
    let mut below = 0_u64;
    for (bin, count) in bins {
        if target.within < below.saturating_add(count) {
            let prefix = (target.prefix << 16) | bin;
            return Target {
                within: target.within.saturating_sub(below),
                prefix,
                count,
                ..target
            };
        }
        below = below.saturating_add(count);
    }
    target
}

/// The different prefixes with how many keys have each, those with the same last bits together.
fn prefixes(targets: &[Target]) -> Vec<(u64, u64)> {
    let mut out: Vec<(u64, u64)> = targets
        .iter()
        .map(|target| (target.prefix, target.count))
        .collect();
    out.sort_unstable_by_key(|prefix| (last(prefix.0), prefix.0));
    out.dedup();
    out
}

/// The last sixteen bits of a prefix. Of longer prefixes they tell more than the first, which many
/// keys share.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "the rest is cut on purpose"
)]
fn last(prefix: u64) -> u16 {
    prefix as u16
}

/// One pass that looks only at keys with certain prefixes.
struct Search<'a> {
    /// Bits of the prefixes.
    known: u32,
    prefixes: &'a [(u64, u64)],
    /// Whether to collect the keys or to count their next sixteen bits.
    collect: bool,
}

struct Found<T> {
    /// A histogram of the next sixteen bits for each prefix, and a few bins for keys without one.
    bins: Vec<u64>,
    /// Counters of 32 bits that are added to `bins` from time to time: half the footprint in the cache.
    recent: Vec<u32>,
    pending: u64,
    /// The keys with each prefix.
    keys: Vec<Vec<u64>>,
    spare: Vec<T>,
}

impl Search<'_> {
    fn pass<T: Key>(&self, elements: &Elements<'_, '_>) -> Result<Found<T>> {
        // The prefixes of few elements are found sooner than a table is filled.
        let table = if self.collect && elements.len() <= SHORT {
            Box::default()
        } else {
            self.table()
        };
        let slots = self.prefixes.len();
        let make = || {
            let bins = if self.collect {
                0
            } else {
                slots.saturating_mul(BINS).saturating_add(OTHERS)
            };
            Found {
                bins: vec![0; bins],
                recent: vec![0; bins],
                pending: 0,
                keys: vec![Vec::new(); slots],
                spare: Vec::new(),
            }
        };
        let step = |found: &mut Found<T>, first: u64, bytes: &[u8]| {
            let Found {
                recent,
                keys,
                spare,
                ..
            } = found;
            moments::chunks::<T>(elements, first, bytes, spare, |values| {
                match (self.collect, self.known) {
                    (true, _) => self.collect(values, &table, keys),
                    (false, 16) => self.count_all(values, &table, recent),
                    (false, _) => self.count(values, &table, recent),
                }
            });
            found.pending = found.pending.saturating_add(bytes.len() as u64);
            if found.pending >= FLUSH {
                found.flush();
            }
        };
        let mut found = elements.pass(make, step, Found::join)?;
        found.flush();
        found.keys.iter_mut().for_each(|keys| keys.sort_unstable());
        Ok(found)
    }

    /// For the last bits of each prefix the first slot that has them.
    fn table(&self) -> Box<[u8]> {
        let mut table = vec![NONE; BINS].into_boxed_slice();
        for (slot, (prefix, _)) in self.prefixes.iter().enumerate() {
            if let Some(entry) = table.get_mut(usize::from(last(*prefix))) {
                *entry = (*entry).min(u8::try_from(slot).unwrap_or(NONE));
            }
        }
        table
    }

    /// The slot of a key's prefix.
    #[inline]
    fn slot(&self, prefix: u64, table: &[u8]) -> Option<usize> {
        if table.is_empty() {
            return self.prefixes.iter().position(|known| known.0 == prefix);
        }
        let entry = table
            .get(usize::from(last(prefix)))
            .copied()
            .unwrap_or(NONE);
        if entry == NONE {
            return None;
        }
        let entry = usize::from(entry);
        let same = self
            .prefixes
            .get(entry..)?
            .iter()
            .take_while(|known| last(known.0) == last(prefix));
        same.zip(entry..)
            .find(|(known, _)| known.0 == prefix)
            .map(|found| found.1)
    }

    fn shift<T: Key>(&self) -> u32 {
        T::BITS.saturating_sub(self.known)
    }

    fn collect<T: Key>(&self, values: &[T], table: &[u8], keys: &mut [Vec<u64>]) {
        let shift = self.shift::<T>();
        for value in values {
            let key = value.key();
            if let Some(slot) = self.slot(key >> shift, table)
                && !value.is_nan()
            {
                keys.get_mut(slot)
                    .into_iter()
                    .for_each(|keys| keys.push(key));
            }
        }
    }

    fn count<T: Key>(&self, values: &[T], table: &[u8], bins: &mut [u32]) {
        let shift = self.shift::<T>();
        for value in values {
            let key = value.key();
            if let Some(slot) = self.slot(key >> shift, table)
                && !value.is_nan()
            {
                let bin =
                    slot.saturating_mul(BINS) | usize::from(last(key >> shift.saturating_sub(16)));
                bins.get_mut(bin)
                    .into_iter()
                    .for_each(|bin| *bin = bin.wrapping_add(1));
            }
        }
    }

    /// The same for prefixes of sixteen bits. Which keys have one cannot be foreseen, so every key
    /// is counted, those without in the last bins, and no branch is taken wrongly.
    fn count_all<T: Key>(&self, values: &[T], table: &[u8], bins: &mut [u32]) {
        let shift = self.shift::<T>();
        let others = bins.len().saturating_sub(OTHERS);
        for (turn, value) in values.iter().enumerate() {
            let key = value.key();
            let other = others.saturating_add(turn % OTHERS);
            let entry = table
                .get(usize::from(last(key >> shift)))
                .copied()
                .unwrap_or(NONE);
            let bin = usize::from(entry) << 16 | usize::from(last(key >> shift.saturating_sub(16)));
            let bin = if value.is_nan() {
                other
            } else {
                bin.min(other)
            };
            bins.get_mut(bin)
                .into_iter()
                .for_each(|bin| *bin = bin.wrapping_add(1));
        }
    }
}

impl<T> Found<T> {
    fn flush(&mut self) {
        self.pending = 0;
        for (bin, recent) in self.bins.iter_mut().zip(&mut self.recent) {
            *bin += u64::from(std::mem::take(recent));
        }
    }

    fn join(mut self, mut other: Self) -> Self {
        self.flush();
        other.flush();
        self.bins
            .iter_mut()
            .zip(&other.bins)
            .for_each(|(bin, other)| *bin += other);
        self.keys
            .iter_mut()
            .zip(other.keys)
            .for_each(|(keys, other)| keys.extend(other));
        self
    }
}
