#![expect(clippy::indexing_slicing, reason = "a test")]

use super::*;
use crate::block::Block;
use crate::block::BlockHeader;
use crate::input::Input;
use crate::limits::Limits;
use proptest::prelude::*;
use rayon::ThreadPoolBuilder;
use std::io;
use std::io::Cursor;
use std::io::SeekFrom;

/// Every codec, with the bytes at which it does something new.
const CODECS: &[(&str, &[usize])] = &[
    ("none", &[PIECE]),
    #[cfg(feature = "zlib")]
    ("zlib", &[32 << 10, 1 << 20]),
    #[cfg(feature = "zlib")]
    ("zlib:0", &[1 << 20]),
    #[cfg(feature = "zlib")]
    ("zlib:1", &[1 << 20]),
    #[cfg(feature = "bzip2")]
    ("bzp2", &[719_100]),
    #[cfg(feature = "bzip2")]
    ("bzp2:1", &[79_900]),
    #[cfg(feature = "lz4")]
    ("lz4", &[4 << 20]),
    #[cfg(feature = "lz4")]
    ("lz4f", &[4 << 20]),
    #[cfg(feature = "zstd")]
    ("zstd", &[512 << 10, 8 << 20]),
    #[cfg(feature = "zstd")]
    ("zstd:1", &[2 << 20]),
    #[cfg(all(feature = "blosc", feature = "lz4"))]
    ("blsc", &[512, 256 << 10, 4 << 20]),
];

fn compression(text: &str) -> Compression {
    text.parse().unwrap()
}

fn encoded(compression: Compression, element_size: usize, data: &[u8]) -> Vec<u8> {
    let mut out = Cursor::new(b"before".to_vec());
    out.set_position(6);
    let size = data.len() as u64;
    let stored = encode(
        compression,
        Grain::of_element(element_size),
        size,
        &mut &data[..],
        &mut out,
    )
    .unwrap();
    assert_eq!(out.position().checked_sub(6), Some(stored));
    let out = out.into_inner();
    let (before, out) = out.split_at(6);
    assert_eq!(before, b"before");
    assert_eq!(out.len() as u64, stored);
    out.to_vec()
}

fn decoded(compression: Compression, stored: Vec<u8>, data_size: usize) -> Vec<u8> {
    let used = stored.len() as u64;
    let header = BlockHeader {
        index: 0,
        offset: 0,
        header_size: 48,
        flags: 0,
        label: compression.label(),
        allocated: used,
        used,
        data_size: data_size as u64,
        checksum: [0; 16],
        data_offset: 0,
        available: used,
    };
    let (input, limits) = (Input::from(stored), Limits::default());
    let block = Block::new(&input, &header, &limits);
    assert_eq!(block.problems().unwrap(), []);
    block.decoded().unwrap().into_vec()
}

/// Bytes of some kind, the same for the same arguments.
fn data(kind: u8, size: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    });
    let noise = noise.enumerate().map(|(at, noise)| match kind {
        1 => noise,
        // Counts with a little noise, in four bytes.
        2 if at % 4 == 0 => noise & 0x3f,
        2 if at % 4 == 1 => 4,
        // Runs of four, which bzip2 makes longer.
        3 if at % 5 == 4 => b'b',
        3 => b'a',
        // Noise and nothing by turns.
        _ if at / 300_000 % 2 == 0 => noise,
        _ => 0,
    });
    noise.take(size).collect()
}

fn is_read_back(text: &str, element_size: usize, data: &[u8]) {
    let compression = compression(text);
    let stored = encoded(compression, element_size, data);
    let back = decoded(compression, stored, data.len());
    assert!(
        back == data,
        "{text}, elements of {element_size}, {} bytes",
        data.len()
    );
}

#[test]
fn what_is_encoded_is_decoded_to_the_same() {
    for kind in 0..4 {
        let data = data(kind, (8 << 20) + 1);
        for (codec, edges) in CODECS {
            for size in [0, 1, 2, 15, 16, 17, 1000] {
                is_read_back(codec, 4, &data[..size]);
            }
            let edges = edges.iter().flat_map(|&edge| [edge - 1, edge, edge + 1]);
            for size in edges {
                is_read_back(codec, 4, &data[..size]);
            }
        }
    }
}

