//! Oddities that leave the data readable.

use super::Place;
use std::fmt;

/// A non-fatal oddity with its place; collected on the file, never printed by the library.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// What is odd.
    pub kind: WarningKind,
    /// Where.
    pub place: Place,
}

/// What is odd.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WarningKind {
    // --- file header ---
    /// No `#ASDF_STANDARD` comment, or one that cannot be read, or a version unknown here.
    #[error("{detail}")]
    Standard {
        /// What is odd about it.
        detail: Box<str>,
    },

    // --- tree ---
    /// A YAML version other than 1.1 that is read all the same.
    #[error("YAML version is {found}, expected 1.1; read as 1.1")]
    YamlVersion {
        /// The version.
        found: Box<str>,
    },
    /// Two equal keys in a mapping.
    #[error("key `{key}` stands there twice, the last one counts")]
    DuplicateKey {
        /// The key.
        key: Box<str>,
    },
    /// A key that is no string, integer or boolean.
    #[error("a key should be a string, an integer or a boolean, found {found}")]
    KeyType {
        /// What it is.
        found: Box<str>,
    },
    /// A key longer than YAML 1.1 readers take.
    #[error("a key of {length} bytes, other readers take 1024")]
    LongKey {
        /// Its length in bytes.
        length: u32,
    },
    /// An anchor defined twice; aliases name the last one before them.
    #[error("anchor `{name}` is defined twice, some readers refuse that")]
    AnchorRedefined {
        /// The anchor.
        name: Box<str>,
    },
    /// An integer literal beyond 64 bits, which the standard does not allow.
    #[error("an integer beyond 64 bits; the standard wants core/integer for it")]
    WideInteger,
    /// An integer so long that Python refuses it.
    #[error("an integer of {digits} digits, Python refuses more than 4300")]
    HugeInteger {
        /// Number of digits.
        digits: usize,
    },
    // --- blocks ---
    // --- arrays ---
    // --- references ---
}

impl Warning {
    /// A warning whose place is still empty.
    pub(crate) fn new(kind: WarningKind) -> Self {
        Self { kind, place: Place::default() }
    }

    /// The same at these bytes (absolute file offsets).
    pub(crate) fn at(mut self, span: std::ops::Range<u64>) -> Self {
        self.place.span.get_or_insert(span);
        self
    }

    /// The same in this block.
    pub(crate) fn in_block(mut self, index: usize) -> Self {
        self.place.block.get_or_insert(index);
        self
    }

    /// The same at this node (JSON Pointer).
    pub(crate) fn at_path(mut self, path: impl fmt::Display) -> Self {
        self.place.path.get_or_insert_with(|| path.to_string().into());
        self
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.fmt(f)?;
        self.kind.fmt(f)
    }
}
