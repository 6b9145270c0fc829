//! `asdf edit`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::update;
use crate::usage::refused;
use asdf_core::{Draft, Error, Result};
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::NamedTempFile;

/// Edit the tree in a text editor
///
/// Opens the tree's YAML in $VISUAL or $EDITOR (else vi). When the editor ends, the text is checked
/// and written back: in place when it fits, comments and all. A text that cannot be read is not
/// written, nor one that breaks a schema; it can be edited again, and is kept in a file of its own if not.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf edit obs.asdf\n  EDITOR='code --wait' asdf edit obs.asdf"
)]
pub(crate) struct Args {
    /// File
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    update: update::UpdateArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> std::result::Result<Exit, Failure> {
    let mut text = scratch(&args.file).map_err(Failure::from)?;
    let mut is_changed = false;
    let outcome = update::run(&args.file, &args.update, context, |draft, check| {
        edit(&mut text, &mut is_changed, draft, check)
    });
    // What was typed is the only copy of it until the file has it.
    if outcome.is_err() && is_changed {
        let (_, kept) = text.keep().map_err(|error| Error::from(error.error))?;
        crate::report::text(&format!("the edited text is kept in {}", kept.display()));
    }
    outcome
}

/// A file for the editor.
fn scratch(name: &Path) -> Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    let mut prefix = name.file_stem().unwrap_or_default().to_os_string();
    prefix.push(".");
    Ok(builder.prefix(&prefix).suffix(".yaml").tempfile()?)
}

fn edit(
    scratch: &mut NamedTempFile,
    is_changed: &mut bool,
    draft: &mut Draft<'_>,
    check: &dyn Fn(&Draft<'_>) -> Result<()>,
) -> Result<()> {
    let before = draft.tree().text(&asdf_core::Limits::default())?;
    scratch.write_all(before.as_bytes())?;
    scratch.flush()?;
    loop {
        let closed = open_editor(scratch.path());
        // An editor may fail after it has saved.
        let after = std::fs::read(scratch.path())?;
        *is_changed = after != before.as_bytes();
        closed?;
        if !*is_changed {
            return Ok(());
        }
        if after.trim_ascii().is_empty() && !before.trim().is_empty() {
            // What an editor leaves that has failed.
            let reason = "the edited text is empty; nothing was changed (`asdf set FILE / null --replace` empties a tree)";
            return Err(refused(reason));
        }
        let checked = match String::from_utf8(after) {
            Ok(text) => draft.set_text(&text).and_then(|draft| check(draft)),
            Err(error) => Err(refused(format!("the text is not UTF-8: {error}"))),
        };
        let Err(error) = checked else {
            return Ok(());
        };
        crate::report::text(&format!("the edited text: {}", error.kind()));
        if !again()? {
            return Err(refused("nothing was changed"));
        }
    }
}

/// Runs the editor as the shell would, so that it may have arguments.
fn open_editor(path: &Path) -> Result<()> {
    let set = |name| {
        std::env::var(name)
            .ok()
            .filter(|value| !value.trim().is_empty())
    };
    let editor = set("VISUAL")
        .or_else(|| set("EDITOR"))
        .unwrap_or_else(|| "vi".to_owned());
    let status = Command::new("sh")
        .args(["-c", &format!("{editor} \"$1\""), "sh"])
        .arg(path)
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err(refused(format!(
            "the editor `{editor}` ended with {status}; nothing was changed"
        )))
    }
}

/// Asks whether to go on, when somebody is there to answer.
fn again() -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    write!(std::io::stderr(), "asdf: edit again? [Y/n] ")?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(!answer.trim().eq_ignore_ascii_case("n") && !answer.is_empty())
}
