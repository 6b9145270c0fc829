use super::*;
use crate::array::Scalar;
use crate::convert::read_json;
use crate::file::{AsdfFile, OpenOptions};
use crate::limits::Limits;
use crate::tree::TreeEdit;
use std::path::{Path, PathBuf};

fn open(node: &str) -> AsdfFile {
    let text = format!(
        "#ASDF 1.0.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n---\na: !core/ndarray-1.1.0\n{node}...\n"
    );
    OpenOptions::default()
        .read_bytes(text.into_bytes(), "test")
        .unwrap()
}

fn node(data: &str, datatype: &str, shape: &str) -> String {
    format!("  data: {data}\n  datatype: {datatype}\n  shape: {shape}\n")
}

fn yaml_of(array: &ArrayRef<'_>) -> Result<String> {
    let mut out = Vec::new();
    write_inline_yaml(array, &mut out, 4)?;
    Ok(String::from_utf8(out).unwrap())
}

fn json_of(array: &ArrayRef<'_>) -> String {
    let mut out = Vec::new();
    write_inline_json(array, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn yaml(data: &str, datatype: &str, shape: &str) -> String {
    yaml_of(&open(&node(data, datatype, shape)).array("a").unwrap()).unwrap()
}

/// Elements in little-endian bytes and the mask.
fn contents(array: &ArrayRef<'_>) -> Contents {
    let (mut bytes, mut masks) = (Vec::new(), Vec::new());
    array
        .stream_masked_le(&mut |piece, mask| {
            bytes.extend_from_slice(piece);
            masks.extend_from_slice(mask);
            Ok(())
        })
        .unwrap();
    if !masks.contains(&true) {
        masks.clear();
    }
    (bytes, masks)
}

fn nodes_text(array: &ArrayRef<'_>) -> String {
    let mut edit = TreeEdit::new();
    let data = crate::array::inline_nodes(array, edit.nodes()).unwrap();
    edit.set("data", data).unwrap();
    edit.text(&Limits::default()).unwrap()
}

fn json_text(array: &ArrayRef<'_>) -> String {
    let mut edit = TreeEdit::new();
    let data = read_json(&json_of(array), edit.nodes(), &Limits::default()).unwrap();
    edit.set("data", data).unwrap();
    edit.text(&Limits::default()).unwrap()
}

/// Reads data back that stands under `data` of a document, with datatype and shape of the original.
fn reread(document: &str, array: &ArrayRef<'_>) -> Contents {
    let rest = format!(
        "datatype: {}\nshape: {:?}\nbyteorder: little\n",
        array.datatype().to_json(),
        array.shape()
    );
    let text = document.replacen("--- !core/asdf-1.1.0", "--- !core/ndarray-1.1.0", 1);
    let text = format!(
        "#ASDF 1.0.0\n{}",
        text.replacen("...\n", &format!("{rest}...\n"), 1)
    );
    let file = OpenOptions::default()
        .read_bytes(text.into_bytes(), "again")
        .unwrap();
    contents(&file.array("").unwrap())
}

/// Elements and their mask.
type Contents = (Vec<u8>, Vec<bool>);

fn all_ways(array: &ArrayRef<'_>) -> Vec<(&'static str, Contents)> {
    let head = "%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n";
    let yaml = format!("{head}data: {}\n...\n", yaml_of(array).unwrap());
    let mut ways = vec![
        ("yaml", reread(&yaml, array)),
        ("json", reread(&json_text(array), array)),
    ];
    // As nodes the elements go without their mask, which stands beside them.
    if array.load().unwrap().mask().is_none() {
        ways.push(("nodes", reread(&nodes_text(array), array)));
    }
    ways
}

#[test]
fn numbers_are_written_in_digits_that_read_back() {
    // repr() of the values as numpy.float32, also of those of 16 bits.
    assert_eq!(
        yaml(
            "[0.1, 1.0e+16, 3.4028234663852886e+38, .nan, -.inf, -0.0]",
            "float32",
            "[6]"
        ),
        "[0.1, 1.0e+16, 3.4028235e+38, .nan, -.inf, -0.0]"
    );
    assert_eq!(
        yaml("[0.1, 5.960464477539063e-08, 65504]", "float16", "[3]"),
        "[0.099975586, 5.9604645e-08, 65504.0]"
    );
    assert_eq!(
        yaml("[18446744073709551615, 9007199254740993]", "uint64", "[2]"),
        "[18446744073709551615, 9007199254740993]"
    );
    assert_eq!(yaml("[1.0e+22, 0.1]", "float64", "[2]"), "[1.0e+22, 0.1]");
    assert_eq!(yaml("[true, false]", "bool8", "[2]"), "[true, false]");
    assert_eq!(
        yaml("[!core/complex-1.0.0 1.5-0j]", "complex64", "[1]"),
        "[!<tag:stsci.edu:asdf/core/complex-1.0.0> 1.5-0.0j]"
    );
}

#[test]
fn shapes_masks_records_and_text_have_their_form() {
    assert_eq!(
        yaml("[[1, null], [3, 4]]", "int8", "[2, 2]"),
        "[[1, null], [3, 4]]"
    );
    assert_eq!(yaml("[]", "int8", "[0, 3]"), "[]");
    assert_eq!(yaml("[[], []]", "int8", "[2, 0, 3]"), "[[], []]");
    assert_eq!(yaml("5", "int8", "[]"), "5");
    assert_eq!(yaml("['', '']", "[ascii, 0]", "[2]"), "[\"\", \"\"]");
    assert_eq!(
        yaml("[\"a\\0b\", 'é\"']", "[ucs4, 3]", "[2]"),
        "[\"a\\x00b\", \"é\\\"\"]"
    );
    let record = "[{name: x, datatype: int16}, {name: y, datatype: float32, shape: [2]}]";
    assert_eq!(
        yaml("[[1, [2.5, 3]], null]", record, "[2]"),
        "[[1, [2.5, 3.0]], null]"
    );
    let file = open(&node("[1, null, 9007199254740993, .inf]", "float64", "[4]"));
    assert_eq!(
        json_of(&file.array("a").unwrap()),
        "[1.0,null,9007199254740992.0,{\"$float\":\"inf\"}]"
    );
}

#[test]
fn lines_are_broken_at_80_columns() {
    let items: Vec<String> = (10_000..10_100).map(|item| item.to_string()).collect();
    let text = yaml(&format!("[{}]", items.join(", ")), "int32", "[100]");
    let mut lines = text.lines();
    assert_eq!(lines.next().map(str::len), Some(70));
    assert_eq!(
        lines
            .next()
            .map(|line| (line.starts_with("    100"), line.len())),
        Some((true, 80))
    );
    assert!(lines.all(|line| line.len() <= 80));
    assert_eq!(
        yaml_of(&open(&node(&text, "int32", "[100]")).array("a").unwrap()).unwrap(),
        text
    );
}

#[test]
fn every_way_gives_the_same_elements() {
    for (data, datatype, shape) in [
        ("[[1, null, 3], [4, 5, 255]]", "uint8", "[2, 3]"),
        ("[.nan, -.inf, 0.1, 1.0e-45, null]", "float32", "[5]"),
        (
            "[-9223372036854775808, 9223372036854775807]",
            "int64",
            "[2]",
        ),
        (
            "[!core/complex-1.0.0 nan-infj, !core/complex-1.0.0 1+0.1j]",
            "complex128",
            "[2]",
        ),
        (
            "['true', '1', '- a: b', \"x\\ny\\u2028\", '']",
            "[ucs4, 6]",
            "[5]",
        ),
        ("['null', '~ #', \"\\t\"]", "[ascii, 5]", "[3]"),
        (
            "[[1, [[1.5, a], [2.5, b]]]]",
            "[int8, {datatype: [float16, [ascii, 1]], shape: [2]}]",
            "[1]",
        ),
        ("[]", "int8", "[0, 3]"),
        ("7", "float16", "[]"),
    ] {
        let file = open(&node(data, datatype, shape));
        let array = file.array("a").unwrap();
        for (way, found) in all_ways(&array) {
            assert_eq!(found, contents(&array), "{way}: {data}");
        }
    }
}

#[test]
fn text_that_yaml_cannot_hold_is_an_error() {
    let head = "#ASDF 1.0.0\n%YAML 1.1\n---\na: !<tag:stsci.edu:asdf/core/ndarray-1.1.0> {source: 0, byteorder: little, shape: [1]";
    let file = |datatype: &str, data: &[u8]| {
        let mut bytes = format!("{head}, datatype: {datatype}}}\n...\n").into_bytes();
        bytes.extend(b"\xd3BLK\0\x30\0\0\0\0\0\0\0\0");
        for _ in 0..3 {
            bytes.extend((data.len() as u64).to_be_bytes());
        }
        bytes.extend([0; 16]);
        bytes.extend(data);
        OpenOptions::default().read_bytes(bytes, "test").unwrap()
    };
    let ascii = file("[ascii, 2]", b"a\xe9");
    assert_eq!(
        yaml_of(&ascii.array("a").unwrap())
            .unwrap_err()
            .kind()
            .to_string(),
        "an inline array cannot hold ascii text with bytes beyond 127: \"a\\\\xe9\""
    );
    let ucs4 = file("[ucs4, 1]", &[0, 0xd8, 0, 0]);
    assert_eq!(
        yaml_of(&ucs4.array("a").unwrap())
            .unwrap_err()
            .kind()
            .to_string(),
        "an inline array cannot hold the lone surrogate 0xd800"
    );
}

#[test]
fn lists_without_elements_are_bounded() {
    let none = "[{name: x, datatype: int8}, {name: y, datatype: int8, shape: [1000000000000, 0]}]";
    // The data is not looked at before the limit is.
    let file = open(&node("[]", none, "[0]"));
    assert_eq!(yaml_of(&file.array("a").unwrap()).unwrap(), "[]");
    let small = "[{name: x, datatype: int8}, {name: y, datatype: int8, shape: [2, 0]}]";
    assert_eq!(yaml("[[1, [[], []]]]", small, "[1]"), "[[1, [[], []]]]");
    let file = open(&node("[[1, []]]", none, "[1]"));
    let error = yaml_of(&file.array("a").unwrap()).unwrap_err();
    assert!(error.is_limit(), "{error}");
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
fn arrays_at_hand_come_back_as_they_were() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut paths = Vec::new();
    files(&root.join("test-data/made"), &mut paths);
    let corpus = std::env::var_os("ASDF_CORPUS")
        .map_or_else(|| root.join("../shared/corpus"), PathBuf::from);
    if !corpus.is_dir() {
        println!("no corpus at {}: only test-data is read", corpus.display());
    }
    files(&corpus.join("generated"), &mut paths);
    let mut count = 0;
    for path in paths {
        let Ok(file) = AsdfFile::open(&path) else {
            continue;
        };
        for (place, node) in file.arrays().unwrap_or_default() {
            let Some(array) = file
                .array_at(node)
                .ok()
                .filter(|array| array.byte_len() < 1 << 14)
            else {
                continue;
            };
            // NaN payloads and text beyond ASCII have no form in a tree.
            if array.load().is_err() || yaml_of(&array).is_err() {
                continue;
            }
            let known = contents(&array);
            for (way, found) in all_ways(&array) {
                assert_eq!(found.1, known.1, "{way}: {}{place}", path.display());
                // A text has one `true`, whatever the byte was.
                let bools = array.datatype().scalar() == Some(Scalar::Bool8);
                let lossy = bools || found.1.contains(&true) || has_nan(&array);
                let same = found.0 == known.0 || lossy;
                assert!(same, "{way}: {}{place}", path.display());
            }
            count += 1;
        }
    }
    println!("{count} arrays");
    assert!(count > 10);
}

fn has_nan(array: &ArrayRef<'_>) -> bool {
    yaml_of(array).is_ok_and(|text| text.contains("nan"))
}
