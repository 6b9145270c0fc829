//! The shape of the source: modules import from lower floors only, and files stay small.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// From the ground up; modules of one floor do not know each other.
const FLOORS: &[&[&str]] = &[
    &["limits"],
    &["error"],
    &["input", "memory", "tree", "unit"],
    &["block"],
    &["array"],
    &["schema", "fits"],
    &["file"],
    &["tagged"],
    &["transform"],
    &["wcs"],
    &["inspect", "convert"],
];

/// Lines of code a file may have.
const LONGEST: usize = 600;

fn floor(module: &str) -> usize {
    let found = FLOORS.iter().position(|names| names.contains(&module));
    found.unwrap_or_else(|| panic!("module `{module}` has no floor: place it in this test"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            out.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
    out
}

fn core() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The first component of a path below `src`, without `.rs`.
fn module(path: &Path) -> String {
    let below = path.strip_prefix(core()).unwrap();
    let first = below
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The names after each `crate::` of a line of code.
fn named(line: &str) -> impl Iterator<Item = &str> {
    let code = if line.trim_start().starts_with("//") {
        ""
    } else {
        line
    };
    code.match_indices("crate::").map(|(at, found)| {
        let rest = &code[at + found.len()..];
        let end = rest
            .find(|char: char| !char.is_alphanumeric() && char != '_')
            .unwrap_or(rest.len());
        &rest[..end]
    })
}

#[test]
fn modules_import_from_lower_floors_only() {
    let mut upward = Vec::new();
    for path in sources(&core()) {
        let own = module(&path);
        if own == "lib" {
            continue;
        }
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            for name in named(line) {
                let is_item = name.is_empty() || name.starts_with(char::is_uppercase);
                assert!(
                    !line.contains("crate::{"),
                    "{}:{}: name one module a line",
                    path.display(),
                    number + 1
                );
                if !is_item && name != own && floor(name) >= floor(&own) {
                    upward.push(format!(
                        "{}:{}: from {own} to {name}",
                        path.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn no_source_file_is_longer_than_600_lines_and_none_is_called_mod() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for member in ["asdf-core", "asdf-cli", "asdf-remote", "asdf-tui"] {
        for folder in ["src", "tests", "benches"] {
            let folder = workspace.join(member).join(folder);
            files.extend(if folder.is_dir() {
                sources(&folder)
            } else {
                Vec::new()
            });
        }
    }
    assert!(files.len() > 80, "the sources are not there");
    for path in files {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines", path.display());
        assert!(!path.ends_with("mod.rs"), "{}", path.display());
    }
}

#[test]
fn every_exceeded_limit_is_made_by_the_one_constructor() {
    let mut made = 0;
    for path in sources(&core()) {
        let code = fs::read_to_string(&path).unwrap();
        made += code.matches("LimitExceeded::").count();
        let is_home = path.ends_with("error/limit.rs");
        let literals = code.replace("-> LimitExceeded {", "");
        let literals = literals.matches("LimitExceeded {").count();
        assert!(is_home || literals == 0, "{}", path.display());
    }
    assert!(made > 50, "the sources are not there");
}

/// Names at the root of the library, modules included.
const ROOT_NAMES: usize = 25;

#[test]
fn the_root_has_few_names() {
    let root = fs::read_to_string(core().join("lib.rs")).unwrap();
    let mut names = Vec::new();
    for line in root.lines() {
        if let Some(module) = line.strip_prefix("pub mod ") {
            names.push(module.trim_end_matches(';'));
        } else if let Some(path) = line.strip_prefix("pub use ") {
            let path = path.trim_end_matches(['}', ';']);
            let given = path.split_once('{').map(|(_, list)| list);
            let given = given.or_else(|| path.rsplit("::").next()).unwrap();
            names.extend(given.split(',').map(str::trim));
        }
    }
    assert!(names.contains(&"AsdfFile"), "{names:?}");
    assert!(!names.contains(&"*"), "{names:?}");
    assert!(names.len() <= ROOT_NAMES, "{}: {names:?}", names.len());
}
