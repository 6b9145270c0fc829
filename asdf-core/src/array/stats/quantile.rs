//! Exact quantiles by closing in on their keys, sixteen bits a pass.

use super::PERCENTILES;
use super::key::Key;
use super::moments;
use super::moments::{BINS, First, top};
use super::pass::Elements;
use crate::error::Result;

/// So few elements that are left are collected and sorted.
const FEW: u64 = 1 << 17;
/// Marks top bits that no quantile has.
const NONE: u8 = u8::MAX;

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
            narrow(start, &first.bins)
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
            let slot = prefixes
                .iter()
                .position(|prefix| prefix.0 == target.prefix)
                .unwrap_or(0);
            if search.collect {
                let keys = found.keys.get(slot).map(Vec::as_slice).unwrap_or_default();
                let at = usize::try_from(target.within).unwrap_or(usize::MAX);
                target.prefix = keys.get(at).copied().unwrap_or(target.prefix);
            } else {
                *target = narrow(
                    *target,
                    found.bins.get(slot).map(Vec::as_slice).unwrap_or_default(),
                );
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
    if part >= 0.5 {
        high - step * (1.0 - part)
    } else {
        low + step * part
    }
}

/// The bin that holds the target, and its rank there.
fn narrow(target: Target, bins: &[u64]) -> Target {
    let mut below = 0_u64;
    for (bin, count) in bins.iter().enumerate() {
        if target.within < below.saturating_add(*count) {
            let prefix = (target.prefix << 16) | bin as u64;
            return Target {
                within: target.within.saturating_sub(below),
                prefix,
                count: *count,
                ..target
            };
        }
        below = below.saturating_add(*count);
    }
    target
}

/// The different prefixes with how many keys have each.
fn prefixes(targets: &[Target]) -> Vec<(u64, u64)> {
    let mut out: Vec<(u64, u64)> = targets
        .iter()
        .map(|target| (target.prefix, target.count))
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// One pass that looks only at keys with certain prefixes.
struct Search<'a> {
    /// Bits of the prefixes.
    known: u32,
    prefixes: &'a [(u64, u64)],
    /// Whether to collect the keys or to count their next sixteen bits.
    collect: bool,
}

/// The first slot for each top bits.
type Table = Box<[u8]>;

struct Found<T> {
    bins: Vec<Vec<u64>>,
    keys: Vec<Vec<u64>>,
    values: Vec<T>,
}

impl Search<'_> {
    fn pass<T: Key>(&self, elements: &Elements<'_, '_>) -> Result<Found<T>> {
        let table = self.table::<T>();
        let slots = self.prefixes.len();
        let make = || {
            let bins = if self.collect {
                Vec::new()
            } else {
                vec![vec![0; BINS]; slots]
            };
            Found {
                bins,
                keys: vec![Vec::new(); slots],
                values: Vec::new(),
            }
        };
        let step = |found: &mut Found<T>, first: u64, bytes: &[u8]| {
            let Found { bins, keys, values } = found;
            moments::chunks::<T>(elements, first, bytes, values, |values| {
                self.chunk(values, &table, bins, keys)
            });
        };
        let mut found = elements.pass(make, step, Found::join)?;
        found.keys.iter_mut().for_each(|keys| keys.sort_unstable());
        Ok(found)
    }

    fn table<T: Key>(&self) -> Table {
        let shift = T::BITS.saturating_sub(self.known);
        let mut table = vec![NONE; BINS].into_boxed_slice();
        for (slot, (prefix, _)) in self.prefixes.iter().enumerate() {
            if let Some(entry) = table.get_mut(usize::from(top::<T>(prefix << shift))) {
                // Of several prefixes with the same top bits the first is the entry to the list.
                *entry = (*entry).min(u8::try_from(slot).unwrap_or(NONE));
            }
        }
        table
    }

    fn chunk<T: Key>(
        &self,
        values: &[T],
        table: &Table,
        bins: &mut [Vec<u64>],
        keys: &mut [Vec<u64>],
    ) {
        let shift = T::BITS.saturating_sub(self.known);
        for value in values {
            let key = value.key();
            let entry = table
                .get(usize::from(top::<T>(key)))
                .copied()
                .unwrap_or(NONE);
            if entry == NONE || value.is_nan() {
                continue;
            }
            let prefix = key >> shift;
            let entry = usize::from(entry);
            // Prefixes are in order: those with the same top bits follow one another.
            let candidates = self.prefixes.get(entry..).unwrap_or_default().iter();
            let Some(slot) = candidates
                .take_while(|known| known.0 <= prefix)
                .position(|known| known.0 == prefix)
            else {
                continue;
            };
            let slot = entry.saturating_add(slot);
            if self.collect {
                keys.get_mut(slot)
                    .into_iter()
                    .for_each(|keys| keys.push(key));
                continue;
            }
            let next = usize::try_from((key >> shift.saturating_sub(16)) & 0xffff).unwrap_or(0);
            if let Some(bin) = bins.get_mut(slot).and_then(|bins| bins.get_mut(next)) {
                *bin += 1;
            }
        }
    }
}

impl<T> Found<T> {
    fn join(mut self, other: Self) -> Self {
        for (bins, other) in self.bins.iter_mut().zip(&other.bins) {
            bins.iter_mut()
                .zip(other)
                .for_each(|(bin, other)| *bin += other);
        }
        self.keys
            .iter_mut()
            .zip(other.keys)
            .for_each(|(keys, other)| keys.extend(other));
        self
    }
}
