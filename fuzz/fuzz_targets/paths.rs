//! Text as a path, slices, a part of an array: displayed and parsed again.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::paths(data));
