//! What is known of the checksums of a file's blocks: found out once for each, when its data go into an output.

use super::write::mismatch;
use super::{Block, Verdict};
use crate::error::Result;
use std::sync::OnceLock;

/// What is done with blocks whose checksum is wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CorruptBlocks {
    /// They are read, but no output is made of their data.
    #[default]
    Read,
    /// Their data are an error, whatever they are read for.
    Refuse,
    /// They are read, and go into outputs as they are.
    Keep,
}

/// A slot for each block of a file, and what is done with wrong ones.
#[derive(Debug)]
pub(crate) struct Soundness {
    corrupt: CorruptBlocks,
    /// The checksum that the stored bytes have, where that is not the recorded one.
    found: Vec<OnceLock<Option<[u8; 16]>>>,
}

impl Soundness {
    pub(crate) fn new(blocks: usize, corrupt: CorruptBlocks) -> Self {
        let found = std::iter::repeat_with(OnceLock::new).take(blocks).collect();
        Self { corrupt, found }
    }
}

/// Knows whether stored bytes have the checksum that is recorded for them: of the blocks of an ASDF file, or of the HDUs
/// of a FITS file whose data serve as blocks.
pub(crate) trait Gate: std::fmt::Debug + Send + Sync {
    /// What is done with data whose checksum is wrong.
    fn corrupt(&self) -> CorruptBlocks;

    /// An error when the recorded checksum is another one. The bytes are read once, however often it is asked.
    fn check(&self, block: Block<'_>) -> Result<()>;

    /// True when the block was found right already.
    fn is_known_sound(&self, block: Block<'_>) -> bool;
}

impl Gate for Soundness {
    fn corrupt(&self) -> CorruptBlocks {
        self.corrupt
    }

    fn check(&self, block: Block<'_>) -> Result<()> {
        if block.header.checksum == [0; 16] || block.header.is_streamed() {
            return Ok(());
        }
        let slot = self.found.get(block.header.index);
        let known = slot.and_then(OnceLock::get).copied();
        let wrong = if let Some(known) = known {
            known
        } else {
            let wrong = match block.verify()? {
                Verdict::Mismatch { computed, .. } => Some(computed),
                Verdict::Match | Verdict::Absent | Verdict::Legacy => None,
            };
            slot.map_or(wrong, |slot| *slot.get_or_init(|| wrong))
        };
        wrong.map_or(Ok(()), |computed| Err(mismatch(block, computed)))
    }

    fn is_known_sound(&self, block: Block<'_>) -> bool {
        let slot = self.found.get(block.header.index);
        slot.and_then(OnceLock::get) == Some(&None)
    }
}

impl<'f> Block<'f> {
    /// The same block, with what knows its checksum.
    pub(crate) fn vouched_by(self, gate: &'f dyn Gate) -> Self {
        Self {
            gate: Some(gate),
            ..self
        }
    }

    /// The same block, whose data are given whatever the checksum is.
    pub(crate) fn as_it_is(self) -> Self {
        Self { gate: None, ..self }
    }

    /// The gate on the way of data into an output: an error when the checksum of the stored bytes is not the recorded
    /// one.
    pub(crate) fn vouch(self) -> Result<()> {
        match self.gate {
            Some(gate) if gate.corrupt() != CorruptBlocks::Keep => gate.check(self),
            _ => Ok(()),
        }
    }

    /// The same for every use of the data, where the file was opened so.
    pub(crate) fn pass(self) -> Result<()> {
        match self.gate {
            Some(gate) if gate.corrupt() == CorruptBlocks::Refuse => gate.check(self),
            _ => Ok(()),
        }
    }

    /// True when the checksum was found right already.
    pub(super) fn is_known_sound(self) -> bool {
        self.gate.is_some_and(|gate| gate.is_known_sound(self))
    }
}
