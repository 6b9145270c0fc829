//! The arguments of the command line.

use crate::cmd;
use crate::context::Purpose;
use crate::global::Global;
use clap::{Parser, Subcommand};

/// Read, check, convert and edit ASDF files.
#[derive(Debug, Parser)]
#[command(
    name = "asdf",
    version,
    about,
    max_term_width = 100,
    propagate_version = true
)]
#[command(
    after_help = "FILE is an .asdf or .fits file, a folder, a list of names (@LIST), or `-` for standard input. PATH addresses a node of the tree:\n  roman.meta.exposure.start_time   roman/meta/exposure   /roman/meta/exposure\n  items[3]   [\"a.b\"]   roman.data[0:100, ::2]"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Info(cmd::info::Args),
    Ls(cmd::ls::Args),
    Get(cmd::get::Args),
    Stats(cmd::stats::Args),
    Search(cmd::search::Args),
    Validate(cmd::validate::Args),
    Verify(cmd::verify::Args),
    Check(Box<cmd::check::Args>),
    Table(Box<cmd::table::Args>),
    #[cfg(feature = "archive")]
    Index(Box<cmd::index::Args>),
    Diff(cmd::diff::Args),
    Refs(cmd::refs::Args),
    Convert(cmd::convert::Args),
    Wcs(cmd::wcs::Args),
    Browse(cmd::browse::Args),
    Preview(Box<cmd::preview::Args>),
    Cutout(cmd::cutout::Args),
    Embed(cmd::embed::Args),
    Strip(cmd::strip::Args),
    Edit(cmd::edit::Args),
    Set(cmd::set::Args),
    Rm(cmd::rm::Args),
    Cp(cmd::cp::Args),
    Mv(cmd::mv::Args),
    History(cmd::history::Args),
    Explode(cmd::explode::Args),
    Implode(cmd::implode::Args),
    Repair(cmd::repair::Args),
    Schema(cmd::schema::Args),
    CompletePaths(cmd::complete_paths::Args),
    Completions(cmd::completions::Args),
    Man(cmd::man::Args),
}

impl Command {
    /// What opening files and printing depend on.
    pub(crate) fn purpose(&self) -> Purpose {
        Purpose {
            shows_hdus: self.shows_hdus(),
            outlives_reader: self.outlives_reader(),
        }
    }

    /// Whether the HDUs of a FITS file without a tree stand in for one: in commands that only look at trees and arrays.
    fn shows_hdus(&self) -> bool {
        match self {
            Self::Ls(_)
            | Self::Get(_)
            | Self::Stats(_)
            | Self::Search(_)
            | Self::Diff(_)
            | Self::Wcs(_)
            | Self::Browse(_)
            | Self::Check(_)
            | Self::Refs(_)
            | Self::Table(_)
            | Self::CompletePaths(_)
            | Self::Preview(_) => true,
            #[cfg(feature = "archive")]
            Self::Index(_) => true,
            Self::Info(args) => args.has_path(),
            _ => false,
        }
    }

    /// Whether there is more to do than to print, so that a reader of standard output who leaves does not end it: files to
    /// write or to change, or a verdict to give as exit code.
    fn outlives_reader(&self) -> bool {
        !matches!(
            self,
            Self::Info(_)
                | Self::Ls(_)
                | Self::Get(_)
                | Self::Stats(_)
                | Self::Search(_)
                | Self::Table(_)
                | Self::Wcs(_)
                | Self::History(_)
                | Self::Completions(_)
                | Self::CompletePaths(_)
        )
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_arguments_are_consistent() {
        crate::help::command().debug_assert();
    }
}
