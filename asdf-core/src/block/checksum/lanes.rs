//! MD5 of several messages side by side, a message in each lane of wide vectors (RFC 1321).
#![expect(
    clippy::inline_always,
    reason = "only what is inlined is compiled for wide vectors"
)]

use pulp::{Arch, Scalar, Simd, WithSimd};

/// Messages that are hashed side by side: as many as an AVX2 register has numbers of 32 bits, two of NEON.
pub(in crate::block) const LANES: usize = 8;
/// Bytes that are hashed in one go.
pub(super) const BLOCK: usize = 64;

/// A number of each lane.
type Row = [u32; LANES];

/// The states of all lanes: `a`, `b`, `c` and `d`.
#[derive(Debug, Clone, Copy)]
pub(super) struct States([Row; 4]);

const START: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];

impl States {
    pub(super) fn new() -> Self {
        Self(START.map(|word| [word; LANES]))
    }

    /// Starts the message of a lane.
    pub(super) fn reset(&mut self, lane: usize) {
        for (row, word) in self.0.iter_mut().zip(START) {
            if let Some(slot) = row.get_mut(lane) {
                *slot = word;
            }
        }
    }

    /// The digest of a lane whose message has come to its end.
    pub(super) fn digest(&self, lane: usize) -> [u8; 16] {
        let mut out = [0; 16];
        for (bytes, row) in out.as_chunks_mut::<4>().0.iter_mut().zip(&self.0) {
            *bytes = row.get(lane).copied().unwrap_or_default().to_le_bytes();
        }
        out
    }

    /// Takes in as many whole blocks as the shortest message has.
    pub(super) fn update(&mut self, messages: &[&[u8]; LANES]) {
        Arch::new().dispatch(Update {
            states: self,
            messages,
        });
    }

    /// Takes in the whole blocks of one message, which is quicker alone than in a lane.
    pub(super) fn update_one(&mut self, lane: usize, message: &[u8]) {
        let simd = Scalar::new();
        let mut state = self
            .0
            .each_ref()
            .map(|row| row.get(lane).copied().unwrap_or_default());
        for block in message.as_chunks::<BLOCK>().0 {
            let mut words = [0; 16];
            for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
                *word = u32::from_le_bytes(*bytes);
            }
            state = rounds(simd, state, words);
        }
        for (row, word) in self.0.iter_mut().zip(state) {
            if let Some(slot) = row.get_mut(lane) {
                *slot = word;
            }
        }
    }
}

struct Update<'s, 'm> {
    states: &'s mut States,
    messages: &'m [&'m [u8]; LANES],
}

impl WithSimd for Update<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let mut blocks = self
            .messages
            .map(|message| message.as_chunks::<BLOCK>().0.iter());
        let count = blocks.iter().map(ExactSizeIterator::len).min().unwrap_or(0);
        let mut words = [[0; LANES]; 16];
        for _ in 0..count {
            for (lane, blocks) in blocks.iter_mut().enumerate() {
                if let Some(block) = blocks.next() {
                    put(&mut words, lane, block);
                }
            }
            for part in 0..LANES.div_ceil(S::U32_LANES) {
                let state = self.states.0.each_ref().map(|row| load(simd, row, part));
                let words = words.each_ref().map(|row| load(simd, row, part));
                let [a, b, c, d] = rounds(simd, state, words);
                let [rows_a, rows_b, rows_c, rows_d] = &mut self.states.0;
                store(simd, rows_a, part, a);
                store(simd, rows_b, part, b);
                store(simd, rows_c, part, c);
                store(simd, rows_d, part, d);
            }
        }
    }
}

/// Puts the sixteen words of a block into the rows, at that lane.
#[inline(always)]
fn put(rows: &mut [Row; 16], lane: usize, block: &[u8; BLOCK]) {
    for (row, bytes) in rows.iter_mut().zip(block.as_chunks::<4>().0) {
        if let Some(slot) = row.get_mut(lane) {
            *slot = u32::from_le_bytes(*bytes);
        }
    }
}

/// The lanes of a row that the vector with that number holds.
#[inline(always)]
fn load<S: Simd>(simd: S, row: &Row, part: usize) -> S::u32s {
    let (whole, rest) = S::as_simd_u32s(row);
    whole
        .get(part)
        .copied()
        .unwrap_or_else(|| simd.partial_load_u32s(rest))
}

#[inline(always)]
fn store<S: Simd>(simd: S, row: &mut Row, part: usize, value: S::u32s) {
    let (whole, rest) = S::as_mut_simd_u32s(row);
    match whole.get_mut(part) {
        Some(slot) => *slot = value,
        None => simd.partial_store_u32s(rest, value),
    }
}

/// `b + ((a + mix + word + sine) <<< turn)` for each word: the sines are `floor(2^32 * |sin(step)|)`.
macro_rules! steps {
    ($simd:ident, $mix:ident, [$a:ident, $b:ident, $c:ident, $d:ident], $($word:ident $turn:literal $sine:literal,)*) => {
        $(
            let word = $simd.add_u32s($word, $simd.splat_u32s($sine));
            let sum = $simd.add_u32s($simd.add_u32s($a, word), $mix($simd, $b, $c, $d));
            let left = $simd.wrapping_dyn_shl_u32s(sum, $simd.splat_u32s($turn));
            let right = $simd.wrapping_dyn_shr_u32s(sum, $simd.splat_u32s(32 - $turn));
            let next = $simd.add_u32s($b, $simd.or_u32s(left, right));
            ($a, $d, $c, $b) = ($d, $c, $b, next);
        )*
    };
}

