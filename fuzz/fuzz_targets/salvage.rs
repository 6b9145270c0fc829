//! Bytes as a damaged file: salvaged, written and opened again.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::salvage(data));
