//! The compressed streams inside a Blosc block, one codec for all streams of a buffer.

use super::blosclz;
#[cfg(feature = "lz4")]
use super::lz4;
use super::source::Source;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::Unsupported;

/// The codec of the streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inner {
    BloscLz,
    Lz4,
    Zlib,
    Zstd,
}

impl Inner {
    /// The codec with this code in the flags of a buffer; `user` is the code of a plugin.
    pub(super) fn new(code: u8, user: u8) -> Result<Self> {
        let (codec, enabled) = match code {
            0 => (Self::BloscLz, true),
            1 => (Self::Lz4, cfg!(feature = "lz4")),
            3 => (Self::Zlib, cfg!(feature = "zlib")),
            4 => (Self::Zstd, cfg!(feature = "zstd")),
            2 => {
                return Err(Unsupported::Blosc {
                    feature: "the Snappy codec, code",
                    code,
                }
                .into());
            }
            6 => {
                return Err(Unsupported::Blosc {
                    feature: "codec plugin",
                    code: user,
                }
                .into());
            }
            _ => {
                return Err(Unsupported::Blosc {
                    feature: "codec",
                    code,
                }
                .into());
            }
        };
        if enabled {
            Ok(codec)
        } else {
            Err(Unsupported::CodecDisabled {
                label: codec.name(),
            }
            .into())
        }
    }

    /// The name, for messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::BloscLz => "blosclz",
            Self::Lz4 => "lz4",
            Self::Zlib => "zlib",
            Self::Zstd => "zstd",
        }
    }

    /// Decoded bytes that one stored byte can stand for at most.
    pub(super) fn ratio(self) -> usize {
        match self {
            Self::BloscLz | Self::Lz4 => 256,
            // A match of 258 bytes in two bits.
            Self::Zlib => 1040,
            // A block of 128 KiB in three bytes of header and one of content.
            Self::Zstd => 32 << 10,
        }
    }
}

/// Decodes streams of one codec; what the codec needs to work is made once.
pub(super) struct Streams<'d> {
    codec: Inner,
    #[cfg_attr(
        not(any(feature = "lz4", feature = "zstd")),
        expect(dead_code, reason = "read there")
    )]
    dictionary: &'d [u8],
    #[cfg(feature = "zlib")]
    zlib: Option<flate2::Decompress>,
    #[cfg(feature = "zstd")]
    zstd: Option<zstd::bulk::Decompressor<'static>>,
}

impl<'d> Streams<'d> {
    /// A decoder; an empty dictionary is none.
    pub(super) fn new(codec: Inner, dictionary: &'d [u8]) -> Self {
        Self {
            codec,
            dictionary,
            #[cfg(feature = "zlib")]
            zlib: None,
            #[cfg(feature = "zstd")]
            zstd: None,
        }
    }

    /// Decodes a stream, which must give exactly the bytes of `out`.
    pub(super) fn decode(&mut self, stream: Source<'_>, out: &mut [u8]) -> Result<()> {
        let bytes = stream.bytes();
        let written = match self.codec {
            Inner::BloscLz => blosclz::decode(bytes, out).map(|()| out.len()),
            #[cfg(feature = "lz4")]
            Inner::Lz4 if self.dictionary.is_empty() => lz4::decode(bytes, out).map(|()| out.len()),
            #[cfg(feature = "lz4")]
            Inner::Lz4 => {
                lz4_flex::block::decompress_into_with_dict(bytes, out, self.dictionary).ok()
            }
            #[cfg(feature = "zlib")]
            Inner::Zlib => self.zlib(bytes, out),
            #[cfg(feature = "zstd")]
            Inner::Zstd => self.zstd(bytes, out)?,
            #[cfg(not(all(feature = "lz4", feature = "zlib", feature = "zstd")))]
            codec => {
                return Err(Unsupported::CodecDisabled {
                    label: codec.name(),
                }
                .into());
            }
        };
        if written == Some(out.len()) {
            return Ok(());
        }
        let (codec, size) = (self.codec.name(), out.len() as u64);
        Err(Error::from(Malformed::BloscStream { codec, size }).at(stream.span()))
    }

    #[cfg(feature = "zlib")]
    fn zlib(&mut self, stream: &[u8], out: &mut [u8]) -> Option<usize> {
        let decoder = self
            .zlib
            .get_or_insert_with(|| flate2::Decompress::new(true));
        decoder.reset(true);
        let status = decoder
            .decompress(stream, out, flate2::FlushDecompress::Finish)
            .ok()?;
        let written = usize::try_from(decoder.total_out()).ok()?;
        (status == flate2::Status::StreamEnd).then_some(written)
    }

    #[cfg(feature = "zstd")]
    fn zstd(&mut self, stream: &[u8], out: &mut [u8]) -> Result<Option<usize>> {
        let decoder = match &mut self.zstd {
            Some(decoder) => decoder,
            none => none.insert(zstd::bulk::Decompressor::with_dictionary(self.dictionary)?),
        };
        Ok(decoder.decompress_to_buffer(stream, out).ok())
    }
}
