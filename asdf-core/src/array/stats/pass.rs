//! One pass over the elements of an array, in slices of a fixed size, several at a time.

use super::key::Key;
use crate::array::data::ArrayData;
use crate::array::packing::Packing;
use crate::array::stream;
use crate::array::{ArrayRef, ByteOrder, DataSource};
use crate::block::Codec;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use rayon::prelude::*;
use std::ops::Range;

/// The histogram of the top bits of the keys has so many bins.
pub(super) const BINS: usize = 1 << 16;

/// The elements that a pass goes over.
pub(super) enum Elements<'a, 'f> {
    /// A whole array with its mask.
    Array {
        array: &'a ArrayRef<'f>,
        /// For each element whether it is masked.
        mask: Option<Vec<bool>>,
    },
    /// Loaded elements without a mask.
    Data(&'a ArrayData<'f>),
}

impl Elements<'_, '_> {
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Array { array, .. } => array.len(),
            Self::Data(data) => data.len() as u64,
        }
    }

    pub(super) fn masked(&self) -> u64 {
        self.mask().map_or(0, |mask| mask.iter().filter(|masked| **masked).count() as u64)
    }

    pub(super) fn mask(&self) -> Option<&[bool]> {
        match self {
            Self::Array { mask, .. } => mask.as_deref(),
            Self::Data(_) => None,
        }
    }

    /// True when an element is masked: the one `index` behind the first of a slice.
    pub(super) fn is_masked_at(&self, first: u64, index: usize) -> bool {
        let at = usize::try_from(first).unwrap_or(usize::MAX).saturating_add(index);
        self.mask().and_then(|mask| mask.get(at).copied()).unwrap_or(false)
    }

    /// Hands slices of little-endian elements to `step`, each with the number of its first element.
    pub(super) fn pass<A: Send>(
        &self,
        make: impl Fn() -> A + Sync,
        step: impl Fn(&mut A, u64, &[u8]) + Sync,
        join: impl Fn(A, A) -> A + Sync,
    ) -> Result<A> {
        if let Self::Array { array, .. } = self
            && let DataSource::Block(block) = array.source()
            && block.header().codec() == Codec::None
            && array.is_contiguous()
        {
            // The check of the block's faults comes with asking for its bytes.
            block.stored()?;
            return self.parallel(array, block.header().data_offset, &make, &step, &join);
        }
        let mut state = make();
        let mut first = 0;
        let size = match self {
            Self::Array { array, .. } => array.datatype().size(),
            Self::Data(data) => data.datatype().size(),
        }
        .max(1);
        let mut sink = |bytes: &[u8]| {
            step(&mut state, first, bytes);
            first = first.saturating_add(bytes.len() as u64 / size);
            Ok(())
        };
        match self {
            Self::Array { array, .. } => array.stream_le(&mut sink)?,
            Self::Data(data) => data.pack(&mut sink)?,
        }
        Ok(state)
    }

    fn parallel<A: Send>(
        &self,
        array: &ArrayRef<'_>,
        data_offset: u64,
        make: &(impl Fn() -> A + Sync),
        step: &(impl Fn(&mut A, u64, &[u8]) + Sync),
        join: &(impl Fn(A, A) -> A + Sync),
    ) -> Result<A> {
        let DataSource::Block(block) = array.source() else { return Ok(make()) };
        let packing = Packing::new(array.datatype(), array.byteorder());
        let piece = stream::piece_of(packing.size) as u64;
        let start = data_offset.saturating_add(array.spec().offset);
        let end = start.saturating_add(array.byte_len());
        let count = array.byte_len().div_ceil(piece);
        let one = |(state, buffer): &mut (A, Vec<u8>), number: u64| -> Result<()> {
            let from = start.saturating_add(number.saturating_mul(piece));
            let range = from..from.saturating_add(piece).min(end);
            read_whole(block.input(), range.clone(), buffer).at(range).in_block(block.header().index)?;
            packing.to_little(buffer);
            let first = number.saturating_mul(piece / packing.size.max(1) as u64);
            step(state, first, buffer);
            Ok(())
        };
        (0..usize::try_from(count).unwrap_or(usize::MAX))
            .into_par_iter()
            .with_min_len(8)
            .try_fold(
                || (make(), Vec::new()),
                |mut state, number| one(&mut state, number as u64).map(|()| state),
            )
            .map(|state| state.map(|(state, _)| state))
            .try_reduce(make, |a, b| Ok(join(a, b)))
    }
}

fn read_whole(input: &crate::input::Input, range: Range<u64>, buffer: &mut Vec<u8>) -> Result<()> {
    let length = range.end.saturating_sub(range.start);
    buffer.resize(usize::try_from(length).unwrap_or(usize::MAX), 0);
    let mut done = 0_usize;
    while done < buffer.len() {
        let rest = buffer.get_mut(done..).unwrap_or_default();
        let count = input.read_at(range.start.saturating_add(done as u64), rest)?;
        if count == 0 {
            return Err(Error::from(Malformed::Truncated { needed: length, available: done as u64 }));
        }
        done = done.saturating_add(count);
    }
    Ok(())
}

