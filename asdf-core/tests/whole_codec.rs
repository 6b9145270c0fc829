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
