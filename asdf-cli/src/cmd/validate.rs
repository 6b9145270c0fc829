//! `asdf validate`.

use super::verify::problems_json;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs};
use crate::json;
use crate::library::LibraryArgs;
use crate::palette::paint;
use crate::shard::ShardArgs;
use asdf_core::block::{BlockReport, Verdict};
use asdf_core::error::Malformed;
use asdf_core::inspect::{Soundness, escape};
use asdf_core::schema::{Validation, Validator};
use asdf_core::{AsdfFile, Error};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Violations shown of one file, unless all are asked for.
const SHOWN: usize = 20;

/// Check every tagged node against its schema, and that all can be read
///
/// The schemas of the standard, of transforms, coordinates, WCS and astropy are built in; those of
/// other packages are read with --schemas, or once for all with `asdf schema add`. Each violation is
/// one line: place, what was found and what is wanted, and the schema that says so. A tag without a
/// schema is reported and is not an error. Blocks, HDUs, arrays and their masks are checked as `asdf verify` does.
/// Exit code 1 when something is wrong, 2 when a schema cannot be used, so that not all could be checked.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf validate obs.asdf\n  asdf validate @files.txt --shard 17/400 --jsonl > part-17.jsonl\n  asdf validate --schemas rad-1.2.1-py3-none-any.whl r*.asdf\n  asdf validate --schema archive.yaml --no-blocks --json obs.asdf"
)]
pub(crate) struct Args {
    /// Files, folders, @LIST of names, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A schema for the whole tree as well
    #[arg(long, value_name = "SCHEMA")]
    schema: Option<PathBuf>,
    #[command(flatten)]
    library: LibraryArgs,
    /// Only the schemas: leave blocks and arrays alone
    #[arg(long)]
    no_blocks: bool,
    /// Every violation, not only the first 20 of a file
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    form: json::FormArgs,
    #[command(flatten)]
    shard: ShardArgs,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let validator = validator(args)?;
    let files = args.shard.of(Inputs::find(&args.files, &args.find))?;
    let check = |file: &AsdfFile| Outcome::new(file, &validator, args.no_blocks);
    if let Some(form) = args.form.form() {
        return json::each(context, &files, form, |context, file| {
            let outcome = check(file);
            write!(context.out, "{}", outcome.to_json(file))?;
            Ok(outcome.finish(context, file))
        });
    }
    // Told once for all files.
    let missing = Mutex::new(BTreeSet::new());
    let exit = context.each(&files, |context, file| {
        let outcome = check(file);
        outcome.show(context, file, args.all)?;
        missing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(outcome.missing_package());
        Ok(outcome.finish(context, file))
    })?;
    for package in missing.into_inner().unwrap_or_else(PoisonError::into_inner) {
        context.note(&format!(
            "schemas of these tags are in the Python package {package}: `asdf schema add` takes its wheel (pip download --no-deps {package})"
        ));
    }
    Ok(exit)
}

fn validator(args: &Args) -> Result<Validator, Failure> {
    let validator = Validator::new(args.library.open()?);
    let Some(path) = &args.schema else {
        return Ok(validator);
    };
    let text = fs::read_to_string(path).map_err(|error| Error::from(error).at_file(path))?;
    let validator = validator
        .custom(&text, &path.to_string_lossy())
        .map_err(|error| error.at_file(path))?;
    Ok(validator)
}

/// What came out for one file.
struct Outcome {
    validation: Validation,
    /// Blocks and arrays; `None` when they were left alone.
    soundness: Option<Soundness>,
}

impl Outcome {
    fn new(file: &AsdfFile, validator: &Validator, no_blocks: bool) -> Self {
        let standard = file.standard_version();
        Self {
            validation: validator.validate(file.tree(), standard),
            soundness: (!no_blocks).then(|| Soundness::of(file)),
        }
    }

    /// Match, mismatch, absent, legacy.
    fn checksums(&self) -> Option<[usize; 4]> {
        let soundness = self.soundness.as_ref()?;
        Some(count(&soundness.blocks))
    }

    /// What is wrong with blocks, HDUs and arrays, a line each.
    fn broken(&self) -> impl Iterator<Item = String> {
        self.soundness.iter().flat_map(|found| {
            let blocks = found.blocks.iter().filter_map(broken);
            let hdus = found.hdus.iter().filter_map(|report| report.error.as_ref());
            let hdus = hdus.map(ToString::to_string);
            blocks
                .chain(hdus)
                .chain(found.problems.iter().map(ToString::to_string))
        })
    }

    /// True when nothing is wrong, as far as it could be checked.
    fn is_valid(&self) -> bool {
        let sound = self.soundness.as_ref().is_none_or(Soundness::is_sound);
        self.validation.is_valid() && sound
    }

    /// False when there are schemas that cannot be used.
    fn is_whole(&self) -> bool {
        self.validation.unusable.is_empty()
    }

    /// Tells which schemas could not be used, and the exit code.
    fn finish(&self, context: &mut Context, file: &AsdfFile) -> Exit {
        let verdict = if self.is_valid() {
            Exit::Fine
        } else {
            Exit::No
        };
        let unusable = self.validation.unusable.iter();
        let told = unusable.map(|(uri, detail)| {
            let (uri, detail) = (uri.clone(), detail.clone());
            let error = Error::from(Malformed::Schema { uri, detail });
            context.complain(&error.at_file(file.name()))
        });
        told.fold(verdict, Exit::max)
    }

