//! Array nodes made to cost more than they are: refused at once, and never a panic.
#![expect(clippy::unwrap_used, reason = "a test")]

use asdf_core::{AsdfFile, Error, OpenOptions};
use std::fmt::Write;
use std::io;

fn open(node: &str) -> AsdfFile {
    let text = format!(
        "#ASDF 1.0.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n{node}\n...\n"
    );
    let mut bytes = text.into_bytes();
    bytes.extend(b"\xd3BLK\0\x30\0\0\0\0\0\0\0\0");
    bytes.extend(
        [
            64_u64.to_be_bytes(),
            64_u64.to_be_bytes(),
            64_u64.to_be_bytes(),
        ]
        .concat(),
    );
    bytes.extend([0; 16]);
    bytes.extend(0..64);
    OpenOptions::default()
        .read_bytes(bytes, "made.asdf")
        .unwrap()
}

/// Everything that can be asked of the array `a`.
fn read(node: &str) -> Result<(), Error> {
    let file = open(node);
    let array = file.array("a")?;
    array.digest()?;
    array.mask_digest()?;
    array.stats()?;
    let data = array.load()?;
    data.summary(80);
    data.write_json(&mut io::sink())
}

/// Lists of ten, each made of ten times the one before: ten to the power of `levels` values.
fn laughs(innermost: &str, levels: u32) -> String {
    let mut out = "x:\n".to_owned();
    for level in 0..levels {
        let item = if level == 0 {
            innermost.to_owned()
        } else {
            format!("*l{}", level - 1)
        };
        let items = vec![item; 10].join(", ");
        let _ = writeln!(out, "- &l{level} [{items}]");
    }
    out
}

fn is_limit(node: &str) -> bool {
    read(node).is_err_and(|error| error.is_limit())
}

#[test]
fn an_inline_array_of_shared_lists_is_refused() {
    let bomb = |innermost| {
        format!(
            "{}a: !core/ndarray-1.1.0 {{data: *l11}}",
            laughs(innermost, 12)
        )
    };
    assert!(is_limit(&bomb("1")));
    assert!(is_limit(&bomb("[]")));
    assert!(is_limit(&bomb("text")));
    let small = format!("{}a: !core/ndarray-1.1.0 {{data: *l2}}", laughs("1", 3));
    assert!(read(&small).is_ok());
}

#[test]
fn long_text_shared_by_many_elements_is_refused() {
    let long = format!("&t {}", "x".repeat(1 << 20));
    let mut node = format!("x: {long}\n{}", laughs("*t", 6).replace("x:\n", "y:\n"));
    node.push_str("a: !core/ndarray-1.1.0 {data: *l5}");
    assert!(is_limit(&node));
}

#[test]
fn a_datatype_of_shared_fields_is_refused() {
    let field = "{datatype: int8}";
    let node = laughs(field, 12).replace("*l", "datatype: *l");
    let node = node
        .replace("[datatype", "[{datatype")
        .replace(", datatype", "}, {datatype")
        .replace("]\n", "}]\n");
    let node = node.replace("{datatype: int8}}]", "{datatype: int8}]");
    let node = format!(
        "{node}a: !core/ndarray-1.1.0 {{source: 0, byteorder: big, shape: [0], datatype: *l11}}"
    );
    assert!(is_limit(&node));
}

#[test]
fn a_huge_sub_array_costs_nothing() {
    let with = |inner: &str, shape: &str| {
        read(&format!(
            "a: !core/ndarray-1.1.0 {{source: 0, byteorder: big, shape: [0], datatype: [{{datatype: {inner}, shape: {shape}}}]}}"
        ))
    };
    assert!(with("int16", "[1000000000]").is_ok());
    assert!(with("[{datatype: int16}, {datatype: int8}]", "[1000000000]").is_err());
    assert!(with("[ascii, 0]", "[1000000000, 1000000000]").is_err());
}

#[test]
fn elements_without_a_byte_are_not_walked_for_ever() {
    let with = |shape: &str| {
        read(&format!(
            "a: !core/ndarray-1.1.0 {{source: 0, byteorder: big, shape: {shape}, datatype: [ascii, 0]}}"
        ))
    };
    assert!(with("[3]").is_ok());
    assert!(with("[1000000000000000000]").is_err());
}

#[test]
fn a_mask_that_leads_back_to_its_array_is_refused() {
    let own = "a: &a !core/ndarray-1.1.0 {source: 0, byteorder: big, shape: [4], datatype: uint8, mask: *a}";
    assert!(read(own).is_err());
    let other = "a: &a !core/ndarray-1.1.0 {source: 0, byteorder: big, shape: [4], datatype: uint8, mask: \
                 &b !core/ndarray-1.1.0 {source: 0, byteorder: big, shape: [4], datatype: uint8, mask: *a}}";
    assert!(read(other).is_err());
}

#[test]
fn odd_nodes_are_errors_and_no_panics() {
    let parts = [
        "source: 0",
        "source: -1",
        "source: -9223372036854775808",
        "data: [1, 2]",
        "data: [[], 1]",
        "data: {a: 1}",
        "data: null",
        "data: [null, null]",
        "data: 3",
        "data: [[1, 2], [3, 4]]",
        "data: !core/complex-1.0.0 x",
    ];
    let types = [
        "int8",
        "complex128",
        "[ucs4, 2]",
        "[{name: a, datatype: int16, shape: [2]}]",
        "bool8",
        "[ascii, 0]",
    ];
    let shapes = [
        "[]",
        "[2]",
        "[2, 2]",
        "['*']",
        "['*', 0]",
        "[0, 3]",
        "[9223372036854775807, 2]",
        "[1, 1, 1]",
    ];
    let rest = [
        "",
        ", offset: 9223372036854775807",
        ", strides: [-9223372036854775808]",
        ", strides: [0, 1]",
        ", mask: .nan",
        ", mask: [1]",
        ", mask: !core/ndarray-1.1.0 [true]",
        ", mask: !core/complex-1.0.0 nan",
    ];
    for part in parts {
        for datatype in types {
            for shape in shapes {
                for more in rest {
                    let node = format!(
                        "a: !core/ndarray-1.1.0 {{{part}, byteorder: little, datatype: {datatype}, shape: {shape}{more}}}"
                    );
                    let _ = read(&node);
                }
            }
        }
    }
}
