//! Decoded blocks kept for the next reader: views of one compressed block decode it once.

use super::Block;
use super::header::Codec;
use super::spill::Spilled;
use crate::error::Result;
use crate::memory::Bytes;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// A place for each block of a file. A block is kept from its second reading on, as long as all kept
/// blocks together fit in `cache_bytes` of [`crate::Limits`].
#[derive(Debug, Default)]
pub(crate) struct BlockCache {
    slots: Vec<Slot>,
    held: AtomicU64,
    /// Held while a block is spilled: several parts of one are often asked for at once.
    spilling: Mutex<()>,
}

#[derive(Debug, Default)]
struct Slot {
    was_read: AtomicBool,
    data: OnceLock<Bytes<'static>>,
    spilled: OnceLock<Spilled>,
}

impl BlockCache {
    pub(crate) fn new(blocks: usize) -> Self {
        Self {
            slots: std::iter::repeat_with(Slot::default).take(blocks).collect(),
            held: AtomicU64::new(0),
            spilling: Mutex::new(()),
        }
    }

    /// The decoded block in a temporary file, made when it is asked for first; `None` for a block of another file.
    pub(super) fn spilled<'f>(&'f self, block: Block<'f>) -> Result<Option<&'f Spilled>> {
        let Some(slot) = self.slots.get(block.header().index) else {
            return Ok(None);
        };
        let guard = self.spilling.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.spilled.get().is_none() {
            let spilled = Spilled::new(block)?;
            drop(slot.spilled.set(spilled));
        }
        drop(guard);
        Ok(slot.spilled.get())
    }

    /// True for a block that is in a temporary file already.
    pub(super) fn has_spilled(&self, block: Block<'_>) -> bool {
        let slot = self.slots.get(block.header().index);
        slot.is_some_and(|slot| slot.spilled.get().is_some())
    }

    /// The decoded block, when it is kept or is to be kept now.
    pub(super) fn get<'f>(&'f self, block: Block<'f>) -> Result<Option<Bytes<'f>>> {
        let Some(slot) = self
            .slots
            .get(block.header().index)
            .filter(|_| block.header().codec() != Codec::None)
        else {
            return Ok(None);
        };
        if let Some(data) = slot.data.get() {
            return Ok(Some(data.clone()));
        }
        // A part that is asked for again is no reason to fetch the rest.
        if !block.is_here() || !slot.was_read.swap(true, Ordering::Relaxed) {
            return Ok(None);
        }
        let size = block.decoded_size();
        let allowed = block.limits.cache_bytes;
        let reserve = |held: u64| held.checked_add(size).filter(|sum| *sum <= allowed);
        if self
            .held
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, reserve)
            .is_err()
        {
            return Ok(None);
        }
        let decoded = block.decode_fresh().inspect_err(|_| {
            self.held.fetch_sub(size, Ordering::Relaxed);
        })?;
        Ok(Some(slot.data.get_or_init(|| decoded).clone()))
    }
}
