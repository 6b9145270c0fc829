#![expect(clippy::indexing_slicing, reason = "a test")]

use super::*;
#[cfg(feature = "zlib")]
use crate::error::ErrorKind;

/// The fields of a header to be written; sizes follow the data unless set.
struct Made<'d> {
    header_size: u16,
    flags: u32,
    label: &'d [u8; 4],
    allocated: u64,
    used: u64,
    data_size: u64,
    checksum: [u8; 16],
    data: &'d [u8],
}

fn made(data: &[u8]) -> Made<'_> {
    let size = data.len() as u64;
    Made {
        header_size: 48,
        flags: 0,
        label: b"\0\0\0\0",
        allocated: size,
        used: size,
        data_size: size,
        checksum: [0; 16],
        data,
    }
}

fn compressed<'d>(label: &'d [u8; 4], data: &'d [u8], data_size: u64) -> Made<'d> {
    Made {
        label,
        data_size,
        ..made(data)
    }
}

impl Made<'_> {
    fn bytes(&self) -> Vec<u8> {
        let mut out = b"\xd3BLK".to_vec();
        out.extend(self.header_size.to_be_bytes());
        out.extend(self.flags.to_be_bytes());
        out.extend(self.label);
        for size in [self.allocated, self.used, self.data_size] {
            out.extend(size.to_be_bytes());
        }
        out.extend(self.checksum);
        out.resize(6 + usize::from(self.header_size), 0);
        out.extend(self.data);
        out
    }
}

struct File {
    input: Input,
    limits: Limits,
    table: BlockTable,
    warnings: Vec<String>,
}

impl File {
    fn block(&self, index: usize) -> Block<'_> {
        Block::new(&self.input, &self.table.headers()[index], &self.limits)
    }
}

fn scan(bytes: Vec<u8>) -> Result<File> {
    let (input, limits, mut warnings) = (Input::from(bytes), Limits::default(), Vec::new());
    let table = BlockTable::scan(&input, 0, 0, &limits, &mut warnings)?;
    let warnings = warnings.iter().map(ToString::to_string).collect();
    Ok(File {
        input,
        limits,
        table,
        warnings,
    })
}

fn only(block: &Made<'_>) -> File {
    scan(block.bytes()).unwrap()
}

fn message<T>(result: Result<T>) -> String {
    result
        .err()
        .map_or_else(|| "no error".into(), |error| error.to_string())
}

/// An LZ4 block that says `abc`: a token for three literals.
#[cfg(feature = "lz4")]
const ABC: &[u8] = b"\0\0\0\x08\x03\0\0\0\x30abc";

#[test]
fn padding_of_any_content_stands_before_the_first_block() {
    let mut bytes = b" junk \xd3BL\xd3\xd3".to_vec();
    let offset = bytes.len() as u64;
    bytes.extend(made(b"data").bytes());
    let file = scan(bytes).unwrap();
    assert_eq!(file.table.headers()[0].offset, offset);
    assert_eq!(&*file.block(0).decoded().unwrap(), b"data");
    assert!(file.warnings.is_empty());
}

#[test]
fn a_longer_header_is_skipped_by_its_size() {
    let block = Made {
        header_size: 100,
        ..made(b"data")
    };
    assert_eq!(&*only(&block).block(0).decoded().unwrap(), b"data");
}

#[test]
fn a_header_below_48_bytes_ends_the_walk_with_a_warning() {
    let mut bytes = made(b"first").bytes();
    bytes.extend(b"\xd3BLK\x00\x2f");
    bytes.extend([0; 60]);
    let file = scan(bytes).unwrap();
    assert_eq!(file.table.headers().len(), 1);
    assert_eq!(
        file.warnings,
        [
            "block 1 at 0x3b..0x41: the walk over the blocks ends here: block header size is 47, expected at least 48"
        ]
    );
}

