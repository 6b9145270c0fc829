//! Changes keep every array readable that was readable before (spec-notes U-7 to U-12).
#![expect(
    clippy::unwrap_used,
    clippy::unnecessary_wraps,
    clippy::redundant_closure_for_method_calls,
    reason = "a test"
)]

use asdf_core::array::NewArray;
use asdf_core::file::Storage;
use asdf_core::{AsdfFile, Draft, OpenOptions, WriteOptions};
use std::io::Cursor;

type Result = std::result::Result<(), Box<dyn std::error::Error>>;

fn written(draft: &Draft<'_>) -> asdf_core::Result<AsdfFile> {
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &WriteOptions::default())?;
    OpenOptions::default().read_bytes(sink.into_inner(), "x.asdf")
}

/// Two arrays with a block each, a third that shares the first block, a list and shared mappings.
fn sample() -> AsdfFile {
    let mut draft = Draft::new();
    let array = |values: &'static [i32]| NewArray::from_slice(values, &[values.len() as u64]);
    let inside = Storage::internal();
    draft
        .set_array("a", array(&[1, 2, 3, 4, 5, 6]).unwrap(), &inside)
        .unwrap()
        .set_array("b", array(&[7, 8, 9]).unwrap(), &inside)
        .unwrap()
        .set("list", [1, 2, 3])
        .unwrap();
    written(&draft).unwrap()
}

fn from_tree(tree: &str) -> AsdfFile {
    let text = format!(
        "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n{tree}...\n"
    );
    OpenOptions::default()
        .read_bytes(text.into_bytes(), "x.asdf")
        .unwrap()
}

/// What writing says after a change of the sample.
fn refusal(path: &str, yaml: &str) -> String {
    let file = sample();
    let mut draft = file.to_draft();
    let value = from_tree(&format!("v: {yaml}\n"));
    let node = draft.nodes().copy(value.tree().node("v").unwrap());
    draft.tree().set(path, node).unwrap();
    let error = written(&draft).expect_err("the change is refused");
    // Blocks stay what they were: a refusal takes nothing.
    error.to_string()
}

#[test]
fn an_array_that_would_name_no_block_is_not_written() {
    for (path, value, why) in [
        ("a/source", "7", "no block 7"),
        ("a/shape", "[300]", "24"),
        ("a/datatype", "float99", "datatype"),
        ("a/offset", "20", "24"),
        ("a/strides", "[8]", "24"),
        ("a/byteorder", "middle", "byteorder"),
        ("a/source", "lost.asdf", "lost.asdf"),
        ("a/mask", "[1]", "mask"),
        ("a/mask", "!core/ndarray-1.1.0 [1, 0]", "mask"),
        (
            "c",
            "!core/ndarray-1.1.0 {source: 9, datatype: int8, byteorder: little, shape: [1]}",
            "9",
        ),
        (
            "c",
            "{deep: [!core/ndarray-1.1.0 {source: 9, datatype: int8, byteorder: little, shape: [1]}]}",
            "9",
        ),
        (
            "c",
            "!core/externalarray-1.0.0 {fileuri: no.asdf, target: 0, datatype: int8, shape: [1]}",
            "no.asdf",
        ),
        (
            "c",
            "!core/ndarray-1.1.0 {data: [1, x], datatype: int8}",
            "int8",
        ),
    ] {
        let found = refusal(path, value);
        assert!(
            found.contains("nothing is written") && found.contains(why),
            "{path} {value}: {found}"
        );
    }
}

#[test]
fn an_array_that_was_broken_before_can_stay_and_be_mended() -> Result {
    let broken =
        "a: !core/ndarray-1.1.0 {source: 0, datatype: int8, byteorder: little, shape: [3]}\nk: 1\n";
    let file = from_tree(broken);
    let mut draft = file.to_draft();
    draft.set("k", 2)?;
    assert!(written(&draft)?.array("a").is_err());

    let mut draft = file.to_draft();
    draft.set_text(file.tree().text().replace("k: 1", "k: 3").as_str())?;
    let moved = file.tree().text().replace("a: ", "z: ");
    draft.set_text(&moved)?;
    assert!(written(&draft)?.array("z").is_err());

    let mut draft = file.to_draft();
    draft.remove("a")?;
    written(&draft)?;

    // New data must not become that of the broken array.
    let mut draft = file.to_draft();
    draft.set_array(
        "b",
        NewArray::from_slice(&[1_u8, 2, 3], &[3])?,
        &Storage::internal(),
    )?;
    let error = written(&draft).unwrap_err().to_string();
    assert!(error.contains("block 0") && error.contains("/a"), "{error}");
    Ok(())
}

