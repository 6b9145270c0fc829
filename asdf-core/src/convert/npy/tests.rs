use super::*;
use crate::file::OpenOptions;

/// An NPY file of version 1.0.
fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    let mut out = b"\x93NUMPY\x01\0".to_vec();
    out.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
    out.extend(header.as_bytes());
    out.extend(data);
    out
}

fn read(descr: &str) -> Result<NpyReader<std::io::Cursor<Vec<u8>>>> {
    let header = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (1,), }}\n");
    NpyReader::new(std::io::Cursor::new(npy(&header, &[])))
}

fn written(node: &str) -> Result<(Vec<u8>, Option<Warning>)> {
    let text = format!(
        "#ASDF 1.0.0\n%YAML 1.1\n---\na: !<tag:stsci.edu:asdf/core/ndarray-1.1.0> {node}\n...\n"
    );
    let file = OpenOptions::default().read_bytes(text.into_bytes(), "test")?;
    let mut out = Vec::new();
    let warning = write_npy(&file.array("a")?, &mut out)?;
    Ok((out, warning))
}

/// The header's text without its padding, and the data.
fn parts(file: &[u8]) -> (String, Vec<u8>) {
    let start = if file[6] == 1 { 10 } else { 12 };
    let end = start
        + file[start..]
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap();
    assert_eq!((end + 1) % 64, 0);
    let text = if file[6] == 3 {
        String::from_utf8(file[start..end].to_vec()).unwrap()
    } else {
        file[start..end]
            .iter()
            .map(|byte| char::from(*byte))
            .collect()
    };
    (text.trim_end().to_owned(), file[end + 1..].to_vec())
}

#[test]
fn headers_are_those_that_numpy_writes() {
    // numpy.save of the same arrays.
    let (file, warning) =
        written("{data: 5, datatype: int16, shape: [], byteorder: little}").unwrap();
    assert_eq!(
        parts(&file),
        (
            "{'descr': '<i2', 'fortran_order': False, 'shape': (), }".into(),
            vec![5, 0]
        )
    );
    assert_eq!(warning, None);
    let nested = "[{name: x, datatype: int16, byteorder: little}, {name: s, shape: [2], datatype: \
        [{name: p, datatype: float16, byteorder: big}, {name: q, datatype: [ascii, 2]}]}, \
        {name: u, datatype: [ucs4, 1], byteorder: big}]";
    let (file, _) = written(&format!(
        "{{data: [[1, [[2.5, ab], [2.5, ab]], é]], datatype: {nested}, shape: [1], byteorder: little}}"
    ))
    .unwrap();
    let (header, data) = parts(&file);
    assert_eq!(
        header,
        "{'descr': [('x', '<i2'), ('s', [('p', '>f2'), ('q', '|S2')], (2,)), ('u', '>U1')], 'fortran_order': False, 'shape': (1,), }"
    );
    assert_eq!(data, b"\x01\0\x41\0ab\x41\0ab\0\0\0\xe9");
    let (file, _) = written(
        "{data: [], datatype: [{name: it's, datatype: bool8}, {name: c, datatype: complex64, shape: [2, 3]}], shape: [0], byteorder: little}",
    )
    .unwrap();
    assert_eq!(
        parts(&file).0,
        "{'descr': [('it\\'s', '|b1'), ('c', '<c8', (2, 3))], 'fortran_order': False, 'shape': (0,), }"
    );
}

#[test]
fn the_version_is_the_lowest_that_can_hold_the_names() {
    let version = |name: &str| {
        let node =
            format!("{{data: [[1]], datatype: [{{name: {name}, datatype: uint8}}], shape: [1]}}");
        let file = written(&node).unwrap().0;
        assert!(
            parts(&file).0.contains(&format!("('{name}', '|u1')")),
            "{name}"
        );
        (
            file[6],
            NpyReader::new(file.as_slice())
                .unwrap()
                .datatype()
                .to_string(),
        )
    };
    assert_eq!(version("é"), (1, "{é: uint8}".into()));
    assert_eq!(version("Δ"), (3, "{Δ: uint8}".into()));
    let long = "x".repeat(70_000);
    assert_eq!(version(&long), (2, format!("{{{long}: uint8}}")));
}

