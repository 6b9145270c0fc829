use super::*;
use crate::convert::{References, write_json};
use crate::file::FileNode;
use crate::file::{AsdfFile, OpenOptions};
use crate::tree::TreeEdit;
use std::path::{Path, PathBuf};

fn json_of(file: &AsdfFile) -> Result<String> {
    let at = FileNode {
        file,
        node: file.tree().root(),
    };
    let mut out = Vec::new();
    write_json(at, References::Keep, &mut out, file.limits())?;
    Ok(String::from_utf8(out).unwrap())
}

/// The YAML text of a document of tagged JSON.
fn yaml(json: &str) -> Result<String> {
    let mut edit = TreeEdit::new();
    let root = read_json(json, edit.nodes(), &Limits::default())?;
    edit.set("", root)?;
    edit.text(&Limits::default())
}

/// Tagged JSON of the YAML text of tagged JSON.
fn again(json: &str) -> String {
    let text = format!("#ASDF 1.0.0\n{}", yaml(json).unwrap());
    let file = OpenOptions::default().read_bytes(text.into_bytes(), "again");
    json_of(&file.unwrap()).unwrap()
}

fn message(json: &str) -> String {
    yaml(json).unwrap_err().to_string()
}

#[test]
fn every_form_comes_back_as_it_was() {
    for json in [
        "null",
        "[1,-2,9007199254740992,{\"$int\":\"-9007199254740993\"},0.1,1e+16,-0.0]",
        "[{\"$float\":\"nan\"},{\"$float\":\"inf\"},{\"$float\":\"-inf\"}]",
        "{\"a\":\"1\",\"b\":\"true\",\"c\":\"\",\"d\":\"2020-01-01\",\"e\":\"a\\nb\\u0007\",\"<<\":\"=\"}",
        "{\"$map\":[[2,2],[\"1\",3],[true,4],[null,{\"$map\":[[\"$int\",5]]}],[[1,2],6]]}",
        "{\"a\":{\"$tag\":\"tag:x.org:y/z-1.0.0\",\"$value\":\"5\"},\"b\":{\"$tag\":\"!l\",\"$value\":{\"k\":[]}}}",
        "{\"t\":{\"$timestamp\":\"2001-12-14T21:59:43.100000-05:00\"},\"d\":{\"$timestamp\":\"2002-12-14\"}}",
        "{\"b\":{\"$binary\":\"00ff10\"},\"e\":{\"$binary\":\"\"}}",
        "{\"o\":{\"$omap\":[[\"b\",1],[\"a\",[2]]]},\"s\":{\"$set\":[\"x\",1]},\"p\":[{\"$tuple\":[\"a\",1]},{\"$tuple\":[\"a\",2]}]}",
        "{\"a\":{\"b\":[1,{\"$recursive\":\"/a\"},{\"c\":{\"$recursive\":\"/a/b\"}}]},\"r\":{\"$recursive\":\"\"}}",
        "{\"$ref\":\"x.asdf#/a\",\"$other\":1}",
        "{\"$map\":[[1,{\"a~/\":{\"x\":{\"$recursive\":\"/1/a~0~1\"}}}]]}",
    ] {
        assert_eq!(again(json), json);
    }
}

#[test]
fn plain_json_of_others_is_read() {
    // json.dumps(json.loads(text)) in Python gives the same values.
    assert_eq!(
        again(" \u{feff}{ \"a\\u00e9\\ud83d\\ude00\" : [ 1E2, 1.50, -0, 123456789012345678901 ] }\r\n".trim_start()),
        "{\"aé😀\":[100.0,1.5,0,{\"$int\":\"123456789012345678901\"}]}"
    );
    assert_eq!(
        again("{\"$value\":[1],\"$tag\":\"!x\"}"),
        "{\"$tag\":\"!x\",\"$value\":[1]}"
    );
    assert_eq!(again("{\"$int\":\"007\"}"), "7");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (json, wanted) in [
        ("", "line 1, column 1: expected a value, the text ends"),
        (
            "[1,\n  2,]",
            "line 2, column 5: expected a value, found ']'",
        ),
        (
            "[1] x",
            "line 1, column 5: expected the end of the document, found 'x'",
        ),
        ("[01]", "line 1, column 2: `01` is not a JSON value"),
        ("[NaN]", "line 1, column 2: `NaN` is not a JSON value"),
        (
            "{\"é\":1,\"é\":2}",
            "line 1, column 8: the key \"é\" stands there twice",
        ),
        (
            "{a:1}",
            "line 1, column 2: expected a key in quotes, found 'a'",
        ),
        (
            "[\"a\nb\"]",
            "line 1, column 4: a control character in a string, escape it as \\u00XX",
        ),
        (
            "[\"\\ud800\"]",
            "line 1, column 2: bad string: unexpected end of hex escape",
        ),
        ("\"abc", "line 1, column 1: a string without an end"),
        ("\"abc\\", "line 1, column 1: a string without an end"),
        ("[1e400]", "line 1, column 2: 1e400 is beyond 64 bits"),
    ] {
        assert_eq!(message(json), wanted, "{json}");
    }
}

