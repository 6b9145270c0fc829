//! Decodes what the Blosc libraries wrote (`test-data/generate/blosc_streams.py`); the plain bytes
//! are computed here.

use super::chunks;
use super::decode_chunk;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::error::Result;
use crate::limits::Limits;
use sha2::Digest;
use std::path::Path;
use std::path::PathBuf;

/// What one library wrote, and what about.
struct Case {
    name: String,
    pattern: u32,
    width: usize,
    size: usize,
    keep: u32,
    payload: Vec<u8>,
}

impl Case {
    fn plain(&self) -> Vec<u8> {
        plain(self.pattern, self.width, self.size, self.keep)
    }
}

/// All cases of a file.
fn cases(file: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../test-data/blosc")
        .join(file);
    let bytes = std::fs::read(path).unwrap();
    let mut rest = bytes.as_slice();
    let mut cases = Vec::new();
    while !rest.is_empty() {
        let (head, behind) = rest.split_at(28);
        let number = |i: usize| u32::from_le_bytes(head[4 * i..4 * i + 4].try_into().unwrap());
        let (payload, behind) = behind.split_at(number(6) as usize);
        cases.push(Case {
            name: format!("{file} case {}: {head:?}", cases.len()),
            pattern: number(0),
            width: number(1) as usize,
            size: number(2) as usize,
            keep: number(3),
            payload: payload.to_vec(),
        });
        rest = behind;
    }
    cases
}

/// The patterns of the script.
fn plain(pattern: u32, width: usize, size: usize, keep: u32) -> Vec<u8> {
    let count = |i: usize| {
        let element = (i / width) as u64;
        element.to_le_bytes().get(i % width).copied().unwrap_or(0)
    };
    let mut state = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
    .take(size)
    .collect();
    let nan = if width == 4 {
        f32::NAN.to_le_bytes().to_vec()
    } else {
        f64::NAN.to_le_bytes().to_vec()
    };
    let float = |i: usize| {
        let bits = 0x3f80_0000 + 9973 * u32::try_from(i / 4).unwrap();
        let cut = bits >> (23 - keep) << (23 - keep);
        cut.to_le_bytes()[i % 4]
    };
    let byte = |i: usize| match pattern {
        0 => count(i),
        1 => noise[i],
        2 => {
            if i / 512 % 2 == 0 {
                count(i)
            } else {
                noise[i]
            }
        }
        3 => float(i),
        4 => 0,
        5 => nan[i % width],
        6 => 1,
        7 => u8::try_from(i % 12 + 1).unwrap(),
        _ => {
            if i % 9500 < 500 {
                noise[i % 9500]
            } else {
                0
            }
        }
    };
    (0..size).map(byte).collect()
}

/// Decodes piece by piece.
fn decode(stored: &[u8], size: usize) -> Result<Vec<u8>> {
    let mut out = vec![0xee; size];
    let mut end = 0;
    for chunk in chunks(stored, 0, size as u64, &Limits::default())? {
        let range = usize::try_from(chunk.decoded.start).unwrap()
            ..usize::try_from(chunk.decoded.end).unwrap();
        assert_eq!(range.start, end, "pieces follow each other");
        end = range.end;
        decode_chunk(stored, 0, &chunk, &mut out[range])?;
    }
    assert_eq!(end, size, "pieces have the promised size");
    Ok(out)
}

#[track_caller]
fn check(file: &str, number: usize) {
    let cases = cases(file);
    assert_eq!(cases.len(), number);
    for case in cases {
        let name = &case.name;
        let out =
            decode(&case.payload, case.size).unwrap_or_else(|error| panic!("{name}: {error}"));
        let plain = case.plain();
        if let Some(at) = (0..plain.len()).find(|at| out[*at] != plain[*at]) {
            panic!("{name}: byte {at} is {} and not {}", out[at], plain[at]);
        }
    }
}

#[test]
fn blosc_1_with_every_filter_and_element_size_is_decoded_from_blosclz() {
    check("blosc1_blosclz.bin", 76);
}

