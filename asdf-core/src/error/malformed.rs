//! The file breaks the standard.

use super::FitsFault;

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

    /// The tree has no end marker.
    #[error("the tree ends without a line `...`")]
    TreeEnd,

    // --- tree ---
    /// A byte that is not UTF-8.
    #[error("byte {byte:#04x} is not UTF-8")]
    Utf8 {
        /// The byte.
        byte: u8,
    },
    /// The text is not YAML.
    #[error("YAML error in line {line} of the tree: {detail}")]
    Yaml {
        /// Line within the tree, from 1.
        line: usize,
        /// The parser's words.
        detail: Box<str>,
    },
    /// A second document in front of the end marker.
    #[error("a second YAML document, the tree must be one")]
    SecondDocument,
    /// A YAML version that cannot be read.
    #[error("YAML version is {found}, expected 1.1")]
    YamlVersion {
        /// The version.
        found: Box<str>,
    },
    /// An anchor's name that YAML 1.1 does not allow.
    #[error("bad anchor name `{name}`: letters, digits, `-` and `_` are allowed")]
    Anchor {
        /// The name.
        name: Box<str>,
    },
    /// A scalar whose text does not fit its tag or form.
    #[error("`{text}` is no {wanted}")]
    Scalar {
        /// The beginning of the text.
        text: Box<str>,
        /// The type it should have.
        wanted: &'static str,
    },
    /// A node that must be a collection of another shape.
    #[error("expected {wanted}, found {found}")]
    Collection {
        /// What it is.
        found: Box<str>,
        /// What it should be.
        wanted: &'static str,
    },
    // --- blocks ---
    /// `header_size` is below the 48 bytes that every block header has.
    #[error("block header size is {found}, expected at least 48")]
    HeaderSize {
        /// The size as recorded.
        found: u16,
    },
    /// A block uses more bytes than are set aside for it.
    #[error("block uses {used} bytes but only {allocated} are allocated")]
    Allocated {
        /// Bytes used.
        used: u64,
        /// Bytes set aside.
        allocated: u64,
    },
    /// The two sizes of an uncompressed block differ.
    #[error("uncompressed block has {used} bytes, its header promises {data_size}")]
    DataSize {
        /// Bytes used.
        used: u64,
        /// Bytes of data.
        data_size: u64,
    },
    /// A streamed block has a compression label.
    #[error("streamed block is marked as compressed with `{label}`")]
    StreamedCompressed {
        /// The label, escaped.
        label: Box<str>,
    },
    /// The compressed data cannot be decoded.
    #[error("bad {codec} data: {detail}")]
    Compressed {
        /// The label.
        codec: &'static str,
        /// What is wrong with it.
        detail: Box<str>,
    },
    /// The compressed data ends before the promised size is reached.
    #[error("decodes to {delivered} bytes, the header promises {promised}")]
    DecodedShort {
        /// Bytes that came out.
        delivered: u64,
        /// Bytes promised.
        promised: u64,
    },
    /// The compressed data goes on after the promised size.
    #[error("decodes to more than the {promised} bytes that the header promises")]
    DecodedLong {
        /// Bytes promised.
        promised: u64,
    },
    /// Bytes after the end of the compressed data, still inside the block's used bytes.
    #[error("{bytes} bytes after the end of the {codec} data")]
    CompressedTrailing {
        /// The label.
        codec: &'static str,
        /// How many.
        bytes: u64,
    },
    /// A range of decoded bytes that the block does not have.
    #[error("needs bytes {start} to {end} of a block of {size}")]
    PastBlock {
        /// First byte.
        start: u64,
        /// Byte after the last.
        end: u64,
        /// Bytes in the block.
        size: u64,
    },
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
        /// The token after it.
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
    // --- arrays ---
    /// An unknown byte order.
    #[error("byteorder must be `little` or `big`, found {found}")]
    Byteorder {
        /// What it is.
        found: Box<str>,
    },
    /// A datatype that is none.
    #[error("bad datatype: expected {wanted}, found {found}")]
    Datatype {
        /// What it is.
        found: Box<str>,
        /// What it should be.
        wanted: &'static str,
    },
    /// A part of an ndarray node that is not what it must be.
    #[error("bad {what}: expected {wanted}, found {found}")]
    Ndarray {
        /// Which part.
        what: &'static str,
        /// What it is.
        found: Box<str>,
        /// What it should be.
        wanted: &'static str,
    },
    /// An ndarray node lacks a key that it must have.
    #[error("`{key}` is missing, an array in a block needs it")]
    NdarrayKey {
        /// The key.
        key: &'static str,
    },
    /// Lists of unequal lengths in an inline array.
    #[error("expected a list of {length}, found {found}")]
    Ragged {
        /// What stands there.
        found: Box<str>,
        /// The length that the shape wants.
        length: u64,
    },
    /// The product of a shape leaves 64 bits.
    #[error("shape {shape:?} has more elements than 64 bits can count")]
    ShapeOverflow {
        /// The shape.
        shape: Box<[u64]>,
    },
    /// Offset, shape and strides lead out of the block.
    #[error(
        "offset {offset}, shape {shape:?} and strides {strides:?} lead out of the block's {size} bytes"
    )]
    OutOfBlock {
        /// The offset.
        offset: u64,
        /// The shape.
        shape: Box<[u64]>,
        /// The strides.
        strides: Box<[i64]>,
        /// Bytes of the block.
        size: u64,
    },
    /// A mask that leads back to its array.
    #[error("the mask is the array itself, or a mask of a mask of a mask")]
    MaskCycle,
    /// Arrays of other files that name each other.
    #[error("the array of another file leads back to itself, or on from file to file")]
    ExternalCycle,
    /// A mask that cannot be broadcast to its array.
    #[error("mask of shape {mask:?} does not fit an array of shape {array:?}")]
    MaskShape {
        /// The mask's shape.
        mask: Box<[u64]>,
        /// The array's shape.
        array: Box<[u64]>,
    },
    /// A mask of text or records.
    #[error("a mask must be of numbers or truth values, found {found}")]
    MaskType {
        /// The mask's datatype.
        found: Box<str>,
    },
    /// A number in `ucs4` text that is not a code point.
    #[error("{code:#x} is not a Unicode code point")]
    CodePoint {
        /// The number.
        code: u32,
    },
    // --- references ---
    /// A `source` or an index names a block that is not there.
    #[error("there is no block {asked}, the file has {count}")]
    NoBlock {
        /// The number asked for.
        asked: i64,
        /// How many blocks there are.
        count: usize,
    },
    /// A URI that cannot be read.
    #[error("bad URI `{uri}`: {reason}")]
    Uri {
        /// The URI.
        uri: Box<str>,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A file that is to be a FITS file.
    #[error("expected a FITS file, found another one")]
    NotFits,
    /// An array in many files without something that it needs.
    #[error("an array in FITS files needs the key `{key}`")]
    TilesKey {
        /// The key.
        key: &'static str,
    },
    /// Something else in an array in many files.
    #[error("found {found}, expected {wanted}")]
    Tiles {
        /// What is there.
        found: Box<str>,
        /// What should be.
        wanted: Box<str>,
    },
    /// A source that is to name an HDU and does not.
    #[error("source `{uri}` names no HDU: {reason}")]
    HduSource {
        /// The source, escaped.
        uri: Box<str>,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A `$ref` that is not a string.
    #[error("`$ref` must be a string, found {found}")]
    ReferenceType {
        /// What it is.
        found: Box<str>,
    },
    /// A reference that leads back to itself.
    #[error("reference `{uri}` leads back to itself")]
    ReferenceCycle {
        /// The first reference of the circle.
        uri: Box<str>,
    },
    /// A JSON Pointer that cannot be read.
    #[error("bad JSON Pointer `{pointer}`: {reason}")]
    Pointer {
        /// The pointer.
        pointer: Box<str>,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A block whose data is not that which its checksum was made of.
    #[error("checksum is {computed}, the header says {recorded}")]
    Checksum {
        /// What the header says, in hexadecimal digits.
        recorded: Box<str>,
        /// MD5 of the stored bytes.
        computed: Box<str>,
    },
    /// A reference whose target is not there.
    #[error("reference to `{pointer}`: there is no `{missing}`")]
    Dangling {
        /// The pointer.
        pointer: Box<str>,
        /// The first part of it that is missing.
        missing: Box<str>,
    },

    // --- other formats ---
    /// The text is not tagged JSON.
    #[error("line {line}, column {column}: {detail}")]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What is wrong there.
        detail: Box<str>,
    },
    /// The file is not an NPY file.
    #[error("bad NPY header: {detail}")]
    Npy {
        /// What is wrong with it.
        detail: Box<str>,
    },
    /// The text is not a table of comma-separated values.
    #[error("line {line}: {detail}")]
    Csv {
        /// The line, from 1.
        line: u64,
        /// What is wrong there.
        detail: Box<str>,
    },

    /// A part of a FITS file.
    #[error(transparent)]
    Fits(#[from] FitsFault),

    // --- schemas ---
    /// A schema that cannot be compiled.
    #[error("schema {uri} cannot be used: {detail}")]
    Schema {
        /// The schema's URI or file name.
        uri: Box<str>,
        /// What is wrong with it.
        detail: Box<str>,
    },
    /// A wheel that is not a zip archive, or a damaged one.
    #[error(
        "expected a folder, a Python wheel, a source distribution (.tar.gz) or a schema (.yaml), found none of these: {detail}"
    )]
    Wheel {
        /// What the reader of zip archives says.
        detail: Box<str>,
    },
    /// What `SchemaPackage::write` wrote is damaged, or of another version.
    #[error(
        "not a package of schemas as `asdf schema add` keeps it: {detail}; add the package again"
    )]
    KeptSchemas {
        /// What is wrong.
        detail: Box<str>,
    },
    /// A transform, a frame or a WCS whose node does not say what it must.
    #[error("transform: {detail}")]
    Transform {
        /// What is wrong with it.
        detail: Box<str>,
    },
    /// A folder or wheel without schemas.
    #[error("no schema found: no `.yaml` file with an `id` on its top level")]
    NoSchemas,
    /// A schema, or all of a package's, beyond what is read.
    #[error("schemas larger than {allowed} bytes")]
    SchemaSize {
        /// The limit.
        allowed: u64,
    },
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
