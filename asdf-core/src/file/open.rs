//! How a file is opened.

use super::AsdfFile;
use super::draft::Draft;
#[cfg(feature = "fits")]
use super::embedded::Carrier;
use super::layout;
use super::layout::FileHeader;
use super::layout::Layout;
use super::opener::Opener;
use super::pending::{Reading, Snapshot};
use super::sibling::Siblings;
use super::write::ReadTree;
use crate::block::BlockCache;
use crate::block::BlockHeader;
use crate::block::BlockTable;
use crate::block::{CorruptBlocks, Soundness};
use crate::error::Result;
use crate::error::Warning;
use crate::error::{Error, Locate};
#[cfg(feature = "fits")]
use crate::fits::FitsFile;
use crate::input::{Input, InputOptions, WholeCodec, open_named};
use crate::limits::Limits;
use crate::tree::Tree;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Which other files a file's arrays and references may come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum External {
    /// None.
    Refuse,
    /// Those in the file's own folder or below it, symbolic links resolved.
    #[default]
    OwnFolder,
    /// Any local file.
    Anywhere,
}

/// Options of opening.
///
/// # Examples
/// ```
/// # fn main() -> asdf_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
/// use asdf_core::file::External;
/// use asdf_core::{AsdfFile, Limits, OpenOptions};
///
/// let mut limits = Limits::default();
/// limits.depth = 50;
/// let options = OpenOptions::default()
///     .limits(limits)
///     .mapping(false) // read the file instead of mapping it
///     .external(External::Refuse); // open no other file
/// let file: AsdfFile = options.open(path)?;
/// # assert_eq!(file.blocks().len(), 20);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct OpenOptions {
    input: InputOptions,
    external: External,
    corrupt: CorruptBlocks,
    opener: Option<Arc<dyn Opener>>,
}

