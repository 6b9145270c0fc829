//! A header of nothing but the cards that the bytes say: its WCS, or why there is none.

use asdf_core::wcs::{EvalOptions, Inverse};
use asdf_core::{AsdfFile, Limits, OpenOptions};

/// Bytes of a card that are taken.
const CARD: usize = 80;
/// Cards of a header.
const MOST: usize = 200;

/// Each line is a card; what is not ASCII is a blank.
pub(crate) fn fits_wcs(data: &[u8]) {
    let mut bytes = Vec::new();
    let own = [
        "SIMPLE  =                    T",
        "BITPIX  =                    8",
        "NAXIS   =                    2",
        "NAXIS1  =                    4",
        "NAXIS2  =                    4",
    ];
    let given = data.split(|byte| *byte == b'\n').take(MOST);
    for card in own.iter().map(|card| card.as_bytes()).chain(given) {
        if card.starts_with(b"NAXIS") && bytes.len() >= own.len() * CARD || card.starts_with(b"END")
        {
            continue;
        }
        let start = bytes.len();
        let printable = |byte: &u8| {
            if (b' '..=b'~').contains(byte) {
                *byte
            } else {
                b' '
            }
        };
        bytes.extend(card.iter().take(CARD).map(printable));
        bytes.resize(start + CARD, b' ');
    }
    bytes.extend_from_slice(format!("{:<80}", "END").as_bytes());
    bytes.resize(bytes.len().next_multiple_of(2880), b' ');
    bytes.resize(bytes.len() + 2880, 0);
    let options = OpenOptions::default().limits(Limits::default());
    let file = options.read_bytes(bytes, "header.fits");
    let Ok(file) = file.and_then(AsdfFile::with_hdu_tree) else {
        return;
    };
    for description in file.header_descriptions() {
        let frame = file.header_world(&description);
        let wcs = file.wcs(&description.path);
        if frame.is_err() {
            // Whatever is refused says why, and is not evaluated all the same.
            assert!(wcs.is_err(), "{} is refused and read", description.path);
            continue;
        }
        let Ok(wcs) = wcs else { continue };
        let options = EvalOptions {
            bounds: false,
            ..EvalOptions::default()
        };
        let Ok(count) = wcs.n_inputs(&options) else {
            continue;
        };
        let pixels = vec![vec![0.0, 1.5, 3.0]; count];
        let columns: Vec<&[f64]> = pixels.iter().map(Vec::as_slice).collect();
        let Ok(world) = wcs.eval(&columns, &options) else {
            continue;
        };
        let world: Vec<&[f64]> = world.iter().map(Vec::as_slice).collect();
        let back = EvalOptions {
            inverse: Some(Inverse::Given),
            ..options
        };
        let _ = wcs.eval(&world, &back);
    }
}
