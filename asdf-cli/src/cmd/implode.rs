//! `asdf implode`.

use super::explode::{beside, draft};
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::FindArgs;
use crate::out_dir::OutDirArgs;
use crate::output;
use asdf_core::WriteOptions;
use std::path::{Path, PathBuf};

/// Bring the data of arrays in other files into one file
///
/// The other files stay. Codecs and checksums are kept.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf implode obs_exploded.asdf          # obs_exploded_all.asdf\n  asdf implode parts/obs.asdf -o obs.asdf"
)]
pub(crate) struct Args {
    /// Files, folders, or @LIST of names
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    out_dir: OutDirArgs,
    /// The file to write, for one FILE
    #[arg(short, long, value_name = "OUT", conflicts_with = "out_dir")]
    output: Option<PathBuf>,
    /// Overwrite it
    #[arg(short, long)]
    force: bool,
    /// Copy blocks whose checksum is wrong, as they are
    #[arg(long)]
    keep_corrupt: bool,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let default = |input: &Path| beside(input, "_all");
    let jobs = args.out_dir.jobs_of(
        &args.files,
        args.output.as_deref(),
        &args.find,
        "asdf",
        Some(&default),
    )?;
    jobs.run(context, |context, input, output| {
        run_one(args, input, output, context)
    })
}

fn run_one(args: &Args, input: &Path, out: &Path, context: &mut Context) -> Result<Exit, Failure> {
    let file = context.open_for_output(input, args.keep_corrupt)?;
    output::check_free(out, args.force)?;
    output::gzip::refuse(out, "the result of `asdf implode`")?;
    let no_tree = "a FITS file without an ASDF tree has no arrays in other files";
    let mut draft = draft(&file, out, no_tree)?;
    draft.implode().map_err(|error| file.name_in(error))?;
    let options = WriteOptions::default().keep_corrupt(args.keep_corrupt);
    let saved = output::write_draft(out, &mut context.out, &mut draft, &options);
    saved.map_err(|failure| failure.map(|error| file.name_in(error)))?;
    context.warn_all(file.warnings());
    Ok(Exit::Fine)
}
