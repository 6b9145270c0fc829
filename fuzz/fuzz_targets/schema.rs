//! Bytes as a schema and a tree that is checked against it.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::schema(data));
