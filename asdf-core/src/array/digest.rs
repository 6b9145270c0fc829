//! Digests of contents: equal when the values are, however they are stored.

use super::ArrayRef;
use crate::error::Result;
use sha2::{Digest, Sha256};
use std::fmt::Write;

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

    /// SHA-256, in hex, of the mask: a byte an element, 1 where it is masked. `None` without a mask.
    pub fn mask_digest(&self) -> Result<Option<String>> {
        if !self.is_masked() && !matches!(self.data, super::DataSource::Inline(_)) {
            return Ok(None);
        }
        let data = self.load()?;
        Ok(data.mask().map(|mask| {
            let bytes: Vec<u8> = mask.iter().map(|masked| u8::from(*masked)).collect();
            hex(&Sha256::digest(bytes))
        }))
    }
}

fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
