//! A script of changes and a file: changed in place, also stopped on the way.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::update(data));