/// A sum: exact for integers, of slices in their order for floats.
#[derive(Default)]
pub(super) struct Sum {
    exact: Option<i128>,
    slices: Vec<(u64, f64)>,
}

impl Sum {
    pub(super) fn add_slice(&mut self, first: u64, sum: f64) {
        self.slices.push((first, sum));
    }

    pub(super) fn add_exact(&mut self, sum: i128) {
        self.exact = Some(self.exact.unwrap_or(0).saturating_add(sum));
    }

    pub(super) fn join(mut self, other: Self) -> Self {
        self.slices.extend(other.slices);
        if let Some(sum) = other.exact {
            self.add_exact(sum);
        }
        self
    }

    /// The sum of the slices, pairwise in their order: the same whoever summed which slice.
    pub(super) fn total(&self) -> f64 {
        let mut slices = self.slices.clone();
        slices.sort_by_key(|slice| slice.0);
        let mut sums: Vec<f64> = slices.into_iter().map(|slice| slice.1).collect();
        while sums.len() > 1 {
            sums = sums.chunks(2).map(|pair| pair.iter().sum()).collect();
        }
        sums.first().copied().unwrap_or(0.0)
    }

    #[expect(clippy::cast_precision_loss, reason = "a mean is a float")]
    pub(super) fn mean(&self, count: f64) -> f64 {
        self.exact.map_or_else(|| self.total(), |sum| sum as f64) / count
    }
}

/// What the first pass finds.
pub(super) struct First {
    pub(super) nan: u64,
    pub(super) infinite: u64,
    /// Elements that are neither masked nor NaN.
    pub(super) count: u64,
    /// Keys of the smallest and the largest.
    pub(super) min: u64,
    pub(super) max: u64,
    pub(super) sum: Sum,
    /// How often the top bits of a key occur.
    pub(super) bins: Vec<u64>,
}

impl First {
    fn new() -> Self {
        let bins = vec![0; BINS];
        Self { nan: 0, infinite: 0, count: 0, min: u64::MAX, max: 0, sum: Sum::default(), bins }
    }

    fn join(mut self, other: Self) -> Self {
        self.nan += other.nan;
        self.infinite += other.infinite;
        self.count += other.count;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum = self.sum.join(other.sum);
        add_bins(&mut self.bins, &other.bins);
        self
    }
}

pub(super) fn add_bins(bins: &mut [u64], other: &[u64]) {
    bins.iter_mut().zip(other).for_each(|(bin, other)| *bin += other);
}

/// The top sixteen bits of a key (all of a shorter one).
#[inline]
pub(super) fn top<T: Key>(key: u64) -> usize {
    usize::try_from(key >> T::BITS.saturating_sub(16)).unwrap_or(0)
}

/// Counts, extremes, sum and histogram.
pub(super) fn first<T: Key>(elements: &Elements<'_, '_>) -> Result<First> {
    elements.pass(
        First::new,
        |state, first, bytes| {
            let mut sum = Lanes::default();
            let mut exact = 0_i128;
            let mut is_exact = false;
            for (index, bytes) in bytes.chunks_exact(T::SIZE).enumerate() {
                if elements.mask().is_some() && elements.is_masked_at(first, index) {
                    continue;
                }
                let value = T::read(bytes, ByteOrder::Little);
                let float = value.float();
                if float.is_nan() {
                    state.nan += 1;
                    continue;
                }
                if let Some(int) = value.int() {
                    exact += int;
                    is_exact = true;
                } else {
                    sum.add(index, float);
                    state.infinite += u64::from(float.is_infinite());
                }
                let key = value.key();
                state.min = state.min.min(key);
                state.max = state.max.max(key);
                state.count += 1;
                if let Some(bin) = state.bins.get_mut(top::<T>(key)) {
                    *bin += 1;
                }
            }
            if is_exact {
                state.sum.add_exact(exact);
            }
            state.sum.add_slice(first, sum.total());
        },
        First::join,
    )
}

/// Eight running sums: independent of each other for speed, and short for precision.
#[derive(Default)]
pub(super) struct Lanes {
    lanes: [f64; 8],
    blocks: f64,
    added: u32,
}

impl Lanes {
    #[inline]
    pub(super) fn add(&mut self, index: usize, value: f64) {
        if let Some(lane) = self.lanes.get_mut(index % 8) {
            *lane += value;
        }
        self.added += 1;
        if self.added == 2048 {
            self.blocks = self.total();
            self.lanes = [0.0; 8];
            self.added = 0;
        }
    }

    pub(super) fn total(&self) -> f64 {
        let [a, b, c, d, e, f, g, h] = self.lanes;
        self.blocks + (((a + b) + (c + d)) + ((e + f) + (g + h)))
    }
}
