//! `asdf repair`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::palette::paint;
use asdf_core::{
    BlockState, Content, Input, Loss, Salvaged, SalvagedBlock, escape, replace_file, salvage,
    salvage_file,
};
use serde_json::{Value, json};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Recover what is readable of a damaged or truncated file and say what was lost
///
/// An array never gets the data of another block. Blocks have the numbers that the block index or an
/// unbroken sequence of headers proves; those without are written after all others, where no array
/// names them, and an empty block stands in place of each lost one. A cut block is filled up with zeros,
/// a damaged one is kept byte for byte; both keep their recorded checksum, so that `verify` goes on
/// telling. When part of the tree cannot be read, its whole text goes to OUT.lost.yaml. A change that
/// was not completed is taken back in OUT. Exit code 1 when anything was lost.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf repair damaged.asdf -o repaired.asdf\n  asdf repair damaged.asdf --dry-run --json"
)]
pub(crate) struct Args {
    /// The damaged file, or - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The file to write; never FILE itself
    #[arg(short, long, value_name = "OUT", required_unless_present = "dry_run")]
    output: Option<PathBuf>,
    /// Replace OUT when it exists
    #[arg(long)]
    force: bool,
    /// Only tell what would be recovered and lost
    #[arg(long)]
    dry_run: bool,
    /// The report as one JSON document
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let target = args.output.as_deref().filter(|_| !args.dry_run);
    if let Some(target) = target {
        refuse(&args.file, target, args.force).map_err(|error| named(target, &error))?;
    }
    let found = find(&args.file, context)?;
    if let Some(target) = target {
        write(&found, target)?;
    }
    if args.json {
        let document = report(args, &found);
        writeln!(context.out, "{document}")?;
    } else {
        show(context, args, &found)?;
    }
    Ok(if found.losses.is_empty() {
        Exit::Fine
    } else {
        Exit::No
    })
}

fn find(path: &Path, context: &Context) -> Result<Salvaged, Failure> {
    let limits = context.limits();
    Ok(if path == Path::new("-") {
        let input = Input::read(io::stdin().lock(), limits)?;
        salvage(input, limits).map_err(|error| error.at_file(path))?
    } else {
        salvage_file(path, context.mapping(), limits)?
    })
}

/// The error with the name of the file that it is about.
fn named(path: &Path, error: &io::Error) -> Failure {
    let text = format!("{}: {error}", path.display());
    Failure::Asdf(io::Error::new(error.kind(), text).into())
}

/// The damaged file is never written to, and another one only when that is wanted.
fn refuse(file: &Path, target: &Path, force: bool) -> io::Result<()> {
    let same = match (fs::canonicalize(file), fs::canonicalize(target)) {
        (Ok(file), Ok(target)) => file == target,
        _ => false,
    };
    if same {
        let text = "is the damaged file itself, which is not written to";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    if !force {
        for path in [target.to_path_buf(), beside(target)] {
            if fs::symlink_metadata(&path).is_ok() {
                let text = format!("{} exists, --force replaces it", path.display());
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, text));
            }
        }
    }
    Ok(())
}

/// Where the text of a damaged tree goes.
fn beside(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".lost.yaml");
    name.into()
}

fn write(found: &Salvaged, target: &Path) -> asdf_core::Result<()> {
    if let Some(span) = &found.lost_text {
        let text = found.input().slice(span.clone())?;
        replace_file(&beside(target), |out| Ok(out.write_all(text)?))?;
    }
    replace_file(target, |file| {
        let mut out = BufWriter::with_capacity(1 << 20, file);
        found.write_to(&mut out)?;
        Ok(out.flush()?)
    })
}

fn report(args: &Args, found: &Salvaged) -> Value {
    let out = args.output.as_ref().filter(|_| !args.dry_run);
    let lost_text = out
        .filter(|_| found.lost_text.is_some())
        .map(|out| beside(out).to_string_lossy().into_owned());
    json!({
        "file": args.file.to_string_lossy(),
        "out": out.map(|out| out.to_string_lossy()),
        "blocks": found.blocks.iter().map(block_json).collect::<Vec<_>>(),
        "losses": found.losses.iter().map(loss_json).collect::<Vec<_>>(),
        "mended": found.mended.iter().map(loss_json).collect::<Vec<_>>(),
        "lost_text": lost_text,
    })
}

fn block_json(block: &SalvagedBlock) -> Value {
    let (there, size) = sizes(block);
    json!({
        "index": block.index,
        "offset": block.header.as_ref().map(|header| header.offset),
        "state": block.state.name(),
        "recovered_bytes": there,
        "bytes": size,
    })
}

fn loss_json(loss: &Loss) -> Value {
    json!({
        "message": loss.kind.to_string(),
        "offset": loss.place.span.as_ref().map(|span| span.start),
        "end": loss.place.span.as_ref().map(|span| span.end),
        "block": loss.place.block,
        "path": loss.place.path,
    })
}

/// Bytes that are data, and bytes that are written.
fn sizes(block: &SalvagedBlock) -> (u64, u64) {
    match &block.content {
        Content::Verbatim { stored, .. } => {
            let size = stored.end.saturating_sub(stored.start);
            (size, size)
        }
        Content::Recovered { size, there } => (*there, *size),
        _ => (0, 0),
    }
}

fn show(context: &mut Context, args: &Args, found: &Salvaged) -> Result<(), Failure> {
    let palette = context.palette;
    let name = args.file.display().to_string();
    for (losses, style, word) in [
        (&found.mended, palette.good, "mended"),
        (&found.losses, palette.bad, "lost"),
    ] {
        for loss in losses {
            let line = escape(&format!("{name}: {loss}")).to_string();
            writeln!(context.out, "{} {line}", paint(style, format!("{word}:")))?;
        }
    }
    let states = [
        BlockState::Whole,
        BlockState::Damaged,
        BlockState::Truncated,
        BlockState::Lost,
    ];
    let counts = states.map(|state| {
        let blocks = found.blocks.iter();
        (blocks.filter(|block| block.state == state).count(), state)
    });
    let mut parts = Vec::new();
    for (count, state) in counts.iter().filter(|(count, _)| *count > 0) {
        parts.push(format!("{count} {}", state.name()));
    }
    let blocks = match parts.as_slice() {
        [] => "no blocks".to_owned(),
        parts => format!("blocks {}", parts.join(", ")),
    };
    let tree = match (found.tree_text.is_empty(), &found.lost_text) {
        (_, None) => "tree whole",
        (true, _) => "tree lost",
        (false, _) => "tree in part",
    };
    writeln!(context.out, "{}: {tree}, {blocks}", escape(&name))?;
    if let Some(out) = args.output.as_deref().filter(|_| !args.dry_run) {
        let text = if found.lost_text.is_some() {
            format!("written {} and {}", out.display(), beside(out).display())
        } else {
            format!("written {}", out.display())
        };
        writeln!(context.out, "{}", escape(&text))?;
    }
    Ok(())
}
