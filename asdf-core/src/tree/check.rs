//! What is looked at once, right after parsing: scalars whose text does not fit their type, mappings
//! with duplicate or merge keys, and the shape of YAML's own collections.

use super::Tree;
use super::arena::{CoreTag, EntryKind};
use super::integer::{Integer, MAX_CONVERTED};
use super::key;
use super::merge;
use super::node::{Node, NodeId, NodeKind};
use super::notes::Notes;
use super::scalar;
use super::tag::Tag;
use super::timestamp::Timestamp;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::WarningKind;
use crate::limits::Limits;
use std::collections::HashSet;

/// Digits beyond which Python refuses an integer.
const PYTHON_DIGITS: usize = 4300;

pub(super) fn check(tree: &mut Tree, limits: &Limits, notes: &mut Notes<'_>) -> Result<()> {
    let mut merging = Vec::new();
    let mut doubled = Vec::new();
    // The reference writes `!!omap` before each pair as well.
    let mut tagged_pairs = HashSet::new();
    for number in 0..tree.arena.entries.len() {
        let Ok(id) = u32::try_from(number) else { break };
        let entry = tree.arena.entry(id);
        let node = Node {
            tree,
            id: NodeId(id),
        };
        match entry.kind {
            EntryKind::Alias => {}
            EntryKind::Scalar => check_scalar(node, notes)?,
            EntryKind::Seq => {
                check_seq(node)?;
                if node.core_tag() == Some(CoreTag::Omap) {
                    let items = node.as_seq().into_iter().flat_map(super::node::Seq::iter);
                    let tagged = items.filter(|item| item.core_tag() == Some(CoreTag::Omap));
                    tagged_pairs.extend(tagged.map(Node::id));
                }
            }
            EntryKind::Map => {
                if !tagged_pairs.contains(&node.id()) {
                    check_map_tag(node)?;
                }
                match check_keys(node, notes) {
                    Keys::Plain => {}
                    Keys::Doubled => doubled.push(id),
                    Keys::Merging => merging.push(id),
                }
            }
        }
    }
    check_tags(tree, notes);
    let flattened = merge::flatten(tree, &merging, &doubled, limits.expanded_nodes)?;
    // In order, so that the same text always gives the same tree.
    let mut flattened: Vec<_> = flattened.into_iter().collect();
    flattened.sort_unstable_by_key(|flat| flat.0);
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
    Error::from(Malformed::Scalar {
        text: text.escape_debug().to_string().into(),
        wanted,
    })
    .at(node.span())
    .at_path(|| node.path())
}

fn check_scalar(node: Node<'_>, notes: &mut Notes<'_>) -> Result<()> {
    let scalar_type = node.scalar_type();
    // The look of its text has shown that it fits.
    let by_look = matches!(scalar_type, CoreTag::Bool | CoreTag::Float) && !node.is_tagged();
    if by_look {
        return Ok(());
    }
    let text = node.text().unwrap_or_default();
    let fits = match scalar_type {
        CoreTag::Str | CoreTag::Null | CoreTag::Merge | CoreTag::Value | CoreTag::Plain => {
            return Ok(());
        }
        CoreTag::Bool => scalar::bool_value(text).is_some(),
        CoreTag::Int => return check_int(node, text, notes),
        CoreTag::Float => scalar::float_value(text).is_some(),
        CoreTag::Timestamp => Timestamp::parse(text).is_some(),
        CoreTag::Binary => super::value::decode_binary(text).is_some(),
        CoreTag::Seq | CoreTag::Map | CoreTag::Set | CoreTag::Omap | CoreTag::Pairs => false,
    };
    if fits {
        Ok(())
    } else {
        Err(bad_scalar(node, node.type_label()))
    }
}

