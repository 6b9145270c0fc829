//! Finding blocks, and decoding and checking them: `cargo bench -p asdfkit-core --bench blocks`.
#![expect(clippy::unwrap_used, reason = "a benchmark")]

use asdf_core::Limits;
use asdf_core::block::Block;
use asdf_core::block::BlockTable;
use asdf_core::file::Input;
use divan::Bencher;
use divan::counter::BytesCount;
use divan::counter::ItemsCount;
use std::io;
use std::io::Write;

fn main() {
    divan::main();
}

/// Decoded bytes of the block that is decoded.
const SIZE: usize = 16 << 20;

/// Decoded bytes of a chunk, as Python writes them.
const CHUNK: usize = 4 << 20;

/// Pixels with a little noise: they compress to about a half.
fn pixels() -> Vec<u8> {
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (1000 + (state >> 25)).to_le_bytes()
    });
    noise.take(SIZE / 4).flatten().collect()
}

fn block(label: [u8; 4], stored: &[u8], data_size: usize) -> Vec<u8> {
    let size = (stored.len() as u64).to_be_bytes();
    let mut out = b"\xd3BLK\0\x30\0\0\0\0".to_vec();
    out.extend(label);
    out.extend([size, size, (data_size as u64).to_be_bytes()].concat());
    // Any checksum, so that it is computed.
    out.extend([7; 16]);
    out.extend(stored);
    out
}

fn compressed(codec: &str, data: &[u8]) -> Vec<u8> {
    match codec {
        "zlib" => {
            let mut encoder =
                flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(data).unwrap();
            block(*b"zlib", &encoder.finish().unwrap(), data.len())
        }
        "bzp2" => {
            let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
            encoder.write_all(data).unwrap();
            block(*b"bzp2", &encoder.finish().unwrap(), data.len())
        }
        "lz4" => {
            let chunk = |data: &[u8]| {
                let stored = lz4_flex::block::compress_prepend_size(data);
                let length = u32::try_from(stored.len()).unwrap().to_be_bytes();
                [&length[..], &stored].concat()
            };
            let stored: Vec<u8> = data.chunks(CHUNK).flat_map(chunk).collect();
            block(*b"lz4\0", &stored, data.len())
        }
        "lz4f" => {
            let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
            encoder.write_all(data).unwrap();
            block(*b"lz4f", &encoder.finish().unwrap(), data.len())
        }
        "zstd" => block(
            *b"zstd",
            &zstd::bulk::compress(data, 3).unwrap(),
            data.len(),
        ),
        _ => block([0; 4], data, data.len()),
    }
}

struct File {
    input: Input,
    limits: Limits,
    table: BlockTable,
}

fn scan(bytes: Vec<u8>) -> File {
    let (input, limits) = (Input::from(bytes), Limits::default());
    let table = BlockTable::scan(&input, 0, 0, &limits, &mut Vec::new()).unwrap();
    File {
        input,
        limits,
        table,
    }
}

impl File {
    fn block(&self) -> Block<'_> {
        Block::new(&self.input, &self.table.headers()[0], &self.limits)
    }
}

#[divan::bench(args = [100, 10_000, 100_000])]
fn find_blocks(bencher: Bencher<'_, '_>, count: usize) {
    let bytes: Vec<u8> = (0..count)
        .flat_map(|_| block([0; 4], b"12345678", 8))
        .collect();
    let (input, limits) = (Input::from(bytes), Limits::default());
    bencher
        .counter(ItemsCount::new(count))
        .bench(|| BlockTable::scan(&input, 0, 0, &limits, &mut Vec::new()).unwrap());
}

#[divan::bench(args = ["zlib", "bzp2", "lz4", "lz4f", "zstd"])]
fn decode_whole(bencher: Bencher<'_, '_>, codec: &str) {
    let file = scan(compressed(codec, &pixels()));
    bencher
        .counter(BytesCount::new(SIZE))
        .bench(|| file.block().decoded().unwrap().len());
}

#[divan::bench(args = ["raw", "zlib", "bzp2", "lz4", "lz4f", "zstd"])]
fn decode_as_a_stream(bencher: Bencher<'_, '_>, codec: &str) {
    let file = scan(compressed(codec, &pixels()));
    bencher
        .counter(BytesCount::new(SIZE))
        .bench(|| io::copy(&mut file.block().reader().unwrap(), &mut io::sink()).unwrap());
}

#[divan::bench]
fn verify_raw(bencher: Bencher<'_, '_>) {
    let file = scan(compressed("raw", &pixels()));
    bencher
        .counter(BytesCount::new(SIZE))
        .bench(|| file.block().verify().unwrap());
}
