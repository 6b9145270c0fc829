//! What the commands that change a file have in common.

pub(crate) mod cards;

use crate::check::CheckArgs;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::Inputs;
use crate::usage::refused;
use asdf_core::file::{KeywordChange, MovedReference, Updated};
use asdf_core::tree::NewNode;
use asdf_core::{AsdfFile, Draft, Node, Result, TreePath, WriteOptions};
use std::collections::{BTreeSet, HashSet};
use std::path::Path;

/// Changed cards that are named.
const CARDS: usize = 8;

/// Options of every command that changes a file.
#[derive(Debug, clap::Args)]
pub(crate) struct UpdateArgs {
    /// Add an entry to the file's history
    #[arg(long, value_name = "TEXT")]
    history: Option<String>,
    /// Write the result to another file and leave this one alone
    #[arg(short, long, value_name = "OUT")]
    output: Option<std::path::PathBuf>,
    /// Overwrite OUT
    #[arg(short, long, requires = "output")]
    force: bool,
    /// Use blocks whose checksum is wrong, as they are
    #[arg(long)]
    keep_corrupt: bool,
    #[command(flatten)]
    check: CheckArgs,
}

impl UpdateArgs {
    /// True when schemas say which header cards belong to which keys of the tree of a FITS file: cards follow the tree then.
    pub(crate) fn has_keywords(&self, file: &AsdfFile) -> Result<bool> {
        let library = self.check.library()?;
        Ok(file.fits_keywords(&library)?.is_some())
    }

    /// Whether blocks whose checksum is wrong are kept as they are.
    pub(crate) fn keeps_corrupt(&self) -> bool {
        self.keep_corrupt
    }
}

/// Says at which other paths a change shows.
pub(crate) fn shared(others: &[TreePath], what: &str) -> Option<String> {
    let names: Vec<String> = others.iter().map(|path| format!("`{path}`")).collect();
    (!names.is_empty()).then(|| {
        format!(
            "{what} {} too, which has the same node or data",
            names.join(", ")
        )
    })
}

/// Changes each of several files: a folder stands for those in it. One that cannot be changed stays as it is, and does not
/// keep the others from being changed. One that is named twice is changed once.
pub(crate) fn each(
    files: &Inputs,
    args: &UpdateArgs,
    context: &mut Context,
    change: impl Fn(&mut Context, &Path) -> std::result::Result<Exit, Failure> + Sync,
) -> std::result::Result<Exit, Failure> {
    if files.is_many() && args.output.is_some() {
        return Err(refused("--output is for the result of one file, and many are changed").into());
    }
    // Two changes of one file at a time would come into each other's way.
    context.each_path(&files.distinct(), |context, file| change(context, file?))
}

/// The path of the one node that a text names in the file that is changed.
///
/// # Errors
/// It names several nodes, none, or elements of an array.
pub(crate) fn one_path(draft: &Draft<'_>, text: &str) -> Result<TreePath> {
    match draft.source() {
        Some(file) => file.one_path(text),
        None => TreePath::parse(text),
    }
}

/// What is to be told when a node of a tree in a FITS file is replaced or taken away: the HDUs that its arrays lie in stay as they are, and
/// readers of FITS go on to see them.
pub(crate) fn left_in_hdus(draft: &Draft<'_>, path: &TreePath) -> Option<String> {
    const SHOWN: usize = 4;
    let file = draft.source().filter(|file| file.tree_hdu().is_some())?;
    let mut names = BTreeSet::new();
    let (mut waiting, mut seen) = (vec![file.node(path).ok()?], HashSet::new());
    while let Some(node) = waiting.pop().filter(|_| names.len() <= SHOWN) {
        if !seen.insert(node.id()) {
            continue;
        }
        let source = node.get("source").and_then(Node::text);
        if let Some(name) = source.and_then(|source| source.strip_prefix("fits:")) {
            names.insert(name);
        }
        waiting.extend(node.as_map().into_iter().flatten().map(|pair| pair.1));
        waiting.extend(node.as_seq().iter().flat_map(|list| list.iter()));
    }
    let more = if names.len() > SHOWN { ", …" } else { "" };
    let shown: Vec<&str> = names.into_iter().take(SHOWN).collect();
    (!shown.is_empty()).then(|| {
        format!(
            "only the tree is changed: what `{path}` had stays in the HDU {}{more}, where readers of FITS go on to see it",
            shown.join(", ")
        )
    })
}

/// Refuses to put a node where there is one already, unless it may be replaced.
pub(crate) fn refuse_taken(draft: &mut Draft<'_>, path: &TreePath, replace: bool) -> Result<()> {
    if !replace && draft.tree().find(path)?.is_some() {
        let reason = format!("there is a node {path} already; --replace takes its place");
        return Err(refused(reason));
    }
    Ok(())
}

/// Refuses to put a value where more than one stands, unless that may be replaced.
pub(crate) fn refuse_subtree(
    draft: &Draft<'_>,
    path: &TreePath,
    new: Option<NewNode>,
    replace: bool,
) -> Result<()> {
    match draft.subtree_at(path, new)? {
        Some(what) if !replace => {
            let reason = format!("{} is {what}, --replace takes its place", shown(path));
            Err(refused(reason))
        }
        _ => Ok(()),
    }
}

