//! The HDUs of `asdf verify`.

use super::count_text;
use crate::context::{Context, Failure};
use crate::palette::paint;
use asdf_core::inspect::{HduReport, escape};
use serde_json::{Value, json};
use std::io::Write;

/// Tells what is wrong with HDUs.
pub(super) fn show_problems(
    context: &mut Context,
    name: &str,
    reports: &[HduReport],
) -> Result<(), Failure> {
    for error in reports.iter().filter_map(|report| report.error.as_ref()) {
        let line = format!("{name}: {error}");
        writeln!(context.out, "{}", paint(context.palette.bad, escape(&line)))?;
    }
    Ok(())
}

/// `7 HDUs, checksums 6 match, 1 absent`
pub(super) fn summary(reports: &[HduReport]) -> String {
    let mut counts = [0_usize; 4];
    for report in reports {
        let slot = match verdict(report) {
            "match" => 0,
            "absent" => 2,
            _ => 3,
        };
        if let Some(count) = counts.get_mut(slot) {
            *count += 1;
        }
    }
    let plural = if reports.len() == 1 { "" } else { "s" };
    format!("{} HDU{plural}, {}", reports.len(), count_text(counts))
}

/// Of both keywords together; nothing can be said of bytes that cannot be read.
fn verdict(report: &HduReport) -> &'static str {
    match report.sums.as_ref().map(|sums| (sums.data, sums.hdu)) {
        None => "unreadable",
        Some((Some(false), _) | (_, Some(false))) => "mismatch",
        Some((None, None)) => "absent",
        Some(_) => "match",
    }
}

/// The HDUs as `--json` has them.
pub(super) fn document(reports: &[HduReport]) -> Value {
    let hdus = reports.iter().map(|report| {
        let problem = report.error.as_ref().map(|error| error.kind().to_string());
        json!({
            "index": report.index,
            "name": report.name,
            "version": report.version,
            "offset": report.offset,
            "checksum": verdict(report),
            "problems": Vec::from_iter(problem),
        })
    });
    Value::Array(hdus.collect())
}
