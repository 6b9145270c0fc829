//! Bytes as the text of a tree, read directly and by the event parser.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::direct(data));
