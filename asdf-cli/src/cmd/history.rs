//! `asdf history`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs};
use crate::json::{self, FormArgs};
use crate::palette::paint;
use asdf_core::AsdfFile;
use asdf_core::file::HistoryEntry;
use asdf_core::fits::{FitsCard, Hdu};
use asdf_core::inspect::escape;
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;

/// Show what was done to a file: the entries of its history
///
/// Every command that changes a file adds one with --history TEXT, a change of a header card as a card HISTORY of the primary
/// header, which is shown too. The extensions of the format that the file makes use
/// of stand in `/history/extensions` (`asdf get FILE history`).
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf history obs.asdf\n  asdf history night/ --jsonl\n  asdf set obs.asdf meta.checked true --history 'checked by eye'"
)]
pub(crate) struct Args {
    /// Files, folders, @LIST of names, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    form: FormArgs,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let files = Inputs::find(&args.files, &args.find);
    if let Some(form) = args.form.form() {
        return json::each(context, &files, form, |context, file| {
            let entries = entries(file)?;
            json::named_list(&mut context.out, form, file, "entries", entries, |entry| {
                document(&entry)
            })?;
            Ok(Exit::Fine)
        });
    }
    context.each(&files, |context, file| {
        if files.is_many() {
            let name = file.name().display().to_string();
            writeln!(context.out, "{}:", escape(&name))?;
        }
        for entry in entries(file)? {
            show(context, &entry)?;
        }
        Ok(Exit::Fine)
    })
}

/// The cards HISTORY of the primary header of a FITS file, then the entries of the tree, the oldest first.
fn entries(file: &AsdfFile) -> asdf_core::Result<impl Iterator<Item = HistoryEntry>> {
    let header = file
        .fits()
        .and_then(|fits| fits.hdu(0).ok())
        .map(Hdu::header);
    let cards = header.iter().flat_map(|header| header.all("HISTORY"));
    let of_card = |card: FitsCard<'_>| HistoryEntry {
        time: None,
        description: card
            .value()
            .as_text()
            .map(|text| text.trim_end().to_owned()),
        software: Vec::new(),
    };
    let cards: Vec<HistoryEntry> = cards.map(of_card).collect();
    Ok(cards.into_iter().chain(file.history_entries()?))
}

/// The programs that made an entry, `name version`.
fn software(entry: &HistoryEntry) -> Vec<String> {
    entry.software.iter().map(ToString::to_string).collect()
}

fn document(entry: &HistoryEntry) -> Value {
    json!({
        "time": entry.time,
        "description": entry.description,
        "software": software(entry),
    })
}

fn show(context: &mut Context, entry: &HistoryEntry) -> Result<(), Failure> {
    let palette = context.palette;
    let time = entry.time.as_deref().unwrap_or("-");
    let what = entry.description.as_deref().unwrap_or_default();
    let by = software(entry).join(", ");
    let by = if by.is_empty() {
        by
    } else {
        format!("  ({})", escape(&by))
    };
    writeln!(
        context.out,
        "{}  {}{}",
        paint(palette.number, escape(time)),
        escape(what),
        paint(palette.faint, by)
    )?;
    Ok(())
}
