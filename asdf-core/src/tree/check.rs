//! What is looked at once, right after parsing: scalars whose text does not fit their type, mappings
//! with duplicate or merge keys, and the shape of YAML's own collections.

use super::Tree;
use super::arena::{CoreTag, EntryKind};
use super::integer::{Integer, MAX_CONVERTED};
use super::key::Key;
use super::node::{Node, NodeId, NodeKind};
use super::scalar;
use super::timestamp::Timestamp;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use crate::limits::Limits;
use std::collections::HashMap;

/// Mappings up to this size are checked for duplicates pair by pair, without hashing.
const SMALL: usize = 12;
/// Digits beyond which Python refuses an integer.
const PYTHON_DIGITS: usize = 4300;

pub(super) fn check(tree: &mut Tree, limits: &Limits, warnings: &mut Vec<Warning>) -> Result<()> {
    let mut merging = Vec::new();
    let mut doubled = Vec::new();
    for number in 0..tree.arena.entries.len() {
        let Ok(id) = u32::try_from(number) else { break };
        let entry = tree.arena.entry(id);
        let node = Node { tree, id: NodeId(id) };
        match entry.kind {
            EntryKind::Alias => {}
            EntryKind::Scalar => check_scalar(node, warnings)?,
            EntryKind::Seq => check_seq(node)?,
            EntryKind::Map => {
                check_map_tag(node)?;
                match check_keys(node, warnings) {
                    Keys::Plain => {}
                    Keys::Doubled => doubled.push(id),
                    Keys::Merging => merging.push(id),
                }
            }
        }
    }
    let flattened = flatten_all(tree, &merging, &doubled, limits)?;
    for (id, slots) in flattened {
        let start = u32::try_from(tree.arena.children.len()).unwrap_or(u32::MAX);
        tree.arena.children.extend(slots);
        let end = u32::try_from(tree.arena.children.len()).unwrap_or(u32::MAX);
        tree.arena.logical.insert(id, start..end);
    }
    Ok(())
}

fn bad_scalar(node: Node<'_>, wanted: &'static str) -> Error {
    let text: String = node.text().unwrap_or_default().chars().take(60).collect();
    Error::from(Malformed::Scalar { text: text.escape_debug().to_string().into(), wanted })
        .at(node.span())
        .at_path(|| node.path())
}

fn check_scalar(node: Node<'_>, warnings: &mut Vec<Warning>) -> Result<()> {
    let text = node.text().unwrap_or_default();
    let fits = match node.scalar_type() {
        CoreTag::Str | CoreTag::Null | CoreTag::Merge | CoreTag::Value | CoreTag::Plain => return Ok(()),
        CoreTag::Bool => scalar::bool_value(text).is_some(),
        CoreTag::Int => return check_int(node, text, warnings),
        CoreTag::Float => scalar::float_value(text).is_some(),
        CoreTag::Timestamp => Timestamp::parse(text).is_some(),
        CoreTag::Binary => super::value::decode_binary(text).is_some(),
        CoreTag::Seq | CoreTag::Map | CoreTag::Set | CoreTag::Omap | CoreTag::Pairs => false,
    };
    if fits { Ok(()) } else { Err(bad_scalar(node, node.type_label())) }
}

fn check_int(node: Node<'_>, text: &str, warnings: &mut Vec<Warning>) -> Result<()> {
    match scalar::int_value(text) {
        None if text.len() > MAX_CONVERTED => {
            let (needed, allowed) = (text.len() as u64, MAX_CONVERTED as u64);
            let what = "digits of an integer that is not decimal";
            Err(Error::from(LimitExceeded { what, name: "fixed", needed, allowed }).at(node.span()).at_path(|| node.path()))
        }
        None => Err(bad_scalar(node, "int")),
        Some(Integer::Large(digits)) if digits.len() > PYTHON_DIGITS => {
            let kind = WarningKind::HugeInteger { digits: digits.len() };
            warnings.push(Warning::new(kind).at(node.span()).at_path(node.path()));
            Ok(())
        }
        Some(Integer::Large(_)) => {
            warnings.push(Warning::new(WarningKind::WideInteger).at(node.span()).at_path(node.path()));
            Ok(())
        }
        Some(Integer::Small(_)) => Ok(()),
    }
}

