//! `asdf completions`.

use crate::cli;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::help;
use asdf_core::block::Compression;
use asdf_core::limits::Limit;
use clap::builder::PossibleValuesParser;
use clap::{Arg, Command};
use clap_complete::Shell;
use std::io::Write;

/// Commands whose arguments after a file are nodes of its tree.
const OF_NODES: &str = "get set rm mv cp stats preview wcs";

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
    let mut command = with_names(help::command(), args.shell);
    clap_complete::generate(args.shell, &mut command, "asdf", &mut script);
    let options = options(&command);
    let script = with_paths(
        args.shell,
        String::from_utf8_lossy(&script).into_owned(),
        &options,
    );
    // A script is read by a shell and not by people.
    context.out.pass_all();
    context.out.write_all(script.as_bytes())?;
    Ok(Exit::Fine)
}

/// Names that values begin with, or that are some of many values: offered, where the command takes any text.
fn with_names(command: Command, shell: Shell) -> Command {
    let limits = Limit::ALL.map(Limit::name);
    let is_shown = |name: &&str| {
        let own = command.find_subcommand(name);
        own.is_some_and(|own| !own.is_hide_set())
    };
    let commands: Vec<&str> = cli::Command::names().into_iter().filter(is_shown).collect();
    let codecs = [vec!["input"], Compression::names()].concat();
    let profiles = || super::check::profile_names().to_vec();
    let command = command.mut_arg("limit", |arg| {
        arg.value_parser(PossibleValuesParser::new(limits))
    });
    let command = command
        .mut_subcommand("man", |man| {
            man.mut_arg("words", |arg| {
                arg.value_parser(PossibleValuesParser::new(commands))
            })
        })
        .mut_subcommand("convert", |convert| {
            convert.mut_arg("compress", |arg| {
                arg.default_value("input")
                    .value_parser(PossibleValuesParser::new(codecs))
            })
        });
    command.mut_subcommand("check", |check| {
        let check = check.mut_arg("show_profile", |arg| {
            arg.value_parser(PossibleValuesParser::new(profiles()))
        });
        // Elsewhere no file would be offered any more.
        if shell != Shell::Bash {
            return check;
        }
        check.mut_arg("profile", |arg| {
            arg.value_parser(PossibleValuesParser::new(profiles()))
        })
    })
}

/// The options whose values are paths of a tree: command and option.
fn options(command: &Command) -> Vec<(String, Arg)> {
    let is_path = |arg: &&Arg| {
        let mut names = arg.get_value_names().into_iter().flatten();
        !arg.is_positional() && names.any(|name| name.contains("PATH"))
    };
    let mut out = Vec::new();
    for own in command.get_subcommands() {
        let inner = own.get_subcommands().flat_map(Command::get_arguments);
        for arg in own.get_arguments().chain(inner).filter(is_path) {
            if !out.iter().any(|(name, known): &(String, Arg)| {
                name == own.get_name() && known.get_id() == arg.get_id()
            }) {
                out.push((own.get_name().to_owned(), arg.clone()));
            }
        }
    }
    out
}

/// The script with what completes paths of trees, which no list of options can know.
fn with_paths(shell: Shell, script: String, options: &[(String, Arg)]) -> String {
    let own = match shell {
        Shell::Bash => include_str!("completions/paths.bash"),
        Shell::Zsh => include_str!("completions/paths.zsh"),
        Shell::Fish => include_str!("completions/paths.fish"),
        _ => return script,
    };
    let words = |(command, arg): &(String, Arg)| {
        let long = arg.get_long().map(|long| format!("{command}:--{long}"));
        let short = arg.get_short().map(|short| format!("{command}:-{short}"));
        long.into_iter().chain(short).collect::<Vec<_>>()
    };
    let words: Vec<String> = options.iter().flat_map(words).collect();
    let own = own
        .replace("COMMANDS", OF_NODES)
        .replace("OPTIONS", &words.join(" "));
    if shell == Shell::Fish {
        let line = |(command, arg): &(String, Arg)| {
            let long = arg.get_long().map(|long| format!(" -l {long}"));
            let short = arg.get_short().map(|short| format!(" -s {short}"));
            format!(
                "complete -c asdf -n \"__fish_seen_subcommand_from {command}\"{}{} -x -a '(__asdf_tree_paths)'\n",
                long.unwrap_or_default(),
                short.unwrap_or_default()
            )
        };
        // Its generator leaves out the values of what is no option.
        let man = format!(
            "complete -c asdf -n \"__fish_seen_subcommand_from man\" -f -a '{}'\n",
            cli::Command::names().join(" ")
        );
        return script + &own + &options.iter().map(line).collect::<String>() + &man;
    }
    if shell != Shell::Zsh {
        return script + &own;
    }
    // What zsh calls is `_asdf`; the list of options gets another name, and its end is that of `paths.zsh`.
    let (options, _) = script
        .split_once("\nif [ \"$funcstack[1]\" = \"_asdf\" ]")
        .unwrap_or((&script, ""));
    // After an argument of `*::` zsh completes no option any more.
    let options = options.replace("'*::", "'*:");
    options.replacen("_asdf() {", "_asdf_options() {", 1) + "\n" + &own
}
