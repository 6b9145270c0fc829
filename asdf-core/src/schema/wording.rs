//! The words of messages about violations, for people who do not know JSON Schema.

use crate::tree::Node;
use crate::tree::NodeKind;
use crate::tree::Value;
use serde_json::Value as Json;

/// Characters of a value that a message quotes.
const QUOTED: usize = 60;

/// A type of JSON Schema.
pub(super) fn type_name(name: &str) -> &str {
    match name {
        "object" => "a mapping",
        "array" => "a list",
        "string" => "a string",
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "true or false",
        "null" => "null",
        other => other,
    }
}

/// What stands in the tree: its tag when it has one, else what it is.
pub(super) fn found(node: Node<'_>) -> String {
    match node.tag() {
        Some(tag) => {
            let what = match node.kind() {
                NodeKind::Map => "a mapping".to_owned(),
                NodeKind::Seq => "a list".to_owned(),
                NodeKind::Scalar => format!("{:?}", cut(node.text().unwrap_or_default())),
            };
            format!("{what} tagged {}", short_tag(tag.as_str()))
        }
        None if matches!(node.value(), Value::Omap(_)) => "an ordered mapping".to_owned(),
        None => node.describe().into_string(),
    }
}

/// A tag without the authority and date that all tags of the core share.
pub(super) fn short_tag(tag: &str) -> String {
    match tag.strip_prefix("tag:stsci.edu:asdf/") {
        Some(name) => format!("!{name}"),
        None => tag.to_owned(),
    }
}

/// What a tag pattern asks for.
pub(super) fn tag_pattern(pattern: &str) -> String {
    match pattern.strip_prefix("tag:yaml.org,2002:") {
        Some("map") => "an untagged mapping".to_owned(),
        Some("seq") => "an untagged list".to_owned(),
        Some("str") => "an untagged string".to_owned(),
        Some("int") => "an untagged integer".to_owned(),
        Some("float") => "an untagged float".to_owned(),
        Some("bool") => "true or false".to_owned(),
        Some("null") => "null".to_owned(),
        _ => format!("the tag {}", short_tag(pattern)),
    }
}

/// What several alternatives ask for, in one phrase.
pub(super) fn alternatives(wanted: &[String]) -> String {
    const SHOWN: usize = 6;
    let tags: Option<Vec<_>> = wanted
        .iter()
        .map(|text| text.strip_prefix("the tag "))
        .collect();
    match tags {
        Some(tags) if tags.len() > 2 => {
            let shown = tags
                .iter()
                .take(SHOWN)
                .copied()
                .collect::<Vec<_>>()
                .join(", ");
            match tags.len().checked_sub(SHOWN) {
                None | Some(0) => format!("one of the tags {shown}"),
                Some(more) => format!("one of the tags {shown} and {more} more"),
            }
        }
        _ => wanted.join(" or "),
    }
}

/// What a pattern asks for. Nobody reads a long one.
pub(super) fn pattern(pattern: &str, schema: &str) -> String {
    const LONG: usize = 60;
    if pattern.len() <= LONG {
        return format!("a string that matches {pattern}");
    }
    let name = schema.rsplit('/').next().unwrap_or(schema);
    match name.rsplit_once('-').map_or(name, |parts| parts.0) {
        "complex" => "a complex number such as 1.5+2j".to_owned(),
        "time" => "a time such as 2027-03-14T15:09:26.5".to_owned(),
        _ => "a string of the form that the schema's pattern gives".to_owned(),
    }
}

/// `1 dimension`, `2 dimensions`
pub(super) fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// `float32`, `text of 5 ASCII characters`, a record by its fields.
pub(super) fn datatype(value: &Json) -> String {
    match value {
        Json::String(name) => name.clone(),
        Json::Array(parts) => match parts.as_slice() {
            [Json::String(name), Json::Number(length)] => format!("{name} of length {length}"),
            fields => {
                let fields: Vec<_> = fields
                    .iter()
                    .map(|field| match field.get("name").and_then(Json::as_str) {
                        Some(name) => {
                            format!(
                                "{name}: {}",
                                datatype(field.get("datatype").unwrap_or(field))
                            )
                        }
                        None => datatype(field.get("datatype").unwrap_or(field)),
                    })
                    .collect();
                format!("records ({})", fields.join(", "))
            }
        },
        other => other.to_string(),
    }
}

/// A value of a schema, cut to a readable length.
pub(super) fn quote(value: &Json) -> String {
    cut(&value.to_string())
}

/// A text, cut to a readable length.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

/// The allowed values of `enum`, the first ones when there are many.
pub(super) fn options(values: &Json) -> String {
    const SHOWN: usize = 12;
    let Some(values) = values.as_array() else {
        return quote(values);
    };
    let shown: Vec<_> = values.iter().take(SHOWN).map(quote).collect();
    match values.len().checked_sub(SHOWN) {
        None | Some(0) if values.len() == 1 => shown.join(""),
        None | Some(0) => format!("one of {}", shown.join(", ")),
        Some(more) => format!("one of {} and {more} more", shown.join(", ")),
    }
}
