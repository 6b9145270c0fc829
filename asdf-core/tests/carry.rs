//! Drafts that are written again, and data that follow their nodes from file to file.
#![expect(clippy::unwrap_used, reason = "a test")]

use asdf_core::{
    AsdfFile, Compression, Datatype, Draft, NewArray, OpenOptions, Rows, Scalar, Storage,
    WriteOptions,
};
use std::io::{Cursor, Read, Seek, SeekFrom, Write};

fn options() -> WriteOptions {
    WriteOptions::default()
}

fn reopened(draft: &Draft<'_>) -> AsdfFile {
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &options()).unwrap();
    OpenOptions::default()
        .read_bytes(sink.into_inner(), "written")
        .unwrap()
}

fn numbers(file: &AsdfFile, path: &str) -> Vec<i32> {
    let array = file.array(path).unwrap();
    let data = array.load().unwrap();
    data.view::<i32>().unwrap().to_vec()
}

/// Three arrays: raw, compressed, and in the tree.
fn three() -> AsdfFile {
    let mut draft = Draft::new();
    let lz4: Compression = "lz4".parse().unwrap();
    for (name, first, storage) in [
        ("a", 0, Storage::internal()),
        ("b", 100, Storage::compressed(lz4)),
        ("c", 200, Storage::inline()),
    ] {
        let values: Vec<i32> = (first..first + 20).collect();
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_ne_bytes())
            .collect();
        let datatype = Datatype::Scalar(Scalar::Int32);
        let array =
            NewArray::from_bytes(bytes, datatype, asdf_core::ByteOrder::NATIVE, &[20]).unwrap();
        draft.set_array(name, array, &storage).unwrap();
    }
    reopened(&draft)
}

/// A sink that fails when so many bytes have been written.
struct Failing {
    inner: Cursor<Vec<u8>>,
    left: usize,
}

impl Read for Failing {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.inner.read(out)
    }
}

impl Seek for Failing {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(to)
    }
}

impl Write for Failing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.left < bytes.len() {
            return Err(std::io::Error::other("the disk is full"));
        }
        self.left -= bytes.len();
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_draft_is_written_again_and_again_with_the_same_bytes() {
    let file = three();
    let mut draft = file.to_draft();
    draft.remove("a").unwrap();
    draft
        .set_array(
            "d",
            NewArray::from_slice(&[7_i32, 8, 9], &[3]).unwrap(),
            &Storage::internal(),
        )
        .unwrap();
    let mut written = Vec::new();
    for _ in 0..3 {
        let mut sink = Cursor::new(Vec::new());
        draft.write(&mut sink, &options()).unwrap();
        written.push(sink.into_inner());
    }
    assert_eq!(written[0], written[1]);
    assert_eq!(written[0], written[2]);
    let back = reopened(&draft);
    assert_eq!(numbers(&back, "b"), (100..120).collect::<Vec<_>>());
    assert_eq!(numbers(&back, "c"), (200..220).collect::<Vec<_>>());
    assert_eq!(numbers(&back, "d"), [7, 8, 9]);
    assert!(back.array("a").is_err());
}

#[test]
fn a_draft_whose_sink_failed_at_any_byte_can_be_written_once_more() {
    let file = three();
    let mut draft = file.to_draft();
    draft.set("meta/name", "new").unwrap();
    let mut whole = Cursor::new(Vec::new());
    draft.write(&mut whole, &options()).unwrap();
    let whole = whole.into_inner();
    let mut failed = 0;
    for left in (0..whole.len() + 64).step_by(13) {
        let mut sink = Failing {
            inner: Cursor::new(Vec::new()),
            left,
        };
        failed += usize::from(draft.write(&mut sink, &options()).is_err());
        let mut again = Cursor::new(Vec::new());
        draft.write(&mut again, &options()).unwrap();
        assert_eq!(again.into_inner(), whole, "after {left} bytes");
    }
    assert!(failed > whole.len() / 20, "{failed} of the sinks failed");
}

#[test]
fn a_stream_is_there_once_and_its_second_use_is_an_error() {
    let data: Vec<u8> = (0..80).collect();
    let mut draft = Draft::new();
    let stream = Cursor::new(data.clone());
    let datatype = Datatype::Scalar(Scalar::Uint8);
    let array =
        NewArray::from_reader(stream, datatype, asdf_core::ByteOrder::NATIVE, &[80]).unwrap();
    draft.set_array("a", array, &Storage::internal()).unwrap();
    let file = reopened(&draft);
    let found = file.array("a").unwrap().load().unwrap();
    assert_eq!(found.view::<u8>().unwrap().to_vec(), data);
    let error = draft
        .write(&mut Cursor::new(Vec::new()), &options())
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("from a stream that was read already"),
        "{error}"
    );
}

#[test]
fn a_draft_is_saved_onto_the_file_it_came_from_and_then_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.asdf");
    three().to_draft().save(&path, &options()).unwrap();
    let file = AsdfFile::open(&path).unwrap();
    let mut draft = file.to_draft();
    draft.remove("a").unwrap();
    let zstd: Compression = "zstd".parse().unwrap();
    draft.save(&path, &options().compression(zstd)).unwrap();
    // What was opened is still all there.
    assert_eq!(numbers(&file, "a"), (0..20).collect::<Vec<_>>());
    draft.set("more", 1).unwrap();
    draft.save(&path, &options()).unwrap();
    let back = AsdfFile::open(&path).unwrap();
    assert_eq!(numbers(&back, "b"), (100..120).collect::<Vec<_>>());
    assert!(back.node("more").is_ok() && back.array("a").is_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_file_that_another_program_changed_is_not_saved_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.asdf");
    three().to_draft().save(&path, &options()).unwrap();
    let file = AsdfFile::open(&path).unwrap();
    let mut bytes = std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .unwrap();
    bytes.write_all(b"more").unwrap();
    drop(bytes);
    let error = file.to_draft().save(&path, &options()).unwrap_err();
    assert!(error.to_string().contains("chang"), "{error}");
    let elsewhere = folder.path().join("y.asdf");
    file.to_draft().save(&elsewhere, &options()).unwrap();
}

#[test]
fn rows_are_given_to_the_same_draft_twice() {
    let folder = tempfile::tempdir().unwrap();
    let file = three();
    let draft = file.to_draft();
    for name in ["one.asdf", "two.asdf"] {
        let rows = Rows {
            datatype: Datatype::Scalar(Scalar::Int32),
            byteorder: asdf_core::ByteOrder::NATIVE,
            shape: Vec::new(),
            count: None,
        };
        let path = folder.path().join(name);
        let mut writer = draft.save_rows(&path, "rows", rows, &options()).unwrap();
        writer.write(&[1_i32, 2, 3]).unwrap();
        writer.finish().unwrap();
        let back = AsdfFile::open(&path).unwrap();
        assert_eq!(numbers(&back, "rows"), [1, 2, 3]);
        assert_eq!(numbers(&back, "b"), (100..120).collect::<Vec<_>>());
    }
}
