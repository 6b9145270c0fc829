//! Malformed and hostile files: verdict, kind and place of what is said about them, one named test a file.
#![expect(clippy::print_stderr, reason = "says what was read")]

#[path = "../support/exercise.rs"]
mod exercise;
#[path = "../support/folders.rs"]
mod folders;

use asdf_core::error::{ErrorKind, Place};
use asdf_core::{Limits, OpenOptions};
use exercise::Found;
use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Files of the shared corpus that are judged otherwise here, and why.
const OTHERWISE: &[(&str, &str)] = &[
    (
        "nd_strides_partial_last",
        "its last element ends exactly where the block ends: in bounds",
    ),
    (
        "nd_strides_zero",
        "stride 0 is found in real files: read with a warning",
    ),
    (
        "trunc_before_first_newline",
        "the end of the file ends the first line, as the reference has it (L-1)",
    ),
    ("nd_shape_1000_dims", "refused by name, as numpy does"),
    (
        "yaml_deep_",
        "refused by the limit on depth, which can be raised",
    ),
    ("schema_", "structure is right, only schemas tell"),
    (
        "yaml_dup_keys_asdf_root",
        "structure is right, only schemas tell",
    ),
    (
        "ref_bomb",
        "an error of the limit when it is expanded, nothing before",
    ),
];

/// What is expected of a broken file: an entry of `MANIFEST.toml` or a sidecar of the corpus.
#[derive(Debug, Clone, Deserialize)]
struct Case {
    #[serde(alias = "name")]
    file: String,
    should: String,
    scope: String,
    kind: Option<String>,
    offset: Option<u64>,
    until: Option<u64>,
    path: Option<String>,
    command: Option<String>,
    #[serde(default)]
    why: String,
}

#[derive(Debug, Deserialize)]
struct Manifest {
    bad: Vec<Case>,
}

fn kind_name(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Io(_) => "io",
        ErrorKind::Malformed(_) => "malformed",
        ErrorKind::Unsupported(_) => "unsupported",
        ErrorKind::Limit(_) => "limit",
        ErrorKind::Mismatch(_) => "mismatch",
        _ => "other",
    }
}

/// What opening, or else everything that can be done with the file, brought up; `true` when it opens.
fn outcome(path: &Path, whole: bool) -> (bool, Found) {
    // Expanding bombs to the default limit is slow without optimisation and shows nothing more.
    let mut limits = Limits::default();
    limits.expanded_nodes = 200_000;
    match OpenOptions::default().limits(limits).open(path) {
        Ok(file) => (true, exercise::exercise(&file, whole)),
        Err(error) => (
            false,
            Found {
                errors: vec![error],
                ..Found::default()
            },
        ),
    }
}

/// The verdict reached when it is not the one expected.
fn wrong_verdict(case: &Case, opens: bool, found: &Found) -> Option<String> {
    let said = || format!("{:?} {:?}", found.errors, found.warnings);
    let damaged = !found.mismatches.is_empty();
    let right = match (case.should.as_str(), case.scope.as_str()) {
        ("error", "file") => !opens,
        ("error", _) => !found.errors.is_empty() || damaged,
        ("warn", _) => opens && (!found.warnings.is_empty() || damaged || !found.errors.is_empty()),
        ("ok", _) => opens && found.errors.is_empty() && !damaged,
        _ => true,
    };
    (!right).then(|| {
        format!(
            "should {} ({}: {}), opens {opens}: {}",
            case.should,
            case.scope,
            case.why,
            said()
        )
    })
}

/// What is wrong with kind or place.
fn wrong_fact(case: &Case, found: &Found) -> Option<String> {
    if let Some(kind) = case.kind.as_ref().filter(|_| case.should == "error") {
        let kinds: Vec<_> = found
            .errors
            .iter()
            .map(|error| kind_name(error.kind()))
            .collect();
        if !kinds.contains(&kind.as_str()) {
            return Some(format!(
                "kind {kind} expected, {kinds:?} found: {:?}",
                found.errors
            ));
        }
    }
    let places: Vec<&Place> = found
        .errors
        .iter()
        .map(asdf_core::Error::place)
        .chain(found.warnings.iter().map(|warning| &warning.place))
        .collect();
    let in_path = case
        .path
        .as_ref()
        .is_some_and(|path| places.iter().any(|place| is_at_or_below(place, path)));
    let starts = places.iter().filter_map(|place| place.span.clone());
    let mismatches = found.mismatches.iter().map(|at| *at..at + 54);
    let at_offset = case.offset.is_some_and(|offset| {
        starts.chain(mismatches).any(|span| {
            span.start == offset
                || span.contains(&offset)
                || case
                    .until
                    .is_some_and(|until| (offset..=until).contains(&span.start))
        })
    });
    let asked = case.path.is_some() || case.offset.is_some();
    (asked && !in_path && !at_offset).then(|| {
        format!(
            "{:?} {:?} expected, found {places:?}",
            case.path, case.offset
        )
    })
}

