//! Cards of FITS headers, changed by the commands that change trees.

use super::UpdateArgs;
use crate::card_name;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::usage::refused;
use asdf_core::file::{FitsEdit, HduPath, is_url, open_file};
use asdf_core::fits::{CardValue, FitsFile};
use asdf_core::{AsdfFile, Draft, Error, Result, TreePath};
use std::cmp::Reverse;
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
    if args.output.is_none() {
        crate::network::refuse(path)?;
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
        crate::output::check_stays(output, &file)?;
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
        if let Some(card) = named(file, path, asked)? {
            cards.push(card);
            continue;
        }
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

/// The card that `SCI:EXPTIME` names, unless that is a key of the tree.
fn named(file: &AsdfFile, path: &str, asked: usize) -> Result<Option<CardPath>> {
    let (Some(fits), Some((hdu, keyword))) = (file.fits(), card_name::parse(path)) else {
        return Ok(None);
    };
    if file.tree_hdu().is_some() && file.tree().root().get(path).is_some() {
        return Ok(None);
    }
    let Some(found) = card_name::find(fits, hdu) else {
        let reason = format!(
            "`{path}` is a card of the HDU `{hdu}`, and there is no such HDU (`asdf info` lists them)"
        );
        return Err(refused(reason));
    };
    Ok(Some(CardPath {
        hdu: found.index(),
        keyword: keyword.into(),
        number: None,
        asked,
    }))
}

/// Refuses `SCI:EXPTIME` where there are no cards: it would become a key of the tree.
pub(crate) fn refuse_card_name(draft: &mut Draft<'_>, path: &str) -> Result<()> {
    if card_name::parse(path).is_none() {
        let fits = draft.source().and_then(AsdfFile::fits);
        let named = path.split_once(':').zip(fits);
        let keyword = named.filter(|((hdu, _), fits)| card_name::find(fits, hdu).is_some());
        return match keyword {
            Some(((_, keyword), _)) if draft.tree().find(path)?.is_none() => {
                let reason = format!(
                    "`{}` is no keyword of a FITS header, which has letters, digits, - and _",
                    keyword.escape_debug()
                );
                Err(refused(reason))
            }
            _ => Ok(()),
        };
    }
    if draft.tree().find(path)?.is_some() {
        return Ok(());
    }
    let reason = format!(
        "`{path}` is how a card of a FITS header is named, and this is a tree; a key of that name is written [\"{path}\"]"
    );
    Err(refused(reason))
}

/// Refuses a path of an HDU where nodes of the tree are moved or copied to: it would be looked for in the tree.
pub(crate) fn refuse_hdu_path(file: Option<&AsdfFile>, path: &TreePath) -> Result<()> {
    let Some(file) = file else {
        return Ok(());
    };
    match file.hdu_path(path.clone())? {
        None => Ok(()),
        Some(HduPath::Card { hdu, keyword, .. }) => {
            let reason = format!(
                "{path} is the card {keyword} of HDU {hdu}: `asdf set` and `asdf rm` change header cards"
            );
            Err(refused(reason))
        }
        Some(_) => {
            let reason = format!(
                "{path} is a part of an HDU: only header cards and the tree of a FITS file can be changed"
            );
            Err(refused(reason))
        }
    }
}

/// The error of a FITS file that has no tree that could be changed.
pub(super) fn no_tree() -> Error {
    refused(
        "a FITS file without an ASDF tree has only header cards to change, with `asdf set FILE fits/N/header/KEYWORD VALUE` and `asdf rm`",
    )
}

/// True of a file that begins as FITS, or is in the middle of a change in place, which hides its beginning.
fn may_be_fits(path: &Path) -> bool {
    if is_url(path) {
        return true;
    }
    let mut first = Vec::new();
    let read = open_file(path).and_then(|file| file.take(2880).read_to_end(&mut first));
    read.is_ok() && (FitsFile::is_fits(&first) || first.starts_with(b"~"))
}
