//! What a node means by YAML 1.1.

use super::{Map, Seq};
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

/// A YAML 1.1 timestamp. Displays as Python's `isoformat` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timestamp {}
