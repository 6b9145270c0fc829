//! Tagged JSON back to nodes of a tree: the inverse of [`super::write_json`].

use super::json::RESERVED;
use super::json_text::{Id, JsonText, Kind, ROOT};
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::limits::{Limit, Limits};
use crate::tree::unescape;
use crate::tree::{NewNode, Nodes};
use std::borrow::Cow;
use std::collections::HashSet;

const OMAP: &str = "tag:yaml.org,2002:omap";
const PAIRS: &str = "tag:yaml.org,2002:pairs";
const SET: &str = "tag:yaml.org,2002:set";

/// Reads a document of tagged JSON, as [`super::write_json`] writes it, and makes its nodes.
///
/// Plain JSON is tagged JSON. A number without `.` and exponent is an integer of any size, any other
/// a float; strings stay strings. An object with one of the keys that mean something (`$tag`,
/// `$value`, `$int`, `$float`, `$timestamp`, `$binary`, `$set`, `$omap`, `$tuple`, `$map`,
/// `$recursive`) must be that form as a whole; a mapping with such a key is written as `$map`. Other
/// keys that begin with `$`, such as `$ref`, are keys like any other. `$recursive` names a list or
/// mapping around it by its JSON Pointer from the root of the document.
///
/// # Errors
/// [`Malformed::Json`](crate::error::Malformed::Json) with line and column: no JSON, a form that is not
/// whole, equal keys, a float beyond 64 bits. Bounded by `tree_bytes`, `nodes` and `depth`.
pub fn read_json(text: &str, nodes: &mut Nodes, limits: &Limits) -> Result<NewNode> {
    let json = JsonText::parse(text, limits)?;
    nodes.reserve(json.len());
    let mut reader = Reader {
        json: &json,
        nodes,
        limits,
        steps: Vec::new(),
        open: Vec::new(),
    };
    reader.value(ROOT)
}

struct Reader<'j, 'n> {
    json: &'j JsonText<'j>,
    nodes: &'n mut Nodes,
    limits: &'j Limits,
    /// The steps down to the value that is being read.
    steps: Vec<Step>,
    /// The lists and mappings around it, one a step.
    open: Vec<NewNode>,
}

/// A step of a JSON Pointer, which is text only when one is looked for.
#[derive(Debug, Clone, Copy)]
enum Step {
    Index(usize),
    Key(NewNode),
    /// Into what a key holds, which no pointer names.
    Nameless,
}

/// The keys of a mapping. Most have a few, for which a list is the faster table.
#[derive(Debug)]
struct Keys<'j> {
    few: Vec<Cow<'j, str>>,
    many: HashSet<Cow<'j, str>>,
}

impl<'j> Keys<'j> {
    const FEW: usize = 16;

    /// Room for that many keys.
    fn for_count(count: usize) -> Self {
        Self {
            few: Vec::with_capacity(count.min(Self::FEW)),
            many: HashSet::new(),
        }
    }

    /// False for a key that is there already.
    fn insert(&mut self, key: Cow<'j, str>) -> bool {
        if self.many.is_empty() && self.few.len() < Self::FEW {
            let is_new = !self.few.contains(&key);
            self.few.push(key);
            return is_new;
        }
        self.many.extend(self.few.drain(..));
        self.many.insert(key)
    }
}

impl Reader<'_, '_> {
    fn value(&mut self, id: Id) -> Result<NewNode> {
        let json = self.json;
        Ok(match json.kind(id) {
            Kind::Null => self.nodes.null(),
            Kind::Bool(value) => self.nodes.bool(value),
            Kind::Int => {
                let digits = decimal(json.raw(id));
                self.nodes.digits(digits.as_deref().unwrap_or("0"))
            }
            Kind::Float => match json.raw(id).parse::<f64>() {
                Ok(value) if value.is_finite() => self.nodes.float(value),
                _ => return Err(json.error(id, format!("{} is beyond 64 bits", json.raw(id)))),
            },
            Kind::String => self.nodes.string(&json.string(id).unwrap_or_default()),
            Kind::List => return self.list(id),
            Kind::Object => return self.object(id),
        })
    }

