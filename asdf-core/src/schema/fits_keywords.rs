//! Where the schemas of a mission put values and arrays of a tree in a FITS file: `fits_keyword` and `fits_hdu`, merged as
//! stdatamodels merges them (spec-notes F-115).

use super::SchemaLibrary;
use crate::error::Result;
use crate::tree::{Map, Node, Seq, Tree, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// Models and their schemas, made by `schemas/jwst_models.py`.
const MODELS: &str = include_str!("jwst_models.txt");
/// What the names of the schemas in that table are below.
const BASE: &str = "http://stsci.edu/schemas/jwst_datamodel/";
/// The model that all others extend.
const BASIC: &str = "JwstDataModel";
/// Schemas within schemas.
const DEPTH: usize = 64;
/// Nodes of all schemas together that are looked at.
const NODES: usize = 100_000;

/// The places of a tree that schemas give a card or an HDU.
#[derive(Debug, Default)]
pub struct FitsKeywords {
    root: SchemaPlace,
}

/// What the schemas say of one place of a tree, and of those below it.
#[derive(Debug, Default)]
pub(crate) struct SchemaPlace {
    pub(crate) title: Option<Box<str>>,
    description: Option<Box<str>>,
    /// The keyword of the card.
    pub(crate) keyword: Option<Box<str>>,
    /// The name of the HDU of the card, or of the array; none for the first HDU.
    pub(crate) hdu: Option<Box<str>>,
    has_elements: bool,
    /// By key, in the order of the schemas.
    pub(crate) children: Vec<(Box<str>, SchemaPlace)>,
    /// Of every item of a list.
    pub(crate) items: Option<Box<SchemaPlace>>,
}

impl FitsKeywords {
    /// The place of the root.
    pub(crate) fn root(&self) -> &SchemaPlace {
        &self.root
    }
}

impl SchemaPlace {
    /// The name of the HDU, when an array goes there.
    pub(crate) fn array_hdu(&self) -> Option<&str> {
        let is_array = self.has_elements && self.keyword.is_none();
        self.hdu.as_deref().filter(|_| is_array)
    }

    /// The comment of the card: the first line of the title, else of the description.
    pub(crate) fn comment(&self) -> &str {
        let text = self.title.as_deref().or(self.description.as_deref());
        text.unwrap_or_default().lines().next().unwrap_or_default()
    }

    /// Takes away what leads to no card and no HDU; true when nothing is left.
    fn prune(&mut self) -> bool {
        self.children.retain_mut(|(_, child)| !child.prune());
        if self.items.as_mut().is_some_and(|items| items.prune()) {
            self.items = None;
        }
        let leads = !self.children.is_empty() || self.items.is_some();
        !leads && self.keyword.is_none() && self.array_hdu().is_none()
    }

    fn child(&mut self, key: &str) -> Option<&mut Self> {
        if !self.children.iter().any(|(known, _)| **known == *key) {
            self.children.push((key.into(), Self::default()));
        }
        let mut children = self.children.iter_mut();
        children.find_map(|(known, child)| (**known == *key).then_some(child))
    }
}

impl SchemaLibrary {
    /// The keywords and HDUs that the schemas of a data model of JWST (`ImageModel`, what a tree has as `meta.model_type`) name.
    /// Of a model that is not known those that all models have. `None` when the library has no schema of it: the package
    /// stdatamodels was not added.
    ///
    /// # Errors
    /// The text of a schema cannot be read.
    pub fn fits_keywords(&self, model: &str) -> Result<Option<Arc<FitsKeywords>>> {
        let Some(schema) = schema_of_model(model).or_else(|| schema_of_model(BASIC)) else {
            return Ok(None);
        };
        let uri = format!("{BASE}{schema}");
        self.keywords_of(&uri, || {
            let mut merge = Merge {
                library: self,
                trees: HashMap::new(),
                left: NODES,
            };
            let Some(tree) = merge.tree(&uri)? else {
                return Ok(None);
            };
            let mut root = SchemaPlace::default();
            merge.add(&mut root, tree.root(), &uri, 0)?;
            root.prune();
            Ok(Some(Arc::new(FitsKeywords { root })))
        })
    }
}

/// The name of the schema of a data model.
fn schema_of_model(model: &str) -> Option<&'static str> {
    let lines = MODELS.lines().filter(|line| !line.starts_with('#'));
    let mut pairs = lines.filter_map(|line| line.split_once(' '));
    pairs.find_map(|(name, schema)| (name == model).then_some(schema))
}

/// Merges schemas into places.
struct Merge<'l> {
    library: &'l SchemaLibrary,
    trees: HashMap<String, Option<Arc<Tree>>>,
    left: usize,
}