impl OpenOptions {
    /// Budgets against hostile files.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.input.limits = limits;
        self
    }

    /// Whether to map the file (default) or to read it whole. Read when another process may
    /// truncate the file meanwhile: an access to a mapped page that is gone ends the process.
    pub fn mapping(mut self, mapping: bool) -> Self {
        self.input.mapping = mapping;
        self
    }

    /// Which other files may be opened on behalf of this one.
    pub fn external(mut self, external: External) -> Self {
        self.external = external;
        self
    }

    /// What is done with blocks whose checksum is wrong: of this file and of those that it names. By default they are read without a
    /// word, and no output is made of their data; [`Block::verify`](crate::block::Block::verify) tells, and
    /// [`CorruptBlocks::Refuse`](crate::block::CorruptBlocks::Refuse) makes it an error.
    pub fn corrupt_blocks(mut self, corrupt: CorruptBlocks) -> Self {
        self.corrupt = corrupt;
        self
    }

    /// What opens names that are not those of local files, here and where a file names others.
    pub fn opener(mut self, opener: Arc<dyn Opener>) -> Self {
        self.opener = Some(opener);
        self
    }

    /// What lies beside a file that is not a local one.
    pub(super) fn beside(&self, name: &Path, relative: &Path) -> Option<PathBuf> {
        self.opener.as_ref()?.beside(name, relative)
    }

    /// How the bytes of a file are accessed, and the limits.
    #[must_use]
    pub fn input(&self) -> &InputOptions {
        &self.input
    }

    /// Opens a file by path.
    ///
    /// # Errors
    /// The file cannot be read; it is neither ASDF nor FITS with a tree; its tree or a block header breaks the standard; a limit is exceeded.
    pub fn open(&self, path: impl AsRef<Path>) -> Result<AsdfFile> {
        let path = path.as_ref();
        self.open_as(path, path)
    }

    /// The same under another name, which stands in all messages: a temporary file is called as what it was made of.
    ///
    /// # Errors
    /// As [`OpenOptions::open`].
    pub fn open_as(&self, path: impl AsRef<Path>, name: impl AsRef<Path>) -> Result<AsdfFile> {
        let (path, name) = (path.as_ref(), name.as_ref());
        if let Some(opener) = &self.opener
            && let Some(found) = opener.open(path, &self.input.limits)
        {
            let name = opener.shown(name);
            let input = found.in_file(&name)?;
            let file = self.finish(input, name.clone(), Some(path.to_path_buf()));
            return file.in_file(&name);
        }
        let (opened, named) = open_named(path).map_err(Error::from).in_file(name)?;
        let opened = Arc::new(opened);
        let reading = Reading::begin(&opened, named.is_file);
        // Asked under the lock: before, the file may have had another size.
        let metadata = opened.metadata().map_err(Error::from).in_file(name)?;
        let input = Input::of_file(&opened, &metadata, &self.input).in_file(name)?;
        let snapshot = if reading.is_alone() {
            None
        } else {
            Snapshot::of(&input, path)
        };
        let mut warnings = Vec::new();
        let place = (path, named.is_link);
        let input = super::pending::whole(input, place, &metadata, &mut warnings).in_file(name)?;
        let file = self.finish(input, name.to_path_buf(), Some(path.to_path_buf()));
        if let Some(snapshot) = &snapshot {
            snapshot.check()?;
        }
        warnings.extend(reading.warning());
        drop(reading);
        let mut file = file.in_file(name)?;
        file.snapshot = snapshot;
        for warning in warnings {
            file.warn(warning);
        }
        Ok(file)
    }

    /// Takes bytes that are accessible already, such as those of [`Input::ranged`]; `name` stands in messages.
    ///
    /// # Errors
    /// As [`open`](Self::open), except for the file system.
    pub fn read_input(&self, input: Input, name: impl Into<PathBuf>) -> Result<AsdfFile> {
        let name = name.into();
        self.finish(input, name.clone(), None).in_file(&name)
    }

    /// Takes bytes that are already in memory; `name` stands in messages.
    ///
    /// # Errors
    /// As [`open`](Self::open), except for the file system.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::OpenOptions;
    ///
    /// let bytes = std::fs::read(path)?;
    /// let file = OpenOptions::default().read_bytes(bytes, "in memory")?;
    /// assert_eq!(file.standard_version(), "1.6.0");
    /// # Ok(())
    /// # }
    /// ```
    pub fn read_bytes(&self, bytes: Vec<u8>, name: impl Into<PathBuf>) -> Result<AsdfFile> {
        let name = name.into();
        self.finish(bytes.into(), name.clone(), None).in_file(&name)
    }

    /// Reads a draft as the file that it will be, made in memory: what writing it and opening that would give, with the tree
    /// read once. `name` stands in messages.
    ///
    /// # Errors
    /// As [`Draft::write`] and [`open`](Self::open).
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// use asdf_core::{Draft, OpenOptions};
    ///
    /// let mut draft = Draft::new();
    /// draft.set("meta/filter", "F158")?;
    /// let file = OpenOptions::default().read_draft(&draft, "in memory")?;
    /// assert_eq!(file.node("meta/filter")?.read::<String>()?, "F158");
    /// # Ok(())
    /// # }
    /// ```
    pub fn read_draft(&self, draft: &Draft<'_>, name: impl Into<PathBuf>) -> Result<AsdfFile> {
        let name = name.into();
        let limits = &self.input.limits;
        let (bytes, tree) = draft.write_to_memory(limits).in_file(&name)?;
        let mut warnings = Vec::new();
        let parts = Parts::with_tree(bytes.into(), 0, tree, limits, &mut warnings);
        let file = self.join(parts.in_file(&name)?, name, None);
        for warning in warnings {
            file.warn(warning);
        }
        Ok(file)
    }

    /// Reads a stream to its end, at most `input_bytes` of [`Limits`]; `name` stands in messages.
    ///
    /// # Errors
    /// As [`open`](Self::open); the stream fails or has more than `input_bytes`.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::OpenOptions;
    ///
    /// let stream = std::fs::File::open(path)?; // or standard input, or a socket
    /// let file = OpenOptions::default().read_stream(stream, "a stream")?;
    /// assert_eq!(file.standard_version(), "1.6.0");
    /// # Ok(())
    /// # }
    /// ```
    pub fn read_stream(&self, stream: impl Read, name: impl Into<PathBuf>) -> Result<AsdfFile> {
        let name = name.into();
        let input = Input::read(stream, &self.input.limits).in_file(&name)?;
        self.finish(input, name.clone(), None).in_file(&name)
    }

    /// Takes bytes for the file under that name: other files that it names are looked for from there.
    pub(super) fn stand_in(&self, input: Input, path: &Path) -> Result<AsdfFile> {
        let name = path.to_path_buf();
        self.finish(input, name.clone(), Some(name)).in_file(path)
    }

    fn finish(&self, input: Input, name: PathBuf, path: Option<PathBuf>) -> Result<AsdfFile> {
        let mut warnings = Vec::<Warning>::new();
        #[cfg(feature = "fits")]
        if FitsFile::begins(&input)? {
            let fits = FitsFile::new(input, &self.input.limits)?;
            let fits = fits.corrupt_blocks(self.corrupt).named(&name);
            warnings.extend(fits.warnings().iter().cloned());
            let carrier = Carrier::new(fits, &mut warnings)?;
            let parts = match carrier.cell(&self.input.limits)? {
                Some(cell) => {
                    Parts::read(cell.input, cell.origin, &self.input.limits, &mut warnings)
                        .in_hdu(carrier.tree.unwrap_or(0))?
                }
                None => Parts::without_tree(carrier.fits.input().clone()),
            };
            carrier.check_hash(&parts.tree, &mut warnings);
            let mut file = self.join(parts, name, path);
            file.carrier = Some(Arc::new(carrier));
            for warning in warnings {
                file.warn(warning);
            }
            return Ok(file);
        }
        let codec = WholeCodec::of_input(&input, layout::MAGIC)?;
        let input = match codec {
            Some(codec) => {
                let input = codec.unpack(input.whole()?, &self.input.limits)?;
                layout::check_unpacked(&input, 0, &self.input.limits)?;
                input
            }
            None => input,
        };
        let parts = Parts::read(input, 0, &self.input.limits, &mut warnings)?;
        let mut file = self.join(parts, name, path);
        file.codec = codec;
        for warning in warnings {
            file.warn(warning);
        }
        Ok(file)
    }

    fn join(&self, parts: Parts, name: PathBuf, path: Option<PathBuf>) -> AsdfFile {
        AsdfFile {
            name,
            path,
            codec: None,
            input: parts.input,
            origin: parts.origin,
            #[cfg(feature = "fits")]
            carrier: None,
            #[cfg(feature = "fits")]
            hdu_key: None,
            #[cfg(feature = "fits")]
            hdu_twins: std::collections::HashSet::new(),
            external: self.external,
            header: parts.header,
            head_end: parts.head_end,
            tree_span: parts.tree_span,
            tree: parts.tree,
            cache: BlockCache::new(parts.blocks.headers().len()),
            soundness: Soundness::new(parts.blocks.headers().len(), self.corrupt),
            blocks: parts.blocks,
            warnings: elsa::sync::FrozenVec::new(),
            warned: Mutex::default(),
            siblings: Siblings::new(self.clone()),
            #[cfg(feature = "fits")]
            tile_sets: super::tiles::TileSets::default(),
            snapshot: None,
            limits: self.input.limits.clone(),
        }
    }
}

