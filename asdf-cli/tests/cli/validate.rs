//! `asdf validate`, `asdf schema`, and validation of what other commands write.

use crate::bench::{Done, asdf, workspace};
use insta::assert_snapshot;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const ROMAN: &str = "test-data/made/roman_exposure.asdf";

/// A run in a folder of its own, in which schemas are kept as well.
fn run(folder: &Path, arguments: &[&str]) -> Done {
    let mut run = asdf("--color never");
    run.command.current_dir(folder).args(arguments);
    run.command.env("ASDF_SCHEMAS", folder.join("kept"));
    run.run()
}

fn write(folder: &Path, name: &str, nodes: &str) {
    let head = "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n";
    fs::write(
        folder.join(name),
        format!("{head}--- !core/asdf-1.1.0\n{nodes}...\n"),
    )
    .unwrap();
}

/// A package with one tag, whose nodes need a `name` of at most five characters.
fn package(folder: &Path) {
    let schemas = folder.join("ex/schemas");
    fs::create_dir_all(&schemas).unwrap();
    let manifest = "%YAML 1.1\n---\nid: asdf://example.org/manifests/ex-1.0.0\nextension_uri: asdf://example.org/extensions/ex-1.0.0\ntags:\n- tag_uri: tag:example.org:thing-1.0.0\n  schema_uri: asdf://example.org/schemas/thing-1.0.0\n...\n";
    fs::write(folder.join("ex/manifest.yaml"), manifest).unwrap();
    let schema = "%YAML 1.1\n---\nid: asdf://example.org/schemas/thing-1.0.0\nproperties:\n  name: {type: string, maxLength: 5}\nrequired: [name]\n...\n";
    fs::write(schemas.join("thing.yaml"), schema).unwrap();
}

const THING: &str = "a: !<tag:example.org:thing-1.0.0> {name: telescope}\n";
const TOLD: &str = "t.asdf: /a/name: the string \"telescope\", expected at most 5 characters \
    (asdf://example.org/schemas/thing-1.0.0)\nt.asdf: not valid, 1 violation, no blocks\n";

/// The text between two marks, and what follows.
fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<(&'t str, &'t str)> {
    text.split_once(start)?.1.split_once(end)
}

#[test]
fn the_messages_are_those_of_the_notes() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(workspace().join("spec-notes/validation.md")).unwrap();
    let mut examples = 0;
    for example in text.split("\n### ").skip(1) {
        let (nodes, rest) = between(example, "```yaml\n", "```").unwrap();
        let (told, _) = between(rest, "```text\n", "```").unwrap();
        write(folder.path(), "wrong.asdf", nodes);
        let done = run(folder.path(), &["validate", "--no-blocks", "wrong.asdf"]);
        let title = example.lines().next().unwrap();
        assert_eq!((done.out.as_str(), done.code), (told, Some(1)), "{title}");
        examples += 1;
    }
    assert!(examples >= 10, "{examples}");
}

#[test]
fn a_valid_file_and_the_shape_of_json() {
    let command = format!("validate {ROMAN} --json");
    let found: Value = serde_json::from_str(&asdf(&command).run().out).unwrap();
    let wanted = json!({
        "file": ROMAN,
        "valid": true,
        "violations": [],
        "unknown_tags": ["asdf://stsci.edu/datamodels/roman/tags/wfi_image-2.2.0"],
        "checksums": { "match": 20, "mismatch": 0, "absent": 0, "legacy": 0 },
        "unusable_schemas": [],
        "arrays": 20,
        "problems": [],
    });
    assert_eq!(found, wanted);
}

#[test]
fn many_files_have_a_line_each_and_the_worst_counts() {
    let files = "test-data/made/checksum_match.asdf test-data/made/checksum_wrong.asdf test-data/bad/bug06_invalid_utf8.asdf";
    assert_snapshot!("several", asdf(&format!("validate {files}")).screen());
}