fn collection(node: Node<'_>, wanted: &'static str) -> Error {
    let found = node.describe();
    Error::from(Malformed::Collection { found, wanted }).at(node.span()).at_path(|| node.path())
}

fn check_seq(node: Node<'_>) -> Result<()> {
    match node.core_tag() {
        None | Some(CoreTag::Seq | CoreTag::Plain) => Ok(()),
        Some(CoreTag::Omap | CoreTag::Pairs) => {
            let pairs = node.as_seq().into_iter().flat_map(super::node::Seq::iter);
            for item in pairs {
                if item.raw_len() != 2 || item.kind() != NodeKind::Map {
                    return Err(collection(item, "a mapping of one pair"));
                }
            }
            Ok(())
        }
        Some(CoreTag::Map | CoreTag::Set) => Err(collection(node, "a mapping")),
        Some(_) => Err(collection(node, "a scalar")),
    }
}

fn check_map_tag(node: Node<'_>) -> Result<()> {
    match node.core_tag() {
        None | Some(CoreTag::Map | CoreTag::Set | CoreTag::Plain) => Ok(()),
        Some(CoreTag::Seq | CoreTag::Omap | CoreTag::Pairs) => Err(collection(node, "a list")),
        Some(_) => Err(collection(node, "a scalar")),
    }
}

enum Keys {
    Plain,
    Doubled,
    Merging,
}

fn check_keys(node: Node<'_>, warnings: &mut Vec<Warning>) -> Keys {
    let Some(map) = node.as_map() else { return Keys::Plain };
    let mut merging = false;
    for (key, _) in map.raw_iter() {
        merging |= key.is_merge_key();
        if !key.is_usual_key() {
            let found = key.describe();
            warnings.push(Warning::new(WarningKind::KeyType { found }).at(key.span()).at_path(node.path()));
        }
    }
    if merging {
        return Keys::Merging;
    }
    match duplicate(node) {
        None => Keys::Plain,
        Some(key) => {
            let kind = WarningKind::DuplicateKey { key: key.key_text().into() };
            warnings.push(Warning::new(kind).at(key.span()).at_path(node.path()));
            Keys::Doubled
        }
    }
}