#[test]
fn a_text_that_breaks_an_array_is_refused_and_the_draft_is_as_before() -> Result {
    let file = sample();
    let mut draft = file.to_draft();
    let text = file.tree().text().replace("source: 1", "source: 2");
    let error = draft.set_text(&text).unwrap_err().to_string();
    assert!(
        error.contains("/b") && error.contains("no block 2"),
        "{error}"
    );
    assert_eq!(
        written(&draft)?.array("b")?.load()?.view::<i32>()?.to_vec(),
        [7, 8, 9]
    );
    Ok(())
}

#[test]
fn a_block_goes_with_its_array_and_not_before() -> Result {
    let file = sample();
    let mut draft = file.to_draft();
    draft.remove("a")?;
    let after = written(&draft)?;
    assert_eq!(after.blocks().len(), 1);
    assert_eq!(after.array("b")?.load()?.view::<i32>()?.to_vec(), [7, 8, 9]);

    // Another description of the array leaves its data alone.
    let mut draft = file.to_draft();
    draft.set("a/source", 1)?.set("a/shape", [3])?;
    let after = written(&draft)?;
    assert_eq!(after.blocks().len(), 2);
    assert_eq!(after.array("a")?.load()?.view::<i32>()?.to_vec(), [7, 8, 9]);
    let mut draft = after.to_draft();
    draft.set("a/source", 0)?;
    let again = written(&draft)?;
    assert_eq!(again.array("a")?.load()?.view::<i32>()?.to_vec(), [1, 2, 3]);

    let mut draft = file.to_draft();
    draft
        .tree()
        .set_tag("a", Some("asdf://example.org/mine-1.0.0"))?;
    assert_eq!(written(&draft)?.blocks().len(), 2);
    Ok(())
}

#[test]
fn a_block_that_an_unknown_tag_names_stays() -> Result {
    let mut draft = Draft::new();
    for key in ["a", "b", "c"] {
        draft.set_array(
            key,
            NewArray::from_slice(&[1_u8, 2], &[2])?,
            &Storage::internal(),
        )?;
    }
    let map = from_tree("v: !<asdf://example.org/chunks-1.0.0> {map: [[0, 1]]}\n");
    let node = draft.nodes().copy(map.tree().node("v")?);
    draft.tree().set("chunks", node)?;
    let file = written(&draft)?;
    let mut draft = file.to_draft();
    draft.remove("a")?.remove("c")?;
    let after = written(&draft)?;
    assert_eq!(after.block(0)?.decoded()?[..], [1, 2]);
    assert_eq!(after.array("b")?.load()?.view::<u8>()?.to_vec(), [1, 2]);
    assert!(after.blocks().len() < 3 || after.block(2)?.decoded()?.is_empty());
    Ok(())
}

#[test]
fn an_index_needs_a_list_that_is_long_enough() -> Result {
    let file = sample();
    for path in [
        "list/9",
        "list[9]",
        "a[0]",
        "a/0",
        "missing/0",
        "missing[0]",
        "missing/x/0",
        "list/0/0",
        "list/key",
        "new/0/x",
    ] {
        let mut draft = file.to_draft();
        let error = draft.set(path, 1).unwrap_err().to_string();
        assert!(
            error.contains("index") || error.contains("below") || error.contains("after its end"),
            "{path}: {error}"
        );
        assert!(draft.tree().is_unchanged(), "{path}");
    }
    let mut draft = file.to_draft();
    draft
        .set("list/3", 4)?
        .set("map[\"0\"]", "quoted")?
        .set("map/0", "there")?;
    let after = written(&draft)?;
    assert_eq!(after.tree().node("list")?.read::<Vec<i32>>()?, [1, 2, 3, 4]);
    assert_eq!(after.tree().node("map/0")?.text(), Some("there"));
    assert_eq!(after.tree().node("map")?.as_map().unwrap().len(), 1);
    Ok(())
}

#[test]
fn two_keys_that_python_calls_equal_are_not_written() -> Result {
    for keys in [
        "{1: a, true: b}",
        "{1.0: a, 1: b}",
        "{0: a, false: b}",
        "{x: 1, x: 2}",
        "{100000000000000000000: a, 1.0e+20: b}",
    ] {
        let error = refusal("new", keys);
        assert!(
            error.contains("/new") && error.contains("Python"),
            "{keys}: {error}"
        );
    }
    // A file that has them already can be changed elsewhere and mended.
    let file = from_tree("m: {1: a, true: b}\nk: 1\n");
    let mut draft = file.to_draft();
    draft.set("k", 2)?;
    written(&draft)?;
    let mut draft = file.to_draft();
    draft.set_text(&file.tree().text().replace("true", "2"))?;
    written(&draft)?;
    let mut draft = file.to_draft();
    let text = file.tree().text().replace("k: 1", "k: {0: a, false: b}");
    assert!(draft.set_text(&text).is_err());
    Ok(())
}

