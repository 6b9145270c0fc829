//! `asdf man`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::help;
use crate::usage::refused;
use asdf_core::Error;
use clap_mangen::Man;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Print a manual page, or write all pages to a folder
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf man | man -l -\n  asdf man info | man -l -\n  asdf man wcs eval | man -l -\n  asdf man --out ~/.local/share/man/man1"
)]
pub(crate) struct Args {
    /// The command whose page to print (default: the page of `asdf` itself)
    #[arg(value_name = "COMMAND")]
    words: Vec<String>,
    /// Write one page a command to this folder
    #[arg(long, value_name = "DIR", conflicts_with = "words")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    // There are pages of commands, not of help about help.
    let mut root = help::command().disable_help_subcommand(true);
    root.build();
    if let Some(folder) = &args.out {
        std::fs::create_dir_all(folder).map_err(|error| Error::from(error).at_file(folder))?;
        write_all(&root, "asdf", folder)?;
        return Ok(Exit::Fine);
    }
    let mut found = &root;
    let mut name = "asdf".to_owned();
    for word in args.words.iter().flat_map(|word| word.split('-')) {
        let Some(next) = found.find_subcommand(word) else {
            let words = args.words.join(" ");
            return Err(refused(format!("there is no command `{}`", words.escape_debug())).into());
        };
        name.push_str(&format!("-{word}"));
        found = next;
    }
    page(found, &name, &mut context.out)?;
    context.out.flush()?;
    Ok(Exit::Fine)
}

/// Writes the page of a command and those of the commands below it.
fn write_all(command: &clap::Command, name: &str, folder: &Path) -> asdf_core::Result<()> {
    let path = folder.join(format!("{name}.1"));
    let mut text = Vec::new();
    let written = page(command, name, &mut text).and_then(|()| std::fs::write(&path, text));
    written.map_err(|error| Error::from(error).at_file(&path))?;
    let below = command.get_subcommands();
    for sub in below.filter(|sub| !sub.is_hide_set()) {
        write_all(sub, &format!("{name}-{}", sub.get_name()), folder)?;
    }
    Ok(())
}

fn page(command: &clap::Command, name: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Vec::new();
    sections(command, name, &mut text)?;
    let version = env!("CARGO_PKG_VERSION");
    writeln!(
        out,
        ".TH \"{}\" \"1\" \"{DATE}\" \"asdf {version}\" \"User commands\"",
        name.to_uppercase()
    )?;
    tidy(&String::from_utf8_lossy(&text), out)
}

/// The date of the pages: that of the version.
const DATE: &str = "2026-11-29";

/// Columns beyond which a line of running text goes on in the next one.
const WIDTH: usize = 78;

/// Writes what `mandoc -Tlint` has no objections to: no blanks at the ends of lines, no line of running text that is longer
/// than a screen is wide, no break after a gap.
fn tidy(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let (mut is_filled, mut is_gap) = (true, false);
    for line in text.lines().map(str::trim_end) {
        match line {
            ".nf" => is_filled = false,
            ".fi" => is_filled = true,
            _ => {}
        }
        let is_request = line.starts_with(['.', '\'']);
        if line.is_empty() || (line == ".br" && is_gap) {
            if !is_filled {
                writeln!(out)?;
            }
            continue;
        }
        is_gap = matches!(line, ".sp" | ".PP" | ".br");
        if is_request || !is_filled {
            writeln!(out, "{line}")?;
            continue;
        }
        let mut length = 0;
        for word in line.split(' ').filter(|word| !word.is_empty()) {
            let size = word.chars().count();
            if length > 0 && length + 1 + size > WIDTH {
                writeln!(out)?;
                length = 0;
            }
            // A dot or a quote at the beginning of a line would be a request.
            let guard = if length == 0 && word.starts_with(['.', '\'']) {
                "\\&"
            } else {
                ""
            };
            let gap = if length > 0 { " " } else { "" };
            write!(out, "{gap}{guard}{word}")?;
            length += size + gap.len() + guard.len();
        }
        writeln!(out)?;
    }
    Ok(())
}

fn sections(command: &clap::Command, name: &str, out: &mut dyn Write) -> io::Result<()> {
    let after = command.get_after_long_help().map(ToString::to_string);
    let is_root = name == "asdf";
    let man = Man::new(command.clone()).title(name.to_owned());
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    if command.get_subcommands().next().is_some() {
        man.render_subcommands_section(out)?;
    }
    let examples = after.as_deref().filter(|_| !is_root);
    if let Some(examples) = examples.and_then(|text| text.strip_prefix("Examples:\n")) {
        section(out, "EXAMPLES", examples)?;
    }
    section(out, "EXIT STATUS", help::EXIT_STATUS)?;
    section(out, "ENVIRONMENT", help::ENVIRONMENT)?;
    section(out, "FILES", help::FILES)?;
    man.render_version_section(out)
}

/// A section whose lines stay as they are.
fn section(out: &mut dyn Write, title: &str, text: &str) -> io::Result<()> {
    writeln!(out, ".SH \"{title}\"\n.nf")?;
    for line in text.lines() {
        // A dot or a quote at the beginning would be a request; a dash is a dash, not a hyphen.
        let line = line.replace('\\', "\\e").replace('-', "\\-");
        let guard = if line.starts_with(['.', '\'']) {
            "\\&"
        } else {
            ""
        };
        writeln!(out, "{guard}{line}")?;
    }
    writeln!(out, ".fi")
}
