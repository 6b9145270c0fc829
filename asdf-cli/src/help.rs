//! What help and manual pages say beyond the options: a short help that fits a screen, and sections that all pages have.

use crate::cli::{self, Cli};
use clap::Command;

/// Options that are in the long help alone: they are those of every command, or seldom needed.
const APART: [&str; 17] = [
    "verbose",
    "quiet",
    "color",
    "limit",
    "allow_external",
    "no_mmap",
    "no_progress",
    "threads",
    "no_config",
    "version",
    "max_depth",
    "all_names",
    "shard",
    "shard_by",
    // Of builds that read URLs.
    "no_sign_request",
    "endpoint",
    "aws_profile",
];
/// The same of commands with more options than fit a screen.
const SELDOM: [(&str, &[&str]); 6] = [
    (
        "preview",
        &[
            "name",
            "force",
            "graphics",
            "quality",
            "keep_corrupt",
            "slice",
            "invert",
            "nan_color",
            "reduce",
            "origin",
            "colorbar",
            "wcs",
            "plane",
            "mask",
            "preset",
            "compass",
            "zoom",
            "log",
            "rgb",
            "rgb_stretch",
            "rgb_q",
            "rgb_minimum",
            "contours",
        ],
    ),
    (
        "convert",
        &[
            "resolve_references",
            "standard",
            "pad_blocks",
            "no_checksum",
            "no_index",
            "keep_corrupt",
            "drop_unknown_blocks",
            "headers",
            "chunk_rows",
            "native",
            "raw_hdu",
            "wcs",
            "no_wcs_cards",
            "no_validate",
            "schemas",
        ],
    ),
    (
        "cutout",
        &[
            "from_path",
            "ra_column",
            "dec_column",
            "name_column",
            "keep_corrupt",
            "no_validate",
            "schemas",
        ],
    ),
    (
        "check",
        &[
            "list_profiles",
            "show_profile",
            "schemas",
            "poll",
            "settle",
            "until_idle",
        ],
    ),
    (
        "index",
        &[
            "healpix_order",
            "readers",
            "chunks",
            "max_columns",
            "no_merge",
        ],
    ),
    (
        "set",
        &["keep_corrupt", "no_validate", "schemas", "comment"],
    ),
];

/// Lines that a short help has at most.
#[cfg(test)]
const SHORT: usize = 40;

pub(crate) const EXIT_STATUS: &str = "\
0  everything that was asked for was done
1  the answer is no: a check failed, files differ, nothing was found
2  something went wrong; what could be done all the same was done";

pub(crate) const ENVIRONMENT: &str = "\
ASDF_CONFIG      The configuration file, in place of that in the user's folder
ASDF_SCHEMAS     The folder of packages that `asdf schema add` keeps
CLICOLOR_FORCE   Colour also where standard output is not a terminal
COLUMNS          Columns of the output where it is not a terminal
COLORTERM, TERM  What the terminal can show; `dumb` is a terminal without colour
NO_COLOR         No colour
SOURCE_DATE_EPOCH  The time of history entries, in seconds since 1970
VISUAL, EDITOR   The editor of `asdf edit`";

pub(crate) const FILES: &str = "\
$XDG_CONFIG_HOME/asdf/config.toml (~/.config/asdf/config.toml)
    How things look: color, threads, progress, schemas, [browse] graphics, origin, theme, colors, keys. It never changes
    what comes out; --no-config leaves it alone.
$XDG_DATA_HOME/asdf/schemas (~/.local/share/asdf/schemas)
    Packages of schemas that were added.
.NAME.asdf-journal
    Beside a file while it is changed in place; after an interruption the next change settles it.";

/// The command line as it is described.
pub(crate) fn command() -> Command {
    command_for(None)
}

/// The command line as it is parsed when its first word is this: with that command alone, or with all where another word
/// may name one.
pub(crate) fn command_for(first: Option<&str>) -> Command {
    let asks_version = |word| matches!(word, "--version" | "-V");
    let only = first.filter(|word| cli::Command::is_known(word) || asks_version(word));
    shorten(cli::Command::add_to(Cli::root(), only), true)
}

/// Leaves out of the short help what makes it longer than a screen: examples, and the options of every command.
fn shorten(command: Command, is_root: bool) -> Command {
    let examples = command.get_after_help().map(ToString::to_string);
    let seldom = SELDOM.iter().find(|entry| entry.0 == command.get_name());
    let seldom = seldom.map_or(&[] as &[&str], |entry| entry.1);
    let command = command.mut_args(|arg| {
        let id = arg.get_id().as_str();
        let is_apart = APART.contains(&id) || seldom.contains(&id);
        arg.hide_short_help(is_apart)
    });
    let mut command = command.mut_subcommands(|sub| shorten(sub, false));
    if is_root {
        let long = format!(
            "{}\n\nExit status:\n{EXIT_STATUS}\n\nEnvironment:\n{}\n\nFiles:\n{}",
            examples.unwrap_or_default(),
            indented(ENVIRONMENT),
            indented(FILES)
        );
        command = command
            .help_template("{about}\n{usage-heading} {usage}\n{all-args}{after-help}")
            .after_help("Global options: asdf --help. Options and examples of a command: asdf COMMAND --help.")
            .after_long_help(long);
    } else if let Some(examples) = examples {
        command = command
            .after_help("Examples, and options of every command: --help")
            .after_long_help(examples);
    }
    command
}

fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| format!("  {line}"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(command: &mut Command, name: &str, wrong: &mut Vec<String>) {
        let lines = command.render_help().to_string().lines().count();
        if lines > SHORT {
            wrong.push(format!("{name}: {lines} lines"));
        }
        let has_own = command.get_subcommands().next().is_some();
        if !has_own {
            let long = command.render_long_help().to_string();
            if !long.contains("Examples:") {
                wrong.push(format!("{name}: no examples"));
            }
        }
        for sub in command.get_subcommands_mut() {
            let name = format!("{name} {}", sub.get_name());
            if sub.get_name() != "help" {
                check(sub, &name, wrong);
            }
        }
    }

    #[test]
    fn a_short_help_fits_a_screen_and_a_long_one_has_examples() {
        let mut command = command().term_width(100);
        command.build();
        let mut wrong = Vec::new();
        check(&mut command, "asdf", &mut wrong);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
