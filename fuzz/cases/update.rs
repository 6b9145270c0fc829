//! A script of changes written to the file itself, also stopped on the way: the file is as before or as
//! after, never anything else.

use super::disk::Disk;
use super::journal_layout::journal;
use super::script;
use asdf_core::WriteOptions;
use asdf_core::file::Updated;
use std::fs;

/// Bytes that the mark covers (J-2), and the number in it.
const HEAD: usize = 32;
const NUMBER: u64 = 0x0123_4567_89ab_cdef;

/// Where the change stops in four bytes, length of the script in two, the script, the file.
pub(crate) fn update(data: &[u8]) {
    let Some((stop, rest)) = data.split_first_chunk::<4>() else {
        return;
    };
    let stop = u32::from_be_bytes(*stop);
    let Some((script, old)) = script::split(rest) else {
        return;
    };
    let disk = Disk::new(old);
    let Ok(file) = disk.open(stop & 1 == 0) else {
        return;
    };
    let before = script::digests(&file);
    let mut draft = file.to_draft();
    let Some(touched) = script::apply(&mut draft, script) else {
        return;
    };
    let done = draft.update(&disk.path, &WriteOptions::default());
    drop(draft);
    drop(file);
    let new = disk.bytes();
    assert!(!disk.journal.exists(), "a journal was left behind");
    match done {
        Err(_) | Ok(Updated::Unchanged) => assert!(new == old, "a refusal changed the file"),
        Ok(_) => match disk.open(true) {
            Ok(after) => touched.check(&before, &after),
            Err(error) => assert!(error.is_limit(), "what was written cannot be read: {error}"),
        },
    }
    if matches!(done, Ok(Updated::InPlace)) {
        interrupted(old, &new, stop);
    }
}

/// A journal of the change and a state that the file can be in while it is made.
fn interrupted(old: &[u8], new: &[u8], stop: u32) {
    let changes = changes(old, new);
    let pieces: Vec<_> = [(0, &old[..HEAD], &new[..HEAD])]
        .into_iter()
        .chain(changes.iter().copied())
        .collect();
    let numbers = [
        NUMBER,
        old.len() as u64,
        new.len() as u64,
        changes.len() as u64,
    ];
    let disk = Disk::new(&state(old, new, &changes, stop));
    let bytes = journal(b"asdf-journal 2\r\n", &numbers, &pieces);
    fs::write(&disk.journal, bytes).expect("a journal");
    let left = disk.bytes();
    let file = match disk.open(stop & 1 == 0) {
        Ok(file) => file,
        Err(error) => panic!("stopped at {stop}: {error}"),
    };
    let seen = file.input().whole().expect("a local file").to_vec();
    assert!(seen == old || seen == new, "a reader sees neither");
    assert!(disk.bytes() == left, "a reader has written");
    // The next writer brings it to an end, though it has nothing of its own to write.
    let done = file.to_draft().update(&disk.path, &WriteOptions::default());
    assert!(done.is_ok(), "stopped at {stop}: {done:?}");
    let left = disk.bytes();
    assert!(left == old || left == new, "a writer made neither");
    assert!(left == seen, "reader and writer do not agree");
}

/// Pieces after the mark's place with old and new bytes, the last one with what the longer file has more.
fn changes<'b>(old: &'b [u8], new: &'b [u8]) -> Vec<(u64, &'b [u8], &'b [u8])> {
    let shorter = old.len().min(new.len());
    let mut out = Vec::new();
    let mut at = HEAD;
    while at < shorter {
        let end = (at + 64).min(shorter);
        if old[at..end] != new[at..end] {
            out.push((at as u64, &old[at..end], &new[at..end]));
        }
        at = end;
    }
    if old.len() != new.len() {
        out.push((shorter as u64, &old[shorter..], &new[shorter..]));
    }
    out
}

/// The file at some moment of J-3. Of writes that are not yet synced any may be missing or cut short.
fn state(old: &[u8], new: &[u8], changes: &[(u64, &[u8], &[u8])], stop: u32) -> Vec<u8> {
    let mut now = old.to_vec();
    let mark = format!("~changing {NUMBER:016x} ~asdf");
    let cut = |length: usize| (stop >> 4) as usize % (length + 1);
    let put = |now: &mut Vec<u8>, at: usize, bytes: &[u8]| {
        now.resize(now.len().max(at + bytes.len()), 0);
        now[at..at + bytes.len()].copy_from_slice(bytes);
    };
    let stage = stop >> 1 & 7;
    if stage == 0 {
        // The first byte goes to the disk before any other of the mark.
        let marked = &mark.as_bytes()[..cut(mark.len())];
        put(&mut now, 0, marked);
        return now;
    }
    put(&mut now, 0, mark.as_bytes());
    for (index, (offset, _, new)) in (0_u32..).zip(changes) {
        let at = usize::try_from(*offset).expect("a small file");
        let missing = stage < 4 && stop.rotate_right(index) >> 8 & 1 == 1;
        let part = if stage < 4 && stop.rotate_right(index) >> 9 & 1 == 1 {
            cut(new.len())
        } else {
            new.len()
        };
        // A file that grows is as long as what was written, however much of that is there.
        if !missing {
            put(&mut now, at, &new[..part]);
        }
    }
    if stage >= 5 {
        now.truncate(new.len().max(HEAD));
    }
    if stage >= 6 {
        let part = if stage == 6 { cut(HEAD - 1) } else { HEAD - 1 };
        put(&mut now, 1, &new[1..=part]);
    }
    if stage == 7 && stop & 1 == 1 {
        put(&mut now, 0, &new[..1]);
    }
    now
}
