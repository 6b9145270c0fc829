//! `set` and `rm` on arrays and shared nodes: what is refused, and what is told.

use crate::bench::{Done, asdf};
use std::fs;
use std::path::Path;

fn run(folder: &Path, arguments: &[&str]) -> Done {
    let mut run = asdf(arguments.first().copied().unwrap());
    run.command.args(arguments.get(1..).unwrap_or_default());
    run.command.current_dir(folder);
    run.run()
}

/// Two arrays with a block each, one of them at two paths, and a shared mapping.
fn make(folder: &Path) {
    let mut bytes = b"#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n\
a: &a !core/ndarray-1.1.0\n  source: 0\n  datatype: float32\n  byteorder: little\n  shape: [2, 3]\n\
same: *a\n\
b: !core/ndarray-1.1.0\n  source: 1\n  datatype: uint8\n  byteorder: little\n  shape: [4]\n\
m: &m {x: 1}\nn: *m\nlist: [1, 2]\n...\n"
        .to_vec();
    for data in [&[0_u8; 24][..], &[1, 2, 3, 4]] {
        bytes.extend(b"\xd3BLK\x00\x30\x00\x00\x00\x00\x00\x00\x00\x00");
        for _ in 0..3 {
            bytes.extend((data.len() as u64).to_be_bytes());
        }
        bytes.extend([0; 16]);
        bytes.extend(data);
    }
    fs::write(folder.join("t.asdf"), bytes).unwrap();
}

#[test]
fn elements_are_set_as_in_numpy_and_sharing_is_told() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    let done = run(folder.path(), &["set", "t.asdf", "a[:, 1]", "nan"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(
        done.err,
        "asdf: note: changes `/same` too, which has the same node or data\n"
    );
    let got = run(folder.path(), &["get", "t.asdf", "same", "--json"]).out;
    assert_eq!(
        got.trim(),
        r#"[[0.0,{"$float":"nan"},0.0],[0.0,{"$float":"nan"},0.0]]"#
    );
    let done = run(folder.path(), &["set", "t.asdf", "b[1:3]", "[7, 8]"]);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
    let done = run(folder.path(), &["set", "t.asdf", "b[0]", "9"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let got = run(folder.path(), &["get", "t.asdf", "b", "--json"]).out;
    assert_eq!(got.trim(), "[9,7,8,4]");
    let done = run(folder.path(), &["set", "t.asdf", "n/x", "2"]);
    assert_eq!(
        (done.code, done.err.as_str()),
        (
            Some(0),
            "asdf: note: changes `/m/x` too, which has the same node or data\n"
        )
    );
    let done = run(folder.path(), &["rm", "t.asdf", "m/x", "-q"]);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
}

#[test]
fn what_would_lose_an_array_or_a_value_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    let path = folder.path().join("t.asdf");
    let before = fs::read(&path).unwrap();
    let array = "!core/ndarray-1.1.0 {source: 5, datatype: int8, byteorder: little, shape: [1]}";
    for (arguments, why) in [
        (&["a/source", "7"][..], "`/a`"),
        (&["a/shape", "[300]"], "`/a`"),
        (&["a/datatype", "nothing"], "`/a`"),
        (&["new", array, "--type", "yaml"], "`/new`"),
        (&["b[0]", "nan"], "uint8"),
        (&["b[0]", "256"], "uint8"),
        (&["b[4]", "1"], "axis 0"),
        (&["b[0:9]", "1"], "axis 0"),
        (&["b[0:2]", "[1, 2, 3]"], "expected"),
        (&["list/9", "1"], "after its end"),
        (&["missing/0", "1"], "no list"),
        (
            &["m", "{1: a, true: b}", "--type", "yaml", "--replace"],
            "Python",
        ),
        (&["list[0:2]", "1"], "names 2 nodes"),
    ] {
        let arguments = [&["set", "t.asdf", "--no-validate"], arguments].concat();
        let done = run(folder.path(), &arguments);
        assert_eq!(done.code, Some(2), "{arguments:?}: {done:?}");
        assert!(done.err.contains(why), "{arguments:?}: {done:?}");
        assert_eq!(fs::read(&path).unwrap(), before, "{arguments:?}");
    }
}

/// A value as JSON, after it has been set.
fn set_and_get(folder: &Path, path: &str, value: &str) -> String {
    let done = run(folder, &["set", "t.asdf", path, value, "--replace", "-q"]);
    assert_eq!(done.code, Some(0), "{path} {value}: {done:?}");
    run(folder, &["get", "t.asdf", path, "--json"]).out
}

#[test]
fn numbers_are_those_of_json_wherever_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    let at = folder.path();
    assert_eq!(
        set_and_get(at, "list", "[1e-5, 1e3, \"1e3\", true]"),
        "[1e-05,1000.0,\"1e3\",true]\n"
    );
    assert_eq!(set_and_get(at, "m.x", "inf"), "{\"$float\":\"inf\"}\n");
    assert_eq!(set_and_get(at, "m.x", "nan"), "{\"$float\":\"nan\"}\n");
    assert_eq!(set_and_get(at, "m.x", "[OIII] 5007"), "\"[OIII] 5007\"\n");
    for (value, said) in [
        ("1e400", "is not a number of 64 bits"),
        ("[1, 1e400]", "is not a number of 64 bits"),
        ("{x", "--type str writes it as text"),
        ("[1, {]", "--type str writes it as text"),
    ] {
        let done = run(at, &["set", "t.asdf", "m.x", value]);
        assert_eq!(done.code, Some(2), "{value}");
        assert!(done.err.contains(said), "{}", done.err);
    }
}

#[test]
fn slices_with_steps_may_end_anywhere_and_pointers_may_have_brackets() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    let at = folder.path();
    for slice in [
        "b[::3]", "b[0:4:3]", "b[3:4:2]", "b[::10]", "/b[1]", "b[::-3]",
    ] {
        assert_eq!(
            run(at, &["set", "t.asdf", slice, "9"]).code,
            Some(0),
            "{slice}"
        );
    }
    // numpy: 1 2 3 4 with positions 0 and 3, 3, 0, 1, and 3 and 0 set.
    assert_eq!(
        run(at, &["get", "t.asdf", "b", "--json"]).out,
        "[9,9,3,9]\n"
    );
    assert_eq!(run(at, &["get", "t.asdf", "/list[1]"]).out, "2\n");
    let done = run(at, &["set", "t.asdf", "b[0]", "5", "--unit", "m"]);
    assert_eq!(done.code, Some(2), "{done:?}");
}

