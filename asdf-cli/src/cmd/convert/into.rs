//! What is written.

use super::{Args, tables};
use crate::cmd::preview::{self, PictureFormat};
use crate::context::{Context, Failure};
use crate::format::Format;
use crate::hdu_list::HduList;
use crate::output;
use crate::usage::refused;
use asdf_core::convert::{
    TableFormat, hdu_list, write_csv, write_fits, write_json_file, write_npy, write_table,
    write_yaml_file,
};
use asdf_core::file::{EmbedOptions, FileNode};
use asdf_core::wcs::WcsCards;
use asdf_core::{AsdfFile, Node};
use std::io::{BufWriter, Write};

/// Elements from which on an array that comes as text gets a block.
const LIST: u64 = 100;

pub(super) fn asdf(
    args: &Args,
    file: &AsdfFile,
    from: Format,
    context: &mut Context,
) -> Result<(), Failure> {
    let mut draft = args.draft(file)?;
    let text = matches!(from, Format::Yaml | Format::Json);
    if let Some(count) = args.inline_below.or(text.then_some(LIST)) {
        draft.inline_below(count)?;
    }
    let before = matches!(from, Format::Asdf).then_some(file);
    args.check.check(before, &draft)?;
    if let Some(out) = args.output_file() {
        if args.explode {
            output::gzip::refuse(out, "a file whose blocks are in files beside it")?;
            output::explode(&mut draft, out, args.force)?;
        } else {
            output::copy_parts(&mut draft, out, args.force)?;
        }
    } else if args.explode {
        return Err(
            refused("--explode makes files beside OUT: it needs the name of a local file").into(),
        );
    }
    output::write_draft(&args.output, &mut context.out, &mut draft, &args.options())
}

pub(super) fn yaml(args: &Args, file: &AsdfFile, context: &mut Context) -> Result<(), Failure> {
    let draft = args.draft(file)?;
    output::write(&args.output, &mut context.out, |sink| {
        let mut out = BufWriter::new(sink);
        write_yaml_file(&draft, &mut out).map_err(|error| file.name_in(error))?;
        Ok(out.flush()?)
    })
}

pub(super) fn json(args: &Args, file: &AsdfFile, context: &mut Context) -> Result<(), Failure> {
    let draft = args.draft(file)?;
    output::write(&args.output, &mut context.out, |sink| {
        let mut out = BufWriter::new(sink);
        write_json_file(&draft, &mut out).map_err(|error| file.name_in(error))?;
        Ok(out.flush()?)
    })
}

/// The list of HDUs that the path names or that the tree is about; any other tree goes into an HDU of its own.
pub(super) fn fits(args: &Args, file: &AsdfFile, context: &mut Context) -> Result<(), Failure> {
    let at = match &args.path {
        Some(path) => Some(whole(file, path)?),
        None => hdu_list(file.tree().root()).map(|node| FileNode { file, node }),
    };
    if args.path.is_none()
        && let Some(list) = HduList::beside_tree(file, context)?
    {
        return fits_with_tree(args, file, &list, context);
    }
    if let Some(table) = at.and_then(tables::at) {
        return tables::write(args, table.at.file, std::slice::from_ref(&table), context);
    }
    if at.is_none() {
        match tables::of_file(file).map_err(|error| file.name_in(error))? {
            Some(tables::InFits::Whole(list)) => return tables::write(args, file, &list, context),
            Some(tables::InFits::Beside(list)) => {
                return tables::write_beside(args, file, &list, context);
            }
            None => {}
        }
    }
    output::write(&args.output, &mut context.out, |sink| {
        let mut out = BufWriter::with_capacity(1 << 20, sink);
        if let Some(at) = at {
            if args.path.is_none() {
                args.draft(file)?.check_unknown_blocks("a list of HDUs")?;
            }
            write_fits(at, &mut out).map_err(|error| at.file.name_in(error))?;
        } else {
            let draft = args.draft(file)?;
            let cards = WcsCards::new(file);
            let library = args.check.library()?;
            let mut embed = EmbedOptions::default().keywords(&library);
            if !args.no_wcs_cards {
                embed = embed.cards(&cards);
            }
            let written = draft.embed(&mut out, &embed, &args.options());
            written.map_err(|error| file.name_in(error))?;
        }
        Ok(out.flush()?)
    })
}

/// The HDUs of the list, then the rest of the tree in an HDU of its own.
fn fits_with_tree(
    args: &Args,
    file: &AsdfFile,
    list: &HduList,
    context: &mut Context,
) -> Result<(), Failure> {
    let mut draft = args.draft(file)?;
    list.take_out(&mut draft)?;
    let library = args.check.library()?;
    let embed = EmbedOptions::default()
        .keywords(&library)
        .base(list.hdus())
        .moves(Vec::new())
        .keeps_hash(true);
    output::write(&args.output, &mut context.out, |sink| {
        let mut out = BufWriter::with_capacity(1 << 20, sink);
        draft.embed(&mut out, &embed, &args.options())?;
        Ok(out.flush()?)
    })
}

