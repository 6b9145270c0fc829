//! Windows and pictures of blocks that are small only because they compress well.

use super::{Place, block, tree};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Read;

/// A square of 24576 rows of bytes, 576 MB, of which all but the last are 0.
fn square() -> Vec<u8> {
    const SIDE: u64 = 24_576;
    let mut out = ZlibEncoder::new(Vec::new(), Compression::fast());
    let zeros = std::io::repeat(0).take(SIDE * SIDE - 1);
    std::io::copy(&mut zeros.chain(&b"\x07"[..]), &mut out).unwrap();
    let data = out.finish().unwrap();
    let node = format!(
        "a: !core/ndarray-1.1.0 {{source: 0, datatype: uint8, byteorder: big, shape: [{SIDE}, {SIDE}]}}"
    );
    let mut file = tree(&node);
    file.extend(block(*b"zlib", &data, SIDE * SIDE));
    file
}

#[test]
fn a_zlib_block_is_decoded_forward_or_spilled() {
    let place = Place::new().with("square.asdf", square());
    let corner = place.run("get square.asdf a[-1,-3:]");
    assert_eq!(corner.out, "[0 0 7]\nuint8 3\n");
    let column = place.run("get square.asdf a[::8192,-1]");
    assert_eq!(
        (column.code, column.out.as_str()),
        (Some(0), "[0 0 0]\nuint8 3\n")
    );
    let column = place.run("get square.asdf a[-2:,-1]");
    assert_eq!(
        (column.code, column.out.as_str()),
        (Some(0), "[0 7]\nuint8 2\n")
    );
    let picture = place.run("preview square.asdf -o o.png");
    assert_eq!(picture.code, Some(0), "{}", picture.err);
    for command in ["info", "ls --digest", "stats", "verify"] {
        let done = place.run(&format!("{command} square.asdf"));
        assert_eq!(done.code, Some(0), "{command}: {}", done.err);
    }
}

#[test]
fn a_compressed_image_goes_into_fits_in_passes() {
    let place = Place::new().with("square.asdf", square());
    for command in [
        "convert square.asdf o.fits",
        "embed --force square.asdf o.fits",
    ] {
        let done = place.run(command);
        assert_eq!(done.code, Some(0), "{command}: {}", done.err);
        let corner = place.run("get o.fits a[-1,-3:]");
        assert_eq!(
            corner.out, "[0 0 7]\nuint8 3\n",
            "{command}: {}",
            corner.err
        );
    }
}

#[test]
fn a_table_of_very_many_short_columns_costs_what_its_values_do() {
    let fields: Vec<String> = (0..20_000)
        .map(|number| {
            let name = ["uint8", "float32", "float64"][number % 3];
            format!("{{name: f{number}, datatype: {name}}}")
        })
        .collect();
    let node = format!(
        "a: !core/ndarray-1.1.0 {{source: 0, byteorder: little, shape: [1], datatype: [{}]}}",
        fields.join(", ")
    );
    let mut file = tree(&node);
    let bytes = [
        vec![7_u8],
        1.5_f32.to_le_bytes().to_vec(),
        2.5_f64.to_le_bytes().to_vec(),
    ];
    let data: Vec<u8> = (0..20_000)
        .flat_map(|number| bytes[number % 3].clone())
        .collect();
    file.extend(block([0; 4], &data, data.len() as u64));
    let place = Place::new().with("fields.asdf", file);
    let done = place.run("stats --json fields.asdf");
    assert_eq!(done.code, Some(0), "{}", done.err);
    let document: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    let found = document[0]["fields"].as_array().unwrap();
    assert_eq!(found.len(), 20_000);
    for (field, wanted) in found.iter().zip([7.0, 1.5, 2.5].into_iter().cycle()) {
        for name in ["min", "max", "mean", "median"] {
            assert_eq!(field[name].as_f64(), Some(wanted), "{field}");
        }
    }
}

#[test]
fn a_row_of_very_many_cells_is_looked_through_once() {
    let keys: Vec<String> = (0..60_000).map(|key| format!("k{key}: {key}")).collect();
    let place = Place::new().with("keys.asdf", tree(&keys.join("\n")));
    let done = place.run("table --to jsonl -k ** keys.asdf");
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(done.out.contains("\"/k0\":0,") && done.out.contains("\"/k59999\":59999"));
}
