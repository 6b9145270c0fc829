//! How a block is to be written: codec and level.

use super::encode;
use super::header::Codec;
use crate::error::Error;
use crate::error::Result;
use crate::error::Unsupported;
use crate::error::Usage;
use std::fmt;
use std::io::Read;
use std::io::Seek;
use std::io::Write;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// The name of a block without compression.
const RAW: &str = "none";

/// What can be written.
const CODECS: [Codec; 7] = [
    Codec::None,
    Codec::Zlib,
    Codec::Bzip2,
    Codec::Lz4,
    Codec::Lz4Frame,
    Codec::Zstd,
    Codec::Blosc,
];

/// How a block is to be compressed: a codec that this build can write, and its level.
///
/// As text it is `none`, `zlib`, `bzp2`, `lz4`, `lz4f`, `zstd` or `blsc`; `zlib` (0 to 9), `bzp2`
/// (1 to 9) and `zstd` (1 to 22) may have `:LEVEL` after them. Without one they are written as the
/// Python library does: levels 6, 9 and 3. The default is `none`.
///
/// ```
/// # fn main() -> asdf_core::Result<()> {
/// use asdf_core::block::{Codec, Compression};
///
/// let compression: Compression = "zstd:9".parse()?;
/// assert_eq!(compression, Compression::new(Codec::Zstd)?.level(9)?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Compression {
    codec: Codec,
    level: Option<i32>,
}

impl Compression {
    /// No compression at all.
    pub const NONE: Self = Self {
        codec: Codec::None,
        level: None,
    };

    /// This codec at its default level.
    ///
    /// # Errors
    /// Nothing here writes `bls2` and unknown labels, and a build may lack the others.
    pub fn new(codec: Codec) -> Result<Self> {
        if !CODECS.contains(&codec) {
            let label = codec.label();
            return Err(Unsupported::Encoder { label }.into());
        }
        if !enabled(codec) {
            let label = codec.name();
            return Err(Unsupported::CodecDisabled { label }.into());
        }
        Ok(Self { codec, level: None })
    }

    /// The same codec at this level.
    ///
    /// # Errors
    /// The codec has no such level.
    pub fn level(self, level: i32) -> Result<Self> {
        if levels(self.codec).is_some_and(|levels| levels.contains(&level)) {
            let level = Some(level);
            return Ok(Self { level, ..self });
        }
        let given = format!("{}:{level}", self.name());
        Err(self.bad_level(&given))
    }

    /// A codec at the level that the data happens to have.
    pub(crate) fn as_is(codec: Codec) -> Self {
        Self { codec, level: None }
    }

    /// The codec.
    pub fn codec(self) -> Codec {
        self.codec
    }

    /// Reads exactly `size` bytes from `data`, elements of `element_size` bytes each, and writes them
    /// compressed to `out`, as the payload of a block. Returns the number of stored bytes, after
    /// which `out` stands then.
    ///
    /// Chunks are compressed in parallel on the current `rayon` pool, in bounded memory; the stored
    /// bytes do not depend on the number of threads. Only `blsc` goes back in `out`, to the first
    /// byte that it wrote, and only it looks at the element size.
    ///
    /// # Errors
    /// There is less or more data than announced, or too much for the codec.
    pub fn encode(
        self,
        element_size: usize,
        size: u64,
        data: &mut (dyn Read + Send),
        out: &mut (impl Write + Seek),
    ) -> Result<u64> {
        encode::encode(
            self,
            encode::Grain::of_element(element_size),
            size,
            data,
            out,
        )
    }

    /// The four bytes that name the codec in a block header.
    pub fn label(self) -> [u8; 4] {
        self.codec.stored_label()
    }

    /// The level asked for, or else this one.
    #[cfg_attr(
        not(any(feature = "zlib", feature = "bzip2", feature = "zstd")),
        expect(dead_code, reason = "no codec of this build has levels")
    )]
    pub(super) fn level_or(self, default: i32) -> i32 {
        self.level.unwrap_or(default)
    }

    fn name(self) -> &'static str {
        match self.codec {
            Codec::None => RAW,
            codec => codec.name(),
        }
    }

    fn bad_level(self, given: &str) -> Error {
        let name = self.name();
        let reason = match levels(self.codec) {
            Some(levels) => format!(
                "the level of {name} is a whole number from {} to {}",
                levels.start(),
                levels.end()
            ),
            None => format!("{name} has no levels"),
        };
        bad(given, reason)
    }
}

impl Default for Compression {
    fn default() -> Self {
        Self::NONE
    }
}

