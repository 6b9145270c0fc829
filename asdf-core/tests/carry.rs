//! Drafts that are written again, and data that follow their nodes from file to file.
#![expect(clippy::unwrap_used, reason = "a test")]

use asdf_core::array::{Datatype, NewArray, Scalar};
use asdf_core::block::Compression;
use asdf_core::file::{Rows, Storage};
use asdf_core::{AsdfFile, Draft, OpenOptions, WriteOptions};
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
            NewArray::from_bytes(bytes, datatype, asdf_core::array::ByteOrder::NATIVE, &[20])
                .unwrap();
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
    let array = NewArray::from_reader(stream, datatype, asdf_core::array::ByteOrder::NATIVE, &[80])
        .unwrap();
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
            byteorder: asdf_core::array::ByteOrder::NATIVE,
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

/// A file with parts beside it: two arrays that share one, a view, and a streamed block in it.
fn exploded(folder: &std::path::Path) -> std::path::PathBuf {
    let path = folder.join("in.asdf");
    let text =
        "shared: &s !core/ndarray-1.1.0 {source: 0, datatype: int32, byteorder: little, shape: [4]}
again: *s
tail: !core/ndarray-1.1.0 {source: 0, datatype: int32, byteorder: little, shape: [2], offset: 8}
masked: !core/ndarray-1.1.0
  source: 1
  datatype: int32
  byteorder: little
  shape: [3]
  mask: !core/ndarray-1.1.0 {source: 2, datatype: bool8, byteorder: little, shape: [3]}
rows: !core/ndarray-1.1.0 {source: -1, datatype: int32, byteorder: little, shape: ['*', 2]}
ref: {$ref: '#/masked'}
";
    let mut bytes = format!("#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n{text}...\n").into_bytes();
    let le = |values: &[i32]| -> Vec<u8> {
        values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect()
    };
    for data in [le(&[1, 2, 3, 4]), le(&[5, 6, 7]), vec![0, 1, 0]] {
        block(&mut bytes, 0, &data);
    }
    block(&mut bytes, 1, &le(&[10, 11, 20, 21]));
    let whole = OpenOptions::default().read_bytes(bytes, "whole").unwrap();
    let mut draft = whole.to_draft();
    draft.explode("in").unwrap();
    draft.save(&path, &options()).unwrap();
    path
}

/// A raw block, streamed when `flags` is 1.
fn block(out: &mut Vec<u8>, flags: u32, data: &[u8]) {
    out.extend(b"\xd3BLK\0\x30");
    out.extend(flags.to_be_bytes());
    out.extend([0; 4]);
    let size = if flags == 1 { 0 } else { data.len() as u64 };
    for _ in 0..3 {
        out.extend(size.to_be_bytes());
    }
    out.extend([0; 16]);
    out.extend(data);
}

fn check_exploded(file: &AsdfFile) {
    assert_eq!(numbers(file, "shared"), [1, 2, 3, 4]);
    assert_eq!(numbers(file, "again"), [1, 2, 3, 4]);
    assert_eq!(numbers(file, "tail"), [3, 4]);
    assert_eq!(numbers(file, "masked"), [5, 6, 7]);
    let masked = file.array("masked").unwrap().load().unwrap();
    assert_eq!(masked.mask().unwrap(), [false, true, false]);
    assert_eq!(numbers(file, "rows"), [10, 11, 20, 21]);
    let (a, b) = (file.node("shared").unwrap(), file.node("again").unwrap());
    assert_eq!(a.id(), b.id(), "what was shared is shared");
}

#[test]
fn an_exploded_file_that_is_saved_elsewhere_has_its_data_with_it() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = exploded(here.path());
    let file = AsdfFile::open(&path).unwrap();
    check_exploded(&file);
    let moved = there.path().join("out.asdf");
    file.to_draft().save(&moved, &options()).unwrap();
    check_exploded(&reopened(&file.to_draft()));
    let mut spread = file.to_draft();
    assert_eq!(spread.copy_parts("p").unwrap().len(), 4);
    let parts = there.path().join("p.asdf");
    spread.save(&parts, &options()).unwrap();
    // In the same folder the names are right as they are.
    let same = here.path().join("same.asdf");
    file.to_draft().save(&same, &options()).unwrap();
    check_exploded(&AsdfFile::open(&same).unwrap());
    assert_eq!(AsdfFile::open(&same).unwrap().blocks().len(), 0);
    drop(spread);
    drop(file);
    for name in ["in0000.asdf", "in0001.asdf", "in0002.asdf", "in0003.asdf"] {
        std::fs::remove_file(here.path().join(name)).unwrap();
    }
    check_exploded(&AsdfFile::open(&moved).unwrap());
    check_exploded(&AsdfFile::open(&parts).unwrap());
}

