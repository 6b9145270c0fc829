//! Compressing blocks: `cargo bench -p asdfkit-core --bench encode`.
#![expect(clippy::unwrap_used, reason = "a benchmark")]

use asdf_core::block::Compression;
use divan::Bencher;
use divan::counter::BytesCount;
use std::io::Cursor;
use std::sync::OnceLock;

fn main() {
    divan::main();
}

/// Bytes of the image that is compressed.
const SIZE: usize = 64 << 20;

const CODECS: [&str; 7] = ["none", "zlib", "bzp2", "lz4", "lz4f", "zstd", "blsc"];

/// Numbers around zero, spread about as the noise of a detector: the sums of a few even ones.
fn noise() -> impl Iterator<Item = i16> {
    let mut state = 1_u64;
    std::iter::repeat_with(move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let [a, b, c, d, ..] = state.to_be_bytes();
        [a, b, c, d].into_iter().map(i16::from).sum::<i16>() - 510
    })
}

/// An image in counts: a sky of 1000 with a spread of about 10.
fn uint16() -> &'static [u8] {
    static IMAGE: OnceLock<Vec<u8>> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let counts = noise().map(|noise| u16::try_from(1000 + noise / 14).unwrap());
        counts.take(SIZE / 2).flat_map(u16::to_le_bytes).collect()
    })
}

/// The same in electrons a second, all bits of which are used.
fn float32() -> &'static [u8] {
    static IMAGE: OnceLock<Vec<u8>> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let rates = noise().map(|noise| (1000.0 + f32::from(noise) / 14.3) / 7.3);
        rates.take(SIZE / 4).flat_map(f32::to_le_bytes).collect()
    })
}

fn encode(bencher: Bencher<'_, '_>, codec: &str, element_size: usize, image: &[u8]) {
    let compression: Compression = codec.parse().unwrap();
    let mut out = Cursor::new(Vec::with_capacity(SIZE + SIZE / 8));
    bencher.counter(BytesCount::new(SIZE)).bench_local(|| {
        out.set_position(0);
        let size = image.len() as u64;
        compression
            .encode(element_size, size, &mut &image[..], &mut out)
            .unwrap()
    });
}

#[divan::bench(args = CODECS, sample_count = 3, sample_size = 1)]
fn noisy_float32(bencher: Bencher<'_, '_>, codec: &str) {
    encode(bencher, codec, 4, float32());
}

#[divan::bench(args = CODECS, sample_count = 3, sample_size = 1)]
fn noisy_uint16(bencher: Bencher<'_, '_>, codec: &str) {
    encode(bencher, codec, 2, uint16());
}
