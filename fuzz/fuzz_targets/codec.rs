//! A label (first byte), a promised size and stored bytes: decoded whole, as a stream and in part.
#![no_main]

#[path = "../cases.rs"]
mod cases;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cases::codec(data));
