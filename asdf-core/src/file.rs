//! An open ASDF file: header, tree, blocks and arrays, and the siblings they refer to.
//!
//! # Reading
//!
//! [`AsdfFile::open`] reads the header lines, the tree and the headers of the blocks; [`OpenOptions`] has limits, mapping, and whether other
//! files may be opened. [`AsdfFile::node`] and [`AsdfFile::array`] find what a path names. A path is a JSON Pointer (`/meta/filters/0`) or what people
//! write (`meta.filters[0]`). A FITS file that carries a tree is opened in the same way.
//!
//! # Writing and editing
//!
//! A [`Draft`] is a tree and arrays that are to be written. [`Draft::new`] begins with an empty one, [`AsdfFile::to_draft`] with
//! that of a file, whose text, comments and blocks stay as they are wherever nothing is changed:
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
//! # let folder = tempfile::tempdir()?;
//! # let (out, copy) = (folder.path().join("out.asdf"), folder.path().join("copy.asdf"));
//! # std::fs::copy(path, &out)?;
//! use asdf_core::{AsdfFile, WriteOptions};
//!
//! let file = AsdfFile::open(&out)?;
//! let mut draft = file.to_draft();
//! draft.set("roman/meta/exposure/type", "WFI_DARK")?;
//! draft.add_history("type corrected")?;
//! draft.update(&out, &WriteOptions::default())?; // the same file, in place where there is room
//! draft.save(&copy, &WriteOptions::default())?; // another file
//! # Ok(())
//! # }
//! ```
//!
//! Stopped at any moment, a file is the old one or the new one. [`Draft::copy_node`] brings a node of another file with its blocks,
//! [`Draft::set_elements`] changes elements of an array, [`Draft::save_rows`] writes an array whose length is not known yet.
//! [`Storage`] says where an array goes: a block, compressed or not, the tree, or a file of its own.
//!
//! # Damaged files
//!
//! [`salvage_file`] finds what is left of a damaged file and says what is lost; it gives no array the data of another.

mod arrays;
mod carry;
mod cut;
mod draft;
mod elements;
#[cfg(feature = "fits")]
mod embed;
#[cfg(feature = "fits")]
mod embedded;
#[cfg(feature = "fits")]
mod extract;
#[cfg(feature = "fits")]
mod fits_edit;
#[cfg(feature = "fits")]
mod hdu_link;
#[cfg(feature = "fits")]
mod hdu_path;
mod history;
mod in_place;
mod inline;
mod journal;
mod keep;
#[cfg(all(feature = "fits", feature = "schemas"))]
mod keywords;
mod layout;
mod lock;
mod mark;
mod mend;
mod new_array;
mod open;
mod opener;
mod pad;
mod pending;
mod readable;
mod rearrange;
mod reference;
mod replace;
mod resolve;
mod rows;
mod salvage;
mod sibling;
mod standard;
mod storage;
mod subtree;
#[cfg(feature = "fits")]
mod tiles;
mod update;
#[cfg(feature = "schemas")]
mod validate;
mod whole_text;
mod write;

#[cfg(feature = "wcs")]
pub(crate) use cut::Cut;
pub use draft::Draft;
pub use elements::ElementsSet;
#[cfg(feature = "fits")]
pub use embed::{ArrayCards, EmbedOptions, HduMove, strip_tree};
#[cfg(feature = "fits")]
pub use fits_edit::FitsEdit;
#[cfg(feature = "fits")]
pub(crate) use hdu_link::part_source;
#[cfg(feature = "fits")]
pub use hdu_path::HduPath;
pub use history::{Extension, HistoryEntry, Software};
#[cfg(all(feature = "fits", feature = "schemas"))]
pub use keywords::{KeywordChange, KeywordDifference};
pub use layout::FileHeader;
pub use mend::MovedReference;
pub use open::{External, OpenOptions};
pub use opener::{Opener, is_url};
pub use reference::{FileNode, Reference};
#[doc(hidden)]
pub use replace::replace as replace_file;
#[doc(hidden)]
pub use replace::replace_and_tell as replace_file_and_tell;
#[doc(hidden)]
pub use replace::{before_files_under_way, remove_files_under_way};
pub use rows::{RowWriter, Rows};
pub use salvage::{
    BlockState, Content, Loss, LossKind, Salvaged, SalvagedBlock, salvage, salvage_file,
    salvage_without_journal,
};
pub use storage::{ChunkRows, Storage, WriteOptions};
pub use update::Updated;

