//! A file held against a profile.

use super::content::Looks;
use super::finding::Outcome;
use super::profile::{ArrayRule, NodeRule, Profile};
use asdf_core::array::is_array;
use asdf_core::error::{ErrorKind, Usage};
use asdf_core::inspect::{PathPattern, Selection};
use asdf_core::{ArrayRef, AsdfFile, Result};
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
    let mut looks = Looks::default();
    for rule in &profile.arrays {
        array(rule, file, depth, (outcome, &mut looks));
    }
    if let (true, Some(most)) = (profile.arrays.is_empty(), depth.max_nan) {
        few_nan(most, file, depth, (outcome, &mut looks));
    }
}

/// Without a word on which arrays are meant the share of NaN is that of each.
fn few_nan(most: f64, file: &AsdfFile, depth: Depth, (outcome, looks): (&mut Outcome, &mut Looks)) {
    // Arrays that cannot be listed are told of as damaged.
    let arrays = file.arrays().unwrap_or_default();
    let mut seen = HashSet::new();
    for (path, _) in arrays.iter().filter(|(_, node)| seen.insert(node.id())) {
        let rule = ArrayRule {
            path: path.clone().into(),
            optional: true,
            max_nan: Some(most),
            ..ArrayRule::default()
        };
        array(&rule, file, depth, (&mut *outcome, &mut *looks));
    }
}

/// Looks at all that a path of a rule names; notes that there is nothing, unless nothing needs to be there.
fn each_found<'f>(
    path: &PathPattern,
    is_optional: bool,
    file: &'f AsdfFile,
    outcome: &mut Outcome,
    mut look: impl FnMut(&Selection<'f>, &mut Outcome),
) {
    let mut is_there = false;
    let mut all = || -> Result<()> {
        for found in file.select_all(path, false)? {
            is_there = true;
            look(&found?, outcome);
        }
        Ok(())
    };
    match all() {
        Ok(()) if !is_there && !is_optional => {
            if let Err(error) = file.select_one(path, false) {
                missing(path, &error, outcome);
            }
        }
        Err(error) if !(is_optional && error.is_mismatch()) => missing(path, &error, outcome),
        _ => {}
    }
}

fn node(rule: &NodeRule, file: &AsdfFile, outcome: &mut Outcome) {
    each_found(
        &rule.path,
        rule.optional,
        file,
        outcome,
        |found, outcome| {
            let fault = match &found.part {
                None => rule.fault(found.at.node),
                Some(_) if rule.has_value() => {
                    Some("elements of an array, whose values are not looked at".to_owned())
                }
                Some(_) => None,
            };
            if let Some(fault) = fault {
                outcome.add("value", Some(&found.to_string()), fault);
            }
        },
    );
}

/// Notes that a node is not there, or why it cannot be told whether it is.
pub(super) fn missing(path: &PathPattern, error: &asdf_core::Error, outcome: &mut Outcome) {
    let is_absent = error.is_mismatch()
        || matches!(
            error.kind(),
            ErrorKind::Usage(Usage::NoNode { .. } | Usage::Window { .. })
        );
    let kind = if is_absent { "missing-path" } else { "value" };
    outcome.add(kind, Some(&path.to_pointer()), error.kind().to_string());
}

fn array(
    rule: &ArrayRule,
    file: &AsdfFile,
    depth: Depth,
    (outcome, looks): (&mut Outcome, &mut Looks),
) {
    each_found(
        &rule.path,
        rule.optional,
        file,
        outcome,
        |found, outcome| {
            let path = found.to_string();
            if found.part.is_some() {
                outcome.add(
                    "value",
                    Some(&path),
                    "elements of an array, expected the array",
                );
                return;
            }
            // A pattern is one of arrays, whatever else it fits.
            if rule.path.is_wild() && !is_array(found.at.node) {
                return;
            }
            match file.array_as(found.at.node, &found.path) {
                Ok(array) => {
                    form(rule, &array, outcome);
                    if depth.elements {
                        elements(rule, &array, depth, (&mut *outcome, &mut *looks));
                    }
                    file.note_warnings(&array);
                }
                // One that cannot be located is told of as such.
                Err(error) if error.is_corrupt() || error.is_unsupported() => {}
                Err(error) => outcome.add("value", Some(&path), error.kind().to_string()),
            }
        },
    );
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

fn elements(
    rule: &ArrayRule,
    found: &ArrayRef<'_>,
    depth: Depth,
    (outcome, looks): (&mut Outcome, &mut Looks),
) {
    let max_nan = rule.max_nan.or(depth.max_nan.filter(|_| rule.varies));
    if !rule.varies && max_nan.is_none() {
        return;
    }
    // What cannot be read is told of by the check of the blocks.
    let Ok(content) = looks.look(found, max_nan.is_some()) else {
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
