//! Bounded big-endian reads that know their absolute offset.

use super::Input;
use crate::error::{Malformed, Result};

/// Reads forward through an [`Input`]; every read is checked and errors name the bytes they missed.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    input: &'a Input,
    offset: u64,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(input: &'a Input, offset: u64) -> Self {
        Self { input, offset }
    }

    /// Absolute offset of the next byte.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// The next `count` bytes.
    pub(crate) fn take(&mut self, count: u64) -> Result<&'a [u8]> {
        let end = self.offset.checked_add(count).ok_or(Malformed::Overflow {
            start: self.offset,
            size: count,
        })?;
        let bytes = self.input.slice(self.offset..end)?;
        self.offset = end;
        Ok(bytes)
    }

    /// The next `N` bytes as an array.
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(N as u64)?);
        Ok(out)
    }

    /// A big-endian 16-bit number.
    pub(crate) fn u16(&mut self) -> Result<u16> {
        self.array().map(u16::from_be_bytes)
    }

    /// A big-endian 32-bit number.
    pub(crate) fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// A big-endian 64-bit number.
    pub(crate) fn u64(&mut self) -> Result<u64> {
        self.array().map(u64::from_be_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_past_the_end_names_the_bytes_it_missed() {
        let input = Input::from(vec![0, 1, 2]);
        let mut cursor = input.cursor(1);
        assert_eq!(cursor.u16().unwrap(), 0x0102);
        let error = cursor.u32().unwrap_err();
        assert_eq!(
            error.to_string(),
            "at 0x3..0x7: needs 4 bytes, only 0 are there"
        );
    }

    #[test]
    fn an_offset_that_overflows_is_an_error() {
        let input = Input::from(vec![0]);
        assert!(input.cursor(u64::MAX).take(2).unwrap_err().is_corrupt());
    }
}
