//! Bugs that other readers of ASDF had, one named test each; the files are `test-data/*/bugNN_*`.
#![expect(
    clippy::unwrap_used,
    clippy::single_range_in_vec_init,
    reason = "a test"
)]

use asdf_core::block::{IndexState, Verdict};
use asdf_core::convert::{References, write_json};
use asdf_core::file::FileNode;
use asdf_core::tree::Value;
use asdf_core::{AsdfFile, Limits, OpenOptions};
use std::path::{Path, PathBuf};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../test-data")
        .join(name)
}

fn open(name: &str) -> AsdfFile {
    AsdfFile::open(data(name)).unwrap()
}

fn tree_json(file: &AsdfFile) -> String {
    let mut out = Vec::new();
    write_json(
        FileNode {
            file,
            node: file.tree().root(),
        },
        References::Keep,
        &mut out,
        &Limits::default(),
    )
    .unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn bug01_a_view_at_the_start_of_a_larger_block_has_its_own_shape_only() {
    let file = open("made/bug01_view_smaller_than_block.asdf");
    let part = file.array("part").unwrap().load().unwrap();
    assert_eq!(part.shape(), [2, 6]);
    assert_eq!(
        part.view::<i32>().unwrap().to_vec(),
        (0..12).collect::<Vec<_>>()
    );
    assert_eq!(
        file.array("all")
            .unwrap()
            .load()
            .unwrap()
            .view::<i32>()
            .unwrap()
            .len(),
        24
    );
}

#[test]
fn bug02_a_sub_array_of_a_field_is_not_one_wide_integer() {
    let file = open("made/bug02_record_subarray.asdf");
    let table = file.array("t").unwrap().load().unwrap();
    let pair = table.field("pair").unwrap();
    assert_eq!(pair.shape(), [2, 2]);
    // The block holds the little-endian records (1, 2; 9) and (3, 4; 9) or the like: none is 8 bytes wide.
    let values = pair.view::<i32>().unwrap().to_vec();
    assert_eq!(values.len(), 4);
    assert_eq!(values.get(..2), Some(&[1, 2][..]));
}

#[test]
fn bug03_twenty_million_zeros_in_fifty_bytes_of_bzip2_are_data() {
    let file = open("made/bug03_bzip2_zeros.asdf");
    let array = file.array("a").unwrap();
    assert_eq!(array.len(), 20_000_000);
    let decoded = file.block(0).unwrap().decoded().unwrap();
    assert_eq!(decoded.len(), 20_000_000);
    assert!(decoded.iter().all(|byte| *byte == 0));
    assert!(file.block(0).unwrap().header().used < 100);
}

#[test]
fn bug05_tags_survive_a_second_handle() {
    let file = open("made/bug05_second_tag_handle.asdf");
    let root = file.tree().root();
    assert_eq!(
        root.tag().unwrap().as_str(),
        "tag:stsci.edu:asdf/core/asdf-1.1.0"
    );
    assert_eq!(
        root.get("a").unwrap().tag().unwrap().as_str(),
        "tag:example.org,2020:thing-1.0.0"
    );
}

#[test]
fn bug06_invalid_utf8_in_the_tree_is_an_error_with_its_offset() {
    let error = AsdfFile::open(data("bad/bug06_invalid_utf8.asdf")).unwrap_err();
    assert!(error.is_corrupt(), "{error}");
    assert_eq!(error.place().span.as_ref().unwrap().start, 0x64);
}

#[test]
fn bug08_an_unknown_codec_is_in_the_way_of_nothing_but_its_data() {
    let file = open("made/bug08_unknown_codec.asdf");
    assert!(file.blocks().len() > 0);
    let mut unknown = 0;
    for (path, node) in file.arrays().unwrap() {
        let array = file.array_at(node).unwrap();
        assert!(!array.shape().is_empty(), "{path}");
        if let Err(error) = array.load() {
            assert!(error.is_unsupported(), "{error}");
            unknown += 1;
        }
    }
    assert_eq!(unknown, 1);
    for block in file.blocks() {
        assert!(!matches!(block.verify().unwrap(), Verdict::Mismatch { .. }));
    }
}

#[test]
fn bug09_a_truncated_file_opens_and_gives_what_is_there() {
    let file = open("bad/bug09_truncated.asdf");
    assert!(file.warnings().next().is_some());
    let arrays = file.arrays().unwrap();
    let readable = |path: &str| {
        file.array(path)
            .and_then(|array| array.load().map(|_| ()))
            .is_ok()
    };
    let (good, lost): (Vec<_>, Vec<_>) = arrays
        .iter()
        .map(|(path, _)| path.to_string())
        .partition(|path| readable(path));
    assert!(!good.is_empty());
    assert_eq!(lost, ["/lost"]);
}

#[test]
fn bug10_text_that_looks_like_an_index_within_data_is_data() {
    let file = open("made/bug10_index_text_no_index.asdf");
    assert_eq!(file.block_table().index(), IndexState::Absent);
    assert_eq!(file.array("a").unwrap().load().unwrap().len(), 96);
    assert_eq!(file.warnings().count(), 0);
}

#[test]
fn bug11_masks_negative_sources_and_bare_text_are_read() {
    let file = open("made/bug11_masks.asdf");
    for path in ["nothing", "number", "array"] {
        let data = file.array(path).unwrap().load().unwrap();
        assert_eq!(data.mask(), Some(&[false, true, false][..]), "{path}");
    }
    let number = file
        .array("number")
        .unwrap()
        .load()
        .unwrap()
        .view::<i32>()
        .unwrap()
        .to_vec();
    let from_the_end = file
        .array("from_the_end")
        .unwrap()
        .load()
        .unwrap()
        .view::<i32>()
        .unwrap()
        .to_vec();
    assert_eq!(number, from_the_end);
    assert_eq!(number.get(1), Some(&-999));
    assert_eq!(
        file.array("words").unwrap().datatype().to_string(),
        "ucs4[3]"
    );
}

#[test]
fn bug12_scalars_merge_keys_and_duplicates_follow_yaml_1_1() {
    let file = open("made/bug12_yaml_1.1.asdf");
    let root = file.tree().root();
    assert!(matches!(
        root.get("exponent").unwrap().value(),
        Value::Str("1e3")
    ));
    assert!(matches!(
        root.get("merged").unwrap().get("a").unwrap().value(),
        Value::Int(1)
    ));
    assert!(matches!(
        root.get("also").unwrap().get("x").unwrap().value(),
        Value::Int(1)
    ));
    assert!(matches!(
        root.get("date").unwrap().value(),
        Value::Timestamp(_)
    ));
    assert!(matches!(root.get("twice").unwrap().value(), Value::Int(2)));
    let warnings: Vec<_> = file.warnings().map(ToString::to_string).collect();
    assert!(
        warnings.iter().any(|line| line.contains("`twice`")),
        "{warnings:?}"
    );
    // The keys `~` and `1.5` are none that the standard allows.
    assert!(
        warnings
            .iter()
            .filter(|line| line.contains("a key should be"))
            .count()
            == 2,
        "{warnings:?}"
    );
    assert!(tree_json(&file).contains("[null,\"null key\"]"));
}

#[test]
fn bug13_a_window_of_a_large_array_costs_the_window_only() {
    // 20 MB when decoded; a budget of 64 kB is enough for the few bytes asked for.
    let mut limits = Limits::default();
    limits.decoded_bytes = 64 << 10;
    let file = OpenOptions::default()
        .limits(limits)
        .open(data("made/bug03_bzip2_zeros.asdf"))
        .unwrap();
    let array = file.array("a").unwrap();
    let window = array.load_window(&[19_999_990..20_000_000]).unwrap();
    assert_eq!(window.view::<u8>().unwrap().to_vec(), [0; 10]);
    assert!(array.load().unwrap_err().is_limit());
    assert!(array.digest().is_ok() || array.digest().unwrap_err().is_limit());
}
