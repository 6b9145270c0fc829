//! Regression runs: what differs from run to run left out, numbers as numbers, reports for build servers.

use crate::many::{copy, run};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const ROMAN: &str = "test-data/made/roman_exposure.asdf";

/// Two folders with the results of two runs: `a` differs in what a run leaves behind, `b` in a value, `c` is in one only.
fn runs(folder: &Path) {
    for name in ["old/a", "old/b", "new/a", "new/b", "new/c"] {
        copy(ROMAN, &folder.join(format!("{name}.asdf")));
    }
    for (name, path, value) in [
        ("a", "roman.meta.filename", "other.asdf"),
        ("a", "roman.meta.file_date", "2030-01-01T00:00:00.000"),
        ("a", "roman.meta.calibration_software_version", "9.9"),
        ("b", "roman.meta.exposure.exposure_time", "107.5"),
        ("b", "roman.meta.exposure.nresultants", "7"),
    ] {
        let file = format!("new/{name}.asdf");
        let done = run(folder, &["set", &file, path, value]);
        assert_eq!(done.code, Some(0), "{}", done.err);
    }
}

#[test]
fn named_sets_leave_out_what_differs_from_run_to_run() {
    let folder = tempfile::tempdir().unwrap();
    runs(folder.path());
    let diff = |words: &[&str]| {
        run(
            folder.path(),
            &[&["diff", "old/a.asdf", "new/a.asdf"], words].concat(),
        )
    };
    assert_eq!(diff(&[]).code, Some(1));
    assert_eq!(diff(&["--ignore-set", "run"]).code, Some(0));
    assert_eq!(
        diff(&["--ignore-set", "dates,versions,identifiers"]).code,
        Some(0)
    );
    let done = diff(&["--ignore-set", "dates", "--ignore-set", "versions"]);
    assert_eq!(done.code, Some(1));
    assert!(
        done.out.starts_with("~ /roman/meta/filename"),
        "{}",
        done.out
    );
}

#[test]
fn numbers_of_a_difference_are_numbers() {
    let folder = tempfile::tempdir().unwrap();
    runs(folder.path());
    let done = run(
        folder.path(),
        &["diff", "old/b.asdf", "new/b.asdf", "--json"],
    );
    let found: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(
        found["differences"],
        json!([
            { "path": "/roman/meta/exposure/exposure_time", "kind": "value", "a": 107.52398, "b": 107.5 },
            { "path": "/roman/meta/exposure/nresultants", "kind": "value", "a": 6, "b": 7 },
        ])
    );
    run(
        folder.path(),
        &["set", "new/b.asdf", "roman.data[0, 1]", "2.5"],
    );
    run(
        folder.path(),
        &["set", "new/b.asdf", "roman.data[0, 2]", "nan"],
    );
    let done = run(
        folder.path(),
        &[
            "diff",
            "old/b.asdf",
            "new/b.asdf",
            "--json",
            "--ignore-set",
            "run",
        ],
    );
    let found: Value = serde_json::from_str(&done.out).unwrap();
    let elements = &found["differences"][2];
    assert_eq!(elements["first"]["b"], json!(2.5));
    assert!(elements["first"]["a"].is_f64(), "{elements}");
    assert_eq!(elements["differing"], 2);
}

#[test]
fn a_report_has_a_case_for_each_comparison() {
    let folder = tempfile::tempdir().unwrap();
    runs(folder.path());
    fs::write(folder.path().join("old/d.asdf"), "no such thing").unwrap();
    copy(ROMAN, &folder.path().join("new/d.asdf"));
    let words = [
        "diff",
        "old",
        "new",
        "--ignore-set",
        "run",
        "--junit",
        "report.xml",
    ];
    let done = run(folder.path(), &words);
    assert_eq!(done.code, Some(2), "{}", done.err);
    let text = fs::read_to_string(folder.path().join("report.xml")).unwrap();
    assert!(
        text.contains("<testsuite name=\"asdf diff\" tests=\"4\" failures=\"2\" errors=\"1\">"),
        "{text}"
    );
    assert!(text.contains("name=\"new/a.asdf\"/>"), "{text}");
    assert!(text.contains("<failure type=\"value\" message=\"value\">~ /roman/meta/exposure/exposure_time: 107.52398 → 107.5\n"), "{text}");
    assert!(text.contains("<failure type=\"only-in-b\""), "{text}");
    assert!(text.contains("<error type=\"malformed\""), "{text}");
    let again = run(folder.path(), &words);
    assert!(again.err.contains("--force overwrites it"), "{}", again.err);
    let own = run(
        folder.path(),
        &[
            "diff",
            "old/a.asdf",
            "new/a.asdf",
            "--junit",
            "new/a.asdf",
            "--force",
        ],
    );
    assert!(own.err.contains("would be written over"), "{}", own.err);
}