#[test]
fn a_moment_stays_one_and_a_tag_that_goes_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let text = "#ASDF 1.0.0\n%YAML 1.1\n---\nts: 2021-05-06 07:08:09\nq: !<tag:a.org:b-1.0.0> {a: 1}\n...\n";
    fs::write(folder.path().join("t.asdf"), text).unwrap();
    let at = folder.path();
    run(at, &["set", "t.asdf", "ts", "2022-01-01 00:00:00"]);
    let found = run(at, &["get", "t.asdf", "ts", "--json"]).out;
    assert!(found.contains("$timestamp"), "{found}");
    let done = run(at, &["set", "t.asdf", "q", "{a: 2}", "--replace"]);
    assert!(done.err.contains("has no tag any more"), "{}", done.err);
    let mut edit = asdf("edit t.asdf");
    edit.command.current_dir(at).env("EDITOR", "truncate -s 0");
    let done = edit.run();
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(
        done.err.contains("the edited text is empty"),
        "{}",
        done.err
    );
}

#[test]
fn cards_are_named_alike_in_all_commands() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let name = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../test-data/fits/embedded/product.fits"
    );
    fs::copy(name, at.join("p.fits")).unwrap();
    assert_eq!(run(at, &["get", "p.fits", "SCI:BITPIX"]).out, "-32\n");
    assert_eq!(run(at, &["get", "p.fits", "NOPE:BITPIX"]).code, Some(2));
    for (path, said) in [("0:EXP.TIME", "is no keyword"), ("0:", "is no keyword")] {
        let done = run(at, &["set", "p.fits", path, "5"]);
        assert_eq!(done.code, Some(2), "{path}");
        assert!(done.err.contains(said), "{}", done.err);
    }
    let done = run(at, &["rm", "p.fits", "dq"]);
    assert!(done.err.contains("stays in the HDU DQ"), "{}", done.err);
    let done = run(at, &["set", "p.fits", "SCI:BUNIT", "Jy", "--unit", "s"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("--comment '[s]"), "{}", done.err);
}
