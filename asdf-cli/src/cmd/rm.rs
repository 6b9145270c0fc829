//! `asdf rm`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs, files_and_paths};
use crate::update;
use crate::update::cards;
use crate::usage::refused;
use asdf_core::{Result as Asdf, TreePath};
use std::path::{Path, PathBuf};

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
    override_usage = "asdf rm [OPTIONS] FILE PATH...\n       asdf rm [OPTIONS] --path PATH FILE...",
    after_help = "Examples:\n  asdf rm obs.asdf roman.meta.notes\n  asdf rm obs.asdf roman.dq 'roman.meta.tags[2]'\n  asdf rm image.fits fits/0/header/OBSERVER\n  asdf rm --path roman.meta.notes night/"
)]
pub(crate) struct Args {
    /// File, then nodes
    #[arg(required = true, value_name = "FILE PATH")]
    words: Vec<PathBuf>,
    /// A node; may be repeated. All other arguments are files, folders and @LISTs of names then
    #[arg(long = "path", value_name = "PATH")]
    paths: Vec<String>,
    #[command(flatten)]
    update: update::UpdateArgs,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let (files, paths) = files_and_paths(&args.words, &args.paths)?;
    if paths.is_empty() {
        let reason = "which node? asdf rm FILE PATH, or --path PATH before several files";
        return Err(refused(reason).into());
    }
    let files = Inputs::find(&files, &args.find);
    update::each(&files, &args.update, context, |context, file| {
        remove(file, &paths, args, context)
    })
}

fn remove(
    file: &Path,
    paths: &[String],
    args: &Args,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let texts: Vec<&str> = paths.iter().map(String::as_str).collect();
    let done = cards::run(file, &texts, &args.update, context, |edit, card| {
        edit.remove(card.hdu, &card.keyword, card.number)
    })?;
    if let Some(done) = done {
        return Ok(done);
    }
    let mut notes = Vec::new();
    let exit = update::run(file, &args.update, context, |draft, _| {
        // What counts from the end, or is found, is that of the file as it is.
        let (plain, found): (Vec<&String>, Vec<&String>) =
            paths.iter().partition(|path| TreePath::parse(path).is_ok());
        let found: Asdf<Vec<TreePath>> = found
            .into_iter()
            .map(|path| update::one_path(draft, path))
            .collect();
        let plain: Asdf<Vec<TreePath>> = plain.into_iter().map(|path| path.parse()).collect();
        for path in found?.into_iter().chain(plain?) {
            let others = draft.tree().other_paths(&path)?;
            notes.extend(update::left_in_hdus(draft, &path));
            draft.remove(&path)?;
            notes.extend(update::shared(&others, "is gone from"));
        }
        Ok(())
    })?;
    for note in &notes {
        context.note(note);
    }
    Ok(exit)
}