#[test]
fn a_form_that_is_not_whole_is_an_error() {
    for (json, wanted) in [
        ("{\"$int\":5}", "line 1, column 9: `$int` takes a string"),
        (
            "{\"$int\":\"0x5\"}",
            "line 1, column 9: \"0x5\" cannot be read as `$int`",
        ),
        (
            "{\"$timestamp\":\"2020-13-01\"}",
            "line 1, column 15: \"2020-13-01\" cannot be read as `$timestamp`",
        ),
        (
            "{\"a\":1,\"$int\":\"5\"}",
            "line 1, column 8: `$int` stands alone, a mapping with such a key is a `$map`",
        ),
        (
            "{\"$int\":\"5\",\"a\":1}",
            "line 1, column 13: `$int` stands alone, found the key \"a\" beside it",
        ),
        (
            "{\"$tag\":\"x\"}",
            "line 1, column 1: `$tag` and `$value` need each other",
        ),
        (
            "{\"$map\":[[1,2],[1,3]]}",
            "line 1, column 17: the key 1 stands there twice",
        ),
        (
            "{\"$tag\":\"x\",\"$value\":{\"$set\":[]}}",
            "line 1, column 22: a node has one tag, this has one already",
        ),
        (
            "{\"a\":[],\"b\":{\"$recursive\":\"/a\"}}",
            "line 1, column 27: `$recursive` names nothing around it: \"/a\"",
        ),
        (
            "[{\"$tuple\":[1,2]},3]",
            "line 1, column 19: a list with a `$tuple` has nothing else",
        ),
    ] {
        assert_eq!(message(json), wanted, "{json}");
    }
}

#[test]
fn depth_and_number_of_nodes_are_bounded() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(yaml(&deep).unwrap_err().is_limit());
    let deep = format!("{}{}", "[".repeat(1_001), "]".repeat(1_001));
    assert_eq!(
        message(&deep),
        "nesting depth of the tree would be 1001, limit `depth` is 1000"
    );
    let limits = Limits {
        nodes: 3,
        ..Limits::default()
    };
    let error = read_json("[1,2,3]", &mut Nodes::new(), &limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "number of JSON values would be 4, limit `nodes` is 3"
    );
}

fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|end| end == "asdf") {
            out.push(path);
        }
    }
}

#[test]
fn every_tree_at_hand_comes_back_byte_for_byte() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut paths = Vec::new();
    files(&root.join("test-data"), &mut paths);
    let corpus = std::env::var_os("ASDF_CORPUS")
        .map_or_else(|| root.join("../shared/corpus"), PathBuf::from);
    let own = paths.len();
    files(&corpus, &mut paths);
    if paths.len() == own {
        println!("no corpus at {}: only test-data is read", corpus.display());
    }
    let (mut count, mut failed) = (0, Vec::new());
    for path in paths {
        let small = std::fs::metadata(&path).is_ok_and(|data| data.len() < 8 << 20);
        let Some(file) = small.then(|| AsdfFile::open(&path).ok()).flatten() else {
            continue;
        };
        let limits = Limits {
            expanded_nodes: 200_000,
            ..Limits::default()
        };
        let at = FileNode {
            file: &file,
            node: file.tree().root(),
        };
        let mut out = Vec::new();
        if write_json(at, References::Keep, &mut out, &limits).is_err() {
            continue;
        }
        let json = String::from_utf8(out).unwrap();
        let round = yaml(&json).and_then(|text| {
            let text = format!("#ASDF 1.0.0\n{text}");
            json_of(&OpenOptions::default().read_bytes(text.into_bytes(), "again")?)
        });
        match round {
            Ok(round) if round == json => {}
            Ok(round) => failed.push(format!("{}: {json}\n    gave {round}", path.display())),
            Err(error) => failed.push(format!("{}: {error}", path.display())),
        }
        count += 1;
    }
    println!("{count} trees");
    assert!(
        failed.is_empty(),
        "{} of {count}:\n{}",
        failed.len(),
        failed.join("\n")
    );
    assert!(count > 10);
}
