//! A whole document written anew.

use super::edit::TreeEdit;
use super::emit::{Emitter, Handles, Lead};
use super::nodes::{Content, NewNode};
use super::occurrences::Occurrences;
use crate::error::Result;
use crate::limits::Limits;
use std::collections::{HashMap, HashSet};

/// The document as text. `old` is the text that it takes the place of: of its directives the
/// comments are kept.
pub(super) fn document(
    edit: &TreeEdit<'_>,
    handles: &Handles,
    old: &str,
    limits: &Limits,
) -> Result<String> {
    let mut out = String::from("%YAML 1.1\n");
    out.push_str(&handles.directives());
    let lines = super::line::lines(old).map(super::line::strip_break);
    let lines = lines.take_while(|line| !line.starts_with("---"));
    for comment in lines.filter(|line| line.starts_with('#')) {
        out.push_str(comment);
        out.push('\n');
    }
    out.push_str("---");
    let names = names(edit);
    let mut emitter = Emitter::new(&edit.nodes, handles, names, HashSet::new(), limits.depth);
    out.push_str(&emitter.value_text(edit.root, 0, Lead::Document)?);
    out.push_str("\n...\n");
    Ok(out)
}

/// A name for every node that has an anchor or stands in several places; no two are the same.
pub(super) fn names(edit: &TreeEdit<'_>) -> HashMap<NewNode, Box<str>> {
    if !may_have_names(edit) {
        return HashMap::new();
    }
    let (mut order, seen) = reachable(edit);
    let anchor = |node: NewNode| edit.nodes.entry(node)?.anchor.as_ref();
    order.retain(|node| seen.is_shared(*node) || anchor(*node).is_some());
    let mut taken = HashSet::new();
    let mut names: HashMap<NewNode, Box<str>> = HashMap::new();
    for node in &order {
        if let Some(name) = anchor(*node).filter(|name| taken.insert((*name).clone())) {
            names.insert(*node, name.clone());
        }
    }
    let mut next = 1_u32;
    for node in order {
        let scalar = matches!(edit.nodes.content(node), Some(Content::Scalar { .. }));
        if names.contains_key(&node) || (scalar && anchor(node).is_none()) {
            continue;
        }
        let mut name: Box<str> = format!("id{next:03}").into();
        while !taken.insert(name.clone()) {
            next = next.saturating_add(1);
            name = format!("id{next:03}").into();
        }
        names.insert(node, name);
    }
    names
}

/// False when no node has an anchor or stands in several places, seen by one look at each.
fn may_have_names(edit: &TreeEdit<'_>) -> bool {
    let entries = &edit.nodes.entries;
    let mut seen = Occurrences::none(entries.len());
    // The root is below nothing, but may be within itself.
    seen.add(edit.root);
    let mut is_first = |node: NewNode| seen.add(node);
    !entries.iter().all(|entry| {
        entry.anchor.is_none()
            && match &entry.content {
                Content::Scalar { .. } => true,
                Content::Seq { items, .. } => items.iter().all(|item| is_first(*item)),
                Content::Map { pairs, .. } => {
                    let mut both = pairs.iter().flat_map(|pair| [pair.0, pair.1]);
                    both.all(&mut is_first)
                }
            }
    })
}

/// Every node once, in the order of the document, and how often each occurs.
pub(super) fn reachable(edit: &TreeEdit<'_>) -> (Vec<NewNode>, Occurrences) {
    let mut seen = Occurrences::none(edit.nodes.entries.len());
    let mut order = Vec::new();
    let mut waiting = vec![edit.root];
    while let Some(node) = waiting.pop() {
        if !seen.add(node) {
            continue;
        }
        order.push(node);
        match edit.nodes.content(node) {
            Some(Content::Seq { items, .. }) => waiting.extend(items.iter().rev()),
            Some(Content::Map { pairs, .. }) => {
                waiting.extend(pairs.iter().rev().flat_map(|pair| [pair.1, pair.0]));
            }
            _ => {}
        }
    }
    (order, seen)
}
