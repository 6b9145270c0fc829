//! Makes an ASDF file of a FITS file: each HDU with its header and its data, and each celestial WCS as a GWCS.
//!
//! `cargo run --example fits_to_asdf -- image.fits image.asdf`
#![expect(clippy::print_stdout, reason = "it is for people")]

use asdf_core::block::{Codec, Compression};
use asdf_core::convert::{FitsReadOptions, read_fits};
use asdf_core::fits::FitsFile;
use asdf_core::{AsdfFile, Error, Result, WriteOptions};

fn main() -> Result<()> {
    run(&std::env::args().skip(1).collect::<Vec<_>>())
}

pub(crate) fn run(args: &[String]) -> Result<()> {
    let [from, out] = args else {
        return Err(Error::of_caller("usage: fits_to_asdf FITS OUT"));
    };
    let fits = FitsFile::open(from)?;
    for hdu in fits.hdus() {
        println!("{} {:?}", hdu.index(), hdu.kind());
    }
    let draft = read_fits(&fits, &FitsReadOptions::default().wcs(true))?;
    let zstd = Compression::new(Codec::Zstd)?;
    draft.save(out, &WriteOptions::default().compression(zstd))?;

    let file = AsdfFile::open(out)?;
    for (path, _) in file.arrays()? {
        let array = file.array(&path)?;
        println!("{path} {} {:?}", array.datatype(), array.shape());
    }
    Ok(())
}
