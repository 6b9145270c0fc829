//! `zstd`: one or more Zstandard frames.

use super::chunk::Chunk;
use super::chunk::Chunks;
use super::decoder::Decoder;
use super::decompress;
use super::decompress::DecompressReader;
use super::decompress::Progress;
use super::decompress::StreamDecompressor;
use crate::error::Malformed;
use crate::error::Result;
use crate::limits::Limits;
use zstd::zstd_safe;
use zstd_safe::DCtx;
use zstd_safe::InBuffer;
use zstd_safe::OutBuffer;

/// Three bytes, the least that a frame's block has, stand for at most 128 KiB.
const RATIO: u64 = (128 << 10) / 3;

/// The frames, when each says its decoded size and none has more than `piece`.
pub(super) fn chunks(
    stored: &[u8],
    data_size: u64,
    piece: u64,
    limits: &Limits,
) -> Result<Option<Vec<Chunk>>> {
    let mut chunks = Chunks::new(data_size, limits);
    let mut at = 0_usize;
    while let Some(rest) = stored.get(at..).filter(|rest| !rest.is_empty()) {
        let Ok(length) = zstd_safe::find_frame_compressed_size(rest) else {
            return Ok(None);
        };
        let Ok(Some(size)) = zstd_safe::get_frame_content_size(rest) else {
            return Ok(None);
        };
        let most = (length as u64).saturating_mul(RATIO);
        if size > piece || size > most {
            return Ok(None);
        }
        let end = at.saturating_add(length);
        chunks.push(at..end, size)?;
        at = end;
    }
    chunks.finish().map(Some)
}

/// Decodes one frame, which must fill `out`.
pub(super) fn decode_chunk(stored: &[u8], out: &mut [u8]) -> Result<()> {
    let mut context =
        DCtx::try_create().ok_or_else(|| decompress::bad::<Zstd>("no memory to decode"))?;
    let written = context.decompress(out, stored).map_err(refusal)?;
    if written != out.len() {
        let (delivered, promised) = (written as u64, out.len() as u64);
        return Err(Malformed::DecodedShort {
            delivered,
            promised,
        }
        .into());
    }
    Ok(())
}

/// A decoder from the start of `stored`.
pub(super) fn decoder(stored: &[u8]) -> Result<Box<dyn Decoder + '_>> {
    let context =
        DCtx::try_create().ok_or_else(|| decompress::bad::<Zstd>("no memory to decode"))?;
    Ok(Box::new(DecompressReader::new(Zstd(context), stored)))
}

struct Zstd(DCtx<'static>);

impl StreamDecompressor for Zstd {
    const CODEC: &'static str = "zstd";

    fn advance(&mut self, input: &[u8], output: &mut [u8]) -> Result<Progress> {
        let mut from = InBuffer::around(input);
        let mut to = OutBuffer::around(output);
        let hint = self
            .0
            .decompress_stream(&mut to, &mut from)
            .map_err(refusal)?;
        Ok(Progress {
            read: from.pos(),
            written: to.pos(),
            ended: hint == 0,
        })
    }

    /// The context is ready for the next frame by itself; what is none is refused there.
    fn begin_next_member(&mut self, rest: &[u8]) -> bool {
        !rest.is_empty()
    }
}

fn refusal(code: usize) -> crate::error::Error {
    decompress::bad::<Zstd>(zstd_safe::get_error_name(code))
}
