//! The files that the scenarios start from: small ones made here byte by byte, and some of `test-data`.

use md5::Digest;
use md5::Md5;
use std::fs;
use std::path::Path;

const HEAD: &str = "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n# kept by every edit\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n";
const META: &str =
    "# about this file\nmeta:   # kept as well\n  n: 1\n  s: 'some text'\n  list: [1, 2, 3]\n";
const A: &str =
    "a: !core/ndarray-1.1.0 {source: 0, datatype: uint8, byteorder: little, shape: [900]}\n";
const B: &str =
    "b: !core/ndarray-1.1.0 {source: 1, datatype: int16, byteorder: big, shape: [700]}\n";
const ROWS: &str = "rows: !core/ndarray-1.1.0 {source: -1, datatype: uint8, byteorder: little, shape: ['*', 10]}\n";

/// No block at all.
pub(crate) fn plain() -> Vec<u8> {
    format!("{HEAD}{META}...\n").into_bytes()
}

/// Two blocks with checksums and an index; `room` bytes between the tree and the first block,
/// which need not be NUL.
pub(crate) fn blocks(room: usize) -> Vec<u8> {
    let mut file = format!("{HEAD}{META}{A}{B}...\n").into_bytes();
    file.resize(file.len() + room, b' ');
    let mut index = "#ASDF BLOCK INDEX\n%YAML 1.1\n---\n".to_owned();
    for (data, slack) in [(pattern(900), 40), (pattern(1400), 0)] {
        index.push_str(&format!("- {}\n", file.len()));
        file.extend(block(&data, slack));
    }
    file.extend(format!("{index}...\n").into_bytes());
    file
}

/// The second of the two blocks damaged: one of its bytes is another one.
pub(crate) fn damaged() -> Vec<u8> {
    let mut file = blocks(0);
    file.truncate(file.len() - 500);
    file
}

/// One ordinary block, then a streamed one.
pub(crate) fn streamed() -> Vec<u8> {
    let mut file = format!("{HEAD}{META}{A}{ROWS}...\n").into_bytes();
    file.extend(block(&pattern(900), 0));
    let mut last = block(&pattern(500), 0);
    // Flag 1: streamed; the sizes and the checksum mean nothing.
    last.get_mut(6..10).unwrap().copy_from_slice(&[0, 0, 0, 1]);
    last.get_mut(14..54).unwrap().fill(0);
    file.extend(last);
    file
}

/// A file of `test-data/made`.
pub(crate) fn made(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-data/made");
    fs::read(folder.join(name)).unwrap()
}

/// A file of `test-data/fits`.
pub(crate) fn fits(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-data/fits");
    fs::read(folder.join(name)).unwrap()
}

/// Where the cards of HDU 1 of `checksum.fits` begin.
const CARDS: usize = 2880;

/// `checksum.fits` with a card more, so that its sums are wrong.
pub(crate) fn observed() -> Vec<u8> {
    with_cards(1)
}

/// The same with so many that no other card has room.
pub(crate) fn full_header() -> Vec<u8> {
    with_cards(26)
}

fn with_cards(count: usize) -> Vec<u8> {
    let mut file = fits("checksum.fits");
    let end = file[CARDS..]
        .chunks(80)
        .position(|card| card.starts_with(b"END "));
    let mut at = CARDS + end.unwrap() * 80;
    let mut put = |text: &str| {
        file[at..at + 80].copy_from_slice(format!("{text:80}").as_bytes());
        at += 80;
    };
    (1..count).for_each(|number| put(&format!("KEY{number:<5}= {number:20}")));
    put(if count == 1 {
        "OBSERVER= 'nobody  '"
    } else {
        "COMMENT as many as fit"
    });
    put("END");
    file
}

/// Data that does not compress to nothing.
fn pattern(length: usize) -> Vec<u8> {
    let mut state = 12345_u32;
    let mut next = || {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12345);
        state.to_be_bytes()[1] & 0x1f
    };
    (0..length).map(|_| next()).collect()
}

fn block(data: &[u8], slack: usize) -> Vec<u8> {
    let used = (data.len() as u64).to_be_bytes();
    let allocated = ((data.len() + slack) as u64).to_be_bytes();
    let mut block = b"\xd3BLK\x00\x30\x00\x00\x00\x00\x00\x00\x00\x00".to_vec();
    block.extend(allocated);
    block.extend(used);
    block.extend(used);
    block.extend(Md5::digest(data));
    block.extend(data);
    block.resize(block.len() + slack, 0);
    block
}
