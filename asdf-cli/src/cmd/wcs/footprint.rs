//! `asdf wcs footprint`.

use super::points;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use asdf_core::wcs::Extent;
use std::io::Write;
use std::path::PathBuf;

/// The corners of the image in world coordinates
///
/// Of the bounding box, else of the pixel shape; clockwise from the least pixels where all axes are of space.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf wcs footprint obs.asdf\n  asdf wcs footprint obs.asdf --s-region\n  asdf wcs footprint obs.asdf roman.meta.wcs --centers --json"
)]
pub(crate) struct Args {
    /// File, or - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The WCS (default: the first)
    #[arg(value_name = "PATH")]
    path: Option<String>,
    /// The centres of the outermost pixels instead of their edges
    #[arg(long)]
    centers: bool,
    /// As the region that archives have: POLYGON ICRS ...
    #[arg(long, conflicts_with = "json")]
    s_region: bool,
    /// A JSON list of lists
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let file = context.open(&args.file)?;
    let wcs = super::find(&file, args.path.as_deref())?;
    let extent = if args.centers {
        Extent::Centers
    } else {
        Extent::Edges
    };
    let place = |error| file.name_in(error);
    if args.s_region {
        writeln!(context.out, "{}", wcs.s_region(extent).map_err(place)?)?;
    } else {
        let corners = wcs.footprint(extent).map_err(place)?;
        points::write(context, &corners, args.json)?;
    }
    context.warn_all(file.warnings());
    Ok(Exit::Fine)
}
