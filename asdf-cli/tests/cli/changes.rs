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
