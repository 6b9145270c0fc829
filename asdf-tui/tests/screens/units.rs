//! Units of FITS files: those of images and of columns.

use crate::stage::Stage;
use crate::stage::on;
use asdf_tui::theme::ColorDepth;
use std::fs;

/// A header of cards, padded to whole records.
fn header(cards: &[&str]) -> Vec<u8> {
    let mut out = String::new();
    for card in cards.iter().chain(&["END"]) {
        out.push_str(&format!("{card:<80}"));
    }
    let length = out.len().next_multiple_of(2880);
    format!("{out:<length$}").into_bytes()
}

fn padded(mut data: Vec<u8>) -> Vec<u8> {
    data.resize(data.len().next_multiple_of(2880), 0);
    data
}

/// An image of 20 by 20 in MJy/sr, a cube in K, and a table of one column in mJy.
fn opened(keys: &str) -> Stage {
    let floats = |count: u16| -> Vec<u8> {
        let values = (0..count).flat_map(|number| f32::from(number).to_be_bytes());
        padded(values.collect())
    };
    let mut bytes = header(&[
        "SIMPLE  =                    T",
        "BITPIX  =                  -32",
        "NAXIS   =                    2",
        "NAXIS1  =                   20",
        "NAXIS2  =                   20",
        "EXTEND  =                    T",
        "BUNIT   = 'MJy/sr  '",
    ]);
    bytes.extend(floats(400));
    bytes.extend(header(&[
        "XTENSION= 'BINTABLE'",
        "BITPIX  =                    8",
        "NAXIS   =                    2",
        "NAXIS1  =                    8",
        "NAXIS2  =                    3",
        "PCOUNT  =                    0",
        "GCOUNT  =                    1",
        "TFIELDS =                    2",
        "TTYPE1  = 'flux    '",
        "TFORM1  = 'E       '",
        "TUNIT1  = 'mJy     '",
        "TTYPE2  = 'other   '",
        "TFORM2  = 'E       '",
    ]));
    bytes.extend(floats(6));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.fits");
    fs::write(&path, bytes).unwrap();
    on(&path, 120, 40, ColorDepth::None).keys(&format!("{keys}<wait>"))
}

#[test]
fn the_unit_of_an_image_is_that_of_its_header() {
    opened(":fits[0].data<enter><wait>3<wait>:3, 2<enter>").has("v=43 MJy/sr");
    opened(":fits[0].data<enter><wait>3<wait>:10, 10<enter><wait>a").has("MJy/sr");
}

#[test]
fn the_units_of_columns_are_those_of_the_header() {
    let text = opened(":fits[1].data<enter><wait>4<wait>").text();
    let below = text.lines().find(|line| line.contains("mJy")).unwrap();
    // The other one has none: its type stands there.
    assert!(below.contains("float32"), "{text}");
}
