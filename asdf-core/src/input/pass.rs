//! Questions about many bytes, answered in one pass that leaves no page of a map in memory.

use super::Input;
use crate::error::Result;
use std::ops::Range;

/// Bytes looked at in one step.
const PIECE: usize = 256 << 10;
/// Bytes that are looked at first where more have to be fetched, and those from which on there is much to look at.
const FIRST: usize = 64 << 10;
const MUCH: u64 = 1 << 20;
/// Bytes that are not worth a pass.
const FEW: u64 = 4096;
const ZEROS: [u8; 4096] = [0; 4096];

/// True for a blank, a line end and a NUL: what may stand after the blocks and between them.
pub(crate) const fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b' ' | b'\t' | b'\r' | b'\n')
}

impl Input {
    /// Where these few bytes stand first at or after an offset.
    pub(crate) fn find(&self, from: u64, wanted: &[u8]) -> Result<Option<u64>> {
        // Nearly always they stand right there.
        if self.up_to(from, wanted.len())? == wanted {
            return Ok(Some(from));
        }
        let mut found = None;
        // So many bytes of a piece come again at the front of the next one.
        let overlap = wanted.len().saturating_sub(1);
        self.pieces(from..self.len(), overlap, &mut |at, piece| {
            found = memchr::memmem::find(piece, wanted)
                .map(|position| at.saturating_add(position as u64));
            found.is_none()
        })?;
        Ok(found)
    }

    /// True when there is nothing but blanks, line ends and NULs from an offset on.
    pub(crate) fn is_blank(&self, from: u64) -> Result<bool> {
        let mut blank = true;
        self.pieces(from..self.len(), 0, &mut |_, piece| {
            blank = piece
                .chunks(ZEROS.len())
                .all(|part| ZEROS.starts_with(part) || part.iter().all(|byte| is_blank(*byte)));
            blank
        })?;
        Ok(blank)
    }

    /// True when every byte from an offset on is that one.
    #[cfg(feature = "fits")]
    pub(crate) fn is_all(&self, from: u64, byte: u8) -> Result<bool> {
        let mut same = true;
        self.pieces(from..self.len(), 0, &mut |_, piece| {
            same = piece.iter().all(|other| *other == byte);
            same
        })?;
        Ok(same)
    }

    /// The first byte at or after an offset that is not in a hole of a sparse file, where all are NUL.
    fn behind_hole(&self, at: u64) -> u64 {
        #[cfg(target_os = "linux")]
        if let Some(file) = self.store.readable()
            // What has not come yet is a hole, too.
            && !self.is_ranged()
        {
            use rustix::io::Errno;
            return match rustix::fs::seek(file, rustix::fs::SeekFrom::Data(at)) {
                Ok(data) => data,
                Err(Errno::NXIO) => self.len(),
                // Where there are no holes to be told, all is read.
                Err(_) => at,
            };
        }
        at
    }

    /// Hands on pieces with their offsets until one is refused; each begins with the last `overlap` bytes of the one before.
    /// Holes of a sparse file are left out.
    fn pieces(
        &self,
        range: Range<u64>,
        overlap: usize,
        take: &mut dyn FnMut(u64, &[u8]) -> bool,
    ) -> Result<()> {
        // Of a small file no more than there is: clearing the room for a large one would cost more than reading it.
        let left = range.end.saturating_sub(range.start);
        if left <= FEW && !self.is_ranged() {
            // A page or two of the map, in place of two questions to the system.
            if left > 0 {
                take(range.start, self.slice(range)?);
            }
            return Ok(());
        }
        let step = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
        let mut piece = vec![0; step.saturating_add(overlap)];
        let (mut at, mut kept) = (range.start, 0_usize);
        while at < range.end {
            let data = self.behind_hole(at);
            if data > at {
                (at, kept) = (data, 0);
                continue;
            }
            let mut room = piece.get_mut(kept..).unwrap_or_default();
            if self.is_ranged() && at == range.start && room.len() > FIRST {
                room = room.get_mut(..FIRST).unwrap_or_default();
            }
            let count = if at.saturating_sub(range.start) < MUCH {
                self.read_at(at, room)?
            } else {
                self.read_pass(at, range.end, room)?
            };
            let filled = kept.saturating_add(count);
            let start = at.saturating_sub(kept as u64);
            if count == 0 || !take(start, piece.get(..filled).unwrap_or_default()) {
                return Ok(());
            }
            at = at.saturating_add(count as u64);
            kept = overlap.min(filled);
            piece.copy_within(filled.saturating_sub(kept)..filled, 0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_across_two_pieces_is_found() {
        for at in [0, PIECE - 2, PIECE - 1, PIECE, 2 * PIECE + 1, 3 * PIECE - 4] {
            let mut bytes = vec![b' '; 3 * PIECE];
            bytes[at..at + 4].copy_from_slice(b"\xd3BLK");
            let input = Input::from(bytes);
            assert_eq!(input.find(0, b"\xd3BLK").unwrap(), Some(at as u64));
            assert_eq!(input.find(at as u64 + 1, b"\xd3BLK").unwrap(), None);
            assert!(!input.is_blank(0).unwrap());
            assert!(input.is_blank(at as u64 + 4).unwrap());
        }
    }

    #[test]
    fn nothing_is_blank() {
        let input = Input::from(Vec::new());
        assert!(input.is_blank(0).unwrap());
        assert_eq!(input.find(5, b"x").unwrap(), None);
    }
}