pub(super) fn npy(args: &Args, file: &AsdfFile, context: &mut Context) -> Result<(), Failure> {
    let (at, path) = one_array(args, file, context)?;
    let array = at.file.array_at(at.node)?;
    let mut warned = None;
    output::write(&args.output, &mut context.out, |sink| {
        let mut out = BufWriter::new(sink);
        warned = write_npy(&array, &mut out).map_err(|error| at.file.name_in(error))?;
        Ok(out.flush()?)
    })?;
    if let Some(warning) = warned {
        context.caution(&format!("{path}: {}", warning.kind));
    }
    Ok(())
}

/// The node that a path names, through references.
///
/// # Errors
/// There is none, there are several, or a part of an array is meant.
fn whole<'f>(file: &'f AsdfFile, path: &str) -> asdf_core::Result<FileNode<'f>> {
    let found = file.select_resolved(path)?;
    if found.part.is_none() {
        return Ok(found.at);
    }
    let reason = format!(
        "`{path}` names a part of an array, and whole ones are converted; `asdf get --raw` writes the bytes of a part"
    );
    Err(file.name_in(refused(reason)))
}

/// The array that `--path` names, else the one that `asdf preview` takes, else the only one.
fn one_array<'f>(
    args: &Args,
    file: &'f AsdfFile,
    context: &Context,
) -> asdf_core::Result<(FileNode<'f>, String)> {
    if args.path.is_none()
        && let Some(node) = file.main_array()?
    {
        let path = node.path().to_string();
        let count = file.arrays()?.len();
        if count > 1 {
            context.note(&format!(
                "this is {path}, one of {count} arrays; --path names another"
            ));
        }
        return Ok((FileNode { file, node }, path));
    }
    chosen(args, file, |_| false)
}

/// A table as comma-separated values, or in a format with types and units.
pub(super) fn table(
    args: &Args,
    file: &AsdfFile,
    format: Option<TableFormat>,
    context: &mut Context,
) -> Result<(), Failure> {
    let is_table = |node: Node<'_>| {
        let columns = node.get("columns").is_some();
        columns && node.tag().is_some_and(|tag| tag.base().ends_with("/table"))
    };
    let (at, path) = chosen(args, file, is_table)?;
    if let Some(names) = variable_columns(at) {
        context.caution(&format!(
            "{path}: columns of variable length are left out: {names}"
        ));
    }
    let mut warnings = Vec::new();
    output::write(&args.output, &mut context.out, |sink| {
        let mut out = BufWriter::new(sink);
        let written = match format {
            None => write_csv(at, &mut out).map(|()| Vec::new()),
            Some(format) => write_table(at, format, &mut out),
        };
        warnings = written.map_err(|error| at.file.name_in(error))?;
        Ok(out.flush()?)
    })?;
    context.warn_all(warnings.iter());
    Ok(())
}

/// The names of the columns of variable length that stand beside a table of an HDU.
fn variable_columns(at: FileNode<'_>) -> Option<String> {
    let path = at.node.path();
    let (_, before) = path.steps().split_last()?;
    let hdu = at.file.node(path.prefix(before.len())).ok()?;
    let columns = hdu.get("variable_columns")?.as_seq()?;
    let names = columns.iter().filter_map(|column| column.get("name"));
    let names: Vec<&str> = names.filter_map(Node::text).collect();
    Some(names.join(", "))
}

/// The picture that `asdf preview` makes without options.
pub(super) fn picture(
    args: &Args,
    file: &AsdfFile,
    format: PictureFormat,
    context: &mut Context,
) -> Result<(), Failure> {
    preview::plain(file, args.path.as_deref(), (&args.output, format), context)
}

/// The node that `--path` names, else the only one that can be meant.
fn chosen<'f>(
    args: &Args,
    file: &'f AsdfFile,
    is_first_choice: impl Fn(Node<'_>) -> bool,
) -> asdf_core::Result<(FileNode<'f>, String)> {
    if let Some(path) = &args.path {
        let at = whole(file, path)?;
        return Ok((at, at.node.path().to_string()));
    }
    let mut found: Vec<Node<'f>> = file
        .tree()
        .nodes()
        .filter(|node| is_first_choice(*node))
        .collect();
    if found.is_empty() {
        found = file.arrays()?.into_iter().map(|(_, node)| node).collect();
    }
    match found.as_slice() {
        [node] => Ok((FileNode { file, node: *node }, node.path().to_string())),
        [] => Err(refused("there is no array in the file")),
        several => {
            let paths: Vec<String> = several
                .iter()
                .take(5)
                .map(|node| node.path().to_string())
                .collect();
            let more = if several.len() > 5 { ", …" } else { "" };
            Err(refused(format!(
                "say which array by --path: {}{more}",
                paths.join(", ")
            )))
        }
    }
}
