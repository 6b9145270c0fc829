//! A journal and a file: read, and settled by the next writer.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::journal(data));
