//! `zlib`: one zlib stream.

use super::decoder::Decoder;
use super::decompress;
use super::decompress::DecompressReader;
use super::decompress::Progress;
use super::decompress::StreamDecompressor;
use crate::error::Result;
use flate2::Decompress;
use flate2::FlushDecompress;
use flate2::Status;

/// A decoder from the start of `stored`.
pub(super) fn decoder(stored: &[u8]) -> Box<dyn Decoder + '_> {
    Box::new(DecompressReader::new(Zlib(Decompress::new(true)), stored))
}

struct Zlib(Decompress);

impl StreamDecompressor for Zlib {
    const CODEC: &'static str = "zlib";

    fn advance(&mut self, input: &[u8], output: &mut [u8]) -> Result<Progress> {
        let (read, written) = (self.0.total_in(), self.0.total_out());
        let status = self.0.decompress(input, output, FlushDecompress::None);
        let status = status.map_err(|_error| {
            // Its own message is that of a second call when the first gave the good bytes before.
            let detail = format!("invalid near byte {}", self.0.total_in());
            decompress::bad::<Self>(detail)
        })?;
        Ok(Progress {
            read: decompress::since(read, self.0.total_in()),
            written: decompress::since(written, self.0.total_out()),
            ended: status == Status::StreamEnd,
        })
    }

    fn begin_next_member(&mut self, _rest: &[u8]) -> bool {
        false
    }
}
