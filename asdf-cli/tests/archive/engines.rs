//! The queries of `docs/catalogue.md`, by the engines that they are for: in the Python that `ASDF_ENGINES` names, skipped with a word where
//! that has not got the package.

use crate::bench::{done, night, run, workspace};
use std::path::Path;
use std::process::Command;

/// The code of the page after a mark.
fn recipe(name: &str) -> String {
    let page = std::fs::read_to_string(workspace().join("docs/catalogue.md")).unwrap();
    let (_, rest) = page
        .split_once(&format!("<!-- test: {name} -->\n```"))
        .unwrap();
    let (_, code) = rest.split_once('\n').unwrap();
    code.split_once("```").unwrap().0.trim().to_owned()
}

/// What a Python program prints; `None` where a package is not there.
fn python(at: &Path, package: &str, code: &str) -> Option<String> {
    let python = std::env::var("ASDF_ENGINES").unwrap_or_else(|_| "python3".to_owned());
    let has = Command::new(&python)
        .args(["-c", &format!("import {package}")])
        .output();
    if !has.is_ok_and(|output| output.status.success()) {
        assert!(
            std::env::var_os("ASDF_REQUIRE_ENGINES").is_none(),
            "no Python package {package}"
        );
        eprintln!("skipped: no Python package {package}");
        return None;
    }
    let output = Command::new(&python)
        .args(["-c", code])
        .current_dir(at)
        .output()
        .unwrap();
    let done = done(output);
    assert_eq!(done.code, Some(0), "{}", done.err);
    Some(done.out.trim().to_owned())
}

#[test]
fn the_queries_of_the_page_have_the_same_count() {
    let folder = night(6);
    let at = folder.path();
    run(at, &["index", "night", "-o", "catalogue"]);
    // The exposure times are 100, 101, ... 105.
    let shell = recipe("asdf");
    let words = shell.strip_prefix("asdf ").unwrap();
    let (before, rest) = words.split_once('\'').unwrap();
    let (condition, after) = rest.split_once('\'').unwrap();
    let arguments: Vec<&str> = before
        .split_whitespace()
        .chain([condition])
        .chain(after.split_whitespace())
        .collect();
    let own = run(at, &arguments);
    assert_eq!(own.out.lines().count(), 5, "{}", own.err);
    let sql = recipe("duckdb");
    let code = format!("import duckdb; print(duckdb.sql('''{sql}''').fetchall()[0][0])");
    let found = [
        python(at, "duckdb", &code),
        python(at, "polars", &format!("{}\nprint(count)", recipe("polars"))),
        python(
            at,
            "pyarrow",
            &format!("{}\nprint(count)", recipe("pyarrow")),
        ),
    ];
    for count in found.into_iter().flatten() {
        assert_eq!(count, "5");
    }
}

#[test]
fn units_and_types_are_seen_by_pyarrow() {
    let folder = night(1);
    let at = folder.path();
    run(at, &["index", "night/r0000.asdf", "-o", "catalogue"]);
    let code = "
import pyarrow.dataset as d
schema = d.dataset('catalogue/files').schema
print(schema.field('s_ra').metadata[b'unit'].decode(), schema.field('_healpix_29').type, schema.field('healpix_cells').type.value_type,
      schema.field('m.roman.meta.exposure.start_time').type, schema.field('m.roman.meta.exposure.hga_move').type)
arrays = d.dataset('catalogue/arrays').to_table(filter=d.field('path') == '/roman/data').to_pylist()
print(arrays[0]['shape'], arrays[0]['codec'], arrays[0]['datatype'], len(arrays[0]['checksum']))
";
    if let Some(out) = python(at, "pyarrow", code) {
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(
            lines,
            [
                "deg int64 int64 timestamp[us, tz=UTC] bool",
                "[64, 64] lz4 float32 16"
            ]
        );
    }
}
