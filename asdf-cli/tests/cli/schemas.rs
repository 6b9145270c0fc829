//! Every document is as its schema in `docs/json/` says.

use crate::bench::{asdf, workspace};
use serde_json::Value;
use std::fs;

const ROMAN: &str = "test-data/made/roman_exposure.asdf";
const BAD: &str = "test-data/bad/bug06_invalid_utf8.asdf";

fn schema(name: &str) -> jsonschema::Validator {
    let path = workspace().join(format!("docs/json/{name}.schema.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

fn check(name: &str, document: &Value, what: &str) {
    let errors: Vec<String> = schema(name)
        .iter_errors(document)
        .map(|error| format!("{}: {error:.200}", error.instance_path()))
        .collect();
    assert!(
        errors.is_empty(),
        "{what} is not as {name} says: {errors:?}"
    );
}

/// The commands with the schema of their document and that of a line.
fn of_any_file() -> Vec<(String, &'static str, &'static str)> {
    let fits = "test-data/fits/images.fits";
    let record = "test-data/made/record_simple.asdf";
    let mut out = Vec::new();
    for file in [
        ROMAN,
        fits,
        record,
        "test-data/made/checksum_wrong.asdf",
        "test-data/made/yaml_floats.asdf",
    ] {
        for (command, line) in [
            ("info", "info"),
            ("ls", "ls.line"),
            ("ls --digest", "ls.line"),
            ("stats", "stats.line"),
            ("verify", "verify"),
            ("verify --checksums-only", "verify"),
            ("validate", "validate"),
            ("validate --no-blocks", "validate"),
            ("history", "history.line"),
            ("check", "check.line"),
        ] {
            let name = command.split(' ').next().unwrap();
            out.push((format!("{command} {file}"), name, line));
        }
        out.push((format!("search --path . {file}"), "search", "search.line"));
        out.push((format!("get {file} /"), "get", "get.line"));
    }
    out
}

/// The same for what is asked of some files only.
fn of_some_files() -> Vec<(String, &'static str, &'static str)> {
    let record = "test-data/made/record_simple.asdf";
    vec![
        (
            "history test-data/made/history_mapping.asdf".to_owned(),
            "history",
            "history.line",
        ),
        (
            "history test-data/made/history_list.asdf".to_owned(),
            "history",
            "history.line",
        ),
        (format!("repair --dry-run {ROMAN}"), "repair", "repair"),
        (
            "repair --dry-run test-data/bad/bug09_truncated.asdf".to_owned(),
            "repair",
            "repair",
        ),
        (format!("wcs info {ROMAN}"), "wcs-info", "wcs-info.line"),
        (
            format!("wcs eval {ROMAN} 1 2 900 900"),
            "wcs-points",
            "wcs-points.line",
        ),
        (
            format!("wcs invert {ROMAN} 268.4986 -29.2054"),
            "wcs-points",
            "wcs-points.line",
        ),
        (
            format!("wcs footprint {ROMAN}"),
            "wcs-footprint",
            "wcs-footprint.line",
        ),
        (
            format!("wcs to-fits {ROMAN}"),
            "wcs-to-fits",
            "wcs-to-fits.line",
        ),
        (format!("diff {ROMAN} {record}"), "diff", "diff.line"),
        (
            "diff test-data/made/datatype_floats.asdf test-data/made/datatype_complex.asdf"
                .to_owned(),
            "diff",
            "diff.line",
        ),
        (
            "diff test-data/made/mask_nan.asdf test-data/made/mask_number.asdf".to_owned(),
            "diff",
            "diff.line",
        ),
    ]
}

#[test]
fn documents_and_lines_are_as_their_schemas_say() {
    for (command, name, line) in of_any_file().into_iter().chain(of_some_files()) {
        let done = asdf(&format!("{command} --json -q")).run();
        let document = serde_json::from_str(&done.out);
        let document =
            document.unwrap_or_else(|error| panic!("{command}: {error}: {:.300}", done.out));
        check(name, &document, &command);
        let done = asdf(&format!("{command} --jsonl -q")).run();
        assert!(!done.out.is_empty(), "{command}");
        for text in done.out.lines() {
            let document = serde_json::from_str(text);
            check(
                line,
                &document.unwrap_or_else(|error| panic!("{command}: {error}")),
                &command,
            );
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_in_every_form() {
    let path = "roman.meta.filename";
    for command in [
        "info".to_owned(),
        "ls".to_owned(),
        format!("get --path {path}"),
        "stats".to_owned(),
        "search --key filename".to_owned(),
        "verify".to_owned(),
        "validate".to_owned(),
        "history".to_owned(),
        format!("diff {ROMAN}"),
        "wcs info".to_owned(),
        "wcs footprint".to_owned(),
        "wcs to-fits".to_owned(),
    ] {
        let command = format!("{command} {BAD} {ROMAN}");
        // The numbers of points would stand between the files.
        let command = command.replace("wcs footprint ", "wcs footprint --path roman.meta.wcs ");
        let command = command.replace("wcs info ", "wcs info --path roman.meta.wcs ");
        let command = command.replace("wcs to-fits ", "wcs to-fits --path roman.meta.wcs ");
        let command = command.replace("stats ", "stats --path roman.data ");
        let done = asdf(&format!("{command} --json -q")).run();
        assert_eq!(done.code, Some(2), "{command}");
        let array: Value = serde_json::from_str(&done.out).unwrap();
        check("error", &array[0], &command);
        let done = asdf(&format!("{command} --jsonl -q")).run();
        let first: Value = serde_json::from_str(done.out.lines().next().unwrap()).unwrap();
        check("error", &first, &command);
    }
}

#[test]
fn plain_values_have_no_wrappers() {
    for command in [
        "get --plain",
        "get --plain --jsonl",
        "get --plain=quantities",
        "info --plain",
        "search --plain --path .",
    ] {
        for file in [
            "test-data/made/yaml_floats.asdf",
            "test-data/made/yaml_collections.asdf",
            "test-data/made/yaml_big_integers.asdf",
            ROMAN,
        ] {
            let path = if command.starts_with("get") { " /" } else { "" };
            let done = asdf(&format!("{command} {file}{path} -q")).run();
            assert_eq!(done.code, Some(0), "{command} {file}: {}", done.err);
            for text in done.out.lines() {
                let value: Value = serde_json::from_str(text)
                    .unwrap_or_else(|error| panic!("{command} {file}: {error}"));
                assert!(!has_wrapper(&value), "{command} {file}: {value:.400}");
            }
        }
    }
    let done = asdf("get test-data/made/mask_nan.asdf / --plain").run();
    assert_eq!(done.code, Some(0), "{}", done.err);
    let done = asdf(&format!("get {ROMAN} roman.data[0:1,0:2] --plain")).run();
    assert_eq!(done.out, "[[0.63062763,0.65039414]]\n");
}

fn has_wrapper(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(key, value)| {
            (key.starts_with('$') && !["$ref", "$recursive"].contains(&key.as_str()))
                || has_wrapper(value)
        }),
        Value::Array(list) => list.iter().any(has_wrapper),
        _ => false,
    }
}

#[test]
fn every_schema_is_one_of_a_document_that_is_described() {
    let described = fs::read_to_string(workspace().join("docs/json.md")).unwrap();
    for entry in fs::read_dir(workspace().join("docs/json")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(described.contains(&format!("(json/{name})")), "{name}");
        schema(name.strip_suffix(".schema.json").unwrap());
    }
}
