//! A script of changes and a file: changed, saved and opened again.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::edit(data));
