//! A FITS file: made a tree of HDUs, written as a FITS file, and both again.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::fits_round(data));