use crate::block::Block;
use crate::block::BlockCache;
use crate::block::BlockHeader;
use crate::block::BlockTable;
use crate::block::Soundness;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::{Warning, WriteFault};
use crate::input::WholeCodec;
#[doc(hidden)]
pub use crate::input::bytes_opened_and_read;
pub use crate::input::{
    Input, InputOptions, InputReader, RangeSource, TakePiece, check_expected, open_file,
    temporary_file, unless_dropped,
};
use crate::limits::Limits;
use crate::tree::Tree;
use sibling::Siblings;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// An open file. Opening reads the header, the tree and the block headers; no block payload.
#[derive(Debug)]
pub struct AsdfFile {
    name: PathBuf,
    path: Option<PathBuf>,
    /// By which an ASDF file is compressed as a whole; FITS files know it themselves.
    codec: Option<WholeCodec>,
    input: Input,
    /// Where its first line is: 0 unless another file carries it.
    origin: u64,
    #[cfg(feature = "fits")]
    carrier: Option<std::sync::Arc<embedded::Carrier>>,
    /// The key under which the HDUs stand in the tree, when they do.
    #[cfg(feature = "fits")]
    hdu_key: Option<Box<str>>,
    /// Arrays there whose data the tree names elsewhere: they are not listed again.
    #[cfg(feature = "fits")]
    hdu_twins: HashSet<crate::tree::NodeId>,
    limits: Limits,
    external: External,
    header: FileHeader,
    /// Where the lines in front of the tree, or of the first block, end.
    head_end: u64,
    tree_span: Option<Range<u64>>,
    tree: Tree,
    blocks: BlockTable,
    cache: BlockCache,
    soundness: Soundness,
    warnings: elsa::sync::FrozenVec<Box<Warning>>,
    /// Hashes of the warnings, so that each is told once however many there are.
    warned: Mutex<HashSet<u64>>,
    siblings: Siblings,
    /// Arrays in many files that were asked for.
    #[cfg(feature = "fits")]
    tile_sets: tiles::TileSets,
    /// How the file was when it was opened, where other programs could not be kept from changing it.
    snapshot: Option<pending::Snapshot>,
}

