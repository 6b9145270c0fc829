//! One pass over the elements of an array, in slices of a fixed size, several at a time.

use crate::array::data::ArrayData;
use crate::array::datatype::Datatype;
use crate::array::packing::Packing;
use crate::array::stream;
use crate::array::text;
use crate::array::{ArrayRef, ByteOrder};
use crate::block::Codec;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::WarningKind;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// The elements that a pass goes over.
pub(super) enum Elements<'a, 'f> {
    /// A whole array with its mask.
    Array {
        array: &'a ArrayRef<'f>,
        /// For each element whether it is masked.
        mask: Option<Vec<bool>>,
        /// Is told the bytes of each slice; false ends the pass.
        watch: &'a (dyn Fn(u64) -> bool + Sync),
    },
    /// Loaded elements with their mask.
    Data(&'a ArrayData<'f>),
    /// Numbers in memory.
    Floats(&'a [f64]),
}

/// Numbers in memory that are handed out at a time.
const FLOATS: usize = 1 << 12;

/// What was found in text.
#[derive(Default)]
struct Found {
    high: bool,
    bad: Option<u32>,
}

impl Elements<'_, '_> {
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Array { array, .. } => array.len(),
            Self::Data(data) => data.len() as u64,
            Self::Floats(values) => values.len() as u64,
        }
    }

    pub(super) fn masked(&self) -> u64 {
        self.mask().map_or(0, |mask| {
            mask.iter().filter(|masked| **masked).count() as u64
        })
    }

    pub(super) fn mask(&self) -> Option<&[bool]> {
        match self {
            Self::Array { mask, .. } => mask.as_deref(),
            Self::Data(data) => data.mask.as_deref(),
            Self::Floats(_) => None,
        }
    }

    /// Looks at every element of a text array: a number that is not a code point is an error, a byte
    /// above 127 a warning.
    pub(super) fn check_text(&self, datatype: &Datatype) -> Result<()> {
        let size = usize::try_from(datatype.size())
            .unwrap_or(usize::MAX)
            .max(1);
        let wide = match datatype {
            Datatype::Ascii(_) => false,
            Datatype::Ucs4(_) => true,
            Datatype::Scalar(_) | Datatype::Record(_) => return Ok(()),
        };
        let look = |found: &mut Found, _: u64, bytes: &[u8]| {
            if !wide {
                found.high |= !bytes.is_ascii();
                return;
            }
            let bad = bytes
                .chunks_exact(size)
                .find_map(|element| text::ucs4(element, ByteOrder::Little).err());
            found.bad = found.bad.or(bad);
        };
        let join = |a: Found, b: Found| Found {
            high: a.high || b.high,
            bad: a.bad.or(b.bad),
        };
        let found = self.pass(Found::default, look, join)?;
        if let (true, Self::Array { array, .. }) = (found.high, self) {
            array.warn(WarningKind::NotAscii);
        }
        match found.bad {
            Some(code) => Err(Malformed::CodePoint { code }.into()),
            None => Ok(()),
        }
    }

    /// True when an element is masked: the one `index` after the first of a slice.
    pub(super) fn is_masked_at(&self, first: u64, index: usize) -> bool {
        let at = usize::try_from(first)
            .unwrap_or(usize::MAX)
            .saturating_add(index);
        self.mask()
            .and_then(|mask| mask.get(at).copied())
            .unwrap_or(false)
    }

    /// Hands slices of little-endian elements to `step`, each with the number of its first element.
    pub(super) fn pass<A: Send>(
        &self,
        make: impl Fn() -> A + Sync,
        step: impl Fn(&mut A, u64, &[u8]) + Sync,
        join: impl Fn(A, A) -> A + Sync,
    ) -> Result<A> {
        let size = match self {
            Self::Array { array, .. } => array.datatype().size(),
            Self::Data(data) => data.datatype().size(),
            Self::Floats(_) => 8,
        };
        if size == 0 || self.len() == 0 {
            return Ok(make());
        }
        if let Self::Array { array, watch, .. } = self
            && let Some(block) = array.source().bytes()
            && block.header().codec() == Codec::None
            && array.is_contiguous()
        {
            // The check of the block's faults comes with asking for its bytes.
            block.check_stored()?;
            let step = |state: &mut A, first: u64, bytes: &[u8]| {
                step(state, first, bytes);
                go_on(watch(bytes.len() as u64))
            };
            return Self::parallel(array, block.header().data_offset, &make, &step, &join);
        }
        let mut state = make();
        let mut first = 0;
        let mut sink = |bytes: &[u8]| {
            step(&mut state, first, bytes);
            first = first.saturating_add(bytes.len() as u64 / size);
            match self {
                Self::Array { watch, .. } => go_on(watch(bytes.len() as u64)),
                Self::Data(_) | Self::Floats(_) => Ok(()),
            }
        };
        match self {
            Self::Array { array, .. } => array.stream_le(&mut sink)?,
            Self::Data(data) => data.pack(&mut sink)?,
            Self::Floats(values) => {
                for part in values.chunks(FLOATS) {
                    let bytes: Vec<u8> =
                        part.iter().flat_map(|value| value.to_le_bytes()).collect();
                    sink(&bytes)?;
                }
            }
        }
        Ok(state)
    }

    fn parallel<A: Send>(
        array: &ArrayRef<'_>,
        data_offset: u64,
        make: &(impl Fn() -> A + Sync),
        step: &(impl Fn(&mut A, u64, &[u8]) -> Result<()> + Sync),
        join: &(impl Fn(A, A) -> A + Sync),
    ) -> Result<A> {
        let Some(block) = array.source().bytes() else {
            return Ok(make());
        };
        let packing = Packing::new(array.datatype(), array.byteorder());
        // Text of no length makes elements of no bytes.
        let piece = stream::piece_of(packing.size).max(1) as u64;
        let start = data_offset.saturating_add(array.spec().offset);
        let end = start.saturating_add(array.byte_len());
        let count = array.byte_len().div_ceil(piece);
        let next = AtomicU64::new(0);
        // Each thread takes the next piece that nobody has, and keeps its state and its buffer.
        let work = |_| -> Result<A> {
            let (mut state, mut buffer) = (make(), Vec::new());
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return Ok(state);
                }
                let from = start.saturating_add(number.saturating_mul(piece));
                let range = from..from.saturating_add(piece).min(end);
                read_whole(block.input(), range.clone(), end, &mut buffer)
                    .at(range)
                    .in_block(block.header().index)?;
                packing.swap(&mut buffer);
                step(
                    &mut state,
                    number.saturating_mul(piece / packing.size.max(1) as u64),
                    &buffer,
                )?;
            }
        };
        let threads = usize::try_from(count)
            .unwrap_or(usize::MAX)
            .clamp(1, rayon::current_num_threads());
        let states = (0..threads).into_par_iter().map(work);
        states
            .try_reduce_with(|a, b| Ok(join(a, b)))
            .unwrap_or_else(|| Ok(make()))
    }
}

fn go_on(wanted: bool) -> Result<()> {
    if wanted {
        Ok(())
    } else {
        Err(ErrorKind::Cancelled.into())
    }
}

/// Reads a range in one pass over the bytes up to `end`.
fn read_whole(
    input: &crate::input::Input,
    range: Range<u64>,
    end: u64,
    buffer: &mut Vec<u8>,
) -> Result<()> {
    let length = range.end.saturating_sub(range.start);
    buffer.resize(usize::try_from(length).unwrap_or(usize::MAX), 0);
    let mut done = 0_usize;
    while done < buffer.len() {
        let rest = buffer.get_mut(done..).unwrap_or_default();
        let count = input.read_pass(range.start.saturating_add(done as u64), end, rest)?;
        if count == 0 {
            return Err(Error::from(Malformed::Truncated {
                needed: length,
                available: done as u64,
            }));
        }
        done = done.saturating_add(count);
    }
    Ok(())
}
