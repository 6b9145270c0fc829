//! Block tables, indexes and checksums of every file of the corpus against the reference's.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

use asdf_core::Limits;
use asdf_core::block::Block;
use asdf_core::block::BlockHeader;
use asdf_core::block::BlockTable;
use asdf_core::block::Codec;
use asdf_core::block::IndexState;
use asdf_core::block::Verdict;
use asdf_core::file::{Input, InputOptions};
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("ASDF_CORPUS").map(PathBuf::from);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let found = [named, Some(root)]
        .into_iter()
        .flatten()
        .find(|path| path.is_dir());
    if found.is_none() {
        println!("no corpus: set ASDF_CORPUS; nothing was compared");
    }
    found
}

/// All sidecars below `folder`.
fn sidecars(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            sidecars(&path, out);
        } else if path.to_string_lossy().ends_with(".asdf.expected.json") {
            out.push(path);
        }
    }
    out.sort();
}

/// Where blocks may begin: after the tree's `...`, or after the header comments without a tree.
fn tree_end(bytes: &[u8]) -> u64 {
    let (mut at, mut in_tree) = (0, false);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let end = rest
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(rest.len(), |end| end + 1);
        let line = rest[..end].trim_ascii_end();
        if in_tree && line == b"..." {
            return (at + end) as u64;
        }
        in_tree |= line.starts_with(b"%YAML") || line.starts_with(b"---");
        if !in_tree && !line.starts_with(b"#") {
            return at as u64;
        }
        at += end;
    }
    at as u64
}

