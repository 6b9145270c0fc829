//! The commands, one file each.

pub(crate) mod browse;
pub(crate) mod check;
pub(crate) mod complete_paths;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod cp;
pub(crate) mod cutout;
pub(crate) mod diff;
pub(crate) mod edit;
pub(crate) mod embed;
pub(crate) mod explode;
pub(crate) mod get;
pub(crate) mod history;
pub(crate) mod implode;
#[cfg(feature = "archive")]
pub(crate) mod index;
pub(crate) mod info;
pub(crate) mod ls;
pub(crate) mod man;
pub(crate) mod mv;
pub(crate) mod preview;
pub(crate) mod refs;
pub(crate) mod repair;
pub(crate) mod rm;
pub(crate) mod schema;
pub(crate) mod search;
pub(crate) mod set;
pub(crate) mod stats;
pub(crate) mod strip;
pub(crate) mod table;
pub(crate) mod validate;
pub(crate) mod verify;
pub(crate) mod wcs;

use crate::cli::Command;
use crate::context::{Context, Failure};
use crate::exit::Exit;

/// Runs a command.
pub(crate) fn run(command: &Command, context: &mut Context) -> Result<Exit, Failure> {
    match command {
        Command::Info(args) => info::run(args, context),
        Command::Ls(args) => ls::run(args, context),
        Command::Get(args) => get::run(args, context),
        Command::Stats(args) => stats::run(args, context),
        Command::Search(args) => search::run(args, context),
        Command::Validate(args) => validate::run(args, context),
        Command::Verify(args) => verify::run(args, context),
        Command::Check(args) => check::run(args, context),
        Command::Table(args) => table::run(args, context),
        #[cfg(feature = "archive")]
        Command::Index(args) => index::run(args, context),
        Command::Diff(args) => diff::run(args, context),
        Command::Refs(args) => refs::run(args, context),
        Command::Convert(args) => convert::run(args, context),
        Command::Wcs(args) => wcs::run(args, context),
        Command::Browse(args) => browse::run(args, context),
        Command::Preview(args) => preview::run(args, context),
        Command::Cutout(args) => cutout::run(args, context),
        Command::Embed(args) => embed::run(args, context),
        Command::Strip(args) => strip::run(args, context),
        Command::Edit(args) => edit::run(args, context),
        Command::Set(args) => set::run(args, context),
        Command::Rm(args) => rm::run(args, context),
        Command::Cp(args) => cp::run(args, context),
        Command::Mv(args) => mv::run(args, context),
        Command::History(args) => history::run(args, context),
        Command::Explode(args) => explode::run(args, context),
        Command::Implode(args) => implode::run(args, context),
        Command::Repair(args) => repair::run(args, context),
        Command::Schema(args) => schema::run(args, context),
        Command::CompletePaths(args) => complete_paths::run(args, context),
        Command::Completions(args) => completions::run(args, context),
        Command::Man(args) => man::run(args, context),
    }
}
