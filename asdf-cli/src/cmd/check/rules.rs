//! A file held against a profile.

use super::content;
use super::finding::Outcome;
use super::profile::{ArrayRule, NodeRule, Profile};
use asdf_core::{ArrayRef, AsdfFile};
use std::collections::HashSet;

/// How far arrays are looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Depth {
    /// Whether elements may be read.
    pub(super) elements: bool,
    /// The greatest share of NaN where the profile says none.
    pub(super) max_nan: Option<f64>,
}

/// Notes what in a file is not as the profile says.
pub(super) fn apply(profile: &Profile, file: &AsdfFile, depth: Depth, outcome: &mut Outcome) {
    for rule in &profile.nodes {
        node(rule, file, outcome);
    }
    for rule in &profile.arrays {
        array(rule, file, depth, outcome);
    }
    if let (true, Some(most)) = (profile.arrays.is_empty(), depth.max_nan) {
        few_nan(most, file, depth, outcome);
    }
}

/// Without a word on which arrays are meant the share of NaN is that of each.
fn few_nan(most: f64, file: &AsdfFile, depth: Depth, outcome: &mut Outcome) {
    // Arrays that cannot be listed are told of as damaged.
    let arrays = file.arrays().unwrap_or_default();
    let mut seen = HashSet::new();
    for (path, _) in arrays.iter().filter(|(_, node)| seen.insert(node.id())) {
        let rule = ArrayRule {
            path: path.to_string(),
            optional: true,
            max_nan: Some(most),
            ..ArrayRule::default()
        };
        array(&rule, file, depth, outcome);
    }
}

fn node(rule: &NodeRule, file: &AsdfFile, outcome: &mut Outcome) {
    match file.node(rule.path.as_str()) {
        Ok(node) => {
            if let Some(fault) = rule.fault(node) {
                outcome.add("value", Some(&node.path().to_string()), fault);
            }
        }
        Err(error) if !rule.optional => missing(&rule.path, &error, outcome),
        Err(_) => {}
    }
}

/// Notes that a node is not there.
pub(super) fn missing(path: &str, error: &asdf_core::Error, outcome: &mut Outcome) {
    let pointer = asdf_core::TreePath::parse(path).map(|path| path.to_string());
    let pointer = pointer.unwrap_or_else(|_| path.to_owned());
    outcome.add("missing-path", Some(&pointer), error.kind().to_string());
}

fn array(rule: &ArrayRule, file: &AsdfFile, depth: Depth, outcome: &mut Outcome) {
    let found = match file.node(rule.path.as_str()) {
        Ok(_) => file.array(rule.path.as_str()),
        Err(error) if !rule.optional => return missing(&rule.path, &error, outcome),
        Err(_) => return,
    };
    match found {
        Ok(found) => {
            form(rule, &found, outcome);
            if depth.elements {
                elements(rule, &found, depth, outcome);
            }
            file.note_warnings(&found);
        }
        // One that cannot be located is told of as such.
        Err(error) if error.is_corrupt() || error.is_unsupported() => {}
        Err(error) => outcome.add("value", Some(&rule.path), error.kind().to_string()),
    }
}

/// Datatype and shape.
fn form(rule: &ArrayRule, found: &ArrayRef<'_>, outcome: &mut Outcome) {
    let path = found.path().to_string();
    let datatype = found.datatype();
    let other = rule.same_as.as_ref().filter(|wanted| *wanted != datatype);
    let listed = rule.datatype.is_empty() || rule.datatype.contains(&datatype.to_string());
    if other.is_some() || !listed {
        let wanted = other.map_or_else(|| rule.datatype.join(" or "), ToString::to_string);
        outcome.add(
            "datatype",
            Some(&path),
            format!("{datatype}, expected {wanted}"),
        );
    }
    let shape = found.shape();
    let same = |wanted: &[i64]| {
        let any =
            |(length, wanted): (&u64, &i64)| *wanted < 0 || i64::try_from(*length) == Ok(*wanted);
        shape.len() == wanted.len() && shape.iter().zip(wanted).all(any)
    };
    match (&rule.shape, rule.ndim) {
        (Some(wanted), _) if !same(wanted) => {
            let wanted: Vec<String> = wanted.iter().copied().map(length).collect();
            let text = format!("shape {shape:?}, expected [{}]", wanted.join(", "));
            outcome.add("shape", Some(&path), text);
        }
        (None, Some(ndim)) if shape.len() != ndim => {
            let text = format!("shape {shape:?}, expected {ndim} axes");
            outcome.add("shape", Some(&path), text);
        }
        _ => {}
    }
}

fn length(wanted: i64) -> String {
    if wanted < 0 {
        "any".to_owned()
    } else {
        wanted.to_string()
    }
}

fn elements(rule: &ArrayRule, found: &ArrayRef<'_>, depth: Depth, outcome: &mut Outcome) {
    let max_nan = rule.max_nan.or(depth.max_nan.filter(|_| rule.varies));
    if !rule.varies && max_nan.is_none() {
        return;
    }
    // What cannot be read is told of by the check of the blocks.
    let Ok(content) = content::look(found, max_nan.is_some()) else {
        return;
    };
    let path = found.path().to_string();
    let varies = rule.varies && found.len() > 1;
    match content {
        _ if rule.varies && content.all_nan => {
            outcome.add("all-nan", Some(&path), "every element is NaN");
        }
        _ if varies && content.all_zero => {
            outcome.add("all-zero", Some(&path), "every element is zero");
        }
        _ if varies && content.constant => {
            outcome.add("constant", Some(&path), "all elements are the same");
        }
        _ => {}
    }
    if let (Some(most), Some(share)) = (max_nan, content.nan_share)
        && share > most
        && !(rule.varies && content.all_nan)
    {
        let text = format!("{share:.4} of the elements are NaN, expected {most} at most");
        outcome.add("nan-share", Some(&path), text);
    }
}
