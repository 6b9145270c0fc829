//! What is written is read back: any tree, any array, any storage, any sequence of changes.
#![expect(clippy::unwrap_used, reason = "a test")]

use asdf_core::array::{ByteOrder, Datatype, NewArray, Scalar};
use asdf_core::block::{Compression, Verdict, verify_all};
use asdf_core::file::{Rows, Storage, Updated};
use asdf_core::{AsdfFile, Draft, OpenOptions, WriteOptions};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Cursor;

const CODECS: [&str; 7] = ["none", "zlib", "bzp2", "lz4", "lz4f", "zstd", "blsc"];

/// Text that some reader may take for something else.
const TRICKY: &[&str] = &[
    "yes",
    "No",
    "null",
    "~",
    "",
    " ",
    "1e3",
    "012",
    "1:30",
    "0x1F",
    "1_000",
    ".5",
    "+1",
    "0o7",
    "=",
    "<<",
    "2020-01-01",
    "- a",
    "a: b",
    "a #b",
    "#c",
    "[x]",
    "{y",
    "&a",
    "*b",
    "!t",
    "%d",
    "@e",
    "`f",
    "|",
    ">",
    "'q'",
    "\"dq\"",
    "tab\there",
    "line\nbreak",
    "two\n\nlines\n",
    " lead",
    "trail ",
    "\n",
    "\r\n",
    "nel\u{85}",
    "ls\u{2028}",
    "bom\u{feff}",
    "\u{1F600}",
    "é",
    "\u{7f}",
    "\0",
    "...",
    "---",
    "--- x",
    "?",
    ": ",
    "y",
    "n",
    "inf",
    ".nan",
    "0b1",
    "1.0",
    "-0",
    "\\",
    "a\\nb",
    "on",
    "~x",
    "key:",
    "?k",
    "-",
];

/// Such text, and any other.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(TRICKY.to_vec()).prop_map(str::to_owned),
        "[a-z]{1,12}",
        any::<String>(),
        ".{0,80}",
        "(\\PC|\n| ){0,120}",
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |value| serde_json::Number::from_f64(value)
            .map(Value::Number)),
        text().prop_map(Value::from),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Value::from),
            btree_map(text(), inner, 0..8).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn written(draft: &mut Draft<'_>, options: &WriteOptions) -> AsdfFile {
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, options).unwrap();
    OpenOptions::default()
        .read_bytes(sink.into_inner(), "written")
        .unwrap()
}

/// No warning but of integers that no `i64` holds, every checksum right, the index there.
fn check(file: &AsdfFile) {
    let warnings = file.warnings().map(ToString::to_string);
    let others: Vec<_> = warnings
        .filter(|warning| !warning.contains("an integer beyond 64 bits"))
        .collect();
    assert_eq!(others, [""; 0]);
    let blocks: Vec<_> = file.blocks().collect();
    for verdict in verify_all(&blocks) {
        assert!(matches!(verdict, Ok(Verdict::Match)), "{verdict:?}");
    }
}

