//! `asdf explode`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::FindArgs;
use crate::out_dir::OutDirArgs;
use crate::output;
use crate::usage;
use asdf_core::convert::{FitsReadOptions, draft_with_hdus};
use asdf_core::{AsdfFile, Draft, WriteOptions};
use std::path::{Path, PathBuf};

/// Put the data of each array into a file of its own
///
/// OUT gets the tree; beside it each block becomes STEM0000.asdf and so on, with its codec and
/// checksum. `asdf implode` brings them back.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf explode obs.asdf                 # obs_exploded.asdf, obs_exploded0000.asdf, …\n  asdf explode obs.asdf -o parts/obs.asdf"
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
    /// Overwrite what is there
    #[arg(short, long)]
    force: bool,
    /// Copy blocks whose checksum is wrong, as they are
    #[arg(long)]
    keep_corrupt: bool,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let default = |input: &Path| beside(input, "_exploded");
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
    crate::network::refuse_many(out, "the result of `asdf explode`")?;
    let file = context.open_for_output(input, args.keep_corrupt)?;
    output::check_free(out, args.force)?;
    output::gzip::refuse(out, "the result of `asdf explode`")?;
    let no_tree = "a FITS file without an ASDF tree has no arrays of one: asdf convert IN.fits OUT.asdf --explode takes its HDUs apart";
    let mut draft = draft(&file, out, no_tree)?;
    output::explode(&mut draft, out, args.force).map_err(|error| file.name_in(error))?;
    let options = WriteOptions::default().keep_corrupt(args.keep_corrupt);
    let saved = draft.save(out, &options);
    saved.map_err(|error| file.name_in(error))?;
    context.warn_all(file.warnings());
    Ok(Exit::Fine)
}

/// A draft of a file whose arrays get other places in the ASDF file OUT, with the HDUs of a FITS file. Of one without a tree `no_tree`
/// says why there is nothing to be done.
pub(super) fn draft<'f>(
    file: &'f AsdfFile,
    out: &Path,
    no_tree: &str,
) -> asdf_core::Result<Draft<'f>> {
    output::check_is_asdf(out)?;
    if file.fits().is_some() && file.tree_hdu().is_none() {
        return Err(file.name_in(usage::refused(no_tree)));
    }
    draft_with_hdus(file, &FitsReadOptions::default()).map_err(|error| file.name_in(error))
}

/// `obs.asdf` → `obs_exploded.asdf`
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_os_string();
    name.push(suffix);
    name.push(".asdf");
    path.with_file_name(name)
}
