//! Transpositions of bytes and bits, as plain loops over arrays that compilers turn into vector
//! instructions.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "positions are below the lengths of arrays"
)]

/// Bytes of a lane that are handled at once.
pub(super) const STRIP: usize = 64;

/// The same byte of that many elements.
pub(super) type Lane = [u8; STRIP];

/// That many elements from lanes that hold their first bytes, their second bytes and so on.
pub(super) trait Join<const W: usize> {
    /// Writes `W` bytes at `column` of every element of `out`.
    fn join(lanes: [&Lane; W], out: &mut Elements<'_>);
}

/// Elements of which some bytes are written.
pub(super) struct Elements<'o> {
    pub(super) bytes: &'o mut [u8],
    /// Bytes of an element.
    pub(super) size: usize,
    /// Where in the element the bytes go.
    pub(super) column: usize,
}

impl Elements<'_> {
    #[inline]
    fn put<const W: usize>(&mut self, values: impl Iterator<Item = [u8; W]>) {
        if self.size == W {
            for (element, value) in self.bytes.as_chunks_mut().0.iter_mut().zip(values) {
                *element = value;
            }
            return;
        }
        let column = self.column;
        for (element, value) in self.bytes.chunks_exact_mut(self.size).zip(values) {
            element[column..column + W].copy_from_slice(&value);
        }
    }
}

/// Lanes of a fixed number.
pub(super) struct Lanes;

impl Join<1> for Lanes {
    #[inline]
    fn join([lane]: [&Lane; 1], out: &mut Elements<'_>) {
        out.put(lane.iter().map(|byte| [*byte]));
    }
}

impl Join<2> for Lanes {
    #[inline]
    fn join([a, b]: [&Lane; 2], out: &mut Elements<'_>) {
        out.put(join2(a, b).into_iter().map(u16::to_le_bytes));
    }
}

impl Join<4> for Lanes {
    #[inline]
    fn join(lanes: [&Lane; 4], out: &mut Elements<'_>) {
        out.put(join4(lanes).into_iter().map(u32::to_le_bytes));
    }
}

impl Join<8> for Lanes {
    #[inline]
    fn join(lanes: [&Lane; 8], out: &mut Elements<'_>) {
        out.put(join8(lanes).into_iter().map(u64::to_le_bytes));
    }
}

#[inline]
fn join2(low: &Lane, high: &Lane) -> [u16; STRIP] {
    std::array::from_fn(|i| u16::from_le_bytes([low[i], high[i]]))
}

#[inline]
fn join4([a, b, c, d]: [&Lane; 4]) -> [u32; STRIP] {
    let (low, high) = (join2(a, b), join2(c, d));
    std::array::from_fn(|i| u32::from(low[i]) | u32::from(high[i]) << 16)
}

/// Elements of eight bytes from eight lanes.
#[inline]
pub(super) fn join8(lanes: [&Lane; 8]) -> [u64; STRIP] {
    let low = join4(std::array::from_fn(|lane| lanes[lane]));
    let high = join4(std::array::from_fn(|lane| lanes[4 + lane]));
    std::array::from_fn(|i| u64::from(low[i]) | u64::from(high[i]) << 32)
}

/// Transposes the 8 × 8 bits that eight rows have at the same byte: bit `i` of row `r` becomes
/// bit `r` of row `i`.
#[inline]
pub(super) fn transpose_bits<const N: usize>(rows: &mut [[u64; N]; 8]) {
    for (distance, mask) in [(4, 0x0f), (2, 0x33), (1, 0x55)] {
        let mask = mask * (u64::MAX / 0xff);
        for low in (0..8).filter(|row| row & distance == 0) {
            let (lower, upper) = rows.split_at_mut(low + distance);
            for (low, high) in lower[low].iter_mut().zip(&mut upper[0]) {
                // Bits that leave a byte in the shift are not in the mask.
                let moved = ((*low >> distance) ^ *high) & mask;
                *high ^= moved;
                *low ^= moved << distance;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_puts_the_bytes_of_an_element_side_by_side() {
        let lanes: [Lane; 8] = std::array::from_fn(|lane| {
            std::array::from_fn(|element| u8::try_from(lane * 32 + element / 2).unwrap())
        });
        for (element, word) in join8(lanes.each_ref()).into_iter().enumerate() {
            for (lane, byte) in word.to_le_bytes().into_iter().enumerate() {
                assert_eq!(usize::from(byte), lane * 32 + element / 2);
            }
        }
    }

    #[test]
    fn transposing_bits_swaps_row_and_column() {
        for row in 0..8 {
            for bit in 0..64 {
                let mut rows = [[0]; 8];
                rows[row] = [1_u64 << bit];
                transpose_bits(&mut rows);
                let mut expected = [[0]; 8];
                expected[bit % 8] = [1 << (bit / 8 * 8 + row)];
                assert_eq!(rows, expected);
            }
        }
    }
}
