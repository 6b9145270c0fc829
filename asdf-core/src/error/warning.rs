//! Oddities that leave the data readable.

use super::FitsFault;
use super::Malformed;
use super::Place;
use std::fmt;

/// A non-fatal oddity with its place; collected on the file, never printed by the library.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// What is odd.
    pub kind: WarningKind,
    /// Where it was found.
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

    // --- changes in place ---
    /// The stored data are not those that a checksum was made of.
    #[error("{detail}; the data are read as they are")]
    Checksum {
        /// What it is, and what it should be.
        detail: Box<str>,
    },

    /// A change in place was begun and is not completed; the file is read as it was before, or, where all
    /// but the last step was done, as it is after.
    #[error(
        "a change of the file was not completed; it is read without it, the next command that writes to it puts it right"
    )]
    ChangePending,
    /// What lies under the name of a journal is not one of this file.
    #[error("`{journal}` is not a journal of this file and is ignored: {reason}")]
    StrayJournal {
        /// Its file name, escaped.
        journal: Box<str>,
        /// Why it does not count.
        reason: &'static str,
    },
    /// Another program holds the lock of the file for longer than is waited.
    #[error("the file is locked by {holder}; it is read all the same")]
    Locked {
        /// The program.
        holder: Box<str>,
    },
    /// The file system has no locks, so that two programs may change the file at the same time.
    #[error("the file system has no locks, another program may change the file at the same time")]
    NoLocks,

    /// A new file that could not be made as the old one was.
    #[error("the new file could not be given the {what} of the old one")]
    AttributeLost {
        /// What is different now.
        what: &'static str,
    },

    // --- other formats ---
    /// A mask that the other format has no place for.
    #[error("{format} has no masks, the elements under the mask are written as they are")]
    MaskDropped {
        /// The format.
        format: &'static str,
    },

    // --- writing ---
    /// No number of rows makes chunks of a fitting size.
    #[error(
        "no number of rows divides the {rows} of the array, of {row} bytes each, into chunks of about 4 MiB: they are not cut at rows"
    )]
    NoRowChunks {
        /// Rows of the array.
        rows: u64,
        /// Bytes of a row.
        row: u64,
    },

    // --- FITS ---
    /// The last HDU is not filled up to a multiple of 2880 bytes; its data are complete.
    #[error("{missing} bytes are missing from the fill after the data, which are complete")]
    FitsPadding {
        /// How many.
        missing: u64,
    },
    /// The file ends within the data of an HDU.
    #[error("the data need {needed} bytes, only {available} are there")]
    FitsTruncated {
        /// Bytes that the header promises.
        needed: u64,
        /// Bytes there.
        available: u64,
    },
    /// Bytes after the last HDU.
    #[error("{bytes} bytes after the last HDU, which begin with {found}")]
    FitsTrailing {
        /// How many.
        bytes: u64,
        /// The first few, escaped.
        found: Box<str>,
    },
    /// Compressed bytes after the last HDU of a gzipped file.
    #[error("bytes after the last HDU in the gzip stream are left out")]
    FitsGzipTrailing,
    /// Headers are not those that the embedded tree was written with.
    #[error("the FITS headers were changed after the tree was written, they may disagree with it")]
    FitsHeadersChanged,
    /// More than one embedded tree.
    #[error("{count} HDUs hold an ASDF tree, this one is read")]
    FitsManyTrees {
        /// How many.
        count: usize,
    },
    /// An array node that describes its HDU wrongly.
    #[error("the node says {node}, the HDU has {hdu}, which is read")]
    FitsLinkDiffers {
        /// Datatype and shape of the node.
        node: Box<str>,
        /// Datatype and shape of the HDU.
        hdu: Box<str>,
    },
    /// Files of an array that are not there.
    #[error("{count} of {of} files are not there, their elements have no value: {names}")]
    MissingTiles {
        /// How many are missing.
        count: usize,
        /// How many there should be.
        of: usize,
        /// Names of the first ones.
        names: Box<str>,
    },
    /// A value of the tree that a card has too, by the schemas of the mission, and that is another there.
    #[error("{detail}")]
    FitsKeywordDiffers {
        /// The card, its value, and that of the tree.
        detail: Box<str>,
    },
    /// A header with NULs where the standard has blanks.
    #[error("the header has NULs in the place of blanks")]
    FitsNulHeader,
    /// A header whose WCS cannot be written as a GWCS.
    #[error("{fault}")]
    FitsNoWcs {
        /// The keyword that stands in the way.
        fault: Box<FitsFault>,
    },
    /// A column of a FITS table that is something else in the table of a tree than FITS or astropy says of it, or the other way
    /// round.
    #[error("{detail}")]
    TableColumn {
        /// The column, and what became of it.
        detail: Box<str>,
    },
    /// An image of integers in which one stands for no value.
    #[error(
        "BLANK makes the integers floating-point numbers, NaN where there is no value{rounding}"
    )]
    FitsBlank {
        /// What becomes of those that are no floating-point numbers; may be empty.
        rounding: &'static str,
    },
    /// A keyword that is read otherwise than it says, or not at all.
    #[error("{keyword} is {found}, expected {wanted}")]
    FitsKeyword {
        /// The keyword.
        keyword: Box<str>,
        /// The value as it stands there.
        found: Box<str>,
        /// What it should be.
        wanted: &'static str,
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
    /// A key that is not a string, integer or boolean.
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
    /// A directive that means nothing to YAML.
    #[error("unknown directive `%{name}`, Python refuses it")]
    Directive {
        /// Its name.
        name: Box<str>,
    },
    /// A tag that asks one language's YAML loader to build an object; kept as a tag, never followed.
    #[error("tag `{tag}` belongs to one programming language and is not followed")]
    LanguageTag {
        /// The tag.
        tag: Box<str>,
    },
    /// A tag of the standard's own namespace that the standard does not have.
    #[error("unknown tag `{tag}`, the node is kept as it is")]
    UnknownTag {
        /// The tag.
        tag: Box<str>,
    },
    /// A tag of the standard in a version that is newer than what is known here.
    #[error("tag `{tag}` is newer than {major}.{minor}, the newest version known here")]
    NewerTag {
        /// The tag.
        tag: Box<str>,
        /// The newest major version known.
        major: u64,
        /// The newest minor version known.
        minor: u64,
    },
    /// There were more warnings about the tree than are kept.
    #[error("{count} more warnings about the tree are left out")]
    MoreInTree {
        /// Number of those left out.
        count: usize,
    },
    // --- blocks ---
    /// A block cannot be followed; what stands after it is not looked at.
    #[error("the walk over the blocks ends here: {fact}")]
    WalkEnds {
        /// What is wrong.
        fact: Malformed,
    },
    /// A block is listed, but its data cannot be read.
    #[error("{fact}")]
    BlockUnreadable {
        /// What is wrong.
        fact: Malformed,
    },
    /// The file ends inside the space set aside for the last block; its data is complete.
    #[error(
        "{allocated} bytes are allocated, the file ends after {available}; the data is complete"
    )]
    AllocationCut {
        /// Bytes set aside.
        allocated: u64,
        /// Bytes there.
        available: u64,
    },
    /// Bytes where the first block should be, but no block.
    #[error("expected a block, found none in {bytes} bytes, which begin with {found}")]
    NoBlock {
        /// How many.
        bytes: u64,
        /// The first few, escaped.
        found: Box<str>,
    },
    /// Bytes after the blocks that are neither block nor index.
    #[error(
        "expected a block or the block index, found {bytes} other bytes, which begin with {found}"
    )]
    Trailing {
        /// How many.
        bytes: u64,
        /// The first few, escaped.
        found: Box<str>,
    },
    /// The file ends in the middle of something that began; a block index is ignored then.
    #[error("the file ends within {what}")]
    FileCut {
        /// What it is.
        what: &'static str,
    },
    /// The block index cannot be read.
    #[error("block index is ignored: {reason}")]
    IndexUnreadable {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The block index does not begin where the last block ends.
    #[error("block index is ignored: it begins {gap} bytes after the last block")]
    IndexDisplaced {
        /// Bytes between.
        gap: u64,
    },
    /// The block index lists another number of blocks.
    #[error("block index is ignored: it lists {recorded} blocks, the file has {found}")]
    IndexCount {
        /// Entries of the index.
        recorded: u64,
        /// Blocks found.
        found: u64,
    },
    /// An entry of the block index is wrong.
    #[error(
        "block index is ignored: entry {entry} says {recorded:#x}, that block is at {found:#x}"
    )]
    IndexDisagrees {
        /// Which entry, from 0.
        entry: u64,
        /// What it says.
        recorded: u64,
        /// Where the block is.
        found: u64,
    },
    /// Bytes after the end of the compressed data, still inside the block's used bytes.
    #[error("{bytes} bytes after the end of the {codec} data")]
    CompressedTrailing {
        /// The label.
        codec: &'static str,
        /// How many.
        bytes: u64,
    },
    // --- arrays ---
    /// An empty array whose other lengths are absurd.
    #[error("an empty array of shape {shape:?}")]
    AbsurdShape {
        /// The shape.
        shape: Box<[u64]>,
    },
    /// A stride of 0, which the schema does not allow; the elements are the same ones again and again.
    #[error("a stride is 0, which the schema does not allow")]
    ZeroStride,
    /// A shape with `*` for a block that is not streamed.
    #[error("shape `*` on a block that is not streamed, read as far as the block goes")]
    StarNotStreamed,
    /// A stream whose last row is not whole.
    #[error("the stream ends {bytes} bytes into a row of {row}, the row is left out")]
    CutRow {
        /// Bytes of the last row that are there.
        bytes: u64,
        /// Bytes of a row.
        row: u64,
    },
    /// Bytes above 127 in `ascii` text, which the standard does not allow.
    #[error("bytes above 127 in ascii text")]
    NotAscii,
    /// Inline text that is longer than its datatype.
    #[error("text of {length} characters is cut to {capacity}")]
    TextCut {
        /// Characters of the text.
        length: usize,
        /// Characters of the datatype.
        capacity: usize,
    },
    // --- references ---
    /// A source that names its own file.
    #[error("source `{uri}` is this file itself, its first block is read")]
    ExternalSelf {
        /// The URI.
        uri: Box<str>,
    },
    /// A reference to a node that holds it: expanding it never ends.
    #[error("reference `{uri}` leads to a node that holds it")]
    ReferenceToAncestor {
        /// The URI.
        uri: Box<str>,
    },
    /// A `~` in a JSON Pointer that escapes nothing.
    #[error("`~` in `{pointer}` stands without 0 or 1, read as it is")]
    PointerEscape {
        /// The pointer.
        pointer: Box<str>,
    },
}

