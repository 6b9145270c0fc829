//! `asdf check --id`: what makes two files the same.

use crate::check::failed;
use crate::many::run;
use std::fs;
use std::path::Path;

/// A file whose tree has this at `id`.
fn with_id(folder: &Path, name: &str, id: &str) {
    let text = format!(
        "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\nname: {name}\nid: {id}\n...\n"
    );
    fs::write(folder.join(name), text).unwrap();
}

#[test]
fn identities_are_what_nodes_are_and_not_what_they_look_like() {
    let quantity =
        |value: &str| format!("!unit/quantity-1.2.0 {{unit: !unit/unit-1.0.0 m, value: {value}}}");
    let array = |type_name: &str, values: &str| {
        format!("!core/ndarray-1.1.0 {{data: {values}, datatype: {type_name}}}")
    };
    for (a, b, is_same) in [
        (quantity("1.5"), quantity("2.5"), false),
        (quantity("1.5"), quantity("1.5"), true),
        ("[1, 2, 3]".into(), "[1, 2, 4]".into(), false),
        ("[1, 2]".into(), "[2, 1]".into(), false),
        ("{a: 1, b: 2}".into(), "{b: 2, a: 1}".into(), true),
        ("{a: 1}".into(), "{a: \"1\"}".into(), false),
        (array("int16", "[1, 2]"), array("int16", "[1, 3]"), false),
        (array("int16", "[1, 2]"), array("int16", "[1, 2]"), true),
        (array("int16", "[1, 2]"), array("int32", "[1, 2]"), false),
        ("1".into(), "1.0".into(), true),
        ("1".into(), "\"1\"".into(), false),
        ("-0.0".into(), "0".into(), true),
    ] {
        let folder = tempfile::tempdir().unwrap();
        with_id(folder.path(), "a.asdf", &a);
        with_id(folder.path(), "b.asdf", &b);
        let done = run(folder.path(), &["check", ".", "--id", "id", "--jsonl"]);
        let wanted = if is_same {
            vec![(
                "./b.asdf".to_owned(),
                vec![("duplicate".to_owned(), "/id".to_owned())],
            )]
        } else {
            Vec::new()
        };
        assert_eq!(failed(&done.out), wanted, "{a} {b}");
    }
    let folder = tempfile::tempdir().unwrap();
    with_id(folder.path(), "a.asdf", "1");
    let done = run(
        folder.path(),
        &["check", ".", "--id", "meta.name", "--jsonl"],
    );
    let wanted = [("missing-path".to_owned(), "/meta/name".to_owned())];
    assert_eq!(failed(&done.out)[0].1, wanted);
}
