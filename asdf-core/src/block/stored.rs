//! The stored bytes of a block, got by part.

use crate::error::Result;
use crate::input::Input;
use std::ops::Range;

/// Bytes that are fetched before anybody asks for them, of those that all will be needed.
const AHEAD: u64 = 16 << 20;

/// Stored bytes of a block: here, or elsewhere until they are asked for. Copying it copies a few words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stored<'f> {
    /// All of them, when they are here.
    bytes: &'f [u8],
    /// Where they come from, when they are not.
    input: Option<&'f Input>,
    /// Absolute offset of the first one.
    base: u64,
    len: usize,
    /// Whether all of them will be needed, one after the other.
    is_pass: bool,
}

impl<'f> Stored<'f> {
    /// The bytes of a range, which the file has.
    pub(super) fn of_input(input: &'f Input, span: &Range<u64>) -> Result<Self> {
        let length = span.end.saturating_sub(span.start);
        if !input.is_here(span) {
            // The range is checked by asking for none of its bytes.
            input.slice(span.end..span.end)?;
            return Ok(Self {
                bytes: &[],
                input: Some(input),
                base: span.start,
                len: usize::try_from(length).unwrap_or(usize::MAX),
                is_pass: false,
            });
        }
        Ok(Self::of_bytes(input.slice(span.clone())?, span.start))
    }

    /// Bytes in memory, the first of which has that offset in the file.
    pub(crate) fn of_bytes(bytes: &'f [u8], base: u64) -> Self {
        Self {
            bytes,
            input: None,
            base,
            len: bytes.len(),
            is_pass: false,
        }
    }

    /// The same bytes, all of which will be needed one after the other: they are fetched from now on.
    pub(super) fn in_one_pass(self) -> Self {
        if let Some(input) = self.input {
            let span = self.span();
            input.want_later(&(span.start..span.start.saturating_add(AHEAD).min(span.end)));
        }
        Self {
            is_pass: true,
            ..self
        }
    }

    fn span(self) -> Range<u64> {
        self.base..self.base.saturating_add(self.len as u64)
    }

    /// How many there are.
    pub(crate) fn len(self) -> usize {
        self.len
    }

    /// Absolute offset of the first one.
    pub(crate) fn base(self) -> u64 {
        self.base
    }

    /// All bytes.
    pub(crate) fn whole(self) -> Result<&'f [u8]> {
        match self.input {
            None => Ok(self.bytes),
            Some(input) => input.slice(self.span()),
        }
    }

    /// The bytes of a range, as far as there are any.
    #[cfg_attr(
        not(any(feature = "lz4", feature = "zstd")),
        expect(dead_code, reason = "codecs with chunks ask for them")
    )]
    pub(crate) fn get(self, range: Range<usize>) -> Result<&'f [u8]> {
        let end = range.end.min(self.len);
        let start = range.start.min(end);
        let Some(input) = self.input else {
            return Ok(self.bytes.get(start..end).unwrap_or_default());
        };
        let span = self.absolute(&(start..end));
        if self.is_pass {
            input.want_pass(&span, self.span().end)?;
        }
        input.slice(span)
    }

    /// Says which ranges will be asked for.
    pub(crate) fn want(self, ranges: &[Range<usize>]) -> Result<()> {
        match self.input {
            None => Ok(()),
            Some(input) => {
                let spans: Vec<Range<u64>> =
                    ranges.iter().map(|range| self.absolute(range)).collect();
                input.want(&spans)
            }
        }
    }

    /// True for bytes that are elsewhere and of which only some will be needed: it pays to ask for them together.
    #[cfg_attr(
        not(feature = "lz4"),
        expect(dead_code, reason = "codecs with chunks ask for them")
    )]
    pub(crate) fn is_asked_for(self) -> bool {
        self.input.is_some() && !self.is_pass
    }

    fn absolute(self, range: &Range<usize>) -> Range<u64> {
        let at = |place: usize| self.base.saturating_add(place.min(self.len) as u64);
        at(range.start)..at(range.end)
    }
}
