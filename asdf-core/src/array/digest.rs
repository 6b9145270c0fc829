//! Digests of contents: equal when the values are, however they are stored.

use super::ArrayRef;
use crate::block::hex;
use crate::error::Result;
use sha2::{Digest, Sha256};

/// Bytes of a mask hashed at a time.
const PIECE: usize = 1 << 16;

impl ArrayRef<'_> {
    /// SHA-256, in hex, of the logical array: C order, every number little-endian, records packed
    /// field by field, `ucs4` as UTF-32-LE. What is under a mask counts.
    pub fn digest(&self) -> Result<String> {
        let mut hasher = Sha256::new();
        self.stream_le(&mut |bytes| {
            hasher.update(bytes);
            Ok(())
        })?;
        Ok(hex(&hasher.finalize()))
    }

    /// SHA-256, in hex, of the mask: a byte an element, 1 where it is masked; for records a byte for
    /// each value of each field. `None` without a mask.
    pub fn mask_digest(&self) -> Result<Option<String>> {
        if !self.is_masked() && !matches!(self.data, super::DataSource::Inline(_)) {
            return Ok(None);
        }
        let data = self.load()?;
        let values = self.datatype().values();
        Ok(data.mask().map(|mask| {
            let mut hasher = Sha256::new();
            let mut buffer = Vec::with_capacity(PIECE);
            let each = mask
                .iter()
                .flat_map(|masked| (0..values).map(|_| u8::from(*masked)));
            for byte in each {
                buffer.push(byte);
                if buffer.len() == PIECE {
                    hasher.update(&buffer);
                    buffer.clear();
                }
            }
            hasher.update(&buffer);
            hex(&hasher.finalize())
        }))
    }
}
