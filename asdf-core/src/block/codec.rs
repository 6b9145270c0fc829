//! The codecs: which label is which, and how to get at the decoded bytes.

#[cfg(feature = "blosc")]
mod blosc;
#[cfg(feature = "bzip2")]
mod bzip2;
mod chunk;
mod decoder;
#[cfg(any(feature = "zlib", feature = "bzip2", feature = "zstd"))]
mod decompress;
#[cfg(feature = "lz4")]
mod lz4;
#[cfg(feature = "lz4")]
mod lz4_frame;
#[cfg(feature = "zlib")]
mod zlib;
#[cfg(feature = "zstd")]
mod zstd;

pub(crate) use chunk::{Chunk, DecodeChunk, Part};
pub(crate) use decoder::Decoder;

use super::header::Codec;
use super::stored::Stored;
#[cfg(any(feature = "lz4", feature = "blosc"))]
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::error::Unsupported;
#[cfg(any(feature = "lz4", feature = "blosc"))]
use crate::limits::Limit;
use crate::limits::Limits;
use std::io::Read;
use std::ops::Range;

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

/// What is wanted of a block.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// A codec that can also stream does so when a chunk would have more than so many decoded bytes.
    #[cfg_attr(
        not(feature = "zstd"),
        expect(dead_code, reason = "codecs with chunks ask for them")
    )]
    pub(crate) piece: u64,
    /// The decoded bytes that will be asked for. Where the chunks after them would have to be fetched they are not looked for.
    #[cfg_attr(
        not(feature = "lz4"),
        expect(dead_code, reason = "codecs with chunks ask for them")
    )]
    pub(crate) range: Range<u64>,
}

impl Wanted {
    /// All decoded bytes.
    pub(crate) fn all(piece: u64) -> Self {
        Self {
            piece,
            range: 0..u64::MAX,
        }
    }
}

/// Finds out how `stored` can be decoded.
pub(crate) fn plan<'a>(
    codec: Codec,
    stored: Stored<'a>,
    data_size: u64,
    wanted: &Wanted,
    limits: &Limits,
) -> Result<Plan<'a>> {
    match codec {
        Codec::None => Ok(Plan::Stream(Box::new(Raw(stored.whole()?)))),
        #[cfg(feature = "zlib")]
        Codec::Zlib => Ok(Plan::Stream(zlib::decoder(stored.whole()?))),
        #[cfg(feature = "bzip2")]
        Codec::Bzip2 => Ok(Plan::Stream(bzip2::decoder(stored.whole()?))),
        #[cfg(feature = "lz4")]
        Codec::Lz4 => match lz4::chunks(stored, data_size, &wanted.range, limits) {
            Ok(chunks) => Ok(Plan::Chunks {
                chunks,
                decode: |stored, chunk, out| lz4::decode_chunk(chunk.of(stored)?, out),
            }),
            Err(error) if error.is_of_source() => Err(error),
            Err(_) if lz4_frame::begins(stored.get(0..4)?) => {
                Ok(Plan::Stream(lz4_frame::decoder(stored.whole()?)))
            }
            Err(error) => Err(error),
        },
        #[cfg(feature = "lz4")]
        Codec::Lz4Frame => Ok(Plan::Stream(lz4_frame::decoder(stored.whole()?))),
        #[cfg(feature = "zstd")]
        Codec::Zstd => {
            let bytes = stored.whole()?;
            Ok(
                match zstd::chunks(bytes, data_size, wanted.piece, limits)? {
                    Some(chunks) => Plan::Chunks {
                        chunks,
                        decode: |stored, chunk, out| zstd::decode_chunk(chunk.of(stored)?, out),
                    },
                    None => Plan::Stream(zstd::decoder(bytes)?),
                },
            )
        }
        #[cfg(feature = "blosc")]
        Codec::Blosc | Codec::Blosc2 => Ok(Plan::Chunks {
            chunks: blosc::chunks(stored.whole()?, stored.base(), data_size, limits)?,
            decode: |stored, chunk, out| {
                blosc::decode_chunk(stored.whole()?, stored.base(), chunk, out)
            },
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
            let _ = (data_size, wanted, limits);
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
    stored: Stored<'a>,
    data_size: u64,
    limits: &Limits,
) -> Result<Plan<'a>> {
    match codec {
        #[cfg(feature = "lz4")]
        Codec::Lz4 if !lz4_frame::begins(stored.get(0..4)?) => Ok(Plan::Chunks {
            chunks: lz4::whole_chunks(stored, data_size, limits)?,
            decode: |stored, chunk, out| lz4::decode_chunk(chunk.of(stored)?, out),
        }),
        #[cfg(feature = "lz4")]
        Codec::Lz4 => Ok(Plan::Stream(lz4_frame::decoder(stored.whole()?))),
        #[cfg(feature = "zstd")]
        Codec::Zstd => Ok(Plan::Stream(zstd::decoder(stored.whole()?)?)),
        codec => plan(codec, stored, data_size, &Wanted::all(0), limits),
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
