//! What a catalogue of many files says about one: plain data, for whoever writes it.

mod array;
mod leaf;
mod moment;
#[cfg(feature = "wcs")]
mod position;

pub use array::CatalogueArray;
pub use leaf::{CatalogueLeaf, LeafValue};
pub use moment::{mjd, unix_microseconds};
#[cfg(feature = "wcs")]
pub use position::SkyPosition;

use crate::array::is_array;
use crate::error::Result;
use crate::file::AsdfFile;
use crate::tree::{Node, NodeId};
use std::collections::HashSet;

/// What is asked of each file.
#[derive(Debug, Clone, Default)]
pub struct EntryOptions {
    /// Where the chunks of compressed blocks stand: their heads are read.
    pub chunks: bool,
    /// Paths of the nodes whose leaves are taken, the first that is there; all of the tree when none is.
    pub under: Vec<String>,
}

/// What a catalogue says about a file. No payload is read.
#[derive(Debug, Clone)]
pub struct CatalogueEntry {
    /// Version of the standard that the file follows, when it has a tree of its own.
    pub standard: Option<String>,
    /// The library that wrote the tree, and its version.
    pub library: [Option<String>; 2],
    /// The tag of the node that has the data.
    pub root_tag: Option<String>,
    /// Number of blocks.
    pub n_blocks: usize,
    /// Number of HDUs, of a FITS file.
    pub n_hdus: Option<usize>,
    /// Where on the sky the image is that the file is about.
    #[cfg(feature = "wcs")]
    pub position: Option<SkyPosition>,
    /// The arrays, in the order of the tree.
    pub arrays: Vec<CatalogueArray>,
    /// The values outside of lists, in the order of the tree.
    pub leaves: Vec<CatalogueLeaf>,
    /// What kept parts of the file from being told of: an array that cannot be located, a WCS that cannot be evaluated.
    pub faults: Vec<String>,
}

impl CatalogueEntry {
    /// What there is to say about a file that was opened.
    ///
    /// # Errors
    /// The tree has more arrays than the limit.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::inspect::{CatalogueEntry, EntryOptions};
    ///
    /// let entry = CatalogueEntry::of(&AsdfFile::open(path)?, &EntryOptions::default())?;
    /// assert_eq!((entry.n_blocks, entry.arrays.len()), (20, 20));
    /// let sky = entry.position.expect("an image of the sky");
    /// assert!(sky.s_region.starts_with("POLYGON ICRS 268.499"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn of(file: &AsdfFile, options: &EntryOptions) -> Result<Self> {
        let root = file.tree().root();
        let mut faults = Vec::new();
        let (mut arrays, mut paths) = (Vec::new(), Vec::new());
        for (path, node) in file.arrays()? {
            match CatalogueArray::of(file, node, &path, options.chunks) {
                Ok(array) => {
                    arrays.push(array);
                    paths.push(path);
                }
                Err(error) => faults.push(error.to_string()),
            }
        }
        let text = |key: &str| Some(root.get("asdf_library")?.get(key)?.text()?.to_owned());
        let (n_hdus, has_tree) = hdus(file);
        let under = options
            .under
            .iter()
            .find_map(|path| file.node(path.as_str()).ok());
        #[cfg(feature = "wcs")]
        let position = SkyPosition::of(file, &arrays, &paths).unwrap_or_else(|error| {
            faults.push(error.to_string());
            None
        });
        Ok(Self {
            standard: has_tree.then(|| file.standard_version().to_owned()),
            library: [text("name"), text("version")],
            root_tag: root_tag(root),
            n_blocks: file.block_table().headers().len(),
            n_hdus,
            #[cfg(feature = "wcs")]
            position,
            leaves: leaf::leaves(under.unwrap_or(root)),
            arrays,
            faults,
        })
    }
}

/// The HDUs of a FITS file, and whether there is a tree.
#[cfg(feature = "fits")]
fn hdus(file: &AsdfFile) -> (Option<usize>, bool) {
    let count = file.fits().map(|fits| fits.hdus().count());
    (count, count.is_none() || file.tree_hdu().is_some())
}

#[cfg(not(feature = "fits"))]
fn hdus(_: &AsdfFile) -> (Option<usize>, bool) {
    (None, true)
}

/// The tag of the node that has the data: the only key of the root beside what the writer says of itself, else the root.
fn root_tag(root: Node<'_>) -> Option<String> {
    let is_data = |key: &str| !matches!(key, "asdf_library" | "history" | "fits");
    let map = root.as_map()?;
    let data = map
        .iter()
        .filter(|(key, _)| key.text().is_some_and(is_data))
        .map(|(_, value)| value);
    let tagged = data.filter(|value| value.tag().is_some() && !is_array(*value));
    let nodes: Vec<Node<'_>> = tagged.take(2).collect();
    let node = match nodes.as_slice() {
        [node] => *node,
        _ => root,
    };
    Some(node.tag()?.to_string())
}

/// Nodes that were met on the way to one: a mapping may hold itself by an alias.
type Chain = HashSet<NodeId>;
