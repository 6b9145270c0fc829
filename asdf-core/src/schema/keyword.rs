//! What ASDF adds to draft 4 or reads differently: `tag`, `ndim`, `max_ndim`, `datatype` with
//! `exact_datatype`, and `type` (<https://www.asdf-format.org/projects/asdf-standard/en/latest/schemas/index.html>).

use super::cast;
use super::instance::Instance;
use super::instance::TreeJson;
use super::wording;
use crate::array::ByteOrder;
use crate::array::Datatype;
use crate::array::describe_inline;
use crate::array::is_ndarray;
use crate::limits::Limits;
use crate::tree::Node;
use crate::tree::Tree;
use crate::tree::Value;
use jsonschema::Keyword;
use jsonschema::ValidationError;
use jsonschema::paths::Location;
use serde_json::Map;
use serde_json::Value as Json;

/// Parts what was found from what was wanted in a message of our keywords.
pub(super) const SEPARATOR: char = '\u{1f}';

/// What a keyword's factory returns.
type Made<'a> = Result<Box<dyn for<'i> Keyword<'i, TreeJson>>, ValidationError<'a>>;

/// A check of one node: `None` when it passes, else what was found and what is wanted.
trait Check: Send + Sync {
    fn check(&self, node: Node<'_>) -> Option<(String, String)>;
}

/// A check as a keyword of the crate.
struct Checked<C>(C);

impl<'i, C: Check> Keyword<'i, TreeJson> for Checked<C> {
    fn validate(&self, instance: Instance<'i>) -> Result<(), ValidationError<'i>> {
        match instance.node().and_then(|node| self.0.check(node)) {
            Some((found, wanted)) => {
                instance.count_fault();
                let message = format!("{found}{SEPARATOR}{wanted}");
                Err(ValidationError::custom(message))
            }
            None => Ok(()),
        }
    }

    fn is_valid(&self, instance: Instance<'i>) -> bool {
        instance
            .node()
            .is_none_or(|node| self.0.check(node).is_none())
    }
}

/// `type`: timestamps, binary and sets have none, but a timestamp is a string of `format: date-time`.
pub(super) fn types<'a>(parent: &'a Map<String, Json>, value: &'a Json, _: Location) -> Made<'a> {
    let names: Vec<Box<str>> = match value {
        Json::String(name) => vec![name.as_str().into()],
        Json::Array(names) => names
            .iter()
            .filter_map(Json::as_str)
            .map(Into::into)
            .collect(),
        _ => {
            return Err(ValidationError::schema(
                "`type` is neither a name nor a list of names",
            ));
        }
    };
    Ok(Box::new(Checked(Types {
        date: parent.get("format").and_then(Json::as_str) == Some("date-time"),
        names,
    })))
}

struct Types {
    names: Vec<Box<str>>,
    /// Whether timestamps are strings here.
    date: bool,
}

impl Check for Types {
    fn check(&self, node: Node<'_>) -> Option<(String, String)> {
        let value = node.value();
        let fits = self.names.iter().any(|name| match (&**name, &value) {
            ("null", Value::Null)
            | ("boolean", Value::Bool(_))
            | ("integer", Value::Int(_) | Value::BigInt(_))
            | ("number", Value::Int(_) | Value::BigInt(_) | Value::Float(_))
            | ("string", Value::Str(_))
            | ("array", Value::Seq(_) | Value::Pairs(_))
            | ("object", Value::Map(_) | Value::Omap(_)) => true,
            ("string", Value::Timestamp(time)) => self.date && !time.is_date(),
            _ => false,
        });
        (!fits).then(|| {
            let wanted: Vec<_> = self
                .names
                .iter()
                .map(|name| wording::type_name(name))
                .collect();
            (wording::found(node), wanted.join(" or "))
        })
    }
}

/// `tag`: a pattern that the node's tag must match.
pub(super) fn tag<'a>(_: &'a Map<String, Json>, value: &'a Json, _: Location) -> Made<'a> {
    let pattern = value
        .as_str()
        .ok_or_else(|| ValidationError::schema("`tag` is not a string"))?;
    Ok(Box::new(Checked(TagPattern(pattern.into()))))
}

struct TagPattern(Box<str>);

impl Check for TagPattern {
    fn check(&self, node: Node<'_>) -> Option<(String, String)> {
        let tag = node
            .tag()
            .map_or_else(|| yaml_tag(node), |tag| Some(tag.as_str()));
        if tag.is_some_and(|tag| matches_pattern(&self.0, tag)) {
            return None;
        }
        Some((wording::found(node), wording::tag_pattern(&self.0)))
    }
}

/// The tag that the reference gives an untagged value; timestamps have none.
fn yaml_tag(node: Node<'_>) -> Option<&'static str> {
    Some(match node.value() {
        Value::Null => "tag:yaml.org,2002:null",
        Value::Bool(_) => "tag:yaml.org,2002:bool",
        Value::Int(_) | Value::BigInt(_) => "tag:yaml.org,2002:int",
        Value::Float(_) => "tag:yaml.org,2002:float",
        Value::Str(_) | Value::Binary(_) => "tag:yaml.org,2002:str",
        Value::Seq(_) | Value::Pairs(_) => "tag:yaml.org,2002:seq",
        Value::Map(_) => "tag:yaml.org,2002:map",
        Value::Set(_) => "tag:yaml.org,2002:set",
        Value::Omap(_) => "tag:yaml.org,2002:omap",
        Value::Timestamp(_) => return None,
    })
}

/// True when a URI matches a pattern in which `*` stands for anything but `/`, and `**` for anything.
pub(super) fn matches_pattern(pattern: &str, uri: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == uri;
    };
    let Some(uri) = uri.strip_prefix(head) else {
        return false;
    };
    let (rest, slashes) = match rest.strip_prefix('*') {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    // Stars are few: the patterns of published schemas have one.
    std::iter::once(0)
        .chain(uri.char_indices().map(|(start, c)| start + c.len_utf8()))
        .take_while(|end| slashes || !uri.get(..*end).is_some_and(|part| part.contains('/')))
        .any(|end| uri.get(end..).is_some_and(|uri| matches_pattern(rest, uri)))
}

/// `ndim`: the number of an array's dimensions.
pub(super) fn ndim<'a>(_: &'a Map<String, Json>, value: &'a Json, _: Location) -> Made<'a> {
    dimensions(value, true)
}

/// `max_ndim`: the largest number of an array's dimensions.
pub(super) fn max_ndim<'a>(_: &'a Map<String, Json>, value: &'a Json, _: Location) -> Made<'a> {
    dimensions(value, false)
}

fn dimensions(value: &Json, exact: bool) -> Made<'_> {
    let count = value
        .as_u64()
        .ok_or_else(|| ValidationError::schema("a number of dimensions is not an integer"))?;
    Ok(Box::new(Checked(Dimensions { count, exact })))
}

struct Dimensions {
    count: u64,
    exact: bool,
}

impl Check for Dimensions {
    fn check(&self, node: Node<'_>) -> Option<(String, String)> {
        if !is_ndarray(node) {
            return None;
        }
        let found = found_ndim(node);
        let fits =
            found.is_some_and(|found| found == self.count || (!self.exact && found < self.count));
        (!fits).then(|| {
            let found = found.map_or_else(
                || "an array without a shape".to_owned(),
                |found| format!("an array of {}", wording::count(found, "dimension")),
            );
            let at_most = if self.exact { "" } else { "at most " };
            (
                found,
                format!("{at_most}{}", wording::count(self.count, "dimension")),
            )
        })
    }
}

fn found_ndim(node: Node<'_>) -> Option<u64> {
    if let Some(shape) = node.as_map().and_then(|map| map.get("shape")) {
        return Some(shape.as_seq()?.len() as u64);
    }
    let spec = describe_inline(node, &Limits::default()).ok()?;
    Some(spec.shape.len() as u64)
}

/// `datatype`: the array's datatype, or one that it can be cast to without loss.
#[expect(clippy::unnecessary_wraps, reason = "what the crate asks of a factory")]
pub(super) fn datatype<'a>(
    parent: &'a Map<String, Json>,
    value: &'a Json,
    _: Location,
) -> Made<'a> {
    Ok(Box::new(Checked(Typed {
        shown: wording::datatype(value),
        wanted: parse(&relevant(value).to_string()),
        exact: parent.get("exact_datatype") == Some(&Json::Bool(true)),
    })))
}

