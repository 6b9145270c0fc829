//! What is told of all files: a line for each problem, a table of their kinds; documents.

use super::finding::{Finding, Outcome};
use super::twins::Twins;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::json::Form;
use crate::junit::{Case, Fault};
use crate::palette::paint;
use asdf_core::inspect::escape;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::io::Write;

/// All files so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) twins: Twins,
    outcomes: Vec<Outcome>,
    /// Where each file stands among them: one that changes is checked again.
    places: HashMap<String, usize>,
    /// Whether a file was told of.
    is_begun: bool,
}

impl Report {
    /// Takes a file in; gives how it is.
    pub(super) fn add(&mut self, outcome: Outcome) -> Exit {
        let exit = outcome.exit();
        self.outcomes.push(outcome);
        exit
    }

    /// Takes a file in, in place of what it was before; gives how it is.
    pub(super) fn renew(&mut self, outcome: Outcome) -> Exit {
        let exit = outcome.exit();
        let known = self.places.get(&outcome.file);
        if let Some(known) = known.and_then(|place| self.outcomes.get_mut(*place)) {
            *known = outcome;
        } else {
            self.places
                .insert(outcome.file.clone(), self.outcomes.len());
            self.outcomes.push(outcome);
        }
        exit
    }

    /// True for the first file that is told of.
    pub(super) fn begins(&mut self) -> bool {
        !std::mem::replace(&mut self.is_begun, true)
    }

    /// The files, in their order.
    pub(super) fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// How many files failed.
    pub(super) fn failed(&self) -> usize {
        self.outcomes.iter().filter(|file| !file.is_ok()).count()
    }

    /// How many files have a problem of each kind.
    fn kinds(&self) -> BTreeMap<&'static str, usize> {
        let mut out = BTreeMap::new();
        for file in &self.outcomes {
            let mut kinds: Vec<&str> = file.findings.iter().map(|found| found.kind).collect();
            kinds.sort_unstable();
            kinds.dedup();
            for kind in kinds {
                *out.entry(kind).or_insert(0) += 1;
            }
        }
        out
    }

    fn summary(&self) -> Value {
        let (files, failed) = (self.outcomes.len(), self.failed());
        let kinds = self.kinds().into_iter();
        let kinds: Map<String, Value> = kinds
            .map(|(kind, count)| (kind.into(), count.into()))
            .collect();
        json!({ "files": files, "ok": files - failed, "failed": failed, "kinds": kinds })
    }
}

/// What comes before all files.
pub(super) fn begin(context: &mut Context, form: Option<Form>) -> Result<(), Failure> {
    if form == Some(Form::Json) {
        write!(context.out, "{{\"files\":[")?;
    }
    Ok(())
}

/// One file. Those of a document are separated by what is written before them.
pub(super) fn file(
    context: &mut Context,
    form: Option<Form>,
    outcome: &Outcome,
    is_first: bool,
) -> Result<(), Failure> {
    let Some(form) = form else {
        return text(context, outcome);
    };
    let problems = outcome.findings.iter().map(Finding::to_json);
    let document = json!({
        "file": outcome.file,
        "ok": outcome.is_ok(),
        "problems": problems.collect::<Vec<_>>(),
        "warnings": outcome.warnings,
    });
    match form {
        Form::Lines => writeln!(context.out, "{document}")?,
        Form::Json => write!(context.out, "{}{document}", if is_first { "" } else { "," })?,
    }
    Ok(())
}

/// A folder that has no files, in documents; in a text its error is told alone.
pub(super) fn folder(
    context: &mut Context,
    form: Option<Form>,
    document: &Value,
    is_first: bool,
) -> Result<(), Failure> {
    match form {
        Some(Form::Lines) => writeln!(context.out, "{document}")?,
        Some(Form::Json) => write!(context.out, "{}{document}", if is_first { "" } else { "," })?,
        None => {}
    }
    Ok(())
}

/// One file as a test case.
pub(super) fn case(outcome: &Outcome) -> Case {
    let line = |found: &Finding| {
        let path = found.path.as_ref().map(|path| format!("{path}: "));
        let path = path.unwrap_or_default();
        format!("{}: {path}{}", found.kind, found.message)
    };
    let fault = (!outcome.is_ok()).then(|| Fault {
        kinds: outcome
            .findings
            .iter()
            .map(|found| found.kind.to_owned())
            .collect(),
        lines: outcome.findings.iter().map(line).collect(),
        // A file that cannot be read is what a delivery is checked for.
        is_error: false,
    });
    Case {
        name: outcome.file.clone(),
        fault,
    }
}

fn text(context: &mut Context, outcome: &Outcome) -> Result<(), Failure> {
    let palette = context.palette;
    let name = escape(&outcome.file).into_owned();
    if outcome.is_ok() {
        writeln!(context.out, "{name}: {}", paint(palette.good, "ok"))?;
    }
    for found in &outcome.findings {
        let path = found.path.as_deref().map(|path| {
            let path = if path.is_empty() { "/" } else { path };
            format!("{}: ", escape(path))
        });
        let kind = paint(palette.bad, found.kind);
        let path = path.unwrap_or_default();
        writeln!(
            context.out,
            "{name}: {kind}: {path}{}",
            escape(&found.message)
        )?;
    }
    Ok(())
}

/// What comes after all files.
pub(super) fn end(
    context: &mut Context,
    form: Option<Form>,
    report: &Report,
) -> Result<(), Failure> {
    match form {
        Some(Form::Json) => writeln!(context.out, "],\"summary\":{}}}", report.summary())?,
        Some(Form::Lines) => {
            writeln!(context.out, "{}", json!({ "summary": report.summary() }))?;
        }
        None => {
            let kinds = report.kinds();
            if !kinds.is_empty() {
                writeln!(context.out)?;
            }
            let width = kinds.keys().map(|kind| kind.len()).max().unwrap_or(0);
            for (kind, count) in kinds {
                let plural = if count == 1 { "" } else { "s" };
                writeln!(context.out, "{kind:<width$}  {count} file{plural}")?;
            }
            let (files, failed) = (report.outcomes.len(), report.failed());
            writeln!(
                context.out,
                "{files} {}, {} ok, {failed} failed",
                if files == 1 { "file" } else { "files" },
                files - failed
            )?;
        }
    }
    Ok(())
}