/// A part of the node is a better place than the node.
fn is_at_or_below(place: &Place, path: &str) -> bool {
    let rest = place
        .path
        .as_deref()
        .and_then(|found| found.strip_prefix(path));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn check(case: &Case, path: &Path) -> Result<(), Failed> {
    let whole = case
        .command
        .as_deref()
        .is_some_and(|command| command.starts_with("get"));
    let (opens, found) = outcome(path, whole);
    let wrong = wrong_verdict(case, opens, &found).or_else(|| wrong_fact(case, &found));
    match (
        wrong,
        OTHERWISE
            .iter()
            .find(|(name, _)| case.file.starts_with(name)),
    ) {
        (Some(wrong), None) => Err(wrong.into()),
        _ => Ok(()),
    }
}

fn own() -> Result<Vec<(Case, PathBuf)>, Failed> {
    let text = std::fs::read_to_string(folders::workspace().join("test-data/MANIFEST.toml"))?;
    let manifest: Manifest = toml::from_str(&text)?;
    let place = |case: Case| (case.clone(), folders::test_data("bad").join(case.file));
    Ok(manifest.bad.into_iter().map(place).collect())
}

fn shared() -> Result<Vec<(Case, PathBuf)>, Failed> {
    let Some(corpus) = folders::corpus() else {
        return Ok(Vec::new());
    };
    let mut out = Vec::new();
    for sidecar in folders::files(&corpus.join("bad"), folders::SUFFIX) {
        let path = folders::described(&sidecar);
        let case: Case = serde_json::from_slice(&std::fs::read(&sidecar)?)?;
        out.push((case, path));
    }
    Ok(out)
}

/// Each broken file is in the manifest.
fn unlisted(listed: &[(Case, PathBuf)]) -> Result<(), Failed> {
    let files = folders::files(&folders::test_data("bad"), ".asdf");
    let missing: Vec<_> = files
        .into_iter()
        .filter(|path| !listed.iter().any(|entry| entry.1 == *path))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("not in the manifest: {missing:?}").into())
    }
}

/// The two prices of opening: a limit set by the caller is the limit that is named.
fn named_limit() -> Result<(), Failed> {
    let mut limits = Limits::default();
    limits.depth = 3;
    let error = OpenOptions::default()
        .limits(limits)
        .open(folders::test_data("made").join("roman_exposure.asdf"))
        .err();
    let error = error.ok_or("a tree deeper than 3 was read")?;
    if error.is_limit() && error.to_string().contains("depth") {
        Ok(())
    } else {
        Err(error.to_string().into())
    }
}

fn main() -> Result<(), Failed> {
    let arguments = Arguments::from_args();
    let (own, shared) = (own()?, shared()?);
    if !arguments.list {
        eprintln!(
            "{} broken files of test-data, {} of the shared corpus",
            own.len(),
            shared.len()
        );
    }
    let listed = own.clone();
    let trial = |folder: &'static str, (case, path): (Case, PathBuf)| {
        Trial::test(format!("{folder}/{}", case.file), move || {
            check(&case, &path)
        })
    };
    let mut trials: Vec<Trial> = own
        .into_iter()
        .map(|entry| trial("test-data/bad", entry))
        .collect();
    trials.extend(shared.into_iter().map(|entry| trial("bad", entry)));
    trials.push(Trial::test(
        "every_broken_file_is_in_the_manifest",
        move || unlisted(&listed),
    ));
    trials.push(Trial::test("a_limit_is_named", named_limit));
    libtest_mimic::run(&arguments, trials).exit();
}
