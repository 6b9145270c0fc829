//! Files that are compressed as a whole (`x.asdf.gz`, `x.fits.bz2`, `x.fits.xz`): which codec it is, and a stream of the content.

use super::{Input, Unpacked};
use crate::error::{Error, ErrorKind, Malformed, Result};
use crate::limits::{Limit, Limits};
use std::io::Read;

/// A codec of whole files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WholeCodec {
    #[cfg(any(feature = "fits", feature = "zlib"))]
    Gzip,
    #[cfg(feature = "bzip2")]
    Bzip2,
    #[cfg(feature = "xz")]
    Xz,
}

/// Memory that a stream of xz may ask for, in KiB: four times what the strongest preset of `xz` needs. It could ask for 4 GiB.
#[cfg(feature = "xz")]
const XZ_MEMORY: u32 = 256 << 10;

impl WholeCodec {
    /// Bytes of a file that tell its codec.
    pub(crate) const HEAD: usize = 6;

    /// The codec by the first bytes of a file; `None` when it is not compressed, or by a codec that this build does not have.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        #[cfg(any(feature = "fits", feature = "zlib"))]
        if bytes.starts_with(b"\x1f\x8b\x08") {
            return Some(Self::Gzip);
        }
        #[cfg(feature = "bzip2")]
        if bytes.starts_with(b"BZh") {
            return Some(Self::Bzip2);
        }
        #[cfg(feature = "xz")]
        if bytes.starts_with(b"\xfd7zXZ\0") {
            return Some(Self::Xz);
        }
        let _ = bytes;
        None
    }

    /// The codec of a file whose content begins with these bytes. What is compressed is fetched whole.
    pub(crate) fn of_input(input: &Input, magic: &[u8]) -> Result<Option<Self>> {
        match Self::of(input.up_to(0, Self::HEAD)?) {
            Some(codec) if codec.holds(input.whole()?, magic) => Ok(Some(codec)),
            _ => Ok(None),
        }
    }

    /// The codec's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            #[cfg(any(feature = "fits", feature = "zlib"))]
            Self::Gzip => "gzip",
            #[cfg(feature = "bzip2")]
            Self::Bzip2 => "bzip2",
            #[cfg(feature = "xz")]
            Self::Xz => "xz",
        }
    }

    /// The content as a stream; several members one after the other are one content.
    #[cfg_attr(
        not(any(feature = "fits", feature = "zlib", feature = "bzip2", feature = "xz")),
        expect(unused_variables, reason = "there is no codec")
    )]
    pub(crate) fn decoder(self, stored: &[u8]) -> Box<dyn Read + '_> {
        match self {
            #[cfg(any(feature = "fits", feature = "zlib"))]
            Self::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(stored)),
            #[cfg(feature = "bzip2")]
            Self::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(stored)),
            #[cfg(feature = "xz")]
            Self::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(stored, true, XZ_MEMORY)),
        }
    }

    /// True when the content begins with these bytes.
    pub(crate) fn holds(self, stored: &[u8], magic: &[u8]) -> bool {
        let mut first = vec![0; magic.len()];
        match self.decoder(stored).read_exact(&mut first) {
            Ok(()) => first == magic,
            // It cannot be told, and whoever unpacks it says why.
            Err(error) => error.kind() == std::io::ErrorKind::OutOfMemory,
        }
    }

    /// The whole content, at most `unpacked_bytes` of [`Limits`].
    pub(crate) fn unpack(self, stored: &[u8], limits: &Limits) -> Result<Input> {
        let limit = (Limit::UnpackedBytes, limits.unpacked_bytes);
        let what = "bytes of a compressed file";
        let mut content = Unpacked::new(self.decoder(stored), what, limit);
        content
            .fill(u64::MAX)
            .map_err(|error| self.damaged(error))?;
        content.into_input()
    }

    /// What the decoder says, as a fault of the file.
    pub(crate) fn damaged(self, error: Error) -> Error {
        match error.kind() {
            // Of these decoders only that of xz says how much memory it may have.
            ErrorKind::Io(fact) if fact.kind() == std::io::ErrorKind::OutOfMemory => {
                Malformed::Compressed {
                    codec: self.name(),
                    detail: "it needs a dictionary of more than 256 MiB".into(),
                }
                .into()
            }
            ErrorKind::Io(fact) => Malformed::Compressed {
                codec: self.name(),
                detail: fact.to_string().into(),
            }
            .into(),
            _ => error,
        }
    }
}
