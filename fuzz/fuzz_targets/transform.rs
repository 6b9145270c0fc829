//! Bytes as a tree of transforms: read, inverted, evaluated.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::transform(data));
