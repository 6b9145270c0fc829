//! Cuts a square around a position on the sky out of an image, with its WCS, and writes it as a file of its own.
//!
//! `cargo run --example cutout -- obs.asdf 268.4988 -29.2050 10 part.asdf` (degrees, and arcseconds for the side)
#![expect(clippy::print_stdout, reason = "it is for people")]

use asdf_core::convert::CutoutSize;
use asdf_core::{AsdfFile, Error, Result, WriteOptions};

fn main() -> Result<()> {
    run(&std::env::args().skip(1).collect::<Vec<_>>())
}

pub(crate) fn run(args: &[String]) -> Result<()> {
    let [from, ra, dec, side, out] = args else {
        return Err(Error::of_caller("usage: cutout FILE RA DEC ARCSECONDS OUT"));
    };
    let number = |text: &String| text.parse::<f64>().map_err(Error::of_caller);
    let (ra, dec, side) = (number(ra)?, number(dec)?, number(side)?);
    let file = AsdfFile::open(from)?;
    let place = file.wcs_paths().into_iter().next();
    let wcs = file.wcs(place.ok_or_else(|| Error::of_caller("the file has no WCS"))?)?;
    let centre = file.image_pixel(&wcs, [ra, dec])?;
    let window = file.cutout_window(&wcs, centre, CutoutSize::Arcseconds([side, side]))?;
    let cutout = file.cutout(&wcs, &window)?;
    for path in &cutout.arrays {
        println!("{path} is cut to {window:?}");
    }
    for note in &cutout.notes {
        println!("{note}");
    }
    let mut draft = cutout.draft;
    draft.drop_unused_blocks();
    draft.save(out, &WriteOptions::default())
}