/// Floats are equal by their bits but for the sign of zero, integers exactly.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            a.is_f64() == b.is_f64() && a.to_string() == b.to_string()
                || a.is_f64() && a.as_f64() == b.as_f64()
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let same = |(key, value): (&String, &Value)| {
                b.get(key).is_some_and(|other| equal(value, other))
            };
            a.len() == b.len() && a.iter().all(same)
        }
        _ => a == b,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_tree_reads_back(value in tree(), key in "[a-z]{1,8}") {
        let mut draft = Draft::new();
        draft.set(&key, &value).unwrap();
        let file = written(&mut draft, &WriteOptions::default());
        check(&file);
        let found: Value = file.tree().node(&key).unwrap().read().unwrap();
        prop_assert!(equal(&value, &found), "{value}\n{found}\n{}", file.tree().text());
    }

    #[test]
    fn any_array_reads_back_from_any_storage(
        bytes in vec(any::<u8>(), 0..6000),
        codec in proptest::sample::select(CODECS.to_vec()),
        scalar in proptest::sample::select(vec![Scalar::Uint8, Scalar::Int16, Scalar::Uint32, Scalar::Float32, Scalar::Float64, Scalar::Complex128]),
        big in any::<bool>(),
        columns in 1_u64..5,
        place in 0..3,
    ) {
        let order = if big { ByteOrder::Big } else { ByteOrder::Little };
        let rows = bytes.len() as u64 / (scalar.size() * columns);
        let bytes = &bytes[..usize::try_from(rows * columns * scalar.size()).unwrap()];
        let shape = [rows, columns];
        let storage = match place {
            0 => Storage::compressed(codec.parse::<Compression>().unwrap()),
            1 => Storage::streamed(),
            _ => Storage::internal(),
        };
        let mut draft = Draft::new();
        let other = NewArray::from_slice(&[1_i32, 2, 3], &[3]).unwrap();
        draft.set_array("other", other, &Storage::internal()).unwrap();
        let array = NewArray::from_bytes(bytes, Datatype::Scalar(scalar), order, &shape).unwrap();
        draft.set_array("a/b", array, &storage).unwrap();
        let file = written(&mut draft, &WriteOptions::default());
        let found = file.array("a/b").unwrap();
        prop_assert_eq!(found.shape(), &shape[..]);
        prop_assert_eq!(found.datatype(), &Datatype::Scalar(scalar));
        let block = file.block(1).unwrap().decoded().unwrap();
        prop_assert_eq!(&*block, bytes);
        if place != 1 {
            check(&file);
        }
        let other = file.array("other").unwrap().load().unwrap();
        prop_assert_eq!(other.view::<i32>().unwrap().to_vec(), [1, 2, 3]);
    }
}

/// One change of a file.
#[derive(Debug, Clone)]
enum Change {
    Set(String, Value),
    Remove(String),
    Array(String, Vec<u16>),
}

fn change() -> impl Strategy<Value = Change> {
    let key = "[a-f]";
    prop_oneof![
        (key, tree()).prop_map(|(key, value)| Change::Set(key, value)),
        key.prop_map(Change::Remove),
        (key, vec(any::<u16>(), 0..800)).prop_map(|(key, values)| Change::Array(key, values)),
    ]
}

/// What a key should hold.
#[derive(Debug, Clone)]
enum Content {
    Tree(Value),
    Array(Vec<u16>),
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_updates_leaves_what_was_set(
        changes in vec(change(), 1..12),
        room in prop_oneof![Just(0.0), Just(50.0)],
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.asdf");
        Draft::new().save(&path, &WriteOptions::default()).unwrap();
        let mut wanted = BTreeMap::new();
        for change in changes {
            let file = AsdfFile::open(&path).unwrap();
            let mut draft = file.to_draft();
            match &change {
                Change::Set(key, value) => {
                    draft.set(key, value).unwrap();
                    wanted.insert(key.clone(), Content::Tree(value.clone()));
                }
                Change::Remove(key) => {
                    prop_assert_eq!(draft.remove(key).is_ok(), wanted.remove(key).is_some());
                }
                Change::Array(key, values) => {
                    let array = NewArray::from_slice(values, &[values.len() as u64]).unwrap();
                    draft.set_array(key, array, &Storage::internal()).unwrap();
                    wanted.insert(key.clone(), Content::Array(values.clone()));
                }
            }
            draft.update(&path, &WriteOptions::default().room(room)).unwrap();
            let file = AsdfFile::open(&path).unwrap();
            check(&file);
            for (key, content) in &wanted {
                match content {
                    Content::Tree(value) => {
                        let found: Value = file.tree().node(key).unwrap().read().unwrap();
                        prop_assert!(equal(value, &found), "{key}: {value}\n{}", file.tree().text());
                    }
                    Content::Array(values) => {
                        let found = file.array(key).unwrap().load().unwrap();
                        prop_assert_eq!(&found.view::<u16>().unwrap().to_vec(), values);
                    }
                }
            }
            let root = file.tree().root().as_map().unwrap().len();
            prop_assert_eq!(root, wanted.len() + 1);
            let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
            prop_assert_eq!(left.len(), 1);
        }
    }
}

