//! Property: whatever is set, removed, copied or written as text, the other arrays keep their digests.
//!
//! `ASDF_CASES=100000 cargo test --workspace --test sequences -- --nocapture` runs more,
//! `ASDF_FIRST=5000` begins elsewhere, `ASDF_SEED=33` runs one again.
#![expect(clippy::unwrap_used, clippy::too_many_lines, reason = "a test")]

use asdf_core::array::{NewArray, Slice};
use asdf_core::block::Verdict;
use asdf_core::file::{Storage, Updated};
use asdf_core::tree::Tree;
use asdf_core::{AsdfFile, Draft, TreePath, WriteOptions};
use std::collections::BTreeMap;
use std::path::Path;

/// Numbers without order, the same in each run (`SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count as u64).unwrap()
    }
}

const CODECS: [&str; 4] = ["none", "zlib", "lz4", "zstd"];
/// What a change may name; arrays first.
const ARRAYS: [&str; 10] = [
    "raw", "packed", "deep/one", "shared", "view", "external", "masked", "inline", "stream",
    "list/0",
];

fn value(text: &str) -> Tree {
    let text = format!("%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n---\nv: {text}\n...\n");
    Tree::parse(
        text.as_bytes(),
        0,
        &asdf_core::Limits::default(),
        &mut Vec::new(),
    )
    .unwrap()
}

fn set_yaml(draft: &mut Draft<'_>, path: &str, text: &str) -> asdf_core::Result<()> {
    let value = value(text);
    let node = draft.nodes().copy(value.node("v")?);
    draft.tree().set(path, node)
}

/// A file with arrays of every sort.
fn make(folder: &Path, random: &mut Random) -> asdf_core::Result<()> {
    let mut draft = Draft::new();
    let numbers: Vec<i32> = (0..24)
        .map(|at| at * 3 + i32::try_from(random.below(100)).unwrap())
        .collect();
    let mut array = |draft: &mut Draft<'_>, path: &str, storage: &Storage| {
        let values: Vec<i32> = numbers
            .iter()
            .map(|number| number + i32::try_from(random.below(1000)).unwrap())
            .collect();
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        let datatype = asdf_core::array::Datatype::Scalar(asdf_core::array::Scalar::Int32);
        let array = NewArray::from_bytes(
            bytes,
            datatype,
            asdf_core::array::ByteOrder::Little,
            &[4, 6],
        )?;
        draft.set_array(path, array, storage).map(|_| ())
    };
    let packed = Storage::compressed(CODECS[1].parse()?);
    array(&mut draft, "raw", &Storage::internal())?;
    array(&mut draft, "packed", &packed)?;
    array(&mut draft, "deep/one", &Storage::internal())?;
    array(&mut draft, "external", &Storage::external("part.asdf"))?;
    array(&mut draft, "masked", &packed)?;
    array(&mut draft, "inline", &Storage::inline())?;
    array(&mut draft, "chunk", &Storage::internal())?;
    array(&mut draft, "stream", &Storage::streamed())?;
    let shared = draft.tree().find("raw")?.unwrap();
    draft.tree().set("shared", shared)?;
    let item = draft.tree().find("packed")?.unwrap();
    let list = draft.nodes().seq(vec![item, shared]);
    draft.tree().set("list", list)?;
    set_yaml(
        &mut draft,
        "masked/mask",
        "!core/ndarray-1.1.0 {data: [[0, 1, 0, 0, 0, 0]], datatype: bool8}",
    )
    .ok();
    set_yaml(
        &mut draft,
        "masked/mask",
        "!core/ndarray-1.1.0 {data: [[false, true, false, false, false, false]], datatype: bool8}",
    )?;
    set_yaml(
        &mut draft,
        "view",
        "!core/ndarray-1.1.0 {source: 0, datatype: int32, byteorder: little, shape: [6, 4], strides: [4, 24]}",
    )?;
    // Only its number names this block.
    draft.tree().remove("chunk")?;
    set_yaml(
        &mut draft,
        "chunks",
        "!<asdf://example.org/chunks-1.0.0> {map: [4]}",
    )?;
    set_yaml(
        &mut draft,
        "words",
        "{a: &w {x: 1, y: [1, 2, 3]}, b: *w, c: {<<: *w, z: 2}}",
    )?;
    draft.save(folder.join("x.asdf"), &WriteOptions::default())
}

type Digests = BTreeMap<String, (String, Option<String>)>;