#[test]
fn magic_inside_data_or_allocated_space_is_no_block() {
    let inside = made(b"x").bytes();
    let mut first = Made {
        used: 3,
        data_size: 3,
        ..made(&inside)
    }
    .bytes();
    first.extend(made(b"two").bytes());
    let file = scan(first).unwrap();
    assert_eq!(file.table.headers().len(), 2);
    assert_eq!(&*file.block(1).decoded().unwrap(), b"two");
}

#[test]
fn bytes_between_blocks_end_the_walk() {
    let mut bytes = made(b"one").bytes();
    bytes.extend(b"?");
    bytes.extend(made(b"two").bytes());
    let file = scan(bytes).unwrap();
    assert_eq!(file.table.headers().len(), 1);
    assert!(
        file.warnings[0].contains("found 58 other bytes"),
        "{:?}",
        file.warnings
    );
}

#[test]
fn a_changed_byte_is_found_whatever_the_length_of_its_block() {
    use md5::{Digest, Md5};
    let edges = [0, 64, 128, 192, 1024];
    let lengths: Vec<usize> = edges
        .iter()
        .flat_map(|edge| [edge + 1, edge + 55, edge + 56, edge + 63, edge + 64])
        .collect();
    let data = |length: usize| -> Vec<u8> { (0..=250).cycle().take(length).collect() };
    let written = |wrong: Option<(usize, usize)>| {
        let mut bytes = Vec::new();
        for (index, &length) in lengths.iter().enumerate() {
            let sound = data(length);
            let mut stored = sound.clone();
            if let Some((block, at)) = wrong
                && block == index
            {
                stored[at] ^= 1;
            }
            let checksum = Md5::digest(&sound).into();
            bytes.extend(
                Made {
                    checksum,
                    ..made(&stored)
                }
                .bytes(),
            );
        }
        let file = scan(bytes).unwrap();
        let blocks: Vec<_> = (0..lengths.len()).map(|index| file.block(index)).collect();
        let verdicts = verify_all(&blocks).into_iter().map(Result::unwrap);
        let sound: Vec<bool> = verdicts.map(|verdict| verdict == Verdict::Match).collect();
        sound
    };
    assert!(written(None).iter().all(|&sound| sound));
    for (index, &length) in lengths.iter().enumerate() {
        for at in [0, length / 2, length - 1] {
            let found = written(Some((index, at)));
            let expected: Vec<bool> = (0..lengths.len()).map(|block| block != index).collect();
            assert_eq!(found, expected, "byte {at} of {length}");
        }
    }
}

#[test]
fn a_streamed_block_ends_with_the_file_whatever_its_sizes_say() {
    let file = only(&Made {
        flags: 1,
        allocated: 1,
        used: u64::MAX,
        ..made(b"stream\xd3BLK")
    });
    assert_eq!(file.block(0).decoded_size(), 10);
    assert_eq!(&*file.block(0).decoded().unwrap(), b"stream\xd3BLK");
    assert_eq!(file.block(0).verify().unwrap(), Verdict::Absent);
    assert!(file.warnings.is_empty());
}

#[test]
fn a_streamed_block_may_not_be_compressed() {
    let file = only(&Made {
        flags: 1,
        label: b"zlib",
        ..made(b"data")
    });
    let text = "block 0 at 0x36..0x3a: streamed block is marked as compressed with `zlib`";
    assert_eq!(message(file.block(0).decoded()), text);
}

#[test]
fn a_block_that_was_cut_is_listed_and_its_data_refused() {
    let mut bytes = made(b"0123456789").bytes();
    bytes.truncate(60);
    let file = scan(bytes).unwrap();
    assert_eq!(file.table.headers()[0].available, 6);
    assert_eq!(file.warnings.len(), 1);
    let text = "block 0 at 0x36..0x3c: needs 10 bytes, only 6 are there";
    assert_eq!(message(file.block(0).stored()), text);
    assert_eq!(message(file.block(0).verify()), text);
}

#[test]
fn an_allocation_that_was_cut_leaves_complete_data_readable() {
    let file = only(&Made {
        allocated: 9,
        ..made(b"data")
    });
    assert_eq!(&*file.block(0).decoded().unwrap(), b"data");
    assert!(file.warnings[0].ends_with("the file ends after 4; the data is complete"));
}