/// An array smaller than another.
const SMALL: [u8; 3] = [1, 2, 3];

#[test]
fn a_change_that_fits_is_made_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.asdf");
    let data: Vec<f64> = (0..1000).map(f64::from).collect();
    let mut draft = Draft::new();
    draft.set("name", "a").unwrap();
    let array = NewArray::from_slice(&data, &[10, 100]).unwrap();
    draft
        .set_array("data", array, &Storage::internal())
        .unwrap();
    draft
        .save(&path, &WriteOptions::default().room(10.0))
        .unwrap();
    let size = std::fs::metadata(&path).unwrap().len();

    let update = |change: &dyn Fn(&mut Draft<'_>)| {
        let file = AsdfFile::open(&path).unwrap();
        let mut draft = file.to_draft();
        change(&mut draft);
        draft.update(&path, &WriteOptions::default()).unwrap()
    };
    assert_eq!(update(&|_| ()), Updated::Unchanged);
    assert_eq!(
        update(&|draft| drop(draft.set("name", "a longer name"))),
        Updated::InPlace
    );
    assert_eq!(std::fs::metadata(&path).unwrap().len(), size);
    // A smaller array takes the place of the old one, a larger one does not fit.
    assert_eq!(
        update(&|draft| {
            let array = NewArray::from_slice(&SMALL, &[3]).unwrap();
            draft
                .set_array("data", array, &Storage::internal())
                .unwrap();
        }),
        Updated::InPlace
    );
    assert_eq!(std::fs::metadata(&path).unwrap().len(), size);
    let file = AsdfFile::open(&path).unwrap();
    check(&file);
    assert_eq!(
        file.array("data")
            .unwrap()
            .load()
            .unwrap()
            .view::<u8>()
            .unwrap()
            .to_vec(),
        SMALL
    );
    assert!(file.block_table().headers()[0].allocated >= 8000);
    drop(file);
    let text = "x".repeat(10_000);
    assert_eq!(
        update(&|draft| drop(draft.set("name", &text))),
        Updated::Rewritten
    );
}

