//! Bytes as a damaged file: repaired and opened again, it is what the repair says.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::reopen(data));
