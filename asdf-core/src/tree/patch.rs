//! The text of an edited tree: the original text, with only the changed places written anew.
//!
//! A change is planned as a list of operations on the slots of the original containers
//! (`patch/plan.rs`), each of which replaces pieces of the text (`patch/splice.rs`). Where the layout
//! of the text is too unusual for that, the container is written anew as a whole.

mod plan;
mod splice;

use super::Tree;
use super::edit::TreeEdit;
use super::emit::{Emitter, Handles};
use super::full;
use crate::error::Result;
use crate::limits::Limits;
use plan::{Operation, Plan};
use splice::{Patch, Splicer};
use std::collections::BTreeSet;

/// Times that a plan is made anew because a container could not be patched.
const ATTEMPTS: usize = 20;

/// The patched text; `None` when the whole document must be written anew.
pub(super) fn text(edit: &TreeEdit<'_>, tree: &Tree, limits: &Limits) -> Result<Option<String>> {
    let mut anew = BTreeSet::new();
    for _ in 0..ATTEMPTS {
        let Some(plan) = Plan::make(edit, tree, &anew) else {
            return Ok(None);
        };
        match apply(edit, tree, &plan, limits)? {
            Ok(text) => return Ok(Some(text)),
            Err(container) if container != 0 && anew.insert(container) => {}
            Err(_) => return Ok(None),
        }
    }
    Ok(None)
}

/// The text with all operations done, or the container for which one cannot be.
fn apply(
    edit: &TreeEdit<'_>,
    tree: &Tree,
    plan: &Plan,
    limits: &Limits,
) -> Result<std::result::Result<String, u32>> {
    let handles = Handles::of(tree.text());
    let names = full::names(edit);
    let mut emitter = Emitter::new(
        &edit.nodes,
        &handles,
        names,
        plan.surviving(tree),
        limits.depth,
    );
    let splicer = Splicer::new(tree);
    let mut patches: Vec<Patch> = Vec::new();
    for operation in &plan.operations {
        if let Operation::Revive { node, .. } = operation
            && emitter.is_defined(*node)
        {
            continue;
        }
        match splicer.patch(operation, &mut emitter)? {
            Some(more) => patches.extend(more),
            None => return Ok(Err(operation.container())),
        }
    }
    for id in edit.retagged.iter().filter(|id| !plan.is_gone(tree, **id)) {
        let tag = edit.nodes.tag(super::NewNode(*id)).unwrap_or_default();
        match splicer.tag_patch(*id, &handles.shorten(tag)) {
            Some(patch) => patches.push(patch),
            None => return Ok(Err(0)),
        }
    }
    Ok(splice::join(tree.text(), patches).ok_or(0))
}