#[test]
fn rows_are_written_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.asdf");
    for count in [Some(3), None] {
        let rows = Rows {
            datatype: Datatype::Scalar(Scalar::Int32),
            byteorder: ByteOrder::NATIVE,
            shape: vec![2],
            count,
        };
        let mut draft = Draft::new();
        let other = NewArray::from_slice(&[1_u8], &[1]).unwrap();
        draft
            .set_array("other", other, &Storage::internal())
            .unwrap();
        let mut writer = draft
            .save_rows(&path, "rows", rows, &WriteOptions::default())
            .unwrap();
        writer.write(&[1_i32, 2]).unwrap();
        assert!(writer.write(&[1_i32]).is_err());
        assert!(writer.write(&[1.0_f32, 2.0]).is_err());
        writer.write(&[3_i32, 4, 5, 6]).unwrap();
        if count.is_some() {
            assert!(writer.write(&[7_i32, 8]).is_err());
        }
        writer.finish().unwrap();
        let file = AsdfFile::open(&path).unwrap();
        let rows = file.array("rows").unwrap();
        assert_eq!(rows.shape(), [3, 2]);
        assert_eq!(
            rows.load().unwrap().view::<i32>().unwrap().to_vec(),
            [1, 2, 3, 4, 5, 6]
        );
        assert_eq!(
            file.block(1).unwrap().header().is_streamed(),
            count.is_none()
        );
        assert_eq!(file.warnings().count(), 0);
    }
    let rows = Rows {
        datatype: Datatype::Scalar(Scalar::Uint8),
        byteorder: ByteOrder::Little,
        shape: vec![],
        count: Some(2),
    };
    let other = folder.path().join("y.asdf");
    let mut writer = Draft::new()
        .save_rows(&other, "rows", rows, &WriteOptions::default())
        .unwrap();
    writer.write(&[1_u8]).unwrap();
    let error = writer.finish().unwrap_err().to_string();
    assert!(
        error.ends_with("y.asdf: 1 of 2 rows were written"),
        "{error}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_block_with_a_wrong_checksum_is_not_made_right() {
    let mut draft = Draft::new();
    let array = NewArray::from_slice(&[7_u8; 100], &[100]).unwrap();
    draft
        .set_array("data", array, &Storage::internal())
        .unwrap();
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &WriteOptions::default()).unwrap();
    let mut bytes = sink.into_inner();
    let at = bytes.windows(4).position(|found| found == [7; 4]).unwrap();
    bytes[at] = 8;
    let file = OpenOptions::default().read_bytes(bytes, "damaged").unwrap();
    for options in [
        WriteOptions::default(),
        WriteOptions::default().compression("lz4".parse().unwrap()),
    ] {
        let error = file
            .to_draft()
            .write(&mut Cursor::new(Vec::new()), &options)
            .unwrap_err();
        assert!(
            error.to_string().contains("block 0") && error.to_string().contains("checksum"),
            "{error}"
        );
        let kept = written(&mut file.to_draft(), &options.keep_corrupt(true));
        let verdict = kept.block(0).unwrap().verify().unwrap();
        assert!(matches!(verdict, Verdict::Mismatch { .. }));
        assert_eq!(
            kept.block(0).unwrap().stored().unwrap(),
            file.block(0).unwrap().stored().unwrap()
        );
    }
}

#[test]
fn nulls_among_inline_data_stay_masked_in_a_block() {
    let text = "#ASDF 1.0.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n---\n\
a: !core/ndarray-1.1.0 {data: [1, null, 3], datatype: int8, shape: [3]}\nb: !core/ndarray-1.1.0 [1.5, null]\n...\n";
    let file = OpenOptions::default()
        .read_bytes(text.as_bytes().to_vec(), "nulls")
        .unwrap();
    let mut draft = file.to_draft();
    draft.inline_below(0).unwrap();
    let stored = written(&mut draft, &WriteOptions::default());
    check(&stored);
    assert_eq!(stored.blocks().len(), 4);
    for (key, mask) in [("a", &[false, true, false][..]), ("b", &[false, true])] {
        let loaded = stored.array(key).unwrap().load().unwrap();
        assert_eq!(loaded.mask(), Some(mask));
    }
    // And back into the tree, where masks stand beside the data.
    let mut draft = stored.to_draft();
    draft.inline_below(10).unwrap();
    let inline = written(&mut draft, &WriteOptions::default());
    assert_eq!(inline.blocks().len(), 0);
    let loaded = inline.array("a").unwrap().load().unwrap();
    assert_eq!(loaded.mask(), Some(&[false, true, false][..]));
    assert_eq!(loaded.view::<i8>().unwrap().get(&[2]), Some(3));
}

/// A draft with an array of that many rows of that many numbers, which are all 0.
fn rows_of_zeros(rows: u64, columns: u64) -> Draft<'static> {
    let count = usize::try_from(rows * columns).unwrap();
    let array = NewArray::from_bytes(
        vec![0; count * 8],
        Datatype::Scalar(Scalar::Float64),
        ByteOrder::Little,
        &[rows, columns],
    );
    let mut draft = Draft::new();
    draft
        .set_array("a", array.unwrap(), &Storage::internal())
        .unwrap();
    draft
}

