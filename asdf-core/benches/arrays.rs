//! Loading, viewing, streaming and statistics of arrays: `cargo bench -p asdfkit-core --bench arrays`.
#![expect(clippy::unwrap_used, reason = "a benchmark")]

use asdf_core::ArrayRef;
use asdf_core::array::{ArraySpec, ByteOrder, DataSource, Datatype, Scalar, Source};
use asdf_core::block::{Block, BlockTable};
use asdf_core::file::Input;
use asdf_core::{Limits, TreePath};
use divan::Bencher;
use divan::black_box;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

/// Bytes of the block.
const SIZE: usize = 64 << 20;

/// A file of one raw block with noise in the range of ordinary pixel values.
struct Store {
    input: Input,
    table: BlockTable,
    limits: Limits,
}

impl Store {
    fn new(values: impl Iterator<Item = u8>) -> Self {
        let size = (SIZE as u64).to_be_bytes();
        let mut bytes = b"\xd3BLK\0\x30\0\0\0\0\0\0\0\0".to_vec();
        bytes.extend([size, size, size].concat());
        // The data begins at a multiple of 16 in the file; the memory of a vector is as well aligned.
        bytes.extend([0; 16]);
        bytes.resize(bytes.len().next_multiple_of(16), 0);
        let pad = bytes.len() - 54;
        bytes[4..6].copy_from_slice(&u16::try_from(48 + pad).unwrap().to_be_bytes());
        bytes.extend(values.take(SIZE));
        let (input, limits) = (Input::from(bytes), Limits::default());
        let table = BlockTable::scan(&input, 0, 0, &limits, &mut Vec::new()).unwrap();
        Self {
            input,
            table,
            limits,
        }
    }

    fn doubles() -> Self {
        Self::new(noise().flat_map(|value| f64::from(value).to_le_bytes()))
    }

    fn floats() -> Self {
        Self::new(noise().flat_map(f32::to_le_bytes))
    }

    fn array(
        &self,
        scalar: Scalar,
        byteorder: ByteOrder,
        shape: Vec<u64>,
        strides: Option<Vec<i64>>,
    ) -> ArrayRef<'_> {
        let datatype = Datatype::Scalar(scalar);
        let source = Source::Block(0);
        let spec = ArraySpec {
            datatype,
            byteorder,
            shape,
            star: false,
            strides,
            offset: 0,
            source,
        };
        let block = Block::new(&self.input, &self.table.headers()[0], &self.limits);
        ArrayRef::new(
            spec,
            DataSource::Block(block),
            None,
            TreePath::default(),
            &self.limits,
        )
        .unwrap()
    }
}

fn noise() -> impl Iterator<Item = f32> {
    let mut state = 1_u32;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f32::from(u16::try_from(state >> 16).unwrap()).sqrt() + 100.0
    })
}

const SIDE: u64 = 1 << 12;

/// What the others are measured against: the bytes summed where they lie.
#[divan::bench]
fn sum_f64_plain(bencher: Bencher) {
    let store = Store::doubles();
    let bytes = &store.input.whole().unwrap()[store.input.whole().unwrap().len() - SIZE..];
    let (values, _) = bytes.as_chunks::<8>();
    bencher.counter(BytesCount::new(SIZE)).bench_local(|| {
        let values = black_box(values);
        values
            .iter()
            .map(|value| f64::from_le_bytes(*value))
            .sum::<f64>()
    });
}

#[divan::bench]
fn sum_f64_loaded_slice(bencher: Bencher) {
    let store = Store::doubles();
    let array = store.array(
        Scalar::Float64,
        ByteOrder::NATIVE,
        vec![SIZE as u64 / 8],
        None,
    );
    bencher.counter(BytesCount::new(SIZE)).bench_local(|| {
        let data = black_box(&array).load().unwrap();
        data.view::<f64>()
            .unwrap()
            .as_slice()
            .unwrap()
            .iter()
            .sum::<f64>()
    });
}

