//! `asdf completions`.

use crate::cli::Cli;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use clap::CommandFactory;
use std::io::Write;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  asdf completions bash > ~/.local/share/bash-completion/completions/asdf\n  asdf completions zsh > ~/.zfunc/_asdf\n  asdf completions fish > ~/.config/fish/completions/asdf.fish")]
pub(crate) struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    // The generator panics when its writer fails, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "asdf", &mut script);
    context.out.write_all(&script)?;
    Ok(Exit::Fine)
}
