//! What `salvage` makes of damaged files.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod bad;
mod cases;
mod damage;
mod fields;
mod file;
mod head;
mod index;
#[path = "../support/journal.rs"]
mod journal;
mod large;
mod limits;
mod pending;
mod random;
#[expect(dead_code, reason = "its dice are used here, its changes elsewhere")]
#[path = "../support/mutate.rs"]
mod support;

use asdf_core::file::{Input, Salvaged, salvage};
use asdf_core::{AsdfFile, Limits, OpenOptions};
use std::io::Cursor;

/// Salvages and opens again.
fn repaired(bytes: &[u8]) -> (Salvaged, AsdfFile) {
    let found = salvage(Input::from(bytes.to_vec()), &Limits::default()).unwrap();
    let mut out = Cursor::new(Vec::new());
    found.write_to(&mut out).unwrap();
    let file = OpenOptions::default().read_bytes(out.into_inner(), "repaired");
    (found, file.unwrap())
}

/// The numbers of an array of int32; nothing when it cannot be read.
fn numbers(file: &AsdfFile, path: &str) -> Option<Vec<i32>> {
    let data = file.array(path).ok()?.load().ok()?;
    Some(data.view::<i32>().ok()?.to_vec())
}
