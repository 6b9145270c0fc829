//! The FITS container: headers, HDUs, images, tables and a writer. Knows nothing of ASDF trees.
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/fits/compressed_rice_1.fits");
//! use asdf_core::Limits;
//! use asdf_core::fits::FitsFile;
//!
//! let file = FitsFile::open(path)?;
//! let image = file.find("I2", Some(1)).unwrap().image()?;
//! let corner = image.load_window(&[0..4, 0..4])?;
//! assert_eq!(corner.view::<i16>()?.len(), 16);
//! # Ok(())
//! # }
//! ```
//!
//! Source: the FITS standard 4.0 (2018); clauses `F-…` of `spec-notes/fits.md` say where readers differ.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod ascii;
mod card;
mod checksum;
mod column;
mod edit;
mod form;
mod groups;
mod header;
mod image;
mod layout;
mod mask;
mod names;
mod node;
mod numeric;
mod part;
mod scale;
mod table;
mod tiled;
mod unpack;
mod value;
mod values;
mod write;
mod ztable;

pub use card::FitsCard;
pub(crate) use card::printable;
pub use checksum::FitsChecksums;
pub use column::FitsColumn;
pub use edit::HeaderEdit;
pub(crate) use edit::header_range;
pub use form::ColumnForm;
pub use groups::FitsGroups;
pub use header::FitsHeader;
pub use image::FitsImage;
pub use layout::HduKind;
pub(crate) use names::unique as unique_names;
pub use node::node_value;
pub(crate) use node::unlike;
pub use numeric::is_numeric_keyword;
pub(crate) use part::NamedKind;
pub use table::FitsTable;
#[doc(hidden)]
pub use tiled::tile_compressions;
pub use value::CardValue;
pub use values::HduElements;
pub use write::FitsWriter;
pub use write::NewHdu;
pub use write::NewHeader;
pub use write::{DescriptorForm, NewColumn};

use crate::block::CorruptBlocks;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Mismatch;
use crate::error::Result;
use crate::error::Warning;
use crate::input::{Input, InputOptions, WholeCodec};
use crate::limits::Limits;
use layout::Entry;
use std::ops::Range;
use std::path::Path;
use std::path::PathBuf;
use std::sync::OnceLock;
use ztable::Expanded;

/// An open FITS file: its bytes and where its HDUs are. No data are read on opening.
#[derive(Debug)]
pub struct FitsFile {
    input: Input,
    entries: Vec<Entry>,
    warnings: Vec<Warning>,
    limits: Limits,
    path: Option<PathBuf>,
    name: Option<PathBuf>,
    /// By which the file is compressed as a whole.
    codec: Option<WholeCodec>,
    corrupt: CorruptBlocks,
    /// What the checksum keywords of each HDU say, once somebody has asked.
    sums: Vec<OnceLock<FitsChecksums>>,
    /// What compressed tables stand for, once somebody has asked.
    expanded: Vec<Expanded>,
}

