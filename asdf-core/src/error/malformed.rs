//! The file breaks the standard.

/// A fact about the file that the standard does not allow.
///
/// Messages are lowercase, without a full stop, with the numbers found and expected.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// Fewer bytes than a structure needs.
    #[error("needs {needed} bytes, only {available} are there")]
    Truncated {
        /// Bytes that the structure needs.
        needed: u64,
        /// Bytes that are there.
        available: u64,
    },
    /// Position arithmetic leaves 64 bits.
    #[error("position {start} plus size {size} overflows")]
    Overflow {
        /// Where the structure starts.
        start: u64,
        /// Its declared size.
        size: u64,
    },

    // --- file header ---
    /// The first line is not `#ASDF` and a version.
    #[error("not an ASDF file: {found}")]
    NotAsdf {
        /// What the file seems to be, or its first bytes.
        found: Box<str>,
    },
    /// The file format version is not 1.0.0.
    #[error("file format version is {found}, expected 1.0.0")]
    FormatVersion {
        /// The version as written.
        found: Box<str>,
    },
    /// Something between header comments and tree that is neither.
    #[error("expected a comment, `%YAML` or a block, found {found}")]
    Preamble {
        /// What stands there.
        found: Box<str>,
    },

    // --- tree ---
    // --- blocks ---
    /// Neither a Blosc buffer nor a Blosc 2 frame.
    #[error("not a Blosc buffer, begins with {found:02x?}")]
    NotBlosc {
        /// The first bytes.
        found: [u8; 4],
    },
    /// A number in Blosc data that cannot be.
    #[error("blosc {field} is {found}, expected {}", Bounds(*least, *most))]
    BloscField {
        /// Which number.
        field: &'static str,
        /// The number.
        found: u64,
        /// The least that it could be.
        least: u64,
        /// The most that it could be.
        most: u64,
    },
    /// A Blosc block or run that does not hold whole elements.
    #[error("blosc size {block} cannot be divided into elements, {over} bytes are over")]
    BloscSplit {
        /// Bytes of the block.
        block: u64,
        /// Bytes over.
        over: u64,
    },
    /// A run of one byte, but no byte.
    #[error("blosc run has the code {length} with token {token:#04x}")]
    BloscRun {
        /// What stands in place of a stream size: the negative of the byte.
        length: i32,
        /// The token behind it.
        token: u8,
    },
    /// A compressed stream within Blosc data that cannot be decoded.
    #[error("{codec} stream within blosc data is damaged or does not give {size} bytes")]
    BloscStream {
        /// The inner codec.
        codec: &'static str,
        /// Bytes that it should give.
        size: u64,
    },
    /// Blosc data has another size than promised.
    #[error("blosc buffers up to here hold {found} bytes, {promised} are promised")]
    BloscSize {
        /// Bytes in all buffers so far.
        found: u64,
        /// Bytes promised.
        promised: u64,
    },
    /// Bytes behind the last Blosc buffer, still inside the block's used bytes.
    #[error("{bytes} bytes behind the end of the blosc data")]
    BloscTrailing {
        /// How many.
        bytes: u64,
    },
    // --- arrays ---
    // --- references ---
}

/// Bounds of a number, for messages.
struct Bounds(u64, u64);

impl std::fmt::Display for Bounds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(least, most) = self;
        match least.cmp(most) {
            std::cmp::Ordering::Equal => least.fmt(f),
            std::cmp::Ordering::Less => write!(f, "{least} to {most}"),
            std::cmp::Ordering::Greater => write!(f, "at least {least}, at most {most}"),
        }
    }
}
