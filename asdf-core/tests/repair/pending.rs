//! A change in place that was not completed.

use crate::file::{Block, Laid, lay, node};
use crate::journal::journal;
use crate::numbers;
use asdf_core::OpenOptions;
use asdf_core::file::{InputOptions, LossKind, salvage_file, salvage_without_journal};
use std::fs;
use std::io::Cursor;

const NUMBER: u64 = 0x0123_4567_89ab_cdef;

/// Bytes that the mark covers (J-2).
const HEAD: usize = 32;

fn laid() -> Laid {
    let tree = node("a", 0, "40", "") + &node("b", 1, "40", "") + &node("c", 2, "40", "");
    let blocks = [1, 2, 3].map(|value| Block::of(value, 40));
    lay(&tree, 0, &blocks, true)
}

/// The journal of a change of `old` at an offset.
fn journal_of(bytes: &[u8], offset: usize, old: &[u8], new: &[u8]) -> Vec<u8> {
    let length = bytes.len() as u64;
    let head = &bytes[..HEAD];
    journal(
        b"asdf-journal 2\r\n",
        &[NUMBER, length, length, 1],
        &[(0, head, head), (offset as u64, old, new)],
    )
}

#[test]
fn a_change_that_was_not_completed_is_seen_with_the_old_bytes() {
    let laid = laid();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.asdf");
    // The data of `b` were to become fours; half of them are, and `c` is damaged besides.
    let start = laid.spans[1].start + 54;
    let old = laid.bytes[start..laid.spans[1].end].to_vec();
    let new = 4_i32.to_le_bytes().repeat(40);
    let mut half = laid.bytes.clone();
    half[..HEAD].copy_from_slice(format!("~changing {NUMBER:016x} ~asdf").as_bytes());
    half[start..start + 80].copy_from_slice(&new[..80]);
    half[laid.spans[2].start + 60] ^= 1;
    fs::write(&path, &half).unwrap();
    let journal_path = folder.path().join(".x.asdf.asdf-journal");
    let journal = journal_of(&laid.bytes, start, &old, &new);
    fs::write(&journal_path, &journal).unwrap();

    for mapping in [true, false] {
        let options = InputOptions {
            mapping,
            ..InputOptions::default()
        };
        let found = salvage_file(&path, &options).unwrap();
        let unfinished = |kind: &LossKind| *kind == LossKind::Unfinished;
        assert!(found.mended.iter().any(|loss| unfinished(&loss.kind)));
        let mut out = Cursor::new(Vec::new());
        found.write_to(&mut out).unwrap();
        let options = OpenOptions::default();
        let file = options.read_bytes(out.into_inner(), "repaired").unwrap();
        assert_eq!(numbers(&file, "a"), Some(vec![1; 40]));
        assert_eq!(numbers(&file, "b"), Some(vec![2; 40]));
        assert!(found.losses.iter().all(|loss| loss.place.block == Some(2)));
        assert!(!found.losses.is_empty());
    }
    assert_eq!(fs::read(&path).unwrap(), half);
    assert_eq!(fs::read(&journal_path).unwrap(), journal);

    fs::remove_file(&journal_path).unwrap();
    let error = salvage_file(&path, &InputOptions::default()).unwrap_err();
    assert!(error.to_string().contains("asdf-journal"), "{error}");
    assert!(error.to_string().contains("--without-journal"), "{error}");

    // What stands there: `a` is whole, `b` is half of each and told as damaged by its checksum, as `c` is.
    let found = salvage_without_journal(&path, &InputOptions::default()).unwrap();
    let kinds: Vec<&LossKind> = found.losses.iter().map(|loss| &loss.kind).collect();
    assert!(kinds.contains(&&LossKind::JournalLost), "{kinds:?}");
    let damaged: Vec<_> = found
        .losses
        .iter()
        .filter_map(|loss| loss.place.block)
        .collect();
    assert_eq!(damaged, [1, 2]);
    let mut out = Cursor::new(Vec::new());
    found.write_to(&mut out).unwrap();
    let options = OpenOptions::default();
    let file = options.read_bytes(out.into_inner(), "repaired").unwrap();
    assert_eq!(numbers(&file, "a"), Some(vec![1; 40]));
    assert_eq!(fs::read(&path).unwrap(), half);
}