#[test]
fn twenty_violations_are_shown_unless_all_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let nodes: String = (0..25)
        .map(|number| format!("u{number}: !unit/unit-1.0.0 [m]\n"))
        .collect();
    write(folder.path(), "many.asdf", &nodes);
    let done = run(folder.path(), &["validate", "many.asdf"]);
    assert_eq!(done.out.lines().count(), 22);
    assert!(
        done.out
            .contains("many.asdf: … and 5 more (--all shows them)\n"),
        "{}",
        done.out
    );
    let done = run(folder.path(), &["validate", "--all", "many.asdf"]);
    assert_eq!(done.out.lines().count(), 26);
    let done = run(folder.path(), &["validate", "--json", "many.asdf"]);
    let found: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(found["violations"].as_array().unwrap().len(), 25);
    let first = json!({
        "path": "/u0",
        "keyword": "type",
        "message": "a list tagged !unit/unit-1.0.0, expected a string",
        "schema": "http://stsci.edu/schemas/asdf/unit/unit-1.0.0",
    });
    assert_eq!(found["violations"][0], first);
}

#[test]
fn a_custom_schema_holds_for_the_whole_tree() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "t.asdf", "meta: {telescope: ROMAN}\n");
    let schema =
        "properties: {meta: {properties: {telescope: {enum: [JWST]}}, required: [date]}}\n";
    fs::write(folder.path().join("mine.yaml"), schema).unwrap();
    let done = run(
        folder.path(),
        &["validate", "--schema", "mine.yaml", "t.asdf"],
    );
    let told = "t.asdf: /meta: the key \"date\" is missing (mine.yaml)\n\
        t.asdf: /meta/telescope: the string \"ROMAN\", expected \"JWST\" (mine.yaml)\n\
        t.asdf: not valid, 2 violations, no blocks\n";
    assert_eq!(done.out, told);
    fs::write(folder.path().join("mine.yaml"), "type: [unclear\n").unwrap();
    let done = run(
        folder.path(),
        &["validate", "--schema", "mine.yaml", "t.asdf"],
    );
    assert_eq!(done.code, Some(2));
    assert!(done.err.starts_with("asdf: mine.yaml: "), "{}", done.err);
}

#[test]
fn packages_are_read_from_folders_and_kept_when_added() {
    let folder = tempfile::tempdir().unwrap();
    package(folder.path());
    write(folder.path(), "t.asdf", THING);
    let unknown = "t.asdf: valid, no blocks, no schema for the tag tag:example.org:thing-1.0.0\n";
    assert_eq!(run(folder.path(), &["validate", "t.asdf"]).out, unknown);
    assert_eq!(
        run(folder.path(), &["validate", "--schemas", "ex", "t.asdf"]).out,
        TOLD
    );
    let done = run(folder.path(), &["schema", "add", "ex"]);
    assert!(
        done.out
            .starts_with("ex: 2 schemas and manifests, kept in "),
        "{done:?}"
    );
    assert_eq!(run(folder.path(), &["validate", "t.asdf"]).out, TOLD);
    let listed = run(folder.path(), &["schema", "list", "example.org"]).out;
    assert_snapshot!("schema_list", listed);
    let shown = run(
        folder.path(),
        &["schema", "show", "tag:example.org:thing-1.0.0"],
    )
    .out;
    assert_snapshot!("schema_show", shown);
}

#[test]
fn what_is_no_package_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("no.whl"), "not a zip archive").unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::create_dir(folder.path().join("kept")).unwrap();
    write(folder.path(), "t.asdf", THING);
    let error = |arguments: &[&str]| {
        let done = run(folder.path(), arguments);
        assert_eq!(done.code, Some(2), "{done:?}");
        done.err
    };
    let wheel = error(&["schema", "add", "no.whl"]);
    assert!(
        wheel.starts_with("asdf: no.whl: expected a folder, a Python wheel"),
        "{wheel}"
    );
    let empty = error(&["validate", "--schemas", "empty", "t.asdf"]);
    assert!(empty.starts_with("asdf: empty: no schema found"), "{empty}");
    fs::write(
        folder.path().join("kept/x.schemas"),
        "#ASDF schemas 1\n{}\n",
    )
    .unwrap();
    let kept = error(&["validate", "t.asdf"]);
    assert!(
        kept.contains("x.schemas: not a package of schemas as `asdf schema add` keeps it"),
        "{kept}"
    );
}

