//! `asdf strip`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::output;
use crate::usage;
use asdf_core::file::strip_tree;
use std::io::Write;
use std::path::PathBuf;

/// Write a FITS file without its embedded ASDF tree
///
/// All other HDUs are copied byte for byte; one whose CHECKSUM or DATASUM is wrong is refused. IN and OUT may be the same file, which then is replaced as a whole.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf strip jw02130_cal.fits plain.fits\n  asdf strip --force obs.fits obs.fits"
)]
pub(crate) struct Args {
    /// FITS file, or - for standard input
    #[arg(value_name = "IN.fits")]
    input: PathBuf,
    /// FITS file to write, or - for standard output
    #[arg(value_name = "OUT.fits")]
    output: PathBuf,
    /// Overwrite OUT
    #[arg(short, long)]
    force: bool,
    /// Use HDUs whose checksum is wrong, as they are
    #[arg(long)]
    keep_corrupt: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let file = context.open_for_output(&args.input, args.keep_corrupt)?;
    output::check_free(&args.output, args.force)?;
    let Some(fits) = file.fits() else {
        let reason = "not a FITS file";
        return Err(file.name_in(usage::refused(reason)).into());
    };
    output::write(&args.output, &mut context.out, |sink| {
        let mut sink = std::io::BufWriter::with_capacity(1 << 20, sink);
        strip_tree(fits, &mut sink).map_err(|error| file.name_in(error))?;
        Ok(sink.flush()?)
    })?;
    context.warn_all(file.warnings());
    Ok(Exit::Fine)
}
