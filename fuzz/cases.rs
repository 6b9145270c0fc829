//! What each fuzz target does with its bytes; ordinary tests run the same over `regressions/`.
#![allow(
    dead_code,
    unused_imports,
    clippy::allow_attributes,
    reason = "each target uses one of these"
)]

#[path = "../asdf-core/tests/support/direct.rs"]
mod direct_support;
#[path = "cases/disk.rs"]
mod disk;
#[path = "cases/edit.rs"]
mod edit;
#[path = "../asdf-core/tests/support/exercise.rs"]
mod exercise;
#[path = "../asdf-core/tests/support/exercise_carried.rs"]
mod exercise_carried;
#[path = "../asdf-core/tests/support/exercise_fits.rs"]
mod exercise_fits;
#[path = "cases/fits_round.rs"]
mod fits_round;
#[path = "cases/fits_wcs.rs"]
mod fits_wcs;
#[path = "cases/journal.rs"]
mod journal;
#[path = "../asdf-core/tests/support/journal.rs"]
mod journal_layout;
#[path = "cases/paths.rs"]
mod paths;
#[path = "cases/reopen.rs"]
mod reopen;
#[path = "cases/script.rs"]
mod script;
#[path = "cases/table.rs"]
mod table;
#[path = "cases/update.rs"]
mod update;

pub(crate) use edit::edit;
pub(crate) use fits_round::fits_round;
pub(crate) use fits_wcs::fits_wcs;
pub(crate) use journal::journal;
pub(crate) use paths::paths;
pub(crate) use reopen::reopen;
pub(crate) use table::table;
pub(crate) use update::update;

use asdf_core::block::{Block, BlockTable, report_all};
use asdf_core::file::Input;
use asdf_core::fits::FitsFile;
use asdf_core::schema::{SchemaLibrary, Validator};
use asdf_core::tree::Tree;
use asdf_core::{AsdfFile, Limits, OpenOptions};
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
        ("decoded_bytes", 1 << 20),
        ("view_bytes", 1 << 19),
        ("expanded_nodes", 50_000),
    ] {
        limits.set(name.parse().expect("a limit"), value);
    }
    limits
}

