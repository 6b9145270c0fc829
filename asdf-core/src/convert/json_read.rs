//! Tagged JSON back to nodes: what `convert/json.rs` writes.

use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::limits::Limits;
use crate::tree::{NewNode, Nodes, PathStep, TreePath};
use serde::Deserialize;
use serde_json::Value;

const YAML: &str = "tag:yaml.org,2002:";
/// Levels of JSON that one level of a tree may take: its tag, its form, its pairs.
const LEVELS: u64 = 4;

/// Makes nodes of tagged JSON. Plain JSON is tagged JSON as well: whole numbers become integers,
/// others floats.
///
/// # Errors
/// The text is no JSON, nests too deeply, or has a `$` form that means nothing.
pub fn read_json(text: &str, nodes: &mut Nodes, limits: &Limits) -> Result<NewNode> {
    let (what, allowed) = (
        "nesting depth of the JSON text",
        limits.depth.saturating_mul(LEVELS),
    );
    LimitExceeded::check(what, "depth", depth(text), allowed)?;
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    let read = Value::deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    let value = read.map_err(|error| {
        let detail = error.to_string().into();
        Error::from(Malformed::Json { detail })
    })?;
    let mut builder = Builder {
        nodes,
        open: Vec::new(),
        path: Vec::new(),
        depth: limits.depth.saturating_mul(LEVELS),
    };
    builder.node(&value)
}

/// How deep brackets nest outside of strings.
fn depth(text: &str) -> u64 {
    let (mut depth, mut most) = (0_u64, 0_u64);
    let (mut quoted, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth = depth.saturating_add(1);
                most = most.max(depth);
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    most
}

struct Builder<'n> {
    nodes: &'n mut Nodes,
    /// The containers around the present node, with the length of their paths.
    open: Vec<(usize, NewNode)>,
    path: Vec<PathStep>,
    depth: u64,
}

impl Builder<'_> {
    fn node(&mut self, value: &Value) -> Result<NewNode> {
        match value {
            Value::Null => Ok(self.nodes.null()),
            Value::Bool(value) => Ok(self.nodes.bool(*value)),
            Value::Number(number) => self.number(&number.to_string()),
            Value::String(text) => Ok(self.nodes.string(text)),
            Value::Array(items) if is_pairs(items) => {
                self.pair_list("pairs", items, |item| item.get("$tuple"))
            }
            Value::Array(items) => {
                let node = self.nodes.seq(Vec::new());
                let items = self.children(
                    node,
                    items
                        .iter()
                        .enumerate()
                        .map(|(index, item)| (PathStep::Index(index), item)),
                )?;
                Ok(self.nodes.put_items(node, items))
            }
            Value::Object(map) => match map.iter().next() {
                Some((key, inner)) if map.len() == 1 && key.starts_with('$') => {
                    self.form(key, inner, value)
                }
                _ => self.object(value),
            },
        }
    }

    /// The children of a container that is open meanwhile.
    fn children<'v>(
        &mut self,
        node: NewNode,
        children: impl Iterator<Item = (PathStep, &'v Value)>,
    ) -> Result<Vec<NewNode>> {
        let (what, needed) = ("nesting depth of the JSON text", self.open.len() as u64);
        LimitExceeded::check(what, "depth", needed, self.depth)?;
        self.open.push((self.path.len(), node));
        let mut out = Vec::new();
        for (step, child) in children {
            self.path.push(step);
            out.push(self.node(child)?);
            self.path.pop();
        }
        self.open.pop();
        Ok(out)
    }

    fn number(&mut self, text: &str) -> Result<NewNode> {
        if let Some(node) = self.nodes.integer(text) {
            return Ok(node);
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(self.nodes.float(value)),
            _ => Err(self.bad("a number that a float can hold", text)),
        }
    }

    /// `{"$name": …}`
    fn form(&mut self, name: &str, inner: &Value, whole: &Value) -> Result<NewNode> {
        let text = inner.as_str();
        match (name, text, inner.as_array()) {
            ("$int", Some(text), _) => match self.nodes.integer(text) {
                Some(node) => Ok(node),
                None => Err(self.bad("`$int` with decimal digits", text)),
            },
            ("$float", Some("nan"), _) => Ok(self.nodes.float(f64::NAN)),
            ("$float", Some("inf"), _) => Ok(self.nodes.float(f64::INFINITY)),
            ("$float", Some("-inf"), _) => Ok(self.nodes.float(f64::NEG_INFINITY)),
            ("$timestamp", Some(text), _) => match self.nodes.time(text) {
                Some(node) => Ok(node),
                None => Err(self.bad("`$timestamp` with an ISO date or time", text)),
            },
            ("$binary", Some(text), _) => match bytes(text) {
                Some(bytes) => Ok(self.nodes.binary(&bytes)),
                None => Err(self.bad("`$binary` with hexadecimal digits", text)),
            },
            ("$recursive", Some(pointer), _) => self.ancestor(pointer),
            ("$map", _, Some(items)) => self.map(items),
            ("$set", _, Some(items)) => self.set(items),
            ("$omap", _, Some(items)) => self.pair_list("omap", items, Some),
            (
                "$int" | "$float" | "$timestamp" | "$binary" | "$recursive" | "$map" | "$set"
                | "$omap",
                ..,
            ) => Err(self.bad("a tagged value", &format!("{{\"{name}\": {inner}}}"))),
            _ => self.object(whole),
        }
    }

    /// A mapping, or what its tag makes of its value.
    fn object(&mut self, value: &Value) -> Result<NewNode> {
        let Some(map) = value.as_object() else {
            return Ok(self.nodes.null());
        };
        if let (2, Some(Value::String(tag)), Some(inner)) =
            (map.len(), map.get("$tag"), map.get("$value"))
        {
            let node = self.node(inner)?;
            self.nodes.set_tag(node, tag);
            return Ok(node);
        }
        let node = self.nodes.map(Vec::new());
        let steps = map
            .iter()
            .map(|(key, value)| (PathStep::Key(key.as_str().into()), value));
        let values = self.children(node, steps)?;
        let mut pairs = Vec::with_capacity(values.len());
        for (key, value) in map.keys().zip(values) {
            pairs.push((self.nodes.string(key), value));
        }
        Ok(self.nodes.put_pairs(node, pairs))
    }

    /// Keys and values in lists of two.
    fn map(&mut self, items: &[Value]) -> Result<NewNode> {
        let node = self.nodes.map(Vec::new());
        let mut pairs = Vec::with_capacity(items.len());
        for item in items {
            pairs.push(self.pair(node, item)?);
        }
        Ok(self.nodes.put_pairs(node, pairs))
    }

    fn pair(&mut self, parent: NewNode, item: &Value) -> Result<(NewNode, NewNode)> {
        let Some([key, value]) = item.as_array().map(Vec::as_slice) else {
            return Err(self.bad("a list of a key and a value", &item.to_string()));
        };
        let key = self.node(key)?;
        let step = self.nodes.key_step(key);
        let value = self.children(parent, std::iter::once((step, value)))?;
        Ok((key, value.first().copied().unwrap_or(key)))
    }

    fn set(&mut self, items: &[Value]) -> Result<NewNode> {
        let mut pairs = Vec::with_capacity(items.len());
        for item in items {
            let key = self.node(item)?;
            pairs.push((key, self.nodes.null()));
        }
        let node = self.nodes.map(pairs);
        self.nodes.set_tag(node, &format!("{YAML}set"));
        Ok(node)
    }

    /// A list of mappings of one pair.
    fn pair_list<'v>(
        &mut self,
        tag: &str,
        items: &'v [Value],
        pair: impl Fn(&'v Value) -> Option<&'v Value>,
    ) -> Result<NewNode> {
        let list = self.nodes.seq(Vec::new());
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            let pair = self.pair(list, pair(item).unwrap_or(item))?;
            out.push(self.nodes.map(vec![pair]));
        }
        self.nodes.set_tag(list, &format!("{YAML}{tag}"));
        Ok(self.nodes.put_items(list, out))
    }

    fn ancestor(&mut self, pointer: &str) -> Result<NewNode> {
        let found = self.open.iter().rev().find(|(length, _)| {
            let steps = self.path.get(..*length).unwrap_or_default().to_vec();
            TreePath::from(steps).to_string() == pointer
        });
        match found {
            Some((_, node)) => Ok(*node),
            None => Err(self.bad("`$recursive` with the path of a node around it", pointer)),
        }
    }

    fn bad(&self, wanted: &'static str, found: &str) -> Error {
        let found = found.chars().take(60).collect::<String>().into();
        Error::from(Malformed::JsonForm { found, wanted })
            .at_path(|| TreePath::from(self.path.clone()))
    }
}

