//! The verdicts of the reference: on trees with one or two faults (`test-data/generate/mutants.py`), and on single
//! nodes for each keyword (`keywords.py`).

#![cfg(feature = "schemas")]
#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "support/folders.rs"]
#[expect(dead_code, reason = "shared with other tests")]
mod folders;

use asdf_core::schema::{SchemaLibrary, Validator};
use asdf_core::{AsdfFile, OpenOptions};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Deserialize)]
struct Collection {
    bases: Vec<Base>,
}

#[derive(Deserialize)]
struct Base {
    name: String,
    standard: String,
    /// Wheels whose schemas the tree needs.
    packages: Vec<String>,
    text: String,
    cases: Vec<Case>,
}

/// First line replaced, first line kept after it, the lines between, the verdict, what was changed.
#[derive(Deserialize)]
struct Case(usize, usize, String, bool, String);

impl Base {
    fn file(&self, case: &Case) -> AsdfFile {
        let lines: Vec<_> = self.text.split_inclusive('\n').collect();
        let head = lines.get(..case.0).unwrap().concat();
        let tail = lines.get(case.1..).unwrap().concat();
        let text = format!(
            "#ASDF 1.0.0\n#ASDF_STANDARD {}\n%YAML 1.1\n--- {head}{}{tail}...\n",
            self.standard, case.2
        );
        OpenOptions::default()
            .read_bytes(text.into_bytes(), &self.name)
            .unwrap()
    }
}

/// A package in `$ASDF_PACKAGES`: its wheel, or its folder as it is installed.
fn package(package: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("ASDF_PACKAGES")?);
    let installed = folder.join(package);
    if installed.is_dir() {
        return Some(installed);
    }
    let start = format!("{package}-");
    let entries = fs::read_dir(folder).ok()?;
    let mut wheels = entries.flatten().map(|entry| entry.path());
    wheels.find(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(&start) && name.ends_with(".whl")
    })
}

/// Cases in which we do not share the verdict, by base and what was changed, with the reason.
fn differences() -> BTreeMap<(String, String), String> {
    let text = fs::read_to_string(folders::test_data("mutants").join("differences.txt")).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let mut parts = line.split('\t').map(str::to_owned);
            let (base, about) = (parts.next().unwrap(), parts.next().unwrap());
            ((base, about), parts.next().unwrap())
        })
        .collect()
}

#[test]
fn verdicts_are_those_of_the_reference() {
    let text = fs::read_to_string(folders::test_data("mutants").join("cases.json")).unwrap();
    let collection: Collection = serde_json::from_str(&text).unwrap();
    let mut differences = differences();
    differences.retain(|case, _| case.0 != "keywords");
    let mut wrong = Vec::new();
    let mut compared = 0;
    for base in &collection.bases {
        let wheels: Option<Vec<_>> = base.packages.iter().map(|name| package(name)).collect();
        let Some(wheels) = wheels else {
            eprintln!(
                "{}: not compared, $ASDF_PACKAGES has no {:?}",
                base.name, base.packages
            );
            differences.retain(|case, _| case.0 != base.name);
            continue;
        };
        let mut library = SchemaLibrary::new();
        for path in &wheels {
            library.add(path).unwrap();
        }
        let validator = Validator::new(Arc::new(library));
        for case in &base.cases {
            let file = base.file(case);
            let validation = file.validate(&validator);
            compared += 1;
            assert_eq!(validation.unusable, []);
            let same = validation.is_valid() == case.3;
            let known = differences
                .remove(&(base.name.clone(), case.4.clone()))
                .is_some();
            if same == known {
                let found = validation
                    .violations
                    .first()
                    .map(|found| format!("{} {}", found.path, found.message));
                let theirs = if case.3 { "valid" } else { "invalid" };
                wrong.push(format!(
                    "{}\t{}\ttheirs {theirs}, ours {found:?}",
                    base.name, case.4
                ));
            }
        }
    }
    eprintln!("{compared} trees compared");
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(differences.is_empty(), "no such case: {differences:?}");
}

#[test]
fn keywords_are_read_as_the_reference_reads_them() {
    let text = fs::read_to_string(folders::test_data("mutants").join("keywords.json")).unwrap();
    let cases: Vec<(String, String, bool)> = serde_json::from_str(&text).unwrap();
    let library = Arc::new(SchemaLibrary::new());
    let mut differences = differences();
    differences.retain(|case, _| case.0 == "keywords");
    let mut wrong = Vec::new();
    for (schema, node, expected) in &cases {
        let text =
            format!("#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n--- {{node: {node}}}\n...\n");
        let file = OpenOptions::default()
            .read_bytes(text.into_bytes(), "case")
            .unwrap();
        let schema = format!("{{properties: {{node: {schema}}}}}");
        let validator = Validator::new(library.clone())
            .custom(&schema, "custom")
            .unwrap();
        let validation = validator.validate(file.tree(), "1.6.0");
        let about = format!("{schema} {node}");
        let known = differences
            .remove(&("keywords".to_owned(), about.clone()))
            .is_some();
        if (validation.is_valid() == *expected) == known {
            wrong.push(format!(
                "keywords\t{about}\ttheirs {expected}, ours {:?}",
                validation.violations.first().map(ToString::to_string)
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} differ:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
    assert!(differences.is_empty(), "no such case: {differences:?}");
}