#[test]
fn a_first_header_that_was_cut_is_an_error() {
    let bytes = made(b"data").bytes();
    for length in 4..55 {
        assert!(scan(bytes[..length].to_vec()).is_err(), "{length}");
    }
    assert!(scan(made(b"").bytes()).is_ok());
}

#[test]
fn sizes_that_overflow_end_the_walk() {
    for size in [u64::MAX, u64::MAX - 53, 1 << 63] {
        let file = only(&Made {
            allocated: size,
            ..made(b"data")
        });
        assert!(file.table.headers().is_empty());
        assert!(file.warnings[0].contains("overflows"));
    }
}

#[test]
fn more_used_than_allocated_is_refused() {
    let file = only(&Made {
        allocated: 2,
        ..made(b"data")
    });
    assert!(message(file.block(0).stored()).ends_with("uses 4 bytes but only 2 are allocated"));
}

#[test]
fn an_uncompressed_block_uses_as_many_bytes_as_it_has() {
    let file = only(&Made {
        data_size: 5,
        ..made(b"data")
    });
    assert!(message(file.block(0).decoded()).ends_with("has 4 bytes, its header promises 5"));
    assert_eq!(file.block(0).stored().unwrap(), b"data");
}

#[test]
fn more_blocks_than_the_limit_are_refused() {
    let bytes: Vec<u8> = (0..4).flat_map(|_| made(b"").bytes()).collect();
    let (mut limits, mut warnings) = (Limits::default(), Vec::new());
    limits.blocks = 3;
    let error = BlockTable::scan(&Input::from(bytes), 0, 0, &limits, &mut warnings).unwrap_err();
    assert!(error.is_limit());
}

#[test]
fn checksums_are_of_the_stored_bytes() {
    // From Python's hashlib.
    let md5 = *b"\x8d\x77\x7f\x38\x5d\x3d\xfe\xc8\x81\x5d\x20\xf7\x49\x60\x26\xdc";
    let good = only(&Made {
        checksum: md5,
        ..made(b"data")
    });
    assert_eq!(good.block(0).verify().unwrap(), Verdict::Match);
    let wrong = only(&Made {
        checksum: [7; 16],
        ..made(b"data")
    });
    let verdict = Verdict::Mismatch {
        recorded: [7; 16],
        computed: md5,
    };
    assert_eq!(wrong.block(0).verify().unwrap(), verdict);
    assert_eq!(
        only(&made(b"data")).block(0).verify().unwrap(),
        Verdict::Absent
    );
}

#[test]
fn an_unknown_codec_only_stands_in_the_way_of_decoding() {
    let file = only(&compressed(b"a\x1bcd", b"data", 9));
    assert_eq!(file.block(0).stored().unwrap(), b"data");
    let text = "block 0 at 0x36..0x3a: unknown compression `a\\x1bcd`";
    assert_eq!(message(file.block(0).decoded()), text);
}

#[test]
#[cfg(feature = "lz4")]
fn a_checksum_of_the_decoded_bytes_is_legacy() {
    // MD5 of `abc` (RFC 1321).
    let md5 = *b"\x90\x01\x50\x98\x3c\xd2\x4f\xb0\xd6\x96\x3f\x7d\x28\xe1\x7f\x72";
    let file = only(&Made {
        checksum: md5,
        ..compressed(b"lz4\0", ABC, 3)
    });
    assert_eq!(file.block(0).verify().unwrap(), Verdict::Legacy);
}

#[test]
#[cfg(feature = "lz4")]
fn lz4_chunks_decode_whole_in_part_and_as_a_stream() {
    let stored = ABC.repeat(3);
    let file = only(&compressed(b"lz4\0", &stored, 9));
    let block = file.block(0);
    assert_eq!(&*block.decoded().unwrap(), b"abcabcabc");
    assert_eq!(&*block.decoded_range(2..5).unwrap(), b"cab");
    assert_eq!(&*block.decoded_range(4..4).unwrap(), b"");
    let mut text = String::new();
    block.reader().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "abcabcabc");
    assert!(message(block.decoded_range(8..10)).ends_with("needs bytes 8 to 10 of a block of 9"));
}

