//! All bytes of a file in one pass.

use super::Input;
use std::io::{Error, Read, Result};

/// Reads a file from its start to its end.
#[derive(Debug, Clone)]
pub struct InputReader {
    input: Input,
    at: u64,
}

impl InputReader {
    pub(super) fn new(input: Input) -> Self {
        Self { input, at: 0 }
    }
}

impl Read for InputReader {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let end = self.input.len();
        let read = self.input.read_pass(self.at, end, out);
        let count = read.map_err(Error::other)?;
        self.at = self.at.saturating_add(count as u64);
        Ok(count)
    }
}