/// A structured datatype without what is not compared.
fn relevant(value: &Json) -> Json {
    const KEYS: [&str; 4] = ["name", "datatype", "byteorder", "shape"];
    match value {
        Json::Array(fields) if fields.first().is_some_and(Json::is_object) => fields
            .iter()
            .map(|field| match field {
                Json::Object(keys) => keys
                    .iter()
                    .filter(|(key, _)| KEYS.contains(&key.as_str()))
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect(),
                other => other.clone(),
            })
            .collect(),
        other => other.clone(),
    }
}

fn parse(text: &str) -> Option<Datatype> {
    let tree = Tree::parse(text.as_bytes(), 0, &Limits::default(), &mut Vec::new()).ok()?;
    Datatype::parse(tree.root(), ByteOrder::Little).ok()
}

struct Typed {
    shown: String,
    /// `None` when the schema's datatype is not one of the standard.
    wanted: Option<Datatype>,
    exact: bool,
}

impl Check for Typed {
    fn check(&self, node: Node<'_>) -> Option<(String, String)> {
        if !is_ndarray(node) {
            return None;
        }
        let found = found_datatype(node);
        let fits = match (&found, &self.wanted) {
            (Some(found), Some(wanted)) if self.exact => found == wanted,
            (Some(found), Some(wanted)) => cast::is_safe(found, wanted),
            _ => false,
        };
        (!fits).then(|| {
            let found = found.map_or_else(
                || "an array whose datatype cannot be told".to_owned(),
                |found| format!("an array of {}", wording::datatype(&found.to_json())),
            );
            let cast = if self.exact { "exactly " } else { "" };
            (found, format!("{cast}{}", self.shown))
        })
    }
}

fn found_datatype(node: Node<'_>) -> Option<Datatype> {
    if let Some(datatype) = node.as_map().and_then(|map| map.get("datatype")) {
        return Datatype::parse(datatype, ByteOrder::Little).ok();
    }
    let spec = describe_inline(node, &Limits::default()).ok()?;
    Some(spec.datatype)
}
