//! Cards of FITS headers, changed by the commands that change trees.

use super::UpdateArgs;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::usage::refused;
use asdf_core::file::{FitsEdit, HduPath};
use asdf_core::fits::{CardValue, FitsFile};
use asdf_core::{AsdfFile, Error, Result};
use std::cmp::Reverse;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A card that a path names.
pub(crate) struct CardPath {
    pub(crate) hdu: usize,
    pub(crate) keyword: Box<str>,
    pub(crate) number: Option<usize>,
    /// Which of the paths it is.
    pub(crate) asked: usize,
}

/// Changes the cards that paths name, all of them or none. Does nothing and gives `None` when the paths are those of a
/// tree: the file is not a FITS file, or its tree is meant.
pub(crate) fn run(
    path: &Path,
    paths: &[&str],
    args: &UpdateArgs,
    context: &mut Context,
    mut change: impl FnMut(&mut FitsEdit<'_>, &CardPath) -> Result<()>,
) -> std::result::Result<Option<Exit>, Failure> {
    if !may_be_fits(path) {
        return Ok(None);
    }
    let file = context.open(path)?;
    if file.fits().is_none() {
        return Ok(None);
    }
    let Some(cards) = cards(&file, paths).map_err(|error| file.name_in(error))? else {
        return Ok(None);
    };
    let mut changed = || -> Result<FitsEdit<'_>> {
        let mut edit = FitsEdit::new(&file)?;
        for card in &cards {
            change(&mut edit, card)?;
        }
        if let Some(text) = &args.history {
            edit.set(0, "HISTORY", None, &CardValue::Text(text.clone()), None)?;
        }
        Ok(edit)
    };
    let edit = changed().map_err(|error| file.name_in(error))?;
    if let Some(output) = &args.output {
        crate::output::check_free(output, args.force)?;
        crate::output::write(output, &mut context.out, |sink| edit.write(sink))?;
        context.warn_all(file.warnings());
        return Ok(Some(Exit::Fine));
    }
    let done = edit.update(path);
    context.warn_all(file.warnings());
    let done = done.map_err(|error| file.name_in(error))?;
    super::explain(context, path, done);
    Ok(Some(Exit::Fine))
}

/// The cards that paths name; `None` when they are those of a tree.
fn cards(file: &AsdfFile, paths: &[&str]) -> Result<Option<Vec<CardPath>>> {
    let mut cards = Vec::with_capacity(paths.len());
    for (asked, path) in paths.iter().enumerate() {
        // A path with a slice is one into the tree.
        match file.hdu_path(*path).ok().flatten() {
            Some(HduPath::Card {
                hdu,
                keyword,
                number,
            }) => cards.push(CardPath {
                hdu,
                keyword,
                number,
                asked,
            }),
            Some(_) => {
                let key = file.hdu_key();
                let reason = format!(
                    "`{}` is not a header card: of an HDU only those can be changed, as {key}/N/header/KEYWORD",
                    path.escape_debug()
                );
                return Err(refused(reason));
            }
            None => {}
        }
    }
    if cards.is_empty() && file.tree_hdu().is_some() {
        return Ok(None);
    }
    if cards.is_empty() {
        return Err(no_tree());
    }
    if cards.len() < paths.len() {
        let reason = "header cards and nodes of the tree cannot be changed by one command";
        return Err(refused(reason));
    }
    // Each number means the card that stands there before the command.
    cards.sort_by_key(|card| Reverse(card.number));
    Ok(Some(cards))
}

/// The error of a FITS file that has no tree that could be changed.
pub(super) fn no_tree() -> Error {
    refused(
        "a FITS file without an ASDF tree has only header cards to change: asdf set FILE fits/N/header/KEYWORD VALUE",
    )
}

/// True of a file that begins as FITS, or is in the middle of a change in place, which hides its beginning.
fn may_be_fits(path: &Path) -> bool {
    let mut first = Vec::new();
    let read = File::open(path).and_then(|file| file.take(2880).read_to_end(&mut first));
    read.is_ok() && (FitsFile::is_fits(&first) || first.starts_with(b"~"))
}
