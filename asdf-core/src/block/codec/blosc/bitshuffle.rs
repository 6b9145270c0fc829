//! Undoes bit shuffle: bit 0 of byte 0 of all elements, then bit 1 of byte 0 and so on.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "positions follow from the lengths of the slices at hand, which compilers prove"
)]

use super::transpose::Elements;
use super::transpose::Join;
use super::transpose::Lane;
use super::transpose::Lanes;
use super::transpose::STRIP;
use super::transpose::join8;
use super::transpose::transpose_bits;

/// Elements whose bits fill one strip of each row.
const TILE: usize = 8 * STRIP;

/// What became of elements in excess of a multiple of 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Excess {
    /// They are stored as they are, after the shuffled ones (Blosc 2).
    Stored,
    /// Because of them nothing was shuffled (Blosc 1).
    NothingShuffled,
}

/// Writes the elements of `type_size` bytes whose bit rows stand one after the other in `rows`.
///
/// Both slices have the same length; what is over after the last whole element is copied.
pub(super) fn unshuffle(type_size: usize, excess: Excess, rows: &[u8], out: &mut [u8]) {
    let elements = rows.len().checked_div(type_size).unwrap_or(0);
    let count = match excess {
        Excess::NothingShuffled if !elements.is_multiple_of(8) => 0,
        _ => elements - elements % 8,
    };
    let whole = count * type_size;
    let (rows, rest) = rows.split_at(whole);
    let (out, out_rest) = out.split_at_mut(whole);
    out_rest.copy_from_slice(rest);
    if count == 0 {
        return;
    }
    let rows = Rows {
        bytes: rows,
        length: count / 8,
    };
    let mut tiles = out.chunks_exact_mut(TILE * type_size);
    for (tile, out) in tiles.by_ref().enumerate() {
        let mut column = 0;
        while column < type_size {
            column += match type_size - column {
                8.. => rows.write::<8>(tile * STRIP, type_size, column, out),
                4.. => rows.write::<4>(tile * STRIP, type_size, column, out),
                2.. => rows.write::<2>(tile * STRIP, type_size, column, out),
                _ => rows.write::<1>(tile * STRIP, type_size, column, out),
            };
        }
    }
    let done = count / TILE * STRIP;
    for (eight, out) in tiles
        .into_remainder()
        .chunks_exact_mut(8 * type_size)
        .enumerate()
    {
        rows.write_eight(done + eight, type_size, out);
    }
}

/// The bit rows: eight for every byte of an element.
struct Rows<'r> {
    bytes: &'r [u8],
    /// Bytes of a row.
    length: usize,
}

impl Rows<'_> {
    /// Writes `W` bytes at `column` of the elements of a tile, whose bits begin at byte `at` of
    /// the rows. Returns `W`.
    #[inline]
    fn write<const W: usize>(&self, at: usize, size: usize, column: usize, out: &mut [u8]) -> usize
    where
        Lanes: Join<W>,
    {
        let mut lanes = [[[0; STRIP]; 8]; W];
        for (byte, lane) in lanes.iter_mut().enumerate() {
            self.lane(column + byte, at, lane);
        }
        for (strip, bytes) in out.chunks_exact_mut(STRIP * size).enumerate() {
            let lanes = std::array::from_fn(|lane| &lanes[lane][strip % 8]);
            Lanes::join(
                lanes,
                &mut Elements {
                    bytes,
                    size,
                    column,
                },
            );
        }
        W
    }

    /// Byte `byte` of the elements of a tile.
    #[inline]
    fn lane(&self, byte: usize, at: usize, lane: &mut [Lane; 8]) {
        let mut rows = [[0; STRIP / 8]; 8];
        for (bit, words) in rows.iter_mut().enumerate() {
            let row = &self.bytes[(8 * byte + bit) * self.length..][..self.length];
            for (word, bytes) in words.iter_mut().zip(row[at..].as_chunks().0) {
                *word = u64::from_le_bytes(*bytes);
            }
        }
        transpose_bits(&mut rows);
        let rows = rows.map(|words| {
            let mut row = [0; STRIP];
            for (bytes, word) in row.as_chunks_mut().0.iter_mut().zip(words) {
                *bytes = word.to_le_bytes();
            }
            row
        });
        let eights = lane.as_flattened_mut().as_chunks_mut().0;
        for (eight, word) in eights.iter_mut().zip(join8(rows.each_ref())) {
            *eight = word.to_le_bytes();
        }
    }

    /// Writes eight whole elements, whose bits are byte `at` of the rows.
    fn write_eight(&self, at: usize, size: usize, out: &mut [u8]) {
        for byte in 0..size {
            let mut rows: [[u64; 1]; 8] =
                std::array::from_fn(|bit| [self.bytes[(8 * byte + bit) * self.length + at].into()]);
            transpose_bits(&mut rows);
            for ([row], element) in rows.iter().zip(out.chunks_exact_mut(size)) {
                element[byte] = row.to_le_bytes()[0];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bit shuffle by its definition.
    fn shuffled(type_size: usize, count: usize, plain: &[u8]) -> Vec<u8> {
        let mut rows = plain.to_vec();
        rows[..count * type_size].fill(0);
        for element in 0..count {
            for bit in 0..8 * type_size {
                let value = plain[element * type_size + bit / 8] >> (bit % 8) & 1;
                rows[bit * count / 8 + element / 8] |= value << (element % 8);
            }
        }
        rows
    }

    #[test]
    fn every_element_gets_its_bits_back() {
        for type_size in [1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 24, 31] {
            for count in [0, 8, 16, 120, 128, 136, 1024, 1040] {
                for over in [0, 1, 7 * type_size] {
                    let plain: Vec<u8> = (0..count * type_size + over)
                        .map(|i| u8::try_from((i * 7 + i / 256) % 256).unwrap())
                        .collect();
                    let rows = shuffled(type_size, count, &plain);
                    let mut out = vec![0; plain.len()];
                    unshuffle(type_size, Excess::Stored, &rows, &mut out);
                    assert!(
                        out == plain,
                        "type size {type_size}, {count} elements, {over} over"
                    );
                }
            }
        }
    }

    #[test]
    fn one_element_too_many_and_blosc_1_has_shuffled_nothing() {
        let plain: Vec<u8> = (0..36).collect();
        let mut out = vec![0; 36];
        unshuffle(4, Excess::NothingShuffled, &plain, &mut out);
        assert_eq!(out, plain);
    }
}