/// The first key that stands there before.
fn duplicate(node: Node<'_>) -> Option<Node<'_>> {
    let map = node.as_map()?;
    let count = map.raw_iter().len();
    if count <= SMALL {
        let mut known: [Option<Key<'_>>; SMALL] = Default::default();
        for (index, (key, _)) in map.raw_iter().enumerate() {
            let this = Key::of(key);
            if known.iter().take(index).flatten().any(|other| *other == this) {
                return Some(key);
            }
            if let Some(slot) = known.get_mut(index) {
                *slot = Some(this);
            }
        }
        return None;
    }
    let mut known = std::collections::HashSet::with_capacity(count);
    map.raw_iter().map(|pair| pair.0).find(|key| !known.insert(Key::of(*key)))
}

type Flat = HashMap<u32, Vec<u32>>;

/// The pairs of mappings with merge or duplicate keys, as a reader sees them.
fn flatten_all(tree: &Tree, merging: &[u32], doubled: &[u32], limits: &Limits) -> Result<Flat> {
    let mut flat = Flat::new();
    for &id in doubled {
        flat.insert(id, last_wins(tree, tree.arena.slots(id)));
    }
    let mut state = Merge { tree, limits, flat, costs: HashMap::new(), open: Vec::new() };
    for &id in merging {
        state.flatten(id)?;
    }
    Ok(state.flat)
}

/// Of equal keys the first place and the last value, as in a Python dict.
fn last_wins(tree: &Tree, slots: &[u32]) -> Vec<u32> {
    let mut places: HashMap<Key<'_>, usize> = HashMap::with_capacity(slots.len() / 2);
    let mut out: Vec<u32> = Vec::with_capacity(slots.len());
    for pair in slots.chunks_exact(2) {
        let [key, value] = pair else { continue };
        let node = Node { tree, id: NodeId(tree.arena.settle(*key)) };
        match places.get(&Key::of(node)) {
            Some(&at) => {
                if let Some(slot) = out.get_mut(at) {
                    *slot = *value;
                }
            }
            None => {
                places.insert(Key::of(node), out.len() + 1);
                out.extend([*key, *value]);
            }
        }
    }
    out
}

/// Flattening of merge keys: each mapping once, iteratively, with the cost that repeating it would have.
struct Merge<'t> {
    tree: &'t Tree,
    limits: &'t Limits,
    flat: Flat,
    /// Pairs that copying without sharing would make: the budget counts what a naive reader pays.
    costs: HashMap<u32, u64>,
    open: Vec<u32>,
}

impl Merge<'_> {
    fn node(&self, id: u32) -> Node<'_> {
        Node { tree: self.tree, id: NodeId(id) }
    }

    fn flatten(&mut self, id: u32) -> Result<()> {
        self.open.push(id);
        while let Some(&id) = self.open.last() {
            if self.costs.contains_key(&id) {
                self.open.pop();
                continue;
            }
            let sources = self.sources(id)?;
            let missing = sources.iter().copied().find(|source| self.has_merge(*source) && !self.costs.contains_key(source));
            if let Some(source) = missing {
                if self.open.contains(&source) {
                    let node = self.node(id);
                    return Err(Error::from(Malformed::MergeCycle).at(node.span()).at_path(|| node.path()));
                }
                self.open.push(source);
                continue;
            }
            self.join(id, &sources)?;
            self.open.pop();
        }
        Ok(())
    }

    fn has_merge(&self, id: u32) -> bool {
        self.node(id).as_map().is_some_and(|map| map.raw_iter().any(|pair| pair.0.is_merge_key()))
    }

    /// The mappings merged into this one, those that win last.
    fn sources(&self, id: u32) -> Result<Vec<u32>> {
        let mut out = Vec::new();
        for (key, value) in self.node(id).as_map().into_iter().flat_map(|map| map.raw_iter()) {
            if !key.is_merge_key() {
                continue;
            }
            match value.kind() {
                NodeKind::Map => out.push(value.id.0),
                NodeKind::Seq => {
                    let items: Vec<Node<'_>> = value.as_seq().into_iter().flat_map(super::node::Seq::iter).collect();
                    for item in items.into_iter().rev() {
                        if item.kind() != NodeKind::Map {
                            return Err(collection(item, "a mapping to merge"));
                        }
                        out.push(item.id.0);
                    }
                }
                NodeKind::Scalar => return Err(collection(value, "a mapping or a list of mappings to merge")),
            }
        }
        Ok(out)
    }

    fn join(&mut self, id: u32, sources: &[u32]) -> Result<()> {
        let own: Vec<u32> = self
            .tree
            .arena
            .slots(id)
            .chunks_exact(2)
            .filter(|pair| pair.first().is_some_and(|key| !self.node(self.tree.arena.settle(*key)).is_merge_key()))
            .flatten()
            .copied()
            .collect();
        let mut cost = own.len() as u64 / 2;
        let mut slots: Vec<u32> = Vec::new();
        for source in sources {
            let pairs = match self.flat.get(source) {
                Some(flat) => flat.as_slice(),
                None => self.tree.arena.slots(*source),
            };
            cost = cost.saturating_add(self.costs.get(source).copied().unwrap_or(pairs.len() as u64 / 2));
            slots.extend(pairs);
            if slots.len() > 1 << 16 {
                slots = last_wins(self.tree, &slots);
            }
        }
        let allowed = self.limits.expanded_nodes;
        if cost > allowed {
            let node = self.node(id);
            let fact = LimitExceeded { what: "pairs made by merge keys", name: "expanded_nodes", needed: cost, allowed };
            return Err(Error::from(fact).at(node.span()).at_path(|| node.path()));
        }
        slots.extend(own);
        let flat = last_wins(self.tree, &slots);
        self.costs.insert(id, cost);
        self.flat.insert(id, flat);
        Ok(())
    }
}
