//! `asdf verify`.

mod hdus;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::json;
use crate::palette::paint;
use asdf_core::{AsdfFile, BlockReport, HduReport, Verdict, escape, hex, report_all};
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;

/// Check the structure and the checksums of every block, and of every HDU of a FITS file
///
/// A checksum is `match`, `mismatch`, `absent` (all zero: do not verify) or `legacy` (the digest of
/// the decoded data, as Python asdf before 5.3 wrote). Of a FITS file `CHECKSUM` and `DATASUM` count where they are there; compressed
/// images are decoded, and data that are cut are damage. Exit code 1 when something is wrong.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf verify obs.asdf\n  asdf verify jw02130_cal.fits\n  asdf verify --json *.asdf"
)]
pub(crate) struct Args {
    /// Files, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// One JSON document per file
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    if args.json {
        return json::each(context, &args.files, |context, file| {
            let reports = reports(file);
            let parts = hdus::reports(file);
            let ok = is_ok(file, &reports) && hdus::are_ok(&parts);
            let mut document = json!({
                "file": file.name().to_string_lossy(),
                "ok": ok,
                "index": file.block_table().index().name(),
                "blocks": reports.iter().map(block_json).collect::<Vec<_>>(),
            });
            if let (Some(document), Some(_)) = (document.as_object_mut(), file.fits()) {
                document.insert("hdus".to_owned(), hdus::document(&parts));
            }
            write!(context.out, "{document}")?;
            Ok(if ok { Exit::Fine } else { Exit::No })
        });
    }
    context.each(&args.files, |context, file| {
        let reports = reports(file);
        let parts = hdus::reports(file);
        let ok = is_ok(file, &reports) && hdus::are_ok(&parts);
        hdus::show_problems(context, &file.name().display().to_string(), &parts)?;
        show(context, file, &reports, &parts, ok)?;
        Ok(if ok { Exit::Fine } else { Exit::No })
    })
}

fn reports(file: &AsdfFile) -> Vec<BlockReport> {
    report_all(&file.blocks().collect::<Vec<_>>())
}

/// Right: no problem in any block and no mismatch. A wrong index is ignored, so it does no harm.
fn is_ok(file: &AsdfFile, reports: &[BlockReport]) -> bool {
    let blocks = reports.iter().all(|report| {
        report.error.is_none()
            && report.warnings.is_empty()
            && !matches!(report.verdict, Some(Verdict::Mismatch { .. }))
    });
    blocks && !file.block_table().is_odd()
}

fn show(
    context: &mut Context,
    file: &AsdfFile,
    reports: &[BlockReport],
    parts: &[HduReport],
    ok: bool,
) -> Result<(), Failure> {
    let palette = context.palette;
    let name = file.name().display().to_string();
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
    let sums = count_text(counts);
    let verdict = if ok {
        paint(palette.good, "ok")
    } else {
        paint(palette.bad, "damaged")
    };
    let mut facts = vec![verdict];
    if file.fits().is_some() {
        facts.push(hdus::summary(parts));
    }
    // A FITS file without a tree has no blocks to speak of.
    if file.fits().is_none() || file.tree_hdu().is_some() {
        let plural = if reports.len() == 1 { "" } else { "s" };
        facts.push(format!("{} block{plural}", reports.len()));
        facts.push(sums);
        facts.push(format!("index {}", file.block_table().index().name()));
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