#[test]
fn a_node_is_copied_with_blocks_masks_parts_streams_and_references() {
    let folder = tempfile::tempdir().unwrap();
    let path = exploded(folder.path());
    let file = AsdfFile::open(&path).unwrap();
    let base = three();
    let mut draft = base.to_draft();
    draft.copy_node(&file, "", "copy").unwrap();
    draft.copy_node(&file, "shared", "once_more").unwrap();
    draft.copy_node(&base, "b", "deep/b").unwrap();
    draft.remove("b").unwrap();
    let back = reopened(&draft);
    for (name, wanted) in [
        ("copy/shared", vec![1, 2, 3, 4]),
        ("once_more", vec![1, 2, 3, 4]),
        ("copy/tail", vec![3, 4]),
        ("copy/masked", vec![5, 6, 7]),
        ("copy/ref", vec![5, 6, 7]),
        ("copy/rows", vec![10, 11, 20, 21]),
        ("a", (0..20).collect()),
        ("deep/b", (100..120).collect()),
        ("c", (200..220).collect()),
    ] {
        assert_eq!(numbers(&back, name), wanted, "{name}");
    }
    let masked = back.array("copy/ref").unwrap().load().unwrap();
    assert_eq!(masked.mask().unwrap(), [false, true, false]);
    // Two blocks of the draft's file, three parts and the rows.
    assert_eq!(back.blocks().len(), 6);
    let same = |a: &str, b: &str| back.node(a).unwrap().id() == back.node(b).unwrap().id();
    assert!(same("copy/shared", "copy/again") && !same("copy/shared", "once_more"));
}

#[test]
fn a_reference_to_another_file_follows_or_leads_to_it_from_the_new_place() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).unwrap();
    three()
        .to_draft()
        .save(inner.join("three.asdf"), &options())
        .unwrap();
    let text = "#ASDF 1.0.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\nr: {$ref: 'three.asdf#/b'}\next: !core/externalarray-1.0.0 {fileuri: three.asdf, target: a, datatype: int32, shape: [20]}\nurl: {$ref: 'http://example.org/x#/y'}\n...\n";
    let path = inner.join("ref.asdf");
    std::fs::write(&path, text).unwrap();
    let file = AsdfFile::open(&path).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let (above, far) = (
        folder.path().join("above.asdf"),
        elsewhere.path().join("far.asdf"),
    );
    file.to_draft().save(&above, &options()).unwrap();
    file.to_draft().save(&far, &options()).unwrap();
    let above = AsdfFile::open(&above).unwrap();
    assert_eq!(above.blocks().len(), 0);
    let leads = above.references().next().unwrap();
    assert_eq!(leads.uri(), Some("inner/three.asdf#/b"));
    let target = leads.resolve().unwrap();
    assert_eq!(target.file.array_at(target.node).unwrap().len(), 20);
    assert_eq!(numbers(&above, "ext"), (0..20).collect::<Vec<_>>());
    let far = AsdfFile::open(&far).unwrap();
    assert_eq!(numbers(&far, "r"), (100..120).collect::<Vec<_>>());
    assert_eq!(numbers(&far, "ext"), (0..20).collect::<Vec<_>>());
    assert_eq!(far.references().count(), 1, "the URL stays");
}

#[test]
fn a_part_that_is_gone_is_named_when_the_file_goes_elsewhere() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = exploded(here.path());
    std::fs::remove_file(here.path().join("in0001.asdf")).unwrap();
    let file = AsdfFile::open(&path).unwrap();
    let target = there.path().join("out.asdf");
    let error = file.to_draft().save(&target, &options()).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("in0001.asdf") && text.contains("/masked"),
        "{text}"
    );
    assert!(!target.exists());
}

