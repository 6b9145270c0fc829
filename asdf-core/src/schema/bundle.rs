//! The published schemas as `schemas/` states them: one text a schema, with the versions that share
//! each form of it (the format is described in `schemas/README.md`).

use super::document;
use super::document::NODES;
use super::manifest::Manifest;
use super::manifest::TagDefinition;
use super::standard::Standards;
use crate::tree::Map;
use crate::tree::Node;
use serde_json::Value as Json;

// Tables of URI without version and text, sorted: `SCHEMAS` and `MANIFESTS`.
include!(concat!(env!("OUT_DIR"), "/bundled.rs"));

/// The metaschema that most schemas name.
const METASCHEMA: &str = "http://stsci.edu/schemas/yaml-schema/draft-01";

/// A published schema by its URI; `None` when it is not among them.
pub(super) fn schema(uri: &str) -> Option<Json> {
    let (base, version) = split(uri);
    let found = SCHEMAS.binary_search_by_key(&base, |entry| entry.0).ok()?;
    let tree = document::parse(SCHEMAS.get(found)?.1).ok()?;
    let root = tree.root();
    let (row, variant) = root.get("variants")?.as_seq()?.iter().find_map(|variant| {
        let row = variant.get("versions")?.get(version)?;
        Some((row, variant))
    })?;
    let fill = |text: &str| fill(text, row);
    let body = document::to_json(variant.get("schema")?, &mut NODES.clone(), &fill);
    let mut schema = serde_json::Map::new();
    let metaschema = variant.get("metaschema").or_else(|| root.get("metaschema"));
    let metaschema = metaschema.and_then(Node::text);
    if metaschema != Some("none") {
        schema.insert("$schema".into(), metaschema.unwrap_or(METASCHEMA).into());
    }
    schema.insert("id".into(), uri.into());
    for key in ["title", "description"] {
        if let Some(text) = root.get(key).and_then(Node::text) {
            schema.insert(key.into(), text.into());
        }
    }
    if let Json::Object(body) = body {
        schema.extend(body);
    }
    Some(schema.into())
}

/// The URIs of all published schemas.
pub(super) fn schema_uris() -> Vec<String> {
    let mut uris = Vec::new();
    for (base, text) in SCHEMAS {
        let Ok(tree) = document::parse(text) else {
            continue;
        };
        let variants = tree.root().get("variants").and_then(Node::as_seq);
        for variant in variants.iter().flat_map(|variants| variants.iter()) {
            let versions = variant.get("versions").and_then(Node::as_map);
            for (version, _) in versions.iter().flat_map(|versions| versions.iter()) {
                uris.push(match version.text() {
                    Some("none") | None => (*base).to_owned(),
                    Some(version) => format!("{base}-{version}"),
                });
            }
        }
    }
    uris.sort();
    uris
}

/// A URI without its version, and the version (`none` when it has none).
fn split(uri: &str) -> (&str, &str) {
    match uri.rsplit_once('-') {
        Some((base, version)) if version.contains('.') => (base, version),
        _ => (uri, "none"),
    }
}

/// Replaces `{name}` by what the version's row has under `name`.
fn fill(text: &str, row: Node<'_>) -> String {
    let (Some(row), true) = (row.as_map(), text.contains('{')) else {
        return text.to_owned();
    };
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let value = after
            .split_once('}')
            .and_then(|(name, after)| Some((row.get(name)?.text()?, after)));
        if let Some((value, after)) = value {
            filled.push_str(value);
            rest = after;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

/// All published manifests, newest first within a family.
pub(super) fn manifests() -> Vec<Manifest> {
    let mut manifests = Vec::new();
    for (base, text) in MANIFESTS {
        let Ok(tree) = document::parse(text) else {
            continue;
        };
        let root = tree.root();
        let versions = root.get("versions").and_then(Node::as_map);
        let rows: Vec<_> = versions.iter().flat_map(|map| map.iter()).collect();
        for (version, row) in rows.into_iter().rev() {
            if let Some(version) = version.text() {
                manifests.push(manifest(base, version, row, root));
            }
        }
    }
    manifests
}

fn manifest(base: &str, version: &str, row: Node<'_>, root: Node<'_>) -> Manifest {
    let requirement = row.get("standard").map(document::json);
    let extension = root.get("extension").and_then(Node::text).unwrap_or(base);
    let tags = root.get("tags").and_then(Node::as_map);
    Manifest {
        uri: format!("{base}-{version}").into(),
        extension: format!("{extension}-{version}").into(),
        title: root.get("title").and_then(Node::text).map(Into::into),
        standards: requirement
            .as_ref()
            .map(Standards::parse)
            .unwrap_or_default(),
        requirement,
        tags: tags
            .map(|tags| definitions(tags, version))
            .unwrap_or_default(),
    }
}

fn definitions(tags: Map<'_>, version: &str) -> Vec<TagDefinition> {
    let mut definitions = Vec::new();
    for (tag, entry) in tags {
        let numbers = entry
            .get("versions")
            .and_then(|versions| versions.get(version));
        let (Some(tag), Some(numbers)) = (tag.text(), numbers) else {
            continue;
        };
        let schema = entry.get("schema").and_then(Node::text);
        let mut define = |number: &str| {
            // `1.1.0 as 1.0.0`: the schema has a version of its own.
            let (number, schema_number) = number.split_once(" as ").unwrap_or((number, number));
            definitions.push(TagDefinition {
                tag: format!("{tag}-{number}").into(),
                schemas: schema
                    .map(|schema| format!("{schema}-{schema_number}").into())
                    .into_iter()
                    .collect(),
            });
        };
        match numbers.as_seq() {
            Some(numbers) => numbers.iter().filter_map(Node::text).for_each(define),
            None => numbers.text().into_iter().for_each(&mut define),
        }
    }
    definitions
}