#[test]
fn several_chunks_are_decoded_to_the_same() {
    for kind in [2, 4] {
        let data = data(kind, 20 << 20);
        for (codec, edges) in CODECS {
            let size = edges.iter().max().unwrap() * 9 / 4 + 3;
            is_read_back(codec, 2, &data[..size]);
        }
    }
}

#[test]
fn elements_of_any_size_are_decoded_to_the_same() {
    for (codec, _) in CODECS {
        for element_size in [0, 1, 2, 3, 4, 8, 16, 17, 255, 256, 1 << 40] {
            for size in [7, 300, 4096, 70_001] {
                is_read_back(codec, element_size, &data(2, size));
            }
        }
    }
    #[cfg(all(feature = "blosc", feature = "lz4"))]
    for element_size in [2, 3, 8, 16, 24, 255] {
        is_read_back("blsc", element_size, &data(2, 600_001));
    }
}

#[test]
fn the_number_of_threads_leaves_no_trace() {
    let data = data(2, (18 << 20) + 11);
    for (codec, edges) in CODECS {
        // Several batches for one thread, a part of one for seven.
        let size = match edges.iter().max() {
            _ if codec.starts_with("bzp2") => 5 << 18,
            Some(0..=0x20_0000) => 10 << 20,
            _ => data.len(),
        };
        let data = &data[..size];
        let [one, two, seven] = [1, 2, 7].map(|threads| {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build();
            let pool = pool.unwrap();
            pool.install(|| encoded(compression(codec), 4, data))
        });
        assert!(one == two && two == seven, "{codec}");
    }
}

/// Gives its bytes in small pieces, with interruptions.
struct Slow<'d>(&'d [u8], bool);

impl Read for Slow<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.1 = !self.1;
        if self.1 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let most = out.len().min(1000);
        self.0.read(out.get_mut(..most).unwrap())
    }
}

#[test]
fn it_does_not_matter_how_the_data_comes() {
    let data = data(2, 1_500_000);
    for (codec, _) in CODECS {
        let compression = compression(codec);
        let mut out = Cursor::new(Vec::new());
        let (size, mut slow) = (data.len() as u64, Slow(&data, false));
        encode(compression, Grain::of_element(2), size, &mut slow, &mut out).unwrap();
        assert!(
            out.into_inner() == encoded(compression, 2, &data),
            "{codec}"
        );
    }
}

#[test]
fn less_or_more_data_than_announced_is_an_error() {
    let data = data(2, 2_000_000);
    for (codec, _) in CODECS {
        let announce = |size| {
            let mut out = Cursor::new(Vec::new());
            let result = encode(
                compression(codec),
                Grain::of_element(2),
                size,
                &mut &data[..],
                &mut out,
            );
            result.unwrap_err().to_string()
        };
        assert_eq!(
            announce(2_000_001),
            "data of 2000000 bytes, 2000001 were announced"
        );
        for size in [0, 1_999_999] {
            let error = format!("data of more than the {size} bytes that were announced");
            assert_eq!(announce(size), error);
        }
    }
}

