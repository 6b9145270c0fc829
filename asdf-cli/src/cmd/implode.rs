//! `asdf implode`.

use super::explode::beside;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::output;
use asdf_core::WriteOptions;
use std::path::PathBuf;

/// Bring the data of arrays in other files into one file
///
/// The other files stay. Codecs and checksums are kept.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf implode obs_exploded.asdf          # obs_exploded_all.asdf\n  asdf implode parts/obs.asdf -o obs.asdf"
)]
pub(crate) struct Args {
    /// File
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The file to write
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Overwrite it
    #[arg(short, long)]
    force: bool,
    /// Copy blocks whose checksum is wrong, as they are
    #[arg(long)]
    keep_corrupt: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let file = context.open_for_output(&args.file, args.keep_corrupt)?;
    let out = args
        .output
        .clone()
        .unwrap_or_else(|| beside(&args.file, "_all"));
    output::check_free(&out, args.force)?;
    let mut draft = file.to_draft();
    draft.implode().map_err(|error| file.name_in(error))?;
    let options = WriteOptions::default().keep_corrupt(args.keep_corrupt);
    let saved = draft.save(&out, &options);
    saved.map_err(|error| file.name_in(error))?;
    context.warn_all(file.warnings());
    Ok(Exit::Fine)
}
