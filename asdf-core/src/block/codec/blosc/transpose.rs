//! Transpositions of bytes and bits, as plain loops over arrays that compilers turn into vector
//! instructions.

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
pub(super) fn join8([a, b, c, d, e, f, g, h]: [&Lane; 8]) -> [u64; STRIP] {
    let (low, high) = (join4([a, b, c, d]), join4([e, f, g, h]));
    std::array::from_fn(|i| u64::from(low[i]) | u64::from(high[i]) << 32)
}

/// Transposes the 8 × 8 bits of a word: bit `i` of byte `r` becomes bit `r` of byte `i`, bytes
/// counted from the least significant one.
#[inline]
pub(super) fn transpose_bits(mut word: u64) -> u64 {
    for (shift, mask) in [
        (7, 0x00aa_00aa_00aa_00aa),
        (14, 0x0000_cccc_0000_cccc),
        (28, 0x0000_0000_f0f0_f0f0),
    ] {
        let moved = (word ^ (word >> shift)) & mask;
        word ^= moved ^ (moved << shift);
    }
    word
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
            for column in 0..8 {
                assert_eq!(
                    transpose_bits(1 << (8 * row + column)),
                    1 << (8 * column + row)
                );
            }
        }
    }
}