fn is_pairs(items: &[Value]) -> bool {
    let tuple = |item: &Value| {
        item.as_object()
            .is_some_and(|map| map.len() == 1 && map.contains_key("$tuple"))
    };
    !items.is_empty() && items.iter().all(tuple)
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let (pairs, rest) = digits.as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = |pair: &[u8; 2]| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok();
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::TreeEdit;

    fn yaml(json: &str) -> Result<String> {
        let mut edit = TreeEdit::new();
        let limits = Limits::default();
        let node = read_json(json, edit.nodes(), &limits)?;
        edit.set("", node)?;
        let text = edit.text(&limits)?;
        Ok(text
            .split_once("---")
            .map(|(_, rest)| rest.to_owned())
            .unwrap_or_default())
    }

    #[test]
    fn forms_become_what_they_stand_for() {
        let json = r#"{"a": {"$int": "123456789012345678901"}, "b": {"$float": "-inf"},
            "c": {"$tag": "tag:stsci.edu:asdf/unit/unit-1.0.0", "$value": "m"},
            "d": {"$map": [[1, "x"], [true, null]]}, "e": {"$binary": "00ff"},
            "f": {"$timestamp": "2020-01-01T12:30:00"}, "g": [{"$tuple": ["k", 1]}],
            "h": {"self": {"$recursive": "/h"}}, "i": 1.0, "j": {"$ref": "x"}}"#;
        assert_eq!(
            yaml(json).unwrap(),
            "\na: 123456789012345678901\nb: -.inf\nc: !unit/unit-1.0.0 m\nd:\n  1: x\n  true: null\n\
e: !!binary \"AP8=\"\nf: 2020-01-01T12:30:00\ng: !!pairs\n- k: 1\nh: &id001\n  self: *id001\ni: 1.0\nj:\n  $ref: x\n...\n"
        );
    }

    #[test]
    fn what_means_nothing_is_refused() {
        let bad = |json: &str| yaml(json).unwrap_err().to_string();
        assert!(bad("{\"a\": [1, }").contains("line 1 column"));
        assert!(bad(r#"{"a": {"$int": "x"}}"#).starts_with("/a: "));
        assert!(bad(r#"{"$recursive": "/b"}"#).contains("$recursive"));
        assert!(bad("1e999").contains("number"));
        assert!(bad(&"[".repeat(100_000)).contains("depth"));
    }
}
