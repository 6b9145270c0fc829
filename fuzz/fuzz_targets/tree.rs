//! Bytes as the text of a tree: parsed, walked, written, read into a type.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::tree(data));
