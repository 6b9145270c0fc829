//! `asdf wcs`.

mod eval;
mod files;
mod footprint;
mod info;
mod points;
mod to_fits;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::usage;
use asdf_core::array::is_ndarray;
use asdf_core::wcs::{ArrayWcs, Wcs};
use asdf_core::{AsdfFile, Error, Result};

/// Evaluate, invert and show the world coordinate systems of a file
///
/// PATH is the WCS, or an array that has one; without it the first WCS of the tree. Headers of a FITS file without a tree have theirs at fits/N/wcs. Pixels count from 0 at the centre of the first one, x first.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf wcs info obs.asdf\n  asdf wcs eval obs.asdf 100 200\n  asdf wcs eval obs.asdf roman.meta.wcs --points pixels.txt\n  asdf wcs invert obs.asdf 269.98 65.98 --numerical\n  asdf wcs footprint obs.asdf\n  asdf wcs to-fits obs.asdf > wcs.hdr\n  asdf wcs eval image.fits fits/1/wcs 100 200"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Info(info::Args),
    Eval(eval::EvalArgs),
    Invert(eval::InvertArgs),
    Footprint(footprint::Args),
    ToFits(to_fits::Args),
}

impl Args {
    /// The command as it is typed.
    pub(crate) fn command(&self) -> &'static str {
        match &self.action {
            Action::Info(_) => "wcs info",
            Action::Eval(_) => "wcs eval",
            Action::Invert(_) => "wcs invert",
            Action::Footprint(_) => "wcs footprint",
            Action::ToFits(_) => "wcs to-fits",
        }
    }
}

pub(crate) fn run(args: &Args, context: &mut Context) -> std::result::Result<Exit, Failure> {
    match &args.action {
        Action::Info(args) => info::run(args, context),
        Action::Eval(args) => eval::run(args, context),
        Action::Invert(args) => eval::invert(args, context),
        Action::Footprint(args) => footprint::run(args, context),
        Action::ToFits(args) => to_fits::run(args, context),
    }
}

/// The WCS at a path, that of the array at a path, or the first of the tree.
pub(crate) fn find(file: &AsdfFile, path: Option<&str>) -> Result<Wcs> {
    if let Some(path) = path {
        let place = file.one_path(path)?;
        return match file.node(place.clone()) {
            Ok(node) if is_ndarray(node) => of_array(file, path),
            Ok(_) => file.wcs(place),
            // The path may be that of a header's WCS, and there is none because of a keyword.
            Err(_) => file
                .wcs(place.clone())
                .map_err(|error| file.missing_wcs(Some(&place)).unwrap_or(error)),
        };
    }
    let reason = match file.wcs_paths().into_iter().next() {
        Some(path) => return file.wcs(path),
        None if file.fits().is_some() && file.tree().is_empty() => {
            "a FITS file without a tree; `asdf convert --wcs` makes a file with the WCS of its headers"
        }
        None if file.fits().is_some() && file.tree_hdu().is_none() => {
            if let Some(error) = file.missing_wcs(None) {
                return Err(error);
            }
            "there is no WCS in its headers"
        }
        None => "there is no WCS in its tree",
    };
    Err(usage::refused(reason).in_file_of(file))
}

/// The WCS of the array at a path.
pub(crate) fn of_array(file: &AsdfFile, path: &str) -> Result<Wcs> {
    match file.wcs_at_array(file.one_path(path)?)? {
        ArrayWcs::One(wcs) => Ok(*wcs),
        ArrayWcs::None(why) => {
            let reason = format!("the array {path} has no WCS: {why}");
            Err(usage::refused(reason).in_file_of(file))
        }
    }
}

/// Names the file in an error that does not know it yet.
trait InFile {
    fn in_file_of(self, file: &AsdfFile) -> Self;
}

impl InFile for Error {
    fn in_file_of(self, file: &AsdfFile) -> Self {
        file.name_in(self)
    }
}
