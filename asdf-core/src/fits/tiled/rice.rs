//! `RICE_1`: differences of neighbours in blocks, each block with its own number of low bits.
//! FITS 4.0, section 10.4.1.

/// What the width of pixels decides.
struct Code {
    /// Bits of the number that begins a block.
    header: u32,
    /// The header of a block whose differences are stored as they are.
    verbatim: u32,
    /// Bits of such a difference, and of the first pixel.
    width: u32,
}

impl Code {
    fn of(bytes: u64) -> Option<Self> {
        let (header, verbatim, width) = match bytes {
            1 => (3, 6, 8),
            2 => (4, 14, 16),
            4 => (5, 25, 32),
            _ => return None,
        };
        Some(Self {
            header,
            verbatim,
            width,
        })
    }
}

/// Bits, the most significant first. After the end come zeros, and `over` says that they did.
struct Bits<'b> {
    bytes: std::slice::Iter<'b, u8>,
    held: u64,
    count: u32,
    over: bool,
}

impl Bits<'_> {
    /// Holds at least `count` bits, at most 32.
    fn fill(&mut self, count: u32) {
        while self.count < count {
            let next = self.bytes.next();
            self.over |= next.is_none();
            self.held = self.held.wrapping_shl(8) | u64::from(next.copied().unwrap_or(0));
            self.count = self.count.wrapping_add(8);
        }
    }

    fn take(&mut self, count: u32) -> u32 {
        self.fill(count);
        self.count = self.count.wrapping_sub(count);
        let mask = 1_u64.wrapping_shl(count).wrapping_sub(1);
        u32::try_from(self.held.wrapping_shr(self.count) & mask).unwrap_or(0)
    }

    /// Zeros before the next one, which is passed. `None` when there is no one.
    fn zeros(&mut self) -> Option<u32> {
        let mut zeros = 0_u32;
        loop {
            let mask = 1_u64.wrapping_shl(self.count).wrapping_sub(1);
            let left = self.held & mask;
            if left != 0 {
                let position = 63_u32.wrapping_sub(left.leading_zeros());
                let skipped = self.count.wrapping_sub(position).wrapping_sub(1);
                self.count = position;
                return zeros.checked_add(skipped);
            }
            zeros = zeros.checked_add(self.count)?;
            self.count = 0;
            self.fill(8);
            if self.over {
                return None;
            }
        }
    }
}

/// Decodes exactly `count` pixels of `width` bytes in blocks of `block`: 8-bit pixels are unsigned,
/// all others signed.
pub(in crate::fits) fn decode(
    bytes: &[u8],
    count: usize,
    width: u64,
    block: usize,
) -> Result<Vec<i32>, String> {
    let code =
        Code::of(width).ok_or_else(|| format!("pixels of {width} bytes, expected 1, 2 or 4"))?;
    // A block takes at needed its header: what promises more pixels is not worth the memory.
    let blocks = count.div_ceil(block.max(1)) as u64;
    let needed = blocks
        .saturating_mul(code.header.into())
        .saturating_add(code.width.into());
    if needed.div_ceil(8) > bytes.len() as u64 {
        return Err(format!("{count} pixels cannot be in {} bytes", bytes.len()));
    }
    let mut out = Vec::new();
    out.try_reserve_exact(count)
        .map_err(|error| error.to_string())?;
    let mut bits = Bits {
        bytes: bytes.iter(),
        held: 0,
        count: 0,
        over: false,
    };
    let mut before = bits.take(code.width);
    let mut left = count;
    while left > 0 {
        let size = left.min(block.max(1));
        decode_block(&mut bits, &code, size, &mut before, &mut out)
            .filter(|()| !bits.over)
            .ok_or_else(|| format!("ends after {} of {count} pixels", out.len()))?;
        left = left.saturating_sub(size);
    }
    Ok(out)
}

