//! Exact percentiles of an image of any size: numbers become keys in their order, and each of four passes counts
//! sixteen more bits of the key below the prefixes that are still of interest.

use super::image::Image;
use super::scan;
use super::zscale::Precision;
use asdf_core::Result;

const BITS: u32 = 16;
const BINS: usize = 1 << BITS;

/// Percentiles of the finite elements, between neighbours as numpy has it by default; `None` when there are none.
///
/// # Errors
/// The array cannot be read.
pub fn percentiles(image: &Image<'_>, finite: u64, percents: &[f64]) -> Result<Option<Vec<f64>>> {
    if finite == 0 {
        return Ok(None);
    }
    let places: Vec<Place> = percents
        .iter()
        .map(|percent| Place::of(*percent, finite))
        .collect();
    let mut ranks: Vec<u64> = places
        .iter()
        .flat_map(|place| [place.below, place.above])
        .collect();
    ranks.sort_unstable();
    ranks.dedup();
    let found = select(image, &ranks)?;
    let at = |rank: u64| {
        let number = ranks.binary_search(&rank).ok();
        number.and_then(|number| found.get(number)).copied()
    };
    let precision = image.precision();
    Ok(places
        .iter()
        .map(|place| Some(place.between(at(place.below)?, at(place.above)?, precision)))
        .collect())
}

/// The same of values in memory.
pub fn percentiles_of(values: &[f64], percents: &[f64]) -> Option<Vec<f64>> {
    let mut finite: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    finite.sort_by(f64::total_cmp);
    let at = |rank: u64| finite.get(usize::try_from(rank).ok()?).copied();
    let one = |percent: &f64| {
        let place = Place::of(*percent, finite.len() as u64);
        Some(place.between(at(place.below)?, at(place.above)?, Precision::Double))
    };
    percents.iter().map(one).collect()
}

/// Where a percentile is among the sorted elements.
#[derive(Debug, Clone, Copy)]
struct Place {
    below: u64,
    above: u64,
    /// How far it is from the one below to the one above.
    part: f64,
}

impl Place {
    #[expect(clippy::cast_precision_loss, reason = "as numpy does it")]
    #[expect(clippy::cast_possible_truncation, reason = "within the elements")]
    #[expect(clippy::cast_sign_loss, reason = "not below 0")]
    fn of(percent: f64, count: u64) -> Self {
        let last = count.saturating_sub(1);
        let place = (percent.clamp(0.0, 100.0) / 100.0 * last as f64).min(last as f64);
        let below = place.floor() as u64;
        Self {
            below,
            above: below.saturating_add(1).min(last),
            part: place - place.floor(),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "they are not wider")]
    fn between(self, low: f64, high: f64, precision: Precision) -> f64 {
        let apart = match precision {
            Precision::Double => high - low,
            Precision::Single | Precision::Half => f64::from(high as f32 - low as f32),
        };
        if self.part < 0.5 {
            low + apart * self.part
        } else {
            high - apart * (1.0 - self.part)
        }
    }
}

/// The elements of these ranks, which are sorted and differ.
fn select(image: &Image<'_>, ranks: &[u64]) -> Result<Vec<f64>> {
    // For each rank what is known of its key, and its rank among the elements that share that.
    let mut known: Vec<(u64, u64)> = ranks.iter().map(|rank| (0, *rank)).collect();
    for pass in 1..=u64::BITS / BITS {
        let shift = u64::BITS - pass * BITS;
        let mut prefixes: Vec<u64> = known.iter().map(|entry| entry.0).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        let counts = count(image, &prefixes, shift)?;
        for (prefix, rank) in &mut known {
            let number = prefixes.binary_search(prefix).unwrap_or(0);
            let bins = counts.get(number * BINS..).unwrap_or_default();
            let mut bin = 0;
            for count in bins.iter().take(BINS) {
                if *rank < *count {
                    break;
                }
                *rank -= count;
                bin += 1;
            }
            *prefix = *prefix << BITS | bin;
        }
    }
    Ok(known.iter().map(|(key, _)| from_key(*key)).collect())
}

/// A histogram for each prefix: of the sixteen bits from `shift` on, of keys with that prefix above these.
fn count(image: &Image<'_>, prefixes: &[u64], shift: u32) -> Result<Vec<u64>> {
    let add = |counts: &mut Vec<u64>, values: &[f64]| {
        for value in values.iter().filter(|value| value.is_finite()) {
            let key = to_key(*value) >> shift;
            let prefix = key >> BITS;
            let Some(number) = prefixes.iter().position(|wanted| *wanted == prefix) else {
                continue;
            };
            let bin = usize::try_from(key).unwrap_or(0) % BINS;
            if let Some(count) = counts.get_mut(number * BINS + bin) {
                *count += 1;
            }
        }
    };
    let join = |mut counts: Vec<u64>, others: Vec<u64>| {
        for (count, other) in counts.iter_mut().zip(others) {
            *count += other;
        }
        counts
    };
    scan::fold(image, || vec![0; prefixes.len() * BINS], add, join)
}

/// A key that is ordered as the numbers are.
fn to_key(value: f64) -> u64 {
    let bits = value.to_bits();
    if value.is_sign_negative() {
        !bits
    } else {
        bits | 1 << 63
    }
}

fn from_key(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 {
        key & !(1 << 63)
    } else {
        !key
    })
}
