//! `asdf mv`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs, check_file_first};
use crate::update::{self, cards};
use crate::usage::refused;
use asdf_core::inspect::PathPattern;
use asdf_core::{Draft, Result as Asdf, TreePath};
use std::path::PathBuf;

/// Give a node of the tree another place or name
///
/// The data of arrays go with their nodes, whose blocks stay where they are. Mappings missing on the way to TO are made, which
/// is told; what is there already is not replaced without --replace. A node that is shared stays shared; references of the file
/// into itself go on to lead to the same nodes. A change that breaks a schema is
/// refused.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf mv obs.asdf roman.meta.note roman.meta.notes.first\n  asdf mv obs.asdf data science.data --history 'renamed'\n  asdf mv --from meta.note --to meta.remark night/"
)]
pub(crate) struct Args {
    /// File, the node, and its new path
    #[arg(required = true, value_name = "FILE FROM TO")]
    words: Vec<PathBuf>,
    /// The node. All arguments are files, folders and @LISTs of names then
    #[arg(long, value_name = "PATH", requires = "to")]
    from: Option<String>,
    /// Its new path
    #[arg(long, value_name = "PATH", requires = "from")]
    to: Option<String>,
    /// Replace what is at TO
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    update: update::UpdateArgs,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let (files, from, to) = match (&args.from, &args.to, args.words.as_slice()) {
        (Some(from), Some(to), files) => (files.to_vec(), from.clone(), to.clone()),
        (_, _, [file, from, to]) => {
            check_file_first(file, [from.as_path(), to.as_path()])?;
            let text = |path: &PathBuf| path.to_string_lossy().into_owned();
            (vec![file.clone()], text(from), text(to))
        }
        _ => {
            let reason = "three words are needed: FILE FROM TO; for several files --from and --to";
            return Err(refused(reason).into());
        }
    };
    let files = Inputs::find(&files, &args.find);
    // What can be no path at all is told once.
    for text in [&from, &to] {
        text.parse::<PathPattern>()?;
    }
    update::each(&files, &args.update, context, |context, file| {
        let mut notes = Vec::new();
        let exit = update::run(file, &args.update, context, |draft, _| {
            let from = update::one_path(draft, &from)?;
            let to = update::one_path(draft, &to)?;
            cards::refuse_hdu_path(draft.source(), &from)?;
            cards::refuse_hdu_path(draft.source(), &to)?;
            let gone = draft.tree().other_paths(&from)?;
            let new = draft.tree().other_paths(&to)?;
            let added = update::added(draft, &to, true)?;
            rename(draft, &from, &to, args.replace)?;
            notes.extend(added);
            notes.extend(update::shared(&gone, "is gone from"));
            notes.extend(update::shared(&new, "changes"));
            Ok(())
        })?;
        for note in &notes {
            context.note(note);
        }
        Ok(exit)
    })
}

/// Moves a node. The file that the draft is of is looked at, so that the place of the node is known before it is taken out.
fn rename(draft: &mut Draft<'_>, from: &TreePath, to: &TreePath, replace: bool) -> Asdf<()> {
    let node = draft.tree().find(from)?;
    let Some(node) = node else {
        // The error says how far the path leads.
        if let Some(file) = draft.source() {
            file.node(from.clone())?;
        }
        return Err(refused(format!("there is no node {from}")));
    };
    let (inner, outer) = (to.steps(), from.steps());
    if inner.starts_with(outer) {
        let reason = format!("{to} is {from} itself or lies in it");
        return Err(refused(reason));
    }
    // An alias on the way leads into the node as well.
    for count in 1..inner.len() {
        let way = to.prefix(count);
        if draft.tree().find(&way)? == Some(node) {
            let reason = format!("{to} lies in {from} itself, which {way} is by an alias");
            return Err(refused(reason));
        }
    }
    update::refuse_taken(draft, to, replace)?;
    draft.tree().set(to, node)?;
    // An item taken out of a list gives those after it other places, also the one that the node was put at.
    draft.remove(from)?;
    Ok(())
}
