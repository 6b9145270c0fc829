//! A header or an HDU of a FITS file that cannot be written.

use super::Usage;
use crate::error::Error;

/// A header or an HDU of a FITS file that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderFault {
    /// Bytes that are not cards.
    #[error("cards must be 80 bytes of printable ASCII each")]
    Cards,
    /// Text under a keyword that has a value.
    #[error("text stands under COMMENT, HISTORY or no keyword")]
    TextKeyword,
    /// Text that a card cannot hold.
    #[error("`{text}` is not printable ASCII")]
    NotAscii {
        /// The text, escaped.
        text: Box<str>,
    },
    /// A name that a card cannot have.
    #[error("`{keyword}` is not a keyword")]
    Keyword {
        /// The keyword.
        keyword: Box<str>,
    },
    /// A long string under a long keyword.
    #[error("the string of `{keyword}` is too long for a HIERARCH card")]
    LongString {
        /// The keyword.
        keyword: Box<str>,
    },
    /// A value that does not fit a card.
    #[error("the value of `{keyword}` does not fit its card")]
    LongValue {
        /// The keyword.
        keyword: Box<str>,
    },
    /// A value that no card gives back as it is.
    #[error("the value of `{keyword}` fits no card")]
    NoCard {
        /// The keyword.
        keyword: Box<str>,
    },
    /// A comment that does not fit beside the value.
    #[error("the comment of `{keyword}` has no room beside that value, give a shorter one")]
    LongComment {
        /// The keyword.
        keyword: Box<str>,
    },
    /// Text that is not a value.
    #[error("`{text}` is not a value")]
    NotAValue {
        /// The text, escaped.
        text: Box<str>,
    },
    /// NaN or an infinity.
    #[error("a card cannot hold a number that is not finite")]
    NotFinite,
    /// There is no such card.
    #[error("the header has no card `{keyword}`{}", .number.map_or_else(String::new, |number| format!(" number {number}")))]
    Missing {
        /// The keyword.
        keyword: Box<str>,
        /// Its number, when one was named.
        number: Option<usize>,
    },
    /// There are not as many cards of that keyword.
    #[error("there is no card {number} of `{keyword}`, the header has {count}")]
    MissingNumber {
        /// The keyword.
        keyword: Box<str>,
        /// The number asked for.
        number: usize,
        /// How many there are.
        count: usize,
    },
    /// A keyword that stands several times.
    #[error(
        "`{keyword}` stands {count} times in the header, name one card: {keyword}/0 to {keyword}/{last}"
    )]
    Several {
        /// The keyword.
        keyword: Box<str>,
        /// How many there are.
        count: usize,
        /// The number of the last.
        last: usize,
    },
    /// A change after which the data could not be read.
    #[error("the header would not describe the data of the HDU any more")]
    Undescribed,
    /// A comment for a commentary card.
    #[error("`{keyword}` is text from column 9 on, it has no comment beside it")]
    CommentaryComment {
        /// The keyword.
        keyword: Box<str>,
    },
    /// A keyword that describes the data.
    #[error("`{keyword}` says how the data are stored, it cannot be changed")]
    Storage {
        /// The keyword.
        keyword: Box<str>,
    },
    /// A keyword that scales the data.
    #[error(
        "`{keyword}` says what the numbers of the data mean, changing it would change the data"
    )]
    Meaning {
        /// The keyword.
        keyword: Box<str>,
    },
    /// A keyword of a compressed image.
    #[error("`{keyword}` says how the data are compressed, it cannot be changed")]
    Compression {
        /// The keyword.
        keyword: Box<str>,
    },
    /// A keyword that names a column of compressed data.
    #[error("`{keyword}` names a part of the compressed data")]
    CompressedPart {
        /// The keyword.
        keyword: Box<str>,
    },
    /// `CONTINUE` alone.
    #[error("`CONTINUE` belongs to the string before it, set that keyword")]
    Continue,
    /// A checksum is computed.
    #[error("`{keyword}` follows from the bytes of the HDU, it cannot be set")]
    Checksum {
        /// The keyword.
        keyword: Box<str>,
    },
    /// The name of the HDU with the tree.
    #[error("`ASDF` is the name of an HDU that carries a tree, no other can have it")]
    AsdfName,
    /// A name that is not text.
    #[error("`EXTNAME` needs text (--type str)")]
    NameType,
    /// A version or level that is not a whole number.
    #[error("`{keyword}` needs a whole number")]
    NumberType {
        /// The keyword.
        keyword: Box<str>,
    },
    /// A header for the other place in a file.
    #[error("the header must begin with {wanted}")]
    Begin {
        /// What it must begin with.
        wanted: &'static str,
    },
    /// Bytes of an HDU for the other place in a file.
    #[error("the bytes of an HDU must begin with {wanted} here")]
    BeginHere {
        /// What they must begin with.
        wanted: &'static str,
    },
    /// A primary HDU as an extension, or the reverse.
    #[error("only the primary HDU of a file can be the first of another")]
    Primary,
    /// Bytes of an HDU that do not have its size.
    #[error("an HDU of {size} bytes is given as {found} bytes")]
    HduSize {
        /// Bytes that the header announces.
        size: u64,
        /// Bytes given.
        found: u64,
    },
    /// There are no headers.
    #[error("the file is not a FITS file")]
    NotFits,
    /// The header of the HDU with the tree.
    #[error("the HDU carries the tree, its header is written with it")]
    TreeHdu,
    /// Names of columns that the tree repeats.
    #[error("the tree names the columns of this HDU as well")]
    TreeColumns,
    /// A name that the tree uses.
    #[error("the tree finds this array by `EXTNAME` and `EXTVER` of its HDU")]
    TreeLink,
    /// A node that is not a list of HDUs.
    #[error("a FITS file is made of a list of HDUs, found {found}")]
    NotAList {
        /// What the node is.
        found: Box<str>,
    },
    /// An item that is not an HDU.
    #[error("an HDU is a mapping with `header` and `data`")]
    NotAnHdu,
    /// Data that are neither array nor table.
    #[error("the data of an HDU are an array or a table, found {found}")]
    NotData {
        /// What the node is.
        found: Box<str>,
    },
    /// An image with a mask.
    #[error("FITS has no place for the mask of an image")]
    Mask,
    /// A node that cannot be a part of a table.
    #[error("a FITS table needs {wanted}, found {found}")]
    Table {
        /// What is needed.
        wanted: Box<str>,
        /// What the node is.
        found: Box<str>,
    },
    /// A node that cannot be a part of a header.
    #[error("a FITS header needs {wanted}, found {found}")]
    Node {
        /// What is needed.
        wanted: &'static str,
        /// What the node is.
        found: Box<str>,
    },
    /// A table of something else.
    #[error("a table needs records")]
    NotRecords,
    /// Records of several axes.
    #[error("a table is a list of records, found the shape {shape:?}")]
    RecordShape {
        /// The shape.
        shape: Box<[u64]>,
    },
    /// A character that is not ASCII.
    #[error("text of a FITS table is ASCII, found {found:?}")]
    TextColumn {
        /// The character.
        found: char,
    },
    /// A negative offset.
    #[error("offsets are counted from 0, found {found}")]
    NegativeOffset {
        /// The offset.
        found: i64,
    },
}

impl From<HeaderFault> for Error {
    fn from(fact: HeaderFault) -> Self {
        Usage::from(fact).into()
    }
}