impl FitsFile {
    /// Opens a file with default options. A file that is compressed as a whole by gzip or bzip2 is
    /// decompressed HDU by HDU, at most `unpacked_bytes` of [`Limits`]: into memory, a large one into a temporary file.
    ///
    /// # Errors
    /// As [`open_with`](Self::open_with).
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_with(path, &InputOptions::default())
    }

    /// Opens a file, mapped or read, within limits.
    ///
    /// # Errors
    /// The file cannot be read; its first header is not one of FITS; a limit is exceeded.
    pub fn open_with(path: impl AsRef<Path>, options: &InputOptions) -> Result<Self> {
        let path = path.as_ref();
        let input = Input::open(path, options)?;
        let mut file = Self::new(input, &options.limits).in_file(path)?;
        for warning in &mut file.warnings {
            warning.place.file.get_or_insert_with(|| path.to_path_buf());
        }
        file.path = Some(path.to_path_buf());
        Ok(file)
    }

    /// Finds the HDUs of bytes that are there already.
    ///
    /// # Errors
    /// The first header is not one of FITS; a compressed file cannot be decompressed; a limit is exceeded.
    pub fn new(input: Input, limits: &Limits) -> Result<Self> {
        let mut warnings = Vec::new();
        let codec = WholeCodec::of(input.up_to(0, WholeCodec::HEAD)?);
        let input = match codec {
            Some(codec) => unpack::expand(codec, input.whole()?, limits, &mut warnings)?,
            None => input,
        };
        let entries = layout::scan(&input, limits, &mut warnings)?;
        Ok(Self {
            input,
            sums: std::iter::repeat_with(OnceLock::new)
                .take(entries.len())
                .collect(),
            expanded: std::iter::repeat_with(Expanded::default)
                .take(entries.len())
                .collect(),
            entries,
            warnings,
            limits: limits.clone(),
            path: None,
            name: None,
            codec,
            corrupt: CorruptBlocks::default(),
        })
    }

    /// The same under a name, for errors that travel with its data into another file.
    #[must_use]
    pub(crate) fn named(mut self, name: &Path) -> Self {
        self.name = Some(name.to_path_buf());
        self
    }

    /// The same under another name, which stands in all messages: a temporary file is called as what it was made of.
    #[must_use]
    pub fn called(mut self, name: impl Into<PathBuf>) -> Self {
        let name = name.into();
        for warning in &mut self.warnings {
            warning.place.file = Some(name.clone());
        }
        self.path = Some(name);
        self
    }

    /// What is done with HDUs whose `CHECKSUM` or `DATASUM` does not fit their bytes.
    #[must_use]
    pub fn corrupt_blocks(mut self, corrupt: CorruptBlocks) -> Self {
        self.corrupt = corrupt;
        self
    }

    /// True for bytes that begin as a FITS file does, compressed as a whole or not; the first 2880 are enough.
    pub fn is_fits(bytes: &[u8]) -> bool {
        layout::begins(bytes) || unpack::begins(bytes)
    }

    /// The same of a file; one that is compressed as a whole is fetched for that.
    pub(crate) fn begins(input: &Input) -> Result<bool> {
        if layout::begins(input.up_to(0, layout::MAGIC.len())?) {
            return Ok(true);
        }
        Ok(WholeCodec::of_input(input, layout::MAGIC)?.is_some())
    }

    /// The bytes that all offsets count in; those of a compressed file are the decompressed ones.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// The codec by which the whole file is compressed: `gzip` or `bzip2`.
    pub fn compression(&self) -> Option<&'static str> {
        self.codec.map(WholeCodec::name)
    }

    /// Oddities that leave the data readable, and data that are cut.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The budgets that this file was opened with.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Number of HDUs.
    #[expect(clippy::len_without_is_empty, reason = "there is always a primary HDU")]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// All HDUs in file order.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/fits/tables.fits");
    /// use asdf_core::fits::FitsFile;
    ///
    /// let file = FitsFile::open(path)?;
    /// for hdu in file.hdus() {
    ///     println!("{} {} {} cards", hdu.index(), hdu.name(), hdu.header().len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn hdus(&self) -> impl ExactSizeIterator<Item = Hdu<'_>> {
        let hdus = self.entries.iter().enumerate();
        hdus.map(|(index, entry)| Hdu {
            file: self,
            entry,
            index,
        })
    }

    /// The HDU of that number, from 0.
    ///
    /// # Errors
    /// There are fewer HDUs.
    pub fn hdu(&self, index: usize) -> Result<Hdu<'_>> {
        let count = self.len();
        let missing = || Mismatch::NoHdu {
            asked: index,
            count,
        };
        let found = self.hdus().nth(index).ok_or_else(missing);
        found.map_err(|fact| self.locate(fact.into()))
    }

    /// The first HDU of that `EXTNAME` (case does not count) and, when given, `EXTVER`.
    /// `PRIMARY` is HDU 0 unless that has a name of its own.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/fits/compressed_rice_1.fits");
    /// use asdf_core::fits::FitsFile;
    ///
    /// let file = FitsFile::open(path)?;
    /// assert!(file.find("I2", Some(1)).is_some()); // EXTNAME and EXTVER
    /// assert!(file.find("nothing", None).is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn find(&self, name: &str, version: Option<i64>) -> Option<Hdu<'_>> {
        let name = name.trim();
        self.hdus().find(|hdu| {
            hdu.name().eq_ignore_ascii_case(name)
                && version.is_none_or(|version| version == hdu.version())
        })
    }

    fn locate(&self, error: Error) -> Error {
        match &self.path {
            Some(path) => error.in_file(path),
            None => error,
        }
    }
}