fn check_int(node: Node<'_>, text: &str, notes: &mut Notes<'_>) -> Result<()> {
    match scalar::int_value(text) {
        None if text.len() > MAX_CONVERTED => {
            let (needed, allowed) = (text.len() as u64, MAX_CONVERTED as u64);
            let what = "digits of an integer that is not decimal";
            Err(Error::from(LimitExceeded::new(what, None, needed, allowed))
                .at(node.span())
                .at_path(|| node.path()))
        }
        None => Err(bad_scalar(node, "int")),
        Some(Integer::Large(digits)) if digits.len() > PYTHON_DIGITS => {
            notes.on(node, || WarningKind::HugeInteger {
                digits: digits.len(),
            });
            Ok(())
        }
        Some(Integer::Large(_)) => {
            notes.on(node, || WarningKind::WideInteger);
            Ok(())
        }
        Some(Integer::Small(_)) => Ok(()),
    }
}

pub(super) fn collection(node: Node<'_>, wanted: &'static str) -> Error {
    let found = node.describe();
    Error::from(Malformed::Collection { found, wanted })
        .at(node.span())
        .at_path(|| node.path())
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

fn check_keys(node: Node<'_>, notes: &mut Notes<'_>) -> Keys {
    let Some(map) = node.as_map() else {
        return Keys::Plain;
    };
    let (mut merging, mut only_text) = (false, true);
    for (key, _) in map.raw_iter() {
        if key.is_text() {
            continue;
        }
        only_text = false;
        merging |= key.is_merge_key();
        if !key.is_usual_key() {
            notes.on(key, || WarningKind::KeyType {
                found: key.describe(),
            });
        }
    }
    let doubled = if only_text {
        key::duplicate_text(map)
    } else {
        key::duplicate(node)
    };
    if let Some(key) = doubled {
        notes.on(key, || WarningKind::DuplicateKey {
            key: key.key_text().into(),
        });
    }
    match doubled {
        _ if merging => Keys::Merging,
        Some(_) => Keys::Doubled,
        None => Keys::Plain,
    }
}

/// The core tags of the standard up to 1.7.0 with their newest major and minor version.
const CORE_TAGS: [(&str, (u64, u64)); 13] = [
    ("asdf", (1, 1)),
    ("column", (1, 2)),
    ("complex", (1, 0)),
    ("constant", (1, 0)),
    ("datatype", (1, 0)),
    ("extension_metadata", (1, 0)),
    ("externalarray", (1, 0)),
    ("history_entry", (1, 0)),
    ("integer", (1, 2)),
    ("ndarray", (1, 2)),
    ("software", (1, 0)),
    ("subclass_metadata", (1, 0)),
    ("table", (1, 2)),
];

/// What is odd about a tag, if anything: those of other packages are theirs to know.
fn odd_tag(tag: &Tag) -> Option<WarningKind> {
    let uri = || tag.as_str().escape_debug().to_string().into();
    if tag.as_str().starts_with("tag:yaml.org,2002:python/") {
        return Some(WarningKind::LanguageTag { tag: uri() });
    }
    let name = tag.base().strip_prefix("tag:stsci.edu:asdf/core/")?;
    match (
        CORE_TAGS.iter().find(|known| known.0 == name),
        tag.version(),
    ) {
        (Some((_, newest)), Some((major, minor, _))) if (major, minor) > *newest => {
            Some(WarningKind::NewerTag {
                tag: uri(),
                major: newest.0,
                minor: newest.1,
            })
        }
        (Some(_), Some(_)) => None,
        _ => Some(WarningKind::UnknownTag { tag: uri() }),
    }
}

/// Warns once of each odd tag.
fn check_tags(tree: &Tree, notes: &mut Notes<'_>) {
    let mut odd: Vec<_> = tree
        .arena
        .tags
        .iter()
        .map(|(tag, _)| odd_tag(tag))
        .collect();
    if odd.iter().all(Option::is_none) {
        return;
    }
    for (entry, id) in tree.arena.entries.iter().zip(0..) {
        let slot = (entry.tag as usize)
            .checked_sub(1)
            .and_then(|index| odd.get_mut(index));
        if let Some(kind) = slot.and_then(Option::take) {
            notes.on(
                Node {
                    tree,
                    id: NodeId(id),
                },
                || kind,
            );
        }
    }
}
