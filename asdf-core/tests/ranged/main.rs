//! Files that are read by range: the same as from the disk, with few requests.
#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "../support/exercise.rs"]
mod exercise;

mod faults;
mod requests;
mod same;
mod source;
