//! FITS files and trees that are small only because they are gzipped.

use super::{HEAD, Place, hdu, primary};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{Read, Write};

const LARGE: u64 = 1 << 30;

/// The parts, and as many equal bytes between them as make up `size`, gzipped.
fn gzip(front: &[u8], byte: u8, size: u64, back: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(front).unwrap();
    std::io::copy(&mut std::io::repeat(byte).take(size), &mut out).unwrap();
    out.write_all(back).unwrap();
    out.finish().unwrap()
}

/// An HDU that holds a gzipped ASDF file.
fn carrier(cell: &[u8]) -> Vec<u8> {
    let size = cell.len().to_string();
    let cards = [
        ("XTENSION", "'ASDF    '"),
        ("BITPIX", "8"),
        ("NAXIS", "1"),
        ("NAXIS1", &size),
        ("PCOUNT", "0"),
        ("GCOUNT", "1"),
        ("COMPRESS", "T"),
        ("EXTNAME", "'ASDF    '"),
    ];
    [primary(), hdu(&cards, cell)].concat()
}

fn image(extname: &str) -> Vec<u8> {
    let size = LARGE.to_string();
    let cards = [
        ("XTENSION", "'IMAGE   '"),
        ("BITPIX", "8"),
        ("NAXIS", "1"),
        ("NAXIS1", size.as_str()),
        ("PCOUNT", "0"),
        ("GCOUNT", "1"),
        ("EXTNAME", extname),
    ];
    [primary(), hdu(&cards, b"")].concat()
}

#[test]
fn what_follows_a_gzipped_tree_is_spilled() {
    let cell = gzip(format!("{HEAD}a: 1\n...\n").as_bytes(), 0, LARGE, b"");
    let place = Place::new().with("tail.fits", carrier(&cell));
    let done = place.run("info tail.fits");
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(done.out.contains("a (int): 1"), "{}", done.out);
}

#[test]
fn a_large_tree_that_was_gzipped_is_refused() {
    let front = format!("{HEAD}a: ");
    let cell = gzip(front.as_bytes(), b'x', LARGE / 4, b"\n...\n");
    let begin = [image("'ASDF    '"), front.into_bytes()].concat();
    let whole = gzip(&begin, b'x', LARGE, b"");
    let place = Place::new()
        .with("tree.fits", carrier(&cell))
        .with("whole.fits", whole);
    for command in ["info", "info --json", "search --key a", "validate"] {
        place.is_refused(&format!("{command} tree.fits"));
        place.is_refused(&format!("{command} whole.fits"));
    }
}

#[test]
fn a_gzipped_fits_file_is_spilled_within_a_limit() {
    let place = Place::new().with("zeros.fits", gzip(&image("'SCI     '"), 0, LARGE, b""));
    let done = place.run("info zeros.fits");
    assert_eq!(done.code, Some(0), "{}", done.err);
    let window = place.run("get zeros.fits fits/1/data[-3:]");
    assert_eq!(
        (window.code, window.out.as_str()),
        (Some(0), "[0 0 0]\nuint8 3\n")
    );
    place.is_refused("info --limit unpacked_bytes=1000000 zeros.fits");
}
