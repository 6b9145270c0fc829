//! `asdf strip`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::FindArgs;
use crate::out_dir::OutDirArgs;
use crate::output;
use crate::usage;
use asdf_core::file::strip_tree;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Write a FITS file without its embedded ASDF tree
///
/// All other HDUs are copied byte for byte; one whose CHECKSUM or DATASUM is wrong is refused. IN and OUT may be the same file, which then is replaced as a whole.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "asdf strip [OPTIONS] IN.fits OUT.fits\n       asdf strip [OPTIONS] --out-dir DIR FILE...",
    after_help = "Examples:\n  asdf strip jw02130_cal.fits plain.fits\n  asdf strip night/ --out-dir plain\n  asdf strip --force obs.fits obs.fits"
)]
pub(crate) struct Args {
    /// A FITS file and the file to write, - for standard input and output; with --out-dir any number of files, folders and
    /// @LISTs of names
    #[arg(required = true, value_name = "IN.fits OUT.fits")]
    words: Vec<PathBuf>,
    #[command(flatten)]
    out_dir: OutDirArgs,
    /// Overwrite OUT
    #[arg(short, long)]
    force: bool,
    /// Use HDUs whose checksum is wrong, as they are
    #[arg(long)]
    keep_corrupt: bool,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let jobs = args.out_dir.jobs(&args.words, &args.find, "fits")?;
    jobs.run(context, |context, input, output| {
        run_one(args, input, output, context)
    })
}

fn run_one(
    args: &Args,
    input: &Path,
    output: &Path,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let file = context.open_for_output(input, args.keep_corrupt)?;
    output::check_free(output, args.force)?;
    let Some(fits) = file.fits() else {
        let reason = "not a FITS file";
        return Err(file.name_in(usage::refused(reason)).into());
    };
    output::write(output, &mut context.out, |sink| {
        let mut sink = std::io::BufWriter::with_capacity(1 << 20, sink);
        strip_tree(fits, &mut sink).map_err(|error| file.name_in(error))?;
        Ok(sink.flush()?)
    })?;
    context.warn_all(file.warnings());
    Ok(Exit::Fine)
}
