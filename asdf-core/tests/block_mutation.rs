//! Damaged blocks: bytes flipped and files cut, always the same ones. Nothing may panic.
#![expect(clippy::unwrap_used, reason = "a test")]

use asdf_core::Limits;
use asdf_core::block::Block;
use asdf_core::block::BlockTable;
use asdf_core::file::Input;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// Numbers that look random and are not (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap()
    }
}

/// One block with that label around `stored`.
fn block(label: [u8; 4], stored: &[u8], data_size: u64) -> Vec<u8> {
    let size = (stored.len() as u64).to_be_bytes();
    let mut out = b"\xd3BLK\0\x30\0\0\0\0".to_vec();
    out.extend(label);
    out.extend([size, size, data_size.to_be_bytes()].concat());
    out.extend([7; 16]);
    out.extend(stored);
    out
}

/// Uses everything there is to be used.
fn exercise(bytes: Vec<u8>) {
    // Decoded sizes are kept low as a damaged one asks for up to 64 GiB, which is legal.
    let mut limits = Limits::default();
    limits.decoded_bytes = 16 << 20;
    let (input, mut warnings) = (Input::from(bytes), Vec::new());
    let Ok(table) = BlockTable::scan(&input, 0, 0, &limits, &mut warnings) else {
        return;
    };
    for header in table.headers() {
        let block = Block::new(&input, header, &limits);
        let whole = block.decoded();
        let streamed = block
            .reader()
            .and_then(|mut reader| Ok(io::copy(&mut reader, &mut io::sink())?));
        if let (Ok(whole), Ok(streamed)) = (&whole, &streamed) {
            assert_eq!(whole.len() as u64, *streamed);
        }
        let size = block.decoded_size();
        let _ = block.decoded_range(size / 4..size / 2);
        let _ = (block.verify(), block.problems());
    }
    assert!(
        warnings
            .iter()
            .all(|warning| !warning.to_string().is_empty())
    );
}

/// How many bytes the first block decodes to; nothing when this build lacks the codec.
fn decoded_size(bytes: &[u8]) -> Option<u64> {
    let (input, limits) = (Input::from(bytes.to_vec()), Limits::default());
    let table = BlockTable::scan(&input, 0, 0, &limits, &mut Vec::new()).unwrap();
    let decoded = Block::new(&input, &table.headers()[0], &limits).decoded();
    let decoded = decoded.inspect_err(|error| assert!(error.is_unsupported(), "{error}"));
    decoded.ok().map(|bytes| bytes.len() as u64)
}

fn mutate(original: &[u8], rounds: usize, dice: &mut Dice) {
    for round in 0..rounds {
        let mut bytes = original.to_vec();
        for _ in 0..=dice.below(4) {
            let at = dice.below(bytes.len());
            bytes[at] = u8::try_from(dice.below(256)).unwrap();
        }
        if round % 5 == 0 {
            bytes.truncate(dice.below(bytes.len()));
        }
        exercise(bytes);
    }
}

#[test]
fn damaged_blocks_of_every_codec_never_panic() {
    // Each is whole and was read by Python's codec before it was put here.
    let zlib = b"\x78\x9c\x4b\x4c\x4a\x4e\x24\x84\x00\xff\x00\x0d\xc9";
    let bzip2 = b"\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x64\x8c\xbb\x73\x00\x00\x00\x01\x00\x38\x00\x20\x00\x21\x98\x19\x84\x61\x77\x24\x53\x85\x09\x06\x48\xcb\xb7\x30";
    let lz4 = b"\0\0\0\x08\x03\0\0\0\x30abc\0\0\0\x08\x03\0\0\0\x30def";
    let mut dice = Dice(42);
    for (label, stored, size) in [
        (*b"\0\0\0\0", &b"plain"[..], 5),
        (*b"zlib", &zlib[..], 36),
        (*b"lz4\0", &lz4[..], 6),
        (*b"bzp2", bzip2, 3),
        (
            *b"lz4f",
            b"\x04\x22\x4d\x18\x60\x40\x82\x03\0\0\x80abc\0\0\0\0",
            3,
        ),
        (*b"zstd", b"\x28\xb5\x2f\xfd\x20\x03\x19\0\0abc", 3),
    ] {
        let mut bytes = block(label, stored, size);
        bytes.extend(block(*b"\0\0\0\0", b"", 0));
        assert!(
            decoded_size(&bytes).is_none_or(|found| found == size),
            "{label:?}"
        );
        bytes.extend(b"#ASDF BLOCK INDEX\n%YAML 1.1\n---\n- 0\n- 0x4f\n...\n");
        mutate(&bytes, 500, &mut dice);
    }
}

#[test]
fn damaged_files_of_the_corpus_never_panic() {
    let named = std::env::var_os("ASDF_CORPUS").map(PathBuf::from);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let Some(root) = [named, Some(root)]
        .into_iter()
        .flatten()
        .find(|path| path.is_dir())
    else {
        return;
    };
    let mut dice = Dice(7);
    for name in [
        "zlib_mid",
        "bzp2_mid",
        "lz4_mid",
        "lz4_chunk_792",
        "lz4f_mid",
        "hand_lz4f_linked",
    ]
    .into_iter()
    .chain([
        "zstd_mid",
        "hand_zstd_two_frames",
        "hand_zstd_no_content_size",
        "mixed",
        "blsc_mid",
    ]) {
        let bytes = std::fs::read(root.join(format!("generated/compression/{name}.asdf"))).unwrap();
        let first = bytes
            .windows(4)
            .position(|found| found == b"\xd3BLK")
            .unwrap();
        mutate(&bytes[first..], 150, &mut dice);
    }
}
