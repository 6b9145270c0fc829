//! The commands, one file each.

pub(crate) mod completions;
pub(crate) mod get;
pub(crate) mod info;
pub(crate) mod ls;
pub(crate) mod man;
pub(crate) mod repair;
pub(crate) mod search;
pub(crate) mod stats;
pub(crate) mod verify;

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
        Command::Verify(args) => verify::run(args, context),
        Command::Repair(args) => repair::run(args, context),
        Command::Completions(args) => completions::run(args, context),
        Command::Man(args) => man::run(args, context),
    }
}