impl Merge<'_> {
    fn tree(&mut self, uri: &str) -> Result<Option<Arc<Tree>>> {
        if let Some(known) = self.trees.get(uri) {
            return Ok(known.clone());
        }
        let tree = self.library.schema_tree(uri)?.map(Arc::new);
        self.trees.insert(uri.to_owned(), tree.clone());
        Ok(tree)
    }

    /// Adds what a schema, which stands in the document `base`, says of a place. Schemas that refer to themselves end at some
    /// depth.
    fn add(
        &mut self,
        place: &mut SchemaPlace,
        schema: Node<'_>,
        base: &str,
        depth: usize,
    ) -> Result<()> {
        let Some(left) = self.left.checked_sub(1).filter(|_| depth < DEPTH) else {
            return Ok(());
        };
        self.left = left;
        if let Some(Value::Str(reference)) = schema.get("$ref").map(Node::value) {
            return self.add_reference(place, reference, base, depth);
        }
        let text = |key: &str| match schema.get(key).map(Node::value) {
            Some(Value::Str(text)) => Some(Box::<str>::from(text)),
            _ => None,
        };
        // What is said again counts.
        if let Some(title) = text("title") {
            place.title = Some(title);
        }
        if let Some(description) = text("description") {
            place.description = Some(description);
        }
        if let Some(keyword) = text("fits_keyword") {
            place.keyword = Some(keyword.to_ascii_uppercase().into());
        }
        if let Some(hdu) = text("fits_hdu") {
            place.hdu = Some(hdu).filter(|hdu| **hdu != *"PRIMARY");
        }
        let says = |key: &str| schema.get(key).is_some();
        place.has_elements |= ["datatype", "ndim", "max_ndim"].into_iter().any(says);
        let all = schema.get("allOf").and_then(Node::as_seq);
        for part in all.into_iter().flat_map(Seq::iter) {
            self.add(place, part, base, depth.saturating_add(1))?;
        }
        let kind = text("type");
        match kind.as_deref() {
            Some("object") => {
                let properties = schema.get("properties").and_then(Node::as_map);
                for (key, value) in properties.into_iter().flat_map(Map::iter) {
                    if let Some(child) = place.child(&key.key_text()) {
                        self.add(child, value, base, depth.saturating_add(1))?;
                    }
                }
            }
            Some("array") => {
                // A list of schemas, one an item, names no cards.
                if let Some(items) = schema.get("items").filter(|items| items.as_map().is_some()) {
                    let child = place.items.get_or_insert_default();
                    self.add(child, items, base, depth.saturating_add(1))?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn add_reference(
        &mut self,
        place: &mut SchemaPlace,
        reference: &str,
        base: &str,
        depth: usize,
    ) -> Result<()> {
        let (document, part) = reference.split_once('#').unwrap_or((reference, ""));
        let uri = match document {
            "" => base.to_owned(),
            document if document.contains("://") => document.to_owned(),
            document => {
                let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
                format!("{folder}/{document}")
            }
        };
        let Some(tree) = self.tree(&uri)? else {
            return Ok(());
        };
        let mut steps = part.split('/').filter(|step| !step.is_empty());
        match steps.try_fold(tree.root(), Node::get) {
            Some(node) => self.add(place, node, &uri, depth.saturating_add(1)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORE: &str = "
id: http://stsci.edu/schemas/jwst_datamodel/core.schema
type: object
properties:
  meta:
    type: object
    properties:
      filename: {title: Name of the file, type: string, fits_keyword: FILENAME}
      target: {$ref: '#/definitions/target'}
      notes: {type: string}
definitions:
  target:
    title: Target
    type: object
    properties:
      ra: {description: \"[deg] position\", type: number, fits_keyword: crval1, fits_hdu: SCI}
";
    const SLITS: &str = "
id: http://stsci.edu/schemas/jwst_datamodel/multislit.schema
allOf:
- $ref: core.schema
- type: object
  properties:
    slits:
      type: array
      items:
        allOf:
        - $ref: core.schema
        - type: object
          properties:
            name: {type: string, fits_keyword: SLTNAME, fits_hdu: SCI}
            data: {fits_hdu: SCI, datatype: float32}
    meta:
      type: object
      properties:
        filename: {title: Name of the product, fits_hdu: PRIMARY}
";

    fn shown(place: &SchemaPlace, path: &str, out: &mut Vec<String>) {
        let hdu = place.hdu.as_deref().unwrap_or("-");
        if let Some(keyword) = &place.keyword {
            out.push(format!("{path} {hdu} {keyword} / {}", place.comment()));
        }
        if let Some(hdu) = place.array_hdu() {
            out.push(format!("{path} {hdu}"));
        }
        for (key, child) in &place.children {
            shown(child, &format!("{path}.{key}"), out);
        }
        if let Some(items) = &place.items {
            shown(items, &format!("{path}[]"), out);
        }
    }

    #[test]
    fn schemas_of_a_model_are_merged_and_the_later_counts() {
        let mut library = SchemaLibrary::new();
        assert!(library.fits_keywords("ImageModel").unwrap().is_none());
        library.add_texts("made", [CORE, SLITS]).unwrap();
        let keywords = library.fits_keywords("MultiSlitModel").unwrap().unwrap();
        let mut found = Vec::new();
        shown(keywords.root(), "", &mut found);
        assert_eq!(
            found,
            [
                ".meta.filename - FILENAME / Name of the product",
                ".meta.target.ra SCI CRVAL1 / [deg] position",
                ".slits[].meta.filename - FILENAME / Name of the file",
                ".slits[].meta.target.ra SCI CRVAL1 / [deg] position",
                ".slits[].name SCI SLTNAME / ",
                ".slits[].data SCI",
            ]
        );
        // A model of a newer package has at least what all have.
        let keywords = library.fits_keywords("NewModel").unwrap().unwrap();
        assert_eq!(keywords.root().children.len(), 1);
    }

    #[test]
    fn a_schema_that_refers_to_itself_ends() {
        let text = "
id: http://stsci.edu/schemas/jwst_datamodel/core.schema
type: object
properties:
  a: {$ref: core.schema}
  b: {$ref: core.schema}
  c: {type: string, fits_keyword: C}
";
        let mut library = SchemaLibrary::new();
        library.add_texts("made", [text]).unwrap();
        assert!(library.fits_keywords("JwstDataModel").unwrap().is_some());
    }
}