/// A block table over the bytes.
pub(crate) fn header(data: &[u8]) {
    let (input, limits, mut warnings) = (Input::from(data.to_vec()), limits(), Vec::new());
    let Ok(table) = BlockTable::scan(&input, 0, 0, &limits, &mut warnings) else {
        return;
    };
    let _ = (
        table.recorded_index(),
        table.index(),
        table.has_warnings(),
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

/// The text of a tree, read directly and by the event parser: both say the same.
pub(crate) fn direct(data: &[u8]) {
    if let Err(difference) = direct_support::compare(data, &limits()) {
        panic!("{difference}");
    }
}

/// A block of the bytes after the first three.
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
    let Ok(table) = BlockTable::scan(&input, 0, 0, &limits, &mut Vec::new()) else {
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

/// A damaged file: what is made of it can be opened and looked at, and be salvaged again.
pub(crate) fn salvage(data: &[u8]) {
    let again = |bytes: Vec<u8>| {
        let found = asdf_core::file::salvage(Input::from(bytes), &limits()).ok()?;
        let mut out = io::Cursor::new(Vec::new());
        found.write_to(&mut out).ok()?;
        Some(out.into_inner())
    };
    let Some(bytes) = again(data.to_vec()) else {
        return;
    };
    let options = OpenOptions::default().limits(limits());
    match options.read_bytes(bytes.clone(), "repaired") {
        Ok(file) => drop(exercise::exercise(&file, false)),
        Err(error) => assert!(error.is_limit(), "{error}"),
    }
    let _ = again(bytes);
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
    evaluate_all(&file);
}

/// Every transform and every WCS of a tree, forth and back.
fn evaluate_all(file: &AsdfFile) {
    let points = [0.0, 1.5, -200.0, f64::NAN, f64::INFINITY, 1e300];
    let evaluate = |transform: asdf_core::transform::Transform| {
        let Ok(program) = transform.program() else {
            return;
        };
        let columns = vec![points.as_slice(); program.n_inputs()];
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

/// Tile compressions of the target `fits_tile`, by its first byte.
const TILES: [&str; 6] = [
    "RICE_1",
    "GZIP_1",
    "GZIP_2",
    "PLIO_1",
    "HCOMPRESS_1",
    "NOCOMPRESS",
];

/// A FITS file: headers, images, tables, groups and checksums.
pub(crate) fn fits(data: &[u8]) {
    let mut limits = limits();
    limits.tile_bytes = 1 << 20;
    if let Ok(file) = FitsFile::new(Input::from(data.to_vec()), &limits) {
        exercise_fits::exercise(&file);
    }
}

/// A FITS file that may carry a tree.
pub(crate) fn fits_tree(data: &[u8]) {
    let mut limits = limits();
    limits.tile_bytes = 1 << 20;
    if let Ok(file) = OpenOptions::default()
        .limits(limits)
        .read_bytes(data.to_vec(), "fuzz")
    {
        exercise::exercise(&file, true);
        exercise_carried::exercise(&file);
        if let Ok(shown) = file.with_hdu_tree() {
            exercise::exercise(&shown, false);
            evaluate_all(&shown);
        }
    }
}

/// One tile of a compressed image: compression, `ZBITPIX`, columns and rows, and the stored bytes.
pub(crate) fn fits_tile(data: &[u8]) {
    let [codec, kind, columns, rows, stored @ ..] = data else {
        return;
    };
    let codec = TILES[usize::from(*codec) % TILES.len()];
    let bitpix = [8, 16, 32, 64, -32, -64][usize::from(*kind % 6)];
    let method =
        ["NO_DITHER", "SUBTRACTIVE_DITHER_1", "SUBTRACTIVE_DITHER_2"][usize::from(*kind / 6 % 3)];
    let width = [1, 2, 4, 8][usize::from(*kind / 18 % 4)];
    let cards = [
        "SIMPLE  = T".to_owned(),
        "BITPIX  = 8".into(),
        "NAXIS   = 0".into(),
        "END".into(),
        "XTENSION= 'BINTABLE'".into(),
        "BITPIX  = 8".into(),
        "NAXIS   = 2".into(),
        "NAXIS1  = 8".into(),
        "NAXIS2  = 1".into(),
        format!("PCOUNT  = {}", stored.len()),
        "GCOUNT  = 1".into(),
        "TFIELDS = 1".into(),
        "TTYPE1  = 'COMPRESSED_DATA'".into(),
        "TFORM1  = '1PB'".into(),
        "ZIMAGE  = T".into(),
        format!("ZBITPIX = {bitpix}"),
        "ZNAXIS  = 2".into(),
        format!("ZNAXIS1 = {columns}"),
        format!("ZNAXIS2 = {rows}"),
        format!("ZTILE2  = {rows}"),
        format!("ZCMPTYPE= '{codec}'"),
        "ZNAME1  = 'BYTEPIX'".into(),
        format!("ZVAL1   = {width}"),
        "ZNAME2  = 'SMOOTH'".into(),
        format!("ZVAL2   = {}", kind & 1),
        format!("ZQUANTIZ= '{method}'"),
        if bitpix < 0 {
            "ZSCALE  = 0.5"
        } else {
            "BZERO   = 1.5"
        }
        .into(),
        "END".into(),
    ];
    let mut file = Vec::new();
    for card in cards {
        file.extend(format!("{card:80}").into_bytes());
        if card == "END" {
            file.resize(file.len().next_multiple_of(2880), b' ');
        }
    }
    file.extend(u32::try_from(stored.len()).unwrap_or(0).to_be_bytes());
    file.extend([0; 4]);
    file.extend(stored);
    fits(&file);
}