#[test]
#[cfg(feature = "lz4")]
fn a_range_needs_only_its_own_chunks() {
    let mut stored = ABC.repeat(3);
    stored[8] = 0xff;
    let file = only(&compressed(b"lz4\0", &stored, 9));
    assert!(file.block(0).decoded().is_err());
    assert_eq!(&*file.block(0).decoded_range(3..9).unwrap(), b"abcabc");
}

#[test]
#[cfg(feature = "lz4")]
fn decoded_sizes_must_be_as_promised() {
    let more = only(&compressed(b"lz4\0", ABC, 2));
    assert!(
        message(more.block(0).decoded())
            .ends_with("more than the 2 bytes that the header promises")
    );
    let less = only(&compressed(b"lz4\0", ABC, 4));
    assert!(
        message(less.block(0).decoded()).ends_with("decodes to 3 bytes, the header promises 4")
    );
    let lie = only(&compressed(
        b"lz4\0",
        b"\0\0\0\x05\xff\xff\xff\x7f\0",
        0x7fff_ffff,
    ));
    assert!(message(lie.block(0).decoded()).contains("of 1 bytes claims 2147483647 decoded"));
}

#[test]
#[cfg(feature = "zlib")]
fn bytes_behind_zlib_data_are_a_problem_and_no_error() {
    // zlib.compress(b"abc") in Python, and three bytes.
    let stored = b"\x78\x9c\x4b\x4c\x4a\x06\x00\x02\x4d\x01\x27xyz";
    let file = only(&compressed(b"zlib", stored, 3));
    assert_eq!(&*file.block(0).decoded().unwrap(), b"abc");
    let problems = file.block(0).problems().unwrap();
    let text = "block 0 at 0x41..0x44: 3 bytes after the end of the zlib data";
    assert_eq!(problems[0].to_string(), text);
}

#[test]
#[cfg(feature = "zlib")]
fn a_promise_beyond_the_limit_is_refused_before_decoding() {
    let stored = b"\x78\x9c\x4b\x4c\x4a\x06\x00\x02\x4d\x01\x27";
    let file = only(&compressed(b"zlib", stored, 1 << 62));
    assert!(matches!(
        file.block(0).decoded().unwrap_err().kind(),
        ErrorKind::Limit(_)
    ));
}

#[test]
fn a_codec_that_was_left_out_says_so() {
    for (label, there) in [
        (b"zlib", cfg!(feature = "zlib")),
        (b"bzp2", cfg!(feature = "bzip2")),
        (b"lz4f", cfg!(feature = "lz4")),
        (b"zstd", cfg!(feature = "zstd")),
    ] {
        let file = only(&compressed(label, b"?", 1));
        let error = file.block(0).decoded().unwrap_err();
        assert_eq!(error.is_unsupported(), !there, "{error}");
    }
}

#[test]
fn many_blocks_keep_their_order() {
    let bytes: Vec<u8> = (0..50_u8)
        .flat_map(|n| made(&vec![n; n.into()]).bytes())
        .collect();
    let file = scan(bytes).unwrap();
    let blocks: Vec<_> = (0..50).map(|index| file.block(index)).collect();
    let sizes = many::map_blocks(&blocks, Block::decoded_size);
    assert_eq!(sizes, (0..50).collect::<Vec<u64>>());
}

/// State, offsets and warnings of an index text after two empty blocks, at 0 and 54.
fn index_of(text: &[u8]) -> (IndexState, Option<Vec<u64>>, Vec<String>) {
    let mut bytes: Vec<u8> = (0..2).flat_map(|_| made(b"").bytes()).collect();
    bytes.extend(text);
    let file = scan(bytes).unwrap();
    (
        file.table.index(),
        file.table.recorded_index().map(Vec::from),
        file.warnings,
    )
}

