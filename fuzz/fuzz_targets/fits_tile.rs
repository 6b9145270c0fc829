//! A compression, a type, a shape and stored bytes: one tile of a compressed FITS image.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::fits_tile(data));
