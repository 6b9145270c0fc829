//! Decodes what the Blosc libraries wrote (`test-data/generate/blosc_streams.py`); the plain bytes
//! are computed here.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test"
)]

use super::chunks;
use super::decode_chunk;
use crate::error::Result;
use crate::limits::Limits;
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
            if (i / 512).is_multiple_of(2) {
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

/// All sizes near the true one, and bytes too many or too few.
#[test]
#[cfg(all(feature = "lz4", feature = "zlib", feature = "zstd"))]
fn a_payload_that_does_not_add_up_is_an_error() {
    for file in [
        "blosc1_edges.bin",
        "blosc1_framings.bin",
        "blosc2_edges.bin",
        "blosc2_frames.bin",
    ] {
        for case in cases(file) {
            let (name, size, payload) = (&case.name, case.size, &case.payload);
            for wrong in [size.wrapping_sub(1), size + 1, 1 << 40] {
                let result = chunks(payload, 0, wrong as u64, &Limits::default());
                assert!(
                    result.is_err_and(|error| error.is_corrupt()),
                    "{name}: {wrong}"
                );
            }
            let mut longer = payload.clone();
            longer.extend([0, 1, 2, 3, 4, 5, 6]);
            let error = decode(&longer, size).unwrap_err();
            let text = error.to_string();
            assert!(
                text.ends_with("7 bytes after the end of the blosc data"),
                "{name}: {text}"
            );
            for cut in [1, payload.len() / 2, payload.len() - 1] {
                assert!(decode(&payload[..cut], size).is_err_and(|error| error.is_corrupt()));
            }
        }
    }
}

#[test]
fn nothing_gives_nothing_and_only_that() {
    assert!(decode(&[], 0).unwrap().is_empty());
    let error = decode(&[], 3000).unwrap_err();
    assert_eq!(
        error.to_string(),
        "at 0x0: decodes to 0 bytes, the header promises 3000"
    );
}

/// A buffer of so many zeros, of which only the header is stored.
fn announced(size: u32) -> Vec<u8> {
    let mut buffer = vec![5, 1, 0x07, 4];
    buffer.extend([size, 64 << 10, 32].map(u32::to_le_bytes).concat());
    buffer.extend([0; 15]);
    buffer.push(1 << 4);
    buffer
}

#[test]
fn zeros_of_which_nothing_is_stored_have_a_budget() {
    let mut limits = Limits::default();
    let stored = [announced(1 << 20), announced(1 << 20)].concat();
    assert_eq!(decode(&stored, 2 << 20).unwrap(), vec![0; 2 << 20]);
    limits.decoded_bytes = 3 << 19;
    let error = chunks(&stored, 0, 2 << 20, &limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "at 0x20..0x40: size in bytes of runs of one value would be 2097152, limit `decoded_bytes` is 1572864"
    );
    // Nothing that grows with the size promised is set aside for it.
    let many = announced(0x7fff_ff00).repeat(1000);
    let promised = 1000 * 0x7fff_ff00;
    let result = chunks(&many, 0, promised, &Limits::default());
    assert!(result.is_err_and(|error| error.is_limit()));
}

#[test]
fn bytes_that_are_no_buffer_are_named() {
    let error = chunks(b"\0\0\0\0 not Blosc at all", 100, 10, &Limits::default()).unwrap_err();
    let text = "at 0x64..0x74: not a Blosc buffer, begins with [00, 00, 00, 00]";
    assert_eq!(error.to_string(), text);
}

/// Damages payloads in every way that comes to mind: whatever happens, it does not panic, and
/// nothing is allocated that the damaged size field asks for.
#[test]
fn damaged_payloads_never_panic() {
    let mut state = 1_u64;
    let mut random = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below.max(1)
    };
    let files = [
        "blosc1_blosclz",
        "blosc1_edges",
        "blosc1_lz4",
        "blosc1_zstd",
        "blosc1_framings",
    ];
    let files = files.iter().chain(&[
        "blosc2_blosclz",
        "blosc2_zlib",
        "blosc2_edges",
        "blosc2_frames",
    ]);
    for case in files.flat_map(|file| cases(&format!("{file}.bin"))) {
        if case.size > 100_000 || case.payload.is_empty() {
            continue;
        }
        for round in 0..20 {
            let mut payload = case.payload.clone();
            // Damage in the headers finds more than damage in the streams.
            let reach = if round % 2 == 0 {
                payload.len().min(100)
            } else {
                payload.len()
            };
            for _ in 0..=random(3) {
                let at = random(reach);
                payload[at] = match random(4) {
                    0 => 0,
                    1 => 0xff,
                    2 => payload[at] ^ 1 << random(8),
                    _ => u8::try_from(random(256)).unwrap(),
                };
            }
            if round % 5 == 0 {
                payload.truncate(random(payload.len()));
            }
            let _ = decode(&payload, case.size);
        }
    }
}