/// One HDU of an open file; copying it copies a few words.
#[derive(Debug, Clone, Copy)]
pub struct Hdu<'f> {
    file: &'f FitsFile,
    entry: &'f Entry,
    index: usize,
}

impl<'f> Hdu<'f> {
    /// The file that it is in.
    pub fn file(self) -> &'f FitsFile {
        self.file
    }

    /// Its number, from 0.
    pub fn index(self) -> usize {
        self.index
    }

    /// What it is.
    pub fn kind(self) -> HduKind {
        self.entry.kind
    }

    /// `EXTNAME` without blanks around it; `PRIMARY` for HDU 0 without one, else empty.
    pub fn name(self) -> &'f str {
        match (self.entry.name.trim(), self.index) {
            ("", 0) => "PRIMARY",
            (name, _) => name,
        }
    }

    /// `EXTVER`, 1 when it is missing.
    pub fn version(self) -> i64 {
        self.entry.version
    }

    /// The cards.
    pub fn header(self) -> FitsHeader<'f> {
        let cards = self.file.input.slice(self.entry.header.cards.clone());
        self.entry.header.header(cards.unwrap_or_default())
    }

    /// The cards of the image or table that a compressed HDU stands for (sections 10.1.1 and 10.3): `ZNAXIS1`
    /// becomes `NAXIS1`, what describes how it is stored is left out. Of any other HDU its own cards.
    pub fn image_header(self) -> FitsHeader<'f> {
        match self.kind() {
            HduKind::CompressedImage => tiled::image_header(&self.header()),
            HduKind::CompressedTable => ztable::table_header(&self.header()),
            _ => self.header(),
        }
    }

    /// The header with `END` and fill, as absolute offsets.
    pub fn header_span(self) -> Range<u64> {
        self.entry.header.cards.start..self.entry.data.start
    }

    /// The data without the fill after them, as absolute offsets.
    pub fn data_span(self) -> Range<u64> {
        self.entry.data.clone()
    }

    /// Where the next HDU starts.
    pub fn end(self) -> u64 {
        self.entry.end()
    }

    /// The bytes of the data as they are in the file, without the fill.
    ///
    /// # Errors
    /// The file ends before they do; a checksum is wrong, and the file refuses such data
    /// ([`FitsFile::corrupt_blocks`]).
    pub fn data(self) -> Result<&'f [u8]> {
        self.pass()?;
        self.stored()
    }

    /// The same, whatever the checksums are.
    pub(crate) fn stored(self) -> Result<&'f [u8]> {
        self.locate(layout::data(&self.file.input, self.entry))
    }

    /// Where the data are that are in the file.
    ///
    /// # Errors
    /// As [`data`](Self::data).
    pub(crate) fn there(self) -> Result<Range<u64>> {
        self.pass()?;
        self.locate(layout::there(&self.file.input, self.entry))
    }

    /// Bytes of the data in the file, counted from the first one, as far as there are any.
    ///
    /// # Errors
    /// As [`data`](Self::data).
    pub(crate) fn data_part(self, part: Range<u64>) -> Result<&'f [u8]> {
        let there = self.there()?;
        let at = |place: u64| there.start.saturating_add(place).min(there.end);
        self.locate(self.file.input.slice(at(part.start)..at(part.end)))
    }

    /// What keeps the bytes of the data from being read, whatever the checksums are.
    pub(crate) fn check_stored(self) -> Result<()> {
        self.locate(layout::there(&self.file.input, self.entry).map(drop))
    }

    /// The image, compressed or not; nothing is read yet.
    ///
    /// # Errors
    /// The HDU is not an image, or its header contradicts itself.
    pub fn image(self) -> Result<FitsImage<'f>> {
        self.locate(FitsImage::new(self))
    }

    /// The table, binary or ASCII. A compressed image is a binary table as well.
    ///
    /// # Errors
    /// The HDU is not a table, or its header contradicts itself.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/fits/tables.fits");
    /// use asdf_core::fits::{FitsFile, HduKind};
    ///
    /// let file = FitsFile::open(path)?;
    /// for hdu in file.hdus().filter(|hdu| hdu.kind() == HduKind::BinTable) {
    ///     for column in hdu.table()?.columns() {
    ///         println!("{:?} {} in {:?}", column.name(), column.physical_type(), column.unit());
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn table(self) -> Result<FitsTable<'f>> {
        match self.kind() {
            HduKind::CompressedTable => {
                let plain = self.expanded().and_then(|own| own.whole(self));
                self.locate(plain)?.table()
            }
            _ => self.locate(FitsTable::stored(self)),
        }
    }

    /// Columns and number of rows of a table; of a compressed one nothing is decoded, its elements cannot be read.
    ///
    /// # Errors
    /// As [`table`](Self::table).
    pub fn table_outline(self) -> Result<FitsTable<'f>> {
        match self.kind() {
            HduKind::CompressedTable => {
                let outline = self.expanded().and_then(|own| own.outline(self));
                self.locate(outline)?.table()
            }
            _ => self.table(),
        }
    }

    fn expanded(self) -> Result<&'f Expanded> {
        self.pass()?;
        let missing = || Mismatch::NoHdu {
            asked: self.index,
            count: self.file.len(),
        };
        Ok(self.file.expanded.get(self.index).ok_or_else(missing)?)
    }

    /// The random groups.
    ///
    /// # Errors
    /// The HDU has none.
    pub fn groups(self) -> Result<FitsGroups<'f>> {
        self.locate(FitsGroups::new(self))
    }

    /// What `CHECKSUM` and `DATASUM` say (section 4.4.2.7).
    ///
    /// # Errors
    /// The file ends before the HDU does.
    pub fn checksums(self) -> Result<FitsChecksums> {
        let slot = self.file.sums.get(self.index);
        if let Some(known) = slot.and_then(OnceLock::get) {
            return Ok(known.clone());
        }
        let found = self.locate(checksum::verify(self))?;
        if let Some(slot) = slot {
            let _ = slot.set(found.clone());
        }
        Ok(found)
    }

    fn limits(self) -> &'f Limits {
        &self.file.limits
    }

    /// True for binary tables, compressed or not, and ASCII tables.
    pub fn is_table(self) -> bool {
        matches!(
            self.kind(),
            HduKind::BinTable | HduKind::CompressedTable | HduKind::AsciiTable
        )
    }

    fn wrong_kind(self, asked: &'static str) -> Error {
        let found = self.kind().name().into();
        Mismatch::HduKind { found, asked }.into()
    }

    /// Says in which HDU of which file.
    fn locate<T>(self, result: Result<T>) -> Result<T> {
        result.map_err(|error| self.file.locate(error.in_hdu(self.index)))
    }
}

/// The shape of an array in C order: the slowest axis first.
fn c_order(axes: &[u64]) -> Vec<u64> {
    axes.iter().rev().copied().collect()
}
