//! The tables of a FITS file as tables of astropy, and back.

use super::{Args, hdus};
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::format::Format;
use crate::output;
use crate::tables_beside::{TablesBeside, history};
use asdf_core::convert::{TableHdu, is_hdu_list, read_fits_tables, table_nodes, write_fits_tables};
use asdf_core::file::{EmbedOptions, FileNode};
use asdf_core::fits::Hdu;
use asdf_core::inspect::PathPattern;
use asdf_core::tagged::Table;
use asdf_core::tree::{Map, NodeId, PathStep};
use asdf_core::wcs::WcsCards;
use asdf_core::{AsdfFile, Result};
use std::collections::HashSet;
use std::io::{BufWriter, Write};

/// The tables of a FITS file, each under the name of its HDU.
pub(super) fn run(
    args: &Args,
    file: &AsdfFile,
    to: Format,
    context: &mut Context,
) -> std::result::Result<Exit, Failure> {
    let Some(fits) = file.fits() else {
        return Err(hdus::refused("--as is about FITS files, and this is none", file).into());
    };
    if args.headers.is_some() || args.native || args.raw_hdu || args.wcs {
        let reason = "--headers, --native, --raw-hdu and --wcs are about HDUs as they are, --as tables makes tables of astropy";
        return Err(hdus::refused(reason, file).into());
    }
    let only = hdus::only(args, file).map_err(|error| file.name_in(error))?;
    if only.is_none() && args.path.is_some() {
        let reason = "with --as tables --path names an HDU, as fits/1";
        return Err(hdus::refused(reason, file).into());
    }
    let read = read_fits_tables(fits, only).map_err(|error| file.name_in(error))?;
    context.warn_all(file.warnings());
    context.warn_all(read.warnings.iter());
    if read.tables == 0 {
        return Err(hdus::refused("there is no table among the HDUs", file).into());
    }
    if read.others > 0 {
        let (count, noun) = match read.others {
            1 => (1, "HDU that is not a table is"),
            count => (count, "HDUs that are not tables are"),
        };
        context.note(&format!("{count} {noun} left out"));
    }
    let whole = Args {
        path: None,
        ..args.clone()
    };
    hdus::by_spool(&whole, &read.draft, (file, to), context)
}

/// The HDU whose table is written in a format that says what columns are: the one that `--path` names as `fits/1` or
/// `fits/1/data`, else the only one with data.
pub(super) fn single(args: &Args, to: Format, file: &AsdfFile) -> Result<Option<usize>> {
    let is_hdu_list = args.headers.is_some() || args.native || args.raw_hdu || args.wcs;
    let Some(fits) = file.fits() else {
        return Ok(None);
    };
    if !matches!(to, Format::Ecsv | Format::Votable) || args.reading.is_some() || is_hdu_list {
        return Ok(None);
    }
    let index = match &args.path {
        Some(path) => {
            let path: PathPattern = path.parse()?;
            let steps = path.as_path().map_or(0, |path| path.steps().len());
            let last = path.as_path().and_then(|path| path.steps().last().cloned());
            let is_data = matches!(last, Some(PathStep::Key(key)) if &*key == "data");
            if !(steps == 2 || (steps == 3 && is_data)) {
                return Ok(None);
            }
            hdus::only(args, file)?
        }
        None if file.tree_hdu().is_some() => None,
        None => {
            let mut with_data = fits.hdus().filter(|hdu| !hdu.data_span().is_empty());
            let first = with_data.next().map(Hdu::index);
            first.filter(|_| with_data.next().is_none())
        }
    };
    let is_table = |index: &usize| {
        let hdu = fits.hdus().find(|hdu| hdu.index() == *index);
        hdu.is_some_and(Hdu::is_table)
    };
    Ok(index.filter(is_table))
}

/// The table of an HDU.
pub(super) fn run_single(
    args: &Args,
    file: &AsdfFile,
    hdu: usize,
    to: Format,
    context: &mut Context,
) -> std::result::Result<Exit, Failure> {
    let Some(fits) = file.fits() else {
        return hdus::run(args, file, to, context);
    };
    let read = match read_fits_tables(fits, Some(hdu)) {
        Ok(read) => read,
        Err(error) if error.is_limit() => {
            // Arrays of different lengths, each as long as the longest: the table without them.
            context.caution(&file.name_in(error).to_string());
            return hdus::run(args, file, to, context);
        }
        Err(error) => return Err(file.name_in(error).into()),
    };
    context.warn_all(file.warnings());
    context.warn_all(read.warnings.iter());
    let whole = Args {
        path: None,
        ..args.clone()
    };
    hdus::by_spool(&whole, &read.draft, (file, to), context)
}

/// What a tree with tables becomes as FITS.
pub(super) enum InFits<'f> {
    /// Nothing but tables: HDUs, and no tree.
    Whole(Vec<TableHdu<'f>>),
    /// Tables that are HDUs as well as nodes of the tree.
    Beside(Vec<TableHdu<'f>>),
}

/// The tables of the file that FITS has a form for; `None` when there are none.
pub(super) fn of_file(file: &AsdfFile) -> Result<Option<InFits<'_>>> {
    let tables = table_nodes(file)?;
    if tables.is_empty() || file.fits().is_some() {
        return Ok(None);
    }
    let own: HashSet<NodeId> = tables.iter().map(|table| table.at.node.id()).collect();
    let root = file.tree().root();
    let is_all = root
        .as_map()
        .into_iter()
        .flat_map(Map::iter)
        .all(|(key, node)| {
            let is_about_file = matches!(key.text(), Some("asdf_library" | "history"));
            is_about_file || own.contains(&node.id())
        });
    Ok(Some(if is_all {
        InFits::Whole(tables)
    } else {
        InFits::Beside(tables)
    }))
}

/// The single table that a path names.
pub(super) fn at(at: FileNode<'_>) -> Option<TableHdu<'_>> {
    let is_table = at.is_tagged::<Table<'_>>() && !is_hdu_list(at.node);
    is_table.then(|| TableHdu::new(at))
}

/// Writes tables as HDUs, and nothing else.
pub(super) fn write(
    args: &Args,
    file: &AsdfFile,
    tables: &[TableHdu<'_>],
    context: &mut Context,
) -> std::result::Result<(), Failure> {
    let mut warnings = Vec::new();
    output::write(&args.output, &mut context.out, |sink| {
        let mut out = BufWriter::with_capacity(1 << 20, sink);
        let written = write_fits_tables(tables, &history(file), &mut out);
        warnings = written.map_err(|error| file.name_in(error))?;
        Ok(out.flush()?)
    })?;
    context.warn_all(warnings.iter());
    Ok(())
}

/// Writes tables as HDUs, then the arrays of the tree that are not in tables, and the tree.
pub(super) fn write_beside(
    args: &Args,
    file: &AsdfFile,
    tables: &[TableHdu<'_>],
    context: &mut Context,
) -> std::result::Result<(), Failure> {
    let beside = TablesBeside::of(file, tables, context)?;
    let draft = args.draft(file)?;
    let cards = WcsCards::new(file);
    let library = args.check.library()?;
    let mut embed = EmbedOptions::default()
        .keywords(&library)
        .base(beside.hdus())
        .stays(beside.within());
    if !args.no_wcs_cards {
        embed = embed.cards(&cards);
    }
    output::write(&args.output, &mut context.out, |sink| {
        let mut out = BufWriter::with_capacity(1 << 20, sink);
        let written = draft.embed(&mut out, &embed, &args.options());
        written.map_err(|error| file.name_in(error))?;
        Ok(out.flush()?)
    })?;
    context.warn_all(beside.warnings());
    Ok(())
}
