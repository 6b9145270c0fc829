//! `asdf info`.

mod blocks;
mod comments;
mod document;
mod hdus;
mod tree;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs};
use crate::json;
use crate::palette::paint;
use crate::size;
use asdf_core::fits::FitsFile;
use asdf_core::inspect::{OutlineOptions, escape};
use asdf_core::{AsdfFile, Node};
use std::io::Write;
use std::path::PathBuf;

/// Show what a file holds: header, tree with values and arrays, blocks, HDUs
///
/// Touches header, tree and block headers only, however large the file is. Of a FITS file the HDUs come first, then the
/// tree that one of them holds.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf info obs.asdf\n  asdf info --path roman.meta --all obs.asdf\n  asdf info --blocks obs.asdf\n  asdf info jw02130_cal.fits\n  asdf info --json obs.asdf | jq .tree"
)]
pub(crate) struct Args {
    /// Files, folders, @LIST of names, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Show the block table instead of the tree
    #[arg(long, conflicts_with_all = ["json", "jsonl", "plain"])]
    blocks: bool,
    /// Levels of the tree
    #[arg(long, value_name = "N")]
    depth: Option<usize>,
    /// Rows of the tree, the upper levels first
    #[arg(long, value_name = "N", default_value_t = 100)]
    max_rows: usize,
    /// Columns (default: the terminal's)
    #[arg(long, value_name = "N")]
    max_cols: Option<usize>,
    /// Every row, every list element, whole values
    #[arg(long)]
    all: bool,
    /// Only what is below this node
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// No values, only types and shapes
    #[arg(long)]
    no_values: bool,
    #[command(flatten)]
    form: json::NodeFormArgs,
    #[command(flatten)]
    find: FindArgs,
}

impl Args {
    /// Whether a part of the tree is asked for.
    pub(crate) fn has_path(&self) -> bool {
        self.path.is_some()
    }
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let files = Inputs::find(&args.files, &args.find);
    if let Some(form) = args.form.form() {
        return json::each(context, &files, form, |context, file| {
            args.form
                .write(context, |context| document::write(args, context, file))
        });
    }
    context.each(&files, |context, file| {
        if context.number > 0 {
            writeln!(context.out)?;
        }
        show(args, context, file)
    })
}

fn show(args: &Args, context: &mut Context, file: &AsdfFile) -> Result<Exit, Failure> {
    let root = root(args, file)?;
    hdus::complain_of_cut(context, file);
    let exit = show_parts(args, context, file, root)?;
    Ok(exit.max(hdus::exit(file)))
}

fn show_parts(
    args: &Args,
    context: &mut Context,
    file: &AsdfFile,
    root: Node<'_>,
) -> Result<Exit, Failure> {
    headline(context, file)?;
    let columns = match (args.max_cols, args.all) {
        (Some(columns), _) => columns.max(20),
        (None, true) => usize::MAX,
        (None, false) => context.columns.unwrap_or(100).max(20),
    };
    if file.fits().is_some() && args.path.is_none() {
        hdus::table(context, file, columns)?;
    }
    let has_own_tree = file.fits().is_none() || file.tree_hdu().is_some();
    if !has_own_tree && args.path.is_none() {
        return Ok(Exit::Fine);
    }
    if args.blocks {
        blocks::table(context, file, columns)?;
        return Ok(Exit::Fine);
    }
    if file.tree_span().is_some() || !has_own_tree {
        tree::write(args, context, file, root, columns)?;
    } else {
        writeln!(context.out, "no tree")?;
    }
    blocks::summary(context, file)?;
    Ok(Exit::Fine)
}

/// The node that `--path` names, else the root.
fn root<'f>(args: &Args, file: &'f AsdfFile) -> Result<Node<'f>, Failure> {
    match &args.path {
        Some(path) => Ok(file.node(file.one_path(path)?)?),
        None => Ok(file.tree().root()),
    }
}

fn outline_options(args: &Args) -> OutlineOptions {
    let mut options = OutlineOptions {
        depth: args.depth,
        ..OutlineOptions::default()
    };
    options.max_rows = (!args.all).then_some(args.max_rows.max(1));
    if args.all {
        options.max_items = None;
    }
    options
}

/// Bytes of the file, of a gzipped one after unpacking.
fn bytes(file: &AsdfFile) -> u64 {
    file.fits().map_or(file.input(), FitsFile::input).len()
}

/// `obs.asdf: ASDF 1.0.0, standard 1.6.0, written by asdf 6.0.0, 55.8 kB`
fn headline(context: &mut Context, file: &AsdfFile) -> Result<(), Failure> {
    let name = file.name().display().to_string();
    let header = file.header();
    let mut line = format!("ASDF {}", header.format_version);
    if let Some(fits) = file.fits() {
        let count = fits.len();
        let hdus = format!("FITS, {count} HDU{}", if count == 1 { "" } else { "s" });
        line = match file.tree_hdu() {
            Some(index) => format!("{hdus}, in HDU {index} {line}"),
            None => format!("{hdus}, without an ASDF tree"),
        };
    }
    if let Some(version) = &header.standard_version {
        line.push_str(&format!(", standard {version}"));
    }
    if let Some(writer) = file.writer() {
        line.push_str(&format!(", written by {writer}"));
    }
    line.push_str(&format!(", {}", size::human(bytes(file))));
    writeln!(
        context.out,
        "{}: {}",
        paint(context.palette.key, escape(&name)),
        escape(&line)
    )?;
    Ok(())
}
