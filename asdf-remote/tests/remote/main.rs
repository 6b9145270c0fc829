//! Files on servers that the tests start themselves: what comes, what it costs, and what is said when it does not come.
#![expect(clippy::unwrap_used, reason = "a test")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "sizes and speeds of tests are small"
)]
#![expect(clippy::too_many_lines, reason = "tables of cases")]

mod buckets;
mod costs;
mod faults;
#[expect(dead_code, reason = "for other tests")]
mod moto;
mod same;
mod server;
mod store;
mod uploads;

use asdf_core::OpenOptions;
use asdf_remote::{Remote, RemoteOptions};
use std::path::PathBuf;
use std::sync::Arc;

/// How URLs are opened.
fn options() -> (OpenOptions, Arc<Remote>) {
    let remote = Arc::new(Remote::new(RemoteOptions::default()));
    (OpenOptions::default().opener(remote.clone()), remote)
}

/// A folder of the test data.
fn data(folder: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data")).join(folder)
}

fn exposure() -> Vec<u8> {
    std::fs::read(data("made/roman_exposure.asdf")).unwrap()
}