#[inline(always)]
fn first<S: Simd>(simd: S, b: S::u32s, c: S::u32s, d: S::u32s) -> S::u32s {
    simd.xor_u32s(d, simd.and_u32s(b, simd.xor_u32s(c, d)))
}

#[inline(always)]
fn second<S: Simd>(simd: S, b: S::u32s, c: S::u32s, d: S::u32s) -> S::u32s {
    simd.xor_u32s(c, simd.and_u32s(d, simd.xor_u32s(b, c)))
}

#[inline(always)]
fn third<S: Simd>(simd: S, b: S::u32s, c: S::u32s, d: S::u32s) -> S::u32s {
    simd.xor_u32s(simd.xor_u32s(b, c), d)
}

#[inline(always)]
fn fourth<S: Simd>(simd: S, b: S::u32s, c: S::u32s, d: S::u32s) -> S::u32s {
    simd.xor_u32s(c, simd.or_u32s(b, simd.not_u32s(d)))
}

#[inline(always)]
#[rustfmt::skip]
fn rounds<S: Simd>(simd: S, state: [S::u32s; 4], words: [S::u32s; 16]) -> [S::u32s; 4] {
    let [mut a, mut b, mut c, mut d] = state;
    let [w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15] = words;
    steps!(simd, first, [a, b, c, d],
        w0 7 0xd76a_a478, w1 12 0xe8c7_b756, w2 17 0x2420_70db, w3 22 0xc1bd_ceee,
        w4 7 0xf57c_0faf, w5 12 0x4787_c62a, w6 17 0xa830_4613, w7 22 0xfd46_9501,
        w8 7 0x6980_98d8, w9 12 0x8b44_f7af, w10 17 0xffff_5bb1, w11 22 0x895c_d7be,
        w12 7 0x6b90_1122, w13 12 0xfd98_7193, w14 17 0xa679_438e, w15 22 0x49b4_0821,
    );
    steps!(simd, second, [a, b, c, d],
        w1 5 0xf61e_2562, w6 9 0xc040_b340, w11 14 0x265e_5a51, w0 20 0xe9b6_c7aa,
        w5 5 0xd62f_105d, w10 9 0x0244_1453, w15 14 0xd8a1_e681, w4 20 0xe7d3_fbc8,
        w9 5 0x21e1_cde6, w14 9 0xc337_07d6, w3 14 0xf4d5_0d87, w8 20 0x455a_14ed,
        w13 5 0xa9e3_e905, w2 9 0xfcef_a3f8, w7 14 0x676f_02d9, w12 20 0x8d2a_4c8a,
    );
    steps!(simd, third, [a, b, c, d],
        w5 4 0xfffa_3942, w8 11 0x8771_f681, w11 16 0x6d9d_6122, w14 23 0xfde5_380c,
        w1 4 0xa4be_ea44, w4 11 0x4bde_cfa9, w7 16 0xf6bb_4b60, w10 23 0xbebf_bc70,
        w13 4 0x289b_7ec6, w0 11 0xeaa1_27fa, w3 16 0xd4ef_3085, w6 23 0x0488_1d05,
        w9 4 0xd9d4_d039, w12 11 0xe6db_99e5, w15 16 0x1fa2_7cf8, w2 23 0xc4ac_5665,
    );
    steps!(simd, fourth, [a, b, c, d],
        w0 6 0xf429_2244, w7 10 0x432a_ff97, w14 15 0xab94_23a7, w5 21 0xfc93_a039,
        w12 6 0x655b_59c3, w3 10 0x8f0c_cc92, w10 15 0xffef_f47d, w1 21 0x8584_5dd1,
        w8 6 0x6fa8_7e4f, w15 10 0xfe2c_e6e0, w6 15 0xa301_4314, w13 21 0x4e08_11a1,
        w4 6 0xf753_7e82, w11 10 0xbd3a_f235, w2 15 0x2ad7_d2bb, w9 21 0xeb86_d391,
    );
    let [a0, b0, c0, d0] = state;
    [simd.add_u32s(a0, a), simd.add_u32s(b0, b), simd.add_u32s(c0, c), simd.add_u32s(d0, d)]
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test")]
mod tests {
    use super::*;

    #[test]
    fn the_digests_of_rfc_1321_are_found_in_every_lane() {
        // RFC 1321, A.5.
        let known = [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("a", "0cc175b9c0f1b6a831c399e269772661"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            (
                "abcdefghijklmnopqrstuvwxyz",
                "c3fcd3d76192e4007dfb496cca67e13b",
            ),
        ];
        let blocks = known.map(|(text, _)| {
            let mut block = [0; BLOCK];
            block[..text.len()].copy_from_slice(text.as_bytes());
            block[text.len()] = 0x80;
            block[56..].copy_from_slice(&(8 * text.len() as u64).to_le_bytes());
            block
        });
        for turn in 0..LANES {
            let order = |lane: usize| (lane + turn) % known.len();
            let mut states = States::new();
            states.update(&std::array::from_fn(|lane| &blocks[order(lane)][..]));
            for lane in 0..LANES {
                let digest = crate::block::hex(&states.digest(lane));
                assert_eq!(digest, known[order(lane)].1);
                states.reset(lane);
                states.update_one(lane, &blocks[order(lane)]);
                assert_eq!(crate::block::hex(&states.digest(lane)), digest);
            }
        }
    }
}
