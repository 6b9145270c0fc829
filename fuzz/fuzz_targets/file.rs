//! Bytes as a whole file: everything that a caller can do.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::file(data));
