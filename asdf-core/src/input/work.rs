//! How far this process has got with the bytes of its files, for fronts that show it.

use std::sync::atomic::{AtomicU64, Ordering};

static OPENED: AtomicU64 = AtomicU64::new(0);
static READ: AtomicU64 = AtomicU64::new(0);

/// Bytes of all local files that were opened so far, and how many bytes were read of them in passes: more than there are, where there is
/// a second pass. What is looked at in a map is not counted.
pub fn bytes_opened_and_read() -> (u64, u64) {
    let [opened, read] = [&OPENED, &READ].map(|counter| counter.load(Ordering::Relaxed));
    (opened, read)
}

pub(super) fn note_opened(bytes: u64) {
    OPENED.fetch_add(bytes, Ordering::Relaxed);
}

pub(super) fn note_read(bytes: usize) {
    READ.fetch_add(bytes as u64, Ordering::Relaxed);
}
