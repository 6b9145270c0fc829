//! The codecs: which label is which, and how to get at the decoded bytes.

#[cfg(feature = "blosc")]
mod blosc;
#[cfg(feature = "bzip2")]
mod bzip2;
mod chunk;
mod decoder;
#[cfg(feature = "lz4")]
mod lz4;
#[cfg(feature = "lz4")]
mod lz4_frame;
#[cfg(any(feature = "zlib", feature = "bzip2", feature = "zstd"))]
mod machine;
#[cfg(feature = "zlib")]
mod zlib;
#[cfg(feature = "zstd")]
mod zstd;

pub(crate) use chunk::{Chunk, DecodeChunk, Part};
pub(crate) use decoder::Decoder;

use super::header::Codec;
#[cfg(any(feature = "lz4", feature = "blosc"))]
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::error::Unsupported;
#[cfg(any(feature = "lz4", feature = "blosc"))]
use crate::limits::Limit;
use crate::limits::Limits;
use std::io::Read;

/// How a block can be decoded.
#[cfg_attr(
    not(any(feature = "lz4", feature = "zstd", feature = "blosc")),
    expect(dead_code, reason = "no codec of this build has chunks")
)]
pub(crate) enum Plan<'a> {
    /// In any order.
    Chunks {
        /// The chunks in order; together they have the promised size.
        chunks: Vec<Chunk>,
        /// Decodes one of them.
        decode: DecodeChunk,
    },
    /// From start to end.
    Stream(Box<dyn Decoder + 'a>),
}

/// Finds out how `stored` can be decoded. A codec that can also stream does so when a chunk would
/// have more than `piece` decoded bytes. `base` is the offset of `stored` in the file.
pub(crate) fn plan<'a>(
    codec: Codec,
    stored: &'a [u8],
    base: u64,
    data_size: u64,
    piece: u64,
    limits: &Limits,
) -> Result<Plan<'a>> {
    match codec {
        Codec::None => Ok(Plan::Stream(Box::new(Raw(stored)))),
        #[cfg(feature = "zlib")]
        Codec::Zlib => Ok(Plan::Stream(zlib::decoder(stored))),
        #[cfg(feature = "bzip2")]
        Codec::Bzip2 => Ok(Plan::Stream(bzip2::decoder(stored))),
        #[cfg(feature = "lz4")]
        Codec::Lz4 => match lz4::chunks(stored, data_size, limits) {
            Ok(chunks) => Ok(Plan::Chunks {
                chunks,
                decode: |stored, _, chunk, out| lz4::decode_chunk(chunk.of(stored), out),
            }),
            Err(_) if lz4_frame::begins(stored) => Ok(Plan::Stream(lz4_frame::decoder(stored))),
            Err(error) => Err(error),
        },
        #[cfg(feature = "lz4")]
        Codec::Lz4Frame => Ok(Plan::Stream(lz4_frame::decoder(stored))),
        #[cfg(feature = "zstd")]
        Codec::Zstd => Ok(match zstd::chunks(stored, data_size, piece, limits)? {
            Some(chunks) => Plan::Chunks {
                chunks,
                decode: |stored, _, chunk, out| zstd::decode_chunk(chunk.of(stored), out),
            },
            None => Plan::Stream(zstd::decoder(stored)?),
        }),
        #[cfg(feature = "blosc")]
        Codec::Blosc | Codec::Blosc2 => Ok(Plan::Chunks {
            chunks: blosc::chunks(stored, base, data_size, limits)?,
            decode: blosc::decode_chunk,
        }),
        Codec::Unknown(_) => Err(Unsupported::Codec {
            label: codec.label(),
        }
        .into()),
        #[cfg(not(all(
            feature = "zlib",
            feature = "bzip2",
            feature = "lz4",
            feature = "zstd",
            feature = "blosc"
        )))]
        disabled => {
            let _ = (stored, base, data_size, piece, limits);
            Err(Unsupported::CodecDisabled {
                label: disabled.name(),
            }
            .into())
        }
    }
}

/// How much can be decoded of `stored`, which was cut: whole chunks, or a stream that fails at the cut.
pub(crate) fn plan_cut<'a>(
    codec: Codec,
    stored: &'a [u8],
    base: u64,
    data_size: u64,
    limits: &Limits,
) -> Result<Plan<'a>> {
    match codec {
        #[cfg(feature = "lz4")]
        Codec::Lz4 if !lz4_frame::begins(stored) => Ok(Plan::Chunks {
            chunks: lz4::whole_chunks(stored, data_size, limits)?,
            decode: |stored, _, chunk, out| lz4::decode_chunk(chunk.of(stored), out),
        }),
        #[cfg(feature = "lz4")]
        Codec::Lz4 => Ok(Plan::Stream(lz4_frame::decoder(stored))),
        #[cfg(feature = "zstd")]
        Codec::Zstd => Ok(Plan::Stream(zstd::decoder(stored)?)),
        codec => plan(codec, stored, base, data_size, 0, limits),
    }
}

/// No codec at all.
struct Raw<'a>(&'a [u8]);

impl Read for Raw<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(out)
    }
}

impl Decoder for Raw<'_> {}

/// A chunk that can only be decoded as a whole takes memory for all of it.
#[cfg(any(feature = "lz4", feature = "blosc"))]
fn check_chunk(size: u64, limits: &Limits) -> Result<()> {
    let what = "decoded bytes of one chunk";
    LimitExceeded::check(what, Limit::ChunkBytes, size, limits.chunk_bytes)
}
