//! The arrays of a file as Zarr finds them without a copy: metadata, and for each chunk the bytes of the file that it is (kerchunk's
//! references, version 1).

mod metadata;
mod storage;

use crate::array::{ArrayRef, DataSource};
use crate::error::Result;
use crate::file::AsdfFile;
use crate::tree::{PathStep, TreePath};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use metadata::Metadata;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use storage::Storage;

/// Which Zarr the metadata are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ZarrFormat {
    /// Version 2, which every library reads.
    #[default]
    V2,
    /// Version 3.
    V3,
}

/// The arrays of a file as Zarr finds them: keys of a store, relative to the group that the file is.
#[derive(Debug, Clone)]
pub struct ZarrReferences {
    /// Metadata as text, chunks as `[URL, offset, length]`, or as base64 where the elements stand in the tree.
    pub entries: BTreeMap<String, Value>,
    /// Arrays that cannot be had so, and why.
    pub left_out: Vec<(TreePath, Box<str>)>,
}

impl ZarrReferences {
    /// The references of all arrays of a file whose bytes are found under `url`. Nothing is decoded but elements in the tree.
    ///
    /// # Errors
    /// The file cannot be read. An array that cannot be located is one that is left out.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::convert::{ZarrFormat, ZarrReferences};
    ///
    /// let file = AsdfFile::open(path)?;
    /// let found = ZarrReferences::of(&file, "s3://bucket/exposure.asdf", ZarrFormat::V2)?;
    /// assert!(found.entries.contains_key("roman/data/.zarray"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn of(file: &AsdfFile, url: &str, format: ZarrFormat) -> Result<Self> {
        let mut out = Self {
            entries: BTreeMap::new(),
            left_out: Vec::new(),
        };
        let mut groups = BTreeSet::from([String::new()]);
        for (path, node) in file.arrays()? {
            let array = file.array_as(node, &path);
            let added = match &array {
                Ok(array) => out.add(file, array, &path, url, format),
                Err(error) => Err(error.to_string().into()),
            };
            match added {
                Ok(name) => {
                    let parents = name.match_indices('/');
                    groups.extend(parents.filter_map(|(at, _)| Some(name.get(..at)?.to_owned())));
                }
                Err(reason) => out.left_out.push((path, reason)),
            }
        }
        for group in groups {
            let (key, document) = metadata::group(&group, format);
            out.entries.insert(key, document);
        }
        Ok(out)
    }

    /// The document of a group of several files, and its key.
    pub fn group(format: ZarrFormat) -> (String, Value) {
        metadata::group("", format)
    }

    /// Adds an array; gives its name in the group.
    ///
    /// # Errors
    /// Why it is left out.
    fn add(
        &mut self,
        file: &AsdfFile,
        array: &ArrayRef<'_>,
        path: &TreePath,
        url: &str,
        format: ZarrFormat,
    ) -> Reason<String> {
        let name = name(path)?;
        if array.is_masked() {
            return Err("it has a mask, which Zarr has no place for".into());
        }
        let storage = match array.source() {
            DataSource::Inline(_) => None,
            _ => Some(Storage::of(file, array)?),
        };
        let metadata = Metadata::new(array, storage.as_ref(), format)?;
        let prefix = metadata.add_to(&mut self.entries, &name);
        if array.is_empty() {
            return Ok(name);
        }
        let Some(storage) = storage else {
            let data = array.load().map_err(|error| error.to_string())?;
            let text = BASE64_STANDARD.encode(data.to_le_bytes());
            let key = metadata.chunk_key(&prefix, 0);
            self.entries.insert(key, json!(format!("base64:{text}")));
            return Ok(name);
        };
        for (number, (offset, length)) in storage.chunks.iter().enumerate() {
            let key = metadata.chunk_key(&prefix, number);
            self.entries.insert(key, json!([url, offset, length]));
        }
        Ok(name)
    }
}

/// What came of it, or why it cannot be.
type Reason<T> = std::result::Result<T, Box<str>>;

/// The path as the name of a Zarr array: its steps between `/`.
fn name(path: &TreePath) -> Reason<String> {
    let mut steps = Vec::new();
    for step in path.steps() {
        let text = match step {
            PathStep::Key(key) => key.to_string(),
            PathStep::Index(index) => index.to_string(),
        };
        let is_plain = !text.is_empty() && !text.starts_with(['.', '_']) && !text.contains('/');
        if !is_plain || text == "zarr.json" {
            return Err("its path is not a name in Zarr".into());
        }
        steps.push(text);
    }
    Ok(if steps.is_empty() {
        "root".to_owned()
    } else {
        steps.join("/")
    })
}

/// Names of the axes: arrays whose axes have the same lengths share them, as xarray wants it.
fn dimensions(shape: &[u64]) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut out = Vec::with_capacity(shape.len());
    for length in shape {
        let mut name = format!("n{length}");
        let mut number = 2_u64;
        while !taken.insert(name.clone()) {
            name = format!("n{length}_{number}");
            number = number.saturating_add(1);
        }
        out.push(name);
    }
    out
}