fn digests(file: &AsdfFile) -> asdf_core::Result<Digests> {
    let mut out = Digests::new();
    for (path, node) in file.arrays()? {
        let array = file.array_at(node)?;
        out.insert(path.to_string(), (array.digest()?, array.mask_digest()?));
    }
    Ok(out)
}

/// One change; gives the paths whose arrays it may change, or an error when it is refused.
fn change(draft: &mut Draft<'_>, random: &mut Random) -> asdf_core::Result<Vec<String>> {
    let paths = |own: &str, others: &[TreePath]| {
        let mut out: Vec<String> = others.iter().map(ToString::to_string).collect();
        out.push(format!("/{own}"));
        out
    };
    let array = ARRAYS[random.below(ARRAYS.len())];
    let number = random.below(12);
    let named = |draft: &mut Draft<'_>, path: &str| {
        let others = draft.tree().other_paths(path)?;
        Ok::<_, asdf_core::Error>(paths(path, &others))
    };
    match random.below(10) {
        0 => {
            let touched = named(draft, array)?;
            draft.remove(array)?;
            // What stands after an item of a list moves.
            Ok(if array == "list/0" {
                [touched, vec!["/list/1".into()]].concat()
            } else {
                touched
            })
        }
        1 => {
            let values: Vec<i64> = (0..5)
                .map(|at| at + i64::try_from(number).unwrap())
                .collect();
            let bytes: Vec<u8> = values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect();
            let datatype = asdf_core::array::Datatype::Scalar(asdf_core::array::Scalar::Int64);
            let new =
                NewArray::from_bytes(bytes, datatype, asdf_core::array::ByteOrder::Little, &[5])?;
            let storage = [
                Storage::internal(),
                Storage::inline(),
                Storage::compressed(CODECS[random.below(4)].parse()?),
            ];
            let target = if random.below(2) == 0 { array } else { "fresh" };
            let touched = named(draft, target)?;
            draft.set_array(target, new, &storage[random.below(3)])?;
            Ok(touched)
        }
        2 => {
            // A description that may or may not fit.
            let key = ["source", "shape", "offset", "datatype", "strides", "mask"][random.below(6)];
            let text = match key {
                "shape" => format!("[{number}]"),
                "datatype" => ["int8", "float64", "int99"][random.below(3)].to_owned(),
                "strides" => format!("[24, {}]", number * 2),
                "mask" => [
                    "5",
                    "!core/ndarray-1.1.0 [[true]]",
                    "!core/ndarray-1.1.0 [1, 2]",
                ][random.below(3)]
                .to_owned(),
                _ => number.to_string(),
            };
            let path = format!("{array}/{key}");
            let mut touched: Vec<String> = draft
                .tree()
                .other_paths(path.as_str())?
                .iter()
                .map(|path| path.to_string().rsplit_once('/').unwrap().0.to_owned())
                .collect();
            set_yaml(draft, &path, &text)?;
            touched.push(format!("/{array}"));
            Ok(touched)
        }
        3 => {
            let part = [
                vec![Slice::Index(number.try_into().unwrap())],
                vec![Slice::ALL, Slice::Index(1)],
                vec![Slice::Index(-1)],
            ];
            let done = draft.set_elements(array, &part[random.below(3)], number)?;
            Ok(paths(array, &done.also))
        }
        4 => {
            set_yaml(
                draft,
                &format!("note{number}"),
                &"long ".repeat(number * 30),
            )?;
            Ok(Vec::new())
        }
        5 => {
            draft.remove(["words/a", "words", "chunks/other", "list"][random.below(4)])?;
            Ok(vec!["/list/0".into(), "/list/1".into()])
        }
        6 => {
            draft.set(
                ["words/a/y/1", "words/b/x", "words/c/z", "list/5", "raw/0"][random.below(5)],
                number,
            )?;
            Ok(Vec::new())
        }
        8 => {
            // A copy has the digests of the array that it is a copy of.
            let file = draft.source().unwrap();
            draft.copy_node(file, array, "copied")?;
            Ok(vec!["/copied".into()])
        }
        7 => {
            let text = format!(
                "!core/ndarray-1.1.0 {{source: {number}, datatype: int8, byteorder: little, shape: [3]}}"
            );
            set_yaml(draft, "named", &text)?;
            Ok(vec!["/named".into()])
        }
        _ => {
            let source = draft.source().unwrap().tree().text().to_owned();
            let text = match random.below(3) {
                0 => source.replace("deep:", "moved:"),
                1 => source.replace("source: 1", &format!("source: {number}")),
                _ => source.replace("...\n", "added: true\n...\n"),
            };
            let moved = source.contains("source: 1") && text.contains(&format!("source: {number}"));
            draft.set_text(&text)?;
            Ok(if moved {
                vec!["*".into()]
            } else {
                vec!["/deep/one".into(), "/moved/one".into()]
            })
        }
    }
}