#[test]
fn a_change_that_breaks_a_schema_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "t.asdf",
        "q: !unit/quantity-1.2.0 {value: 1.5, unit: !unit/unit-1.0.0 m}\nold: !unit/unit-1.0.0 []\n",
    );
    let before = fs::read(folder.path().join("t.asdf")).unwrap();
    let refused = |arguments: &[&str]| {
        let done = run(folder.path(), arguments);
        assert_eq!(done.code, Some(2), "{done:?}");
        assert_eq!(fs::read(folder.path().join("t.asdf")).unwrap(), before);
        done.err
    };
    assert_snapshot!(
        "refused_set",
        refused(&["set", "t.asdf", "q.value", "much"])
    );
    assert_snapshot!("refused_rm", refused(&["rm", "t.asdf", "q.unit"]));
    let done = run(folder.path(), &["convert", "t.asdf", "t.yaml"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    // From another format everything is new, the old fault as well.
    let converted = refused(&["convert", "t.yaml", "u.asdf"]);
    assert!(
        converted.contains("/old: a list tagged !unit/unit-1.0.0, expected a string"),
        "{converted}"
    );
    assert!(!folder.path().join("u.asdf").exists());
    // What was wrong before is no reason to refuse a change.
    assert_eq!(
        run(folder.path(), &["set", "t.asdf", "q.value", "2.5"]).code,
        Some(0)
    );
    assert_eq!(
        run(
            folder.path(),
            &["set", "t.asdf", "q.value", "much", "--no-validate"]
        )
        .code,
        Some(0)
    );
    let done = run(folder.path(), &["validate", "t.asdf"]);
    assert!(
        done.out
            .ends_with("t.asdf: not valid, 2 violations, no blocks\n"),
        "{}",
        done.out
    );
}

#[test]
fn a_schema_that_cannot_be_used_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let schema = "%YAML 1.1\n---\n$schema: http://stsci.edu/schemas/yaml-schema/draft-01\n\
        id: asdf://example.org/schemas/lost-1.0.0\n$ref: asdf://example.org/schemas/nowhere-1.0.0\n";
    let manifest = "%YAML 1.1\n---\nid: asdf://example.org/manifests/m-1.0.0\n\
        extension_uri: asdf://example.org/extensions/m-1.0.0\ntags:\n\
        - {tag_uri: 'asdf://example.org/tags/lost-1.0.0', schema_uri: 'asdf://example.org/schemas/lost-1.0.0'}\n";
    fs::create_dir(folder.path().join("package")).unwrap();
    fs::write(folder.path().join("package/lost.yaml"), schema).unwrap();
    fs::write(folder.path().join("package/manifest.yaml"), manifest).unwrap();
    let lost = "a: !<asdf://example.org/tags/lost-1.0.0> {b: 1}\n";
    write(folder.path(), "lost.asdf", lost);
    let arguments = ["validate", "--schemas", "package", "lost.asdf"];
    let done = run(folder.path(), &arguments);
    assert_eq!(done.code, Some(2), "{}", done.err);
    assert_eq!(done.out, "lost.asdf: not known to be valid, no blocks\n");
    let told = "asdf: lost.asdf: schema asdf://example.org/schemas/lost-1.0.0 cannot be used: ";
    assert!(done.err.starts_with(told), "{}", done.err);
    let done = run(folder.path(), &[&arguments[..], &["--json"]].concat());
    let found: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!((done.code, &found["valid"]), (Some(2), &Value::Null));
    let named = &found["unusable_schemas"][0]["schema"];
    assert_eq!(named, "asdf://example.org/schemas/lost-1.0.0");
    // What is known to be wrong is said all the same.
    let wrong = format!("{lost}u: !unit/unit-1.0.0 [m]\n");
    write(folder.path(), "lost.asdf", &wrong);
    let done = run(folder.path(), &arguments);
    assert_eq!(done.code, Some(2));
    let told = "lost.asdf: not valid, 1 violation, no blocks\n";
    assert!(done.out.ends_with(told), "{}", done.out);
}