impl AsdfFile {
    /// Opens a file with the default options: mapped, default limits, siblings of its own folder.
    ///
    /// # Errors
    /// As [`OpenOptions::open`].
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let kind: String = file.node("roman/meta/exposure/type")?.read()?;
    /// assert_eq!(kind, "WFI_IMAGE");
    /// # Ok(())
    /// # }
    /// ```
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        OpenOptions::default().open(path)
    }

    /// The file as the caller named it.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// The header lines.
    pub fn header(&self) -> &FileHeader {
        &self.header
    }

    /// The version of the standard: that of the header, else 1.0.0, as the reference has it.
    pub fn standard_version(&self) -> &str {
        self.header.standard_version.as_deref().unwrap_or("1.0.0")
    }

    /// The tree; a null root when the file has none (see [`AsdfFile::tree_span`]).
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let top = file.tree().root().as_map();
    /// let keys: Vec<_> = top.into_iter().flatten().map(|(key, _)| key.key_text()).collect();
    /// assert_eq!(keys, ["asdf_library", "history", "roman"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    fn into_tree(self) -> Tree {
        self.tree
    }

    /// Takes this as the tree, which is in memory only; the HDUs stand under that key of its root. The data of those in
    /// `named` are in the tree under another path as well.
    #[cfg(feature = "fits")]
    pub(crate) fn put_tree(&mut self, tree: Tree, hdu_key: String, named: &[usize]) {
        let list = tree.root().get(&hdu_key);
        let data = |index: &usize| Some(list?.at(*index)?.get("data")?.id());
        self.hdu_twins = named.iter().filter_map(data).collect();
        self.tree = tree;
        self.hdu_key = Some(hdu_key.into());
    }

    /// Where the tree's text stands, from `%YAML` to the end of the line `...`; `None` without one.
    pub fn tree_span(&self) -> Option<Range<u64>> {
        self.tree_span.clone()
    }

    /// The FITS file that carries the tree, or that was opened and has none.
    #[cfg(feature = "fits")]
    pub fn fits(&self) -> Option<&crate::fits::FitsFile> {
        Some(&self.carrier.as_ref()?.fits)
    }

    /// The HDU of a FITS file that holds the tree.
    #[cfg(feature = "fits")]
    pub fn tree_hdu(&self) -> Option<usize> {
        self.carrier.as_ref()?.tree
    }

    /// True when it is a part of a FITS file.
    pub(crate) fn is_carried(&self) -> bool {
        #[cfg(feature = "fits")]
        let carried = self.carrier.is_some();
        #[cfg(not(feature = "fits"))]
        let carried = false;
        carried
    }

    /// The lines in front of the tree, or of the first block.
    fn head_text(&self) -> &[u8] {
        self.input
            .slice(self.origin..self.head_end)
            .unwrap_or_default()
    }

    /// All bytes of the file under its name, also where only a part of it is the tree and its blocks.
    fn whole_input(&self) -> &Input {
        #[cfg(feature = "fits")]
        if let Some(fits) = self.fits() {
            return fits.input();
        }
        &self.input
    }

    /// The bytes that offsets count in: those of the FITS file up to the end of the carried one.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// The budgets that this file was opened with.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The block headers and the state of the block index.
    pub fn block_table(&self) -> &BlockTable {
        &self.blocks
    }

    /// The blocks, in file order.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::block::Codec;
    ///
    /// let file = AsdfFile::open(path)?;
    /// assert_eq!(file.blocks().len(), 20);
    /// assert!(file.blocks().all(|block| block.header().codec() == Codec::Lz4));
    /// # Ok(())
    /// # }
    /// ```
    pub fn blocks(&self) -> impl ExactSizeIterator<Item = Block<'_>> {
        self.blocks
            .headers()
            .iter()
            .map(|header| self.make_block(header))
    }

    /// The codec by which the whole file is compressed: `gzip` or `bzip2`. Offsets count in its content then.
    pub fn compression(&self) -> Option<&'static str> {
        #[cfg(feature = "fits")]
        if let Some(fits) = self.fits() {
            return fits.compression();
        }
        self.codec.map(WholeCodec::name)
    }

    /// Refuses to change a file that is compressed as a whole.
    pub(crate) fn check_changeable(&self) -> Result<()> {
        match self.compression() {
            Some(codec) => Err(WriteFault::Compressed { codec }.into()),
            None => Ok(()),
        }
    }

    /// The block of that number, or [`Malformed::NoBlock`].
    ///
    /// # Errors
    /// [`Malformed::NoBlock`]: there are fewer blocks.
    pub fn block(&self, index: usize) -> Result<Block<'_>> {
        match self.blocks.headers().get(index) {
            Some(header) => Ok(self.make_block(header)),
            None => Err(self.no_block(i64::try_from(index).unwrap_or(i64::MAX))),
        }
    }

    /// The block that a `source` names; negative numbers count from the last block.
    pub(crate) fn block_by_source(&self, source: i64) -> Result<Block<'_>> {
        let count = i64::try_from(self.blocks.headers().len()).unwrap_or(i64::MAX);
        let index = if source < 0 {
            count.saturating_add(source)
        } else {
            source
        };
        usize::try_from(index)
            .ok()
            .and_then(|index| self.blocks.headers().get(index))
            .map(|header| self.make_block(header))
            .ok_or_else(|| self.no_block(source))
    }

    fn make_block<'f>(&'f self, header: &'f BlockHeader) -> Block<'f> {
        Block::new(&self.input, header, &self.limits)
            .cached_in(&self.cache)
            .vouched_by(&self.soundness)
    }

    fn no_block(&self, asked: i64) -> Error {
        Error::from(Malformed::NoBlock {
            asked,
            count: self.blocks.headers().len(),
        })
        .in_file(&self.name)
    }

    /// Oddities met so far, on opening and since; each is told once.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/index_stale.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// // An index that does not agree with the blocks is not trusted: the data are read all the same.
    /// let file = AsdfFile::open(path)?;
    /// assert_eq!(file.warnings().count(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn warnings(&self) -> impl Iterator<Item = &Warning> {
        let count = self.warnings.len();
        (0..count).filter_map(|index| self.warnings.get(index))
    }

    /// What is done with blocks whose checksum is wrong.
    pub fn corrupt_blocks(&self) -> crate::block::CorruptBlocks {
        crate::block::Gate::corrupt(&self.soundness)
    }

    /// Checks that the file is still as it was when it was opened. Opening keeps programs that use locks
    /// from changing the file while its tree is read; where that is not possible (another program holds
    /// the lock for long, the file system has none) ask this when all is read.
    ///
    /// # Errors
    /// Another program has changed the file.
    pub fn check_unchanged(&self) -> Result<()> {
        match &self.snapshot {
            Some(snapshot) => snapshot.check(),
            None => Ok(()),
        }
    }

    /// Names this file in an error about one of its blocks or arrays.
    pub fn name_in(&self, error: Error) -> Error {
        error.in_file(&self.name)
    }

    /// The same file under another name, for errors and warnings: that of the one which it was made of.
    #[must_use]
    pub fn named(mut self, name: impl Into<std::path::PathBuf>) -> Self {
        self.name = name.into();
        self
    }

    /// Records an oddity that was met after opening.
    pub(crate) fn warn(&self, mut warning: Warning) {
        warning.place.file.get_or_insert_with(|| self.name.clone());
        let mut hasher = DefaultHasher::new();
        format!("{warning:?}").hash(&mut hasher);
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.insert(hasher.finish()) {
            self.warnings.push(Box::new(warning));
        }
    }
}
