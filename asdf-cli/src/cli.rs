//! The arguments of the command line.

use crate::cmd;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Read, check, convert and edit ASDF files.
#[derive(Debug, Parser)]
#[command(
    name = "asdf",
    version,
    about,
    max_term_width = 100,
    propagate_version = true
)]
#[command(
    after_help = "FILE is an .asdf file, or `-` for standard input. PATH addresses a node of the tree:\n  roman.meta.exposure.start_time   roman/meta/exposure   /roman/meta/exposure\n  items[3]   [\"a.b\"]   roman.data[0:100, ::2]\n\nExit code: 0 fine, 1 the answer is no (mismatch, nothing found), 2 trouble."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Explain errors: cause chain and the bytes concerned
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// No warnings
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
    /// Raise or lower a limit against hostile files, e.g. depth=5000
    #[arg(long, global = true, value_name = "NAME=VALUE", value_parser = parse_limit)]
    pub(crate) limit: Vec<(String, u64)>,
    /// Follow sources and references to any local file, not only to the file's own folder
    #[arg(long, global = true)]
    pub(crate) allow_external: bool,
    /// Read the file instead of mapping it (when another process may truncate it meanwhile)
    #[arg(long, global = true)]
    pub(crate) no_mmap: bool,
    /// No progress bar
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
    /// Threads for decoding and checksums (default: one a core)
    #[arg(long, global = true, value_name = "N", value_parser = parse_threads)]
    pub(crate) threads: Option<usize>,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// When standard output is a terminal, `NO_COLOR` is unset, or `CLICOLOR_FORCE` is set
    Auto,
    /// Yes
    Always,
    /// No
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Info(cmd::info::Args),
    Ls(cmd::ls::Args),
    Get(cmd::get::Args),
    Stats(cmd::stats::Args),
    Search(cmd::search::Args),
    Validate(cmd::validate::Args),
    Verify(cmd::verify::Args),
    Check(Box<cmd::check::Args>),
    Table(Box<cmd::table::Args>),
    Diff(cmd::diff::Args),
    Convert(cmd::convert::Args),
    Wcs(cmd::wcs::Args),
    Browse(cmd::browse::Args),
    Preview(cmd::preview::Args),
    Cutout(cmd::cutout::Args),
    Embed(cmd::embed::Args),
    Strip(cmd::strip::Args),
    Edit(cmd::edit::Args),
    Set(cmd::set::Args),
    Rm(cmd::rm::Args),
    Cp(cmd::cp::Args),
    Mv(cmd::mv::Args),
    History(cmd::history::Args),
    Explode(cmd::explode::Args),
    Implode(cmd::implode::Args),
    Repair(cmd::repair::Args),
    Schema(cmd::schema::Args),
    Completions(cmd::completions::Args),
    Man(cmd::man::Args),
}

impl Command {
    /// Whether the HDUs of a FITS file without a tree stand in for one: in commands that only look at trees and arrays.
    pub(crate) fn shows_hdus(&self) -> bool {
        match self {
            Self::Ls(_)
            | Self::Get(_)
            | Self::Stats(_)
            | Self::Search(_)
            | Self::Diff(_)
            | Self::Wcs(_)
            | Self::Browse(_)
            | Self::Check(_)
            | Self::Table(_)
            | Self::Preview(_) => true,
            Self::Info(args) => args.has_path(),
            _ => false,
        }
    }
}

fn parse_threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(threads @ 1..=1024) => Ok(threads),
        _ => Err("expected a number from 1 to 1024".to_owned()),
    }
}

fn parse_limit(text: &str) -> Result<(String, u64), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    let number =
        parse_size(value).ok_or_else(|| format!("`{value}` is no number (1000, 64k, 2G are)"))?;
    if asdf_core::Limits::default().set(name, number) {
        return Ok((name.to_owned(), number));
    }
    let names: Vec<_> = asdf_core::Limits::default()
        .entries()
        .iter()
        .map(|entry| entry.0)
        .collect();
    Err(format!("no limit `{name}`; there are {}", names.join(", ")))
}

/// A number with an optional binary suffix: `64k`, `2G`.
fn parse_size(text: &str) -> Option<u64> {
    let (digits, factor) = match text.char_indices().last()? {
        (at, 'k' | 'K') => (text.get(..at)?, 1 << 10),
        (at, 'm' | 'M') => (text.get(..at)?, 1 << 20),
        (at, 'g' | 'G') => (text.get(..at)?, 1 << 30),
        (at, 't' | 'T') => (text.get(..at)?, 1 << 40),
        _ => (text, 1),
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_limit_takes_a_suffix() {
        assert_eq!(
            parse_limit("decoded_bytes=2G"),
            Ok(("decoded_bytes".to_owned(), 2 << 30))
        );
        assert!(parse_limit("nonsense=1").is_err());
        assert!(parse_limit("depth=x").is_err());
    }
}