#[test]
#[cfg(feature = "lz4")]
fn blosc_1_with_every_filter_and_element_size_is_decoded_from_lz4() {
    check("blosc1_lz4.bin", 76);
    check("blosc1_lz4hc.bin", 76);
}

#[test]
#[cfg(feature = "zlib")]
fn blosc_1_with_every_filter_and_element_size_is_decoded_from_zlib() {
    check("blosc1_zlib.bin", 76);
}

#[test]
#[cfg(feature = "zstd")]
fn blosc_1_with_every_filter_and_element_size_is_decoded_from_zstd() {
    check("blosc1_zstd.bin", 76);
}

#[test]
#[cfg(all(feature = "lz4", feature = "zstd"))]
fn blosc_1_of_few_bytes_and_of_extremes_is_decoded() {
    check("blosc1_edges.bin", 54);
}

#[test]
#[cfg(all(feature = "lz4", feature = "zlib", feature = "zstd"))]
fn buffers_behind_each_other_are_decoded_with_and_without_lengths() {
    check("blosc1_framings.bin", 6);
}

#[test]
fn blosc_2_with_every_filter_and_element_size_is_decoded_from_blosclz() {
    check("blosc2_blosclz.bin", 132);
}

#[test]
#[cfg(feature = "lz4")]
fn blosc_2_with_every_filter_and_element_size_is_decoded_from_lz4() {
    check("blosc2_lz4.bin", 132);
    check("blosc2_lz4hc.bin", 132);
}

#[test]
#[cfg(feature = "zlib")]
fn blosc_2_with_every_filter_and_element_size_is_decoded_from_zlib() {
    check("blosc2_zlib.bin", 132);
}

#[test]
#[cfg(feature = "zstd")]
fn blosc_2_with_every_filter_and_element_size_is_decoded_from_zstd() {
    check("blosc2_zstd.bin", 132);
}

#[test]
#[cfg(all(feature = "lz4", feature = "zstd"))]
fn blosc_2_with_cut_precision_dictionaries_and_runs_is_decoded() {
    check("blosc2_edges.bin", 32);
}

#[test]
#[cfg(all(feature = "lz4", feature = "zlib", feature = "zstd"))]
fn frames_are_decoded() {
    check("blosc2_frames.bin", 46);
}

#[test]
#[ignore = "bench"]
fn bench() {
    let mut files: Vec<_> = std::fs::read_dir("/tmp/bb").unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "blsc")).collect();
    files.sort();
    for f in files {
        let c = std::fs::read(&f).unwrap();
        let n = u32::from_le_bytes(c[4..8].try_into().unwrap()) as usize;
        let mut out = vec![1u8; n];
        let mut best = f64::MAX;
        for _ in 0..5 {
            let t = std::time::Instant::now();
            for chunk in chunks(&c, 0, n as u64, &Limits::default()).unwrap() {
                let r = chunk.decoded.start as usize..chunk.decoded.end as usize;
                decode_chunk(&c, 0, &chunk, &mut out[r]).unwrap();
            }
            best = best.min(t.elapsed().as_secs_f64());
        }
        println!("{} {:.2} GB/s", f.file_stem().unwrap().to_str().unwrap(), n as f64 / best / 1e9);
    }
}

#[test]
#[ignore = "bench"]
fn bench_shuffle() {
    let n = 256 << 10;
    let src: Vec<u8> = (0..n).map(|i| (i * 7 + i / 256) as u8).collect();
    let mut out = vec![1u8; n];
    for ts in [2, 3, 4, 8, 12, 16] {
        for kind in ["byte", "bit"] {
            let mut best = f64::MAX;
            for _ in 0..5 {
                let t = std::time::Instant::now();
                for _ in 0..100 {
                    if kind == "byte" { super::shuffle::unshuffle(ts, &src, &mut out); } else { super::bitshuffle::unshuffle(ts, super::bitshuffle::Excess::Stored, &src, &mut out); }
                    std::hint::black_box(&mut out);
                }
                best = best.min(t.elapsed().as_secs_f64());
            }
            println!("{kind} {ts} {:.2} GB/s", n as f64 * 100. / best / 1e9);
        }
    }
}
