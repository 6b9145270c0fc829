use super::*;
use std::path::PathBuf;

const OLD: &[u8] = b"#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\nabcdefghij";
const NEW: &[u8] = b"#ASDF 1.0.0\n#asdf_STANDARD 1.6.0\nabCDefghIJKL";

fn journal(old: &[u8], new: &[u8]) -> Journal {
    let changes = if new.len() == old.len() || old == OLD {
        vec![
            Change::new(13, old[13..17].to_vec(), new[13..17].to_vec()),
            Change::new(35, old[35..37].to_vec(), new[35..37].to_vec()),
            Change::new(41, old[41..].to_vec(), new[41..].to_vec()),
        ]
    } else {
        vec![Change::new(12, old[12..].to_vec(), new[12..].to_vec())]
    };
    Journal {
        old_len: old.len() as u64,
        new_len: new.len() as u64,
        changes,
    }
}

fn file(folder: &Path, bytes: &[u8]) -> PathBuf {
    let path = folder.join("x.asdf");
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Every state that the file can be in while it is changed: the writes of `carry_out`, each cut anywhere.
fn states(marked: &Marked, old: &[u8]) -> Vec<Vec<u8>> {
    let mut now = old.to_vec();
    let mut out = vec![now.clone()];
    let mut write = |now: &mut Vec<u8>, offset: usize, bytes: &[u8]| {
        for (index, byte) in bytes.iter().enumerate() {
            let at = offset + index;
            if at < now.len() {
                now[at] = *byte;
            } else {
                now.push(*byte);
            }
            out.push(now.clone());
        }
    };
    write(&mut now, 0, &marked.mark.bytes());
    for change in &marked.rest {
        write(
            &mut now,
            usize::try_from(change.offset).unwrap(),
            &change.new,
        );
    }
    now.truncate(usize::try_from(marked.new_len).unwrap().max(mark::LENGTH));
    write(&mut now, 1, &marked.head.new[1..]);
    write(&mut now, 0, &marked.head.new[..1]);
    out
}

#[test]
fn a_journal_reads_back_and_no_part_of_it_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), OLD);
    let marked = Marked::new(&journal(OLD, NEW), &File::open(path).unwrap()).unwrap();
    let bytes = marked.bytes();
    assert_eq!(Marked::read(&bytes), Some(marked));
    for length in 0..bytes.len() {
        assert_eq!(Marked::read(&bytes[..length]), None);
    }
}

#[test]
fn whatever_part_of_a_change_was_made_the_file_becomes_the_old_or_the_new_one() {
    for (old, new) in [(OLD, NEW), (NEW, OLD)] {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), old);
        let marked = Marked::new(&journal(old, new), &File::open(&path).unwrap()).unwrap();
        let states = states(&marked, old);
        assert!(states.len() > 2 * mark::LENGTH);
        for state in states {
            std::fs::write(&path, &state).unwrap();
            let place = journal_path(&path);
            std::fs::write(&place, marked.bytes()).unwrap();
            // A reader sees one of both and writes nothing.
            if mark::is_flagged(&state) {
                assert!(marked.marks(&state[..mark::LENGTH]));
                let overlay = marked.overlay(state.len() as u64);
                let input = crate::input::Input::from(state.clone());
                let seen = input.overlaid(&overlay).unwrap();
                assert!(seen.whole().unwrap() == old || seen.whole().unwrap() == new);
            }
            assert_eq!(std::fs::read(&path).unwrap(), state);
            drop(writing(&path).unwrap());
            let found = std::fs::read(&path).unwrap();
            assert!(found == old || found == new, "{state:?} became {found:?}");
            assert!(!place.exists());
        }
    }
}

#[test]
fn a_file_that_was_changed_since_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), OLD);
    let marked = Marked::new(&journal(OLD, NEW), &File::open(&path).unwrap()).unwrap();
    let mut state = OLD.to_vec();
    state[..mark::LENGTH].copy_from_slice(&marked.mark.bytes());
    state[35] = b'X';
    std::fs::write(&path, &state).unwrap();
    std::fs::write(journal_path(&path), marked.bytes()).unwrap();
    let error = writing(&path).unwrap_err().to_string();
    assert!(error.contains("another program"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), state);
}

#[test]
fn the_journal_of_another_change_is_never_applied() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), OLD);
    let marked = Marked::new(&journal(OLD, NEW), &File::open(&path).unwrap()).unwrap();
    let other = Marked::new(&journal(OLD, NEW), &File::open(&path).unwrap()).unwrap();
    let mut state = OLD.to_vec();
    state[..mark::LENGTH].copy_from_slice(&marked.mark.bytes());
    std::fs::write(&path, &state).unwrap();
    std::fs::write(journal_path(&path), other.bytes()).unwrap();
    assert!(writing(&path).is_err());
    assert_eq!(std::fs::read(&path).unwrap(), state);
}

#[test]
fn a_journal_beside_a_whole_file_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), NEW);
    let marked = Marked::new(&journal(NEW, OLD), &File::open(&path).unwrap()).unwrap();
    std::fs::write(journal_path(&path), marked.bytes()).unwrap();
    drop(writing(&path).unwrap());
    assert_eq!(std::fs::read(&path).unwrap(), NEW);
}

#[test]
fn journals_that_do_not_cover_what_they_change_do_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), OLD);
    let sound = Marked::new(&journal(OLD, NEW), &File::open(path).unwrap()).unwrap();
    let spoilt = |spoil: fn(&mut Marked)| {
        let mut marked = sound.clone();
        spoil(&mut marked);
        assert_eq!(Marked::read(&marked.bytes()), None);
    };
    spoilt(|marked| marked.new_len = 0);
    spoilt(|marked| marked.new_len += 1);
    spoilt(|marked| marked.old_len = 1 << 40);
    spoilt(|marked| marked.rest[0].offset = 0);
    spoilt(|marked| marked.rest[0].offset = u64::MAX);
    spoilt(|marked| marked.rest[0].new.push(0));
    spoilt(|marked| marked.rest.swap(0, 1));
    spoilt(|marked| drop(marked.rest.pop()));
    spoilt(|marked| marked.head.old.clear());
}

#[test]
fn a_change_is_made_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), OLD);
    let writing = writing(&path).unwrap();
    journal(OLD, NEW).apply(&writing.file, &path).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), NEW);
    assert!(journal(OLD, NEW).apply(&writing.file, &path).is_err());
    assert!(!journal_path(&path).exists());
}