/// Takes only so many bytes.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.0.min(bytes.len());
        self.0 = self.0.saturating_sub(count);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Full {
    fn seek(&mut self, _to: SeekFrom) -> io::Result<u64> {
        Ok(0)
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let data = data(1, 3 << 20);
    for (codec, _) in CODECS {
        let size = data.len() as u64;
        for room in [0, 3, 1_000_000] {
            let result = encode(
                compression(codec),
                Grain::of_element(4),
                size,
                &mut &data[..],
                &mut Full(room),
            );
            assert!(result.is_err(), "{codec}, room for {room}");
        }
    }
}

#[cfg(all(feature = "blosc", feature = "lz4"))]
#[test]
fn a_blosc_buffer_begins_as_other_writers_make_it() {
    let begin = |element_size, data: &[u8]| {
        let stored = encoded(compression("blsc"), element_size, data);
        (stored.len(), stored.get(..16).unwrap().to_vec())
    };
    // Nothing: copied, 16 bytes in all.
    assert_eq!(
        begin(1, b"").1,
        [2, 1, 0x32, 1, 0, 0, 0, 0, 1, 0, 0, 0, 16, 0, 0, 0]
    );
    // Noise is copied.
    let (size, noise) = begin(4, &data(1, 1000));
    assert_eq!(size, 1016);
    assert_eq!(
        noise,
        [2, 1, 0x23, 4, 0xe8, 3, 0, 0, 0xe8, 3, 0, 0, 0xf8, 3, 0, 0]
    );
    // Blocks of whole elements, split by their bytes.
    let (_, zeros) = begin(3, &data(0, 1 << 20));
    assert_eq!(zeros[..12], [2, 1, 0x21, 3, 0, 0, 16, 0, 0xff, 0xff, 3, 0]);
}

#[cfg(all(feature = "blosc", feature = "lz4"))]
#[test]
fn too_much_for_blosc_is_refused_before_it_is_read() {
    let size = (1 << 31) - 17;
    let mut out = Cursor::new(Vec::new());
    let error = encode(
        compression("blsc"),
        Grain::of_element(1),
        size,
        &mut io::empty(),
        &mut out,
    )
    .unwrap_err();
    assert!(error.is_unsupported());
    assert_eq!(
        error.to_string(),
        "`blsc` holds at most 2147418095 bytes, the data has 2147483631"
    );
}

#[cfg(feature = "lz4")]
#[test]
fn lz4_chunks_are_those_of_the_python_library() {
    let stored = encoded(compression("lz4"), 4, &data(0, (4 << 20) + 5));
    // The last chunk has five bytes: their number, and a block of one run of literals.
    let last = [0, 0, 0, 10, 5, 0, 0, 0, 0x50, 0, 0, 0, 0, 0];
    assert!(stored.ends_with(&last));
    assert_eq!(stored.get(4..8), Some(&[0, 0, 0x40, 0][..]));
}

#[cfg(feature = "bzip2")]
#[test]
fn an_empty_bzip2_stream_is_that_of_any_other_writer() {
    let stored = encoded(compression("bzp2"), 1, b"");
    assert_eq!(stored, b"BZh9\x17rE8P\x90\0\0\0\0");
}

#[cfg(feature = "zlib")]
#[test]
fn joined_zlib_chunks_look_back_over_their_borders() {
    // Noise again and again: a chunk that knew nothing of the one before it would have all of it.
    let noise = data(1, 20 << 10);
    let data: Vec<u8> = noise.iter().copied().cycle().take(5 << 20).collect();
    let mut single = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(6));
    single.write_all(&data).unwrap();
    let (single, joined) = (
        single.finish().unwrap().len(),
        encoded(compression("zlib"), 1, &data).len(),
    );
    assert!(joined < single + 1000, "{joined} against {single} bytes");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_data_is_decoded_to_the_same(
        parts in prop::collection::vec((any::<u8>(), 0_usize..3000, any::<bool>()), 0..60),
        element_size in 0_usize..40,
    ) {
        let mut all = Vec::new();
        for (byte, size, noisy) in parts {
            let part = data(u8::from(noisy), size);
            all.extend(part.into_iter().map(|value| value ^ byte));
        }
        for (codec, _) in CODECS {
            is_read_back(codec, element_size, &all);
        }
    }
}

#[cfg(all(feature = "lz4", feature = "zstd", feature = "blosc"))]
#[test]
fn chunks_of_a_size_that_is_asked_for_are_cut_there() {
    let data = data(2, 1_000_000);
    for text in ["lz4", "zstd", "zstd:20", "blsc"] {
        for chunk in [1, 3000, 250_000, 999_999, 1_000_000, 1_000_001] {
            let data = if chunk == 1 { &data[..40] } else { &data[..] };
            let compression = compression(text);
            let grain = Grain {
                element: 4,
                chunk: Some(chunk),
            };
            let mut out = Cursor::new(Vec::new());
            let size = data.len() as u64;
            let stored = encode(compression, grain, size, &mut &data[..], &mut out).unwrap();
            let out = out.into_inner();
            assert_eq!(out.len() as u64, stored, "{text} {chunk}");
            let back = decoded(compression, out, data.len());
            assert!(back == data, "{text} {chunk}");
        }
        // Nothing at all is the same with and without chunks.
        is_read_back(text, 4, &[]);
    }
}
