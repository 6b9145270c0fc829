//! A file that passes `verify` has arrays that can all be read; one that was cut does not pass.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::similar_names,
    clippy::large_stack_arrays,
    reason = "a test"
)]

#[path = "support/folders.rs"]
#[expect(dead_code, reason = "not every test uses all of it")]
mod folders;

use asdf_core::array::{Source, Tolerance, is_array};
use asdf_core::inspect::{Diff, DiffOptions, DifferenceKind, Problem, Soundness, diff};
use asdf_core::{AsdfFile, OpenOptions};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Path, digest and mask of every array, or nothing when one of them cannot be read.
fn digests(file: &AsdfFile) -> Option<BTreeMap<String, (String, Option<String>)>> {
    let mut out = BTreeMap::new();
    for (path, node) in file.arrays().ok()? {
        let array = file.array_as(node, &path).ok()?;
        out.insert(
            path.to_string(),
            (array.digest().ok()?, array.mask_digest().ok()?),
        );
    }
    Some(out)
}

/// A folder of its own, emptied.
fn folder(name: &str) -> PathBuf {
    let place = std::env::temp_dir().join(format!("asdf-soundness-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).unwrap();
    place
}

fn block(data: &[u8]) -> Vec<u8> {
    let size = (data.len() as u64).to_be_bytes();
    let mut out = b"\xd3BLK\0\x30\0\0\0\0\0\0\0\0".to_vec();
    out.extend([size, size, size].concat());
    out.extend([0; 16]);
    out.extend(data);
    out
}

fn asdf(tree: &str, blocks: &[&[u8]]) -> Vec<u8> {
    let head = "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n---\n";
    let mut out = format!("{head}{tree}\n...\n").into_bytes();
    for data in blocks {
        out.extend(block(data));
    }
    out
}

fn open(bytes: Vec<u8>) -> AsdfFile {
    OpenOptions::default().read_bytes(bytes, "x.asdf").unwrap()
}

fn shown(found: &Soundness) -> Vec<String> {
    found.problems.iter().map(Problem::to_string).collect()
}

#[test]
fn no_file_passes_of_which_an_array_cannot_be_read() {
    let mut folders = vec![folders::test_data("bad"), folders::test_data("made")];
    folders.extend(folders::corpus().map(|corpus| corpus.join("bad")));
    let (mut files, mut refused, mut passed) = (0, 0, Vec::new());
    for path in folders
        .iter()
        .flat_map(|place| folders::files(place, ".asdf"))
    {
        files += 1;
        let Ok(file) = AsdfFile::open(&path) else {
            refused += 1;
            continue;
        };
        if digests(&file).is_none() && Soundness::of(&file).is_sound() {
            passed.push(path);
        }
    }
    println!("{files} files, {refused} of them cannot be opened");
    assert!(files > 300, "{files}");
    assert!(passed.is_empty(), "{passed:?}");
}

#[test]
fn a_file_cut_at_any_byte_does_not_pass_unless_its_arrays_read_the_same() {
    let cases: usize = std::env::var("ASDF_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(12);
    let (mut files, mut cuts, mut told, mut whole, mut rows) = (0, 0, 0, 0, 0);
    for path in folders::files(&folders::test_data("made"), ".asdf") {
        let bytes = fs::read(&path).unwrap();
        let Ok(file) = OpenOptions::default().read_bytes(bytes.clone(), &path) else {
            continue;
        };
        if bytes.len() > 1 << 15 || !Soundness::of(&file).is_sound() {
            continue;
        }
        let Some(before) = digests(&file) else {
            continue;
        };
        files += 1;
        for end in cut_points(&file, bytes.len(), cases) {
            cuts += 1;
            let cut = OpenOptions::default().read_bytes(bytes[..end].to_vec(), &path);
            let Ok(cut) = cut.map_err(drop).and_then(|cut| {
                let sound = Soundness::of(&cut).is_sound();
                sound.then_some(cut).ok_or(())
            }) else {
                told += 1;
                continue;
            };
            let after = digests(&cut).unwrap();
            if after == before {
                whole += 1;
                continue;
            }
            assert!(
                is_cut_between_rows(&file, &cut),
                "{} cut at {end} passes, but its arrays changed",
                path.display()
            );
            rows += 1;
        }
    }
    println!(
        "{files} files, {cuts} cuts: {told} told, {whole} with all arrays, {rows} between rows"
    );
    assert!(files > 100 && told > files, "{files} {told}");
}

/// Each byte of a small file when there are enough cases, else some; always those around the parts of a file.
fn cut_points(file: &AsdfFile, length: usize, cases: usize) -> Vec<usize> {
    let mut points: Vec<usize> = if cases >= length {
        (0..length).collect()
    } else {
        (0..cases).map(|case| case * length / cases).collect()
    };
    let at = |offset: u64| usize::try_from(offset).unwrap();
    for header in file.block_table().headers() {
        let (start, data) = (at(header.offset), at(header.data_offset));
        points.extend([start, start + 3, start + 30, data, data + 1]);
        points.push(data + at(header.available) / 2);
        points.push(data + at(header.available));
    }
    points.extend(file.tree_span().map(|span| at(span.end)));
    points.extend(length.saturating_sub(6)..length);
    points.retain(|point| *point < length);
    points.sort_unstable();
    points.dedup();
    points
}

/// True when only streamed arrays changed, and each of them by rows at its end.
fn is_cut_between_rows(whole: &AsdfFile, cut: &AsdfFile) -> bool {
    let mut same = true;
    for (path, node) in whole.arrays().unwrap() {
        let all = whole.array_as(node, &path).unwrap();
        let Ok(some) = cut.array(&path) else {
            return false;
        };
        let (mut own, mut rest) = (Vec::new(), Vec::new());
        all.stream_le(&mut |piece| {
            own.extend_from_slice(piece);
            Ok(())
        })
        .unwrap();
        some.stream_le(&mut |piece| {
            rest.extend_from_slice(piece);
            Ok(())
        })
        .unwrap();
        same &= own.starts_with(&rest) && (all.spec().star || own == rest);
    }
    same
}

#[test]
fn a_stream_that_ends_within_a_row_is_told() {
    let tree =
        "a: !core/ndarray-1.1.0 {source: 0, datatype: int16, byteorder: little, shape: ['*', 2]}";
    let mut bytes = asdf(tree, &[]);
    bytes.extend(b"\xd3BLK\0\x30\0\0\0\x01\0\0\0\0");
    bytes.extend([0; 40]);
    bytes.extend([7; 8]);
    assert!(Soundness::of(&open(bytes.clone())).is_sound());
    bytes.truncate(bytes.len() - 4);
    assert!(Soundness::of(&open(bytes.clone())).is_sound());
    bytes.truncate(bytes.len() - 1);
    let found = Soundness::of(&open(bytes));
    assert_eq!(
        shown(&found),
        ["/a: the stream ends 3 bytes into a row of 4, the row is left out"]
    );
}

#[test]
fn every_array_of_a_block_that_is_not_there_is_named() {
    let array = "!core/ndarray-1.1.0 {source: 1, datatype: int8, byteorder: little, shape: [2]}";
    let found = Soundness::of(&open(asdf(
        &format!("a: {array}\nb: {array}\nc: !core/ndarray-1.1.0 [1, 2]"),
        &[b"xy"],
    )));
    assert_eq!(found.arrays, Some(3));
    assert_eq!(
        shown(&found),
        [
            "/a: there is no block 1, the file has 1",
            "/b: there is no block 1, the file has 1"
        ]
    );
}

#[test]
fn a_mask_must_fit_its_array_and_be_readable() {
    let masks = [
        ("!core/ndarray-1.1.0 [true, false]", None),
        ("!core/ndarray-1.1.0 [true]", None),
        ("3", None),
        (
            "!core/ndarray-1.1.0 [true, false, true]",
            Some("/a: /a/mask: mask of shape [3] does not fit an array of shape [2]"),
        ),
        (
            "!core/ndarray-1.1.0 {data: [1, 300], datatype: uint8}",
            Some("/a: /a/mask/data/1: bad element: expected a uint8, found the int 300"),
        ),
        (
            "yes please",
            Some("/a: /a/mask: bad mask: expected a number or an array"),
        ),
        (
            "!core/ndarray-1.1.0 {source: 4, datatype: bool8, byteorder: little, shape: [2]}",
            Some("/a: /a/mask: there is no block 4, the file has 1"),
        ),
    ];
    for (mask, wanted) in masks {
        let tree = format!(
            "a: !core/ndarray-1.1.0 {{source: 0, datatype: int8, byteorder: little, shape: [2], mask: {mask}}}"
        );
        let found = Soundness::of(&open(asdf(&tree, &[b"xy"])));
        let told = shown(&found);
        match wanted {
            None => assert!(found.is_sound(), "{mask}: {told:?}"),
            Some(wanted) => {
                let first = told.first().map(String::as_str).unwrap_or_default();
                assert!(first.starts_with(wanted), "{mask}: {told:?}");
            }
        }
    }
}

#[test]
fn a_block_that_many_arrays_share_is_read_once() {
    let mut tree = String::new();
    for number in 0..5000 {
        let _ = writeln!(
            tree,
            "a{number}: !core/ndarray-1.1.0 {{source: 0, datatype: uint8, byteorder: little, shape: [262144]}}"
        );
    }
    let file = open(asdf(&tree, &[&[5; 262_144]]));
    let start = std::time::Instant::now();
    let found = Soundness::of(&file);
    assert!(found.is_sound() && found.arrays == Some(5000));
    // Read for each of them it would be more than a gigabyte.
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

fn parts(place: &Path) -> PathBuf {
    let part = |byte: u8| {
        asdf(
            "x: !core/ndarray-1.1.0 {source: 0, datatype: uint8, byteorder: little, shape: [64]}",
            &[&[byte; 64]],
        )
    };
    let tree = "a: !core/ndarray-1.1.0 {source: p0.asdf, datatype: uint8, byteorder: little, shape: [64]}\n\
                b: !core/externalarray-1.0.0 {fileuri: p1.asdf, target: 0, datatype: uint8, shape: [64]}\n\
                c: !core/externalarray-1.0.0 {fileuri: p1.asdf, target: /x, datatype: uint8, shape: [64]}";
    fs::write(place.join("p0.asdf"), part(1)).unwrap();
    fs::write(place.join("p1.asdf"), part(2)).unwrap();
    fs::write(place.join("whole.asdf"), asdf(tree, &[])).unwrap();
    place.join("whole.asdf")
}

#[test]
fn blocks_of_other_files_are_read_and_the_file_is_named() {
    let place = folder("parts");
    let path = parts(&place);
    let whole = AsdfFile::open(&path).unwrap();
    let found = Soundness::of(&whole);
    assert!(found.is_sound(), "{found:?}");
    assert_eq!(found.arrays, Some(3));
    for (at, node) in whole.arrays().unwrap() {
        let array = whole.array_as(node, &at).unwrap();
        assert_eq!(array.path(), &at);
        assert!(matches!(array.spec().source, Source::Uri(_)));
    }

    // A wrong checksum of the one, a cut of the other.
    let mut bytes = fs::read(place.join("p0.asdf")).unwrap();
    let data = bytes.len() - 64;
    bytes[data - 1] = 9;
    fs::write(place.join("p0.asdf"), bytes).unwrap();
    let bytes = fs::read(place.join("p1.asdf")).unwrap();
    fs::write(place.join("p1.asdf"), &bytes[..bytes.len() - 1]).unwrap();
    let told = shown(&Soundness::of(&AsdfFile::open(&path).unwrap()));
    assert_eq!(told.len(), 3, "{told:?}");
    for (line, (path, part, what)) in told.iter().zip([
        (
            "/a: in ",
            "p0.asdf: block 0 at ",
            "the checksum does not match",
        ),
        (
            "/b: in ",
            "p1.asdf: block 0 at ",
            "needs 64 bytes, only 63 are there",
        ),
        (
            "/c: in ",
            "p1.asdf: block 0 at ",
            "needs 64 bytes, only 63 are there",
        ),
    ]) {
        assert!(
            line.starts_with(path) && line.contains(part) && line.ends_with(what),
            "{line}"
        );
    }

    fs::remove_file(place.join("p1.asdf")).unwrap();
    let told = shown(&Soundness::of(&AsdfFile::open(&path).unwrap()));
    assert!(told[1].starts_with("/b: cannot open `p1.asdf`"), "{told:?}");
    let _ = fs::remove_dir_all(&place);
}

#[test]
fn external_arrays_that_name_each_other_are_an_error() {
    let place = folder("circle");
    let one = |name: &str| {
        format!(
            "a: !core/externalarray-1.0.0 {{fileuri: {name}, target: /a, datatype: uint8, shape: [1]}}"
        )
    };
    fs::write(place.join("one.asdf"), asdf(&one("two.asdf"), &[])).unwrap();
    fs::write(place.join("two.asdf"), asdf(&one("one.asdf"), &[])).unwrap();
    fs::write(place.join("self.asdf"), asdf(&one("self.asdf"), &[])).unwrap();
    for name in ["one.asdf", "self.asdf"] {
        let found = Soundness::of(&AsdfFile::open(place.join(name)).unwrap());
        assert!(!found.is_sound());
        assert!(
            shown(&found)[0].contains("leads back to itself"),
            "{found:?}"
        );
    }
    let _ = fs::remove_dir_all(&place);
}

#[test]
fn checksums_alone_do_not_ask_for_arrays() {
    let tree = "a: !core/ndarray-1.1.0 {source: 3, datatype: int8, byteorder: little, shape: [2]}";
    let file = open(asdf(tree, &[b"xy"]));
    let found = Soundness::checksums(&file);
    assert!(found.is_sound() && found.arrays.is_none());
    assert!(!Soundness::of(&file).is_sound());
}

fn compared(a: &AsdfFile, b: &AsdfFile) -> Diff {
    let options = DiffOptions {
        ignore: Vec::new(),
        tolerance: Tolerance::default(),
        arrays: true,
        all: false,
        most: 1000,
    };
    diff(a, b, &options).unwrap()
}

#[test]
fn a_file_is_equal_to_itself_whatever_is_in_it() {
    let (mut files, mut broken) = (0, 0);
    for folder in ["bad", "made", "fits"] {
        let folder = folders::test_data(folder);
        let names = [".asdf", ".fits", ".bad"].map(|ending| folders::files(&folder, ending));
        for path in names.concat() {
            let open = || AsdfFile::open(&path).and_then(AsdfFile::with_hdu_tree);
            let (Ok(a), Ok(b)) = (open(), open()) else {
                continue;
            };
            if a.arrays().is_err() {
                continue;
            }
            files += 1;
            broken += u32::from(digests(&a).is_none());
            let found = compared(&a, &b);
            assert!(found.is_equal(), "{}: {found:?}", path.display());
        }
    }
    println!("{files} files, {broken} with arrays that cannot be read");
    assert!(files > 300 && broken > 40, "{files} {broken}");
}

#[test]
fn blocks_that_no_array_names_are_compared_in_their_order() {
    let tree = "a: !core/ndarray-1.1.0 {source: 0, datatype: int8, byteorder: little, shape: [2]}\n\
                z: !<asdf://x.org/zarr-1.0.0> {chunk_block_map: 1}";
    let with = |blocks: &[&[u8]]| open(asdf(tree, blocks));
    let one = with(&[b"ab", b"one", b"two"]);
    assert!(compared(&one, &with(&[b"ab", b"one", b"two"])).is_equal());
    for (blocks, count) in [
        (&[b"ab" as &[u8], b"one", b"tvo"] as &[&[u8]], 1),
        (&[b"ab", b"two", b"one"], 2),
        (&[b"ab", b"one"], 1),
        (&[b"ab", b"one", b"two", b""], 1),
    ] {
        let found = compared(&one, &with(blocks));
        assert_eq!(found.differences.len(), count, "{found:?}");
        let blocks = found
            .differences
            .iter()
            .all(|difference| matches!(difference.kind, DifferenceKind::Block));
        assert!(blocks, "{found:?}");
    }
}

#[test]
fn broken_arrays_of_other_bytes_are_trouble_and_not_equal() {
    let tree = "a: !core/ndarray-1.1.0 {source: 0, datatype: int8, byteorder: little, shape: [9]}";
    let with = |data: &[u8]| open(asdf(tree, &[data]));
    assert!(compared(&with(b"xy"), &with(b"xy")).is_equal());
    let found = compared(&with(b"xy"), &with(b"xz"));
    assert!(matches!(
        found.differences.as_slice(),
        [only] if matches!(only.kind, DifferenceKind::Unreadable(_))
    ));
}

#[test]
fn a_shared_array_is_called_by_the_path_that_was_asked_for() {
    let file = open(asdf("a: &x !core/ndarray-1.1.0 [1, 2]\nb: *x", &[]));
    assert!(is_array(file.node("b").unwrap()));
    assert_eq!(file.array("b").unwrap().path().to_string(), "/b");
    assert_eq!(file.array("a").unwrap().path().to_string(), "/a");
}