fn number(value: &Value, key: &str) -> u64 {
    value[key]
        .as_u64()
        .unwrap_or_else(|| panic!("`{key}` of {value}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What differs between our header and the expected one.
fn difference(header: &BlockHeader, expected: &Value) -> Option<String> {
    let label = String::from_utf8_lossy(&header.label)
        .trim_end_matches('\0')
        .to_owned();
    let ours = [
        ("offset", header.offset),
        ("header_size", header.header_size.into()),
        ("flags", header.flags.into()),
        ("allocated", header.allocated),
        ("used", header.used),
        ("data_size", header.data_size),
        ("data_offset", header.data_offset),
    ];
    for (key, value) in ours {
        if value != number(expected, key) {
            return Some(format!("{key} {value} != {}", expected[key]));
        }
    }
    let named = expected["compression"].as_str().unwrap_or_default();
    if named != label {
        return Some(format!("label {label} != {named}"));
    }
    let checksum = expected["checksum"].as_str().unwrap_or_default();
    (hex(&header.checksum) != checksum).then(|| format!("checksum != {checksum}"))
}

fn compare(sidecar: &Path, problems: &mut Vec<String>) -> Option<usize> {
    let expected: Value = serde_json::from_slice(&fs::read(sidecar).unwrap()).unwrap();
    let blocks = expected["blocks"].as_array()?;
    let path = PathBuf::from(sidecar.to_string_lossy().trim_end_matches(".expected.json"));
    let limits = Limits::default();
    let input = Input::open(&path, &InputOptions::default()).unwrap();
    let mut warnings = Vec::new();
    let start = tree_end(input.whole().unwrap());
    let mut say = |text: String| problems.push(format!("{}: {text}", path.display()));
    let table = match BlockTable::scan(&input, 0, start, &limits, &mut warnings) {
        Ok(table) => table,
        Err(error) => {
            say(error.to_string());
            return Some(0);
        }
    };
    if table.headers().len() != blocks.len() {
        say(format!(
            "{} blocks != {}",
            table.headers().len(),
            blocks.len()
        ));
    }
    for (header, expected) in table.headers().iter().zip(blocks) {
        if let Some(text) = difference(header, expected) {
            say(format!("block {}: {text}", header.index));
        }
        let verdict = Block::new(&input, header, &limits).verify();
        let agrees = match (&expected["checksum_ok"], verdict) {
            (Value::Bool(true), Ok(Verdict::Match))
            | (Value::Null, Ok(Verdict::Absent))
            | (Value::Bool(false), Ok(Verdict::Mismatch { .. } | Verdict::Legacy)) => true,
            (ok, Err(_)) => *ok != Value::Bool(true) && header.available < header.used,
            (_, Ok(Verdict::Absent)) => header.is_streamed(),
            _ => false,
        };
        if !agrees {
            say(format!(
                "block {}: checksum_ok {} differs",
                header.index, expected["checksum_ok"]
            ));
        }
    }
    if let Some(text) = index_difference(&path, &expected["index"], &table) {
        say(text);
    }
    Some(blocks.len())
}

/// Only lists of whole numbers are exposed; what `PyYAML` refuses is free.
fn index_difference(file: &Path, expected: &Value, table: &BlockTable) -> Option<String> {
    let ours = table.recorded_index();
    let offsets = table.headers().iter().map(|header| header.offset);
    if (table.index() == IndexState::Valid) && !offsets.eq(ours?.iter().copied()) {
        return Some("a valid index must be that of the blocks".into());
    }
    if file.ends_with("gwcs/wcs_examples.asdf") {
        // Its first block lost a byte: nothing after it is where it should be, and the index at
        // the end of the file is not after the last block.
        return ours.map(|ours| format!("index {ours:?}, expected none"));
    }
    match expected {
        Value::Null => ours.map(|ours| format!("index {ours:?}, expected none")),
        Value::Array(entries) => {
            let entries: Option<Vec<u64>> = entries.iter().map(Value::as_u64).collect();
            (entries.as_deref() != ours).then(|| format!("index {ours:?} != {entries:?}"))
        }
        Value::Object(map) if map.contains_key("error") => None,
        other => ours.map(|ours| format!("index {ours:?}, expected {other}")),
    }
}

#[test]
fn block_tables_indexes_and_checksums_agree_with_the_reference() {
    let Some(root) = corpus() else { return };
    let mut found = Vec::new();
    sidecars(&root.join("generated"), &mut found);
    sidecars(&root.join("real"), &mut found);
    let mut problems = Vec::new();
    let (mut files, mut blocks) = (0, 0);
    for sidecar in &found {
        if let Some(count) = compare(sidecar, &mut problems) {
            files += 1;
            blocks += count;
        }
    }
    println!("{files} of {} files, {blocks} blocks", found.len());
    assert!(
        problems.is_empty(),
        "{}\n{} problems",
        problems.join("\n"),
        problems.len()
    );
}

/// Bad files in which the blocks are as they should be.
const NOT_OF_BLOCKS: [&str; 18] = [
    // The tree asks for more than there is.
    "block_shorter_than_array",
    "block_streamed_not_last",
    "trunc_after_block0",
    "trunc_after_tree",
    "trunc_dots_no_newline",
    // The file ends before the blocks.
    "trunc_after_dashes",
    "trunc_after_hash_asdf",
    "trunc_after_yaml_directive",
    "trunc_before_dots",
    "trunc_before_first_newline",
    "trunc_in_dots",
    "trunc_in_magic_line",
    "trunc_in_root_tag",
    "trunc_in_tag_directive",
    "trunc_in_tree",
    "trunc_in_version",
    "trunc_in_yaml_directive",
    "trunc_in_comment",
];

/// Decodes all blocks of a file in every way there is; gives what failed.
fn decode_all(path: &Path) -> Vec<String> {
    let limits = Limits::default();
    let input = Input::open(path, &InputOptions::default()).unwrap();
    let mut warnings = Vec::new();
    let table = match BlockTable::scan(
        &input,
        0,
        tree_end(input.whole().unwrap()),
        &limits,
        &mut warnings,
    ) {
        Ok(table) => table,
        Err(error) => return vec![error.to_string()],
    };
    let mut failures: Vec<String> = warnings
        .iter()
        .map(|warning| format!("warning: {warning}"))
        .collect();
    for header in table.headers() {
        let block = Block::new(&input, header, &limits);
        let whole = block.decoded();
        let mut streamed = Vec::new();
        let read = block
            .reader()
            .and_then(|mut reader| Ok(reader.read_to_end(&mut streamed)?));
        assert_eq!(
            whole.is_ok(),
            read.is_ok(),
            "{}: {whole:?} {read:?}",
            path.display()
        );
        match whole {
            Ok(whole) => {
                assert!(*whole == *streamed, "{}", path.display());
                let size = block.decoded_size();
                assert_eq!(whole.len() as u64, size);
                let (from, to) = (size / 3, size - size / 4);
                let part = block.decoded_range(from..to).unwrap();
                let (from, to) = (usize::try_from(from).unwrap(), usize::try_from(to).unwrap());
                assert!(*part == whole[from..to], "{}", path.display());
                for problem in block.problems().unwrap() {
                    failures.push(format!("warning: {problem}"));
                }
            }
            Err(error) => failures.push(error.to_string()),
        }
        match block.verify() {
            Ok(Verdict::Mismatch { .. }) => failures.push("warning: checksum mismatch".into()),
            Ok(_) => {}
            Err(error) => failures.push(error.to_string()),
        }
    }
    failures
}

#[test]
fn every_compressed_block_of_the_corpus_decodes_the_same_in_every_way() {
    let Some(root) = corpus() else { return };
    let mut found = Vec::new();
    sidecars(&root.join("generated/compression"), &mut found);
    sidecars(&root.join("generated/roman"), &mut found);
    let blosc = |path: &Path| path.to_string_lossy().contains("bl");
    for sidecar in found.iter().filter(|path| !blosc(path)) {
        let path = PathBuf::from(sidecar.to_string_lossy().trim_end_matches(".expected.json"));
        let mut failures = decode_all(&path);
        failures.retain(|text| !text.contains("blsc"));
        assert!(failures.is_empty(), "{}: {failures:?}", path.display());
    }
}

#[test]
fn bad_blocks_get_the_verdict_of_their_sidecar() {
    let Some(root) = corpus() else { return };
    let mut problems = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(root.join("bad")).unwrap().flatten() {
        let Some(name) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.strip_suffix(".asdf"))
            .map(String::from)
        else {
            continue;
        };
        let group = name.split('_').next().unwrap();
        let ours = matches!(group, "block" | "comp" | "bomb" | "index" | "trunc");
        if !ours || NOT_OF_BLOCKS.contains(&name.as_str()) {
            continue;
        }
        if cfg!(not(feature = "blosc")) && name.contains("blsc") {
            continue;
        }
        count += 1;
        let sidecar = entry.path().with_extension("asdf.expected.json");
        let expected: Value = serde_json::from_slice(&fs::read(sidecar).unwrap()).unwrap();
        let began = std::time::Instant::now();
        let failures = decode_all(&entry.path());
        let seconds = began.elapsed().as_secs_f64();
        let errors = failures
            .iter()
            .filter(|text| !text.starts_with("warning: "))
            .count();
        // Blocks that cannot be found are missing from the table, with a warning that says why;
        // the error is that of the array that names them.
        let missing = [
            "the walk over the blocks ends",
            "expected a block",
            "ends within the header of a block",
        ];
        let missing = failures
            .iter()
            .any(|text| missing.iter().any(|part| text.contains(part)));
        let agrees = match expected["should"].as_str().unwrap() {
            "error" => errors > 0 || missing,
            "warn" => errors == 0 && !failures.is_empty(),
            // A cut index is worth a warning, even where the sidecar says that all data is there.
            "ok" => failures.is_empty() || name == "trunc_in_index_header",
            _ => true,
        };
        if !agrees {
            problems.push(format!("{name}: {} but {failures:?}", expected["should"]));
        }
        println!("{name}: {seconds:.3} s {failures:?}");
    }
    println!("{count} files");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn codec_labels_are_compared_byte_for_byte() {
    assert_eq!(Codec::from_label(*b"lz4\0"), Codec::Lz4);
    assert_eq!(Codec::from_label(*b"lz4 "), Codec::Unknown(*b"lz4 "));
    assert_eq!(Codec::from_label(*b"ZLIB"), Codec::Unknown(*b"ZLIB"));
    assert_eq!(&*Codec::from_label(*b"z\0ib").label(), "z\\x00ib");
}
