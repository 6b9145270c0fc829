//! The shape of the source: modules import from lower floors only, and files stay small.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// From the ground up; modules of one floor do not know each other.
const FLOORS: &[&[&str]] = &[
    &["error", "limits"],
    &["input", "memory", "tree", "unit"],
    &["block"],
    &["array"],
    &["schema", "fits"],
    &["file"],
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

/// The names behind each `crate::` of a line of code.
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
    for member in ["asdf-core", "asdf-cli", "asdf-tui"] {
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

/// The literals that stand behind a text, whatever line breaks are between.
fn literals<'t>(text: &'t str, behind: &'t str) -> impl Iterator<Item = &'t str> {
    text.match_indices(behind).filter_map(move |(at, _)| {
        let rest = text.get(at + behind.len()..)?.trim_start();
        rest.strip_prefix('"')?.split('"').next()
    })
}

#[test]
fn every_limit_that_an_error_names_can_be_raised() {
    let mut limits = asdf_core::Limits::default();
    let mut met = std::collections::BTreeSet::new();
    for path in sources(&core()) {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        // Each call and each literal of `LimitExceeded`, up to the end of the statement.
        for (at, _) in code.match_indices("LimitExceeded") {
            let rest = code.get(at..).unwrap_or_default();
            let end = rest.find(';').unwrap_or(rest.len());
            let statement = rest.get(..end).unwrap_or_default();
            let names: Vec<&str> = if statement.starts_with("LimitExceeded::check(") {
                let after = statement
                    .get("LimitExceeded::check(".len()..)
                    .unwrap_or_default();
                // The text for people, then the name.
                let after = match after.trim_start().strip_prefix('"') {
                    Some(what) => what.split_once('"').map_or("", |parts| parts.1),
                    None => after,
                };
                literals(after, ",").take(1).collect()
            } else {
                literals(statement, "name:").collect()
            };
            for name in names {
                met.insert(name.to_owned());
                assert!(limits.set(name, 1), "{}: no limit `{name}`", path.display());
            }
        }
    }
    println!("{} limits are named: {met:?}", met.len());
    assert!(met.len() > 9, "{met:?}");
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
