//! `asdf cp`.

mod place;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs};
use crate::update::{self, cards};
use crate::usage::refused;
use asdf_core::inspect::PathPattern;
use asdf_core::{AsdfFile, Draft, Result as Asdf};
use place::FilePlace;
use std::path::{Path, PathBuf};

/// Copy nodes from a file into others, with the data of their arrays
///
/// SRC:PATH is a node of a file, DST:PATH where it goes; mappings missing on the way are made. Of several sources each goes to
/// the same path in DST when that is `DST:` without a path. --into copies all sources into each of any number of files, to the
/// paths that they have. Blocks are copied as they are stored, with their codecs and checksums, data in other files and HDUs come
/// along. A file gets all of it or nothing. What is at the place already is not replaced without --replace. A change that
/// breaks a schema is refused.
///
/// The last `:` that is not in quotes or brackets ends the name of the file, or an earlier one when that is what makes it the
/// name of a file that is there.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "asdf cp [OPTIONS] SRC:PATH DST:PATH\n       asdf cp [OPTIONS] SRC:PATH... DST:\n       asdf cp [OPTIONS] SRC:PATH... --into FILE...",
    after_help = "Examples:\n  asdf cp ref.asdf:roman.meta.wcs obs.asdf:roman.meta.wcs --replace\n  asdf cp a.asdf:data a.asdf:err b.asdf:\n  asdf cp ref.asdf:roman.meta.wcs --into night/ --replace --history 'WCS of the reference'\n  asdf cp image.fits:fits/1/data obs.asdf:image"
)]
pub(crate) struct Args {
    /// The nodes, and where they go
    #[arg(required = true, value_name = "SRC:PATH")]
    words: Vec<PathBuf>,
    /// Copy into each of these files, folders and @LISTs of names
    #[arg(long, num_args = 1.., value_name = "FILE")]
    into: Vec<PathBuf>,
    /// Replace what is at the place
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    update: update::UpdateArgs,
    #[command(flatten)]
    find: FindArgs,
}

/// A node that is copied.
struct Copy {
    /// Its file, among the sources.
    file: usize,
    from: PathPattern,
    to: PathPattern,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let (from, files, to) = if args.into.is_empty() {
        let Some((last, from @ [_, ..])) = args.words.split_last() else {
            return Err(refused("two places are needed, SRC:PATH and DST:PATH").into());
        };
        let to = FilePlace::parse(last)?;
        if to.path.is_some() && from.len() > 1 {
            let reason = "several nodes go to the paths that they have: `DST:` without a path";
            return Err(refused(reason).into());
        }
        // Only what --into names is searched for.
        (
            from,
            Inputs::find(&[&to.file], &FindArgs::default()),
            to.path,
        )
    } else {
        (
            args.words.as_slice(),
            Inputs::find(&args.into, &args.find),
            None,
        )
    };
    let (names, copies) = sources(from, to.as_ref())?;
    context.make_outputs(args.update.keeps_corrupt());
    let opened: Asdf<Vec<AsdfFile>> = names.iter().map(|name| open(name, context)).collect();
    let opened = opened?;
    let exit = update::each(&files, &args.update, context, |context, file| {
        let mut notes = Vec::new();
        let exit = update::run_from(file, &args.update, context, &opened, |draft, opened, _| {
            for copy in &copies {
                notes.extend(put(copy, args.replace, draft, opened)?);
            }
            Ok(())
        })?;
        for note in &notes {
            context.note(note);
        }
        Ok(exit)
    })?;
    for file in &opened {
        context.warn_all(file.warnings());
    }
    Ok(exit)
}

/// Opens a source; the HDUs of a FITS file can be copied, too.
fn open(name: &Path, context: &Context) -> Asdf<AsdfFile> {
    context.open_alone(name)?.with_hdu_tree()
}

/// The files that nodes come from, each once, and what is copied.
fn sources(from: &[PathBuf], to: Option<&PathPattern>) -> Asdf<(Vec<PathBuf>, Vec<Copy>)> {
    let (mut names, mut copies) = (Vec::new(), Vec::new());
    for word in from {
        let place = FilePlace::parse(word)?;
        let Some(path) = place.path else {
            let reason = format!("`{}` names no node: SRC:PATH does", word.display());
            return Err(refused(reason));
        };
        let known = names.iter().position(|name| *name == place.file);
        let file = known.unwrap_or(names.len());
        if known.is_none() {
            names.push(place.file);
        }
        let to = to.unwrap_or(&path).clone();
        copies.push(Copy {
            file,
            from: path,
            to,
        });
    }
    Ok((names, copies))
}

/// Copies a node; gives what is to be told of it.
fn put<'d>(
    copy: &Copy,
    replace: bool,
    draft: &mut Draft<'d>,
    opened: &'d [AsdfFile],
) -> Asdf<Vec<String>> {
    let Some(file) = opened.get(copy.file) else {
        return Err(refused("there is no such source"));
    };
    let from = file.one_path(&copy.from.to_string())?;
    // Without a path of its own it goes where it comes from, whatever the place counts from.
    let to = if copy.to == copy.from {
        from.clone()
    } else {
        update::one_path(draft, &copy.to.to_string())?
    };
    cards::refuse_hdu_path(draft.source(), &to)?;
    update::refuse_taken(draft, &to, replace)?;
    let mut notes: Vec<String> = update::added(draft, &to, true)?.into_iter().collect();
    notes.extend(update::shared(&draft.tree().other_paths(&to)?, "changes"));
    draft.copy_node(file, &from, &to)?;
    Ok(notes)
}