impl AsdfFile {
    /// A file that is not there yet: a tree, and the headers of blocks whose data is not looked at.
    /// Other files and HDUs are those of `source`.
    pub(super) fn to_be(
        source: Option<&Self>,
        tree: Tree,
        headers: Vec<BlockHeader>,
        limits: &Limits,
    ) -> Self {
        let options = source.map_or_else(OpenOptions::default, Self::options);
        let parts = Parts {
            input: source.map_or_else(|| Vec::new().into(), |file| file.input.clone()),
            origin: 0,
            header: FileHeader {
                format_version: String::new(),
                standard_version: None,
                comments: Vec::new(),
            },
            head_end: 0,
            tree_span: None,
            tree,
            blocks: BlockTable::of_headers(headers),
        };
        let name = source.map_or_else(PathBuf::new, |file| file.name.clone());
        let path = source.and_then(|file| file.path.clone());
        #[cfg_attr(not(feature = "fits"), expect(unused_mut, reason = "for HDUs only"))]
        let mut file = options.limits(limits.clone()).join(parts, name, path);
        #[cfg(feature = "fits")]
        {
            file.carrier = source.and_then(|file| file.carrier.clone());
        }
        file
    }
}

/// What is read on opening.
struct Parts {
    input: Input,
    origin: u64,
    header: FileHeader,
    head_end: u64,
    tree_span: Option<Range<u64>>,
    tree: Tree,
    blocks: BlockTable,
}

impl Parts {
    /// Reads the file that begins at `origin` and goes on to the end of the input.
    fn read(
        input: Input,
        origin: u64,
        limits: &Limits,
        warnings: &mut Vec<Warning>,
    ) -> Result<Self> {
        Self::with_tree(input, origin, None, limits, warnings)
    }

    /// The same with a tree that has been read from these bytes already, and what that warned of.
    fn with_tree(
        input: Input,
        origin: u64,
        read: Option<ReadTree>,
        limits: &Limits,
        warnings: &mut Vec<Warning>,
    ) -> Result<Self> {
        let Layout {
            header,
            tree: tree_span,
            blocks_start,
        } = Layout::find(&input, origin, limits, warnings)?;
        let read = read.filter(|(tree, _)| tree_span == Some(tree.span()));
        let tree = match (&tree_span, read) {
            (Some(_), Some((tree, told))) => {
                warnings.extend(told);
                tree
            }
            (Some(span), None) => {
                Tree::parse(input.slice(span.clone())?, span.start, limits, warnings)?
            }
            (None, _) => Tree::empty(),
        };
        let blocks = BlockTable::scan(&input, origin, blocks_start, limits, warnings)?;
        let head_end = tree_span.as_ref().map_or(blocks_start, |span| span.start);
        Ok(Self {
            input,
            origin,
            header,
            head_end,
            tree_span,
            tree,
            blocks,
        })
    }

    /// A FITS file that carries none.
    #[cfg(feature = "fits")]
    fn without_tree(input: Input) -> Self {
        Self {
            origin: input.len(),
            head_end: input.len(),
            input,
            header: FileHeader {
                format_version: String::new(),
                standard_version: None,
                comments: Vec::new(),
            },
            tree_span: None,
            tree: Tree::empty(),
            blocks: BlockTable::empty(),
        }
    }
}