fn decode_block(
    bits: &mut Bits<'_>,
    code: &Code,
    size: usize,
    before: &mut u32,
    out: &mut Vec<i32>,
) -> Option<()> {
    let header = bits.take(code.header);
    let pixel = |value: u32| match code.width {
        8 => i32::from(u8::try_from(value & 0xff).unwrap_or(0)),
        16 => i32::from(u16::try_from(value & 0xffff).unwrap_or(0).cast_signed()),
        _ => value.cast_signed(),
    };
    if header == 0 {
        out.extend(std::iter::repeat_n(pixel(*before), size));
        return Some(());
    }
    let low = header.wrapping_sub(1);
    // Numbers between are not a code at all; the widest of them is stored verbatim.
    if low > code.verbatim.wrapping_sub(1) && header != code.verbatim.wrapping_add(1) {
        return None;
    }
    for _ in 0..size {
        let folded = if header == code.verbatim.wrapping_add(1) {
            bits.take(code.width)
        } else {
            let high = bits.zeros()?;
            if high.leading_zeros() < low {
                return None;
            }
            high.wrapping_shl(low) | bits.take(low)
        };
        let difference = folded.wrapping_shr(1) ^ (folded & 1).wrapping_neg();
        *before = before.wrapping_add(difference);
        out.push(pixel(*before));
    }
    Some(())
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Encodes as the standard says, for round trips.
    fn encode(pixels: &[i32], width: u64, block: usize) -> Vec<u8> {
        let code = Code::of(width).unwrap();
        let mask = (1_u64 << code.width) - 1;
        let mut bits: Vec<bool> = Vec::new();
        let mut put = |value: u64, count: u32| {
            bits.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
        };
        let mut last = i64::from(*pixels.first().unwrap_or(&0));
        put(last.cast_unsigned() & mask, code.width);
        for part in pixels.chunks(block) {
            let mut folded = Vec::new();
            for pixel in part {
                let wide = u64::from(64 - code.width);
                let difference = ((i64::from(*pixel) - last) << wide) >> wide;
                last = i64::from(*pixel);
                folded.push(((difference << 1) ^ (difference >> 63)).cast_unsigned() & mask);
            }
            let mean = folded.iter().sum::<u64>() / folded.len() as u64;
            let low = if mean == 0 { 0 } else { mean.ilog2() };
            if folded.iter().all(|value| *value == 0) {
                put(0, code.header);
            } else if low >= code.verbatim {
                put(u64::from(code.verbatim) + 1, code.header);
                for value in folded {
                    put(value, code.width);
                }
            } else {
                put(u64::from(low) + 1, code.header);
                for value in folded {
                    for _ in 0..value >> low {
                        put(0, 1);
                    }
                    put(1, 1);
                    put(value & ((1 << low) - 1), low);
                }
            }
        }
        bits.chunks(8)
            .map(|byte| {
                byte.iter()
                    .enumerate()
                    .fold(0, |sum, (at, bit)| sum | u8::from(*bit) << (7 - at))
            })
            .collect()
    }

    proptest! {
        #[test]
        fn what_is_encoded_comes_back(
            start in -1000..1000_i32,
            steps in prop::collection::vec(-300..300_i32, 1..200),
            big in prop::collection::vec(any::<i32>(), 1..70),
            block in 1..40_usize,
        ) {
            let small: Vec<i32> = steps.iter().scan(start, |at, step| { *at += step; Some(*at) }).collect();
            let half: Vec<i32> = small.iter().map(|value| i32::from(i16::try_from(value % 30_000).unwrap_or(0))).collect();
            let byte: Vec<i32> = small.iter().map(|value| *value & 255).collect();
            for (pixels, width) in [(&small, 4), (&big, 4), (&half, 2), (&byte, 1)] {
                let bytes = encode(pixels, width, block);
                prop_assert_eq!(&decode(&bytes, pixels.len(), width, block).unwrap(), pixels);
            }
        }

        #[test]
        fn any_bytes_give_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..200), count in 0..500_usize) {
            for width in [1, 2, 4] {
                if let Ok(pixels) = decode(&bytes, count, width, 32) {
                    prop_assert_eq!(pixels.len(), count);
                }
            }
        }
    }

    #[test]
    fn more_pixels_than_the_bytes_can_hold_are_refused_before_memory_is_taken() {
        assert!(decode(&[0; 10], usize::MAX / 8, 4, 32).is_err());
    }
}