    fn to_json(&self, file: &AsdfFile) -> Value {
        let violations = self.validation.violations.iter().map(|violation| {
            json!({
                "path": violation.path.to_string(),
                "keyword": violation.keyword,
                "message": violation.message,
                "schema": violation.schema,
            })
        });
        let checksums = self.checksums().map(|[matched, mismatch, absent, legacy]| {
            json!({ "match": matched, "mismatch": mismatch, "absent": absent, "legacy": legacy })
        });
        let unusable = self.validation.unusable.iter();
        let unusable = unusable.map(|(uri, detail)| json!({ "schema": uri, "message": detail }));
        // What is not known to be valid is neither.
        let valid = (self.is_whole() || !self.is_valid()).then_some(self.is_valid());
        json!({
            "file": asdf_core::inspect::file_name_text(file.name()),
            "valid": valid,
            "violations": violations.collect::<Vec<_>>(),
            "unknown_tags": self.validation.unknown_tags,
            "unusable_schemas": unusable.collect::<Vec<_>>(),
            "checksums": checksums,
            "arrays": self.soundness.as_ref().and_then(|found| found.arrays),
            "problems": self.soundness.as_ref().map(|found| problems_json(&found.problems)),
        })
    }

    fn show(&self, context: &mut Context, file: &AsdfFile, all: bool) -> Result<(), Failure> {
        let name = file.name().display().to_string();
        let palette = context.palette;
        let violations = &self.validation.violations;
        let shown = if all { violations.len() } else { SHOWN };
        for violation in violations.iter().take(shown) {
            let line = format!("{name}: {violation}");
            writeln!(context.out, "{}", escape(&line))?;
        }
        if let Some(more @ 1..) = violations.len().checked_sub(shown) {
            writeln!(
                context.out,
                "{}: … and {more} more (--all shows them)",
                escape(&name)
            )?;
        }
        for text in self.broken() {
            let line = format!("{name}: {text}");
            writeln!(context.out, "{}", paint(palette.bad, escape(&line)))?;
        }
        let verdict = match (self.is_valid(), self.is_whole()) {
            (true, true) => paint(palette.good, "valid"),
            (true, false) => paint(palette.bad, "not known to be valid"),
            (false, _) => paint(palette.bad, "not valid"),
        };
        let mut facts = Vec::new();
        if !violations.is_empty() {
            let plural = if violations.len() == 1 { "" } else { "s" };
            facts.push(format!("{} violation{plural}", violations.len()));
        }
        if let Some(counts) = self.checksums() {
            facts.push(checksums(counts));
        }
        match self.validation.unknown_tags.as_slice() {
            [] => {}
            [tag] => facts.push(format!("no schema for the tag {tag}")),
            [first, rest @ ..] => facts.push(format!(
                "no schema for {} tags ({first} and {} more)",
                rest.len() + 1,
                rest.len()
            )),
        }
        let facts: String = facts
            .iter()
            .map(|fact| format!(", {}", escape(fact)))
            .collect();
        writeln!(context.out, "{}: {verdict}{facts}", escape(&name))?;
        Ok(())
    }

    /// The Python package that has schemas which were missing, where it is known.
    fn missing_package(&self) -> Option<&'static str> {
        let mut unknown = self.validation.unknown_tags.iter();
        unknown.find_map(|tag| package_of(tag))
    }
}

/// The Python package that publishes the schemas of a tag, as far as that is known.
fn package_of(tag: &str) -> Option<&'static str> {
    let known = [
        ("asdf://stsci.edu/datamodels/roman/", "rad"),
        ("tag:dkist.nso.edu:", "dkist"),
        ("asdf://dkist.nso.edu/", "dkist"),
        ("tag:sunpy.org:", "sunpy"),
        ("asdf://sunpy.org/", "sunpy"),
        ("asdf://weldx.bam.de/", "weldx"),
    ];
    let found = known.iter().find(|known| tag.starts_with(known.0));
    found.map(|known| known.1)
}

fn count(reports: &[BlockReport]) -> [usize; 4] {
    let mut counts = [0; 4];
    for report in reports {
        let slot = match report.verdict {
            Some(Verdict::Match) => 0,
            Some(Verdict::Mismatch { .. }) | None => 1,
            Some(Verdict::Absent) => 2,
            Some(Verdict::Legacy) => 3,
        };
        if let Some(count) = counts.get_mut(slot) {
            *count += 1;
        }
    }
    counts
}

fn broken(report: &BlockReport) -> Option<String> {
    match (&report.error, &report.verdict) {
        (Some(error), _) => Some(format!("block {}: {}", report.index, error.kind())),
        (None, Some(Verdict::Mismatch { .. })) => Some(format!(
            "block {}: the checksum does not match",
            report.index
        )),
        (None, _) => report
            .warnings
            .first()
            .map(|warning| format!("block {}: {}", report.index, warning.kind)),
    }
}

fn checksums([matched, mismatch, absent, legacy]: [usize; 4]) -> String {
    let counts = [
        (matched, "match"),
        (mismatch, "wrong"),
        (absent, "absent"),
        (legacy, "legacy"),
    ];
    let parts: Vec<_> = counts
        .iter()
        .filter(|count| count.0 > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if parts.is_empty() {
        "no blocks".to_owned()
    } else {
        format!("checksums {}", parts.join(", "))
    }
}
