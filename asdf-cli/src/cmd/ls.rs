//! `asdf ls`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::json;
use crate::progress::Progress;
use crate::render::{Align, Table};
use crate::size;
use asdf_core::{ArrayInfo, AsdfFile, Error, Node, TreePath, escape};
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;

/// List the arrays: path, datatype, shape, storage, codec, sizes
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  asdf ls obs.asdf\n  asdf ls --digest obs.asdf copy.asdf\n  asdf ls --json obs.asdf | jq -r '.[].path'")]
pub(crate) struct Args {
    /// Files, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Add the sha256 of the contents: C order, little-endian, records packed
    #[arg(long)]
    digest: bool,
    /// One JSON list per file
    #[arg(long)]
    json: bool,
}

/// One array with what was found out about it.
struct Entry {
    path: TreePath,
    info: ArrayInfo,
    digests: Option<(String, Option<String>)>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    if args.json {
        return json::each(context, &args.files, |context, file| {
            let (entries, exit) = entries(args, context, file)?;
            let list: Vec<Value> = entries.iter().map(document).collect();
            serde_json::to_writer(&mut context.out, &list).map_err(std::io::Error::from)?;
            Ok(exit)
        });
    }
    let several = args.files.len() > 1;
    context.each(&args.files, |context, file| {
        let (entries, exit) = entries(args, context, file)?;
        if several {
            let name = file.name().display().to_string();
            writeln!(context.out, "{}:", escape(&name))?;
        }
        table(args, context, &entries)?;
        Ok(exit)
    })
}

/// The arrays that can be described; the others are complained about.
fn entries(args: &Args, context: &mut Context, file: &AsdfFile) -> Result<(Vec<Entry>, Exit), Failure> {
    let mut out = Vec::new();
    let mut exit = Exit::Fine;
    let arrays = file.arrays()?;
    let mut progress = Progress::new(context, "digest", if args.digest { arrays.len() } else { 0 });
    for (path, node) in arrays {
        match entry(args, file, &path, node) {
            Ok(entry) => out.push(entry),
            Err(error) => exit = exit.max(context.complain(&error)),
        }
        progress.step();
    }
    Ok((out, exit))
}

fn entry(args: &Args, file: &AsdfFile, path: &TreePath, node: Node<'_>) -> Result<Entry, Error> {
    let info = ArrayInfo::of(file, node)?;
    let digests = if args.digest {
        let array = file.array_at(node)?;
        let mask = array.mask_digest()?;
        Some((array.digest()?, mask))
    } else {
        None
    };
    Ok(Entry { path: path.clone(), info, digests })
}

fn document(entry: &Entry) -> Value {
    let mut out = json!({
        "path": entry.path.to_string(),
        "datatype": entry.info.datatype.to_json(),
        "shape": entry.info.shape,
        "byteorder": entry.info.byteorder(),
        "source": entry.info.source_json(),
        "compression": entry.info.compression,
        "stored_bytes": entry.info.stored_bytes.unwrap_or(entry.info.bytes),
        "bytes": entry.info.bytes,
    });
    if let (Some((data, mask)), Some(map)) = (&entry.digests, out.as_object_mut()) {
        map.insert("sha256".into(), json!(data));
        if let Some(mask) = mask {
            map.insert("mask_sha256".into(), json!(mask));
        }
    }
    out
}

fn table(args: &Args, context: &mut Context, entries: &[Entry]) -> Result<(), Failure> {
    let palette = context.palette;
    let mut columns = vec![
        ("path", Align::Left),
        ("datatype", Align::Left),
        ("shape", Align::Left),
        ("storage", Align::Left),
        ("codec", Align::Left),
        ("stored", Align::Right),
        ("decoded", Align::Right),
    ];
    if args.digest {
        columns.push(("sha256", Align::Left));
    }
    let mut table = Table::new(&columns);
    for Entry { path, info, digests } in entries {
        let path = path.to_string();
        let mut row = vec![
            (palette.key, escape(if path.is_empty() { "/" } else { &path }).into_owned()),
            (palette.kind, escape(&info.datatype.to_string()).into_owned()),
            (palette.number, info.shape_text()),
            (palette.faint, escape(&info.storage_text()).into_owned()),
            (palette.faint, escape(info.compression.as_deref().unwrap_or("-")).into_owned()),
            (palette.number, info.stored_bytes.map_or_else(|| "-".to_owned(), size::human)),
            (palette.number, size::human(info.bytes)),
        ];
        if let Some((data, _)) = digests {
            row.push((palette.faint, data.clone()));
        }
        table.push(row);
    }
    // A digest that is cut is worth nothing, so with digests the table is as wide as it must be.
    let width = if args.digest { usize::MAX } else { context.columns.unwrap_or(usize::MAX) };
    for line in table.lines(&palette, width) {
        writeln!(context.out, "{line}")?;
    }
    Ok(())
}