#[test]
fn an_index_may_be_written_in_several_ways() {
    for text in [
        "#ASDF BLOCK INDEX\n%YAML 1.1\n---\n- 0\n- 54\n...\n",
        "#ASDF BLOCK INDEX\r\n%YAML 1.1\r\n---\r\n- 0\r\n- 54\r\n...\r\n",
        "#ASDF BLOCK INDEX\n--- [0, 54]\n...\n\0\0\0",
        "#ASDF BLOCK INDEX\n%YAML 1.1\n--- # two\n[ 0,\n  0x36, ] # end\n",
        "#ASDF BLOCK INDEX\n---\n- 0b0 # first\n- 066",
        "#ASDF BLOCK INDEX\n- +0\n- 5_4\n",
    ] {
        let (state, offsets, warnings) = index_of(text.as_bytes());
        assert_eq!(state, IndexState::Valid, "{text} {warnings:?}");
        assert_eq!(offsets.unwrap(), [0, 54], "{text}");
        assert!(warnings.is_empty(), "{text} {warnings:?}");
    }
}

#[test]
fn a_wrong_index_is_ignored_and_the_warning_says_why() {
    for (text, expected) in [
        (
            "---\n- 0\n- 55\n",
            "entry 1 says 0x37, that block is at 0x36",
        ),
        ("---\n- 0\n", "it lists 1 blocks, the file has 2"),
        (
            "---\n- 0\n- 54\n- 99\n",
            "it lists 3 blocks, the file has 2",
        ),
        ("---\n- -5\n- 54\n", "an entry is not a whole number"),
        ("---\n- 0.0\n- 54\n", "an entry is not a whole number"),
        ("---\n- '0'\n", "an entry is not a whole number"),
        (
            "---\n- 99999999999999999999\n",
            "an entry is not a whole number",
        ),
        ("---\na: 1\n", "it is not a list"),
        ("---\n- 0\nb\n", "it is not a list of whole numbers"),
        ("---\n[0, 54\n", "its list does not end"),
        ("---\n[[[[[\n", "an entry is not a whole number"),
        ("", "it is not a list"),
    ] {
        let text = format!("#ASDF BLOCK INDEX\n{text}...\n");
        let (state, _, warnings) = index_of(text.as_bytes());
        assert_eq!(state, IndexState::Ignored, "{text}");
        assert!(warnings[0].contains(expected), "{text}: {warnings:?}");
    }
}

#[test]
fn an_index_that_is_cut_says_so() {
    for text in ["", "---\n", "---\n- 0\n", "---\n- 0\n- 5", "---\n[0, 54"] {
        let text = format!("#ASDF BLOCK INDEX\n{text}");
        let (state, _, warnings) = index_of(text.as_bytes());
        assert_eq!(state, IndexState::Ignored, "{text}");
        let expected = "the file ends within the block index";
        assert!(warnings[0].contains(expected), "{text}: {warnings:?}");
    }
}

#[test]
fn an_index_elsewhere_is_no_index_of_these_blocks() {
    let (state, offsets, warnings) = index_of(b"\0\0#ASDF BLOCK INDEX\n- 0\n- 54\n");
    assert_eq!(state, IndexState::Ignored);
    assert_eq!(offsets.unwrap(), [0, 54]);
    assert!(warnings[0].ends_with("it begins 2 bytes after the last block"));
}

#[test]
fn only_nuls_may_follow_the_blocks_and_the_index() {
    assert_eq!(index_of(&[0; 9]), (IndexState::Absent, None, Vec::new()));
    let (state, _, warnings) = index_of(b"garbage");
    assert_eq!((state, warnings.len()), (IndexState::Absent, 1));
    let (state, _, warnings) = index_of(b"#ASDF BLOCK INDEX\n- 0\n- 54\n...\njunk");
    assert_eq!((state, warnings.len()), (IndexState::Valid, 1));
}
