//! `asdf rm`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::update;
use crate::update::cards;
use std::path::PathBuf;

/// Remove nodes from the tree
///
/// The data of an array goes with it, unless another array uses it too. What shares a node with the
/// removed one keeps it. The rest of the file stays as it is; stopped at any moment, the file is the
/// old one or the new one. A change that breaks a schema is refused.
///
/// Of a FITS file header cards can be removed: fits/N/header/KEYWORD, N counts HDUs from 0; HISTORY and COMMENT with all
/// their cards, HISTORY/2 only the third one.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf rm obs.asdf roman.meta.notes\n  asdf rm obs.asdf roman.dq 'roman.meta.tags[2]'\n  asdf rm image.fits fits/0/header/OBSERVER"
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
    let paths: Vec<&str> = args.paths.iter().map(String::as_str).collect();
    let done = cards::run(&args.file, &paths, &args.update, context, |edit, card| {
        edit.remove(card.hdu, &card.keyword, card.number)
    })?;
    if let Some(done) = done {
        return Ok(done);
    }
    let mut notes = Vec::new();
    let exit = update::run(&args.file, &args.update, context, |draft, _| {
        for path in &args.paths {
            let others = draft.tree().other_paths(path.as_str())?;
            draft.remove(path.as_str())?;
            notes.extend(update::shared(&others, "is gone from"));
        }
        Ok(())
    })?;
    for note in &notes {
        context.note(note);
    }
    Ok(exit)
}
