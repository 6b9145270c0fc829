//! `asdf info`.

mod blocks;
mod document;
mod tree;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::json;
use crate::palette::paint;
use crate::size;
use asdf_core::{AsdfFile, Node, OutlineOptions, escape};
use std::io::Write;
use std::path::PathBuf;

/// Show what a file holds: header, tree with values and arrays, blocks
///
/// Touches header, tree and block headers only, however large the file is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  asdf info obs.asdf\n  asdf info --path roman.meta --all obs.asdf\n  asdf info --blocks obs.asdf\n  asdf info --json obs.asdf | jq .tree")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Args {
    /// Files, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Show the block table instead of the tree
    #[arg(long, conflicts_with = "json")]
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
    /// One JSON document per file
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    if args.json {
        return json::each(context, &args.files, |context, file| document::write(args, context, file));
    }
    let mut first = true;
    context.each(&args.files, |context, file| {
        if !std::mem::take(&mut first) {
            writeln!(context.out)?;
        }
        show(args, context, file)
    })
}

fn show(args: &Args, context: &mut Context, file: &AsdfFile) -> Result<Exit, Failure> {
    let root = root(args, file)?;
    headline(context, file)?;
    let columns = match (args.max_cols, args.all) {
        (Some(columns), _) => columns.max(20),
        (None, true) => usize::MAX,
        (None, false) => context.columns.unwrap_or(100).max(20),
    };
    if args.blocks {
        blocks::table(context, file, columns)?;
        return Ok(Exit::Fine);
    }
    if file.tree_span().is_some() {
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
        Some(path) => Ok(file.node(path.as_str())?),
        None => Ok(file.tree().root()),
    }
}

fn outline_options(args: &Args) -> OutlineOptions {
    let mut options = OutlineOptions { depth: args.depth, ..OutlineOptions::default() };
    options.max_rows = (!args.all).then_some(args.max_rows.max(1));
    if args.all {
        options.max_items = None;
    }
    options
}

/// `obs.asdf: ASDF 1.0.0, standard 1.6.0, written by asdf 6.0.0, 55.8 kB`
fn headline(context: &mut Context, file: &AsdfFile) -> Result<(), Failure> {
    let name = file.name().display().to_string();
    let header = file.header();
    let mut line = format!("ASDF {}", header.format_version);
    if let Some(version) = &header.standard_version {
        line.push_str(&format!(", standard {version}"));
    }
    if let Some(writer) = file.writer() {
        line.push_str(&format!(", written by {writer}"));
    }
    line.push_str(&format!(", {}", size::human(file.input().len())));
    writeln!(context.out, "{}: {}", paint(context.palette.key, escape(&name)), escape(&line))?;
    Ok(())
}
