//! Trees of every file of the corpus against the reference's, and the verdicts on broken ones.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

use asdf_core::AsdfFile;
use asdf_core::Limits;
use asdf_core::OpenOptions;
use asdf_core::WriteOptions;
use asdf_core::convert::References;
use asdf_core::convert::write_json;
use asdf_core::error::Warning;
use asdf_core::file::FileNode;
use asdf_core::tree::Tree;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

/// Legal YAML that only the reference's loader refuses: read here, with a warning.
const ONLY_PYTHON_REFUSES: [&str; 6] = [
    "keys_complex",
    "keys_tuple",
    "anchor_redefined",
    "reserved_directive",
    "yaml_1.0",
    "parse-unsupported-directive",
];

/// Verdicts that are not the tree's: a schema and the file layer see to them.
const NOT_THE_TREES: [&str; 2] = ["yaml_dup_keys_asdf_root", "yaml_tree_without_directive"];

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

/// All sidecars below a folder with their files.
fn sidecars(folder: &Path, out: &mut Vec<(PathBuf, Value)>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .collect();
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() && !path.is_symlink() {
            sidecars(&path, out);
        } else if let Some(file) = name.strip_suffix(".expected.json") {
            let expected = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            out.push((PathBuf::from(file), expected));
        }
    }
}

/// The tree's text: from the line of `%YAML` or `---` up to and including that of `...`.
fn tree_text(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (mut at, mut start) = (0, None);
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        if start.is_none() && (line.starts_with(b"%YAML") || line.starts_with(b"---")) {
            start = Some(at);
        }
        at += line.len();
        if start.is_some() && line.trim_ascii_end() == b"..." {
            break;
        }
    }
    start.map(|start| (start, &bytes[start..at]))
}

fn json(path: &Path) -> Result<Value, asdf_core::Error> {
    let file = AsdfFile::open(path)?;
    let mut out = Vec::new();
    let at = FileNode {
        file: &file,
        node: file.tree().root(),
    };
    write_json(at, References::Keep, &mut out, &Limits::default())?;
    Ok(serde_json::from_slice(&out).unwrap())
}

