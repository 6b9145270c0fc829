//! Small transpositions of bytes and bits, in shapes that compilers turn into vector shuffles.

/// Bytes that are handled at once: one vector register of the smallest kind.
pub(super) const WIDTH: usize = 16;

/// One register.
pub(super) type Vector = [u8; WIDTH];

/// Interleaves units of `U` bytes of two registers: the lower halves, then the upper halves.
#[inline(always)]
fn interleave<const U: usize>(a: &Vector, b: &Vector) -> (Vector, Vector) {
    let pick = |half: usize| {
        std::array::from_fn(|i| {
            let at = half + i / (2 * U) * U + i % U;
            if i / U % 2 == 0 { a[at] } else { b[at] }
        })
    };
    (pick(0), pick(WIDTH / 2))
}

/// One step: neighbours within each of the `U` groups are interleaved in units of `U` bytes, so
/// that units become twice as long and groups half as many registers.
#[inline(always)]
fn step<const U: usize, const W: usize>(lanes: &[Vector; W]) -> [Vector; W] {
    let mut out = [[0; WIDTH]; W];
    let members = W / U;
    for group in 0..U {
        for pair in 0..members / 2 {
            let first = group * members + 2 * pair;
            let (low, high) = interleave::<U>(&lanes[first], &lanes[first + 1]);
            out[group * members + pair] = low;
            out[group * members + members / 2 + pair] = high;
        }
    }
    out
}

/// Sixteen elements of `W` bytes, one behind the other, from `W` lanes that hold byte 0 of all,
/// byte 1 of all and so on. `W` is 1, 2, 4, 8 or 16.
#[inline(always)]
pub(super) fn weave<const W: usize>(lanes: &[Vector; W]) -> [Vector; W] {
    let mut woven = *lanes;
    if W >= 2 {
        woven = step::<1, W>(&woven);
    }
    if W >= 4 {
        woven = step::<2, W>(&woven);
    }
    if W >= 8 {
        woven = step::<4, W>(&woven);
    }
    if W >= 16 {
        woven = step::<8, W>(&woven);
    }
    woven
}

/// Transposes the 8 × 8 bits of a word: bit `i` of byte `r` becomes bit `r` of byte `i`, bytes
/// counted from the least significant one.
#[inline(always)]
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

    fn check<const W: usize>() {
        let mut lanes = [[0; WIDTH]; W];
        for (lane, bytes) in lanes.iter_mut().enumerate() {
            for (element, byte) in bytes.iter_mut().enumerate() {
                *byte = u8::try_from(lane * WIDTH + element).unwrap();
            }
        }
        let woven = weave(&lanes);
        for (at, byte) in woven.as_flattened().iter().enumerate() {
            assert_eq!(
                usize::from(*byte),
                at % W * WIDTH + at / W,
                "width {W}, byte {at}"
            );
        }
    }

    #[test]
    fn weaving_puts_the_bytes_of_an_element_side_by_side() {
        check::<1>();
        check::<2>();
        check::<4>();
        check::<8>();
        check::<16>();
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
