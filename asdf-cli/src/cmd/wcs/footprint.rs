//! `asdf wcs footprint`.

use super::files::FileArgs;
use super::points;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use asdf_core::wcs::Extent;
use std::io::Write;
use std::path::PathBuf;

/// The corners of the image on the sky
///
/// Longitude and latitude in degrees, in the frame of the WCS, of the bounding box, else of the pixel shape: clockwise from the
/// least pixels. Of a cube the celestial part; --all-axes gives all coordinates as they are, and so does a WCS without a sky.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf wcs footprint obs.asdf\n  asdf wcs footprint obs.asdf --s-region\n  asdf wcs footprint obs.asdf --ds9 > obs.reg\n  asdf wcs footprint obs.asdf roman.meta.wcs --centers --json"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Args {
    /// File, folder, @LIST of names, or - for standard input; then the WCS (default: the first)
    #[arg(required = true, value_name = "FILE [PATH]")]
    words: Vec<PathBuf>,
    /// The centres of the outermost pixels instead of their edges
    #[arg(long)]
    centers: bool,
    /// As the region that archives have (STC-S): POLYGON ICRS ...
    #[arg(long, conflicts_with = "json")]
    s_region: bool,
    /// As a region file of DS9
    #[arg(long, conflicts_with_all = ["json", "s_region"])]
    ds9: bool,
    /// The corners of all axes, in the units and the order of the WCS
    #[arg(long, conflicts_with_all = ["s_region", "ds9"])]
    all_axes: bool,
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
            } else if args.ds9 {
                let region = wcs.ds9_region(extent).map_err(place)?;
                write!(context.out, "{region}")?;
            } else {
                let sky = if args.all_axes {
                    None
                } else {
                    wcs.sky_footprint(extent).map_err(place)?
                };
                let corners = match sky {
                    Some(sky) => sky.to_vec(),
                    None => wcs.footprint(extent).map_err(place)?,
                };
                points::write(context, &corners, json)?;
            }
            Ok(Exit::Fine)
        })
}