#[test]
fn a_change_below_a_shared_node_says_where_else_it_shows() -> Result {
    let file =
        from_tree("a: &x {v: 1, w: {z: 1}}\nb: *x\nc: {<<: *x, v: 5}\nd: {<<: *x}\nl: [*x, 2]\n");
    let other = |path: &str| -> Vec<String> {
        let mut draft = file.to_draft();
        let found = draft.tree().other_paths(path).unwrap();
        found.iter().map(ToString::to_string).collect()
    };
    assert_eq!(other("a/v"), ["/b/v", "/d/v", "/l/0/v"]);
    assert_eq!(other("b/w/z"), ["/a/w/z", "/c/w/z", "/d/w/z", "/l/0/w/z"]);
    assert_eq!(
        other("a/new/x"),
        ["/b/new/x", "/c/new/x", "/d/new/x", "/l/0/new/x"]
    );
    assert_eq!(other("b"), [""; 0]);
    assert_eq!(other("c/v"), [""; 0]);
    Ok(())
}

#[test]
fn a_value_that_a_merge_key_brings_is_changed_for_one_mapping_alone() -> Result {
    let file = from_tree("a: &x {v: 1, w: {z: 1}}\nd: {<<: *x}\ne: {<<: *x}\n");
    let mut draft = file.to_draft();
    draft.set("d/v", 7)?;
    assert!(draft.set("d/w/z", 7).is_err() && draft.remove("e/v").is_err());
    let after = written(&draft)?;
    let value = |path: &str| after.tree().node(path).and_then(|node| node.read::<i64>());
    assert_eq!((value("a/v")?, value("d/v")?, value("e/v")?), (1, 7, 1));
    assert_eq!((value("d/w/z")?, value("e/w/z")?), (1, 1));
    Ok(())
}

#[test]
fn data_that_a_new_text_leaves_without_a_node_are_not_written_behind_a_stream() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.asdf");
    let values: Vec<i32> = (0..12).collect();
    let mut draft = Draft::new();
    let rows = NewArray::from_slice(&values, &[3, 4]).unwrap();
    draft.set_array("rows", rows, &Storage::streamed()).unwrap();
    draft.set("note", "x".repeat(200)).unwrap();
    draft.save(&path, &WriteOptions::default()).unwrap();
    for anew in [false, true] {
        let file = AsdfFile::open(&path).unwrap();
        let text = file.tree().text().replace(&"x".repeat(200), "y");
        let mut draft = file.to_draft();
        let fresh = NewArray::from_slice(&[1, 2, 3, 4], &[4]).unwrap();
        draft
            .set_array("fresh", fresh, &Storage::internal())
            .unwrap()
            .set_text(&text)
            .unwrap();
        if anew {
            draft.save(&path, &WriteOptions::default()).unwrap();
        } else {
            draft.update(&path, &WriteOptions::default()).unwrap();
        }
        let after = AsdfFile::open(&path).unwrap();
        assert_eq!(after.blocks().len(), 1);
        let rows = after.array("rows").unwrap().load().unwrap();
        assert_eq!(rows.view::<i32>().unwrap().to_vec(), values);
    }
}

/// A tree that is given as text is parsed once; what reading it gives is what reading the file would give, at the places of the file.
#[test]
fn a_tree_given_as_text_is_read_as_the_file_will_be() {
    let text = "%YAML 1.1\n%FOO bar\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\na: &x [1, 2]\nb: *x\nn: 010\n...\n";
    let mut draft = Draft::new();
    draft.set_text(text).unwrap();
    assert_eq!(draft.to_tree().unwrap().text(), text);
    let options = OpenOptions::default();
    let file = options.read_draft(&draft, "x.asdf").unwrap();
    let mut bytes = Cursor::new(Vec::new());
    draft.write(&mut bytes, &WriteOptions::default()).unwrap();
    let again = options.read_bytes(bytes.into_inner(), "x.asdf").unwrap();
    assert_eq!(file.tree().text(), again.tree().text());
    let told = |file: &AsdfFile| -> Vec<String> {
        file.warnings()
            .map(|warning| format!("{warning:?}"))
            .collect()
    };
    assert!(!told(&again).is_empty());
    assert_eq!(told(&file), told(&again));
    let spans =
        |file: &AsdfFile| -> Vec<_> { file.tree().nodes().map(|node| node.span()).collect() };
    assert_eq!(spans(&file), spans(&again));
}
