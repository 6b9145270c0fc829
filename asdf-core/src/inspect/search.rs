//! Finding nodes by key, value, type, tag and path.

mod wanted;

use crate::error::{LimitExceeded, Locate, Result};
use crate::file::AsdfFile;
use crate::inspect::arrays::ArrayInfo;
use crate::inspect::shorten::short_tag;
use crate::limits::Limit;
use crate::tree::EXPANDED;
use crate::tree::Measure;
use crate::tree::Node;
use crate::tree::TreePath;
use crate::tree::Value;
use crate::tree::Walk;
use regex::Regex;
use std::str::FromStr;
use wanted::Wanted;

/// The type of a node, as a person names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// Text.
    Str,
    /// An integer of any size.
    Int,
    /// A float.
    Float,
    /// True or false.
    Bool,
    /// Nothing.
    Null,
    /// A date or time.
    Timestamp,
    /// `!!binary`.
    Binary,
    /// A mapping, set or ordered mapping.
    Map,
    /// A list.
    List,
    /// An ndarray.
    Array,
}

impl FromStr for ValueType {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(match name {
            "str" | "string" => Self::Str,
            "int" | "integer" => Self::Int,
            "float" | "number" => Self::Float,
            "bool" | "boolean" => Self::Bool,
            "null" | "none" => Self::Null,
            "timestamp" | "datetime" => Self::Timestamp,
            "binary" | "bytes" => Self::Binary,
            "map" | "mapping" | "dict" | "object" => Self::Map,
            "list" | "seq" | "sequence" => Self::List,
            "array" | "ndarray" => Self::Array,
            _ => {
                return Err(format!(
                    "no type `{name}`; there are str, int, float, bool, null, timestamp, binary, map, list, array"
                ));
            }
        })
    }
}

/// The conditions; those that are `None` hold for every node.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// The node's own key, or the text of its value, contains this.
    pub text: Option<Regex>,
    /// The node's own key contains this.
    pub key: Option<Regex>,
    /// The value, written in YAML: a scalar, a list or a mapping. Numbers compare as numbers; nothing else crosses types.
    pub value: Option<String>,
    /// The type.
    pub kind: Option<ValueType>,
    /// The tag, full or short; `*` stands for any text.
    pub tag: Option<String>,
    /// The JSON Pointer contains this.
    pub path: Option<Regex>,
    /// The other way round: the scalars for which not all of the conditions hold.
    pub invert: bool,
}

impl Query {
    /// True when there is no condition.
    pub fn is_empty(&self) -> bool {
        self.text.is_none()
            && self.key.is_none()
            && self.value.is_none()
            && self.kind.is_none()
            && self.tag.is_none()
            && self.path.is_none()
    }
}

/// A node found.
#[derive(Debug, Clone)]
pub struct Hit<'f> {
    /// The path of the node.
    pub path: TreePath,
    /// The node.
    pub node: Node<'f>,
}

impl AsdfFile {
    /// The nodes for which all conditions hold, in document order, found as they are asked for. A shared
    /// node is found at each of its paths, a node that contains itself once.
    ///
    /// # Errors
    /// `expanded_nodes` of [`Limits`](crate::limits::Limits): there are too many places. Most often that is known before the first node is given.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::inspect::{Query, ValueType};
    ///
    /// let file = AsdfFile::open(path)?;
    /// let query = Query {
    ///     kind: Some(ValueType::Float),
    ///     path: Some(regex::Regex::new("exposure/.*time").expect("a pattern")),
    ///     ..Query::default()
    /// };
    /// for hit in file.search(&query)? {
    ///     let hit = hit?;
    ///     println!("{} {:?}", hit.path, hit.node.value());
    /// }
    /// # assert_eq!(file.search(&query)?.count(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn search(&self, query: &Query) -> Result<Search<'_>> {
        let conditions = Conditions {
            wanted: query
                .value
                .as_deref()
                .map(|text| Wanted::parse(text, self.limits())),
            query: query.clone(),
        };
        let root = self.tree().root();
        let visits = conditions.visits(root);
        let needed = visits.of(root);
        let allowed = self.limits().expanded_nodes;
        LimitExceeded::check(EXPANDED, Limit::ExpandedNodes, needed, allowed)
            .in_file(self.name())?;
        Ok(Search {
            walk: self.tree().walk(self.limits()),
            conditions,
            visits,
        })
    }
}

/// The nodes that a search finds, one after the other.
#[derive(Debug)]
pub struct Search<'f> {
    walk: Walk<'f>,
    conditions: Conditions,
    visits: Measure,
}

impl<'f> Iterator for Search<'f> {
    type Item = Result<Hit<'f>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let node = match self.walk.next()? {
                Ok(node) => node,
                Err(error) => return Some(Err(error)),
            };
            let key = self.walk.key();
            // The path costs most, so it is made last.
            let hit = (self.conditions.may_hold(node, key.as_deref()))
                .then(|| self.walk.path())
                .filter(|path| self.conditions.hold_at(node, key.as_deref(), path));
            if self.visits.of(node) == 0 {
                self.walk.skip_children();
            }
            if let Some(path) = hit {
                return Some(Ok(Hit { path, node }));
            }
        }
    }
}

