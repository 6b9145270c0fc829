//! What each fuzz target does with its bytes; ordinary tests run the same over `regressions/`.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each target uses one of these"
)]

#[path = "../asdf-core/tests/support/exercise.rs"]
mod exercise;

use asdf_core::{
    Block, BlockTable, Input, Limits, OpenOptions, SchemaLibrary, Tree, Validator, report_all,
};
use std::io;
use std::sync::{Arc, OnceLock};

/// Labels of the target `codec`, by its first byte.
const LABELS: [[u8; 4]; 8] = [
    *b"\0\0\0\0",
    *b"zlib",
    *b"bzp2",
    *b"lz4\0",
    *b"lz4f",
    *b"zstd",
    *b"blsc",
    *b"bls2",
];

/// Low enough that what is legal is also quick.
fn limits() -> Limits {
    let mut limits = Limits::default();
    for (name, value) in [
        ("decoded_bytes", 16 << 20),
        ("view_bytes", 1 << 20),
        ("expanded_nodes", 50_000),
    ] {
        assert!(limits.set(name, value));
    }
    limits
}

/// A block table over the bytes.
pub(crate) fn header(data: &[u8]) {
    let (input, limits, mut warnings) = (Input::from(data.to_vec()), limits(), Vec::new());
    let Ok(table) = BlockTable::scan(&input, 0, &limits, &mut warnings) else {
        return;
    };
    let _ = (
        table.recorded_index(),
        table.index(),
        table.is_odd(),
        format!("{warnings:?}"),
    );
    let blocks: Vec<_> = table
        .headers()
        .iter()
        .map(|header| Block::new(&input, header, &limits))
        .collect();
    for block in &blocks {
        let _ = (
            block.stored(),
            block.decoded_size(),
            block.header().label_text(),
        );
    }
    report_all(&blocks);
}

/// A tree of the bytes.
pub(crate) fn tree(data: &[u8]) {
    let (limits, mut warnings) = (limits(), Vec::new());
    if let Ok(tree) = Tree::parse(data, 7, &limits, &mut warnings) {
        for node in tree.nodes() {
            let path = node.path();
            let _ = (
                node.key_text().len(),
                node.span(),
                path.to_string(),
                tree.node(&path).is_ok(),
            );
        }
        let _ = tree.walk(&limits).take(10_000).count();
        let _ = tree.root().read::<serde_json::Value>();
        let _ = tree.comments().count();
    }
    // The writers need a file around the tree.
    let mut file = b"#ASDF 1.0.0\n".to_vec();
    file.extend_from_slice(data);
    let options = OpenOptions::default().limits(limits);
    if let Ok(file) = options.read_bytes(file, "fuzz") {
        exercise::exercise(&file, true);
    }
}

/// A block of the bytes behind the first three.
pub(crate) fn codec(data: &[u8]) {
    let [label, high, low, stored @ ..] = data else {
        return;
    };
    let label = LABELS[usize::from(*label) % LABELS.len()];
    let (size, promised) = (stored.len() as u64, u16::from_be_bytes([*high, *low]));
    let mut bytes = b"\xd3BLK\0\x30\0\0\0\0".to_vec();
    bytes.extend(label);
    bytes.extend(
        [
            size.to_be_bytes(),
            size.to_be_bytes(),
            u64::from(promised).to_be_bytes(),
        ]
        .concat(),
    );
    bytes.extend([7; 16]);
    bytes.extend(stored);
    let (input, limits) = (Input::from(bytes), limits());
    let Ok(table) = BlockTable::scan(&input, 0, &limits, &mut Vec::new()) else {
        return;
    };
    for header in table.headers() {
        let block = Block::new(&input, header, &limits);
        let whole = block.decoded();
        let mut streamed = Vec::new();
        let end = block
            .reader()
            .and_then(|mut reader| Ok(io::copy(&mut reader, &mut streamed)?));
        if let (Ok(whole), Ok(_)) = (&whole, &end) {
            assert!(**whole == *streamed, "two ways of decoding differ");
        }
        let (start, end) = (promised / 3, promised / 2);
        if let (Ok(whole), Ok(part)) = (&whole, block.decoded_range(start.into()..end.into())) {
            assert_eq!(
                whole.get(usize::from(start)..usize::from(end)),
                Some(&*part),
                "a part differs"
            );
        }
        let _ = (block.verify(), block.problems());
    }
}

/// A whole file.
pub(crate) fn file(data: &[u8]) {
    if let Ok(file) = OpenOptions::default()
        .limits(limits())
        .read_bytes(data.to_vec(), "fuzz")
    {
        exercise::exercise(&file, true);
    }
}

/// Two bytes that say how long the schema is, the schema, and a tree that is checked against it and
/// against the published ones.
pub(crate) fn schema(data: &[u8]) {
    static LIBRARY: OnceLock<Arc<SchemaLibrary>> = OnceLock::new();
    let Some(([high, low], rest)) = data.split_first_chunk::<2>() else {
        return;
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    let Some((schema, tree)) = rest.split_at_checked(length) else {
        return;
    };
    let Ok(tree) = Tree::parse(tree, 0, &limits(), &mut Vec::new()) else {
        return;
    };
    let library = LIBRARY.get_or_init(|| Arc::new(SchemaLibrary::new()));
    let validator = Validator::new(library.clone());
    let _ = validator.validate(&tree, "1.5.0");
    let schema = String::from_utf8_lossy(schema);
    if let Ok(validator) = validator.custom(&schema, "fuzzed") {
        let found = validator.validate(&tree, "1.6.0");
        for violation in &found.violations {
            assert!(!violation.to_string().is_empty());
        }
    }
}

/// A tree whose tagged nodes are read as transforms and WCS, evaluated and inverted at a few points.
pub(crate) fn transform(data: &[u8]) {
    let mut file = b"#ASDF 1.0.0\n".to_vec();
    file.extend_from_slice(data);
    let Ok(file) = OpenOptions::default()
        .limits(limits())
        .read_bytes(file, "fuzzed")
    else {
        return;
    };
    let points = [0.0, 1.5, -200.0, f64::NAN, f64::INFINITY, 1e300];
    let evaluate = |transform: asdf_core::Transform| {
        let Ok(program) = transform.program() else {
            return;
        };
        let columns = vec![points.as_slice(); program.inputs()];
        if columns.len() < 100 {
            let found = program.eval(&columns).unwrap_or_default();
            assert!(found.iter().all(|column| column.len() == points.len()));
        }
    };
    for node in file.tree().nodes().filter(|node| node.tag().is_some()) {
        if let Ok(transform) = file.transform(node.path()) {
            if let Some(inverse) = transform.inverse() {
                evaluate(inverse);
            }
            evaluate(transform);
        }
        if let Ok(wcs) = file.wcs(node.path()) {
            let _ = (wcs.backward(), wcs.forward().map(evaluate));
        }
    }
}
