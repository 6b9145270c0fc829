//! `asdf history`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs};
use crate::json::{self, FormArgs};
use crate::palette::paint;
use asdf_core::fits::{FitsCard, Hdu};
use asdf_core::inspect::escape;
use asdf_core::tree::Value as Scalar;
use asdf_core::{AsdfFile, Node};
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
            let entries = entries(file);
            json::named_list(&mut context.out, form, file, "entries", &entries, document)?;
            Ok(Exit::Fine)
        });
    }
    context.each(&files, |context, file| {
        if files.is_many() {
            let name = file.name().display().to_string();
            writeln!(context.out, "{}:", escape(&name))?;
        }
        for entry in entries(file) {
            show(context, &entry)?;
        }
        Ok(Exit::Fine)
    })
}

/// What is said of one change.
struct Entry {
    time: Option<String>,
    description: Option<String>,
    /// The programs that made it, `name version`.
    software: Vec<String>,
}

/// The cards HISTORY of the primary header of a FITS file, then the entries of the tree, the oldest first.
fn entries(file: &AsdfFile) -> Vec<Entry> {
    let header = file
        .fits()
        .and_then(|fits| fits.hdu(0).ok())
        .map(Hdu::header);
    let cards = header.iter().flat_map(|header| header.all("HISTORY"));
    let of_card = |card: FitsCard<'_>| Entry {
        time: None,
        description: card
            .value()
            .as_text()
            .map(|text| text.trim_end().to_owned()),
        software: Vec::new(),
    };
    let of_node = |node| Entry {
        time: text(node, "time"),
        description: text(node, "description"),
        software: software(node),
    };
    let mut out: Vec<Entry> = cards.map(of_card).collect();
    out.extend(nodes(file).into_iter().map(of_node));
    out
}

/// The entries of the tree; in old files the history itself is their list.
fn nodes(file: &AsdfFile) -> Vec<Node<'_>> {
    let history = file.tree().root().get("history");
    let list = history.and_then(|history| {
        let own = history.as_seq();
        own.or_else(|| history.get("entries")?.as_seq())
    });
    list.map(|list| list.iter().collect()).unwrap_or_default()
}

/// The text under a key; times as they are written.
fn text(node: Node<'_>, key: &str) -> Option<String> {
    let node = node.get(key)?;
    match node.value() {
        Scalar::Timestamp(time) => Some(time.to_string()),
        _ => node.text().map(str::to_owned),
    }
}

/// The programs that made an entry, `name version`: there may be one or a list.
fn software(entry: Node<'_>) -> Vec<String> {
    let Some(node) = entry.get("software") else {
        return Vec::new();
    };
    let one = |node: Node<'_>| {
        let name = text(node, "name")?;
        Some(
            text(node, "version")
                .map_or_else(|| name.clone(), |version| format!("{name} {version}")),
        )
    };
    match node.as_seq() {
        Some(list) => list.iter().filter_map(one).collect(),
        None => one(node).into_iter().collect(),
    }
}

fn document(entry: &Entry) -> Value {
    json!({
        "time": entry.time,
        "description": entry.description,
        "software": entry.software,
    })
}

fn show(context: &mut Context, entry: &Entry) -> Result<(), Failure> {
    let palette = context.palette;
    let time = entry.time.as_deref().unwrap_or("-");
    let what = entry.description.as_deref().unwrap_or_default();
    let by = entry.software.join(", ");
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
