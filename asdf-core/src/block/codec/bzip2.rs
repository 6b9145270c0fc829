//! `bzp2`: one or more bzip2 streams.

use super::Decoder;
use super::machine;
use super::machine::Machine;
use super::machine::Running;
use super::machine::Turn;
use crate::error::Result;
use bzip2::Decompress;
use bzip2::Status;

/// A decoder from the start of `stored`.
pub(super) fn decoder(stored: &[u8]) -> Box<dyn Decoder + '_> {
    Box::new(Running::new(Bzip2(Decompress::new(false)), stored))
}

struct Bzip2(Decompress);

impl Machine for Bzip2 {
    const CODEC: &'static str = "bzp2";

    fn turn(&mut self, input: &[u8], output: &mut [u8]) -> Result<Turn> {
        let (read, written) = (self.0.total_in(), self.0.total_out());
        let status = self.0.decompress(input, output);
        let status = status.map_err(|error| machine::bad::<Self>(error.to_string()))?;
        Ok(Turn {
            read: machine::since(read, self.0.total_in()),
            written: machine::since(written, self.0.total_out()),
            ended: status == Status::StreamEnd,
        })
    }

    fn again(&mut self, rest: &[u8]) -> bool {
        let another = rest.starts_with(b"BZh");
        if another {
            self.0 = Decompress::new(false);
        }
        another
    }
}
