//! `asdf wcs footprint`.

use super::files::FileArgs;
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
    /// File, folder, @LIST of names, or - for standard input; then the WCS (default: the first)
    #[arg(required = true, value_name = "FILE [PATH]")]
    words: Vec<PathBuf>,
    /// The centres of the outermost pixels instead of their edges
    #[arg(long)]
    centers: bool,
    /// As the region that archives have: POLYGON ICRS ...
    #[arg(long, conflicts_with = "json")]
    s_region: bool,
    #[command(flatten)]
    files: FileArgs,
}

pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let (files, path) = args.files.split(&args.words)?;
    let key = if args.s_region { "s_region" } else { "corners" };
    let extent = if args.centers {
        Extent::Centers
    } else {
        Extent::Edges
    };
    args.files
        .each(&files, key, context, |context, file, json| {
            let wcs = args.files.find(file, path.as_deref())?;
            let place = |error| file.name_in(error);
            if args.s_region {
                let region = wcs.s_region(extent).map_err(place)?;
                if json {
                    write!(context.out, "{}", serde_json::Value::from(region))?;
                } else {
                    writeln!(context.out, "{region}")?;
                }
            } else {
                let corners = wcs.footprint(extent).map_err(place)?;
                points::write(context, &corners, json)?;
            }
            Ok(Exit::Fine)
        })
}