/// What is not there yet and will be made, to be told: a path that was mistyped would go unnoticed. `way` is about the
/// mappings on the way alone, where the node at the end is new by the nature of the change.
pub(crate) fn added(draft: &Draft<'_>, path: &TreePath, way: bool) -> Result<Option<String>> {
    let Some(first) = draft.first_missing(path)? else {
        return Ok(None);
    };
    let is_last = first.steps().len() == path.steps().len();
    if is_last && way {
        return Ok(None);
    }
    let similar = draft.source().and_then(|file| file.similar_path(&first));
    let similar = similar.map_or_else(String::new, |similar| format!(" (there is {similar})"));
    Ok(Some(if is_last {
        format!("added {path}{similar}")
    } else {
        format!("added {path} with {first}, which was not there{similar}")
    }))
}

fn shown(path: &TreePath) -> String {
    let text = path.to_string();
    if text.is_empty() {
        "the root".to_owned()
    } else {
        text
    }
}

/// Lets references of the file into itself lead to the nodes that they led to, and tells which do so no more.
fn mend(draft: &mut Draft<'_>, context: &Context) -> Result<()> {
    for moved in draft.mend_references()? {
        let MovedReference {
            path,
            before,
            after,
        } = moved;
        match after {
            Some(after) => context.note(&format!(
                "the reference at {path} says `{after}` now, as `{before}` has another place"
            )),
            None => context.caution(&format!(
                "the reference at {path} leads nowhere now: `{before}` is gone"
            )),
        }
    }
    Ok(())
}

/// Opens a file, lets `change` change it, and writes it back. A draft that breaks schemas is refused;
/// `change` is given what tells so, for when it can do something about it.
pub(crate) fn run(
    path: &Path,
    args: &UpdateArgs,
    context: &mut Context,
    change: impl FnOnce(&mut Draft<'_>, &dyn Fn(&Draft<'_>) -> Result<()>) -> Result<()>,
) -> std::result::Result<Exit, Failure> {
    run_from(path, args, context, &[], |draft, _, check| {
        change(draft, check)
    })
}

/// As [`run`], with other files that the draft may take nodes and data from.
pub(crate) fn run_from(
    path: &Path,
    args: &UpdateArgs,
    context: &mut Context,
    sources: &[AsdfFile],
    change: impl for<'d> FnOnce(
        &mut Draft<'d>,
        &'d [AsdfFile],
        &dyn Fn(&Draft<'_>) -> Result<()>,
    ) -> Result<()>,
) -> std::result::Result<Exit, Failure> {
    if path == Path::new("-") {
        return Err(refused("standard input cannot be changed, name a file").into());
    }
    if args.output.is_none() {
        crate::network::refuse(path)?;
    }
    context.change_files(args.keep_corrupt);
    let file = context.open(path)?;
    if file.fits().is_some() && file.tree_hdu().is_none() {
        return Err(file.name_in(cards::no_tree()).into());
    }
    let mut draft = file.to_draft();
    let check = |draft: &Draft<'_>| args.check.check(Some(&file), draft);
    if let Err(error) = change(&mut draft, sources, &check) {
        let error = file.name_in(error);
        context.hint_at(&file, &error);
        return Err(error.into());
    }
    mend(&mut draft, context).map_err(|error| file.name_in(error))?;
    if let Some(text) = &args.history {
        draft
            .add_history(text)
            .map_err(|error| file.name_in(error))?;
    }
    check(&draft).map_err(|error| file.name_in(error))?;
    if file.tree_hdu().is_some() {
        let changes = args
            .check
            .library()
            .and_then(|library| draft.set_keyword_cards(&library));
        let changes = changes.map_err(|error| file.name_in(error))?;
        tell_cards(context, &changes.unwrap_or_default());
    }
    let options = WriteOptions::default().keep_corrupt(args.keep_corrupt);
    if let Some(output) = &args.output {
        context.warn_all(file.warnings());
        crate::output::check_free(output, args.force)?;
        let changed = (&file, &mut draft);
        crate::output::write_changed(output, &mut context.out, changed, &options)?;
        return Ok(Exit::Fine);
    }
    let done = draft.update(path, &options);
    context.warn_all(file.warnings());
    let done = done.map_err(|error| file.name_in(error))?;
    explain(context, path, done);
    Ok(Exit::Fine)
}

/// Tells the header cards that follow a change of the tree.
fn tell_cards(context: &Context, changes: &[KeywordChange]) {
    let shown: Vec<String> = changes
        .iter()
        .take(CARDS)
        .map(ToString::to_string)
        .collect();
    match changes.len().saturating_sub(shown.len()) {
        _ if shown.is_empty() => {}
        0 => context.note(&shown.join(", ")),
        more => context.note(&format!("{}, and {more} more cards", shown.join(", "))),
    }
}

/// Tells how a file was changed, when that is asked for.
fn explain(context: &Context, path: &Path, done: Updated) {
    let what = match done {
        Updated::Unchanged => "nothing to change",
        Updated::InPlace => "changed in place",
        Updated::Rewritten => "written anew",
    };
    context.explain_file(path, what);
}
