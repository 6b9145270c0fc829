//! The `asdf` command: asks `asdf_core`, paints the answer.

mod check;
mod cli;
mod cmd;
mod context;
mod each;
mod exit;
mod hdu_list;
mod inputs;
mod json;
mod library;
mod out_dir;
mod output;
mod palette;
mod progress;
mod queue;
mod render;
mod report;
mod screen;
mod size;
mod update;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let mut context = context::Context::new(&cli);
    let outcome = cmd::run(&cli.command, &mut context);
    context.finish(outcome)
}
