//! `asdf man`.

use crate::cli::Cli;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use clap::CommandFactory;
use std::io::Write;
use std::path::PathBuf;

/// Print the manual page, or write all pages to a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  asdf man | man -l -\n  asdf man info | man -l -\n  asdf man --out ~/.local/share/man/man1")]
pub(crate) struct Args {
    /// The command whose page to print (default: the page of `asdf` itself)
    command: Option<String>,
    /// Write one page a command to this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let mut root = Cli::command();
    root.build();
    if let Some(folder) = &args.out {
        std::fs::create_dir_all(folder).map_err(asdf_core::Error::from)?;
        clap_mangen::generate_to(root, folder).map_err(asdf_core::Error::from)?;
        return Ok(Exit::Fine);
    }
    let page = match &args.command {
        None => root,
        Some(name) => match root.find_subcommand(name) {
            Some(command) => command.clone(),
            None => {
                crate::report::text(&format!("no command `{name}`"));
                return Ok(Exit::Trouble);
            }
        },
    };
    clap_mangen::Man::new(page).render(&mut context.out)?;
    context.out.flush()?;
    Ok(Exit::Fine)
}
