//! The `asdf` command: asks `asdf_core`, paints the answer.

mod card_name;
mod check;
mod cli;
mod closed;
mod cmd;
mod columns;
mod config;
mod context;
mod each;
mod exit;
mod flags;
mod format;
mod global;
mod hdu_list;
mod help;
mod inputs;
mod json;
mod junit;
mod library;
mod misplaced;
mod named;
mod network;
mod out_dir;
mod output;
mod pair;
mod palette;
mod plane_coordinates;
mod progress;
mod queue;
mod render;
mod report;
mod screen;
mod shard;
mod signals;
mod size;
mod stdout;
mod tables_beside;
mod update;
mod usage;
mod xml;

use std::io::{self, Write};
use std::process::ExitCode;

/// Trees are many small allocations, which musl's own allocator makes slowly.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match cli::Cli::read() {
        Ok(cli) => cli,
        Err(message) => return tell(&message),
    };
    if !cli.global.no_config
        && let Err(error) = config::read()
    {
        report::error(&error, cli.global.verbose);
        return exit::Exit::Trouble.into();
    }
    // The browser gives the terminal back first.
    if !matches!(cli.command, cli::Command::Browse(_)) {
        asdf_core::file::before_files_under_way(signals::remove_outputs);
    }
    let purpose = cli.command.purpose();
    let mut context = context::Context::new(&cli.global, purpose);
    if context.progress() && cli.command.leaves_terminal() {
        progress::begin(purpose.usage.command);
    }
    let outcome = cli.command.run(&mut context);
    context.finish(outcome)
}

/// Prints the help, the version, or what is wrong with the command line.
fn tell(message: &clap::Error) -> ExitCode {
    let is_heard = if message.use_stderr() {
        Ok(())
    } else {
        closed::check()
    };
    let printed = is_heard
        .and_then(|()| message.print())
        .and_then(|()| io::stdout().flush());
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            report::text(&format!("standard output: {error}"));
            exit::Exit::Trouble.into()
        }
        _ => u8::try_from(message.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from),
    }
}
