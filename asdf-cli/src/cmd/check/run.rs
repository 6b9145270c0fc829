//! The checks of one run, of files that come together or one after the other.

use super::Args;
use super::finding::Outcome;
use super::manifest::{self, Manifest};
use super::one::Checks;
use super::report::{self, Report};
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::Inputs;
use crate::json::Form;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is checked, and what came of it so far.
pub(super) struct Run<'a> {
    args: &'a Args,
    checks: Checks,
    expected: Option<Manifest>,
    report: Mutex<Report>,
}

impl<'a> Run<'a> {
    pub(super) fn new(args: &'a Args, context: &Context) -> Result<Self, Failure> {
        let expected = args.what.expect.as_deref().map(Manifest::read);
        let expected = expected.transpose()?;
        let has_sums = expected.as_ref().is_some_and(Manifest::has_sums);
        let hashes = args.write_manifest.is_some() || has_sums;
        let checks = Checks::new(&args.what, &args.library, context, hashes)?;
        Ok(Self {
            args,
            checks,
            expected,
            report: Mutex::default(),
        })
    }

    pub(super) fn form(&self) -> Option<Form> {
        self.args.form.form()
    }

    fn report(&self) -> MutexGuard<'_, Report> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks files, and tells of each.
    pub(super) fn files(&self, files: &Inputs, context: &mut Context) -> Result<Exit, Failure> {
        if self.args.write_manifest.is_some() || self.expected.is_some() {
            manifest::check_names(files.items())?;
        }
        context.each_path(files, |context, path| {
            // A folder without files is not counted as one.
            if let Err(error) = &path
                && error
                    .place()
                    .file
                    .as_ref()
                    .is_some_and(|name| name.is_dir())
            {
                let document = crate::json::fault(files, context.number, error);
                context.wait_for_turn();
                let is_first = self.form().is_some() && self.report().begins();
                report::folder(context, self.form(), &document, is_first)?;
                return Ok(context.complain(error));
            }
            if let Some(hint) = path
                .as_ref()
                .ok()
                .filter(|path| !path.exists())
                .and_then(|path| context.hint_of_missing(Some(path)))
            {
                context.note(&hint);
            }
            let item = files.items().get(context.number);
            let name = item.map(manifest::name).unwrap_or_default();
            let mut outcome = self.checks.run(context, path, &name);
            if let Some(expected) = &self.expected {
                expected.compare(&name, &mut outcome);
            }
            // What the files before this one are is known when they are done.
            context.wait_for_turn();
            self.tell(outcome, context)
        })
    }

    fn tell(&self, mut outcome: Outcome, context: &mut Context) -> Result<Exit, Failure> {
        let mut report = self.report();
        report.twins.compare(&mut outcome);
        let is_first = report.begins();
        report::file(context, self.form(), &outcome, is_first)?;
        Ok(if self.args.watch.is_asked() {
            report.renew(outcome)
        } else {
            report.add(outcome)
        })
    }

    /// Whether all files that are expected were there.
    pub(super) fn has_all(&self) -> bool {
        let expected = self.expected.as_ref();
        expected.is_some_and(|expected| expected.missing(&self.report()).is_empty())
    }

    /// Tells of the files that are missing, and gives the report.
    pub(super) fn end(self, context: &mut Context) -> Result<(Report, Exit), Failure> {
        let mut exit = Exit::Fine;
        let missing = self.expected.as_ref();
        let missing = missing.map(|expected| expected.missing(&self.report()));
        for missing in missing.unwrap_or_default() {
            exit = exit.max(self.tell(missing, context)?);
        }
        let report = self.report.into_inner();
        Ok((report.unwrap_or_else(PoisonError::into_inner), exit))
    }
}
