//! What has come over the network so far.

use asdf_core::inspect::human_bytes;

/// Requests and bytes of all files of URLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Requests that were sent.
    pub requests: u64,
    /// Bytes of content that came.
    pub bytes: u64,
    /// Whether something is on its way.
    pub is_waited_for: bool,
}

impl Traffic {
    /// `3 requests, 128 kB`
    pub fn text(&self) -> String {
        let plural = if self.requests == 1 { "" } else { "s" };
        let bytes = human_bytes(self.bytes);
        format!("{} request{plural}, {bytes}", self.requests)
    }
}

/// Asks for the traffic; `None` as long as no URL was opened.
pub type AskTraffic = Box<dyn Fn() -> Option<Traffic> + Send + Sync>;
