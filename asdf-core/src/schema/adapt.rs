//! Schemas as the `jsonschema` crate wants them. It refuses what its metaschema does not allow; the
//! reference does not look, and published schemas rely on that.

use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

/// Keywords whose values are mappings from names to schemas.
const NAMES: [&str; 3] = ["properties", "patternProperties", "definitions"];
/// Keywords whose values are not schemas.
const VALUES: [&str; 3] = ["enum", "default", "examples"];

/// A copy of a schema with the same meaning that the crate takes.
pub(super) fn adapted(document: &Json) -> Json {
    let mut document = document.clone();
    adapt(&mut document);
    if let Json::Object(keys) = &mut document {
        // The crate does not know the metaschemas of ASDF: all schemas are read as draft 4.
        keys.shift_remove("$schema");
    }
    document
}

fn adapt(schema: &mut Json) {
    match schema {
        Json::Object(keys) => adapt_keys(keys),
        Json::Array(items) => items.iter_mut().for_each(adapt),
        _ => {}
    }
}

fn adapt_keys(keys: &mut Map<String, Json>) {
    if let Some(Json::String(target)) = keys.get_mut("$ref") {
        // `other#definitions/x` is meant as a pointer.
        if let Some((uri, pointer)) = target.split_once('#')
            && !pointer.is_empty()
            && !pointer.starts_with('/')
        {
            *target = format!("{uri}#/{pointer}");
        }
    }
    for (key, value) in keys.iter_mut() {
        match value {
            Json::Object(names) if NAMES.contains(&key.as_str()) => adapt_names(names),
            _ if VALUES.contains(&key.as_str()) => {}
            _ => adapt(value),
        }
    }
}

/// True and false are schemas of later drafts; what else is not a schema means nothing.
fn adapt_names(names: &mut Map<String, Json>) {
    names.retain(|_, schema| match schema {
        Json::Bool(true) => {
            *schema = json!({});
            true
        }
        Json::Bool(false) => {
            *schema = json!({ "not": {} });
            true
        }
        Json::Object(keys) => {
            adapt_keys(keys);
            true
        }
        _ => false,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_metaschema_forbids_is_put_right_or_left_out() {
        let schema = json!({
            "$schema": "http://stsci.edu/schemas/yaml-schema/draft-01",
            "definitions": { "$ref": "other#/definitions", "x": { "$ref": "other#definitions/y" } },
            "properties": { "a": true, "properties": { "type": "object" }, "required": ["a"] },
            "enum": [{ "$ref": "other#left" }],
        });
        let wanted = json!({
            "definitions": { "x": { "$ref": "other#/definitions/y" } },
            "properties": { "a": {}, "properties": { "type": "object" } },
            "enum": [{ "$ref": "other#left" }],
        });
        assert_eq!(adapted(&schema), wanted);
    }
}
