//! Files that are compressed as a whole are read as their content, and are not changed.
#![expect(clippy::unwrap_used, reason = "a test")]

use asdf_core::error::ErrorKind;
use asdf_core::fits::FitsFile;
use asdf_core::{AsdfFile, Limits, OpenOptions, WriteOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../test-data")
        .join(name)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Made by Python's `lzma`: the first 50 bytes of a file at preset 9 | EXTREME with SHA-256, and in a second stream the rest with CRC32.
const ASDF_XZ: &str = "\
    fd377a585a00000ae1fb0ca1020021011c00000010cf58cce00031002e5d0011904664456e729fee95dec4614baae013acad\
    87b0683335079c1e56a815bfce76a6e53d970cb3b45731726fbc0000000016f652c8b4349075453ac1977f64c04a1cf0ba12\
    67cb8706debf29b9e998b183000162328eed9abf189b4b9a01000000000a595afd377a585a0000016922de36020021011600\
    0000742fe5a3e0005d00545d003a1849277c854f02c79beac23ba1c1873d2349b47b9e53b3b1fa91555ee8307140f3876dc0\
    bc9ff9f193456312c6543f86780669f723e6dbd6a4acc7b22771b5737ebb5d677d3e88204f8067b1ae7fdd940391100037d2\
    bb9100016c5e73ed1d659042990d010000000001595a";
/// A FITS file of three bytes, at the default preset.
const FITS_XZ: &str = "\
    fd377a585a000004e6d6b4460200210116000000742fe5a3e0167f00545d00299245da89bb589a3be4a5bc32b36c28dd952b\
    c8fdd7f6e38b0690c8c663975cc4b20aaf1ab5061bba828da9ae62d2fd35b17533650f5dde33ee861f3af023b86d553125ea\
    18c0dc4a7b0a57b95379b734dff80000ebc32dd753a8b462000170802d0000006d1ec92bb1c467fb020000000004595a";
/// The same with a dictionary of 1 GiB.
const LARGE_XZ: &str = "\
    fd377a585a000004e6d6b44602002101240000005e1fc7f9e0167f00545d00299245da89bb589a3be4a5bc32b36c28dd952b\
    c8fdd7f6e38b0690c8c663975cc4b20aaf1ab5061bba828da9ae62d2fd35b17533650f5dde33ee861f3af023b86d553125ea\
    18c0dc4a7b0a57b95379b734dff80000ebc32dd753a8b462000170802d0000006d1ec92bb1c467fb020000000004595a";

fn hex(digits: &str) -> Vec<u8> {
    let pair = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(pair).collect()
}

#[test]
fn files_are_read_from_xz() {
    let open = |digits: &str| OpenOptions::default().read_bytes(hex(digits), "x.xz");
    let file = open(ASDF_XZ).unwrap();
    assert_eq!(file.compression(), Some("xz"));
    assert_eq!(file.node("name").unwrap().text(), Some("packed"));
    assert_eq!(
        file.array("data")
            .unwrap()
            .load()
            .unwrap()
            .to_vec_as::<i64>()
            .unwrap(),
        [1, 2, 3]
    );

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.fits.xz");
    std::fs::write(&path, hex(FITS_XZ)).unwrap();
    let file = FitsFile::open(&path).unwrap();
    assert_eq!(file.compression(), Some("xz"));
    assert_eq!(file.input().whole().unwrap().len(), 5760);

    // What is cut, changed, or asks for memory that nobody needs.
    let bytes = hex(ASDF_XZ);
    for (bad, name) in [
        (bytes[..bytes.len() - 20].to_vec(), "cut"),
        (
            [&bytes[..90], &[bytes[90] ^ 1], &bytes[91..]].concat(),
            "changed",
        ),
    ] {
        let error = OpenOptions::default().read_bytes(bad, name).unwrap_err();
        assert!(error.is_corrupt(), "{name}: {error}");
    }
    std::fs::write(&path, hex(LARGE_XZ)).unwrap();
    let error = FitsFile::open(&path).unwrap_err();
    assert!(error.to_string().contains("dictionary"), "{error}");
}

#[test]
fn an_asdf_file_is_its_content_in_either_codec() {
    let plain = AsdfFile::open(data("made/roman_exposure.asdf")).unwrap();
    let bytes = std::fs::read(data("made/roman_exposure.asdf")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, packed, codec) in [
        ("x.asdf.gz", gzip(&bytes), "gzip"),
        ("x.asdf.bz2", bzip2(&bytes), "bzip2"),
        ("no_ending", gzip(&bytes), "gzip"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, packed).unwrap();
        let file = AsdfFile::open(&path).unwrap();
        assert_eq!(file.compression(), Some(codec));
        assert_eq!(file.tree().text(), plain.tree().text());
        for (place, _) in plain.arrays().unwrap() {
            let (ours, theirs) = (file.array(&place).unwrap(), plain.array(&place).unwrap());
            assert_eq!(ours.digest().unwrap(), theirs.digest().unwrap(), "{place}");
        }
    }
    assert_eq!(plain.compression(), None);
}

#[test]
fn two_members_are_one_content() {
    let bytes = std::fs::read(data("made/checksum_match.asdf")).unwrap();
    let (head, tail) = bytes.split_at(100);
    let packed = [gzip(head), gzip(tail)].concat();
    let file = OpenOptions::default().read_bytes(packed, "two.gz").unwrap();
    assert_eq!(file.input().whole().unwrap(), bytes);
}

#[test]
fn a_fits_file_is_read_from_bzip2_as_from_gzip() {
    let bytes = std::fs::read(data("fits/images.fits")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.fits.bz2");
    std::fs::write(&path, bzip2(&bytes)).unwrap();
    let file = FitsFile::open(&path).unwrap();
    assert_eq!(file.compression(), Some("bzip2"));
    assert_eq!(file.input().whole().unwrap(), bytes);
}

#[test]
fn nothing_is_written_over_a_compressed_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.asdf.gz");
    let packed = gzip(&std::fs::read(data("made/roman_exposure.asdf")).unwrap());
    std::fs::write(&path, &packed).unwrap();
    let file = AsdfFile::open(&path).unwrap();
    let mut draft = file.to_draft();
    draft.set("roman/meta/exposure/type", "WFI_DARK").unwrap();
    let error = draft.update(&path, &WriteOptions::default()).unwrap_err();
    assert!(error.is_usage(), "{error}");
    assert!(
        error.to_string().contains("compressed as a whole by gzip"),
        "{error}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), packed);
    let plain = folder.path().join("x.asdf");
    draft.save(&plain, &WriteOptions::default()).unwrap();
    let kind: String = AsdfFile::open(&plain)
        .unwrap()
        .node("roman/meta/exposure/type")
        .unwrap()
        .read()
        .unwrap();
    assert_eq!(kind, "WFI_DARK");
}

#[test]
fn what_is_cut_or_damaged_is_an_error_and_a_large_content_a_limit() {
    let bytes = std::fs::read(data("made/roman_exposure.asdf")).unwrap();
    let packed = gzip(&bytes);
    let cut = packed[..packed.len() - 20].to_vec();
    let error = OpenOptions::default()
        .read_bytes(cut, "cut.gz")
        .unwrap_err();
    assert!(error.is_corrupt(), "{error}");
    let mut flipped = packed.clone();
    let at = flipped.len() - 6;
    flipped[at] ^= 0x55;
    let error = OpenOptions::default()
        .read_bytes(flipped, "flipped.gz")
        .unwrap_err();
    assert!(error.is_corrupt(), "{error}");

    let mut bomb = b"#ASDF 1.0.0\n".to_vec();
    bomb.resize(64 << 20, b'#');
    let mut limits = Limits::default();
    limits.unpacked_bytes = 1 << 20;
    let options = OpenOptions::default().limits(limits);
    let error = options.read_bytes(gzip(&bomb), "bomb.gz").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit(_)), "{error}");
    assert!(error.to_string().contains("unpacked_bytes"), "{error}");
    // A tree of 100 MB in a file of 100 kB.
    let mut tree = b"#ASDF 1.0.0\n%YAML 1.1\n--- !<tag:stsci.edu:asdf/core/asdf-1.1.0>\n".to_vec();
    tree.resize(100 << 20, b'#');
    tree.extend(b"\n...\n");
    let error = OpenOptions::default()
        .read_bytes(gzip(&tree), "tree.gz")
        .unwrap_err();
    assert!(error.to_string().contains("unpacked_tree_bytes"), "{error}");
}

#[test]
fn other_formats_are_called_by_name() {
    for (bytes, name) in [
        (gzip(b"hello"), "gzip-compressed data"),
        (bzip2(b"hello"), "bzip2-compressed data"),
        (b"\xfd7zXZ\0rest".to_vec(), "xz-compressed data"),
        (hex(FITS_XZ)[..40].to_vec(), "xz-compressed data"),
        (b"PAR1....".to_vec(), "a Parquet file"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid".to_vec(),
            "Git LFS",
        ),
        (b"<!DOCTYPE html>".to_vec(), "an HTML or XML page"),
        (b"\x93NUMPY\x01\0".to_vec(), "a NumPy array"),
    ] {
        let error = OpenOptions::default().read_bytes(bytes, "x").unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
    }
}
