//! Decodes LZ4 blocks.
//!
//! Shuffled data are long repetitions of few bytes, which `lz4_flex` writes byte by byte; here each
//! round copies twice as much, which makes such data several times faster.
//!
//! A block is a row of sequences: a token, whose upper four bits count literal bytes and whose lower
//! four the bytes of a match less 4 (15: further bytes are added, up to and with the first that is
//! not 255), the literals, and the match's distance in 16 bits (little-endian). The last sequence
//! ends with its literals.

use super::copies::literal;
use super::copies::repeat;
use super::copies::take;

/// Decodes a block into exactly `out`; `None` when it is damaged or has another length.
pub(super) fn decode(block: &[u8], out: &mut [u8]) -> Option<()> {
    let mut rest = block;
    let mut done = 0;
    loop {
        let token = take(&mut rest)?;
        let count = length(token >> 4, &mut rest)?;
        done = literal(&mut rest, count, out, done)?;
        if rest.is_empty() {
            return (done == out.len()).then_some(());
        }
        let distance = u16::from_le_bytes([take(&mut rest)?, take(&mut rest)?]);
        let length = length(token & 15, &mut rest)?.checked_add(4)?;
        if distance == 0 {
            return None;
        }
        done = repeat(out, done, distance.into(), length)?;
    }
}

/// A length of which a token has the first four bits.
#[inline]
fn length(bits: u8, rest: &mut &[u8]) -> Option<usize> {
    let mut length = usize::from(bits);
    if bits == 15 {
        loop {
            let more = take(rest)?;
            length = length.checked_add(more.into())?;
            if more != 255 {
                break;
            }
        }
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_decodes_as_the_other_implementation_does() {
        let mut state = 1_u32;
        for kind in 0..6_u32 {
            for size in (0..70).chain([255, 270, 1000, 70_000]) {
                let plain: Vec<u8> = (0..size)
                    .map(|at: u32| {
                        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        let [noise, ..] = state.to_be_bytes();
                        match kind {
                            0 => 7,
                            1 => noise,
                            2 => noise & 1,
                            3 => u8::try_from(at % 3).unwrap(),
                            4 => u8::try_from(at / 40 % 256).unwrap(),
                            _ => {
                                if at % 50 < 10 {
                                    noise
                                } else {
                                    0
                                }
                            }
                        }
                    })
                    .collect();
                let block = lz4_flex::block::compress(&plain);
                let mut out = vec![0xee; plain.len()];
                assert_eq!(
                    decode(&block, &mut out),
                    Some(()),
                    "kind {kind}, {size} bytes"
                );
                assert!(out == plain, "kind {kind}, {size} bytes");
                assert_eq!(decode(&block, &mut vec![0; plain.len() + 1]), None);
                if let Some(shorter) = plain.len().checked_sub(1) {
                    assert_eq!(decode(&block, &mut vec![0; shorter]), None);
                }
            }
        }
    }

    #[test]
    fn a_match_from_before_the_beginning_or_at_no_distance_is_refused() {
        assert_eq!(decode(&[0x10, 1, 2, 0, 0x00], &mut [0; 5]), None);
        assert_eq!(decode(&[0x10, 1, 0, 0, 0x00], &mut [0; 5]), None);
        assert_eq!(decode(&[0x10, 1, 1, 0, 0x00], &mut [0; 5]), Some(()));
        assert_eq!(decode(&[], &mut []), None);
    }
}
