//! The filter pipeline of a buffer, undone from its last filter to its first.

use super::bitshuffle;
use super::bitshuffle::Excess;
use super::shuffle;
use crate::error::Result;
use crate::error::Unsupported;

/// Filters that a buffer can have.
pub(super) const SLOTS: usize = 6;

/// A filter that has to be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    /// Bytes of elements of this size are apart.
    Shuffle(usize),
    /// Bits of elements of this size are apart.
    BitShuffle(usize, Excess),
}

/// What to undo, in this order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pipeline {
    filters: Vec<Filter>,
    delta: bool,
}

impl Pipeline {
    /// The one filter of a Blosc 1 buffer.
    pub(super) fn blosc1(flags: u8, type_size: usize) -> Self {
        let filter = match (flags & 1 != 0, flags & 4 != 0) {
            (true, _) => Filter::Shuffle(type_size),
            (_, true) => Filter::BitShuffle(type_size, Excess::NothingShuffled),
            _ => return Self::default(),
        };
        Self {
            filters: vec![filter],
            delta: false,
        }
    }

    /// The pipeline of a Blosc 2 buffer from its codes and their parameters.
    pub(super) fn blosc2(codes: [u8; SLOTS], meta: [u8; SLOTS], type_size: usize) -> Result<Self> {
        let mut pipeline = Self::default();
        for (code, meta) in codes.into_iter().zip(meta).rev() {
            let filter = match code {
                // None; and precision that was cut off does not come back.
                0 | 4 => continue,
                1 if meta == 0 => Filter::Shuffle(type_size),
                1 => Filter::Shuffle(meta.into()),
                2 => Filter::BitShuffle(type_size, Excess::Stored),
                3 if !pipeline.delta => {
                    pipeline.delta = true;
                    continue;
                }
                _ => {
                    return Err(Unsupported::Blosc {
                        feature: "filter",
                        code,
                    }
                    .into());
                }
            };
            if pipeline.delta {
                let feature = "filter before the delta filter, filter";
                return Err(Unsupported::Blosc { feature, code }.into());
            }
            pipeline.filters.push(filter);
        }
        Ok(pipeline)
    }

    /// True when blocks need the first block of their buffer.
    pub(super) fn has_delta(&self) -> bool {
        self.delta
    }

    /// Fills `block` with what `fill` writes and undoes all filters but delta.
    pub(super) fn decode(
        &self,
        block: &mut [u8],
        scratch: &mut Scratch,
        fill: impl FnOnce(&mut [u8]) -> Result<()>,
    ) -> Result<()> {
        let Some((last, others)) = self.filters.split_last() else {
            return fill(block);
        };
        let size = block.len();
        scratch.first.resize(size, 0);
        fill(&mut scratch.first)?;
        for filter in others {
            scratch.second.resize(size, 0);
            filter.undo(&scratch.first, &mut scratch.second);
            std::mem::swap(&mut scratch.first, &mut scratch.second);
        }
        last.undo(&scratch.first, block);
        Ok(())
    }
}

impl Filter {
    fn undo(self, from: &[u8], to: &mut [u8]) {
        match self {
            Self::Shuffle(type_size) => shuffle::unshuffle(type_size, from, to),
            Self::BitShuffle(type_size, excess) => {
                bitshuffle::unshuffle(type_size, excess, from, to);
            }
        }
    }
}

/// Room for blocks between two filters, kept from block to block.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    first: Vec<u8>,
    second: Vec<u8>,
}

/// Undoes the delta filter over a whole buffer: an element of the first block is
/// combined (exclusive or) with the one before, one of another block with that of the first block.
pub(super) fn undo_delta(out: &mut [u8], block: usize, type_size: usize) {
    match type_size {
        2 => undo_delta_of::<2>(out, block),
        4 => undo_delta_of::<4>(out, block),
        size if size > 0 && size % 8 == 0 => undo_delta_of::<8>(out, block),
        _ => undo_delta_of::<1>(out, block),
    }
}

fn undo_delta_of<const N: usize>(out: &mut [u8], block: usize) {
    let (first, others) = out.split_at_mut(block.min(out.len()));
    let mut before = [0; N];
    for element in first.as_chunks_mut::<N>().0 {
        for (byte, before) in element.iter_mut().zip(before) {
            *byte ^= before;
        }
        before = *element;
    }
    for other in others.chunks_mut(block.max(1)) {
        // A tail shorter than an element was left alone.
        for (element, reference) in other
            .as_chunks_mut::<N>()
            .0
            .iter_mut()
            .zip(first.as_chunks::<N>().0)
        {
            for (byte, reference) in element.iter_mut().zip(reference) {
                *byte ^= reference;
            }
        }
    }
}
