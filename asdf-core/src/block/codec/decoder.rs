//! Decoding from the start of a block to its end.

use std::io::Read;

/// Decodes from the start to the end, in bounded memory.
pub(crate) trait Decoder: Read + Send {
    /// Stored bytes after the end of the compressed data; known once all is read.
    fn left_over(&self) -> usize {
        0
    }
}
