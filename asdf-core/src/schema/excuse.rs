//! What a schema finds wrong and the reference lets pass, so that both give the same verdict.

use super::library::SchemaLibrary;
use crate::tree::Node;
use crate::tree::NodeKind;
use crate::tree::Value;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::paths::LocationSegment;
use serde_json::Value as Json;

/// Tells which errors do not count.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReferenceLeniency<'l> {
    library: &'l SchemaLibrary,
    /// Whether a missing key counts as its default: writers of old files left defaults out.
    defaults: bool,
}

impl<'l> ReferenceLeniency<'l> {
    /// The excuses for files of a version of the standard.
    pub(super) fn new(library: &'l SchemaLibrary, standard: &str) -> Self {
        let mut parts = standard
            .split('.')
            .map(|part| part.parse().unwrap_or(0_u64));
        let mut next = || parts.next().unwrap_or(0);
        Self {
            library,
            defaults: (next(), next(), next()) <= (1, 5, 0),
        }
    }

    /// True when an error about a node below `base` does not count.
    pub(super) fn excuse(&self, base: Node<'_>, error: &ValidationError<'_>) -> bool {
        if passes_reference(base, error) {
            return true;
        }
        let excused =
            |branch: &Vec<ValidationError<'_>>| branch.iter().all(|error| self.excuse(base, error));
        match error.kind() {
            Kind::AnyOf { context } => context.iter().any(excused),
            Kind::OneOfNotValid { context } => {
                context.iter().filter(|branch| excused(branch)).count() == 1
            }
            Kind::Required { property } => {
                self.defaults
                    && property
                        .as_str()
                        .is_some_and(|key| self.has_default(error, key))
            }
            _ => false,
        }
    }

    /// True when the schema that wants the key has a default for it.
    fn has_default(&self, error: &ValidationError<'_>, key: &str) -> bool {
        let Some(place) = error.absolute_keyword_location() else {
            return false;
        };
        let (uri, pointer) = place
            .as_str()
            .split_once('#')
            .unwrap_or((place.as_str(), ""));
        let Some(pointer) = pointer.strip_suffix("/required") else {
            return false;
        };
        let Ok(Some(document)) = self.library.document(uri) else {
            return false;
        };
        let subschema = document.pointer(pointer);
        let property = subschema.and_then(|schema| schema.get("properties")?.get(key));
        property.is_some_and(
            |property| matches!(property, Json::Object(keys) if keys.contains_key("default")),
        )
    }
}

/// A mapping with `$ref` stands for something that is elsewhere; the reference takes it for valid.
pub(super) fn is_reference(node: Node<'_>) -> bool {
    // Most nodes are scalars, which this need not read.
    node.kind() == NodeKind::Map
        && matches!(node.value(), Value::Map(map) if map.get("$ref").is_some())
}

/// True when the error is about a reference or something in one.
fn passes_reference(base: Node<'_>, error: &ValidationError<'_>) -> bool {
    let mut node = base;
    if is_reference(node) {
        return true;
    }
    for segment in error.instance_path() {
        match step(node, &segment) {
            Some(child) => node = child,
            None => return false,
        }
        if is_reference(node) {
            return true;
        }
    }
    false
}

/// The node that an error below `base` is about.
pub(super) fn at<'t>(base: Node<'t>, error: &ValidationError<'_>) -> Node<'t> {
    let mut node = base;
    for segment in error.instance_path() {
        match step(node, &segment) {
            Some(child) => node = child,
            None => break,
        }
    }
    node
}

fn step<'t>(node: Node<'t>, segment: &LocationSegment<'_>) -> Option<Node<'t>> {
    match segment {
        LocationSegment::Index(index) => node.at(*index),
        LocationSegment::Property(name) => match node.value() {
            Value::Omap(pairs) => pairs
                .iter()
                .filter_map(|pair| pair.as_map()?.iter().next())
                .find(|(key, _)| key.key_text() == *name)
                .map(|pair| pair.1),
            Value::Map(map) => map
                .get(name)
                .or_else(|| Some(map.iter().find(|(key, _)| key.key_text() == *name)?.1)),
            _ => None,
        },
    }
}
