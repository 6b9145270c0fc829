//! `asdf completions`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::help;
use clap_complete::Shell;
use std::io::Write;

/// Commands whose arguments after a file are nodes of its tree.
const OF_NODES: &str = "get set rm mv cp stats preview";

/// Print a completion script for a shell
///
/// Commands, options and their values are completed, and in bash, zsh and fish paths within the tree of the file that was named
/// before: `asdf get obs.asdf roman.meta.<TAB>`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf completions bash > ~/.local/share/bash-completion/completions/asdf\n  asdf completions zsh > ~/.zfunc/_asdf\n  asdf completions fish > ~/.config/fish/completions/asdf.fish"
)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    // The generator panics when its writer fails, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut help::command(), "asdf", &mut script);
    let script = with_paths(args.shell, String::from_utf8_lossy(&script).into_owned());
    // A script is read by a shell and not by people.
    context.out.pass_all();
    context.out.write_all(script.as_bytes())?;
    Ok(Exit::Fine)
}

/// The script with what completes paths of trees, which no list of options can know.
fn with_paths(shell: Shell, script: String) -> String {
    let own = match shell {
        Shell::Bash => include_str!("completions/paths.bash"),
        Shell::Zsh => include_str!("completions/paths.zsh"),
        Shell::Fish => include_str!("completions/paths.fish"),
        _ => return script,
    };
    let own = own.replace("COMMANDS", OF_NODES);
    if shell != Shell::Zsh {
        return script + &own;
    }
    // What zsh calls is `_asdf`; the list of options gets another name, and its end is that of `paths.zsh`.
    let (options, _) = script
        .split_once("\nif [ \"$funcstack[1]\" = \"_asdf\" ]")
        .unwrap_or((&script, ""));
    options.replacen("_asdf() {", "_asdf_options() {", 1) + "\n" + &own
}
