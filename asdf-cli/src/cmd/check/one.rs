//! All checks of one file.

use super::WhatArgs;
use super::finding::Outcome;
use super::identity::Identity;
use super::profile::{NodeRule, Profile};
use super::rules::{self, Depth};
use super::whole_text::WholeText;
use super::{like, twins};
use crate::context::{Context, Failure};
use crate::library::LibraryArgs;
use asdf_core::block::{BlockReport, Verdict};
use asdf_core::file::open_file;
use asdf_core::inspect::{PathPattern, ProblemKind, Soundness, file_name_text};
use asdf_core::schema::{SchemaLibrary, Validator};
use asdf_core::{AsdfFile, Error, Result};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;

/// What is checked of every file.
pub(super) struct Checks {
    /// Which cards belong to which keys.
    library: Option<Arc<SchemaLibrary>>,
    validator: Option<Validator>,
    profile: Profile,
    ids: Vec<PathPattern>,
    name: Option<WholeText>,
    depth: Depth,
    /// Whether files are hashed as a whole.
    hashes: bool,
}

impl Checks {
    pub(super) fn new(
        args: &WhatArgs,
        library: &LibraryArgs,
        context: &Context,
        hashes: bool,
    ) -> std::result::Result<Self, Failure> {
        let mut profile = match &args.profile {
            Some(name) => Profile::find(name)?,
            None => Profile::default(),
        };
        if let Some(path) = &args.like {
            let file = context.open(path)?;
            profile.join(like::profile(&file, !args.no_blocks)?);
        }
        for path in &args.require {
            profile.nodes.push(NodeRule::required(path)?);
        }
        let library = if args.no_schemas {
            None
        } else {
            Some(library.open()?)
        };
        let validator = library.clone().map(Validator::new);
        let ids = args.id.iter().map(|path| path.parse());
        Ok(Self {
            library,
            validator,
            profile,
            ids: ids.collect::<Result<_>>()?,
            name: args.name_pattern.clone(),
            depth: Depth {
                elements: !args.no_blocks,
                max_nan: args.max_nan,
            },
            hashes,
        })
    }

    /// Checks a file, or tells why it could not be looked for.
    pub(super) fn run(&self, context: &Context, path: Result<&Path>, name: &str) -> Outcome {
        let mut outcome = Outcome {
            name: name.to_owned(),
            ..Outcome::default()
        };
        let path = match path {
            Ok(path) => path,
            Err(error) => {
                let file = error.place().file.as_ref();
                outcome.file =
                    file.map_or_else(String::new, |file| file_name_text(file).into_owned());
                unreadable(&error, &mut outcome);
                return outcome;
            }
        };
        outcome.file = file_name_text(path).into_owned();
        self.check_name(path, &mut outcome);
        outcome.size = path.metadata().ok().map(|found| found.len());
        if self.hashes {
            match sum(path, context) {
                Ok(sum) => outcome.sha256 = Some(sum),
                Err(error) => {
                    unreadable(&error, &mut outcome);
                    return outcome;
                }
            }
        }
        let checked = context
            .open_alone(path)
            .and_then(|file| self.check(file, &mut outcome));
        if let Err(error) = checked {
            unreadable(&error, &mut outcome);
        }
        outcome
    }

    fn check_name(&self, path: &Path, outcome: &mut Outcome) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some(pattern) = self
            .name
            .as_ref()
            .filter(|pattern| !pattern.is_match(&name))
        {
            let written = &pattern.written;
            outcome.add("name", None, format!("the name does not match {written}"));
        }
    }

    fn check(&self, file: AsdfFile, outcome: &mut Outcome) -> Result<()> {
        if self.depth.elements {
            let found = Soundness::of(&file);
            soundness(&found, outcome);
            outcome.content = twins::content(&file, &found);
        } else {
            structure(&file, outcome);
        }
        if let Some(validator) = &self.validator {
            let found = file.validate(validator);
            for violation in &found.violations {
                let text = format!("{} ({})", violation.message, violation.schema);
                outcome.add("invalid", Some(&violation.path.to_string()), text);
            }
        }
        if let Some(library) = &self.library {
            for found in file.keyword_differences(library)? {
                outcome.add("keyword", Some(&found.path.to_string()), found.to_string());
            }
        }
        let file = file.with_hdu_tree()?;
        rules::apply(&self.profile, &file, self.depth, outcome);
        outcome.tell_once();
        for path in &self.ids {
            match file.select_one(path, false) {
                Ok(found) if found.part.is_some() => {
                    let text = "elements of an array, expected a node";
                    outcome.add("value", Some(&found.to_string()), text);
                }
                Ok(found) => match Identity::of(&file, found.at.node) {
                    Ok(identity) => outcome.ids.push((found.to_string(), identity)),
                    Err(error) => unknown(&found.to_string(), &error, outcome),
                },
                Err(error) => rules::missing(path, &error, outcome),
            }
        }
        outcome.warnings = warnings(&file);
        file.check_unchanged()
    }
}

