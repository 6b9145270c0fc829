//! What a node means by YAML 1.1.

use super::Timestamp;
use super::{Map, Seq};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;

/// The value of a node.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Value<'t> {
    /// `null`, `~`, nothing.
    Null,
    /// `true`, `yes`, `on`, …
    Bool(bool),
    /// An integer that fits.
    Int(i64),
    /// An integer that does not.
    BigInt(BigInt<'t>),
    /// A float.
    Float(f64),
    /// Text.
    Str(&'t str),
    /// `2001-12-14t21:59:43.10-05:00`, `2002-12-14`
    Timestamp(Timestamp),
    /// `!!binary`, decoded.
    Binary(Vec<u8>),
    /// A list.
    Seq(Seq<'t>),
    /// A mapping.
    Map(Map<'t>),
    /// `!!set`: the keys of this mapping.
    Set(Map<'t>),
    /// `!!omap`: a list of one-pair mappings, in order.
    Omap(Seq<'t>),
    /// `!!pairs`: a list of one-pair mappings, in order, duplicates allowed.
    Pairs(Seq<'t>),
}

/// An integer beyond 64 bits as canonical decimal text: optional `-`, digits, no leading zeros.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BigInt<'t>(pub(crate) Cow<'t, str>);

impl BigInt<'_> {
    /// The decimal digits, with `-` when negative.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Decodes the content of `!!binary`: base64 with white space anywhere.
pub(super) fn decode_binary(text: &str) -> Option<Vec<u8>> {
    const CONFIG: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
    let dense: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    GeneralPurpose::new(&alphabet::STANDARD, CONFIG)
        .decode(dense)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_may_hold_line_ends() {
        assert_eq!(
            decode_binary("aGVs\n bG8=\n").as_deref(),
            Some(b"hello".as_slice())
        );
        assert_eq!(decode_binary("a"), None);
    }
}