#[test]
fn masks_are_warned_about() {
    let (file, warning) = written("{data: [1, null], datatype: int8, shape: [2]}").unwrap();
    assert_eq!(parts(&file).1, [1, 0]);
    assert_eq!(
        warning.unwrap().kind.to_string(),
        "NPY has no masks, the elements under the mask are written as they are"
    );
}

#[test]
fn files_of_numpy_are_read() {
    // numpy.save(numpy.array([[1, 2], [3, 4]], '>f4', order='F')).
    let header = "{'descr': '>f4', 'fortran_order': True, 'shape': (2, 2), }                                                          \n";
    let data = [1_f32, 3.0, 2.0, 4.0].map(f32::to_be_bytes).concat();
    let file = npy(header, &data);
    let reader = NpyReader::new(file.as_slice()).unwrap();
    assert_eq!(reader.datatype(), &Datatype::Scalar(Scalar::Float32));
    assert_eq!(
        (reader.byteorder(), reader.shape()),
        (ByteOrder::Big, [2, 2].as_slice())
    );
    assert_eq!(
        (reader.strides(), reader.byte_len()),
        (Some(vec![4, 8]), 16)
    );
    let mut found = Vec::new();
    reader.into_data().read_to_end(&mut found).unwrap();
    assert_eq!(found, data);
    // Written by Python 2, with long integers.
    let old = "{'descr': [(u'a', '<i4'), ('b', '|S3', (2L,)), (('t', 'c'), '>U2', 4)], 'fortran_order': False, 'shape': (3L, 4L), }\n";
    let reader = NpyReader::new(std::io::Cursor::new(npy(old, &[]))).unwrap();
    assert_eq!(
        reader.datatype().to_string(),
        "{a: int32, b: ascii[3][2], c: ucs4[2][4]}"
    );
    assert_eq!(
        (reader.shape(), reader.strides()),
        ([3, 4].as_slice(), None)
    );
    assert_eq!(reader.byte_len(), 12 * (4 + 6 + 32));
}

#[test]
fn what_is_no_npy_file_is_an_error() {
    for (descr, wanted) in [
        ("'|O'", "no support for Python objects in NPY"),
        (
            "'<M8[ns]'",
            "no support for dates and times (`<M8[ns]`) in NPY",
        ),
        (
            "[('a', '<i2'), ('', '|V2')]",
            "no support for raw bytes or padding (`|V2`) in NPY",
        ),
        ("'<f16'", "no support for the datatype `<f16` in NPY"),
        ("'<i3'", "bad NPY header: bad datatype `<i3`"),
        (
            "[('a', '<i2'), ('a', '<i2')]",
            "bad NPY header: two fields of the name \"a\"",
        ),
        ("__import__('os')", "bad NPY header: unexpected '_'"),
        ("'<i2' '<i2'", "bad NPY header: expected `,` or `}`"),
        ("5", "bad NPY header: bad datatype Int(5)"),
        (
            "'<S99999999999'",
            "size of one element in bytes would be 99999999999, the fixed limit is 4294967296",
        ),
    ] {
        assert_eq!(read(descr).unwrap_err().to_string(), wanted, "{descr}");
    }
    let deep = format!("{}{}", "(".repeat(500), ")".repeat(500));
    assert!(
        read(&deep)
            .unwrap_err()
            .to_string()
            .contains("more than 200 levels")
    );
    let short = NpyReader::new(b"\x93NUMPY\x01\0\x40\0{".as_slice()).unwrap_err();
    assert_eq!(short.to_string(), "needs 64 bytes, only 1 are there");
    let other = NpyReader::new(b"PK\x03\x04".as_slice()).unwrap_err();
    assert_eq!(
        other.to_string(),
        "bad NPY header: it begins with \"PK\\x03\\x04\", expected \"\\x93NUMPY\""
    );
    let mut data = read("'<f8'").unwrap().into_data();
    let error = Error::from(data.read_to_end(&mut Vec::new()).unwrap_err());
    assert_eq!(error.to_string(), "needs 8 bytes, only 0 are there");
}
