//! One value all over, of which nothing or next to nothing is stored.

use crate::error::Result;
use crate::error::Unsupported;

/// One value all over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run<'v> {
    /// Zeros, or bytes that nobody ever set.
    Zeros,
    /// Not-a-numbers of four bytes.
    Nan32,
    /// Not-a-numbers of eight bytes.
    Nan64,
    /// These bytes again and again.
    Value(&'v [u8]),
}

impl Run<'_> {
    /// The run that is the whole content of a chunk, and that only a frame knows of.
    ///
    /// A buffer has 16 bytes at least, so what is shorter stands for a run: no bytes at all for
    /// zeros, and for not-a-numbers the width of an element in the header of the frame.
    pub(super) fn announced(stored: &[u8]) -> Option<Result<Self>> {
        match stored {
            [] => Some(Ok(Self::Zeros)),
            [a, b, c, d] => Some(Self::nan(width([*a, *b, *c, *d]))),
            _ => None,
        }
    }

    /// Not-a-numbers of that many bytes.
    pub(super) fn nan(width: usize) -> Result<Self> {
        match width {
            4 => Ok(Self::Nan32),
            8 => Ok(Self::Nan64),
            _ => Err(Unsupported::Blosc {
                feature: "special value",
                code: 2,
            }
            .into()),
        }
    }

    /// Bytes of the value.
    pub(super) fn element(self) -> usize {
        match self {
            Self::Zeros => 1,
            Self::Nan32 => 4,
            Self::Nan64 => 8,
            Self::Value(value) => value.len(),
        }
    }

    /// Fills `out`.
    pub(super) fn fill(self, out: &mut [u8]) {
        match self {
            Self::Zeros => out.fill(0),
            Self::Nan32 => repeat(&f32::NAN.to_le_bytes(), out),
            Self::Nan64 => repeat(&f64::NAN.to_le_bytes(), out),
            Self::Value(value) => repeat(value, out),
        }
    }
}

/// Fills `out` with the same bytes again and again.
fn repeat(value: &[u8], out: &mut [u8]) {
    for element in out.chunks_mut(value.len().max(1)) {
        for (byte, value) in element.iter_mut().zip(value) {
            *byte = *value;
        }
    }
}

/// The width of an element in the header of a frame.
fn width(field: [u8; 4]) -> usize {
    usize::try_from(u32::from_be_bytes(field)).unwrap_or(usize::MAX)
}
