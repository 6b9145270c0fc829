//! How many requests and bytes it takes, as numbers.

use crate::source::{ENDS, Object};
use asdf_core::array::{NewArray, Slice};
use asdf_core::file::Storage;
use asdf_core::fits::FitsFile;
use asdf_core::inspect::{Outline, OutlineOptions};
use asdf_core::{AsdfFile, Draft, Limits, WriteOptions};
use std::sync::Arc;

/// Numbers that do not compress.
fn noise(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed;
    let next = std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        f32::from_bits((state >> 34) as u32 & 0x7f7f_ffff)
    });
    next.take(count).collect()
}

/// Twenty blocks as those of an exposure: images, and borders that are much smaller. The first image has `rows` of 2048.
fn exposure(rows: usize, storage: &Storage) -> Vec<u8> {
    let images: Vec<Vec<f32>> = (0..8)
        .map(|seed| noise(if seed == 0 { rows } else { 128 } * 2048, seed))
        .collect();
    let borders = noise(1000, 9);
    let mut draft = Draft::new();
    for (number, image) in images.iter().enumerate() {
        let array = NewArray::from_slice(image, &[image.len() as u64 / 2048, 2048]).unwrap();
        draft
            .set_array(&format!("image{number}"), array, storage)
            .unwrap();
    }
    for number in 0..12 {
        let array = NewArray::from_slice(&borders, &[1000]).unwrap();
        draft
            .set_array(&format!("border{number}"), array, storage)
            .unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("exposure.asdf");
    draft.save(&path, &WriteOptions::default()).unwrap();
    std::fs::read(path).unwrap()
}

fn lz4() -> Storage {
    Storage::compressed("lz4".parse().unwrap())
}

fn look(file: &AsdfFile) {
    assert!(
        !Outline::new(file, file.tree().root(), &OutlineOptions::default())
            .rows
            .is_empty()
    );
    for (path, _) in file.arrays().unwrap() {
        assert!(!file.array(&path).unwrap().is_empty());
    }
}

fn window(file: &AsdfFile, rows: std::ops::Range<u64>) -> Vec<u8> {
    let columns = 1000..1100;
    file.array("image0")
        .unwrap()
        .load_window(&[rows, columns])
        .unwrap()
        .to_le_bytes()
}

#[test]
fn looking_into_a_file_of_twenty_blocks() {
    let object = Object::new(exposure(1024, &lz4()));
    let file = object.open();
    look(&file);
    let asked = object.asked();
    // With the first round trip, which brings the begin and the end, there are two.
    assert_eq!(asked.calls, 1, "{asked:?}");
    assert!(asked.requests <= 20, "{asked:?}");
    assert!(asked.bytes + 2 * ENDS as u64 <= 300_000, "{asked:?}");
}

#[test]
fn a_window_of_a_block_that_is_not_compressed() {
    let object = Object::new(exposure(1024, &Storage::internal()));
    let file = object.open();
    object.asked();
    let found = window(&file, 500..600);
    let asked = object.asked();
    assert_eq!(asked.calls, 1, "{asked:?}");
    assert!(asked.bytes < 1_000_000, "{asked:?}");
    assert_eq!(window(&file, 500..600), found);
    let column = [
        Slice::Range {
            start: None,
            stop: None,
            step: 1,
        },
        Slice::Index(7),
    ];
    assert_eq!(object.asked().calls, 0, "a second look asks for nothing");
    file.array("image0").unwrap().load_slices(&column).unwrap();
    assert_eq!(object.asked().calls, 1);
}

#[test]
fn a_window_of_lz4_chunks_anywhere() {
    // 56 MB in chunks of 4 MiB, most of them behind what may be fetched for their sizes.
    let rows = 7000;
    let object = Object::new(exposure(rows, &lz4()));
    let whole = object.open();
    let expected: Vec<Vec<u8>> = [0, 1000, 3500, 5000, 6900]
        .map(|row| window(&whole, row..row + 100))
        .to_vec();
    for (start, expected) in [0_u64, 1000, 3500, 5000, 6900].into_iter().zip(expected) {
        let file = object.open();
        object.asked();
        assert_eq!(window(&file, start..start + 100), expected);
        let asked = object.asked();
        assert!(asked.calls <= 2, "{start}: {asked:?}");
        assert!(asked.bytes <= 45 << 20, "{start}: {asked:?}");
        assert_eq!(window(&file, start..start + 100), expected);
        assert_eq!(object.asked().calls, 0, "a second look asks for nothing");
    }
}

#[test]
fn statistics_fetch_everything_once() {
    for storage in [Storage::internal(), lz4()] {
        let object = Object::new(exposure(4096, &storage));
        let file = object.open();
        object.asked();
        let stats = file.array("image0").unwrap().stats().unwrap();
        assert_eq!(stats.shape, [4096, 2048]);
        let asked = object.asked();
        assert!(asked.bytes <= 40 << 20, "{asked:?}");
        assert!(asked.requests <= 20, "{asked:?}");
    }
}

#[test]
fn without_an_index_the_headers_come_one_after_the_other() {
    let mut bytes = exposure(64, &Storage::internal());
    let at = bytes
        .windows(17)
        .rposition(|found| found == b"#ASDF BLOCK INDEX")
        .unwrap();
    bytes.truncate(at);
    let object = Object::new(bytes);
    assert_eq!(object.open().blocks().len(), 20);
    assert!(object.asked().calls <= 10);
}

#[test]
fn an_index_that_lies_costs_bytes_and_nothing_else() {
    let bytes = exposure(256, &Storage::internal());
    let at = bytes
        .windows(17)
        .rposition(|found| found == b"#ASDF BLOCK INDEX")
        .unwrap();
    let mut lies = bytes[..at].to_vec();
    lies.extend_from_slice(b"#ASDF BLOCK INDEX\n%YAML 1.1\n---\n");
    for offset in (0..1000_u64).map(|number| number * 7919) {
        lies.extend_from_slice(format!("- {offset}\n").as_bytes());
    }
    lies.extend_from_slice(b"...\n");
    let object = Object::new(lies.clone());
    let file = object.open();
    assert_eq!(file.blocks().len(), 20);
    assert_eq!(file.warnings().count(), 1);
    assert!(object.asked().bytes <= lies.len() as u64);
}

#[test]
fn the_headers_of_a_fits_file() {
    let mut out = Vec::new();
    for number in 0..8 {
        let kind = if number == 0 {
            "SIMPLE  =                    T"
        } else {
            "XTENSION= 'IMAGE   '"
        };
        let mut header = String::new();
        let cards = [
            kind,
            "BITPIX  =                  -32",
            "NAXIS   =                    2",
            "NAXIS1  =                  300",
            "NAXIS2  =                  500",
            "PCOUNT  =                    0",
            "GCOUNT  =                    1",
            "END",
        ];
        for card in cards {
            header.push_str(&format!("{card:80}"));
        }
        out.extend_from_slice(format!("{header:2880}").as_bytes());
        out.resize(out.len() + 600_000_usize.next_multiple_of(2880), 0);
    }
    let object = Object::new(out);
    let input = object.input();
    let file = FitsFile::new(input, &Limits::default()).unwrap();
    assert_eq!(file.len(), 8);
    let asked = object.asked();
    assert!(asked.calls <= 8, "{asked:?}");
}

#[test]
fn a_file_that_is_closed_is_not_fetched_on() {
    let object = Object::new(exposure(2048, &Storage::internal()));
    let weak = Arc::downgrade(&object);
    let file = object.open();
    drop(file);
    drop(object);
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert!(weak.upgrade().is_none());
}
