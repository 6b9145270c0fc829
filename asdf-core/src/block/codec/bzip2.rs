//! `bzp2`: one or more bzip2 streams.

use super::decoder::Decoder;
use super::decompress;
use super::decompress::DecompressReader;
use super::decompress::Progress;
use super::decompress::StreamDecompressor;
use crate::error::Result;
use bzip2::Decompress;
use bzip2::Status;

/// A decoder from the start of `stored`.
pub(super) fn decoder(stored: &[u8]) -> Box<dyn Decoder + '_> {
    Box::new(DecompressReader::new(Bzip2(Decompress::new(false)), stored))
}

/// What follows `BZh` and the size of blocks in a stream without any: the mark of the end and a checksum of 0.
const EMPTY: [u8; 10] = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90, 0, 0, 0, 0];
const EMPTY_STREAM: usize = 14;

struct Bzip2(Decompress);

impl StreamDecompressor for Bzip2 {
    const CODEC: &'static str = "bzp2";

    fn advance(&mut self, input: &[u8], output: &mut [u8]) -> Result<Progress> {
        let (read, written) = (self.0.total_in(), self.0.total_out());
        let status = self.0.decompress(input, output);
        let status = status.map_err(|error| decompress::bad::<Self>(error.to_string()))?;
        Ok(Progress {
            read: decompress::since(read, self.0.total_in()),
            written: decompress::since(written, self.0.total_out()),
            ended: status == Status::StreamEnd,
        })
    }

    fn begin_next_member(&mut self, rest: &[u8]) -> bool {
        let another = rest.starts_with(b"BZh");
        if another {
            self.0 = Decompress::new(false);
        }
        another
    }

    fn empty_streams(rest: &[u8]) -> usize {
        let streams = rest.as_chunks::<EMPTY_STREAM>().0.iter();
        let is_empty = |stream: &&[u8; EMPTY_STREAM]| {
            stream.starts_with(b"BZh")
                && matches!(stream.get(3), Some(b'1'..=b'9'))
                && stream.ends_with(&EMPTY)
        };
        streams
            .take_while(is_empty)
            .count()
            .saturating_mul(EMPTY_STREAM)
    }
}
