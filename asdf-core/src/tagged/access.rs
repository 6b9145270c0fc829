//! Tagged values of files and drafts.

use super::Tagged;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Mismatch;
use crate::error::Result;
use crate::file::{AsdfFile, Draft, FileNode};
use crate::tree::{IntoTreePath, NewNode};

impl AsdfFile {
    /// The node at a path as a type that stands for its tag.
    ///
    /// # Errors
    /// There is no such node, its tag is another one ([`Mismatch::Tag`]), or it is not what its tag says.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/writer_astropy.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::tagged::{Quantity, Time};
    ///
    /// let file = AsdfFile::open(path)?;
    /// let spectrum: Quantity<'_> = file.tagged("qs")?;
    /// assert_eq!(spectrum.unit.as_str(), "Jy");
    /// assert_eq!(spectrum.values.numbers()?, [0.0, 1.0, 2.0]);
    /// assert!(file.tagged::<Time<'_>>("qs").unwrap_err().is_mismatch());
    /// # Ok(())
    /// # }
    /// ```
    pub fn tagged<'f, T: Tagged<'f>>(&'f self, path: impl IntoTreePath) -> Result<T> {
        let node = self.node(path)?;
        FileNode { file: self, node }.tagged()
    }
}

impl<'f> FileNode<'f> {
    /// The node, or what it refers to, as a type that stands for its tag.
    ///
    /// # Errors
    /// As [`AsdfFile::tagged`]; a reference leads nowhere.
    pub fn tagged<T: Tagged<'f>>(self) -> Result<T> {
        let at = self.resolve()?;
        let place = |error: Error| {
            let error = error.at_path(|| at.node.path()).at(at.node.span());
            error.in_file(at.file.name())
        };
        if !at.is_tagged::<T>() {
            let found = at
                .node
                .tag()
                .map_or("a node without a tag", |tag| tag.as_str());
            let fact = Mismatch::Tag {
                found: found.escape_debug().to_string().into(),
                expected: T::TAG,
            };
            return Err(place(fact.into()));
        }
        T::from_node(at).map_err(place)
    }

    /// Whether the node has a tag that the type stands for.
    pub fn is_tagged<T: Tagged<'f>>(self) -> bool {
        self.node.tag().is_some_and(T::is_tag)
    }

    /// What stands under a key of a mapping, at the end of its references.
    pub(crate) fn under(self, key: &str) -> Result<Option<Self>> {
        let node = self.node.get(key);
        let child = node.map(|node| Self { node, ..self });
        child.map(Self::resolve).transpose()
    }

    /// The same of a key that must be there.
    pub(super) fn needed(self, key: &'static str) -> Result<Self> {
        self.under(key)?.ok_or_else(|| self.is_not(key))
    }

    /// The error that a node is not what was expected.
    pub(super) fn is_not(self, expected: &str) -> Error {
        let detail = format!("expected {expected}, found {}", self.node.describe());
        let error = Error::from(Mismatch::Value {
            detail: detail.into(),
        });
        error
            .at_path(|| self.node.path())
            .at(self.node.span())
            .in_file(self.file.name())
    }
}

impl<'f> Draft<'f> {
    /// A node for a value, with its tag, to be put anywhere in the tree.
    ///
    /// # Errors
    /// The value has no node; the draft's version of the standard does not have its tag.
    pub fn tagged(&mut self, value: &impl Tagged<'f>) -> Result<NewNode> {
        make(self, value)
    }

    /// Puts a value at a path, with its tag; mappings that are missing on the way are made.
    ///
    /// # Errors
    /// As [`tagged`](Self::tagged) and [`set`](Self::set).
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let out = folder.path().join("out.asdf");
    /// use asdf_core::tagged::{Column, Quantity, SkyCoord, Table, Time};
    /// use asdf_core::array::NewArray;
    /// use asdf_core::file::Storage;
    /// use asdf_core::{AsdfFile, Draft, WriteOptions};
    ///
    /// let flux = [3.5, 4.0];
    /// let mut draft = Draft::new();
    /// draft.set_tagged("meta/exposure_time", &Quantity::new(107.5, "s"))?;
    /// draft.set_tagged("meta/start", &Time::new("2027-03-14T15:09:26.535"))?;
    /// draft.set_tagged("meta/target", &SkyCoord::of_degrees("icrs", 10.68, 41.27))?;
    /// let array = draft.new_array(NewArray::from_slice(&flux, &[2])?, &Storage::internal())?;
    /// let columns = vec![Column::new("flux", array).in_unit("nJy")];
    /// draft.set_tagged("catalogue", &Table::new(columns))?;
    /// draft.save(&out, &WriteOptions::default())?;
    ///
    /// let file = AsdfFile::open(&out)?;
    /// let catalogue: Table<'_> = file.tagged("catalogue")?;
    /// let column = catalogue.column("flux").expect("a column");
    /// assert_eq!(column.array()?.load()?.to_f64()?, flux);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_tagged(
        &mut self,
        path: impl IntoTreePath,
        value: &impl Tagged<'f>,
    ) -> Result<&mut Self> {
        let node = self.tagged(value)?;
        self.tree().set(path, node)?;
        Ok(self)
    }
}

fn make<'f, T: Tagged<'f>>(draft: &mut Draft<'f>, value: &T) -> Result<NewNode> {
    let node = value.to_node(draft)?;
    if draft.nodes().tag(node).is_none() {
        let tag = draft.tag_in_standard(T::TAG)?;
        draft.nodes().set_tag(node, &tag);
    }
    Ok(node)
}
