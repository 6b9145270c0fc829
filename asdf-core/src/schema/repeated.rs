//! How often schemas are applied to one and the same node: a chain in which each asks twice for the next one doubles
//! with every step, and neither the `jsonschema` crate nor anybody else comes to its end.

use super::library::SchemaLibrary;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ptr::from_ref;
use std::sync::Arc;

/// Schemas applied to one node; published ones come to a few hundred.
const ALLOWED: u64 = 100_000;
/// Schemas that lead to each other, one within the other: the crate follows them by recursion.
const DEEPEST: usize = 200;
/// Keywords whose schemas are for the node itself.
const LISTS: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// Checks a schema with all that it refers to; `base` is its URI.
///
/// # Errors
/// Why it cannot be used.
pub(super) fn check(document: &Json, base: &str, library: &SchemaLibrary) -> Result<(), Box<str>> {
    let found = elsa::FrozenMap::new();
    let documents = Documents { library, found };
    let mut counts = Counts {
        documents: &documents,
        known: HashMap::new(),
    };
    let mut open = vec![document];
    while let Some(schema) = open.pop() {
        counts.count(Schema {
            content: schema,
            document,
            base,
        })?;
        match schema {
            Json::Object(keys) => open.extend(keys.values()),
            Json::Array(items) => open.extend(items),
            _ => {}
        }
    }
    Ok(())
}

/// A document with its URI.
struct Document {
    uri: Box<str>,
    content: Arc<Json>,
}

/// The documents that others refer to.
struct Documents<'l> {
    library: &'l SchemaLibrary,
    found: elsa::FrozenMap<Box<str>, Box<Document>>,
}

impl Documents<'_> {
    /// What a `$ref` names; `None` when it leads nowhere, which others complain about.
    fn target<'d>(&'d self, from: Schema<'d>, target: &str) -> Option<Schema<'d>> {
        let (uri, pointer) = target.split_once('#').unwrap_or((target, ""));
        let (document, base) = if uri.is_empty() {
            (from.document, from.base)
        } else {
            let uri = if uri.contains(':') {
                uri.into()
            } else {
                let folder = from.base.rfind('/').and_then(|end| from.base.get(..=end));
                format!("{}{uri}", folder.unwrap_or_default())
            };
            let found = if let Some(known) = self.found.get(uri.as_str()) {
                known
            } else {
                let content = self.library.document(&uri).ok().flatten()?;
                let uri: Box<str> = uri.into();
                let document = Document {
                    uri: uri.clone(),
                    content,
                };
                self.found.insert(uri, Box::new(document))
            };
            (&*found.content, &*found.uri)
        };
        // `other#definitions/x` is meant as a pointer.
        let schema = match pointer {
            "" => Some(document),
            pointer if pointer.starts_with('/') => document.pointer(pointer),
            pointer => document.pointer(&format!("/{pointer}")),
        };
        schema.map(|content| Schema {
            content,
            document,
            base,
        })
    }
}

/// A schema, the document that it stands in, and the URI of that.
#[derive(Clone, Copy)]
struct Schema<'d> {
    content: &'d Json,
    document: &'d Json,
    base: &'d str,
}

/// The schemas that have been counted, by their addresses; `None` while one is.
struct Counts<'d> {
    documents: &'d Documents<'d>,
    known: HashMap<*const Json, Option<u64>>,
}

impl<'d> Counts<'d> {
    /// Counts what is applied to a node when a schema is, those below it first.
    fn count(&mut self, schema: Schema<'d>) -> Result<(), Box<str>> {
        let mut open = vec![(schema, false)];
        let mut depth = 0_usize;
        while let Some((schema, is_counted)) = open.pop() {
            let place = from_ref(schema.content);
            if is_counted {
                let below = self.applied(schema).into_iter();
                let count = below.fold(1, |sum: u64, below| {
                    // What contains itself is left to the crate, which sees it.
                    let count = self.known.get(&from_ref(below.content)).copied().flatten();
                    sum.saturating_add(count.unwrap_or(0))
                });
                if count > ALLOWED {
                    return Err(format!(
                        "{count} schemas or more would be applied to one node, the fixed limit is {ALLOWED}"
                    )
                    .into());
                }
                self.known.insert(place, Some(count));
                depth = depth.saturating_sub(1);
            } else if let Entry::Vacant(entry) = self.known.entry(place) {
                entry.insert(None);
                depth = depth.saturating_add(1);
                if depth > DEEPEST {
                    return Err(format!(
                        "more than {DEEPEST} schemas lead from one to the next, the limit is fixed"
                    )
                    .into());
                }
                open.push((schema, true));
                open.extend(self.applied(schema).into_iter().map(|below| (below, false)));
            }
        }
        Ok(())
    }

    /// The schemas that are applied to the same node.
    fn applied(&self, from: Schema<'d>) -> Vec<Schema<'d>> {
        let Json::Object(keys) = from.content else {
            return Vec::new();
        };
        // A reference hides what stands beside it.
        if let Some(Json::String(target)) = keys.get("$ref") {
            return self.documents.target(from, target).into_iter().collect();
        }
        let lists = LISTS.iter().filter_map(|key| keys.get(*key)?.as_array());
        let named = keys.get("dependencies").and_then(Json::as_object);
        let schemas = lists
            .flatten()
            .chain(keys.get("not"))
            .chain(named.into_iter().flat_map(|names| names.values()));
        schemas.map(|content| Schema { content, ..from }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn chain(keyword: &str, length: usize) -> Json {
        let mut parts = serde_json::Map::new();
        for number in 0..length {
            let next = json!({ "$ref": format!("#/definitions/d{}", number + 1) });
            let part = match keyword {
                "$ref" => next,
                "not" => json!({ "not": next, "anyOf": [next] }),
                _ => json!({ keyword: [next, next] }),
            };
            parts.insert(format!("d{number}"), part);
        }
        parts.insert(format!("d{length}"), json!({ "type": "object" }));
        json!({ "definitions": parts, "allOf": [{ "$ref": "#/definitions/d0" }] })
    }

    fn passes(schema: &Json) -> bool {
        check(
            schema,
            "asdf://x.org/schemas/a-1.0.0",
            &SchemaLibrary::new(),
        )
        .is_ok()
    }

    #[test]
    fn what_doubles_is_refused() {
        for keyword in ["allOf", "anyOf", "oneOf", "not"] {
            assert!(passes(&chain(keyword, 10)), "{keyword}");
            assert!(!passes(&chain(keyword, 40)), "{keyword}");
        }
    }

    #[test]
    fn long_chains_are_refused_and_circles_are_left_alone() {
        assert!(passes(&chain("$ref", 150)));
        assert!(!passes(&chain("$ref", 100_000)));
        assert!(passes(
            &json!({ "allOf": [{ "$ref": "#" }, { "$ref": "#" }] })
        ));
    }
}
