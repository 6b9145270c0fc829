use super::*;
use crate::file::OpenOptions;

fn csv_of(tree: &str, path: &str) -> Result<String> {
    let text = format!("#ASDF 1.0.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n---\n{tree}...\n");
    let file = OpenOptions::default().read_bytes(text.into_bytes(), "test")?;
    let at = FileNode {
        file: &file,
        node: file.node(path)?,
    };
    let mut out = Vec::new();
    write_csv(at, &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

fn array(data: &str, datatype: &str, shape: &str) -> Result<String> {
    csv_of(
        &format!(
            "flux: !core/ndarray-1.1.0\n  data: {data}\n  datatype: {datatype}\n  shape: {shape}\n"
        ),
        "flux",
    )
}

#[test]
fn arrays_of_one_and_two_axes_have_a_line_each_row() {
    assert_eq!(
        array("[0.1, null, .nan]", "float32", "[3]").unwrap(),
        "flux\n0.1\n\"\"\nnan\n"
    );
    assert_eq!(
        array("[[1, 2], [3, null]]", "int8", "[2, 2]").unwrap(),
        "flux[0],flux[1]\n1,2\n3,\n"
    );
    assert_eq!(array("[]", "int8", "[0, 2]").unwrap(), "flux[0],flux[1]\n");
    assert_eq!(
        array("[[[1]]]", "int8", "[1, 1, 1]")
            .unwrap_err()
            .to_string(),
        "test: /flux: CSV cannot hold an array of 3 axes, only of one or two"
    );
}

#[test]
fn records_have_a_column_each_field() {
    let record = "[{name: x, datatype: bool8}, {name: y, datatype: float64, shape: [2]}, \
        {name: s, datatype: [[ascii, 4], {name: z, datatype: uint64}]}]";
    assert_eq!(
        array(
            "[[true, [1, 1.0e+300], ['a,b', 18446744073709551615]], null]",
            record,
            "[2]"
        )
        .unwrap(),
        "x,y[0],y[1],s.f0,s.z\nTrue,1.0,1e+300,\"a,b\",18446744073709551615\n,,,,\n"
    );
}

#[test]
fn tables_have_their_columns_side_by_side() {
    let tree = "t: !core/table-1.0.0\n  columns:\n  - !core/column-1.0.0\n    name: a\n    unit: m\n    data: !core/ndarray-1.0.0 [1, 2]\n  - !core/column-1.0.0\n    name: 'b \"c\"'\n    data: {$ref: '#/v'}\nv: &v !core/ndarray-1.0.0\n  data: [[x, 'y\n\n    z'], ['', '1']]\n  datatype: [ucs4, 3]\n  shape: [2, 2]\n";
    assert_eq!(
        csv_of(tree, "t").unwrap(),
        "a,\"b \"\"c\"\"[0]\",\"b \"\"c\"\"[1]\"\n1,x,\"y\nz\"\n2,,1\n"
    );
    let tree = "t: !<tag:astropy.org:astropy/table/table-1.3.0>\n  colnames: [q, r]\n  columns:\n  - !unit/quantity-1.3.0 {unit: m, value: !core/ndarray-1.0.0 [1.5]}\n  - !core/column-1.0.0 {name: r, data: !core/ndarray-1.0.0 [1, 2]}\n";
    assert_eq!(
        csv_of(tree, "t").unwrap_err().to_string(),
        "test: CSV cannot hold column `r` of 2 rows beside one of 1"
    );
    assert_eq!(
        csv_of(&tree.replace("[1, 2]", "[1]"), "t").unwrap(),
        "q,r\n1.5,1\n"
    );
    assert!(csv_of("t: {columns: [{name: a}]}\n", "t").is_err());
    assert!(
        csv_of("t: 5\n", "t")
            .unwrap_err()
            .to_string()
            .contains("not an array")
    );
}

#[test]
fn many_rows_are_written_piece_by_piece() {
    let items: Vec<String> = (0..3000).map(|item| item.to_string()).collect();
    let record = "[{name: x, datatype: int64}, {name: y, datatype: [ascii, 4000]}]";
    let rows: Vec<String> = items.iter().map(|item| format!("[{item}, a]")).collect();
    let text = array(&format!("[{}]", rows.join(", ")), record, "[3000]").unwrap();
    let wanted: String = items.iter().map(|item| format!("{item},a\n")).collect();
    assert_eq!(text, format!("x,y\n{wanted}"));
}

/// A file with one block of six big-endian 16-bit integers, 0 to 5.
fn with_block(node: &str) -> Vec<u8> {
    let head = "#ASDF 1.0.0\n%YAML 1.1\n--- ";
    let array =
        "!<tag:stsci.edu:asdf/core/ndarray-1.1.0> {source: 0, datatype: int16, byteorder: big";
    let mut bytes = format!("{head}{}\n...\n", node.replace('@', array)).into_bytes();
    bytes.extend(b"\xd3BLK\0\x30\0\0\0\0\0\0\0\0");
    for _ in 0..3 {
        bytes.extend(12_u64.to_be_bytes());
    }
    bytes.extend([0; 16]);
    bytes.extend((0..6_i16).flat_map(i16::to_be_bytes));
    bytes
}

#[test]
fn columns_may_be_views_of_one_block() {
    let tree = "{columns: [{name: a, data: @, shape: [3], strides: [4]}}, {name: b, data: @, shape: [3], strides: [-4], offset: 10}}, {name: c, data: @, shape: [3]}}]}";
    let file = OpenOptions::default()
        .read_bytes(with_block(tree), "test")
        .unwrap();
    let mut out = Vec::new();
    let node = file.tree().root();
    write_csv(FileNode { file: &file, node }, &mut out).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "a,b,c\n0,5,0\n2,3,1\n4,1,2\n"
    );
}