/// Where the corpus is: beside the repository, or where the environment says.
fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let path = std::env::var_os("ASDF_CORPUS").map_or(beside, PathBuf::from);
    path.is_dir().then_some(path)
}

/// The stored bytes and the promised size of the only block of a file.
fn only_block(file: &[u8]) -> Option<(&[u8], u64)> {
    let at = file.windows(4).position(|bytes| bytes == b"\xd3BLK")?;
    let field = |at: usize| {
        file[at..]
            .first_chunk()
            .map(|bytes| u64::from_be_bytes(*bytes))
    };
    assert_eq!(&file[at + 10..at + 14], b"blsc");
    let begin = at + 6 + usize::from(u16::from_be_bytes([file[at + 4], file[at + 5]]));
    let used = usize::try_from(field(at + 22)?).unwrap();
    Some((&file[begin..begin + used], field(at + 30)?))
}

#[test]
#[cfg(all(feature = "lz4", feature = "zlib", feature = "zstd"))]
fn arrays_of_the_corpus_have_the_digests_that_are_expected() {
    let Some(corpus) = corpus() else {
        println!("no corpus here, nothing checked");
        return;
    };
    let mut checked = 0;
    for entry in std::fs::read_dir(corpus.join("generated/compression")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if !name.starts_with("blsc_") || path.extension() != Some("asdf".as_ref()) {
            continue;
        }
        let file = std::fs::read(&path).unwrap();
        let (stored, size) = only_block(&file).unwrap();
        let out = decode(stored, usize::try_from(size).unwrap()).unwrap();
        let sidecar = std::fs::read(path.with_extension("asdf.expected.json")).unwrap();
        let sidecar: serde_json::Value = serde_json::from_slice(&sidecar).unwrap();
        let arrays = sidecar["arrays"].as_array().unwrap();
        // The digest is of little-endian elements, and of the whole block only when there is one.
        let [array] = arrays.as_slice() else { continue };
        if array["byteorder"] == "big" && array["datatype"] != "uint8" {
            continue;
        }
        let digest = <sha2::Sha256 as sha2::Digest>::digest(&out);
        let expected = array["sha256"].as_str().unwrap();
        let expected =
            (0..32).map(|i| u8::from_str_radix(&expected[2 * i..2 * i + 2], 16).unwrap());
        assert!(expected.eq(digest), "{name}");
        checked += 1;
    }
    println!("{checked} arrays checked");
    assert!(checked >= 20, "{checked}");
}

#[test]
#[cfg(all(feature = "lz4", feature = "zlib", feature = "zstd"))]
fn bad_files_of_the_corpus_are_refused() {
    let Some(corpus) = corpus() else {
        println!("no corpus here, nothing checked");
        return;
    };
    let kinds = [
        "corrupt_start",
        "data_size_2e62",
        "data_size_4GB",
        "data_size_large",
    ];
    let kinds = kinds.iter().chain(&[
        "data_size_small",
        "empty_payload",
        "trailing_garbage",
        "truncated",
    ]);
    for kind in kinds {
        let file = std::fs::read(corpus.join(format!("bad/comp_blsc_{kind}.asdf"))).unwrap();
        let (stored, size) = only_block(&file).unwrap();
        let found = chunks(stored, 0, size, &Limits::default());
        let error = found.and_then(|chunks| {
            chunks.iter().try_for_each(|chunk| {
                let size = usize::try_from(chunk.decoded.end - chunk.decoded.start).unwrap();
                decode_chunk(stored, 0, chunk, &mut vec![0; size])
            })
        });
        let error = error.expect_err(kind);
        println!("{kind}: {error}");
        assert!(error.is_corrupt(), "{kind}: {error}");
    }
}
