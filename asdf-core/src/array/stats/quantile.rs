//! Exact quantiles by closing in on their keys, sixteen bits a pass, and on the way the sum of the
//! squared deviations.

use super::PERCENTILES;
use super::key::Key;
use super::pass::{BINS, Elements, First, Lanes, Sum, add_bins, top};
use crate::array::ByteOrder;
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

/// The percentiles in the order of [`PERCENTILES`], and the sum of the squared deviations from the mean.
pub(super) fn find<T: Key>(elements: &Elements<'_, '_>, first: &First, mean: f64) -> Result<(Vec<(u8, f64)>, f64)> {
    let mut targets: Vec<Target> = ranks(first.count)
        .map(|rank| {
            let start = Target { rank, within: rank, prefix: 0, count: first.count };
            narrow(start, &first.bins)
        })
        .collect();
    let mut known = T::BITS.min(16);
    let mut squares = None;
    if T::BITS <= 16 {
        squares = Some(squares_of_bins::<T>(&first.bins, mean));
    }
    while known < T::BITS {
        let prefixes = prefixes(&targets);
        let few: u64 = prefixes.iter().map(|prefix| prefix.1).fold(0, u64::saturating_add);
        let wanted = if squares.is_none() { Some(mean) } else { None };
        let search = Search { known, prefixes: &prefixes, collect: few <= FEW, mean: wanted };
        let found = search.pass::<T>(elements)?;
        squares.get_or_insert_with(|| found.squares.total());
        for target in &mut targets {
            let slot = prefixes.iter().position(|prefix| prefix.0 == target.prefix).unwrap_or(0);
            if search.collect {
                let keys = found.keys.get(slot).map(Vec::as_slice).unwrap_or_default();
                let at = usize::try_from(target.within).unwrap_or(usize::MAX);
                target.prefix = keys.get(at).copied().unwrap_or(target.prefix);
            } else {
                *target = narrow(*target, found.bins.get(slot).map(Vec::as_slice).unwrap_or_default());
            }
        }
        known = if search.collect { T::BITS } else { known + 16 };
    }
    let value = |rank: u64| targets.iter().find(|target| target.rank == rank).map_or(f64::NAN, |target| T::value(target.prefix));
    let quantiles = PERCENTILES.iter().map(|percent| (*percent, interpolate(*percent, first.count, value))).collect();
    Ok((quantiles, squares.unwrap_or(0.0)))
}

/// Position of a percentile in hundredths of ranks: whole rank and remainder.
fn position(percent: u8, count: u64) -> (u64, u64) {
    let hundredths = u128::from(percent) * u128::from(count.saturating_sub(1));
    let whole = u64::try_from(hundredths / 100).unwrap_or(u64::MAX);
    (whole, u64::try_from(hundredths % 100).unwrap_or(0))
}

/// The ranks between which percentiles are interpolated.
fn ranks(count: u64) -> impl Iterator<Item = u64> {
    let mut ranks: Vec<u64> = PERCENTILES
        .iter()
        .flat_map(|percent| {
            let (whole, _) = position(*percent, count);
            [whole, whole.saturating_add(1).min(count.saturating_sub(1))]
        })
        .collect();
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
    if part >= 0.5 { high - step * (1.0 - part) } else { low + step * part }
}

/// The bin that holds the target, and its rank there.
fn narrow(target: Target, bins: &[u64]) -> Target {
    let mut below = 0_u64;
    for (bin, count) in bins.iter().enumerate() {
        if target.within < below.saturating_add(*count) {
            let prefix = (target.prefix << 16) | bin as u64;
            return Target { within: target.within.saturating_sub(below), prefix, count: *count, ..target };
        }
        below = below.saturating_add(*count);
    }
    target
}

/// The different prefixes with how many keys have each.
fn prefixes(targets: &[Target]) -> Vec<(u64, u64)> {
    let mut out: Vec<(u64, u64)> = targets.iter().map(|target| (target.prefix, target.count)).collect();
    out.sort_unstable();
    out.dedup();
    out
}

#[expect(clippy::cast_precision_loss, reason = "counts as weights")]
fn squares_of_bins<T: Key>(bins: &[u64], mean: f64) -> f64 {
    let used = bins.iter().enumerate().filter(|(_, count)| **count > 0);
    used.map(|(key, count)| {
        let deviation = T::value(key as u64) - mean;
        deviation * deviation * *count as f64
    })
    .sum()
}

/// One pass that looks only at keys with certain prefixes.
struct Search<'a> {
    /// Bits of the prefixes.
    known: u32,
    prefixes: &'a [(u64, u64)],
    /// Whether to collect the keys or to count their next sixteen bits.
    collect: bool,
    /// Sum up the squared deviations from this.
    mean: Option<f64>,
}

struct Found {
    squares: Sum,
    bins: Vec<Vec<u64>>,
    keys: Vec<Vec<u64>>,
}

impl Search<'_> {
    fn pass<T: Key>(&self, elements: &Elements<'_, '_>) -> Result<Found> {
        let shift = T::BITS.saturating_sub(self.known);
        let mut table = vec![NONE; BINS];
        for (slot, (prefix, _)) in self.prefixes.iter().enumerate() {
            if let Some(entry) = table.get_mut(top::<T>(prefix << shift)) {
                // Of several prefixes with the same top bits the first is the entry to the list.
                *entry = (*entry).min(u8::try_from(slot).unwrap_or(NONE));
            }
        }
        let make = || {
            let slots = self.prefixes.len();
            let bins = if self.collect { Vec::new() } else { vec![vec![0; BINS]; slots] };
            Found { squares: Sum::default(), bins, keys: vec![Vec::new(); slots] }
        };
        let step = |found: &mut Found, first: u64, bytes: &[u8]| {
            let mut squares = Lanes::default();
            for (index, bytes) in bytes.chunks_exact(T::SIZE).enumerate() {
                if elements.mask().is_some() && elements.is_masked_at(first, index) {
                    continue;
                }
                let value = T::read(bytes, ByteOrder::Little);
                let float = value.float();
                if float.is_nan() {
                    continue;
                }
                if let Some(mean) = self.mean {
                    let deviation = float - mean;
                    squares.add(index, deviation * deviation);
                }
                let key = value.key();
                let entry = table.get(top::<T>(key)).copied().unwrap_or(NONE);
                if entry != NONE {
                    self.take(found, key, shift, entry);
                }
            }
            found.squares.add_slice(first, squares.total());
        };
        let mut found = elements.pass(make, step, Found::join)?;
        found.keys.iter_mut().for_each(|keys| keys.sort_unstable());
        Ok(found)
    }

    fn take(&self, found: &mut Found, key: u64, shift: u32, entry: u8) {
        let prefix = key >> shift;
        let entry = usize::from(entry);
        let Some(slot) = self.prefixes.iter().skip(entry).position(|known| known.0 == prefix) else { return };
        let slot = entry + slot;
        if self.collect {
            found.keys.get_mut(slot).into_iter().for_each(|keys| keys.push(key));
            return;
        }
        let next = usize::try_from((key >> (shift - 16)) & 0xffff).unwrap_or(0);
        if let Some(bin) = found.bins.get_mut(slot).and_then(|bins| bins.get_mut(next)) {
            *bin += 1;
        }
    }
}

impl Found {
    fn join(mut self, other: Self) -> Self {
        self.squares = self.squares.join(other.squares);
        self.bins.iter_mut().zip(&other.bins).for_each(|(bins, other)| add_bins(bins, other));
        self.keys.iter_mut().zip(other.keys).for_each(|(keys, other)| keys.extend(other));
        self
    }
}
