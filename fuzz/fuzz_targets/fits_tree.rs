//! A FITS file that may carry a tree: arrays in HDUs, embedding, stripping.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::fits_tree(data));
