//! What people type: paths, slices, parts of arrays, patterns, codecs. Displayed and parsed again they are the same.

use asdf_core::array::{ArrayPart, Slice, Subscript};
use asdf_core::block::Compression;
use asdf_core::inspect::PathPattern;
use asdf_core::tree::PathStep;
use asdf_core::{AsdfFile, OpenOptions, TreePath};
use std::sync::OnceLock;

const TREE: &str = "#ASDF 1.0.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n---
data: !core/ndarray-1.1.0 [[1, 2, 3], [4, 5, 6]]
list: [0, !core/ndarray-1.1.0 {data: [1, 2]}, {a.b: 1, '': 2}, &me {again: *me, x: 1}]
cube: !core/ndarray-1.1.0 [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
cat: !core/ndarray-1.1.0
  data: [[1, [2, 3]], [4, [5, 6]]]
  datatype: [{name: id, datatype: int8}, {name: xy, datatype: int8, shape: [2]}]
'3': {'a/b': !core/ndarray-1.1.0 {data: [1], datatype: int8}, '~': {'x[0]': 5}}
...\n";

/// Any text.
pub(crate) fn paths(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(path) = TreePath::parse(text) {
        let shown = path.to_string();
        // The pointer to the key of no character looks like what names the root.
        if shown != "/" {
            let again = TreePath::parse(&shown).expect("a path that was displayed");
            assert!(is_same(&path, &again), "{path:?} became {again:?}");
            assert_eq!(shown, again.to_string());
        }
        if let Ok(pattern) = text.parse::<PathPattern>() {
            let _ = pattern.matches(&path);
        }
    }
    if let Ok(slices) = Slice::parse_list(text) {
        let again = Slice::parse_list(&list(&slices)).expect("slices that were displayed");
        assert_eq!(slices, again);
        for length in [0, 1, 7, i64::MAX.unsigned_abs()] {
            for slice in &slices {
                let _ = slice.positions(length);
            }
        }
    }
    if let Ok(subscripts) = Subscript::parse_list(text) {
        let shown: Vec<_> = subscripts.iter().map(ToString::to_string).collect();
        let again =
            Subscript::parse_list(&shown.join(",")).expect("subscripts that were displayed");
        assert_eq!(subscripts, again);
    }
    if let Ok(codec) = text.parse::<Compression>() {
        assert_eq!(codec.to_string().parse::<Compression>().ok(), Some(codec));
    }
    part(text);
}

fn list(slices: &[Slice]) -> String {
    let shown: Vec<_> = slices.iter().map(ToString::to_string).collect();
    shown.join(",")
}

/// A key that stood in quotes may look like an index, and means the same where it leads.
fn is_same(one: &TreePath, two: &TreePath) -> bool {
    let text = |step: &PathStep| match step {
        PathStep::Index(index) => index.to_string(),
        PathStep::Key(key) => key.to_string(),
    };
    one.steps()
        .iter()
        .map(text)
        .eq(two.steps().iter().map(text))
}

/// A part of an array, as `set` and `get` take it.
fn part(text: &str) {
    static FILE: OnceLock<AsdfFile> = OnceLock::new();
    let file = FILE.get_or_init(|| {
        let options = OpenOptions::default();
        let read = options.read_bytes(TREE.into(), "fuzz");
        read.expect("a file of this target")
    });
    let selected = file.select_resolved(text);
    all(file, text, selected.is_ok());
    let Ok(Some((path, part))) = file.array_part(text) else {
        return;
    };
    if let Ok(selected) = &selected {
        assert_eq!(selected.part.as_ref(), Some(&part));
        assert!(is_same(&selected.path, &path));
    }
    // As one list of slices it is the same part.
    if part.has_new_axes() || !part.fields().is_empty() || part.slices().is_empty() {
        return;
    }
    let shown = match &part.slices()[..] {
        [Slice::Index(index)] => format!("{path}/{index}"),
        slices => format!("{path}[{}]", list(slices)),
    };
    let again = file.array_part(&shown).expect("a part that was displayed");
    let (path_again, again) = again.expect("a part");
    assert!(is_same(&path_again, &path), "{shown}");
    assert_eq!(
        (again.slices(), again.shape()),
        (part.slices(), part.shape()),
        "{shown}"
    );
}

/// All that a text names: each path once, each part of the shape that it says, and as many as one that is asked for.
fn all(file: &AsdfFile, text: &str, is_one: bool) {
    let Ok(pattern) = text.parse::<PathPattern>() else {
        assert!(!is_one, "{text}");
        return;
    };
    let _ = pattern.to_pointer();
    let Ok(all) = file.select_all(&pattern, true) else {
        assert!(!is_one, "{text}");
        return;
    };
    let mut count = 0;
    for found in all {
        let Ok(found) = found else { return };
        count += 1;
        if let Some(part) = &found.part {
            let array = found.at.file.array_at(found.at.node).expect("an array");
            let data = part.load(&array).expect("a part that was taken");
            assert_eq!(data.shape(), part.shape(), "{text}");
            assert_eq!(data.datatype(), part.datatype(), "{text}");
            let whole = ArrayPart::whole(&array);
            assert!(whole.is_whole() && whole.slices().is_empty());
        } else if pattern.as_path().is_none() && !pattern.needs_lengths() {
            assert!(
                pattern.matches(&found.path) || text.starts_with('/'),
                "{text}: {}",
                found.path
            );
        }
    }
    assert_eq!(is_one, count == 1, "{text}");
}
