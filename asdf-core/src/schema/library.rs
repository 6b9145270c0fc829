//! Every schema that is known: the published ones, which are built in, and those of packages that the
//! user has added.

use super::bundle;
use super::document;
#[cfg(feature = "fits")]
use super::fits_keywords::FitsKeywords;
use super::manifest::Manifest;
use super::package::SchemaPackage;
use crate::error::Result;
#[cfg(feature = "fits")]
use crate::tree::Tree;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

/// Schemas by URI, and the tags that name them.
#[derive(Debug)]
pub struct SchemaLibrary {
    packages: Vec<SchemaPackage>,
    manifests: Vec<Manifest>,
    /// For each tag where it is defined: numbers of manifest and definition.
    tags: HashMap<Box<str>, Vec<(usize, usize)>>,
    documents: Mutex<HashMap<Box<str>, Option<Arc<Json>>>>,
    /// By the schema of the model.
    #[cfg(feature = "fits")]
    keywords: Mutex<HashMap<Box<str>, Option<Arc<FitsKeywords>>>>,
}

/// What a manifest, a schema or a tag of the library is, for lists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SchemaEntry {
    /// `schema`, `manifest` or `tag`.
    pub kind: &'static str,
    /// The URI.
    pub uri: String,
    /// Where it comes from: `built in`, or the name of a package.
    pub package: String,
}

impl Default for SchemaLibrary {
    fn default() -> Self {
        Self::new()
    }
}

impl SchemaLibrary {
    /// The published schemas: those of the standard, transforms, coordinates, WCS and astropy.
    pub fn new() -> Self {
        let mut library = Self {
            packages: Vec::new(),
            manifests: Vec::new(),
            tags: HashMap::new(),
            documents: Mutex::default(),
            #[cfg(feature = "fits")]
            keywords: Mutex::default(),
        };
        for manifest in bundle::manifests() {
            library.index(manifest);
        }
        library
    }

    fn index(&mut self, manifest: Manifest) {
        let number = self.manifests.len();
        for (place, definition) in manifest.tags.iter().enumerate() {
            let places = self.tags.entry(definition.tag.clone()).or_default();
            places.push((number, place));
        }
        self.manifests.push(manifest);
    }

    /// Adds the schemas and manifests of a folder, a Python wheel, or what `asdf schema add` stored.
    ///
    /// # Errors
    /// As [`SchemaPackage::read`].
    pub fn add(&mut self, path: &Path) -> Result<()> {
        self.add_package(SchemaPackage::read(path)?);
        Ok(())
    }

    /// Adds schemas and manifests from their texts, with nothing on disk.
    ///
    /// # Errors
    /// As [`SchemaPackage::from_texts`].
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let out = folder.path().join("out.asdf");
    /// use asdf_core::schema::{SchemaLibrary, Validator};
    /// use asdf_core::{AsdfFile, Draft, WriteOptions};
    /// use std::sync::Arc;
    ///
    /// const SCHEMA: &str = "
    /// id: asdf://example.org/schemas/dither-1.0.0
    /// type: object
    /// properties: {steps: {type: integer, minimum: 1}}
    /// required: [steps]
    /// ";
    /// const MANIFEST: &str = "
    /// id: asdf://example.org/manifests/example-1.0.0
    /// extension_uri: asdf://example.org/extensions/example-1.0.0
    /// tags:
    /// - {tag_uri: 'asdf://example.org/tags/dither-1.0.0', schema_uri: 'asdf://example.org/schemas/dither-1.0.0'}
    /// ";
    /// let mut library = SchemaLibrary::new();
    /// library.add_texts("example", [SCHEMA, MANIFEST])?;
    /// let validator = Validator::new(Arc::new(library));
    ///
    /// let mut draft = Draft::new();
    /// draft.set("dither/steps", 0)?;
    /// draft.tree().set_tag("dither", Some("asdf://example.org/tags/dither-1.0.0"))?;
    /// draft.save(&out, &WriteOptions::default())?;
    ///
    /// let outcome = AsdfFile::open(&out)?.validate(&validator);
    /// assert_eq!(outcome.violations.len(), 1); // 0 is less than 1
    /// assert!(outcome.unknown_tags.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_texts<'t>(
        &mut self,
        name: &str,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Result<()> {
        self.add_package(SchemaPackage::from_texts(name, texts)?);
        Ok(())
    }

