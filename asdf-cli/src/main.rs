//! The `asdf` command: asks `asdf_core`, paints the answer.

mod check;
mod cli;
mod cmd;
mod context;
mod each;
mod exit;
mod global;
mod hdu_list;
mod inputs;
mod json;
mod library;
mod out_dir;
mod output;
mod pair;
mod palette;
mod progress;
mod queue;
mod render;
mod report;
mod screen;
mod size;
mod update;
mod usage;
mod xml;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let mut context = context::Context::new(&cli.global, cli.command.shows_hdus());
    let outcome = cmd::run(&cli.command, &mut context);
    context.finish(outcome)
}