/// A query in the form in which it is asked of each node.
#[derive(Debug)]
struct Conditions {
    query: Query,
    wanted: Option<Wanted>,
}

impl Conditions {
    /// Whether the node can be one that is found: what the path says is not known yet.
    fn may_hold(&self, node: Node<'_>, key: Option<&str>) -> bool {
        if self.query.invert {
            let is_scalar = node.text().is_some();
            return is_scalar && (self.query.path.is_some() || !self.hold(node, key));
        }
        self.hold(node, key)
    }

    /// Whether it is, once it can be.
    fn hold_at(&self, node: Node<'_>, key: Option<&str>, path: &TreePath) -> bool {
        if self.query.invert {
            return !(self.hold(node, key) && self.hold_for_path(path));
        }
        self.hold_for_path(path)
    }

    /// Whether those hold that need no path.
    fn hold(&self, node: Node<'_>, key: Option<&str>) -> bool {
        let query = &self.query;
        let contains = |pattern: &Regex| {
            key.is_some_and(|key| pattern.is_match(key))
                || node.text().is_some_and(|text| pattern.is_match(text))
        };
        query.text.as_ref().is_none_or(contains)
            && query
                .key
                .as_ref()
                .is_none_or(|pattern| key.is_some_and(|key| pattern.is_match(key)))
            && query.kind.is_none_or(|kind| is_type(node, kind))
            && query.tag.as_deref().is_none_or(|glob| has_tag(node, glob))
            && self
                .wanted
                .as_ref()
                .is_none_or(|wanted| wanted.equals(node))
    }

    fn hold_for_path(&self, path: &TreePath) -> bool {
        let pattern = self.query.path.as_ref();
        pattern.is_none_or(|pattern| pattern.is_match(&path.to_string()))
    }

    /// For each node how many nodes a walk below it visits that leaves out what holds nothing to be found: 0 where nothing is.
    fn visits(&self, root: Node<'_>) -> Measure {
        Measure::fold(
            root,
            |_| true,
            |node, known| {
                let mut found = false;
                let mut visits = 0_u64;
                for (key, child) in children(node) {
                    // What contains this node may hold anything.
                    let below = known(child).unwrap_or(1);
                    visits = visits.saturating_add(1).saturating_add(below);
                    let key = key.map(Node::key_text);
                    found = found || below > 0 || self.may_hold(child, key.as_deref());
                }
                if found { visits } else { 0 }
            },
        )
    }
}

/// The children of a node that a walk visits, with their keys.
fn children<'t>(node: Node<'t>) -> Box<dyn Iterator<Item = (Option<Node<'t>>, Node<'t>)> + 't> {
    if let Some(map) = node.as_map() {
        return Box::new(map.iter().map(|(key, value)| (Some(key), value)));
    }
    match node.as_seq() {
        Some(seq) => Box::new(seq.iter().map(|item| (None, item))),
        None => Box::new(std::iter::empty()),
    }
}

fn is_type(node: Node<'_>, kind: ValueType) -> bool {
    if kind == ValueType::Array {
        return ArrayInfo::is_array(node);
    }
    match node.value() {
        Value::Null => kind == ValueType::Null,
        Value::Bool(_) => kind == ValueType::Bool,
        Value::Int(_) | Value::BigInt(_) => kind == ValueType::Int,
        Value::Float(_) => kind == ValueType::Float,
        Value::Str(_) => kind == ValueType::Str,
        Value::Timestamp(_) => kind == ValueType::Timestamp,
        Value::Binary(_) => kind == ValueType::Binary,
        Value::Seq(_) => kind == ValueType::List,
        Value::Map(_) | Value::Set(_) | Value::Omap(_) | Value::Pairs(_) => kind == ValueType::Map,
    }
}

fn has_tag(node: Node<'_>, glob: &str) -> bool {
    node.tag()
        .is_some_and(|tag| matches_glob(glob, tag.as_str()) || matches_glob(glob, &short_tag(tag)))
}

/// `*` stands for any text. Linear in the text for each part of the pattern.
pub fn matches_glob(glob: &str, text: &str) -> bool {
    let mut parts = glob.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let Some(last) = glob.contains('*').then(|| parts.next_back()).flatten() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest
            .find(part)
            .and_then(|at| rest.get(at.saturating_add(part.len())..))
        {
            Some(behind) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches_glob(
            "tag:*/ndarray-*",
            "tag:stsci.edu:asdf/core/ndarray-1.1.0"
        ));
        assert!(matches_glob("core/ndarray-1.1.0", "core/ndarray-1.1.0"));
        assert!(!matches_glob("core/ndarray", "core/ndarray-1.1.0"));
        assert!(matches_glob("*", ""));
        assert!(!matches_glob("ab*ba", "aba"));
    }
}