    /// Opens a list or mapping, so that what is within can name it.
    fn enter(&mut self, node: NewNode) -> Result<()> {
        self.open.push(node);
        let depth = self.open.len() as u64;
        LimitExceeded::check(
            "nesting depth of the tree",
            Limit::Depth,
            depth,
            self.limits.depth,
        )
    }

    fn below(&mut self, step: Step, id: Id) -> Result<NewNode> {
        self.steps.push(step);
        let value = self.value(id);
        self.steps.pop();
        value
    }

    fn list(&mut self, id: Id) -> Result<NewNode> {
        let json = self.json;
        if json
            .children(id)
            .any(|item| self.form(item) == Some("$tuple"))
        {
            return self.tuples(id);
        }
        let node = self.nodes.seq(Vec::new());
        self.enter(node)?;
        let mut items = Vec::with_capacity(json.children(id).count());
        for (index, item) in json.children(id).enumerate() {
            items.push(self.below(Step::Index(index), item)?);
        }
        self.open.pop();
        self.nodes.fill_seq(node, items);
        Ok(node)
    }

    /// The first key of an object when it is one that means something.
    fn form(&self, id: Id) -> Option<&'static str> {
        let json = self.json;
        let key = (json.kind(id) == Kind::Object).then(|| json.children(id).next())??;
        let raw = json.raw(key);
        let inner = raw.get(1..raw.len().saturating_sub(1))?;
        if !inner.starts_with('$') {
            return None;
        }
        RESERVED.iter().find(|known| **known == inner).copied()
    }

    fn object(&mut self, id: Id) -> Result<NewNode> {
        let json = self.json;
        match self.form(id) {
            None => return self.mapping(id),
            Some("$tag" | "$value") => return self.tagged(id),
            Some(_) => {}
        }
        let (mut pairs, form) = (json.pairs(id), self.form(id).unwrap_or_default());
        let Some((_, value)) = pairs.next() else {
            return self.mapping(id);
        };
        if let Some((key, _)) = pairs.next() {
            let detail = format!(
                "`{form}` stands alone, found the key {} beside it",
                json.raw(key)
            );
            return Err(json.error(key, detail));
        }
        match form {
            "$map" => self.pairs_of(value, form, None),
            "$omap" => self.pairs_of(value, form, Some(OMAP)),
            "$set" => self.set(value),
            "$tuple" => Err(json.error(id, "`$tuple` stands for an item of a list of pairs")),
            "$recursive" => self.ancestor(value),
            _ => self.scalar(form, value),
        }
    }

    /// The forms whose value is a string.
    fn scalar(&mut self, form: &str, value: Id) -> Result<NewNode> {
        let json = self.json;
        let text = json.string(value);
        let text = text.ok_or_else(|| json.error(value, format!("`{form}` takes a string")))?;
        let node = match form {
            "$int" => decimal(&text).map(|digits| self.nodes.digits(&digits)),
            "$float" => match &*text {
                "nan" => Some(f64::NAN),
                "inf" => Some(f64::INFINITY),
                "-inf" => Some(-f64::INFINITY),
                _ => None,
            }
            .map(|value| self.nodes.float(value)),
            "$timestamp" => self.nodes.checked_timestamp(&text),
            _ => hex(&text).map(|bytes| self.nodes.binary(&bytes)),
        };
        node.ok_or_else(|| {
            let shown: String = text.chars().take(40).collect();
            json.error(value, format!("{shown:?} cannot be read as `{form}`"))
        })
    }

    fn mapping(&mut self, id: Id) -> Result<NewNode> {
        let json = self.json;
        let node = self.nodes.map(Vec::new());
        self.enter(node)?;
        let count = json.pairs(id).count();
        let (mut pairs, mut known) = (Vec::with_capacity(count), Keys::for_count(count));
        for (key, value) in json.pairs(id) {
            let text = json.string(key).unwrap_or_default();
            if text.starts_with('$') && RESERVED.contains(&&*text) {
                let detail =
                    format!("`{text}` stands alone, a mapping with such a key is a `$map`");
                return Err(json.error(key, detail));
            }
            let name = self.nodes.string(&text);
            if !known.insert(text) {
                return Err(twice(json, key));
            }
            pairs.push((name, self.below(Step::Key(name), value)?));
        }
        self.open.pop();
        self.nodes.fill_map(node, pairs);
        Ok(node)
    }

    /// `$tag` and `$value`, in any order.
    fn tagged(&mut self, id: Id) -> Result<NewNode> {
        let json = self.json;
        let (mut tag, mut content) = (None, None);
        for (key, value) in json.pairs(id) {
            let slot = match json.raw(key) {
                r#""$tag""# => &mut tag,
                r#""$value""# => &mut content,
                other => {
                    let detail = format!("expected `$tag` and `$value`, found the key {other}");
                    return Err(json.error(key, detail));
                }
            };
            if slot.replace(value).is_some() {
                return Err(twice(json, key));
            }
        }
        let (Some(tag), Some(content)) = (tag, content) else {
            return Err(json.error(id, "`$tag` and `$value` need each other"));
        };
        let uri = json.string(tag).filter(|uri| !uri.is_empty());
        let uri = uri.ok_or_else(|| json.error(tag, "a tag must be a string that is not empty"))?;
        let node = match json.string(content).filter(|text| !text.is_empty()) {
            // The tag says what it is, so that it needs no quotes to be text.
            Some(text) => self.nodes.digits(&text),
            None if self.form(content) == Some("$recursive") => {
                return Err(
                    json.error(content, "a tag belongs to the node itself, not to an alias")
                );
            }
            None => self.value(content)?,
        };
        if self.nodes.tag(node).is_some() {
            return Err(json.error(content, "a node has one tag, this has one already"));
        }
        self.nodes.set_tag(node, &uri);
        Ok(node)
    }

    /// `[[key, value], …]` as a mapping, or as a list of mappings of one pair.
    fn pairs_of(&mut self, id: Id, form: &str, tag: Option<&str>) -> Result<NewNode> {
        let json = self.json;
        let node = match tag {
            None => self.nodes.map(Vec::new()),
            Some(_) => self.nodes.seq(Vec::new()),
        };
        self.enter(node)?;
        let (mut pairs, mut known) = (Vec::new(), HashSet::new());
        if json.kind(id) != Kind::List {
            return Err(json.error(id, format!("`{form}` takes a list of pairs")));
        }
        for item in json.children(id) {
            let (key, value) = self.two(item)?;
            let pair = self.pair(key, value)?;
            if tag.is_none() && !known.insert(self.equality(key, pair.0)) {
                return Err(twice(json, key));
            }
            pairs.push(pair);
        }
        self.open.pop();
        match tag {
            None => self.nodes.fill_map(node, pairs),
            Some(tag) => self.fill_pairs(node, pairs, tag),
        }
        Ok(node)
    }

    /// A list of `{"$tuple": [key, value]}`.
    fn tuples(&mut self, id: Id) -> Result<NewNode> {
        let json = self.json;
        let node = self.nodes.seq(Vec::new());
        self.enter(node)?;
        let mut pairs = Vec::new();
        for item in json.children(id) {
            let mut inner = json.children(item).skip(1);
            let (Some("$tuple"), Some(list), None) = (self.form(item), inner.next(), inner.next())
            else {
                return Err(json.error(item, "a list with a `$tuple` has nothing else"));
            };
            let (key, value) = self.two(list)?;
            pairs.push(self.pair(key, value)?);
        }
        self.open.pop();
        self.fill_pairs(node, pairs, PAIRS);
        Ok(node)
    }

    fn fill_pairs(&mut self, node: NewNode, pairs: Vec<(NewNode, NewNode)>, tag: &str) {
        let items = pairs.into_iter().map(|pair| self.nodes.map(vec![pair]));
        let items = items.collect();
        self.nodes.fill_seq(node, items);
        self.nodes.set_tag(node, tag);
        self.nodes.set_flow(node, false);
    }

    fn set(&mut self, id: Id) -> Result<NewNode> {
        let json = self.json;
        if json.kind(id) != Kind::List {
            return Err(json.error(id, "`$set` takes a list"));
        }
        let node = self.nodes.map(Vec::new());
        self.enter(node)?;
        let (mut pairs, mut known) = (Vec::new(), HashSet::new());
        for (index, item) in json.children(id).enumerate() {
            let key = self.below(Step::Index(index), item)?;
            if !known.insert(self.equality(item, key)) {
                return Err(twice(json, item));
            }
            pairs.push((key, self.nodes.null()));
        }
        self.open.pop();
        self.nodes.fill_map(node, pairs);
        self.nodes.set_tag(node, SET);
        Ok(node)
    }

    fn two(&self, id: Id) -> Result<(Id, Id)> {
        let mut items = self.json.children(id);
        match (self.json.kind(id), items.next(), items.next(), items.next()) {
            (Kind::List, Some(key), Some(value), None) => Ok((key, value)),
            _ => Err(self.json.error(id, "expected a pair `[key, value]`")),
        }
    }

    fn pair(&mut self, key: Id, value: Id) -> Result<(NewNode, NewNode)> {
        // What a key holds may name what is around it too.
        let name = self.below(Step::Nameless, key)?;
        Ok((name, self.below(Step::Key(name), value)?))
    }

    /// What makes a key equal to another: its text and whether it is a string.
    fn equality(&self, id: Id, key: NewNode) -> (bool, String) {
        let string = self.json.kind(id) == Kind::String;
        let text = self.nodes.key_text(key);
        (string, text.unwrap_or_else(|| self.json.raw(id).to_owned()))
    }

    /// The node around this one that a JSON Pointer names.
    fn ancestor(&self, id: Id) -> Result<NewNode> {
        let fail = |detail: &str| -> Error {
            self.json
                .error(id, format!("`$recursive` {detail}: {}", self.json.raw(id)))
        };
        let pointer = self
            .json
            .string(id)
            .ok_or_else(|| fail("takes a JSON Pointer"))?;
        let mut steps = pointer.split('/');
        if steps.next() != Some("") {
            return Err(fail("takes a JSON Pointer"));
        }
        let steps: Vec<_> = steps.map(unescape).collect();
        let text = |step: &Step| match step {
            Step::Index(index) => Some(index.to_string()),
            Step::Key(key) => self.nodes.key_text(*key),
            Step::Nameless => None,
        };
        let same = |(wanted, step): (&Option<String>, &Step)| match (wanted, text(step)) {
            (Some(wanted), Some(step)) => step == *wanted,
            (wanted, None) => wanted.is_some(),
            _ => false,
        };
        let around = steps.len() <= self.steps.len() && steps.iter().zip(&self.steps).all(same);
        let node = around.then(|| self.open.get(steps.len())).flatten();
        node.copied().ok_or_else(|| fail("names nothing around it"))
    }
}

fn twice(json: &JsonText<'_>, key: Id) -> Error {
    json.error(key, format!("the key {} stands there twice", json.raw(key)))
}

/// Decimal digits with an optional `-`, without zeros in front, which YAML takes for octal.
fn decimal(text: &str) -> Option<Cow<'_, str>> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(match digits.trim_start_matches('0') {
        "" => "0".into(),
        rest if rest.len() == digits.len() => text.into(),
        rest => format!("{sign}{rest}").into(),
    })
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}

#[cfg(test)]
mod tests;
