//! The mapping of a quantity as it passes by, until it is complete.

use serde_json::{Value, json};

/// What ends the name of a tag of quantities, before its version.
const TAG: &[u8] = b"unit/quantity-";

/// Whether a tag, with its quotes, is one of quantities.
pub(super) fn is_tag(tag: &[u8]) -> bool {
    tag.windows(TAG.len()).any(|part| part == TAG)
}

/// What has come of the value of such a tag.
#[derive(Debug, Default)]
pub(super) struct Quantity {
    bytes: Vec<u8>,
    /// Objects and lists that are open.
    depth: usize,
    is_text: bool,
    is_escaped: bool,
}

impl Quantity {
    /// Takes a byte; gives all of it when that was the last one: value and unit, or what it is where it has not both.
    pub(super) fn take(&mut self, byte: u8) -> Option<Vec<u8>> {
        self.bytes.push(byte);
        if self.is_text {
            self.is_text = byte != b'"' || self.is_escaped;
            self.is_escaped = byte == b'\\' && !self.is_escaped;
        } else {
            match byte {
                b'"' => self.is_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        let is_scalar = self.depth == 0 && !self.is_text && matches!(byte, b'}' | b']' | b'"');
        is_scalar.then(|| self.whole())
    }

    fn whole(&mut self) -> Vec<u8> {
        let bytes = std::mem::take(&mut self.bytes);
        let parsed = serde_json::from_slice::<Value>(&bytes).ok();
        let parts = parsed.as_ref().and_then(|value| {
            let map = value.as_object()?;
            Some((map.get("value")?, map.get("unit")?))
        });
        match parts {
            Some((value, unit)) => json!({ "value": value, "unit": unit })
                .to_string()
                .into_bytes(),
            None => bytes,
        }
    }
}
