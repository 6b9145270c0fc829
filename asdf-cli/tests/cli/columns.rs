//! What is a column of `asdf table`, and how its values are compared.

use crate::many::run;
use std::fs;
use std::path::Path;

/// A file with such a tree.
fn file(folder: &Path, name: &str, tree: &str) {
    let text = format!(
        "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n{tree}\n...\n"
    );
    fs::write(folder.join(name), text).unwrap();
}

fn quantity(value: &str, unit: &str) -> String {
    format!("!unit/quantity-1.2.0 {{unit: !unit/unit-1.0.0 {unit}, value: {value}}}")
}

/// The rows as CSV without headings, and what is told.
fn rows(folder: &Path, words: &[&str]) -> (String, String) {
    let done = run(folder, &[&["table", "--to", "csv"], words].concat());
    let rows = done.out.split_once('\n').map_or("", |(_, rows)| rows);
    (rows.replace('\n', " ").trim().to_owned(), done.err)
}

#[test]
fn a_wildcard_finds_quantities_and_not_the_inside_of_arrays() {
    let folder = tempfile::tempdir().unwrap();
    let tree = format!(
        "m: {{i: 1, q: {}, a: !core/ndarray-1.1.0 [1, 2]}}\n\"*\": 7\n\"**\": 8",
        quantity("2.5", "m")
    );
    file(folder.path(), "a.asdf", &tree);
    for (keys, heading, row) in [
        ("m.*", "/m/i,/m/q", "1,2.5"),
        ("m.**", "/m/i,/m/q", "1,2.5"),
        ("m.q.*", "/m/q/unit,/m/q/value", "m,2.5"),
        (
            "[\"*\"],[\"**\"]",
            "\"[\"\"*\"\"]\",\"[\"\"**\"\"]\"",
            "7,8",
        ),
        ("/m/i,m.i*,m.*", "/m/i,/m/q", "1,2.5"),
        ("m.i,m.*", "m.i,/m/q", "1,2.5"),
        ("z=m.i*", "z", "1"),
    ] {
        let done = run(
            folder.path(),
            &["table", "--to", "csv", "-k", keys, "a.asdf"],
        );
        assert_eq!(
            done.out,
            format!("file,{heading}\na.asdf,{row}\n"),
            "{keys}: {}",
            done.err
        );
    }
    for words in [
        ["-k", "z=m.*", "a.asdf", "-q"].as_slice(),
        &["-k", "m.i", "--where", "`m.*` > 0", "a.asdf"],
    ] {
        let done = run(folder.path(), &[&["table"], words].concat());
        assert_eq!(done.code, Some(2), "{done:?}");
        assert!(
            done.err.contains("several nodes for it: /m/i, /m/q"),
            "{}",
            done.err
        );
    }
}

/// The same kind of value in all its spellings, in files of their own.
fn moments(folder: &Path) {
    for (name, time) in [
        ("a", "2020-01-02T05:00:00+09:00"),
        ("b", "2020-01-01T22:00:00Z"),
        ("c", "2020-01-01T21:00:00"),
        ("d", "!time/time-1.4.0 2020-01-01T23:00:00.000"),
        (
            "e",
            "!time/time-1.4.0 {value: \"2020-01-01T20:30:37\", scale: tai, base_format: isot}",
        ),
        (
            "f",
            "!time/time-1.4.0 {value: 58850.5, format: mjd, scale: utc}",
        ),
        ("g", "\"2020-01-01 20:15:00.000\""),
    ] {
        file(folder, &format!("{name}.asdf"), &format!("t: {time}"));
    }
}

/// The order of the moments is that of `astropy.time.Time(...).utc`.
#[test]
fn times_are_compared_and_sorted_as_moments() {
    let folder = tempfile::tempdir().unwrap();
    moments(folder.path());
    let names = |words: &[&str]| {
        let words = [&["table", "--urls"], words, &["."]].concat();
        let done = run(folder.path(), &words);
        assert_eq!(done.err, "", "{words:?}");
        let names = done
            .out
            .lines()
            .map(|name| name.replace("./", "").replace(".asdf", ""));
        names.collect::<String>()
    };
    assert_eq!(names(&["--sort", "t"]), "agecbdf");
    assert_eq!(names(&["--sort=-t"]), "fdbcega");
    assert_eq!(names(&["--where", "t > \"2020-01-01T22:00:00\""]), "df");
    assert_eq!(
        names(&["--where", "t >= \"2020-01-01T22:00:00.000\""]),
        "bdf"
    );
    assert_eq!(names(&["--where", "t == \"2020-01-01T20:00:00Z\""]), "a");
    assert_eq!(names(&["--where", "t == \"2020-01-01T20:30:37\""]), "e");
    assert_eq!(names(&["--where", "t == \"2020-01-02T12:00\""]), "f");
    assert_eq!(names(&["--where", "t < \"2020-01-02\""]), "abcdeg");
    file(
        folder.path(),
        "z.asdf",
        "u: 2020-01-02T05:00:00+09:00\nv: 2020-01-01T20:00:00Z",
    );
    assert_eq!(names(&["--where", "u == v"]), "z");
    let found = run(
        folder.path(),
        &[
            "search",
            "-l",
            "-e",
            "^t$",
            "--where",
            "t > \"2020-01-01T22:30:00\"",
            ".",
        ],
    );
    assert_eq!(found.out, "./d.asdf\n./f.asdf\n", "{}", found.err);
}

#[test]
fn units_convert_and_those_that_are_mixed_are_told() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value, unit) in [
        ("a", "1.5", "m"),
        ("b", "2.5", "km"),
        ("c", "1", "s"),
        ("d", "250", "cm"),
    ] {
        file(
            folder.path(),
            &format!("{name}.asdf"),
            &format!("q: {}", quantity(value, unit)),
        );
    }
    let asked = |condition: &str, files: &[&str]| {
        rows(
            folder.path(),
            &[&["-q", "-k", "x=none", "--where", condition], files].concat(),
        )
    };
    let all = ["a.asdf", "b.asdf", "c.asdf", "d.asdf"];
    let lengths = ["a.asdf", "b.asdf", "d.asdf"];
    assert_eq!(asked("q > \"2 m\"", &lengths).0, "b.asdf, d.asdf,");
    assert_eq!(asked("q == \"2.5 m\"", &lengths).0, "d.asdf,");
    assert_eq!(
        asked("q in [\"0.0025 km\", \"150 cm\"]", &lengths).0,
        "a.asdf, d.asdf,"
    );
    assert_eq!(asked("\"2000 m\" <= q", &all).0, "b.asdf,");
    assert_eq!(asked("q > 1", &["a.asdf"]).0, "a.asdf,");
    let told = |condition: &str| {
        let words = ["table", "--urls", "--where", condition, "."];
        run(folder.path(), &words).err
    };
    assert_eq!(
        told("q > 1"),
        "asdf: warning: q has several units (cm, km, m, s), and its numbers are compared as they stand; a text such as \"2 m\" converts\n"
    );
    let sorted = run(folder.path(), &["table", "-k", "q", "--sort", "-q", "."]);
    assert!(
        sorted.err.contains(
            "q has several units (cm, km, m, s), and its numbers are sorted as they stand"
        ),
        "{sorted:?}"
    );
    let found = run(folder.path(), &["search", "-l", "--where", "q > 1", "."]);
    assert!(
        found.err.contains(
            "q has several units (cm, km, m, s), and its numbers are compared as they stand"
        ),
        "{found:?}"
    );
    assert_eq!(
        told("q > \"2 m\""),
        "asdf: warning: q has the unit `s`, into which `m` does not convert: such values fit no comparison\n"
    );
}
