//! The arguments of the command line.

use crate::cmd;
use crate::context::{Context, Failure, Purpose};
use crate::exit::Exit;
use crate::global::Global;
use crate::help;
use crate::misplaced::FileUsage;
use clap::error::ErrorKind;
use clap::{Args as _, FromArgMatches as _};

/// Read, check, convert and edit ASDF files.
#[derive(Debug)]
pub(crate) struct Cli {
    pub(crate) global: Global,
    pub(crate) command: Command,
}

impl Cli {
    /// The arguments of this process.
    pub(crate) fn read() -> Result<Self, clap::Error> {
        let first = std::env::args_os().nth(1);
        let only = first.as_deref().and_then(std::ffi::OsStr::to_str);
        let mut matches = help::command_for(only).try_get_matches()?;
        Ok(Self {
            global: Global::from_arg_matches_mut(&mut matches)?,
            command: Command::from_arg_matches_mut(&mut matches)?,
        })
    }

    /// The command line without its commands.
    pub(crate) fn root() -> clap::Command {
        // Its description is that of the options alone.
        let root = Global::augment_args(clap::Command::new("asdf"));
        root.version(env!("CARGO_PKG_VERSION"))
            .about(env!("CARGO_PKG_DESCRIPTION"))
            .max_term_width(100)
            .propagate_version(true)
            // The list of commands leaves no line for it in the short help.
            .disable_version_flag(true)
            .arg(version_flag())
            .subcommand_required(true)
            .arg_required_else_help(true)
            .after_help(FILES_AND_PATHS)
    }
}

fn version_flag() -> clap::Arg {
    clap::Arg::new("version")
        .short('V')
        .long("version")
        .help("Print version")
        .help_heading("Global options")
        .global(true)
        .action(clap::ArgAction::Version)
}

const FILES_AND_PATHS: &str = "\
FILE is an .asdf or .fits file, a folder, a list of names (@LIST), or `-` for standard input. PATH addresses a node of the tree:
  roman.meta.exposure.start_time   roman/meta/exposure   /roman/meta/exposure
  items[3]   [\"a.b\"]   roman.data[0:100, ::2]";

/// Declares the commands, in the order of the help: the name, the variant with its arguments, and the module of `cmd` that
/// runs it.
macro_rules! commands {
    ($($(#[$gate:meta])* $name:literal $variant:ident($args:ty) $module:ident,)*) => {
        /// The commands.
        #[derive(Debug)]
        pub(crate) enum Command {
            $($(#[$gate])* $variant($args),)*
        }

        impl Command {
            /// Adds all commands, or the one of that name alone: describing the options of all takes longer than what most of
            /// them do.
            pub(crate) fn add_to(root: clap::Command, only: Option<&str>) -> clap::Command {
                let is_wanted = |name| only.is_none_or(|only| only == name);
                $($(#[$gate])* let root = if is_wanted($name) {
                    root.subcommand(<$args>::augment_args(clap::Command::new($name)))
                } else {
                    root
                };)*
                root
            }

            /// Whether there is a command of that name.
            pub(crate) fn is_known(name: &str) -> bool {
                match name {
                    $($(#[$gate])* $name => true,)*
                    _ => false,
                }
            }

            /// The names of all commands.
            pub(crate) fn names() -> Vec<&'static str> {
                [$($(#[$gate])* $name,)*].to_vec()
            }

            /// The command that was given, with its arguments.
            fn from_arg_matches_mut(matches: &mut clap::ArgMatches) -> Result<Self, clap::Error> {
                let Some((name, mut found)) = matches.remove_subcommand() else {
                    return Err(clap::Error::new(ErrorKind::MissingSubcommand));
                };
                match name.as_str() {
                    $($(#[$gate])* $name => <$args>::from_arg_matches_mut(&mut found).map(Self::$variant),)*
                    _ => Err(clap::Error::new(ErrorKind::InvalidSubcommand)),
                }
            }

            /// Its name.
            fn name(&self) -> &'static str {
                match self {
                    $($(#[$gate])* Self::$variant(_) => $name,)*
                }
            }

            /// Runs it.
            pub(crate) fn run(&self, context: &mut Context) -> Result<Exit, Failure> {
                match self {
                    $($(#[$gate])* Self::$variant(args) => cmd::$module::run(args, context),)*
                }
            }
        }
    };
}

commands! {
    "info" Info(cmd::info::Args) info,
    "ls" Ls(cmd::ls::Args) ls,
    "get" Get(cmd::get::Args) get,
    "stats" Stats(cmd::stats::Args) stats,
    "search" Search(cmd::search::Args) search,
    "validate" Validate(cmd::validate::Args) validate,
    "verify" Verify(cmd::verify::Args) verify,
    "check" Check(Box<cmd::check::Args>) check,
    "table" Table(Box<cmd::table::Args>) table,
    #[cfg(feature = "archive")]
    "index" Index(Box<cmd::index::Args>) index,
    "diff" Diff(cmd::diff::Args) diff,
    "refs" Refs(cmd::refs::Args) refs,
    "convert" Convert(cmd::convert::Args) convert,
    "wcs" Wcs(cmd::wcs::Args) wcs,
    "browse" Browse(cmd::browse::Args) browse,
    "preview" Preview(Box<cmd::preview::Args>) preview,
    "cutout" Cutout(cmd::cutout::Args) cutout,
    "embed" Embed(cmd::embed::Args) embed,
    "strip" Strip(cmd::strip::Args) strip,
    "edit" Edit(cmd::edit::Args) edit,
    "set" Set(cmd::set::Args) set,
    "rm" Rm(cmd::rm::Args) rm,
    "cp" Cp(cmd::cp::Args) cp,
    "mv" Mv(cmd::mv::Args) mv,
    "history" History(cmd::history::Args) history,
    "explode" Explode(cmd::explode::Args) explode,
    "implode" Implode(cmd::implode::Args) implode,
    "repair" Repair(cmd::repair::Args) repair,
    "schema" Schema(cmd::schema::Args) schema,
    "complete-paths" CompletePaths(cmd::complete_paths::Args) complete_paths,
    "completions" Completions(cmd::completions::Args) completions,
    "man" Man(cmd::man::Args) man,
}

impl Command {
    /// What opening files and printing depend on.
    pub(crate) fn purpose(&self) -> Purpose {
        Purpose {
            shows_hdus: self.shows_hdus(),
            outlives_reader: self.outlives_reader(),
            usage: self.usage(),
        }
    }

    /// How it takes a path of the tree, and what is looked for, beside files.
    fn usage(&self) -> FileUsage {
        let path = match self {
            Self::Info(_)
            | Self::Ls(_)
            | Self::Get(_)
            | Self::Stats(_)
            | Self::Rm(_)
            | Self::Preview(_)
            | Self::Convert(_)
            | Self::Cutout(_) => Some("--path"),
            Self::Search(_) => Some("--under"),
            Self::Check(_) => Some("--require"),
            Self::Table(_) => Some("-k"),
            _ => None,
        };
        let (command, path) = match self {
            Self::Wcs(args) => (args.command(), Some("--path")),
            _ => (self.name(), path),
        };
        FileUsage { command, path }
    }

    /// Whether nothing else that it starts has the terminal: a browser or an editor.
    pub(crate) fn leaves_terminal(&self) -> bool {
        !matches!(self, Self::Browse(_) | Self::Edit(_))
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
