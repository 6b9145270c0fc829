//! `asdf rm`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::update;
use std::path::PathBuf;

/// Remove nodes from the tree
///
/// The data of an array goes with it, unless another array uses it too. What shares a node with the
/// removed one keeps it. The rest of the file stays as it is; stopped at any moment, the file is the
/// old one or the new one. A change that breaks a schema is refused.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf rm obs.asdf roman.meta.notes\n  asdf rm obs.asdf roman.dq 'roman.meta.tags[2]'"
)]
pub(crate) struct Args {
    /// File
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Nodes
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<String>,
    #[command(flatten)]
    update: update::UpdateArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let mut notes = Vec::new();
    let exit = update::run(&args.file, &args.update, context, |draft, _| {
        for path in &args.paths {
            let others = draft.tree().other_paths(path.as_str())?;
            draft.remove(path.as_str())?;
            notes.extend(update::shared(&others, "is gone from"));
        }
        Ok(())
    })?;
    notes.iter().for_each(|note| context.note(note));
    Ok(exit)
}
