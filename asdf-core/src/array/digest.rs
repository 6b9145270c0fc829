//! Digests of contents: equal when the values are, however they are stored.

use super::ArrayRef;
use super::data::ArrayData;
use crate::block::hex;
use crate::error::Result;
use sha2::{Digest, Sha256};

/// Bytes of a mask hashed at a time.
const PIECE: usize = 1 << 16;

impl ArrayRef<'_> {
    /// SHA-256, in hex, of the logical array: C order, every number little-endian, records packed
    /// field by field, `ucs4` as UTF-32-LE. What is under a mask counts.
    ///
    /// # Errors
    /// The block is cut, cannot be decoded or exceeds a limit; the sibling file or the HDU cannot be read.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// # let folder = tempfile::tempdir()?;
    /// # let out = folder.path().join("out.asdf");
    /// use asdf_core::block::{Codec, Compression};
    /// use asdf_core::{AsdfFile, WriteOptions};
    ///
    /// let file = AsdfFile::open(path)?;
    /// let zlib = Compression::new(Codec::Zlib)?;
    /// file.to_draft().save(&out, &WriteOptions::default().compression(zlib))?;
    /// // The same elements, however they are stored.
    /// assert_eq!(AsdfFile::open(&out)?.array("roman/data")?.digest()?, file.array("roman/data")?.digest()?);
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// # Errors
    /// The mask cannot be read, as [`ArrayRef::load`].
    pub fn mask_digest(&self) -> Result<Option<String>> {
        if !self.is_masked() && !matches!(self.data, super::DataSource::Inline(_)) {
            return Ok(None);
        }
        let data = self.load()?;
        if self.datatype().has_nulls() || !data.field_masks.is_empty() {
            return Ok(record_mask(&data));
        }
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

/// The digest of the masks of all fields, value by value; `None` when nothing is masked.
fn record_mask(data: &ArrayData<'_>) -> Option<String> {
    let fields = data.fields();
    let masks: Vec<(usize, Option<Vec<bool>>)> = fields
        .map(|(_, field)| {
            let each = field.len().checked_div(data.len()).unwrap_or(0);
            let each = each.saturating_mul(usize::try_from(field.datatype().values()).unwrap_or(1));
            (each, field.mask().map(<[bool]>::to_vec))
        })
        .collect();
    if masks.iter().all(|(_, mask)| mask.is_none()) {
        return None;
    }
    let mut hasher = Sha256::new();
    for record in 0..data.len() {
        for (each, mask) in &masks {
            let start = record.saturating_mul(*each);
            let own = mask
                .as_deref()
                .and_then(|mask| mask.get(start..start.saturating_add(*each)));
            match own {
                Some(own) => own
                    .iter()
                    .for_each(|masked| hasher.update([u8::from(*masked)])),
                None => (0..*each).for_each(|_| hasher.update([0])),
            }
        }
    }
    Some(hex(&hasher.finalize()))
}