/// The warnings of the reader, in the order of their places.
fn warnings(file: &AsdfFile) -> Vec<Value> {
    let mut found: Vec<_> = file.warnings().collect();
    found.sort_by_key(|warning| warning.place.span.as_ref().map(|span| span.start));
    found.into_iter().map(crate::json::warning).collect()
}

/// Notes that what is another in each file cannot be read, unless that is told already.
fn unknown(path: &str, error: &Error, outcome: &mut Outcome) {
    let kind = word(ProblemKind::of(error));
    let mut told = outcome.findings.iter();
    if !told.any(|found| found.kind == kind && found.path.as_deref() == Some(path)) {
        outcome.add(kind, Some(path), error.kind().to_string());
    }
}

/// Notes that a file cannot be read.
fn unreadable(error: &Error, outcome: &mut Outcome) {
    outcome.is_unreadable = true;
    let kind = match ProblemKind::of(error) {
        ProblemKind::Truncated => "truncated",
        _ => "unreadable",
    };
    let place = error.place();
    let at = place
        .span
        .as_ref()
        .map(|span| format!("at {:#x}: ", span.start));
    let text = format!("{}{}", at.unwrap_or_default(), error.kind());
    outcome.add(kind, place.path.as_deref(), text);
}

/// The word for a problem of the library.
fn word(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Truncated => "truncated",
        ProblemKind::Checksum => "checksum",
        ProblemKind::MissingBlock => "missing-block",
        ProblemKind::MissingFile => "missing-file",
        ProblemKind::MissingHdu => "missing-hdu",
        ProblemKind::Unsupported => "unsupported",
        _ => "damaged",
    }
}

/// What keeps blocks, HDUs and arrays from being read. What is wrong with a block is told at the arrays that lie in it, and
/// by itself where none does.
fn soundness(found: &Soundness, outcome: &mut Outcome) {
    for problem in &found.problems {
        let path = problem.path.as_ref().map(ToString::to_string);
        let file = problem
            .file
            .as_ref()
            .map(|file| format!("in {}: ", file.display()));
        let text = format!("{}{}", file.unwrap_or_default(), problem.message);
        outcome.add(word(problem.kind), path.as_deref(), text);
    }
    let told = |block: usize| {
        found
            .problems
            .iter()
            .any(|problem| problem.block == Some(block))
    };
    for report in found.blocks.iter().filter(|report| !told(report.index)) {
        if let Some((kind, text)) = fault(report) {
            outcome.add(kind, None, format!("block {}: {text}", report.index));
        }
    }
    let told = |hdu: usize| {
        found
            .problems
            .iter()
            .any(|problem| problem.hdu == Some(hdu))
    };
    for report in found.hdus.iter().filter(|report| !told(report.index)) {
        if let Some(error) = &report.error {
            let text = format!("HDU {}: {}", report.index, error.kind());
            outcome.add(word(ProblemKind::of(error)), None, text);
        }
    }
}

fn fault(report: &BlockReport) -> Option<(&'static str, String)> {
    if let Some(Verdict::Mismatch { .. }) = report.verdict {
        return Some(("checksum", "the checksum does not match".to_owned()));
    }
    if let Some(error) = &report.error {
        return Some((word(ProblemKind::of(error)), error.kind().to_string()));
    }
    let warning = report.warnings.first()?;
    Some(("damaged", warning.kind.to_string()))
}

/// What headers and tree tell without the data: arrays that do not lie in their blocks, files and HDUs that are not there.
fn structure(file: &AsdfFile, outcome: &mut Outcome) {
    let found = Soundness::of_headers(file);
    soundness(&found, outcome);
}

/// The hash of all bytes under a name.
fn sum(path: &Path, context: &Context) -> Result<String, Error> {
    let Some(input) = crate::network::read(path, context) else {
        return Ok(sha256(path)?);
    };
    Ok(asdf_core::block::hex(&Sha256::digest(input?.whole()?)))
}

fn sha256(path: &Path) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    let mut file = open_file(path)?;
    let mut buffer = vec![0; 1 << 18];
    loop {
        let count = std::io::Read::read(&mut file, &mut buffer)?;
        match buffer.get(..count) {
            Some(bytes) if count > 0 => hasher.update(bytes),
            _ => return Ok(asdf_core::block::hex(&hasher.finalize())),
        }
    }
}
