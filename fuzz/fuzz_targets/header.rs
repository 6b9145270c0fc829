//! Bytes as blocks: the walk over the headers and the block index.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::header(data));
