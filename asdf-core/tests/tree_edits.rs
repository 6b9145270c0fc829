//! Trees of all test files, written anew and edited: what is read back is what was there.
#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "support/folders.rs"]
#[expect(dead_code, reason = "only some of it is needed here")]
mod folders;

use asdf_core::convert::{References, write_json};
use asdf_core::file::FileNode;
use asdf_core::tree::TreeEdit;
use asdf_core::{AsdfFile, Limits, Node, OpenOptions, TreePath};
use std::path::PathBuf;

/// All files whose tree can be read.
fn trees() -> Vec<(PathBuf, AsdfFile)> {
    let mut folders = vec![folders::test_data("made")];
    if let Some(corpus) = folders::corpus() {
        folders.extend([corpus.join("generated"), corpus.join("real")]);
    }
    let files = folders
        .iter()
        .flat_map(|folder| folders::files(folder, ".asdf"));
    let open = |path: PathBuf| Some((path.clone(), AsdfFile::open(&path).ok()?));
    let all: Vec<_> = files
        .filter_map(open)
        .filter(|(_, file)| !file.tree().is_empty())
        .collect();
    eprintln!("{} trees", all.len());
    assert!(all.len() > 100);
    all
}

/// The tree's meaning, tags and all.
fn meaning(file: &AsdfFile) -> Option<String> {
    let mut out = Vec::new();
    let at = FileNode {
        file,
        node: file.tree().root(),
    };
    write_json(at, References::Keep, &mut out, &Limits::default()).ok()?;
    String::from_utf8(out).ok()
}

fn read(text: &str) -> AsdfFile {
    let bytes = format!("#ASDF 1.0.0\n{text}").into_bytes();
    OpenOptions::default().read_bytes(bytes, "edited").unwrap()
}

#[test]
fn a_tree_written_anew_is_the_same_tree() {
    for (path, file) in trees() {
        let edit = TreeEdit::of(file.tree());
        let text = edit.text_anew(file.limits());
        let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(meaning(&read(&text)), meaning(&file), "{}", path.display());
        assert_eq!(edit.text(file.limits()).unwrap(), file.tree().text());
    }
}

/// Paths of some nodes, spread over the tree; not through merge keys or recursion.
fn some_paths(file: &AsdfFile, count: usize) -> Vec<TreePath> {
    let nodes: Vec<Node<'_>> = file
        .tree()
        .nodes()
        .filter(|node| node.span().start > 0)
        .collect();
    let step = (nodes.len() / count).max(1);
    let paths = nodes.iter().step_by(step).map(|node| node.path());
    // Keys that Python takes for equal (1 and true) hide one another.
    let visible = |path: &TreePath| !path.steps().is_empty() && file.tree().node(path).is_ok();
    paths.filter(visible).collect()
}

/// Lines that are there before and after, beside the comments of nodes that were taken out.
fn lost_comments(before: &str, after: &str) -> usize {
    let count = |text: &str| {
        text.lines()
            .filter(|line| line.trim_start().starts_with('#'))
            .count()
    };
    count(before).saturating_sub(count(after))
}

/// An item of an `!!omap` cannot do without its pair: such changes are refused, and no others.
fn invalid(error: &asdf_core::Error, path: &std::path::Path, place: &TreePath) {
    let text = error.to_string();
    assert!(
        text.contains("not valid"),
        "{} {place}: {text}",
        path.display()
    );
}

#[test]
fn a_change_anywhere_changes_nothing_else() {
    let (mut changes, mut kept) = (0, 0);
    for (path, file) in trees() {
        let before = file.tree().text();
        for place in some_paths(&file, 3) {
            let mut edit = TreeEdit::of(file.tree());
            let node = edit.nodes().value(("changed", 1.5, None::<u8>)).unwrap();
            if edit.set(&place, node).is_err() {
                continue;
            }
            let after = match edit.text(file.limits()) {
                Ok(after) => after,
                Err(error) => {
                    invalid(&error, &path, &place);
                    continue;
                }
            };
            let edited = read(&after);
            let found: (String, f64, Option<u8>) = edited
                .tree()
                .node(&place)
                .unwrap_or_else(|error| panic!("{} {place}: {error}\n{after}", path.display()))
                .read()
                .unwrap();
            assert_eq!(
                found,
                ("changed".to_owned(), 1.5, None),
                "{} {place}",
                path.display()
            );
            changes += 1;
            kept += usize::from(
                after.len() + 4000 > before.len() && lost_comments(before, &after) == 0,
            );
            let mut edit = TreeEdit::of(file.tree());
            if edit.remove(&place).is_ok() {
                match edit.text(file.limits()) {
                    Ok(after) => drop(read(&after)),
                    Err(error) => invalid(&error, &path, &place),
                }
                changes += 1;
            }
        }
    }
    eprintln!("{changes} changes, {kept} keep every comment");
    assert!(changes > 500);
}

#[test]
fn numbers_of_serde_json_are_numbers() {
    let value: serde_json::Value =
        serde_json::from_str("[5, -2.5, 1e3, 123456789012345678901234567890]").unwrap();
    let mut edit = TreeEdit::new();
    let node = edit.nodes().value(&value).unwrap();
    edit.set("a", node).unwrap();
    let text = edit.text(&Limits::default()).unwrap();
    assert!(
        text.contains("a: [5, -2.5, 1000.0, 123456789012345678901234567890]"),
        "{text}"
    );
}
