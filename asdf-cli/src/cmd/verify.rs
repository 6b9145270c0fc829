//! `asdf verify`.

mod hdus;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs};
use crate::json;
use crate::library::LibraryArgs;
use crate::palette::paint;
use crate::shard::ShardArgs;
use asdf_core::AsdfFile;
use asdf_core::block::{BlockReport, Verdict, hex};
use asdf_core::inspect::{Problem, Soundness, escape};
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;

/// Check that all of a file can be read: every block, HDU, array and mask
///
/// Each block and HDU is hashed and decoded once, in bounded memory. Each array must lie within its block, HDU or
/// other file; elements in the tree must fit its datatype, a mask its shape. A file that was cut is found out unless what is
/// left is a whole file, as a stream that ends between two rows.
///
/// A checksum is `match`, `mismatch`, `absent` (all zero: do not verify) or `legacy` (the digest of
/// the decoded data, as Python asdf before 5.3 wrote). Of a FITS file `CHECKSUM` and `DATASUM` count where they are there; compressed
/// images are decoded, and data that are cut are damage. Exit code 1 when something is wrong.
///
/// With the schemas of JWST added (`asdf schema add`), a warning tells where the tree of a FITS file and its headers say different things.
///
/// --checksums-only hashes what is stored and leaves the arrays alone.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf verify obs.asdf\n  asdf verify @files.txt --shard 17/400 --jsonl > part-17.jsonl\n  asdf verify jw02130_cal.fits\n  asdf verify --checksums-only --json *.asdf"
)]
pub(crate) struct Args {
    /// Files, folders, @LIST of names, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    form: json::FormArgs,
    /// Only compare the checksums: nothing is decoded, arrays are left alone
    #[arg(long)]
    checksums_only: bool,
    #[command(flatten)]
    library: LibraryArgs,
    #[command(flatten)]
    shard: ShardArgs,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let look = if args.checksums_only {
        Soundness::checksums
    } else {
        Soundness::of
    };
    let files = args.shard.of(Inputs::find(&args.files, &args.find))?;
    if let Some(form) = args.form.form() {
        return json::each(context, &files, form, |context, file| {
            args.library.warn_of_keywords(file)?;
            let found = look(file);
            let mut document = json!({
                "file": asdf_core::inspect::file_name_text(file.name()),
                "ok": found.is_sound(),
                "index": file.block_table().index().name(),
                "blocks": found.blocks.iter().map(block_json).collect::<Vec<_>>(),
                "arrays": found.arrays,
                "problems": problems_json(&found.problems),
            });
            if let (Some(document), Some(_)) = (document.as_object_mut(), file.fits()) {
                document.insert("hdus".to_owned(), hdus::document(&found.hdus));
            }
            write!(context.out, "{document}")?;
            Ok(exit(&found))
        });
    }
    context.each(&files, |context, file| {
        args.library.warn_of_keywords(file)?;
        let found = look(file);
        hdus::show_problems(context, &file.name().display().to_string(), &found.hdus)?;
        show(context, file, &found)?;
        Ok(exit(&found))
    })
}

fn exit(found: &Soundness) -> Exit {
    if found.is_sound() {
        Exit::Fine
    } else {
        Exit::No
    }
}

/// What is wrong with a file and its arrays, as `--json` has it.
pub(super) fn problems_json(problems: &[Problem]) -> Value {
    let list = problems.iter().map(|problem| {
        json!({
            "path": problem.path.as_ref().map(ToString::to_string),
            "file": problem.file.as_ref().map(|file| asdf_core::inspect::file_name_text(file)),
            "message": problem.message,
        })
    });
    Value::Array(list.collect())
}

fn show(context: &mut Context, file: &AsdfFile, found: &Soundness) -> Result<(), Failure> {
    let palette = context.palette;
    let name = file.name().display().to_string();
    let reports = &found.blocks;
    let mut counts = [0_usize; 4];
    for report in reports {
        let slot = match report.verdict {
            Some(Verdict::Match) => 0,
            Some(Verdict::Legacy) => 1,
            Some(Verdict::Absent) => 2,
            Some(Verdict::Mismatch { .. }) | None => 3,
        };
        if let Some(count) = counts.get_mut(slot) {
            *count += 1;
        }
        let offset = file
            .block_table()
            .headers()
            .get(report.index)
            .map_or(0, |header| header.offset);
        if let Some(Verdict::Mismatch { recorded, computed }) = report.verdict {
            let line = format!(
                "checksum mismatch: header says {}, stored bytes have {}",
                hex(&recorded),
                hex(&computed)
            );
            problem(context, &name, report.index, offset, &line)?;
        }
        for text in problems(report) {
            problem(context, &name, report.index, offset, &text)?;
        }
    }
    for wrong in &found.problems {
        let line = format!("{name}: {wrong}");
        writeln!(context.out, "{}", paint(context.palette.bad, escape(&line)))?;
    }
    let sums = count_text(counts);
    let verdict = if found.is_sound() {
        paint(palette.good, "ok")
    } else {
        paint(palette.bad, "damaged")
    };
    let mut facts = vec![verdict];
    if file.fits().is_some() {
        facts.push(hdus::summary(&found.hdus));
    }
    // A FITS file without a tree has no blocks to speak of.
    if file.fits().is_none() || file.tree_hdu().is_some() {
        let plural = if reports.len() == 1 { "" } else { "s" };
        facts.push(format!("{} block{plural}", reports.len()));
        facts.push(sums);
        facts.push(format!("index {}", file.block_table().index().name()));
    }
    if let Some(count @ 1..) = found.arrays {
        facts.push(format!(
            "{count} array{}",
            if count == 1 { "" } else { "s" }
        ));
    }
    writeln!(context.out, "{}: {}", escape(&name), facts.join(", "))?;
    Ok(())
}

/// `checksums 3 match, 1 absent`
fn count_text(counts: [usize; 4]) -> String {
    let [matched, legacy, absent, bad] = counts;
    let mut parts = Vec::new();
    for (count, what) in [
        (matched, "match"),
        (legacy, "legacy"),
        (absent, "absent"),
        (bad, "wrong"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if parts.is_empty() {
        "no blocks".to_owned()
    } else {
        format!("checksums {}", parts.join(", "))
    }
}

fn problem(
    context: &mut Context,
    name: &str,
    index: usize,
    offset: u64,
    text: &str,
) -> Result<(), Failure> {
    let line = format!("{name}: block {index} at {offset:#x}: {text}");
    writeln!(context.out, "{}", paint(context.palette.bad, escape(&line)))?;
    Ok(())
}

/// What is wrong with a block beside its checksum.
fn problems(report: &BlockReport) -> Vec<String> {
    let error = report.error.iter().map(|error| error.kind().to_string());
    error
        .chain(
            report
                .warnings
                .iter()
                .map(|warning| warning.kind.to_string()),
        )
        .collect()
}

fn block_json(report: &BlockReport) -> Value {
    let checksum = match report.verdict {
        Some(Verdict::Match) => "match",
        Some(Verdict::Legacy) => "legacy",
        Some(Verdict::Absent) => "absent",
        Some(Verdict::Mismatch { .. }) | None => "mismatch",
    };
    json!({ "index": report.index, "checksum": checksum, "problems": problems(report) })
}