#[derive(Default, Debug)]
struct Counts {
    sequences: u64,
    changes: u64,
    refused: u64,
    unwritten: u64,
    saved: u64,
    in_place: u64,
    rewritten: u64,
    arrays: u64,
}

#[test]
fn other_arrays_keep_their_digests_whatever_is_changed() {
    let cases = std::env::var("ASDF_CASES")
        .ok()
        .and_then(|text| text.parse().ok());
    let cases: u64 = cases.unwrap_or(20);
    let mut counts = Counts::default();
    let only = std::env::var("ASDF_SEED")
        .ok()
        .and_then(|text| text.parse().ok());
    let first = std::env::var("ASDF_FIRST").map_or(0, |first| first.parse::<u64>().unwrap());
    let seeds = only.map_or(first..first + cases, |seed| seed..seed + 1);
    for seed in seeds {
        let mut random = Random(seed);
        let folder = tempfile::tempdir().unwrap();
        make(folder.path(), &mut random).unwrap();
        counts.sequences += 1;
        for _ in 0..4 {
            step(folder.path(), &mut random, &mut counts, seed);
        }
    }
    println!("{counts:?}");
    assert!(counts.saved + counts.in_place + counts.rewritten > counts.sequences);
}

/// Some changes, written in one of the ways, and compared.
fn step(folder: &Path, random: &mut Random, counts: &mut Counts, seed: u64) {
    let path = folder.join("x.asdf");
    let file = AsdfFile::open(&path).unwrap();
    let before = digests(&file).unwrap();
    let chunk = file
        .tree()
        .node("chunks")
        .is_ok()
        .then(|| file.block(4).unwrap().decoded().unwrap().to_vec());
    let mut draft = file.to_draft();
    let mut touched = Vec::new();
    let mut is_text = false;
    for _ in 0..=random.below(3) {
        if is_text {
            break;
        }
        counts.changes += 1;
        match change(&mut draft, random) {
            Ok(paths) => touched.extend(paths),
            Err(_) => counts.refused += 1,
        }
        is_text = draft.to_tree().is_ok_and(|_| {
            touched
                .iter()
                .any(|path| path == "*" || path == "/moved/one")
        });
    }
    let options = WriteOptions::default();
    let bytes = std::fs::read(&path).unwrap();
    let save = random.below(3) == 0;
    let done = if save {
        let target = folder.join("y.asdf");
        draft
            .save(&target, &options)
            .map(|()| std::fs::rename(&target, &path).unwrap())
    } else {
        draft.update(&path, &options).map(|done| match done {
            Updated::InPlace => counts.in_place += 1,
            Updated::Rewritten => counts.rewritten += 1,
            Updated::Unchanged => {}
        })
    };
    if done.is_err() {
        counts.unwritten += 1;
        assert_eq!(
            std::fs::read(&path).unwrap(),
            bytes,
            "seed {seed}: a refusal changed the file"
        );
        return;
    }
    counts.saved += u64::from(save);
    let after = AsdfFile::open(&path).unwrap();
    let now =
        digests(&after).unwrap_or_else(|error| panic!("seed {seed}: {error} after {touched:?}"));
    if touched.iter().any(|path| path == "*") {
        return;
    }
    for (path, digest) in &before {
        let is_touched = touched
            .iter()
            .any(|other| path == other || path.starts_with(&format!("{other}/")));
        if is_touched {
            continue;
        }
        counts.arrays += 1;
        assert_eq!(
            now.get(path),
            Some(digest),
            "seed {seed}: {path} after changes of {touched:?}"
        );
    }
    if let Some(chunk) = chunk.filter(|_| after.tree().node("chunks").is_ok()) {
        assert_eq!(
            after.block(4).unwrap().decoded().unwrap()[..],
            chunk[..],
            "seed {seed}"
        );
    }
    for block in after.blocks() {
        assert!(
            !matches!(block.verify().unwrap(), Verdict::Mismatch { .. }),
            "seed {seed}"
        );
    }
}