#[test]
fn chunks_are_whole_rows_where_a_number_of_them_fits() {
    use asdf_core::file::ChunkRows;
    for codec in ["lz4", "zstd", "blsc"] {
        let compression: Compression = codec.parse().unwrap();
        let options = WriteOptions::default()
            .compression(compression)
            .chunk_rows(ChunkRows::Auto);
        let sizes = |rows: u64, columns: u64| {
            let mut out = Cursor::new(Vec::new());
            rows_of_zeros(rows, columns)
                .write(&mut out, &options)
                .unwrap();
            let file = OpenOptions::default()
                .read_bytes(out.into_inner(), "x.asdf")
                .unwrap();
            assert!(file.array("a").unwrap().load().is_ok());
            let chunks = file.block(0).unwrap().chunks().unwrap();
            let decoded = chunks.iter().map(|chunk| chunk.decoded);
            decoded.collect::<Vec<u64>>()
        };
        // 500 of 1000 rows are 4 MB.
        assert_eq!(sizes(1000, 1000), [4_000_000, 4_000_000], "{codec}");
        assert_eq!(sizes(10, 10), [800], "{codec}");
    }
    // A prime number of rows, neither one nor all of which come near.
    let file = tempfile::tempdir().unwrap();
    let path = file.path().join("x.asdf");
    rows_of_zeros(1009, 3000)
        .save(&path, &WriteOptions::default())
        .unwrap();
    let file = AsdfFile::open(&path).unwrap();
    let lz4: Compression = "lz4".parse().unwrap();
    let options = WriteOptions::default()
        .compression(lz4)
        .chunk_rows(ChunkRows::Auto);
    file.to_draft()
        .write(&mut Cursor::new(Vec::new()), &options)
        .unwrap();
    let told: Vec<String> = file.warnings().map(ToString::to_string).collect();
    assert!(
        told[0].contains("no number of rows divides the 1009"),
        "{told:?}"
    );
}

#[test]
fn rows_are_never_compressed_and_a_codec_for_them_alone_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let rows = || Rows {
        datatype: Datatype::Scalar(Scalar::Float32),
        byteorder: ByteOrder::Little,
        shape: vec![4],
        count: Some(2),
    };
    let options = WriteOptions::default().compression("zlib".parse().unwrap());
    let out = folder.path().join("x.asdf");
    let refused = Draft::new().save_rows(&out, "a", rows(), &options);
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("cannot be compressed")
    );
    let mut draft = Draft::new();
    let other = NewArray::from_vec(vec![7_u16; 1000], &[1000]).unwrap();
    draft.set_array("b", other, &Storage::internal()).unwrap();
    let mut writer = draft.save_rows(&out, "a", rows(), &options).unwrap();
    for _ in 0..2 {
        writer.write(&[1.5_f32; 4]).unwrap();
    }
    writer.finish().unwrap();
    let file = AsdfFile::open(&out).unwrap();
    assert!(std::fs::metadata(&out).unwrap().len() < 1500);
    assert_eq!(
        file.array("b")
            .unwrap()
            .load()
            .unwrap()
            .to_vec_as::<u16>()
            .unwrap(),
        [7; 1000]
    );
    assert_eq!(file.array("a").unwrap().shape(), [2, 4]);
}

#[test]
fn masked_elements_are_no_numbers() {
    use asdf_core::tagged::Quantity;
    let text = b"#ASDF 1.0.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n\
        q: !unit/quantity-1.1.0\n  unit: !unit/unit-1.0.0 m\n  value: !core/ndarray-1.1.0\n    data: [1.5, -999.0, 3.25]\n    mask: -999.0\n    datatype: float64\n    shape: [3]\n...\n";
    let file = OpenOptions::default()
        .read_bytes(text.to_vec(), "x.asdf")
        .unwrap();
    let numbers = file
        .tagged::<Quantity<'_>>("q")
        .unwrap()
        .values
        .numbers()
        .unwrap();
    assert_eq!((numbers[0], numbers[2]), (1.5, 3.25));
    assert!(numbers[1].is_nan());
}