impl WarningKind {
    /// True when something of the file is lost or wrong, not only odd.
    pub fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::Checksum { .. }
                | Self::FitsTruncated { .. }
                | Self::WalkEnds { .. }
                | Self::BlockUnreadable { .. }
                | Self::NoBlock { .. }
                | Self::Trailing { .. }
                | Self::FileCut { .. }
                | Self::CutRow { .. }
        )
    }
}

impl Warning {
    /// A warning whose place is still empty.
    pub(crate) fn new(kind: WarningKind) -> Self {
        Self {
            kind,
            place: Place::default(),
        }
    }

    /// The same at these bytes (absolute file offsets).
    pub(crate) fn at(mut self, span: std::ops::Range<u64>) -> Self {
        self.place.span.get_or_insert(span);
        self
    }

    /// The same in this file.
    pub(crate) fn in_file(mut self, file: &std::path::Path) -> Self {
        self.place.file.get_or_insert_with(|| file.to_path_buf());
        self
    }

    /// The same in a block.
    pub(crate) fn in_block(mut self, index: usize) -> Self {
        self.place.block.get_or_insert(index);
        self
    }

    /// The same in this HDU.
    #[cfg(feature = "fits")]
    pub(crate) fn in_hdu(mut self, index: usize) -> Self {
        self.place.hdu.get_or_insert(index);
        self
    }

    /// The same at this node (JSON Pointer).
    pub(crate) fn at_path(mut self, path: impl fmt::Display) -> Self {
        self.place
            .path
            .get_or_insert_with(|| path.to_string().into());
        self
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.fmt(f)?;
        self.kind.fmt(f)
    }
}