impl Compression {
    /// The names of the codecs that blocks are written with, `none` among them.
    ///
    /// ```
    /// assert!(asdf_core::block::Compression::names().contains(&"lz4"));
    /// ```
    pub fn names() -> Vec<&'static str> {
        CODECS
            .map(|codec| Self { codec, level: None }.name())
            .to_vec()
    }
}

impl FromStr for Compression {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (name, level) = match text.split_once(':') {
            Some((name, level)) => (name, Some(level)),
            None => (text, None),
        };
        let all = CODECS.map(|codec| Self { codec, level: None });
        let Some(found) = all.iter().find(|known| known.name() == name) else {
            let names = all.map(Self::name).join(", ");
            return Err(bad(text, format!("it is one of {names}")));
        };
        let plain = Self::new(found.codec)?;
        match level {
            None => Ok(plain),
            Some(level) => match level.parse() {
                Ok(level) => plain.level(level),
                Err(_not_a_number) => Err(plain.bad_level(text)),
            },
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self.level {
            Some(level) => write!(f, ":{level}"),
            None => Ok(()),
        }
    }
}

/// The levels that a codec has.
fn levels(codec: Codec) -> Option<RangeInclusive<i32>> {
    match codec {
        Codec::Zlib => Some(0..=9),
        Codec::Bzip2 => Some(1..=9),
        Codec::Zstd => Some(1..=22),
        _ => None,
    }
}

/// True when this build can write that codec.
fn enabled(codec: Codec) -> bool {
    match codec {
        Codec::Zlib => cfg!(feature = "zlib"),
        Codec::Bzip2 => cfg!(feature = "bzip2"),
        Codec::Lz4 | Codec::Lz4Frame => cfg!(feature = "lz4"),
        Codec::Zstd => cfg!(feature = "zstd"),
        Codec::Blosc => cfg!(all(feature = "blosc", feature = "lz4")),
        _ => true,
    }
}

fn bad(given: &str, reason: String) -> Error {
    Usage::Compression {
        given: given.escape_debug().to_string().into(),
        reason: reason.into(),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        text.parse::<Compression>().unwrap_err().to_string()
    }

    #[test]
    fn what_is_printed_is_read_back() {
        let texts = [
            "none", "zlib", "zlib:0", "zlib:9", "bzp2", "bzp2:1", "lz4", "lz4f", "zstd", "zstd:22",
            "blsc",
        ];
        for text in texts {
            let compression: Compression = text.parse().unwrap();
            assert_eq!(compression.to_string(), text);
        }
        assert_eq!(
            "none".parse::<Compression>().unwrap(),
            Compression::default()
        );
    }

    #[test]
    fn a_bad_name_is_told_the_good_ones() {
        assert_eq!(
            refusal("gzip"),
            "bad compression `gzip`: it is one of none, zlib, bzp2, lz4, lz4f, zstd, blsc"
        );
        assert_eq!(
            refusal("\n:1"),
            "bad compression `\\n:1`: it is one of none, zlib, bzp2, lz4, lz4f, zstd, blsc"
        );
    }

    #[test]
    fn a_bad_level_is_told_the_range() {
        let range = "the level of zlib is a whole number from 0 to 9";
        for text in ["zlib:10", "zlib:-1", "zlib:", "zlib:best", "zlib:6:6"] {
            assert_eq!(refusal(text), format!("bad compression `{text}`: {range}"));
        }
        assert!(refusal("bzp2:0").ends_with("from 1 to 9"));
        assert!(refusal("zstd:23").ends_with("from 1 to 22"));
        assert!(refusal("lz4:1").ends_with("lz4 has no levels"));
        assert!(refusal("none:1").ends_with("none has no levels"));
        let zstd = Compression::new(Codec::Zstd).unwrap();
        assert_eq!(
            zstd.level(0).unwrap_err().to_string(),
            "bad compression `zstd:0`: the level of zstd is a whole number from 1 to 22"
        );
    }

    #[test]
    fn what_nothing_here_writes_is_refused() {
        for codec in [Codec::Blosc2, Codec::Unknown(*b"what")] {
            assert!(Compression::new(codec).unwrap_err().is_unsupported());
        }
    }

    #[test]
    fn labels_are_padded_with_nul() {
        let label = |text: &str| text.parse::<Compression>().unwrap().label();
        assert_eq!(label("none"), [0; 4]);
        assert_eq!(label("lz4"), *b"lz4\0");
        assert_eq!(label("blsc"), *b"blsc");
    }
}
