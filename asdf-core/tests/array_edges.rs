//! Arrays whose description asks for more than there is, and the masks of records.
#![expect(clippy::unwrap_used, clippy::float_cmp, reason = "a test")]

use asdf_core::{AsdfFile, Error, OpenOptions};

/// A file with this tree and one block of these bytes, whose header promises `promised`.
fn file(tree: &str, data: &[u8], promised: u64) -> AsdfFile {
    let head = "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n";
    let mut bytes = format!("{head}--- !core/asdf-1.1.0\n{tree}\n...\n").into_bytes();
    bytes.extend(b"\xd3BLK\x00\x30\x00\x00\x00\x00\x00\x00\x00\x00");
    for size in [data.len() as u64, data.len() as u64, promised] {
        bytes.extend(size.to_be_bytes());
    }
    bytes.extend([0; 16]);
    bytes.extend(data);
    OpenOptions::default().read_bytes(bytes, "made").unwrap()
}

/// Everything that the commands do with the array `a` but printing it.
fn use_up(tree: &str) -> Result<(), Error> {
    let file = file(tree, &[0; 64], 64);
    let array = file.array("a")?;
    array.digest()?;
    array.mask_digest()?;
    array.stats()?;
    array.load()?.summary(80);
    Ok(())
}

const BLOCK: &str = "a: !core/ndarray-1.1.0 {source: 0, byteorder: big, ";

#[test]
fn an_empty_array_of_many_rows_is_shown_but_not_written_as_lists() {
    let tree = format!("{BLOCK}shape: [1000000000000000000, 0], datatype: int8}}");
    use_up(&tree).unwrap();
    let file = file(&tree, &[], 0);
    let error = file
        .array("a")
        .unwrap()
        .load()
        .unwrap()
        .write_json(&mut Vec::new());
    assert!(error.expect_err("too many rows").is_limit());
}

#[test]
fn the_summary_of_many_axes_stays_short() {
    let axes = |item: &str| [item; 10].join(", ");
    let tree = format!(
        "{BLOCK}shape: [{}], strides: [{}], datatype: int8}}",
        axes("4"),
        axes("0")
    );
    let summary = file(&tree, &[0; 64], 64)
        .array("a")
        .unwrap()
        .load()
        .unwrap()
        .summary(80);
    assert!(summary.len() < 100_000, "{} bytes", summary.len());
}

#[test]
fn statistics_do_not_read_past_a_block_that_promises_more_than_it_has() {
    let file = file(
        &format!("{BLOCK}shape: [128], datatype: uint8}}"),
        &[1; 64],
        128,
    );
    let array = file.array("a").unwrap();
    assert!(array.load().is_err());
    assert!(array.digest().is_err());
    assert!(array.stats().expect_err("64 of 128 bytes").is_corrupt());
}

#[test]
fn the_mask_of_records_counts_in_their_fields() {
    let mask = "!core/ndarray-1.1.0 {data: [true, false, true], datatype: bool8, shape: [3]}";
    let datatype = "[{name: x, datatype: int8}, {name: y, datatype: uint8, shape: [2]}]";
    let tree = format!("{BLOCK}shape: [3], datatype: {datatype}, mask: {mask}}}");
    let file = file(&tree, &[1, 2, 3, 4, 5, 6, 7, 8, 9], 9);
    let array = file.array("a").unwrap();
    let stats = array.stats().unwrap();
    let counts = |column: usize| {
        let counts = stats.columns[column].counts;
        (counts.elements, counts.masked)
    };
    assert_eq!((counts(0), counts(1)), ((3, 2), (6, 4)));
    let means: Vec<f64> = stats
        .columns
        .iter()
        .map(|column| column.numbers.as_ref().unwrap().mean)
        .collect();
    assert_eq!(means, [4.0, 5.5]);
    // sha256 of the bytes 1 1 1 0 0 0 1 1 1, as numpy packs the mask of a structured array.
    let digest = "79a5d24b5faa21b093c5128690e989a28a609bda436a1c13bf150ee596c20d3f";
    assert_eq!(array.mask_digest().unwrap().as_deref(), Some(digest));
}

#[test]
fn the_shape_of_inline_records_is_found_along_their_first_field() {
    let datatype = "[{name: x, datatype: int8}, {name: y, datatype: int16, shape: [2]}]";
    let data = "[[[1, [2, 3]], [4, [5, 6]], [7, [8, 9]]]]";
    let file = file(
        &format!("a: !core/ndarray-1.1.0 {{data: {data}, datatype: {datatype}}}"),
        &[],
        0,
    );
    assert_eq!(file.array("a").unwrap().shape(), [1, 3]);
}

#[test]
fn the_median_of_far_apart_numbers_is_their_mean() {
    let median = |low: f64, high: f64| {
        let bytes = [low.to_le_bytes(), high.to_le_bytes()].concat();
        let tree =
            "a: !core/ndarray-1.1.0 {source: 0, byteorder: little, shape: [2], datatype: float64}";
        let stats = file(tree, &bytes, 16).array("a").unwrap().stats().unwrap();
        stats.columns[0].numbers.as_ref().unwrap().median
    };
    assert_eq!(median(1.0, f64::INFINITY), f64::INFINITY);
    assert_eq!(
        median(f64::NEG_INFINITY, f64::NEG_INFINITY),
        f64::NEG_INFINITY
    );
    assert!(median(f64::NEG_INFINITY, f64::INFINITY).is_nan());
    assert!((median(-1e308, 1.7e308) - 3.5e307).abs() < 1e292);
}