#[test]
fn blocks_that_only_an_unknown_tag_names_are_kept_or_refused() {
    let mut bytes = b"#ASDF 1.0.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\nz: !<asdf://example.org/chunks-1.0.0> {chunks: {'0': 1}}\na: !core/ndarray-1.1.0 {source: 0, datatype: uint8, byteorder: little, shape: [3]}\n...\n".to_vec();
    block(&mut bytes, 0, &[1, 2, 3]);
    block(&mut bytes, 0, &[4, 5, 6]);
    let file = OpenOptions::default().read_bytes(bytes, "x").unwrap();
    let mut out = Vec::new();
    for result in [
        asdf_core::convert::write_yaml_file(&file.to_draft(), &mut out),
        asdf_core::convert::write_json_file(&file.to_draft(), &mut out),
    ] {
        let text = result.unwrap_err().to_string();
        assert!(
            text.contains("block 1") && text.contains("/z") && text.contains("chunks-1.0.0"),
            "{text}"
        );
    }
    let mut draft = Draft::new();
    let text = draft.copy_node(&file, "z", "z").unwrap_err().to_string();
    assert!(text.contains("block 1"), "{text}");
    draft.copy_node(&file, "a", "a").unwrap();
    let mut less = file.to_draft();
    less.remove("a").unwrap();
    // The number that the node of the unknown tag names is still that of its block.
    let less = reopened(&less);
    let stored = less.block(1).unwrap().decoded().unwrap();
    assert_eq!(stored.to_vec(), [4, 5, 6]);
    let mut dropped = file.to_draft();
    dropped.drop_unknown_blocks();
    asdf_core::convert::write_yaml_file(&dropped, &mut out).unwrap();
}

#[test]
fn a_wrong_checksum_goes_into_no_output() {
    let file = three();
    let mut sink = Cursor::new(Vec::new());
    file.to_draft().write(&mut sink, &options()).unwrap();
    let mut bytes = sink.into_inner();
    let offset = usize::try_from(file.block(0).unwrap().header().data_offset).unwrap();
    bytes[offset] ^= 1;
    let open = |corrupt| {
        OpenOptions::default()
            .corrupt_blocks(corrupt)
            .read_bytes(bytes.clone(), "bad")
            .unwrap()
    };
    let outputs: [fn(&AsdfFile) -> asdf_core::Result<()>; 7] = [
        |file| asdf_core::convert::write_yaml_file(&file.to_draft(), &mut Vec::new()),
        |file| asdf_core::convert::write_json_file(&file.to_draft(), &mut Vec::new()),
        |file| asdf_core::convert::write_npy(&file.array("a")?, &mut Vec::new()).map(drop),
        |file| {
            let node = file.node("a")?;
            asdf_core::convert::write_csv(asdf_core::file::FileNode { file, node }, &mut Vec::new())
        },
        |file| {
            let keep = file.corrupt_blocks() == asdf_core::block::CorruptBlocks::Keep;
            let options = options().keep_corrupt(keep);
            let embed = asdf_core::file::EmbedOptions::default();
            file.to_draft().embed(&mut Vec::new(), &embed, &options)
        },
        |file| {
            let mut draft = file.to_draft();
            draft.inline_below(1000)
        },
        |file| {
            let keep = file.corrupt_blocks() == asdf_core::block::CorruptBlocks::Keep;
            let mut draft = Draft::new();
            draft.copy_node(file, "a", "a")?;
            draft.write(&mut Cursor::new(Vec::new()), &options().keep_corrupt(keep))
        },
    ];
    for (number, output) in outputs.iter().enumerate() {
        for corrupt in [
            asdf_core::block::CorruptBlocks::Read,
            asdf_core::block::CorruptBlocks::Refuse,
        ] {
            let error = output(&open(corrupt)).unwrap_err();
            assert!(
                error.to_string().contains("checksum"),
                "output {number}: {error}"
            );
        }
        output(&open(asdf_core::block::CorruptBlocks::Keep)).unwrap();
    }
    // Reading goes on, but where that is refused.
    assert_eq!(
        numbers(&open(asdf_core::block::CorruptBlocks::Read), "a")[1..],
        (1..20).collect::<Vec<_>>()
    );
    let refused = open(asdf_core::block::CorruptBlocks::Refuse);
    assert!(refused.array("a").unwrap().load().is_err());
    assert_eq!(numbers(&refused, "b"), (100..120).collect::<Vec<_>>());
}

#[test]
fn a_node_of_a_fits_file_is_copied_with_the_data_of_its_hdu() {
    let file = three();
    let mut fits = Vec::new();
    let embed = asdf_core::file::EmbedOptions::default();
    file.to_draft()
        .embed(&mut fits, &embed, &options())
        .unwrap();
    let fits = OpenOptions::default().read_bytes(fits, "x.fits").unwrap();
    let mut draft = Draft::new();
    draft.copy_node(&fits, "a", "x/a").unwrap();
    draft.copy_node(&fits, "b", "b").unwrap();
    let back = reopened(&draft);
    assert_eq!(numbers(&back, "x/a"), (0..20).collect::<Vec<_>>());
    assert_eq!(numbers(&back, "b"), (100..120).collect::<Vec<_>>());
}
