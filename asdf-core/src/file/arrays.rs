//! From an ndarray node to a located array: blocks, sibling files and masks are found here.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

use super::AsdfFile;
use super::reference::{FileNode, Reference};
use crate::array::ArrayRef;
use crate::array::ArraySpec;
use crate::array::DataSource;
use crate::array::MaskSource;
use crate::array::Source;
use crate::array::is_array;
use crate::array::is_external;
use crate::array::is_ndarray;
use crate::array::is_tiled;
use crate::array::mask_node;
use crate::block::Block;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Mismatch;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use crate::limits::Limit;
use crate::tree::IntoTreePath;
use crate::tree::Measure;
use crate::tree::Node;
use crate::tree::TreePath;
use crate::tree::Value;

/// Nesting of masks of masks, and of arrays that are in another file than the one named, at most.
const MASKS: usize = 4;

impl AsdfFile {
    /// The node at a path; errors name the file.
    ///
    /// # Errors
    /// The path cannot be parsed, or leads nowhere.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let exposure_time: f64 = file.node("/roman/meta/exposure/exposure_time")?.read()?;
    /// assert_eq!(exposure_time, 107.52398);
    /// let missing = file.node("roman/meta/exposure/nothing").unwrap_err();
    /// assert!(missing.is_mismatch());
    /// # Ok(())
    /// # }
    /// ```
    pub fn node(&self, path: impl IntoTreePath) -> Result<Node<'_>> {
        self.tree().node(path).in_file(&self.name)
    }

    /// The array at a path: located and checked, nothing is read.
    ///
    /// # Errors
    /// The path leads nowhere or to something that is not an array; the block, sibling or HDU is not there or too small.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let flags = file.array("roman/dq")?;
    /// assert_eq!(flags.shape(), [64, 64]);
    /// assert_eq!(flags.datatype().to_string(), "uint32");
    /// # Ok(())
    /// # }
    /// ```
    pub fn array(&self, path: impl IntoTreePath) -> Result<ArrayRef<'_>> {
        let path = path.into_tree_path().in_file(&self.name)?;
        self.array_as(self.node(&path)?, &path)
    }

    /// The array that a node of this file's tree describes.
    ///
    /// # Errors
    /// As [`array`](Self::array).
    pub fn array_at<'f>(&'f self, node: Node<'f>) -> Result<ArrayRef<'f>> {
        self.array_as(node, &node.path())
    }

    /// The same, by the path at which it was met: a shared array has several, and is to be called by that.
    ///
    /// # Errors
    /// As [`array`](Self::array).
    pub fn array_as<'f>(&'f self, node: Node<'f>, path: &TreePath) -> Result<ArrayRef<'f>> {
        let array = self
            .locate(node, path, MASKS)
            .at_path(|| path)
            .at(node.span())
            .in_file(&self.name)?;
        self.note_warnings(&array);
        Ok(array)
    }

    /// The same for an output that is made of its elements.
    ///
    /// # Errors
    /// As [`AsdfFile::array_at`]; the checksum of a block that holds elements or their mask is wrong.
    pub(crate) fn array_for_output<'f>(&'f self, node: Node<'f>) -> Result<ArrayRef<'f>> {
        let array = self.array_at(node)?;
        array.vouch().in_file(&self.name)?;
        Ok(array)
    }

    /// Finds an array, its mask and all that they name, and reads what of it stands in the tree.
    pub(super) fn check_array<'f>(&'f self, node: Node<'f>) -> Result<()> {
        let array = self.locate(node, &node.path(), MASKS)?;
        let mut next = Some(&array);
        while let Some(array) = next {
            array.check_node()?;
            if let Some(block) = array.source().bytes()
                && let Some(fact) = block.header().fault()
            {
                return Err(Error::from(fact).in_block(block.header().index));
            }
            next = array.mask_array();
        }
        Ok(())
    }

    /// Adds to the file's warnings that the checksum of the block or the HDU of an array is wrong: for commands that have read
    /// all of it anyway, or where no more than `at_most` bytes are stored. What else is wrong is told by reading it.
    pub fn note_checksum(&self, array: &ArrayRef<'_>, at_most: u64) {
        let stored = match array.source() {
            DataSource::Block(block) => block.header().available,
            DataSource::Hdu(hdu) => hdu.stored_bytes(),
            DataSource::Inline(_) => 0,
        };
        if stored > at_most {
            return;
        }
        let Some(error) = array.vouch().err().filter(Error::is_checksum) else {
            return;
        };
        let detail = error.kind().to_string().into();
        let mut warning = Warning::new(WarningKind::Checksum { detail });
        warning.place = error.place().clone();
        self.warn(warning);
    }

    /// Adds what was found odd about an array to the file's warnings; again after reading it.
    pub fn note_warnings(&self, array: &ArrayRef<'_>) {
        array
            .warnings()
            .for_each(|warning| self.warn(warning.clone()));
    }

    fn locate<'f>(&'f self, node: Node<'f>, path: &TreePath, masks: usize) -> Result<ArrayRef<'f>> {
        if is_external(node) {
            return self.external_array(node, path, masks);
        }
        if is_tiled(node) {
            #[cfg(feature = "fits")]
            return self.tiled_array(node, path);
            #[cfg(not(feature = "fits"))]
            return Err(crate::error::Unsupported::NoFits.into());
        }
        if !is_ndarray(node) {
            return Err(Mismatch::NotArray {
                found: node.describe(),
            }
            .into());
        }
        let mask = self.mask(node, masks)?;
        let path = path.clone();
        let in_tree = node.as_map().is_none_or(|map| map.get("source").is_none());
        if in_tree {
            return ArrayRef::inline(node, mask, path, self.limits());
        }
        let spec = ArraySpec::parse(node)?;
        #[cfg(feature = "fits")]
        if let Source::Uri(uri) = &spec.source
            && uri.starts_with(super::hdu_link::SCHEME)
        {
            let uri = uri.clone();
            return self.hdu_array(node, path, spec, &uri, mask);
        }
        let block = match &spec.source {
            Source::Block(number) => self.block_by_source(*number)?,
            Source::Uri(uri) => self.external_block(node, uri)?,
            Source::Inline => return ArrayRef::inline(node, mask, path, self.limits()),
        };
        ArrayRef::new(spec, DataSource::Block(block), mask, path, self.limits())
    }

    /// The first block of the file that a URI names.
    fn external_block<'f>(&'f self, node: Node<'f>, uri: &str) -> Result<Block<'f>> {
        let name = uri.split('#').next().unwrap_or_default();
        let file = self.sibling(name)?;
        if std::ptr::eq(file, self) {
            let kind = WarningKind::ExternalSelf { uri: uri.into() };
            self.warn(Warning::new(kind).at(node.span()).at_path(node.path()));
        }
        file.block(0)
    }

    /// The block of that number of the file that a URI names.
    pub(crate) fn block_of(&self, uri: &str, number: i64) -> Result<Block<'_>> {
        let name = uri.split('#').next().unwrap_or_default();
        self.sibling(name)?.block_by_source(number)
    }

    fn mask<'f>(&'f self, node: Node<'f>, depth: usize) -> Result<Option<MaskSource<'f>>> {
        let Some(mask) = mask_node(node) else {
            return Ok(None);
        };
        let mask = match Reference::of(FileNode {
            file: self,
            node: mask,
        }) {
            Some(reference) => reference.resolve()?,
            None => FileNode {
                file: self,
                node: mask,
            },
        };
        if matches!(mask.node.value(), Value::Null) {
            return Ok(None);
        }
        if !is_ndarray(mask.node) {
            return Ok(Some(MaskSource::Value(mask.node)));
        }
        if depth == 0 || mask.node.id() == node.id() {
            return Err(Error::from(Malformed::MaskCycle)
                .at(mask.node.span())
                .at_path(|| mask.node.path()));
        }
        let located = mask
            .file
            .locate(mask.node, &mask.node.path(), depth.saturating_sub(1))
            .at_path(|| mask.node.path())?;
        Ok(Some(MaskSource::Array(Box::new(located))))
    }

    /// An array in another file: `fileuri` names the file, `target` the array in its tree (a JSON
    /// Pointer) or its block (a number). Source: `core/externalarray-1.0.0`.
    fn external_array<'f>(
        &'f self,
        node: Node<'f>,
        path: &TreePath,
        links: usize,
    ) -> Result<ArrayRef<'f>> {
        let links = links
            .checked_sub(1)
            .ok_or_else(|| Error::from(Malformed::ExternalCycle))?;
        let text = |key: &'static str| match node.get(key).map(Node::value) {
            Some(Value::Str(text)) => Ok(text),
            _ => Err(Error::from(Malformed::NdarrayKey { key })),
        };
        let uri = text("fileuri")?;
        let file = self.sibling(uri)?;
        #[cfg(feature = "fits")]
        if file.fits().is_some() && !std::ptr::eq(file, self) {
            let array = file.external_hdu(node, path)?;
            return Ok(array.named(path.clone(), uri));
        }
        match node.get("target").map(Node::value) {
            Some(Value::Str(target)) => {
                let target = file.node(target)?;
                let found = file
                    .locate(target, &target.path(), links)
                    .at_path(|| target.path())
                    .at(target.span())
                    .in_file(&file.name)?;
                Ok(found.named(path.clone(), uri))
            }
            Some(Value::Int(number)) => {
                let spec = ArraySpec::parse_external(node)?;
                let block = file.block_by_source(number)?;
                ArrayRef::new(
                    spec,
                    DataSource::Block(block),
                    None,
                    path.clone(),
                    self.limits(),
                )
            }
            _ => Err(Malformed::NdarrayKey { key: "target" }.into()),
        }
    }

    /// True for the data of an HDU that the tree beside it names.
    fn is_hdu_twin(&self, node: Node<'_>) -> bool {
        #[cfg(feature = "fits")]
        let twin = self.hdu_twins.contains(&node.id());
        #[cfg(not(feature = "fits"))]
        let twin = {
            let _ = (self, node);
            false
        };
        twin
    }

    /// Every array node with its path, in document order: shared ones at each of their paths, the data of HDUs that a tree
    /// names at those of the tree; not those inside of an ndarray node, such as masks.
    ///
    /// # Errors
    /// `expanded_nodes` of [`Limits`](crate::limits::Limits): shared nodes stand at too many places.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// for (path, _) in file.arrays()? {
    ///     let array = file.array(&path)?;
    ///     println!("{path} {} {:?}", array.datatype(), array.shape());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn arrays(&self) -> Result<Vec<(TreePath, Node<'_>)>> {
        let root = self.tree().root();
        let allowed = self.limits().expanded_nodes;
        if let Some(found) = self.tree().outermost(is_array)
            && found.len() as u64 <= allowed
        {
            let own = found.into_iter().filter(|node| !self.is_hdu_twin(*node));
            return Ok(own.map(|node| (node.path(), node)).collect());
        }
        // Branches without arrays are not entered: sharing may make them endless.
        let measure = Measure::new(root, |node| {
            if is_array(node) {
                (1, false)
            } else {
                (0, true)
            }
        });
        let needed = measure.of(root);
        if needed > allowed {
            let what = "number of arrays when shared nodes are expanded";
            let fact = LimitExceeded::new(what, Limit::ExpandedNodes, needed, allowed);
            return Err(Error::from(fact).in_file(&self.name));
        }
        let mut out = Vec::new();
        let mut walk = self.tree().walk(self.limits());
        while let Some(node) = walk.next() {
            let node = node.in_file(&self.name)?;
            if is_array(node) {
                if !self.is_hdu_twin(node) {
                    out.push((walk.path(), node));
                }
                walk.skip_children();
            } else if measure.of(node) == 0 {
                walk.skip_children();
            }
        }
        Ok(out)
    }
}
