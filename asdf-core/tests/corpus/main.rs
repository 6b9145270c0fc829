//! Every file of `test-data/made` and of the shared corpus against its sidecar, one named test a file.
//!
//! Compared are header lines, tree, blocks, index, arrays (digests of data and masks) and references.
#![expect(clippy::print_stderr, reason = "says what was read")]

mod compare;
mod expect;
#[path = "../support/folders.rs"]
mod folders;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use std::path::Path;
use std::path::PathBuf;

/// Trees are compared by recursion; the deepest of the corpus fit in this.
const STACK: usize = 256 << 20;

/// Files that differ on purpose, how the difference begins, and why it is right.
const KNOWN: &[(&str, &str, &str)] = &[
    (
        "made/inline_numbers.asdf",
        "array /half: sha256",
        "PyYAML makes `.nan` by dividing infinities, which sets its sign on x86",
    ),
    (
        "made/mask_inline_null.asdf",
        "array /floats: sha256",
        "the sign of `.nan` again",
    ),
    (
        "made/yaml_scalars.asdf",
        "open: ",
        "open defect: a lone `-` in front of a comma is refused by the parser of events",
    ),
    (
        "index/junk_before.asdf",
        "index: ",
        "an index counts only where the last block's allocation ends",
    ),
    (
        "index/nulls_before.asdf",
        "index: ",
        "an index counts only where the last block's allocation ends",
    ),
    (
        "index/trailing_junk.asdf",
        "index: ",
        "the index is whole and right; what stands after it does not change that",
    ),
    (
        "index/trailing_nulls.asdf",
        "index: ",
        "NUL bytes at the end of a file are legal",
    ),
    ("index/twice.asdf", "index: ", "both are whole and right"),
    (
        "index/truncated_header.asdf",
        "index: ",
        "the rest of an index's first line is told as an ignored index",
    ),
    (
        "refs/empty_key.asdf",
        "reference /s: ",
        "`#/` names the empty key (RFC 6901); the reference takes the root",
    ),
    (
        "docs/gwcs/wcs_examples.asdf",
        "index: ",
        "the walk ends at damaged blocks, and no index stands there",
    ),
];

fn known(name: &str, difference: &str) -> bool {
    KNOWN
        .iter()
        .any(|(file, start, _)| name.ends_with(file) && difference.starts_with(start))
}

/// Compares one file; what differs without a reason is a failure.
fn check(name: &str, sidecar: &Path) -> Result<(), Failed> {
    let text = std::fs::read(sidecar)?;
    let mut parser = serde_json::Deserializer::from_slice(&text);
    parser.disable_recursion_limit();
    let want: Value = serde::Deserialize::deserialize(&mut parser)?;
    let differences = compare::differences(&folders::described(sidecar), &want);
    let unexplained: Vec<_> = differences
        .iter()
        .filter(|line| !known(name, line))
        .cloned()
        .collect();
    let idle = KNOWN.iter().filter(|(file, start, _)| {
        name.ends_with(file) && !differences.iter().any(|line| line.starts_with(start))
    });
    let idle: Vec<_> = idle
        .map(|(_, start, _)| format!("no longer differs: {start}"))
        .collect();
    let all = [unexplained, idle].concat();
    if all.is_empty() {
        Ok(())
    } else {
        Err(all.join("\n").into())
    }
}

/// The same in a thread with a stack for deep trees.
fn check_deep(name: String, sidecar: PathBuf) -> Result<(), Failed> {
    let worker = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || check(&name, &sidecar))?;
    worker.join().unwrap_or_else(|_| Err("it panicked".into()))
}

fn trials(base: &Path, folder: &Path) -> Vec<Trial> {
    let sidecars = folders::files(folder, folders::SUFFIX);
    let trial = |sidecar: PathBuf| {
        let file = folders::described(&sidecar);
        let name = file
            .strip_prefix(base)
            .unwrap_or(&file)
            .display()
            .to_string();
        Trial::test(name.clone(), move || check_deep(name, sidecar))
    };
    sidecars.into_iter().map(trial).collect()
}

/// Files of `test-data/made` that nothing is expected of.
fn without_sidecar(made: &Path) -> Result<(), Failed> {
    let lonely =
        |path: &PathBuf| !PathBuf::from(format!("{}{}", path.display(), folders::SUFFIX)).exists();
    let parts = ["exploded parts"];
    let files = folders::files(made, ".asdf");
    let found: Vec<_> = files
        .iter()
        .filter(|path| lonely(path))
        .filter(|path| {
            !parts
                .iter()
                .any(|part| path.display().to_string().contains(part))
        })
        .collect();
    if found.is_empty() {
        Ok(())
    } else {
        Err(format!("no sidecar: {found:?}").into())
    }
}

fn main() {
    let arguments = Arguments::from_args();
    let made = folders::test_data("made");
    let mut all = trials(&folders::workspace(), &made);
    let own = all.len();
    if let Some(corpus) = folders::corpus() {
        for part in ["generated", "real"] {
            all.extend(trials(&corpus, &corpus.join(part)));
        }
    }
    if !arguments.list {
        eprintln!(
            "{own} files of test-data, {} of the shared corpus",
            all.len() - own
        );
    }
    all.push(Trial::test(
        "every_file_of_test_data_has_a_sidecar",
        move || without_sidecar(&made),
    ));
    assert!(own > 100, "test-data is not there");
    libtest_mimic::run(&arguments, all).exit();
}
