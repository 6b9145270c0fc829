//! Extension manifests: which tags there are and by which schemas their nodes are checked
//! (`asdf://asdf-format.org/core/schemas/extension_manifest-1.0.0`).

use super::standard::Standards;
use serde_json::Value as Json;
use serde_json::json;

/// An extension manifest.
#[derive(Debug, Clone)]
pub(super) struct Manifest {
    pub(super) uri: Box<str>,
    pub(super) extension: Box<str>,
    pub(super) title: Option<Box<str>>,
    /// As written, for `asdf schema show`.
    pub(super) requirement: Option<Json>,
    pub(super) standards: Standards,
    pub(super) tags: Vec<TagDefinition>,
}

/// A tag and the schemas that its nodes must meet, all of them.
#[derive(Debug, Clone)]
pub(super) struct TagDefinition {
    pub(super) tag: Box<str>,
    pub(super) schemas: Vec<Box<str>>,
}

impl Manifest {
    /// Reads a manifest; `None` when the document is not one.
    pub(super) fn read(root: &Json) -> Option<Self> {
        let text = |key: &str| root.get(key)?.as_str().map(Into::into);
        let tags = root.get("tags")?.as_array()?;
        let requirement = root.get("asdf_standard_requirement");
        Some(Self {
            uri: text("id")?,
            extension: text("extension_uri")?,
            title: text("title"),
            requirement: requirement.cloned(),
            standards: requirement.map(Standards::parse).unwrap_or_default(),
            tags: tags.iter().filter_map(read_tag).collect(),
        })
    }

    /// The manifest as JSON, without prose but for its title.
    pub(super) fn to_json(&self) -> Json {
        let tags = self.tags.iter().map(|tag| match tag.schemas.as_slice() {
            [] => json!({ "tag_uri": tag.tag }),
            [schema] => json!({ "tag_uri": tag.tag, "schema_uri": schema }),
            schemas => json!({ "tag_uri": tag.tag, "schema_uri": schemas }),
        });
        let mut document = serde_json::Map::new();
        document.insert("id".to_owned(), json!(self.uri));
        document.insert("extension_uri".to_owned(), json!(self.extension));
        if let Some(title) = &self.title {
            document.insert("title".to_owned(), json!(title));
        }
        if let Some(requirement) = &self.requirement {
            document.insert("asdf_standard_requirement".to_owned(), requirement.clone());
        }
        document.insert("tags".to_owned(), tags.collect());
        document.into()
    }
}

/// A tag may stand as its URI alone, or with one schema or several.
fn read_tag(entry: &Json) -> Option<TagDefinition> {
    if let Some(tag) = entry.as_str() {
        return Some(TagDefinition {
            tag: tag.into(),
            schemas: Vec::new(),
        });
    }
    let schemas = match entry.get("schema_uri") {
        Some(Json::Array(list)) => list
            .iter()
            .filter_map(Json::as_str)
            .map(Into::into)
            .collect(),
        Some(schema) => schema.as_str().map(Into::into).into_iter().collect(),
        None => Vec::new(),
    };
    Some(TagDefinition {
        tag: entry.get("tag_uri")?.as_str()?.into(),
        schemas,
    })
}