#[test]
fn every_tree_is_the_one_that_the_reference_reads() {
    let Some(corpus) = corpus() else { return };
    let mut files = Vec::new();
    sidecars(&corpus.join("generated"), &mut files);
    sidecars(&corpus.join("real"), &mut files);
    let (mut equal, mut refused, mut legal, mut wrong) = (0, 0, 0, Vec::new());
    for (path, expected) in &files {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let got = json(path);
        let failed = !expected["tree_error"].is_null() || !expected["header_error"].is_null();
        match got {
            Ok(_) if ONLY_PYTHON_REFUSES.contains(&stem.as_str()) => legal += 1,
            Ok(_) if failed => wrong.push(format!("{}: the reference refuses it", path.display())),
            Ok(got) if got == expected["tree"] => equal += 1,
            Ok(got) => {
                let (got, wanted) = (got.to_string(), expected["tree"].to_string());
                let at = got
                    .bytes()
                    .zip(wanted.bytes())
                    .position(|(a, b)| a != b)
                    .unwrap_or(0);
                let part = |text: &str| {
                    text.chars()
                        .skip(at.saturating_sub(40))
                        .take(100)
                        .collect::<String>()
                };
                wrong.push(format!(
                    "{}:\n  got    {}\n  expected {}",
                    path.display(),
                    part(&got),
                    part(&wanted)
                ));
            }
            Err(_) if failed => refused += 1,
            Err(error) => wrong.push(error.to_string()),
        }
    }
    println!(
        "{equal} trees equal, {refused} refused by both, {legal} legal, of {}",
        files.len()
    );
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Scalars that are refused here, on purpose: Python takes padding without data for base64.
const OTHERWISE: [&str; 1] = ["!!binary ===="];

/// Tagged JSON of a scalar, or of whatever else stands there.
fn scalar_json(text: &str) -> Option<String> {
    let mut file = b"#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n---\nk: ".to_vec();
    file.extend(text.as_bytes());
    file.extend(b"\n...\n");
    let file = OpenOptions::default().read_bytes(file, "scalar").ok()?;
    let mut out = Vec::new();
    let at = FileNode {
        file: &file,
        node: file.tree().node("k").ok()?,
    };
    write_json(at, References::Keep, &mut out, &Limits::default()).ok()?;
    Some(String::from_utf8(out).unwrap())
}

#[test]
fn scalars_are_read_as_the_reference_reads_them() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-data/scalars.json");
    let rows: Vec<Vec<Value>> = serde_json::from_slice(&fs::read(table).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for row in &rows {
        let text = row[0].as_str().unwrap();
        let wanted = row.get(1).map(Value::to_string);
        let found = scalar_json(text);
        if found != wanted && !OTHERWISE.contains(&text) {
            wrong.push(format!("{text:?}: {found:?}, the reference has {wanted:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}

#[test]
fn what_a_draft_writes_of_line_breaks_reads_back() {
    let texts = [
        "a\u{85}b",
        "\u{85}",
        "a\u{2028}  b",
        "\u{2029}\u{2028}",
        " a\u{2028}",
        "a\r",
        "a\rb\r\nc",
        "a\n\u{85}b\n",
        "a: \u{2028}# b",
        "\u{a0}a\u{a0}",
        "\u{3000}",
        "a\u{feff}",
        "\u{1b}[1m",
        "\u{9b}1m",
        "\u{202e}a",
    ];
    let mut draft = asdf_core::Draft::new();
    for text in texts {
        let path = asdf_core::TreePath::default().key(text);
        draft.set(path, text).unwrap();
    }
    let mut out = std::io::Cursor::new(Vec::new());
    draft.write(&mut out, &WriteOptions::default()).unwrap();
    let bytes = out.into_inner();
    let written = String::from_utf8_lossy(&bytes).into_owned();
    let file = OpenOptions::default().read_bytes(bytes, "breaks").unwrap();
    let pairs = file.tree().root().as_map().unwrap();
    let same = |(key, value): &(asdf_core::Node<'_>, asdf_core::Node<'_>)| {
        texts
            .iter()
            .any(|text| key.text() == Some(*text) && value.text() == Some(*text))
    };
    assert_eq!(pairs.iter().filter(same).count(), texts.len(), "{written}");
}

#[test]
fn broken_trees_get_the_verdict_that_they_should() {
    let Some(corpus) = corpus() else { return };
    let mut files = Vec::new();
    sidecars(&corpus.join("bad"), &mut files);
    let mut wrong = Vec::new();
    let mut count = 0;
    for (path, expected) in &files {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("yaml_") && !name.starts_with("utf8_") {
            continue;
        }
        count += 1;
        let bytes = fs::read(path).unwrap();
        let Some((start, text)) = tree_text(&bytes) else {
            println!("{name}: no tree, left to the file layer");
            continue;
        };
        let mut warnings: Vec<Warning> = Vec::new();
        let begun = Instant::now();
        let result = Tree::parse(text, start as u64, &Limits::default(), &mut warnings);
        let took = begun.elapsed();
        let said = match &result {
            Ok(_) => warnings
                .first()
                .map_or("fine".into(), |warning| format!("warning: {warning}")),
            Err(error) => format!("error: {error}"),
        };
        let should = expected["should"].as_str().unwrap();
        let limited = result.as_ref().is_err_and(asdf_core::Error::is_limit);
        let fits = match should {
            "error" => result.is_err(),
            "warn" => result.is_ok() && !warnings.is_empty(),
            "ok" => result.is_ok() || (limited && name.starts_with("yaml_deep")),
            _ => true,
        } || NOT_THE_TREES.contains(&name.as_str());
        println!("{name}: {should}: {said} ({} ms)", took.as_millis());
        if !fits {
            wrong.push(format!(
                "{name}: should {should} ({}), {said}",
                expected["why"]
            ));
        }
        let placed = result.is_ok() || said.contains("0x");
        if !placed || took > Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 1 }) {
            wrong.push(format!("{name}: {took:?}, {said}"));
        }
    }
    println!("{count} broken trees");
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// A file whose tree is this text.
fn file_of(text: &str) -> Vec<u8> {
    format!("#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n---\n{text}\n...\n").into_bytes()
}

/// Tagged JSON of the whole tree, without the key `zz`.
fn tree_json(bytes: Vec<u8>) -> Result<Value, asdf_core::Error> {
    let file = OpenOptions::default().read_bytes(bytes, "breaks")?;
    let mut out = Vec::new();
    let at = FileNode {
        file: &file,
        node: file.tree().root(),
    };
    write_json(at, References::Keep, &mut out, &Limits::default())?;
    let mut found: Value = serde_json::from_slice(&out).unwrap();
    if let Some(pairs) = found.as_object_mut() {
        pairs.remove("zz");
    }
    Ok(found)
}

/// The rows of `breaks.json`: a text, and what the reference reads from it.
fn breaks() -> Vec<(String, Option<Value>)> {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-data/breaks.json");
    let rows: Vec<Vec<Value>> = serde_json::from_slice(&fs::read(table).unwrap()).unwrap();
    let row = |row: Vec<Value>| (row[0].as_str().unwrap().to_owned(), row.get(1).cloned());
    rows.into_iter().map(row).collect()
}

#[test]
fn line_breaks_of_yaml_1_1_are_read_as_the_reference_reads_them() {
    let rows = breaks();
    let mut wrong = Vec::new();
    for (text, wanted) in &rows {
        let found = tree_json(file_of(text));
        // A key of a flow mapping on two lines: YAML 1.1 refuses it, here it is read as in 1.2.
        let is_long_key = text.starts_with("{a") || text.starts_with("{'a");
        if found.as_ref().ok() != wanted.as_ref() && !(wanted.is_none() && is_long_key) {
            wrong.push(format!("{text:?}: {found:?}, the reference has {wanted:?}"));
        }
    }
    let (count, all) = (wrong.len(), rows.len());
    assert!(wrong.is_empty(), "{count} of {all}:\n{}", wrong.join("\n"));
}

#[test]
fn a_change_of_another_key_keeps_texts_of_several_lines() {
    let mut wrong = Vec::new();
    for (text, wanted) in breaks() {
        let Some(wanted) = wanted.filter(Value::is_object) else {
            continue;
        };
        let bytes = file_of(&text);
        let file = OpenOptions::default().read_bytes(bytes, "breaks").unwrap();
        let mut draft = file.to_draft();
        draft.set("zz", 1_i64).unwrap();
        let mut out = std::io::Cursor::new(Vec::new());
        draft.write(&mut out, &WriteOptions::default()).unwrap();
        let out = out.into_inner();
        let shown = String::from_utf8_lossy(&out).into_owned();
        let found = tree_json(out);
        if found.as_ref().ok() != Some(&wanted) {
            wrong.push(format!("{text:?}: {found:?} in {shown:?}, not {wanted:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