    fn add_package(&mut self, mut package: SchemaPackage) {
        for manifest in package.take_manifests() {
            // A package that restates a published manifest changes nothing.
            if !self.manifests.iter().any(|known| known.uri == manifest.uri) {
                self.index(manifest);
            }
        }
        self.packages.push(package);
        self.documents
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        #[cfg(feature = "fits")]
        self.keywords
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// The keywords of the schema of a model: what `make` finds when they are first asked for.
    #[cfg(feature = "fits")]
    pub(super) fn keywords_of(
        &self,
        uri: &str,
        make: impl FnOnce() -> Result<Option<Arc<FitsKeywords>>>,
    ) -> Result<Option<Arc<FitsKeywords>>> {
        let mut known = self.keywords.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(uri) {
            return Ok(known.clone());
        }
        let found = make()?;
        known.insert(uri.into(), found.clone());
        Ok(found)
    }

    /// A schema of an added package as it is written, with its keys in their order.
    #[cfg(feature = "fits")]
    pub(super) fn schema_tree(&self, uri: &str) -> Result<Option<Tree>> {
        for package in &self.packages {
            if let Some(text) = package.text(uri)? {
                return document::parse(&text).map(Some);
            }
        }
        Ok(None)
    }

    /// True when a manifest for any version of the standard defines the tag.
    pub fn knows_tag(&self, tag: &str) -> bool {
        self.tags.contains_key(tag)
    }

    /// The schemas of a tag in files of a version of the standard (`1.6.0`); `None` when no manifest
    /// for this version defines the tag.
    pub fn schemas_of_tag(&self, tag: &str, standard: &str) -> Option<&[Box<str>]> {
        self.tags.get(tag)?.iter().find_map(|(manifest, place)| {
            let manifest = self.manifests.get(*manifest)?;
            let included = manifest.standards.include(standard);
            included.then_some(manifest.tags.get(*place)?.schemas.as_slice())
        })
    }

    /// The schema of a tag for the newest standard that has it.
    pub fn schema_of_tag(&self, tag: &str) -> Option<&str> {
        let (manifest, place) = *self.tags.get(tag)?.first()?;
        let definition = self.manifests.get(manifest)?.tags.get(place)?;
        definition.schemas.first().map(|schema| &**schema)
    }

    /// A schema or manifest by its URI, as JSON; an error when a package's text of it cannot be read.
    ///
    /// # Errors
    /// The text of an added package cannot be read.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// use asdf_core::schema::SchemaLibrary;
    ///
    /// let library = SchemaLibrary::new();
    /// let schema = library.document("http://stsci.edu/schemas/asdf/core/ndarray-1.1.0")?;
    /// assert!(schema.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn document(&self, uri: &str) -> Result<Option<Arc<Json>>> {
        let mut documents = self
            .documents
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = documents.get(uri) {
            return Ok(known.clone());
        }
        let document = self.read(uri)?.map(Arc::new);
        documents.insert(uri.into(), document.clone());
        Ok(document)
    }

    /// What is built in comes first: packages bring custom schemas under the URI of a published one.
    fn read(&self, uri: &str) -> Result<Option<Json>> {
        if let Some(schema) = bundle::schema(uri) {
            return Ok(Some(schema));
        }
        for package in &self.packages {
            if let Some(text) = package.text(uri)? {
                let tree = document::parse(&text)?;
                return Ok(Some(document::json(tree.root())));
            }
        }
        let manifest = self.manifests.iter().find(|manifest| &*manifest.uri == uri);
        Ok(manifest.map(Manifest::to_json))
    }

    /// Everything in the library, sorted by kind and URI.
    pub fn entries(&self) -> Vec<SchemaEntry> {
        let entry = |kind, uri: &str, package: &str| SchemaEntry {
            kind,
            uri: uri.to_owned(),
            package: package.to_owned(),
        };
        let mut entries = BTreeSet::new();
        let mut seen: BTreeSet<String> = bundle::schema_uris().into_iter().collect();
        for uri in &seen {
            entries.insert(entry("schema", uri, "built in"));
        }
        for manifest in &self.manifests {
            let owner = self
                .packages
                .iter()
                .find(|package| package.has(&manifest.uri))
                .map_or_else(|| "built in".to_owned(), SchemaPackage::label);
            seen.insert((*manifest.uri).to_owned());
            entries.insert(entry("manifest", &manifest.uri, &owner));
            for tag in &manifest.tags {
                entries.insert(entry("tag", &tag.tag, &owner));
            }
        }
        for package in &self.packages {
            for uri in package.uris() {
                if seen.insert(uri.to_owned()) {
                    entries.insert(entry("schema", uri, &package.label()));
                }
            }
        }
        entries.into_iter().collect()
    }
}
