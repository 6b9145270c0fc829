//! What was asked of each object.

use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};

/// What reading or writing an object has cost so far.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Traffic {
    /// The object, fit to be printed.
    pub name: String,
    /// Requests that were sent, those sent again included.
    pub requests: u64,
    /// Bytes of content that came.
    pub bytes: u64,
    /// Bytes of content that were written.
    pub sent: u64,
    /// Times that something was waited for: requests side by side are one.
    pub rounds: u64,
    /// Whether something is on its way.
    pub is_waited_for: bool,
}

/// The counts of one object while it is read.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    requests: AtomicU64,
    bytes: AtomicU64,
    sent: AtomicU64,
    rounds: AtomicU64,
    waiting: AtomicU64,
    /// The last status that was not one of success.
    refusal: AtomicU16,
}

impl Counter {
    pub(crate) fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn come(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn go(&self, bytes: u64) {
        self.sent.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn refused(&self, status: u16) {
        self.refusal.store(status, Ordering::Relaxed);
    }

    pub(crate) fn refusal(&self) -> u16 {
        self.refusal.load(Ordering::Relaxed)
    }

    /// Counts a round trip, unless one is under way.
    pub(crate) fn round(&self) -> Round<'_> {
        if self.waiting.fetch_add(1, Ordering::Relaxed) == 0 {
            self.rounds.fetch_add(1, Ordering::Relaxed);
        }
        Round(self)
    }

    pub(crate) fn told(&self, name: String) -> Traffic {
        Traffic {
            name,
            requests: self.requests.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            sent: self.sent.load(Ordering::Relaxed),
            rounds: self.rounds.load(Ordering::Relaxed),
            is_waited_for: self.waiting.load(Ordering::Relaxed) > 0,
        }
    }
}

/// A round trip under way.
pub(crate) struct Round<'c>(&'c Counter);

impl Drop for Round<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
