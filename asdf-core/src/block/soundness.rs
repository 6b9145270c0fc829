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

    pub(crate) fn corrupt(&self) -> CorruptBlocks {
        self.corrupt
    }
}

impl<'f> Block<'f> {
    /// The same block, with a place to remember its checksum.
    pub(crate) fn vouched_by(self, soundness: &'f Soundness) -> Self {
        Self {
            soundness: Some(soundness),
            ..self
        }
    }

    /// The same block, whose data are given whatever the checksum is.
    pub(crate) fn as_it_is(self) -> Self {
        Self {
            soundness: None,
            ..self
        }
    }

    /// The gate on the way of data into an output: an error when the checksum of the stored bytes is not the recorded
    /// one. They are hashed once, however often they are asked for.
    pub(crate) fn vouch(self) -> Result<()> {
        let Some(soundness) = self.soundness else {
            return Ok(());
        };
        let has_none = self.header.checksum == [0; 16] || self.header.is_streamed();
        if has_none || soundness.corrupt == CorruptBlocks::Keep {
            return Ok(());
        }
        let slot = soundness.found.get(self.header.index);
        let known = slot.and_then(OnceLock::get).copied();
        let wrong = if let Some(known) = known {
            known
        } else {
            let wrong = match self.verify()? {
                Verdict::Mismatch { computed, .. } => Some(computed),
                Verdict::Match | Verdict::Absent | Verdict::Legacy => None,
            };
            slot.map_or(wrong, |slot| *slot.get_or_init(|| wrong))
        };
        wrong.map_or(Ok(()), |computed| Err(mismatch(self, computed)))
    }

    /// The same for every use of the data, where the file was opened so.
    pub(crate) fn pass(self) -> Result<()> {
        match self.soundness {
            Some(soundness) if soundness.corrupt == CorruptBlocks::Refuse => self.vouch(),
            _ => Ok(()),
        }
    }

    /// True when the checksum was found right already.
    pub(super) fn is_known_sound(self) -> bool {
        let slot = self
            .soundness
            .and_then(|soundness| soundness.found.get(self.header.index));
        slot.and_then(OnceLock::get) == Some(&None)
    }
}