#[divan::bench]
fn sum_f64_iterated(bencher: Bencher) {
    let store = Store::doubles();
    let array = store.array(
        Scalar::Float64,
        ByteOrder::NATIVE,
        vec![SIZE as u64 / 8],
        None,
    );
    bencher.counter(BytesCount::new(SIZE)).bench_local(|| {
        let data = black_box(&array).load().unwrap();
        data.view::<f64>().unwrap().iter().sum::<f64>()
    });
}

#[divan::bench]
fn sum_f64_byte_swapped(bencher: Bencher) {
    let store = Store::doubles();
    let array = store.array(Scalar::Float64, ByteOrder::Big, vec![SIZE as u64 / 8], None);
    bencher.counter(BytesCount::new(SIZE)).bench_local(|| {
        let data = black_box(&array).load().unwrap();
        data.view::<f64>().unwrap().iter().sum::<f64>()
    });
}

/// Every other column of a float32 image.
#[divan::bench]
fn sum_f32_strided(bencher: Bencher) {
    let store = Store::floats();
    let array = store.array(
        Scalar::Float32,
        ByteOrder::NATIVE,
        vec![SIDE, SIDE / 2],
        Some(vec![16384, 8]),
    );
    bencher.counter(BytesCount::new(SIZE / 2)).bench_local(|| {
        let data = black_box(&array).load().unwrap();
        data.view::<f32>().unwrap().iter().sum::<f32>()
    });
}

#[divan::bench]
fn to_vec_f64_byte_swapped(bencher: Bencher) {
    let store = Store::doubles();
    let array = store.array(Scalar::Float64, ByteOrder::Big, vec![SIZE as u64 / 8], None);
    bencher.counter(BytesCount::new(SIZE)).bench_local(|| {
        black_box(&array)
            .load()
            .unwrap()
            .view::<f64>()
            .unwrap()
            .to_vec()
    });
}

#[divan::bench(args = ["native", "swapped", "strided"])]
fn stream_le_f32(bencher: Bencher, layout: &str) {
    let store = Store::floats();
    let array = match layout {
        "native" => store.array(Scalar::Float32, ByteOrder::Little, vec![SIDE, SIDE], None),
        "swapped" => store.array(Scalar::Float32, ByteOrder::Big, vec![SIDE, SIDE], None),
        _ => store.array(
            Scalar::Float32,
            ByteOrder::Little,
            vec![SIDE, SIDE / 2],
            Some(vec![16384, 8]),
        ),
    };
    bencher
        .counter(BytesCount::new(array.byte_len()))
        .bench_local(|| {
            let mut total = 0_usize;
            black_box(&array)
                .stream_le(&mut |bytes| {
                    total += bytes.len();
                    Ok(())
                })
                .unwrap();
            total
        });
}

#[divan::bench]
fn stats_f32(bencher: Bencher) {
    let store = Store::floats();
    let array = store.array(Scalar::Float32, ByteOrder::Little, vec![SIDE, SIDE], None);
    bencher
        .counter(BytesCount::new(SIZE))
        .bench_local(|| black_box(&array).stats().unwrap());
}

#[divan::bench]
fn stats_f64(bencher: Bencher) {
    let store = Store::doubles();
    let array = store.array(
        Scalar::Float64,
        ByteOrder::Little,
        vec![SIZE as u64 / 8],
        None,
    );
    bencher
        .counter(BytesCount::new(SIZE))
        .bench_local(|| black_box(&array).stats().unwrap());
}

#[divan::bench]
fn stats_u16(bencher: Bencher) {
    let store = Store::floats();
    let array = store.array(Scalar::Uint16, ByteOrder::Big, vec![SIZE as u64 / 2], None);
    bencher
        .counter(BytesCount::new(SIZE))
        .bench_local(|| black_box(&array).stats().unwrap());
}
